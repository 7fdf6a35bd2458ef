//! The follow-up machine: one more prompt for an agent. The API takes no identifier for it, so it is never sent
//! a second time by itself: what the agent's latest run was is written down first, and a newer one is its proof.
//! The engine promises the same as for launches; the order of an agent's queue is the engine's (`MayGo`).

mod evidence;
mod step;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::model::{AccountId, AgentId, Failure, FollowUpId, FollowUpState, RunId, Time, Waiting};

use super::launch::{PostAnswer, Wire};

/// What a follow-up is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFollowUp {
    /// Identifier minted here.
    pub id: FollowUpId,
    /// The account it is sent with.
    pub account: AccountId,
    /// The user it belongs to.
    pub user: String,
    /// Which API.
    pub wire: Wire,
    /// The agent it is for.
    pub agent: AgentId,
    /// What is asked.
    pub content: FollowUpContent,
}

/// What is asked: replaced as a whole when it is edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpContent {
    /// The request as the engine stores it: JSON naming blob hashes.
    pub request: serde_json::Value,
    /// SHA-256 (hex) of the body as posted.
    pub body_sha256: String,
    /// The words, by which the older API's conversation is searched.
    pub text: String,
}

/// One follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpMachine {
    id: FollowUpId,
    account: AccountId,
    user: String,
    wire: Wire,
    agent: AgentId,
    content: FollowUpContent,
    attempt: u32,
    /// What the agent looked like before the last sending.
    noted: Option<Noted>,
    /// When that sending began, by the service's clock.
    sent_at_service: Time,
    revision: u64,
    phase: Phase,
    #[serde(skip)]
    volatile: Volatile,
}

/// What the agent looked like before a sending.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Noted {
    /// Its latest run (API v1).
    pub latest: Option<RunId>,
    /// How many messages of the user its conversation had (older API).
    pub user_messages: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Phase {
    Draft,
    Queued {
        waiting: Option<Waiting>,
    },
    Sending {
        since: Time,
    },
    Uncertain {
        looks: u32,
    },
    NeedsUser,
    /// A person said to send it again: one more look, and then it goes.
    Again,
    Confirmed {
        run: Option<RunId>,
    },
    Rejected {
        failure: Failure,
    },
    Removed,
    Unsaved {
        failure: Failure,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Volatile {
    awaiting: Awaiting,
    user: Option<String>,
    may_go: bool,
    unsaved: bool,
    stored: u64,
    first: bool,
    tries: u32,
    /// A timer runs before it is tried again.
    resting: bool,
    deferred: Vec<FollowUpInput>,
    problem: Option<Failure>,
    halted: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Awaiting {
    #[default]
    Nothing,
    Commit,
    Note,
    Post,
    Look,
}

/// What the agent looks like before a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteAnswer {
    /// It is free.
    Idle(Noted),
    /// It is at work.
    Busy,
    /// It is gone, archived, or refused for good.
    Gone(Failure),
    /// The service could not be asked.
    Unreachable,
    /// Ask again later.
    RateLimited {
        /// In so many seconds, where given.
        retry_after: Option<u64>,
    },
    /// The key or the account was refused.
    Forbidden(Failure),
}

/// A run as the list of runs names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRun {
    /// The run.
    pub run: RunId,
    /// When it was made, by the service's clock.
    pub created_at: Time,
}

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpLook {
    /// The agent's newest runs, in any order (API v1, list runs).
    Runs(Vec<SeenRun>),
    /// All messages of the user, oldest first (older API, conversation).
    Messages(Vec<String>),
    /// The agent is gone, or archived and does not tell.
    Gone(Failure),
    /// The service could not be asked.
    Unreachable,
    /// Ask again later.
    RateLimited {
        /// In so many seconds, where given.
        retry_after: Option<u64>,
    },
    /// The key or the account was refused.
    Forbidden(Failure),
}

/// What a person decides about a follow-up that may or may not have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUpChoice {
    /// Send it again.
    Send,
    /// Leave it; it counts as not sent and goes from the queue.
    Drop,
}

/// What happens to a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpInput {
    /// It was put into the queue: the first input of a new one.
    Begin,
    /// It was read from disk: the first input after a start.
    Started {
        /// The user of the account's key, as remembered; none when there is no working key.
        user: Option<String>,
    },
    /// The time asked for by `WakeAfter` has passed.
    Woke,
    /// The agent is free, as far as known, and this is the first of its queue.
    MayGo,
    /// It is not, any more.
    MustWait,
    /// The commit is on disk.
    Committed,
    /// The commit is not on disk, as far as known.
    CommitFailed(Failure),
    /// What came of `Note`.
    Noted(NoteAnswer),
    /// What came of `Post`.
    Answered(PostAnswer),
    /// What came of `Look`.
    Looked(FollowUpLook),
    /// Its owner changed it.
    Edit(FollowUpContent),
    /// Its owner removed it.
    Remove,
    /// A person decided.
    Decided(FollowUpChoice),
    /// The account's key changed, stopped working, or works again.
    AccountChanged {
        /// The user of the key; none when there is no working key.
        user: Option<String>,
    },
    /// The network seems to be back.
    Online,
}

