//! What every journey stands on: a practice cloud, a data folder, an engine, and waiting without sleeping.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cursor_cloud_agents::{Client, ClientOptions, Key, RetryPolicy, Scheme};
use practice_cloud::{Options as PracticeOptions, Practice, Status};
use sendoff_core::engine::{
    Engine, Need, NoticeKind, Options, PracticeCloud, PracticeEndpoint, Signal, steady_clock, system_clock,
};
use sendoff_core::markdown;
use sendoff_core::model::{
    AgentId, AgentState, BlockKind, Change, DraftId, Failure, LaunchId, LaunchState, RowTarget, ShotTarget, Time,
    Update, View,
};
use sendoff_core::secrets::Keychain;
use sendoff_core::world::World;
use sendoff_store::{OpenError, Store};
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

/// How long any condition may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// An engine over a practice cloud.
pub(crate) struct Stand {
    pub(crate) engine: Engine,
    pub(crate) signals: UnboundedReceiver<Signal>,
    pub(crate) practice: Arc<Practice>,
    pub(crate) folder: TempDir,
    pub(crate) keychain: Keychain,
    /// How often the practice account's agents were to be deleted.
    pub(crate) forgotten: Arc<AtomicUsize>,
    clock: fn() -> Time,
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
    pub(crate) async fn over(cloud: PracticeOptions) -> Self {
        Self::start(cloud, system_clock).await
    }

    /// A new data folder and a practice cloud without delays, with this clock on the wall of the engine.
    pub(crate) async fn with_clock(clock: fn() -> Time) -> Self {
        let cloud = PracticeOptions {
            speed: 0.0,
            ..PracticeOptions::default()
        };
        Self::start(cloud, clock).await
    }

    async fn start(cloud: PracticeOptions, clock: fn() -> Time) -> Self {
        let practice = Arc::new(Practice::start(cloud).await.unwrap());
        let folder = TempDir::new().unwrap();
        let keychain = Keychain::memory();
        let forgotten = Arc::new(AtomicUsize::new(0));
        let (engine, signals) = open(options(&folder, &practice, &keychain, &forgotten, clock)).await;
        Self {
            engine,
            signals,
            practice,
            folder,
            keychain,
            forgotten,
            clock,
        }
    }

