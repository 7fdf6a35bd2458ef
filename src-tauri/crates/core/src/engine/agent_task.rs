//! The task of one agent: knows its runs, follows the latest, fetches what it left, and says where it stands.

mod alarm;
mod follow;
mod life;
pub(super) mod refresh;
mod runs;
mod settle;

use std::time::Duration;

use cursor_cloud_agents::RunStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::launch_task::woken;
use super::runs::HeldRun;
use super::{Engine, lock, mailbox::AgentMail};
use crate::machines::notice::{Known, Standing, Subject};
use crate::machines::verdict::{Life, Sound};
use crate::machines::watch::{Input, Watch};
use crate::model::{AccountId, AgentId, Block, Failure, RunId, Silence, Time};
use crate::transcript::RunRecord;

/// A task that follows nothing ends when its page was not looked at for so long; the disk has everything.
const UNSEEN: Duration = Duration::from_secs(90);
/// What is known of an agent is asked for again when its page is opened after so long.
const FRESH: Duration = Duration::from_secs(30);
/// A followed event is on disk after so long at the latest.
const FLUSH: Duration = Duration::from_secs(2);
/// What failed is tried again after so long, then after twice as long each time.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest wait before what failed is tried again.
const RETRY_MOST: Duration = Duration::from_mins(5);
/// Following that was refused (key or rights) is not tried again sooner, unless the account is known to work.
const REFUSED: Duration = Duration::from_mins(2);
/// A new agent may be unknown to the service for a moment (API §16.4), in milliseconds: it is not gone then.
const APPEARING: Time = 120_000;

/// What is followed now.
struct Following {
    run: RunId,
    watch: Watch,
    stream: Option<RunStream>,
    /// When events were taken last.
    taken: Option<Instant>,
    /// Until when it is not read, for it brings little by little.
    rest: Option<Instant>,
    wake: Option<Instant>,
    /// The stream being opened.
    opening: Option<oneshot::Receiver<Arrived>>,
    /// The record being asked for.
    asking: Option<oneshot::Receiver<Arrived>>,
}

/// A run that was started from here.
struct Begun {
    run: RunId,
    /// When, by the clock of this computer: what its record says until it comes from the service.
    here: Time,
    /// When, by the service's clock.
    there: Time,
}

/// What the network answered.
enum Arrived {
    /// A stream was opened, or not.
    Stream(Result<RunStream, cursor_cloud_agents::Error>),
    /// The record of the run, or not.
    Record(Box<Result<cursor_cloud_agents::Run, cursor_cloud_agents::Error>>),
    /// The agent by the older API with its conversation, or not.
    Older(Box<Result<Older, cursor_cloud_agents::Error>>),
}

/// An agent of the older API and its conversation, which is not told any more of one that is archived (API §12).
type Older = (
    cursor_cloud_agents::v0::Agent,
    Option<cursor_cloud_agents::v0::Conversation>,
);

/// One agent's task.
pub(crate) struct AgentTask {
    engine: Engine,
    id: AgentId,
    account: AccountId,
    /// Whether the runs here are what the older API knows of it.
    older: bool,
    runs: Vec<HeldRun>,
    following: Option<Following>,
    refreshed: Option<Instant>,
    /// When it was last asked what was asked of it elsewhere.
    prompts_asked: Option<Instant>,
    /// Blocks of the older API's conversation, in place of runs' transcripts.
    older_blocks: Vec<Block>,
    /// The last sign of life.
    last_sign: Option<Time>,
    /// What is known of the life of the followed run; none where nothing can be heard of it.
    life: Option<Life>,
    /// That it is not heard of, as it is shown.
    silence: Option<Silence>,
    /// When its life is judged again.
    judged_next: Option<Instant>,
    reconnecting: bool,
    polled: bool,
    /// The terminal record of the followed run, for when its stream does not tell the end.
    ended_record: Option<RunRecord>,
    /// What went wrong with the last thing asked of the agent.
    problem: Option<Failure>,
    /// What was known when the user was last told, or not.
    known: Option<Known>,
    /// When what failed is tried again, and how often it failed in a row.
    retry: Option<Instant>,
    retries: u32,
    /// When events that are not on disk yet are written.
    flush: Option<Instant>,
    /// Whether the service knew this agent before: only then does its 404 mean that it is gone.
    seen: bool,
    /// Whether the service does not know it any more.
    gone: bool,
    /// When the transcript was last put before the page.
    shown: Instant,
    /// Whether something is to be shown that was not yet.
    stale: bool,
    /// When the run under way is looked at for the user's alarms.
    alarm: Option<Instant>,
    /// Whether the service is being asked what it used.
    asking_usage: bool,
    /// The last run that was started from here.
    begun: Option<Begun>,
}