/// What a follow-up wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpEffect {
    /// Store the machine durably; answer with `Committed` or `CommitFailed`.
    Commit,
    /// Read the agent's latest run and whether it is busy (API v1), or its conversation (older API);
    /// answer with `Noted`.
    Note,
    /// Post the request; answer with `Answered`. Never repeated by whoever performs it.
    Post {
        /// 1 for the first time.
        attempt: u32,
    },
    /// List the agent's runs (API v1) or read its conversation (older API); answer with `Looked`.
    Look,
    /// Hand in `Woke` after so many milliseconds, by a monotonic clock. Replaces the timer before it.
    WakeAfter(u64),
    /// Follow this run of the agent; none with the older API.
    Adopt {
        /// The run.
        run: Option<RunId>,
    },
    /// It is over and not to be shown: drop its row.
    Forget,
    /// It is too late for what was asked.
    TooLate,
}

impl FollowUpMachine {
    /// A follow-up of which nothing is stored yet; hand in `Begin`.
    pub fn new(new: NewFollowUp) -> Self {
        Self {
            id: new.id,
            account: new.account,
            user: new.user,
            wire: new.wire,
            agent: new.agent,
            content: new.content,
            attempt: 0,
            noted: None,
            sent_at_service: 0,
            revision: 0,
            phase: Phase::Draft,
            volatile: Volatile::default(),
        }
    }

    /// Its identifier.
    pub fn id(&self) -> &FollowUpId {
        &self.id
    }

    /// The account it is sent with.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The agent it is for.
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// Which API it is sent with.
    pub fn wire(&self) -> Wire {
        self.wire
    }

    /// What is asked.
    pub fn content(&self) -> &FollowUpContent {
        &self.content
    }

    /// Goes up with every `Commit`. The data folder is locked, so that no other process writes meanwhile.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// As for a launch.
    pub fn stored_revision(&self) -> u64 {
        self.volatile.stored
    }

    /// How often it was sent, or is being sent.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What is in the way at present.
    pub fn problem(&self) -> Option<&Failure> {
        self.volatile.problem.as_ref()
    }

    /// Whether it can be edited and removed.
    pub fn can_edit(&self) -> bool {
        match self.phase {
            Phase::Draft | Phase::Queued { .. } => true,
            Phase::Sending { .. } => self.volatile.awaiting == Awaiting::Commit,
            _ => false,
        }
    }

    /// Whether it stands in the way of the next one in the agent's queue.
    pub fn blocks_queue(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Confirmed { .. } | Phase::Rejected { .. } | Phase::Removed | Phase::Unsaved { .. }
        )
    }

    /// Whether a start has to know of it: it is under way, or was refused and waits for its owner.
    pub fn is_open(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Confirmed { .. } | Phase::Removed | Phase::Unsaved { .. }
        )
    }

    /// Whether nothing is left to be done, so that its task can end.
    pub fn is_over(&self) -> bool {
        let settled = self.volatile.awaiting == Awaiting::Nothing && !self.volatile.unsaved;
        self.volatile.halted
            || match self.phase {
                Phase::Unsaved { .. } => true,
                Phase::Confirmed { .. } | Phase::Rejected { .. } | Phase::Removed => settled,
                _ => false,
            }
    }

    /// What the page sees; none once it was removed. With the older API a confirmed one names an empty run,
    /// because there are none.
    pub fn view(&self) -> Option<FollowUpState> {
        let unsaved = self.volatile.unsaved || self.volatile.awaiting == Awaiting::Commit;
        let state = match &self.phase {
            Phase::Draft | Phase::Queued { waiting: None } => FollowUpState::Queued,
            Phase::Queued { waiting: Some(waiting) } => FollowUpState::Waiting {
                waiting: waiting.clone(),
            },
            Phase::Sending { .. } => FollowUpState::Sending,
            Phase::Uncertain { .. } | Phase::Again => FollowUpState::Uncertain,
            Phase::NeedsUser => FollowUpState::NeedsDecision,
            Phase::Confirmed { run } => FollowUpState::Confirmed {
                run: run.clone().unwrap_or_else(|| RunId(String::new())),
            },
            // Shown once it is on disk: before that a restart would bring it back.
            Phase::Rejected { .. } if unsaved => FollowUpState::Sending,
            Phase::Removed if unsaved => FollowUpState::Queued,
            Phase::Removed => return None,
            Phase::Rejected { failure } | Phase::Unsaved { failure } => FollowUpState::Rejected {
                failure: failure.clone(),
            },
        };
        Some(state)
    }
}
