//! Starting, asking and stopping a practice cloud in process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use serde_json::Value;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::cloud::{Cloud, lock};
use crate::connection::{Connections, CuttableListener, Peer};
use crate::fault::Fault;
use crate::options::Options;
use crate::persistence::{self, Damaged};
use crate::picture::Picture;
use crate::received::{Received, Violation};
use crate::server;
use crate::state::{Status, Store};

/// Why a practice cloud did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port could not be bound on loopback.
    #[error("port {port} on loopback cannot be bound")]
    Bind {
        /// The port asked for; 0 is any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The data file could not be read or set aside.
    #[error("the data file cannot be read")]
    Data {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A running practice cloud. Dropping it leaves its tasks to the runtime; [`Practice::stop`] ends them.
pub struct Practice {
    cloud: Arc<Cloud>,
    servers: Vec<JoinHandle<()>>,
    saver: Option<JoinHandle<()>>,
    connections: Connections,
    damaged: Option<Damaged>,
}

/// Hand-written so that the key cannot be printed by accident.
impl std::fmt::Debug for Practice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Practice")
            .field("base_url", &self.cloud.base_url)
            .finish_non_exhaustive()
    }
}

/// An agent as it is, for assertions.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentSnapshot {
    /// `bc-<uuid>`.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether it was deleted and only its id is remembered.
    pub deleted: bool,
    /// Repositories as sent.
    pub repos: Vec<Value>,
    /// Model in use, as last sent.
    pub model: Option<Value>,
    /// Whether the conversation is in plan mode.
    pub plan_mode: bool,
    /// Branch, once something was pushed.
    pub branch: Option<String>,
    /// Address of the pull request, once open.
    pub pull_url: Option<String>,
    /// Artifact paths and sizes in bytes.
    pub artifacts: Vec<(String, usize)>,
    /// Pictures of the first prompt.
    pub pictures: Vec<Picture>,
    /// Runs, oldest first.
    pub runs: Vec<RunSnapshot>,
}

/// A run as it is, for assertions.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSnapshot {
    /// `run-<uuid>`.
    pub id: String,
    /// Status.
    pub status: Status,
    /// Prompt text.
    pub prompt: String,
    /// Pictures of the prompt.
    pub pictures: Vec<Picture>,
    /// Final text.
    pub result: Option<String>,
    /// Frames with an id so far, twins included.
    pub events: usize,
}

