//! The client: one method per call of API v1.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Method;
use serde::Deserialize;

use crate::runs::RunAnswer;
use crate::transport::{CREATE_LIMIT, Call, REPOSITORIES_LIMIT, Transport};
use crate::v0::V0;
use crate::{
    AgentFilter, AgentId, AgentPage, CreateAgent, CreateRun, CreatedAgent, Error, EventId, Key, Me, Model, Page,
    Repository, RequestBody, RetryPolicy, Run, RunId, RunPage, RunStream, Usage,
};

/// Where the API is.
pub const DEFAULT_BASE_URL: &str = "https://api.cursor.com";

/// How the key is sent; the API takes both everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `Authorization: Bearer <key>`
    #[default]
    Bearer,
    /// `Authorization: Basic base64(<key>:)`
    Basic,
}

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The base address: https, or http on this machine only.
    pub base_url: String,
    /// The key. It is sent to this base address and nowhere else.
    pub key: Key,
    /// How the key is sent.
    pub scheme: Scheme,
    /// How GETs are repeated.
    pub retry: RetryPolicy,
}

impl ClientOptions {
    /// The usual options: Cursor's own address, Bearer, the usual repeats.
    pub fn new(key: Key) -> Self {
        Self {
            base_url: DEFAULT_BASE_URL.to_owned(),
            key,
            scheme: Scheme::default(),
            retry: RetryPolicy::default(),
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The base is not an address with a host, or it holds a user or a password.
    #[error("the base is not an address")]
    Address,
    /// The base is neither https nor http on this machine.
    #[error("the base is not secure")]
    Insecure,
    /// The HTTP client cannot be made, such as on a system without any trusted certificate.
    #[error("no HTTP client")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A client of one account. Cloning is cheap, and clones share connections and the budget of repeats.
///
/// Each method names the refusals of its own. Every one can also end in an [`ErrorKind`](crate::ErrorKind)
/// without an answer, and be refused with 401 (mostly without a telling code), 403 `plan_required`,
/// 429 `rate_limit_exceeded`, 400 `validation_error` for an account in Privacy Mode (Legacy), and 5xx
/// (API §3.1, §3.2). Statuses are what was seen or is likely; codes are what is published.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Arc<Transport>,
}

/// An answer that only says "yes".
#[derive(Deserialize)]
pub(crate) struct Acknowledged {}

/// `{"items": […]}` without pages.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Items<T> {
    #[serde(default, deserialize_with = "crate::decode::null_as_default")]
    pub(crate) items: Vec<T>,
}

impl Client {
    /// Makes a client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`BuildError`]: the base is no address or not secure, or the system lets no HTTP client be made.
    pub fn new(options: ClientOptions) -> Result<Self, BuildError> {
        Ok(Self {
            transport: Arc::new(Transport::new(options)?),
        })
    }

    /// The service's clock: the `Date` of its last answer plus the time since, by a clock that nobody sets.
    /// None before there was an answer; right to about a second.
    pub fn service_time(&self) -> Option<SystemTime> {
        self.transport.service_time()
    }

    /// The calls of the older API.
    pub fn v0(&self) -> V0 {
        V0::new(self.clone())
    }

    /// API v1, create agent: an agent and its first run. It may block until a machine is up.
    ///
    /// # Errors
    ///
    /// An invalid request before anything is sent; else as [`Self::create_agent_with`].
    pub async fn create_agent(&self, request: &CreateAgent) -> Result<CreatedAgent, Error> {
        self.create_agent_with(&request.body()?).await
    }

    /// Like [`Self::create_agent`], with bytes that were fixed (and perhaps noted) before.
    ///
    /// # Errors
    ///
    /// 400 `validation_error`, `missing_body`, `invalid_model`, `invalid_branch_name`, `repository_required`,
    /// `repository_access`, `pr_resolution_failed` or `usage_limit_exceeded`, 403 `feature_unavailable`, 409
    /// `agent_id_conflict` (API §5.1, §3.2). Whether a failure other than these left an agent behind is told by
    /// [`Error::delivery`].
    pub async fn create_agent_with(&self, body: &RequestBody) -> Result<CreatedAgent, Error> {
        let call = Call::to(&["v1", "agents"]).within(CREATE_LIMIT);
        self.transport.change(Method::POST, call, Some(body)).await
    }

    /// API v1, list agents: all of the account's agents wherever they were started, newest first.
    ///
    /// # Errors
    ///
    /// As [`Self::list_agents_where`].
    pub async fn list_agents(&self, page: &Page) -> Result<AgentPage, Error> {
        self.list_agents_where(&AgentFilter::default(), page).await
    }

    /// Like [`Self::list_agents`], for some of them.
    ///
    /// # Errors
    ///
    /// 400 `validation_error` for a cursor that is not of this list (API §5.2).
    pub async fn list_agents_where(&self, filter: &AgentFilter, page: &Page) -> Result<AgentPage, Error> {
        self.transport
            .read(Call::to(&["v1", "agents"]).query(page.query()).query(filter.query()))
            .await
    }

    /// API v1, get agent.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found`: unknown, deleted, or of another account (API §5.3).
    pub async fn get_agent(&self, agent: &AgentId) -> Result<crate::Agent, Error> {
        self.transport.read(Call::to(&["v1", "agents", agent.as_str()])).await
    }

    /// API v1, archive agent. Doing it twice is fine.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found` (API §5.4).
    pub async fn archive_agent(&self, agent: &AgentId) -> Result<(), Error> {
        self.acknowledge(Method::POST, &["v1", "agents", agent.as_str(), "archive"])
            .await
    }

