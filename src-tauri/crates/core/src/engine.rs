//! The engine does what the machines say: disk, network, keychain, time. It is a value; two can run in one test.
//! The shell holds one, asks it for changes and passes the user's wishes on.

mod accounts;
mod agent_task;
mod answers;
mod aside;
mod bring;
mod budget;
mod captures;
mod changes;
mod copies;
mod disk;
mod drafts;
mod exporting;
mod failures;
mod file_text;
mod fitting;
mod follow_up_sending;
mod follow_up_task;
mod follow_ups;
mod large;
mod launch_task;
mod launches;
mod left;
mod list;
mod litter;
mod mailbox;
mod marks;
mod notices;
mod open;
mod outside;
mod pictures;
mod pins;
mod queue;
mod repositories;
mod requests;
mod results;
mod runs;
mod search;
mod sending;
mod spending;
mod standing;
mod step_details;
mod stopping;
#[cfg(test)]
mod tests;
mod unasked;
mod video;
mod waking;
mod window_size;
mod wishes;

use std::collections::HashMap;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cursor_cloud_agents::Client;
use sendoff_secrets::Keychain;
use sendoff_store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::model::{AccountId, AgentId, Failure, LaunchId, RowTarget, Time};
use crate::world::World;

pub use captures::Screen;
pub use changes::{AtHand, AtHandState};
pub use exporting::ExportedFile;
pub use pictures::PictureBytes;
pub use video::SavedVideo;
pub use window_size::WindowSize;

/// What the engine is started with.
#[derive(Clone)]
pub struct Options {
    /// Where the database and the pictures lie.
    pub data_folder: PathBuf,
    /// Base of the Cursor API, without a path at its end.
    pub api_url: String,
    /// Where keys are kept.
    pub keychain: Keychain,
    /// The practice cloud, started when it is first needed.
    pub practice: PracticeCloud,
    /// At most so many requests in a minute for a real account, streams and sends apart.
    pub requests_per_minute: usize,
    /// How long the service may take to stop a run: it is told then that the run goes on.
    pub stop_patience: Duration,
    /// How long after the end of a run it is asked again what it cost, if that was not told yet; then less often.
    pub usage_patience: Duration,
    /// The clock on the wall.
    pub clock: fn() -> Time,
    /// A clock that nobody sets: by it is judged what is not heard of, and what the budget of requests is.
    pub steady: fn() -> Duration,
}

/// The clock of this computer.
pub fn system_clock() -> Time {
    milliseconds_of(std::time::SystemTime::now())
}

/// The time since this was first asked.
pub fn steady_clock() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed()
}

fn milliseconds_of(time: std::time::SystemTime) -> Time {
    time.duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Address and key of a running practice cloud.
#[derive(Clone)]
pub struct PracticeEndpoint {
    /// Its base address on loopback.
    pub url: String,
    /// The key it takes.
    pub key: String,
}

/// A call to whoever runs the practice cloud.
pub type PracticeCall<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = T> + Send>> + Send + Sync>;

/// What the engine asks of the practice cloud.
#[derive(Clone)]
pub struct PracticeCloud {
    /// Starts it, or gives the one that runs; none when it cannot be started.
    pub start: PracticeCall<Option<PracticeEndpoint>>,
    /// Stops it and deletes its agents for good; it can be started anew afterwards.
    pub forget: PracticeCall<Result<(), Failure>>,
}

/// What the shell is told, besides what every view sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Tell the user by a system notification.
    Notice {
        /// Done, failed or needs you.
        kind: NoticeKind,
        /// Why a person is needed, where that is known.
        need: Option<Need>,
        /// What a click opens; none means just the window.
        target: Option<RowTarget>,
        /// The title of the agent, launch or account; hostile text.
        title: String,
        /// A file with its first picture, small; there for a day at least.
        face: Option<PathBuf>,
    },
}

pub use crate::machines::notice::{Need, NoticeKind};

/// The core, running. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

