//! The task of one agent: knows its runs, follows the latest, fetches what it left, and says where it stands.

mod follow;
mod refresh;
mod settle;

use std::time::Duration;

use cursor_cloud_agents::RunStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::runs::HeldRun;
use super::{Engine, lock, mailbox::AgentMail};
use crate::machines::notice::{Known, Standing, Subject};
use crate::machines::watch::{Input, Watch};
use crate::model::{AccountId, AgentId, Block, Failure, RunId, Time};
use crate::transcript::RunRecord;

/// A task that follows nothing ends when its page was not looked at for so long; the disk has everything.
const UNSEEN: Duration = Duration::from_secs(90);
/// What is known of an agent is asked for again when its page is opened after so long.
const FRESH: Duration = Duration::from_secs(30);

/// What is followed now.
struct Following {
    run: RunId,
    watch: Watch,
    stream: Option<RunStream>,
    wake: Option<Instant>,
    /// The stream being opened.
    opening: Option<oneshot::Receiver<Arrived>>,
    /// The record being asked for.
    asking: Option<oneshot::Receiver<Arrived>>,
    /// Events seen and not yet on disk.
    unsaved: Vec<crate::transcript::SeenEvent>,
}

/// What the network answered.
enum Arrived {
    /// A stream was opened, or not.
    Stream(Result<RunStream, cursor_cloud_agents::Error>),
    /// The record of the run, or not.
    Record(Box<Result<cursor_cloud_agents::Run, cursor_cloud_agents::Error>>),
    /// The agent by the older API with its conversation, or not.
    Older(
        Box<
            Result<(cursor_cloud_agents::v0::Agent, cursor_cloud_agents::v0::Conversation), cursor_cloud_agents::Error>,
        >,
    ),
}

/// One agent's task.
pub(crate) struct AgentTask {
    engine: Engine,
    id: AgentId,
    account: AccountId,
    runs: Vec<HeldRun>,
    following: Option<Following>,
    refreshed: Option<Instant>,
    /// Blocks of the older API's conversation, in place of runs' transcripts.
    older_blocks: Vec<Block>,
    /// The last sign of life.
    last_sign: Option<Time>,
    reconnecting: bool,
    polled: bool,
    /// Stopping was asked for.
    stopping: bool,
    /// Why the run failed, in the service's words.
    error: Option<String>,
    /// The terminal record of the followed run, for when its stream does not tell the end.
    ended_record: Option<RunRecord>,
    /// What went wrong with the last thing asked of the agent.
    problem: Option<Failure>,
    /// What was known when the user was last told, or not.
    known: Option<Known>,
    /// When the transcript was last put before the page.
    shown: Instant,
    /// Whether something is to be shown that was not yet.
    stale: bool,
}

/// Runs the task of an agent until it is not needed any more.
pub(crate) async fn run(engine: Engine, id: AgentId, inbox: mpsc::UnboundedReceiver<AgentMail>) {
    let Some(account) = engine.read(|world| world.agent(&id).map(|record| record.agent.account.clone())) else {
        return;
    };
    let runs = match engine.load_runs(&id, &account).await {
        Ok(runs) => runs,
        Err(failure) => {
            tracing::error!(?failure, "an agent's runs could not be read");
            Vec::new()
        }
    };
    // At work when this app was last open: its end is news.
    let known = engine.read(|world| {
        let record = world.agent(&id).filter(|record| record.is_live())?;
        let subject = Subject::Agent {
            agent: id.clone(),
            run: record.latest_run.clone(),
        };
        Some(Known {
            subject,
            standing: Standing::Working,
        })
    });
    let mut task = AgentTask {
        engine,
        id,
        account,
        runs,
        following: None,
        refreshed: None,
        older_blocks: Vec::new(),
        last_sign: None,
        reconnecting: false,
        polled: false,
        stopping: false,
        error: None,
        ended_record: None,
        problem: None,
        known,
        shown: Instant::now(),
        stale: true,
    };
    task.go(inbox).await;
}

impl AgentTask {
    async fn go(&mut self, mut inbox: mpsc::UnboundedReceiver<AgentMail>) {
        self.show_all().await;
        loop {
            let unseen = Instant::now() + UNSEEN;
            let shown_next = self.shown + Duration::from_millis(16);
            tokio::select! {
                letter = inbox.recv() => match letter {
                    Some(AgentMail::End) | None => break,
                    Some(letter) => self.read(letter).await,
                },
                input = next(&mut self.following) => self.arrived(input).await,
                () = sleep_until(shown_next), if self.stale => self.show().await,
                () = sleep_until(unseen), if self.following.is_none() => {
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
        lock(&self.engine.0.agents).remove(&self.id);
        for letter in left {
            self.engine.mail_agent(&self.id, letter);
        }
    }

    async fn read(&mut self, letter: AgentMail) {
        match letter {
            AgentMail::Looked => {
                self.engine.edit(|world| {
                    if let Some(mut record) = world.agent(&self.id).cloned() {
                        record.unread = false;
                        world.put_agent(record);
                    }
                });
                self.show_all().await;
                if self.following.is_none() && self.refreshed.is_none_or(|at| at.elapsed() > FRESH) {
                    self.refresh().await;
                }
                self.hand_in(Input::Visible(true)).await;
            }
            AgentMail::Refresh => self.refresh().await,
            AgentMail::RunStarted(run) => self.run_started(run).await,
            AgentMail::Account => self.hand_in(Input::Started).await,
            AgentMail::Stop => self.stop().await,
            AgentMail::End => {}
        }
    }
}

/// What comes next for the followed run: an event, an answer, or the time it asked for.
async fn next(following: &mut Option<Following>) -> follow::Happened {
    match following {
        Some(following) => follow::next(following).await,
        None => std::future::pending().await,
    }
}