/// An agent's runs on disk: those that a version of the API knows, and the others. The older one has none, and what
/// stands in for them is not known to the other.
async fn runs_on_disk(engine: &Engine, id: &AgentId, account: &AccountId, older: bool) -> (Vec<HeldRun>, Vec<HeldRun>) {
    let runs = engine.load_runs(id, account).await.unwrap_or_else(|failure| {
        tracing::error!(?failure, "an agent's runs could not be read");
        Vec::new()
    });
    runs.into_iter()
        .partition(|held| (held.id.as_str() == refresh::OLDER_RUN) == older)
}

/// Runs the task of an agent until it is not needed any more.
pub(crate) async fn run(engine: Engine, id: AgentId, inbox: mpsc::UnboundedReceiver<AgentMail>) {
    let Some(account) = engine.read(|world| world.agent(&id).map(|record| record.agent.account.clone())) else {
        return;
    };
    let older = refresh::uses_older_api(&engine, &account);
    let (runs, others) = runs_on_disk(&engine, &id, &account, older).await;
    // At work when this app was last open: its end is news.
    let known = engine.read(|world| {
        let record = world.agent(&id).filter(|record| record.is_live())?;
        let subject = Subject::Agent {
            agent: id.clone(),
            // With the older API a prompt that is not counted yet may have made it work.
            run: record
                .latest_run
                .clone()
                .filter(|run| run.as_str() != refresh::OLDER_RUN),
        };
        Some(Known {
            subject,
            standing: Standing::Working,
        })
    });
    let seen = runs.iter().any(|held| held.kept.settled)
        || engine.read(|world| world.agent(&id).is_some_and(|record| record.agent.last_sign.is_some()));
    let stop = engine.0.stop.clone();
    let mut task = AgentTask {
        engine,
        id,
        account,
        older,
        runs,
        following: None,
        refreshed: None,
        prompts_asked: None,
        older_blocks: Vec::new(),
        last_sign: None,
        life: None,
        silence: None,
        judged_next: None,
        reconnecting: false,
        polled: false,
        ended_record: None,
        problem: None,
        known,
        retry: None,
        retries: 0,
        flush: None,
        seen,
        gone: false,
        shown: Instant::now(),
        stale: true,
        alarm: None,
        asking_usage: false,
        begun: None,
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = task.go(inbox, others) => return,
    }
    // The app quits: what was seen is kept.
    task.save_events().await;
}

impl AgentTask {
    /// `others` are runs on disk that the API in use does not know.
    async fn go(&mut self, mut inbox: mpsc::UnboundedReceiver<AgentMail>, mut others: Vec<HeldRun>) {
        self.show_all().await;
        // Behind what is shown: nobody who opened it waits for what is found by its words.
        self.engine
            .document(&self.id, &self.account, self.runs.iter_mut().chain(&mut others));
        drop(others);
        loop {
            let unseen = Instant::now() + UNSEEN;
            let shown_next = self.shown + Duration::from_millis(16);
            let (flush, retry, alarm, judged) = (self.flush, self.retry, self.alarm, self.judged_next);
            tokio::select! {
                letter = inbox.recv() => match letter {
                    Some(AgentMail::End) | None => break,
                    Some(letter) => self.read(letter).await,
                },
                input = next(&mut self.following) => self.arrived(input).await,
                () = sleep_until(shown_next), if self.stale => self.show().await,
                () = woken(flush) => self.save_events().await,
                () = woken(retry) => self.try_again().await,
                () = woken(alarm) => self.look_at_usage().await,
                () = woken(judged) => self.judge(),
                () = sleep_until(unseen), if self.following.is_none() && retry.is_none() && flush.is_none() => {
                    if !self.engine.looked_at(&self.id) {
                        break;
                    }
                }
            }
        }
        self.save_events().await;
        self.engine.edit(|world| world.drop_transcript(&self.id));
        // Letters that came meanwhile start a new task: the sender finds this inbox closed.
        inbox.close();
        let mut left = Vec::new();
        while let Ok(letter) = inbox.try_recv() {
            left.push(letter);
        }
        {
            // A letter sent since then may have started the next task already: its entry stays.
            let mut agents = lock(&self.engine.0.agents);
            if agents.get(&self.id).is_some_and(mpsc::UnboundedSender::is_closed) {
                agents.remove(&self.id);
            }
        }
        for letter in left {
            self.engine.mail_agent(&self.id, letter);
        }
    }