pub(crate) struct Inner {
    options: Options,
    world: Mutex<World>,
    revision: watch::Sender<u64>,
    store: Arc<Store>,
    disk: disk::Disk,
    signals: mpsc::UnboundedSender<Signal>,
    secrets: Mutex<accounts::Secrets>,
    /// The agents of which it is asked again in a while what they cost, and how often that was begun.
    late_usage: Mutex<HashMap<AgentId, u64>>,
    /// The large files that were fetched since the start.
    large: tokio::sync::Mutex<Vec<large::Large>>,
    /// The files of agents that are fetched though nobody asked, and wait for their turn.
    unasked: Mutex<HashMap<AgentId, std::collections::VecDeque<sendoff_store::ArtifactRow>>>,
    budgets: Mutex<HashMap<AccountId, budget::Budget>>,
    agents: Mutex<HashMap<AgentId, mpsc::UnboundedSender<mailbox::AgentMail>>>,
    launches: Mutex<HashMap<LaunchId, mailbox::LaunchLetters>>,
    follow_ups: Mutex<follow_ups::FollowUpTasks>,
    /// Agents that were asked to stop and have not yet, and when they were.
    stopping: Mutex<HashMap<AgentId, tokio::time::Instant>>,
    window_size: Mutex<window_size::HeldSize>,
    looks: Mutex<changes::Looks>,
    listing: repositories::Listing,
    sync: list::Sync,
    thumbnails: Mutex<pictures::Thumbnails>,
    /// Held while marks are drawn in.
    drawing: tokio::sync::Mutex<()>,
    /// How often marks were put on pictures since the start: nothing is packed while this goes up.
    drawings: AtomicU64,
    /// Held while a picture is packed tighter.
    packing: tokio::sync::Mutex<()>,
    /// Read while a picture is stored and not yet named; written while unnamed ones are removed.
    taking: tokio::sync::RwLock<()>,
    removed: Mutex<marks::Removed>,
    /// Held while an agent is archived, brought back or deleted: many are asked for at once, and go one after the other.
    tidying: tokio::sync::Mutex<()>,
    models: Mutex<HashMap<AccountId, (Time, Vec<crate::model::Model>)>>,
    /// The tasks of agents: they keep what they have seen when the engine stops.
    followers: TaskTracker,
    stop: CancellationToken,
    /// Where tasks run: a window tells of its focus from a thread that has no runtime of its own.
    runtime: tokio::runtime::Handle,
}

/// Quitting waits at most so long for what was seen to be handed to the disk.
const SAVING: std::time::Duration = std::time::Duration::from_secs(3);

#[cfg(test)]
pub(crate) use list::blank_agent;

