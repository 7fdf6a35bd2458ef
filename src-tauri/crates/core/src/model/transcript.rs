//! The transcript: blocks in order, each with its own revision.

use serde::{Deserialize, Serialize};

use super::{BlockId, Failure, Node, RunId, Shot, StepCalls, Time};

/// One block of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Identifier, unique within its agent.
    pub id: BlockId,
    /// Place in the transcript: blocks are shown by ascending order.
    pub order: u64,
    /// The run it belongs to; none while a prompt's run is not known yet.
    pub run: Option<RunId>,
    /// When it began.
    pub at: Time,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BlockKind {
    /// What the user said.
    Prompt {
        /// The words.
        text: String,
        /// The pictures, when sent from here.
        shots: Vec<Shot>,
    },
    /// A section of the agent's words. The last one of a run under way may still grow.
    Words {
        /// The markdown.
        nodes: Vec<Node>,
    },
    /// Steps in a row, of one kind.
    Steps {
        /// The step in words, with the count of calls folded into it.
        step: Step,
        /// When the last of them ended; none while under way.
        ended_at: Option<Time>,
        /// The calls it stands for; none where there is nothing to ask for.
        calls: Option<StepCalls>,
    },
    /// The run is over.
    Ended {
        /// How.
        ending: Ending,
        /// How long it took in milliseconds, where known.
        duration: Option<u64>,
    },
    /// Part of the transcript could not be had (expired, or the older API).
    Gap,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "ending", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Ending {
    /// Done.
    Finished,
    /// It asked the user something, or made a plan, and ended with that.
    Asked,
    /// Stopped by the user.
    Cancelled,
    /// Failed.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// A step, to be put into words by the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What it does.
    pub detail: StepDetail,
    /// How far it is.
    pub state: StepState,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// Under way.
    Running,
    /// Over.
    Done,
    /// It reported an error.
    Failed,
    /// Its run was stopped or failed before it was over.
    Interrupted,
}

/// What a step does. All texts are hostile and bounded to 300 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "does", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StepDetail {
    /// Thinks.
    Thinks,
    /// Reads files.
    Reads {
        /// How many different files.
        count: u32,
        /// The last of them, its name only.
        name: Option<String>,
    },
    /// Looks around: lists folders, searches the code.
    Searches {
        /// How often.
        count: u32,
    },
    /// Edits a file.
    Edits {
        /// The file's name.
        name: Option<String>,
        /// Lines added, where known.
        added: Option<u32>,
        /// Lines removed, where known.
        removed: Option<u32>,
    },
    /// Deletes a file.
    Deletes {
        /// The file's name.
        name: Option<String>,
    },
    /// Runs the tests.
    Tests {
        /// The command.
        command: String,
    },
    /// Runs a command.
    Runs {
        /// The command.
        command: String,
    },
    /// Looks something up on the web.
    Browses,
    /// Takes a picture or records the screen.
    Captures,
    /// Uses the computer as a person would.
    UsesComputer,
    /// Keeps its list of things to do.
    Plans,
    /// Made a plan to be approved.
    MadePlan,
    /// Asks a question.
    Asks {
        /// The question.
        question: String,
    },
    /// Hands part of the work to another agent.
    Delegates,
    /// Waits for something it started.
    Waits,
    /// Something this app has no words for.
    Other {
        /// The tool's name as the API gave it.
        name: String,
        /// How often.
        count: u32,
    },
}
