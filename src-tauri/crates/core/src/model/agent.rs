//! An agent as its page shows it: standing, runs, results, and what waits to be sent to it.

use serde::{Deserialize, Serialize};

use super::{AccountId, AgentId, Failure, FollowUpId, LaunchId, ModelChoice, RunAlarm, RunId, Shot, Step, Time};

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// The API's identifier.
    pub id: AgentId,
    /// The account it belongs to.
    pub account: AccountId,
    /// The launch that made it, when it was sent from here.
    pub launch: Option<LaunchId>,
    /// Its name; hostile text, may be empty.
    pub title: String,
    /// Address of the repository.
    pub repository: Option<String>,
    /// The branch it started from.
    pub branch: Option<String>,
    /// Where it stands.
    pub state: AgentState,
    /// The last event or heartbeat seen; none before the first.
    pub last_sign: Option<Time>,
    /// That its run goes on without being heard of; none while it is.
    #[serde(default)]
    pub silence: Option<Silence>,
    /// Whether its stream is broken and being mended (shown after two seconds).
    pub reconnecting: bool,
    /// Whether it is followed by asking now and then instead of a stream (older API, or streams refused).
    pub polled: bool,
    /// Its runs, oldest first.
    pub runs: Vec<Run>,
    /// Branches it pushed.
    pub branches: Vec<String>,
    /// Pull requests it opened.
    pub pull_requests: Vec<PullRequest>,
    /// Its page on the web, if it may be opened.
    pub web_url: Option<String>,
    /// Files it left.
    pub artifacts: Vec<Artifact>,
    /// Tokens and money, when the account gives them.
    pub usage: Option<Usage>,
    /// The same of each run that is told of, oldest first.
    #[serde(default)]
    pub run_usage: Vec<RunUsed>,
    /// That a run went past an alarm of the user's; the last one that did.
    #[serde(default)]
    pub alarm: Option<RunAlarm>,
    /// What waits to be sent to it, in order.
    pub queue: Vec<FollowUp>,
    /// What of it is held back until the user lets it go, who stopped the run that it waited for.
    #[serde(default)]
    pub held_back: Vec<FollowUpId>,
    /// The answer being written: kept like a draft.
    pub answer: Answer,
    /// The answer of the queue that is being changed: its words are kept like a draft until they take the place of the old.
    #[serde(default)]
    pub edited: Option<Edited>,
    /// The model that its next answer names: the one it was started with, or was chosen since. None names none, which
    /// leaves it the one it has; the service never tells which that is (API §6.2).
    #[serde(default)]
    pub model: Option<ModelChoice>,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether steps and cost can be had at all (not with the older API).
    pub older_api: bool,
    /// What went wrong with the last thing asked of it.
    pub problem: Option<Failure>,
    /// When it was made.
    pub created_at: Time,
}

/// Where an agent stands, from its latest run and what was seen of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AgentState {
    /// The machine is being made ready.
    Starting,
    /// At work.
    Working {
        /// Since when.
        since: Time,
        /// What it does now, where known.
        step: Option<Step>,
    },
    /// Stopping was asked for and has not happened yet.
    Stopping,
    /// It asks a question.
    Asks {
        /// The question: hostile text.
        question: String,
        /// Answers to choose from: hostile text.
        options: Vec<String>,
    },
    /// It made a plan and waits for a go-ahead.
    Plan,
    /// Done.
    Done,
    /// Stopped by the user.
    Stopped,
    /// Failed.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// Not looked at yet.
    Unknown,
}

/// A run that goes on by its record, without a sign of life or without anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// Since when: the last sign of life, or with `beats` the last news.
    pub since: Time,
    /// Whether heartbeats come: it is connected, and nothing new happens.
    pub beats: bool,
    /// Whether it has lasted for so long that somebody should look.
    pub stuck: bool,
}

/// One prompt and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The API's identifier.
    pub id: RunId,
    /// How far it is.
    pub state: RunState,
    /// When it was made.
    pub created_at: Time,
    /// How long it took in milliseconds, once over.
    pub duration: Option<u64>,
}

/// How far a run is (API §6.1); what is not known counts as failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// Being made ready.
    Creating,
    /// At work.
    Running,
    /// Done.
    Finished,
    /// Failed.
    Error,
    /// Stopped.
    Cancelled,
    /// Ended by the service.
    Expired,
}

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PullRequest {
    /// Its address; opened only by the shell's allow-list.
    pub url: String,
    /// The branch it asks to merge, where known.
    pub branch: Option<String>,
}

/// A file the agent left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Its path; hostile text.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Once it is here and a picture: how to show it.
    pub picture: Option<Shot>,
    /// Whether its bytes are here.
    pub here: bool,
    /// Whether they are being fetched now.
    #[serde(default)]
    pub coming: bool,
    /// The run that left it, where that is known.
    #[serde(default)]
    pub run: Option<RunId>,
}

/// The beginning of a file an agent left, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FileText {
    /// The text: hostile, but without what hides, reorders or drives a terminal.
    pub text: String,
    /// How many bytes of the file it is.
    pub shown: u64,
    /// How many the file has.
    pub bytes: u64,
}

/// Tokens and money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// All tokens.
    pub tokens: u64,
    /// What was charged, in millionths of a dollar, when the service says.
    #[serde(default)]
    pub micros: Option<u64>,
}

/// What one run used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RunUsed {
    /// The run.
    pub run: RunId,
    /// Its tokens and money.
    pub usage: Usage,
}

/// The answer being written to an agent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The words.
    pub text: String,
    /// The pictures.
    pub shots: Vec<Shot>,
}

/// Words to which a follow-up is being changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// Which, also if it went meanwhile.
    pub follow_up: FollowUpId,
    /// All of them.
    pub text: String,
}

/// A follow-up that waits here or was sent from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FollowUp {
    /// Identifier minted here.
    pub id: FollowUpId,
    /// The words.
    pub text: String,
    /// The pictures.
    pub shots: Vec<Shot>,
    /// Whether the agent plans first.
    pub plan_first: bool,
    /// The model it names.
    #[serde(default)]
    pub model: Option<ModelChoice>,
    /// Where it stands.
    pub state: FollowUpState,
}

/// Where a follow-up stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FollowUpState {
    /// Waits until the agent is free; can be edited and removed.
    Queued,
    /// Waits for the network or the service; can be edited and removed.
    Waiting {
        /// What for.
        waiting: super::Waiting,
    },
    /// On its way.
    Sending,
    /// It may or may not have arrived; being found out.
    Uncertain,
    /// Sent: this run is its answer.
    Confirmed {
        /// The run.
        run: RunId,
    },
    /// It cannot be found out whether it arrived; a person has to decide.
    NeedsDecision,
    /// Refused.
    Rejected {
        /// Why.
        failure: Failure,
    },
}

impl FollowUpState {
    /// Whether it can still be edited and removed.
    pub fn waits(&self) -> bool {
        matches!(self, Self::Queued | Self::Waiting { .. })
    }

    /// Whether the ones behind it have to wait.
    pub fn blocks(&self) -> bool {
        !matches!(self, Self::Confirmed { .. } | Self::Rejected { .. })
    }
}