/// A lock that a panic elsewhere does not take away: what it guards is replaced whole, never left half-changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    fn now(&self) -> Time {
        (self.0.options.clock)()
    }

    /// Reads the world.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&lock(&self.0.world))
    }

    /// Changes the world and wakes who waits for it.
    fn edit<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let (answer, revision) = {
            let mut world = lock(&self.0.world);
            let answer = change(&mut world);
            (answer, world.revision())
        };
        self.0.revision.send_if_modified(|known| {
            let newer = *known != revision;
            *known = revision;
            newer
        });
        answer
    }

    /// Work on the disk, in order, its failure as the user's.
    async fn disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.0.disk.run(work).await.map_err(|error| {
            tracing::warn!(?error, "the disk refused");
            failures::of_store(&error)
        })
    }

    /// The client of an account.
    fn client(&self, account: &AccountId) -> Option<Client> {
        lock(&self.0.secrets).clients.get(account).cloned()
    }

    /// The client of an account, or why it has none.
    fn needed_client(&self, account: &AccountId) -> Result<Client, Failure> {
        self.client(account).ok_or_else(|| self.key_absent(account))
    }

    /// The service's clock as its answers to an account tell it; this computer's before there was one.
    fn service_time(&self, account: &AccountId) -> Time {
        self.client(account)
            .and_then(|client| client.service_time())
            .map_or_else(|| self.now(), milliseconds_of)
    }

    /// A time of the service by the clock of this computer, which may be off by years. Whole minutes are told apart, so
    /// that it stays the same while nothing is wrong.
    fn by_this_clock(&self, account: &AccountId, told: Time) -> Time {
        const MINUTE: i64 = 60_000;
        let ahead = self.now() as i64 - self.service_time(account) as i64;
        told.saturating_add_signed((ahead + MINUTE / 2).div_euclid(MINUTE) * MINUTE)
    }

    /// Waits until the account's budget allows one more request. Practice is not rationed.
    async fn afford(&self, account: &AccountId) {
        self.afford_within(account, self.0.options.requests_per_minute).await;
    }

    /// The same for what nobody waits for: it leaves half of the budget to what somebody does.
    async fn afford_behind(&self, account: &AccountId) {
        self.afford_within(account, self.0.options.requests_per_minute / 2)
            .await;
    }

    async fn afford_within(&self, account: &AccountId, limit: usize) {
        while let Err(wait) = self.take_request(account, limit) {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes a request from the budget of an account where that can be had now.
    fn affords(&self, account: &AccountId) -> bool {
        self.take_request(account, self.0.options.requests_per_minute).is_ok()
    }

    /// A request, or how long to wait before asking for one again. Practice costs nothing.
    fn take_request(&self, account: &AccountId, limit: usize) -> Result<(), Duration> {
        if *account == accounts::practice_id() {
            return Ok(());
        }
        let now = (self.0.options.steady)();
        lock(&self.0.budgets)
            .entry(account.clone())
            .or_default()
            .take(now, limit)
    }

    /// Runs a task until it ends or the engine stops.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.runtime.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Asks something of the network in a task of its own, and gives where the answer comes.
    fn ask<T: Send + 'static>(&self, question: impl Future<Output = T> + Send + 'static) -> oneshot::Receiver<T> {
        let (answer, answered) = oneshot::channel();
        self.spawn(async move {
            // Who asked may have ended meanwhile.
            drop(answer.send(question.await));
        });
        answered
    }

    /// Ends all tasks. What was seen is put on disk, and what is there stays; what was on its way is found out at the next start.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        self.0.followers.close();
        if tokio::time::timeout(SAVING, self.0.followers.wait()).await.is_err() {
            tracing::warn!("what was seen last may have to be asked for again");
        }
        // The disk works in order: when this is answered, all before it is written.
        drop(self.disk(|_| Ok(())).await);
    }

    fn signal(&self, signal: Signal) {
        // A shell that is gone needs no telling.
        drop(self.0.signals.send(signal));
    }

    /// A number that spreads what would come at once; not a secret, so that no system call is made for each.
    fn jitter() -> u32 {
        std::hash::RandomState::new().build_hasher().finish() as u32
    }
}

/// JSON from the disk. What is not understood, from a newer version maybe, is said in the log and left where it is.
pub(crate) fn decode<T: serde::de::DeserializeOwned>(body: &str, what: &'static str) -> Option<T> {
    match serde_json::from_str(body) {
        Ok(value) => Some(value),
        Err(error) => {
            // Its place only: the text of the error may hold words of the user.
            tracing::warn!(
                what,
                line = error.line(),
                column = error.column(),
                "a row on disk is not understood and stays"
            );
            None
        }
    }
}

/// Text from outside, made safe to show and bounded in characters.
pub(crate) fn shown(text: &str, limit: usize) -> String {
    crate::markdown::sanitize(text).chars().take(limit).collect()
}

/// Why the data folder could not be opened, for the user.
pub(crate) fn open_failure(error: &sendoff_store::OpenError) -> Failure {
    failures::of_open(error)
}

/// A new random identifier, `<prefix><uuid>`.
pub(crate) fn mint(prefix: &str) -> String {
    format!("{prefix}{}", uuid::Uuid::new_v4())
}