impl Practice {
    /// Binds two loopback ports, reads the data file if there is one, and goes on with the runs
    /// that were active in it.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (mut store, damaged) = match &options.data {
            None => (Store::default(), None),
            Some(path) => persistence::read(path).map_err(|source| StartError::Data {
                path: path.clone(),
                source,
            })?,
        };
        // The pages that its links lead to stay where they were, unless somebody else is there now.
        let api = match options.port {
            0 if store.port > 0 => match bind(store.port).await {
                Err(_) => bind(0).await?,
                bound => bound?,
            },
            port => bind(port).await?,
        };
        store.port = api.1.port();
        let artifacts = bind(0).await?;
        let active = persistence::active_runs(&store);
        let key = options
            .key
            .clone()
            .unwrap_or_else(|| format!("crsr_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
        let data = options.data.clone();
        let cloud = Arc::new(Cloud::new(
            options,
            key,
            format!("http://{}", api.1),
            format!("http://{}", artifacts.1),
            store,
        ));
        let connections = Connections::default();
        let servers = vec![
            serve(api.0, &connections, server::api(Arc::clone(&cloud))),
            serve(artifacts.0, &connections, server::artifacts(Arc::clone(&cloud))),
        ];
        let saver = data.map(|path| {
            let saver = persistence::keep_saved(Arc::clone(&cloud), path);
            tokio::spawn(saver)
        });
        for (agent, run) in active {
            cloud.play(&agent, &run);
        }
        Ok(Self {
            cloud,
            servers,
            saver,
            connections,
            damaged,
        })
    }

    /// Base address of the API, `http://127.0.0.1:<port>`.
    pub fn base_url(&self) -> &str {
        &self.cloud.base_url
    }

    /// The accepted key.
    pub fn key(&self) -> &str {
        &self.cloud.key
    }

    /// Base address of the origin that serves artifact bytes.
    pub fn artifacts_url(&self) -> &str {
        &self.cloud.artifacts_url
    }

    /// The data file that was set aside at start because it was damaged.
    pub fn damaged(&self) -> Option<&Damaged> {
        self.damaged.as_ref()
    }

    /// Requests in order of arrival, those to the artifact origin included (with their full address).
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.cloud.log).requests.iter().cloned().collect()
    }

    /// Counts over all requests: total, violations, most reads in a minute, reads over the polite number.
    pub fn summary(&self) -> Value {
        lock(&self.cloud.log).summary()
    }

    /// Rules broken so far, at most [`Options::kept_requests`] of them.
    pub fn violations(&self) -> Vec<Violation> {
        lock(&self.cloud.log).violations.iter().cloned().collect()
    }

    /// Sets a fault; 0 removes it, `u32::MAX` keeps it until it is removed.
    pub fn set_fault(&self, fault: Fault, number: u32) {
        lock(&self.cloud.faults).set(fault, number);
    }

    /// How often a fault changed an answer or a stream since the start.
    pub fn struck(&self, fault: Fault) -> u32 {
        self.cloud.struck.times(fault)
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        lock(&self.cloud.faults).clear();
    }

    /// All agents in order of creation, deleted ones included.
    pub fn agents(&self) -> Vec<AgentSnapshot> {
        let spelling = self.cloud.spelling();
        let store = self.cloud.store();
        store
            .agents
            .iter()
            .map(|agent| AgentSnapshot {
                id: agent.id.clone(),
                name: agent.name.clone(),
                archived: agent.archived,
                deleted: agent.deleted,
                repos: agent.repos.clone(),
                model: agent.model.clone(),
                plan_mode: agent.plan_mode,
                branch: agent.pushed.then(|| agent.branch.clone()),
                pull_url: agent.pull.as_ref().map(|pull| spelling.text(&pull.url)),
                artifacts: agent
                    .artifacts
                    .iter()
                    .map(|artifact| (artifact.path.clone(), artifact.bytes.len()))
                    .collect(),
                pictures: agent.pictures.clone(),
                runs: agent
                    .runs
                    .iter()
                    .map(|run| RunSnapshot {
                        id: run.id.clone(),
                        status: run.status,
                        prompt: run.prompt.clone(),
                        pictures: run.pictures.clone(),
                        result: run.result.as_deref().map(|text| spelling.text(text)),
                        events: run.events.len(),
                    })
                    .collect(),
            })
            .collect()
    }

    /// Cuts every connection, as a lost network would; the servers go on.
    pub fn cut_connections(&self) {
        self.connections.cut_all();
    }

    /// Stops serving, closes every connection, and writes the data file a last time.
    pub async fn stop(self) -> io::Result<()> {
        for server in &self.servers {
            server.abort();
        }
        self.cloud.abort_tasks();
        self.connections.cut_all();
        for server in self.servers {
            // Aborted on purpose: its error says nothing else.
            let _aborted = server.await;
        }
        if let Some(saver) = self.saver {
            saver.abort();
            let _aborted = saver.await;
        }
        let Some(path) = self.cloud.options.data.clone() else {
            return Ok(());
        };
        let cloud = Arc::clone(&self.cloud);
        match tokio::task::spawn_blocking(move || persistence::save(&cloud, &path)).await {
            Ok(saved) => saved,
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

async fn bind(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |source| StartError::Bind { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

fn serve(listener: TcpListener, connections: &Connections, router: Router) -> JoinHandle<()> {
    let listener = CuttableListener {
        listener,
        connections: connections.clone(),
    };
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Peer>();
        if let Err(error) = axum::serve(listener, service).await {
            tracing::error!(%error, "the practice server stopped");
        }
    })
}