    /// API v1, unarchive agent. Doing it twice is fine.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found` (API §5.4).
    pub async fn unarchive_agent(&self, agent: &AgentId) -> Result<(), Error> {
        self.acknowledge(Method::POST, &["v1", "agents", agent.as_str(), "unarchive"])
            .await
    }

    /// API v1, delete agent. It cannot be undone.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found`, also for one that is deleted already (API §5.5).
    pub async fn delete_agent(&self, agent: &AgentId) -> Result<(), Error> {
        self.acknowledge(Method::DELETE, &["v1", "agents", agent.as_str()])
            .await
    }

    /// API v1, create run: one more prompt. Refused while a run is not over.
    ///
    /// # Errors
    ///
    /// An invalid request before anything is sent; else as [`Self::create_run_with`].
    pub async fn create_run(&self, agent: &AgentId, request: &CreateRun) -> Result<Run, Error> {
        self.create_run_with(agent, &request.body()?).await
    }

    /// Like [`Self::create_run`], with bytes that were fixed (and perhaps noted) before.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found`, 409 `agent_archived` or `agent_busy`, 400 `validation_error` (also for an unknown
    /// model) or `usage_limit_exceeded` (API §6.2).
    pub async fn create_run_with(&self, agent: &AgentId, body: &RequestBody) -> Result<Run, Error> {
        let path = ["v1", "agents", agent.as_str(), "runs"];
        let call = Call::to(&path).within(CREATE_LIMIT);
        let answer: RunAnswer = self.transport.change(Method::POST, call, Some(body)).await?;
        Ok(answer.into())
    }

    /// API v1, list runs of an agent.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found`, 400 `validation_error` for a cursor that is not of this list (API §6.3).
    pub async fn list_runs(&self, agent: &AgentId, page: &Page) -> Result<RunPage, Error> {
        self.transport
            .read(Call::to(&["v1", "agents", agent.as_str(), "runs"]).query(page.query()))
            .await
    }

    /// API v1, get run.
    ///
    /// # Errors
    ///
    /// 404 `run_not_found` or `agent_not_found` (API §6.4).
    pub async fn get_run(&self, agent: &AgentId, run: &RunId) -> Result<Run, Error> {
        self.transport
            .read(Call::to(&["v1", "agents", agent.as_str(), "runs", run.as_str()]))
            .await
    }

    /// API v1, cancel run. "Yes" means that it was asked: the run ends a little later, or (as was seen
    /// once) never; look at it.
    ///
    /// # Errors
    ///
    /// 409 `run_not_cancellable` when it is over or never began, 404 `run_not_found` or `agent_not_found`, and seen
    /// once, 500 `internal_error` with the run going on (API §6.5).
    pub async fn cancel_run(&self, agent: &AgentId, run: &RunId) -> Result<(), Error> {
        self.acknowledge(
            Method::POST,
            &["v1", "agents", agent.as_str(), "runs", run.as_str(), "cancel"],
        )
        .await
    }

    /// API v1, run stream: from the first event, or after the one given. Never repeated.
    ///
    /// # Errors
    ///
    /// 409 `stream_unavailable` while it is not there yet (for two seconds after a follow-up), 410 `stream_expired`
    /// past its retention, 400 `invalid_last_event_id`, 404 `run_not_found` or `agent_not_found` (API §7.2).
    pub async fn stream_run(
        &self,
        agent: &AgentId,
        run: &RunId,
        last_event_id: Option<&EventId>,
    ) -> Result<RunStream, Error> {
        let path = ["v1", "agents", agent.as_str(), "runs", run.as_str(), "stream"];
        let response = self.transport.open_stream(Call::to(&path), last_event_id).await?;
        Ok(RunStream::new(response))
    }

    /// API v1, usage of an agent, or of one of its runs.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found` or `run_not_found`, 403 `feature_unavailable` where the account has no usage (API §8).
    pub async fn usage(&self, agent: &AgentId, run: Option<&RunId>) -> Result<Usage, Error> {
        let query = run.map(|run| ("runId", run.as_str().to_owned()));
        self.transport
            .read(Call::to(&["v1", "agents", agent.as_str(), "usage"]).query(query))
            .await
    }

    /// API v1, me: whose key it is. The cheapest way to try one.
    ///
    /// # Errors
    ///
    /// 401 for a key that is not accepted, 403 `plan_required` for an account without cloud agents (API §3.2, §10).
    pub async fn me(&self) -> Result<Me, Error> {
        self.transport.read(Call::to(&["v1", "me"])).await
    }

    /// API v1, models that can be chosen.
    ///
    /// # Errors
    ///
    /// None of its own (API §10).
    pub async fn models(&self) -> Result<Vec<Model>, Error> {
        let answer: Items<Model> = self.transport.read(Call::to(&["v1", "models"])).await?;
        Ok(answer.items)
    }

    /// API v1, repositories on GitHub. One call a minute and thirty an hour are allowed and it may take
    /// tens of seconds, so it is never repeated: keep the answer.
    ///
    /// # Errors
    ///
    /// 429 `rate_limit_exceeded` when asked more than once a minute or thirty times an hour (API §4, §10).
    pub async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        let call = Call::to(&["v1", "repositories"]).within(REPOSITORIES_LIMIT).once();
        let answer: Items<Repository> = self.transport.read(call).await?;
        Ok(answer.items)
    }

    pub(crate) async fn acknowledge(&self, method: Method, path: &[&str]) -> Result<(), Error> {
        let Acknowledged {} = self.transport.change(method, Call::to(path), None).await?;
        Ok(())
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }
}