    async fn read(&mut self, letter: AgentMail) {
        match letter {
            AgentMail::Looked => {
                self.engine.mark_read(&self.id);
                self.show_all().await;
                self.hand_in(Input::Visible(self.engine.looked_at(&self.id))).await;
                if self.following.is_none() && self.refreshed.is_none_or(|at| at.elapsed() > FRESH) {
                    self.refresh().await;
                } else {
                    self.fetch_missing_prompts().await;
                }
            }
            AgentMail::Follow => {
                let fresh = self.refreshed.is_some_and(|at| at.elapsed() < FRESH);
                if self.following.is_none() && self.retry.is_none() && !fresh {
                    self.refresh().await;
                }
            }
            AgentMail::Refresh => self.refresh().await,
            AgentMail::RunStarted(run) => self.run_started(run).await,
            AgentMail::Prompted => self.prompted().await,
            AgentMail::Account => self.try_again().await,
            AgentMail::Resumed => {
                if self.following.is_none() && self.retry.is_some() {
                    self.try_again().await;
                }
                self.hear(Sound::Woke);
                self.hand_in(Input::Resumed).await;
            }
            AgentMail::Reached => {
                if self.following.is_none() && self.retry.is_some() {
                    self.try_again().await;
                }
                self.hand_in(Input::Reached).await;
            }
            AgentMail::Rewired => self.rewired().await,
            AgentMail::Stopped(outcome) => self.stopped(outcome).await,
            AgentMail::Alarm => self.look_at_usage().await,
            AgentMail::Used(run, usage) => self.used(&run, usage).await,
            AgentMail::UsedInAll(told) => {
                if let Some(held) = self.runs.last().filter(|_| self.following.is_none()) {
                    self.used_in_all(&held.id, &told);
                    self.save().await;
                }
            }
            AgentMail::End => {}
        }
    }

    /// Whether somebody waits for news of this agent: its page, its row that says it works, or what is queued for it.
    fn is_needed(&self) -> bool {
        self.engine.looked_at(&self.id)
            || self.engine.read(|world| {
                world
                    .agent(&self.id)
                    .is_some_and(|record| record.is_live() || !record.agent.queue.is_empty())
            })
    }

    /// Tries again what failed: following that was refused, or asking how things stand.
    async fn try_again(&mut self) {
        self.retry = None;
        if self.following.is_some() {
            self.hand_in(Input::Started).await;
        } else if self.is_needed() {
            self.refresh().await;
        }
    }

    /// Follows anew by the version of the API that the account uses now.
    async fn rewired(&mut self) {
        let older = refresh::uses_older_api(&self.engine, &self.account);
        if older == self.older {
            return;
        }
        self.save_events().await;
        self.older = older;
        (self.runs, _) = runs_on_disk(&self.engine, &self.id, &self.account, older).await;
        (self.following, self.ended_record, self.retry, self.retries) = (None, None, None, 0);
        (self.reconnecting, self.polled, self.refreshed) = (false, false, None);
        self.older_blocks.clear();
        // What one version tells is not drawn among what the other does.
        self.engine.edit(|world| world.drop_transcript(&self.id));
        if self.is_needed() {
            self.refresh().await;
        }
    }

    /// Sets the time of the next try: longer each time, and not all agents at once.
    fn retry_later(&mut self, least: Duration) {
        let wait = RETRY_FIRST
            .saturating_mul(1 << self.retries.min(8))
            .min(RETRY_MOST)
            .max(least);
        let spread = wait.mul_f64(f64::from(Engine::jitter()) / f64::from(u32::MAX) / 4.0);
        self.retries = self.retries.saturating_add(1);
        self.retry = Some(Instant::now() + wait + spread);
    }

    /// Whether a 404 means that the agent is gone, and not that it is too new to be known everywhere.
    fn is_gone_by_404(&self) -> bool {
        let made = self
            .engine
            .read(|world| world.agent(&self.id).map_or(0, |record| record.agent.created_at));
        self.seen || self.engine.now().abs_diff(made) > APPEARING
    }
}

/// What comes next for the followed run: an event, an answer, or the time it asked for.
async fn next(following: &mut Option<Following>) -> follow::Happened {
    match following {
        Some(following) => follow::next(following).await,
        None => std::future::pending().await,
    }
}
