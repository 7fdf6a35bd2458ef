//! What every journey stands on: a practice cloud, a data folder, an engine, and waiting without sleeping.

use std::sync::Arc;
use std::time::Duration;

use practice_cloud::{Options as PracticeOptions, Practice};
use sendoff_core::engine::{Engine, Options, PracticeEndpoint, Signal, system_clock};
use sendoff_core::model::{AgentId, Change, DraftId, Failure, LaunchId, LaunchState, ShotTarget, Update, View};
use sendoff_core::secrets::Keychain;
use sendoff_core::world::World;
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

/// How long any condition may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// An engine over a practice cloud.
pub(crate) struct Stand {
    pub(crate) engine: Engine,
    pub(crate) signals: UnboundedReceiver<Signal>,
    pub(crate) practice: Arc<Practice>,
    pub(crate) folder: TempDir,
    pub(crate) keychain: Keychain,
}

impl Stand {
    /// A new data folder and a practice cloud without delays.
    pub(crate) async fn new() -> Self {
        Self::over(PracticeOptions {
            speed: 0.0,
            ..PracticeOptions::default()
        })
        .await
    }

    /// A new data folder over a practice cloud of these options.
    pub(crate) async fn over(options: PracticeOptions) -> Self {
        let practice = Arc::new(Practice::start(options).await.unwrap());
        let folder = TempDir::new().unwrap();
        let keychain = Keychain::memory();
        let (engine, signals) = open(&folder, &practice, &keychain).await;
        Self {
            engine,
            signals,
            practice,
            folder,
            keychain,
        }
    }

    /// Stops the engine as a quit does, and starts another on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            engine,
            signals,
            practice,
            folder,
            keychain,
        } = self;
        engine.stop().await;
        drop((engine, signals));
        let (engine, signals) = reopen(&folder, &practice, &keychain).await;
        Self {
            engine,
            signals,
            practice,
            folder,
            keychain,
        }
    }

    /// Does a change that must work.
    pub(crate) async fn change(&self, change: Change) -> Option<String> {
        self.engine.change(change).await.unwrap()
    }

    /// Connects the practice cloud as if it were the real one, with its key.
    pub(crate) async fn connect(&self) {
        let account = self
            .engine
            .account_connect(self.practice.key(), None, false)
            .await
            .unwrap();
        assert_eq!(
            self.engine.read(|world| world.active().cloned()),
            Some(account),
            "a connected account is active"
        );
    }

    /// A draft with words, ready to be sent.
    pub(crate) async fn draft(&self, text: &str) -> DraftId {
        let draft = DraftId(self.change(Change::DraftCreate).await.unwrap());
        self.change(Change::DraftText {
            draft: draft.clone(),
            text: text.to_owned(),
        })
        .await;
        let repository = Some("acme/web".to_owned());
        self.change(Change::DraftRepository {
            draft: draft.clone(),
            repository,
        })
        .await;
        draft
    }

    /// Adds a small picture to a draft.
    pub(crate) async fn picture(&self, draft: &DraftId) {
        let pixels = [40, 80, 160, 255].repeat(64 * 48);
        self.engine
            .take_pixels(&ShotTarget::Draft(draft.clone()), 64, 48, pixels)
            .await
            .unwrap();
    }

    /// Sends a draft without holding it.
    pub(crate) async fn send(&self, draft: &DraftId) -> LaunchId {
        let launch = LaunchId(self.change(Change::DraftSend { draft: draft.clone() }).await.unwrap());
        self.change(Change::LaunchNow { launch: launch.clone() }).await;
        launch
    }

    /// Waits until a launch is confirmed, and gives its agent.
    pub(crate) async fn confirmed(&self, launch: &LaunchId) -> AgentId {
        self.until("the launch is confirmed", |world| match &world.launch(launch)?.state {
            LaunchState::Confirmed { agent } => Some(agent.clone()),
            _ => None,
        })
        .await
    }

    /// Waits until `wanted` finds something in the world.
    pub(crate) async fn until<T>(&self, what: &str, wanted: impl Fn(&World) -> Option<T>) -> T {
        let mut changed = self.engine.watch();
        let waiting = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = self.engine.read(&wanted) {
                    return found;
                }
                changed.changed().await.unwrap();
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => {
                let rows = self.engine.changes(0, View::Home).await;
                panic!("waited too long until {what}; the page sees {rows:#?}");
            }
        }
    }

    /// Waits until a view, asked for as the page does, holds an update that is wanted.
    pub(crate) async fn seen<T>(&self, what: &str, view: View, wanted: impl Fn(&Update) -> Option<T>) -> T {
        let mut since = 0;
        let waiting = async {
            loop {
                let changes = self.engine.changes(since, view.clone()).await;
                if let Some(found) = changes.updates.iter().find_map(&wanted) {
                    return found;
                }
                since = changes.revision;
            }
        };
        timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("waited too long until the page sees {what}"))
    }

    /// Tries to open another engine on the same folder, and gives why not.
    pub(crate) async fn second(&self) -> Option<Failure> {
        Engine::open(options(&self.folder, &self.practice, &self.keychain))
            .await
            .err()
    }

    /// Every request kept the API's rules.
    pub(crate) fn polite(&self) {
        assert_eq!(self.practice.violations(), [], "every request keeps the API's rules");
    }
}

fn options(folder: &TempDir, practice: &Arc<Practice>, keychain: &Keychain) -> Options {
    let endpoint = PracticeEndpoint {
        url: practice.base_url().to_owned(),
        key: practice.key().to_owned(),
    };
    Options {
        data_folder: folder.path().to_owned(),
        api_url: practice.base_url().to_owned(),
        keychain: keychain.clone(),
        practice: Arc::new(move || {
            let endpoint = endpoint.clone();
            Box::pin(async move { Some(endpoint) })
        }),
        requests_per_minute: 10_000,
        clock: system_clock,
    }
}

async fn open(folder: &TempDir, practice: &Arc<Practice>, keychain: &Keychain) -> (Engine, UnboundedReceiver<Signal>) {
    Engine::open(options(folder, practice, keychain)).await.unwrap()
}

/// Opens again; the tasks of the engine before may need a moment to let go of the folder.
async fn reopen(
    folder: &TempDir,
    practice: &Arc<Practice>,
    keychain: &Keychain,
) -> (Engine, UnboundedReceiver<Signal>) {
    let opening = async {
        loop {
            match Engine::open(options(folder, practice, keychain)).await {
                Ok(opened) => return opened,
                Err(Failure::DataInUse) => tokio::task::yield_now().await,
                Err(failure) => panic!("the folder could not be opened again: {failure:?}"),
            }
        }
    };
    timeout(PATIENCE, opening)
        .await
        .expect("the engine before lets go of the folder")
}