    /// Stops the engine as a quit does, and starts another on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|_| ()).await
    }

    /// Restarts, with something done to the data while no engine has it.
    pub(crate) async fn restart_after(self, between: impl FnOnce(&Store)) -> Self {
        let closed = self.close().await;
        between(&store(&closed.folder).await);
        closed.open().await
    }

    /// Stops the engine as a quit does.
    pub(crate) async fn close(self) -> Closed {
        let Self {
            engine,
            signals,
            practice,
            folder,
            keychain,
            forgotten,
            clock,
        } = self;
        engine.stop().await;
        drop((engine, signals));
        Closed {
            practice,
            folder,
            keychain,
            forgotten,
            clock,
        }
    }

    /// Waits for the next notice: what it says, why, and what it is about.
    pub(crate) async fn told(&mut self) -> (NoticeKind, Option<Need>, Option<RowTarget>) {
        let signal = timeout(PATIENCE, self.signals.recv()).await;
        let Signal::Notice { kind, need, target, .. } = signal.expect("something is told").unwrap();
        (kind, need, target)
    }

    /// Sends words to a new agent, and gives it once it is there.
    pub(crate) async fn launched(&self, text: &str) -> AgentId {
        let draft = self.draft(text).await;
        let launch = self.send(&draft).await;
        self.confirmed(&launch).await
    }

    /// Waits until an agent stands as wanted.
    pub(crate) async fn stands(&self, agent: &AgentId, what: &str, wanted: impl Fn(&AgentState) -> bool) {
        self.until(what, |world| wanted(&world.agent(agent)?.agent.state).then_some(()))
            .await;
    }

    /// A client of its own for the same account, as on another computer.
    pub(crate) fn elsewhere(&self) -> Client {
        elsewhere(&self.practice)
    }

    /// Puts another cloud at the address of the first: the service, as another key sees it.
    pub(crate) async fn change_cloud(&mut self, change: PracticeOptions) {
        let (_, port) = self.practice.base_url().rsplit_once(':').unwrap();
        let port = port.parse().unwrap();
        // Something has to stand there while the old one gives its port back.
        let idle = Arc::new(Practice::start(PracticeOptions::default()).await.unwrap());
        let old = std::mem::replace(&mut self.practice, idle);
        Arc::into_inner(old).unwrap().stop().await.unwrap();
        let options = PracticeOptions { port, ..change };
        self.practice = Arc::new(Practice::start(options).await.unwrap());
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

    /// Connects an account that uses the older API.
    pub(crate) async fn connect_older(&self) {
        self.connect().await;
        let account = self.engine.read(|world| world.active().cloned()).unwrap();
        let older_api = true;
        self.change(Change::AccountOlderApi { account, older_api }).await;
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

    /// What an agent's page shows, in order.
    pub(crate) async fn said(&self, agent: &AgentId) -> Vec<String> {
        let changes = self.engine.changes(0, View::Agent { id: agent.clone() }).await;
        let blocks = changes.updates.into_iter().filter_map(|update| match update {
            Update::Block { block } => Some((block.order, block.kind)),
            _ => None,
        });
        let blocks: BTreeMap<_, _> = blocks.collect();
        blocks
            .into_values()
            .map(|kind| match kind {
                BlockKind::Prompt { text, .. } => format!("asked: {text}"),
                BlockKind::Words { nodes } => markdown::words(&nodes),
                BlockKind::Steps { step, .. } => format!("step: {:?}", step.detail),
                BlockKind::Gap => "a gap".to_owned(),
                BlockKind::Ended { ending, .. } => format!("{ending:?}"),
            })
            .collect()
    }

    /// Tries to open another engine on the same folder, and gives why not.
    pub(crate) async fn second(&self) -> Option<Failure> {
        Engine::open(options(
            &self.folder,
            &self.practice,
            &self.keychain,
            &self.forgotten,
            self.clock,
        ))
        .await
        .err()
    }

    /// Waits for something that no world tells of.
    pub(crate) async fn eventually(&self, what: &str, reached: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !reached(self) {
                tokio::task::yield_now().await;
            }
        };
        let in_time = timeout(PATIENCE, waiting).await;
        assert!(in_time.is_ok(), "waited too long until {what}");
    }

    /// Asks for a change until it can be done: a key may still be on its way from the keychain after a start.
    pub(crate) async fn insist(&self, change: Change) {
        let asking = async {
            while self.engine.change(change.clone()).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        let in_time = timeout(PATIENCE, asking).await;
        assert!(in_time.is_ok(), "waited too long until it is done: {change:?}");
    }

    /// Every request kept the API's rules.
    pub(crate) fn polite(&self) {
        assert_eq!(self.practice.violations(), [], "every request keeps the API's rules");
    }
}

/// What is left while the app is closed.
pub(crate) struct Closed {
    pub(crate) practice: Arc<Practice>,
    folder: TempDir,
    keychain: Keychain,
    forgotten: Arc<AtomicUsize>,
    clock: fn() -> Time,
}

impl Closed {
    /// Starts the app again on the same data.
    pub(crate) async fn open(self) -> Stand {
        self.open_with(|_| ()).await
    }

    /// The same with at most so many requests in a minute.
    pub(crate) async fn open_within(self, requests_per_minute: usize) -> Stand {
        self.open_with(|options| options.requests_per_minute = requests_per_minute)
            .await
    }

    /// The same with other options.
    pub(crate) async fn open_with(self, change: impl FnOnce(&mut Options)) -> Stand {
        let Self {
            practice,
            folder,
            keychain,
            forgotten,
            clock,
        } = self;
        drop(store(&folder).await);
        let mut options = options(&folder, &practice, &keychain, &forgotten, clock);
        change(&mut options);
        let (engine, signals) = open(options).await;
        Stand {
            engine,
            signals,
            practice,
            folder,
            keychain,
            forgotten,
            clock,
        }
    }

    /// A client for the same account, as on another computer.
    pub(crate) fn elsewhere(&self) -> Client {
        elsewhere(&self.practice)
    }

    /// Waits until no run is under way at the service.
    pub(crate) async fn ended(&self) {
        let ended = async {
            let mut pause = tokio::time::interval(Duration::from_millis(20));
            while self
                .practice
                .agents()
                .iter()
                .flat_map(|agent| &agent.runs)
                .any(|run| matches!(run.status, Status::Creating | Status::Running))
            {
                pause.tick().await;
            }
        };
        timeout(PATIENCE, ended).await.expect("the runs end at the service");
    }
}

fn elsewhere(practice: &Practice) -> Client {
    Client::new(ClientOptions {
        base_url: practice.base_url().to_owned(),
        key: Key::new(practice.key()).unwrap(),
        scheme: Scheme::Bearer,
        retry: RetryPolicy::default(),
    })
    .unwrap()
}

fn options(
    folder: &TempDir,
    practice: &Practice,
    keychain: &Keychain,
    forgotten: &Arc<AtomicUsize>,
    clock: fn() -> Time,
) -> Options {
    let endpoint = PracticeEndpoint {
        url: practice.base_url().to_owned(),
        key: practice.key().to_owned(),
    };
    let forgotten = Arc::clone(forgotten);
    Options {
        data_folder: folder.path().to_owned(),
        api_url: practice.base_url().to_owned(),
        keychain: keychain.clone(),
        practice: PracticeCloud {
            start: Arc::new(move || {
                let endpoint = endpoint.clone();
                Box::pin(async move { Some(endpoint) })
            }),
            forget: Arc::new(move || {
                forgotten.fetch_add(1, Ordering::SeqCst);
                Box::pin(async { Ok(()) })
            }),
        },
        requests_per_minute: 10_000,
        stop_patience: Duration::from_mins(1),
        usage_patience: Duration::from_mins(1),
        clock,
        steady: steady_clock,
    }
}

async fn open(options: Options) -> (Engine, UnboundedReceiver<Signal>) {
    Engine::open(options).await.unwrap()
}

/// The data while no engine has it; the tasks of the engine before may need a moment to let go of the folder.
async fn store(folder: &TempDir) -> Store {
    let opening = async {
        loop {
            match Store::open(folder.path()) {
                Ok(store) => return store,
                Err(OpenError::Locked) => tokio::task::yield_now().await,
                Err(error) => panic!("the folder could not be opened again: {error:?}"),
            }
        }
    };
    timeout(PATIENCE, opening)
        .await
        .expect("the engine before lets go of the folder")
}
