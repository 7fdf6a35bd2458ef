//! What goes into a transcript and what comes out of it.

use crate::model::{Block, BlockId, Ending, RunState, Time};

/// The kind of what stands for events that are missing; the service has none of this name.
pub(super) const LEFT_OUT: &str = "sendoff.left-out";

/// An event as it arrived, or as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenEvent {
    /// The frame's own identifier, if it had one.
    pub id: Option<String>,
    /// The name of the event (API v1, stream events).
    pub kind: String,
    /// The JSON as received, at most 1 MiB.
    pub data: String,
    /// When it arrived.
    pub at: Time,
}

impl SeenEvent {
    /// Stands where the service does not keep what was told any more.
    pub fn left_out(at: Time) -> Self {
        Self {
            id: None,
            kind: LEFT_OUT.to_owned(),
            data: "{}".to_owned(),
            at,
        }
    }
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Whether it was seen for the first time. Frames without identifier (`status`, `heartbeat`, `error`) never are.
    pub new: bool,
    /// Whether it says something the transcript needs when it is built again: only these are worth keeping.
    pub keep: bool,
    /// Whether the service gave all events new identifiers, so that everything applied before was dropped:
    /// what was kept of this run has to be dropped as well, before this event is kept.
    pub rebuilt: bool,
    /// Whether events are missing before this one: [`SeenEvent::left_out`] is to be kept first.
    pub leaves_out: bool,
}

/// What changed since the last time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drained {
    /// New and changed blocks, by order.
    pub changed: Vec<Block>,
    /// Blocks that are gone.
    pub removed: Vec<BlockId>,
}

/// The last tool the agent used, as far as it matters for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastTool {
    /// It asked a question. Texts are hostile, already made safe to show.
    Asked {
        /// The question, at most 2,000 characters; may be empty.
        question: String,
        /// Answers to choose from; empty when there are none or when several questions were asked at once.
        options: Vec<String>,
    },
    /// It made a plan to be approved.
    Planned,
    /// Any other tool.
    Other {
        /// Its name as the API gave it.
        name: String,
    },
}

/// How the run ended, from its stream or its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The terminal state.
    pub state: RunState,
    /// The same for the page.
    pub ending: Ending,
    /// How long it took in milliseconds, where known.
    pub duration: Option<u64>,
}

/// The record of a run (API v1, get run), as far as the transcript is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// How far it is.
    pub state: RunState,
    /// The final text.
    pub text: Option<String>,
    /// How long it took in milliseconds.
    pub duration: Option<u64>,
    /// Why it failed: hostile text.
    pub error: Option<String>,
    /// When it ended, or when the record was read.
    pub at: Time,
}
