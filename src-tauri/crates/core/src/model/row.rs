//! Rows of the list: agents, drafts and waiting launches alike.

use serde::{Deserialize, Serialize};

use super::{AgentId, DraftId, Failure, LaunchId, LaunchState, Silence, Step, Time};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Key of the row: stays the same while a launch becomes an agent, so that nothing jumps.
    pub key: String,
    /// What it opens.
    pub target: RowTarget,
    /// Which group it stands in.
    pub group: Group,
    /// Its title: the agent's name or the first line of the words; may be empty. Hostile text.
    pub title: String,
    /// Hash of the picture that is its face.
    pub face: Option<String>,
    /// Address of the repository.
    pub repository: Option<String>,
    /// Where it stands.
    pub state: RowState,
    /// That what works is not heard of; none while it is.
    pub silence: Option<Silence>,
    /// Whether its stream is away just now: what it does was true when it was last heard.
    pub reconnecting: bool,
    /// The time its age is counted from, and by which it is sorted.
    pub at: Time,
    /// When it was made.
    pub created_at: Time,
    /// Whether it was started on this computer.
    pub started_here: bool,
    /// Whether the user pinned it.
    pub pinned: bool,
    /// Whether it changed since it was last looked at.
    pub unread: bool,
    /// Whether it is archived.
    pub archived: bool,
}

/// What a row opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "open", content = "id", rename_all = "camelCase")]
pub enum RowTarget {
    /// A draft.
    Draft(DraftId),
    /// A launch on its way.
    Launch(LaunchId),
    /// An agent.
    Agent(AgentId),
}

/// The groups of the list, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Group {
    /// A person has to do something.
    NeedsYou,
    /// At work.
    Working,
    /// Drafts and waiting launches.
    NotSent,
    /// Over.
    Done,
}

/// Where a row stands. The page words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RowState {
    /// A draft.
    Draft {
        /// How many pictures it has.
        pictures: u32,
        /// Why sending it failed.
        problem: Option<Failure>,
    },
    /// A launch on its way.
    Launch {
        /// Where it stands.
        launch: LaunchState,
    },
    /// The machine is being made ready.
    Starting,
    /// At work.
    Working {
        /// What it does now, where known.
        step: Option<Step>,
    },
    /// It asks a question.
    Asks {
        /// The question: hostile text.
        question: String,
    },
    /// It made a plan and waits for a go-ahead.
    Plan,
    /// A follow-up needs a decision.
    FollowUpUncertain,
    /// A follow-up is held back until the user lets it go: the run that it waited for was stopped.
    FollowUpHeld,
    /// Done.
    Done {
        /// Whether there is a pull request.
        pull_request: bool,
    },
    /// Stopped by the user.
    Stopped,
    /// Failed.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// Known only from the list; its run was not looked at yet.
    Unknown,
}
