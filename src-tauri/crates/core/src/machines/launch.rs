//! The launch machine: one attempt to create an agent, exactly once, or told plainly.
//! `(state, moment, input) -> (state, effects)`; it is stored whole as JSON, and what is not stored is not needed
//! after a restart.
//!
//! What the engine promises:
//! * It performs effects in order and hands in one input at a time. `Commit` stores the machine as it was returned
//!   with that effect, with the disk's own guarantee, and is answered by `Committed` or `CommitFailed`.
//! * `Post`, `Look` and `LookOlder` are each answered exactly once. `WakeAfter` replaces the timer before it and is
//!   answered by `Woke`; it is measured by a monotonic clock, never by the wall clock.
//! * A launch read from disk gets `Started` first; a new one gets `Begin`.
//! * `Adopt`, `GiveDraftBack` and `Forget` may come more than once and have to be idempotent.
//! * A request is put together from what was stored; where its hash differs the answer is `NotBuilt`.

pub mod answer;
pub mod candidate;
pub mod delay;
mod identity;
mod search;
mod settle;
mod step;

use serde::{Deserialize, Serialize};

use crate::model::{AccountId, AgentId, Decision, Failure, LaunchState, RunId, Time, Waiting};

pub use answer::{
    Asked, Delivery, LookAnswer, PostAnswer, Refusal, failure, look_refused, post_refused, post_without_answer,
};
pub use candidate::{Candidate, Target};

/// When a step takes place, and the one random number it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock of this computer. It may jump either way; only what is shown depends on it.
    pub now: Time,
    /// The service's clock as best known: `Date` of its last answer plus the monotonic time since;
    /// the same as `now` before there was an answer.
    pub service: Time,
    /// Any 32 random bits.
    pub jitter: u32,
}

/// Which API a launch is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wire {
    /// API v1: the agent's identifier is minted here, which makes a second POST safe.
    V1,
    /// The older API: no identifier can be given, so nothing is ever sent again by itself.
    V0,
}

/// What a launch is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLaunch {
    /// The account it is sent with.
    pub account: AccountId,
    /// The user that `/v1/me` named for the account's key; the launch belongs to that user.
    pub user: String,
    /// Which API.
    pub wire: Wire,
    /// A freshly minted `bc-<uuid>`. Not sent with the older API.
    pub agent: AgentId,
    /// The request as the engine stores it: JSON naming blob hashes, without the agent's identifier.
    pub request: serde_json::Value,
    /// SHA-256 (hex) of the body as posted, without the agent's identifier.
    pub body_sha256: String,
    /// What it can be recognized by.
    pub target: Target,
    /// How long it is held so that it can be taken back, in milliseconds; at most 10 000.
    pub hold: u64,
}

/// One launch. See the module for what the engine promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchMachine {
    wire: Wire,
    account: AccountId,
    user: String,
    /// As minted; later identifiers are derived from it, so that a restored backup derives the same.
    first_agent: AgentId,
    agent: AgentId,
    /// How many identifiers were used up.
    generation: u32,
    request: serde_json::Value,
    body_sha256: String,
    target: Target,
    /// When *Send* was pressed, by the wall clock and by the service's clock.
    queued_at: Time,
    queued_at_service: Time,
    /// How long it is held, in milliseconds.
    hold: u64,
    /// Since when it waits unasked; moved on when its owner says that it is still wanted.
    waiting_since: Time,
    /// Milliseconds that it waited by its own timers: the wall clock alone could be set back.
    waited: u64,
    attempt: u32,
    /// Whether an earlier sending under the present identifier may have reached the service.
    may_have_arrived: bool,
    /// When the first such sending began, by the service's clock.
    sent_at_service: Time,
    /// How often the identifier turned out to be somebody else's.
    foreign: u32,
    /// How often the branch could not be verified.
    unverified: u32,
    /// Goes up with every commit, so that a store can refuse a writer that is behind.
    revision: u64,
    phase: Phase,
    #[serde(skip)]
    volatile: Volatile,
}

/// How far it is. What is stored is enough to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Phase {
    /// Nothing stored yet.
    Draft,
    /// Stored; nothing under the present identifier has left, as far as can be known.
    Queued {
        /// None while it is only held.
        waiting: Option<Waiting>,
        /// Shown; what counts is the timer.
        until: Option<Time>,
    },
    /// The commit that precedes the first byte, and everything until the answer.
    Sending {
        since: Time,
        /// Where looking was, when this is not the first sending.
        search: Option<Search>,
    },
    /// It may have arrived: looked for until it is proved one way.
    Uncertain { search: Search },
    /// A person has to decide.
    NeedsUser {
        decision: Decision,
        /// Where looking was, when something may have arrived.
        search: Option<Search>,
    },
    /// There is an agent.
    Confirmed { agent: AgentId, run: Option<RunId> },
    /// There is none and there will be none; the draft goes back.
    Rejected { failure: Failure, draft_given: bool },
    /// Taken back by its owner; the draft goes back.
    TakenBack { draft_given: bool },
    /// The first commit failed: it never became a launch, and the draft never left.
    Unsaved { failure: Failure },
}

/// How far looking is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    /// Since when it is uncertain.
    since: Time,
    /// Sendings after the first.
    round: u32,
    /// Looks of this round that did not find it.
    misses: u32,
    /// Looks in a row that got no usable answer.
    failures: u32,
    /// A sending of ours was answered "exists already": it is there, only not readable yet.
    conflict: bool,
    /// "Exists already" without a sending of ours that may have arrived: whose is it?
    whose: bool,
    /// A later sending was refused for good; only the earlier ones can still turn up.
    refused: Option<Failure>,
    /// An answer named this agent instead of ours.
    other: Option<AgentId>,
    /// Candidates seen last whose conversation could not be read.
    unread: Vec<AgentId>,
}

/// What is lost at a restart, and may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Volatile {
    awaiting: Awaiting,
    /// The user of the account's key at present; none when there is no working key.
    user: Option<String>,
    send_now: bool,
    /// Read from disk: with the older API it is looked for before it is sent, because a restored backup
    /// may have forgotten that it was.
    from_disk: bool,
    /// The phase is not on disk, because the commit failed.
    unsaved: bool,
    /// The revision that is known to be on disk.
    stored: u64,
    /// Attempts in a row, at sending or at storing, that failed before a byte left.
    tries: u32,
    /// The first commit has not been answered yet.
    first: bool,
    /// The timer that runs was asked for by the service: nothing cuts it short.
    patient: bool,
    /// The wait that was asked for last, in milliseconds.
    wake: u64,
    /// Inputs that came while a commit was under way, or a decision that came while looking.
    deferred: Vec<LaunchInput>,
    problem: Option<Failure>,
    /// Another process writes this launch: nothing is done here any more.
    halted: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Awaiting {
    #[default]
    Nothing,
    Commit,
    Post,
    Look,
    /// The look before the first sending (older API).
    LookBefore,
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Send it, or send it again, now and under the present user.
    Send,
    /// It is this agent: one of the candidates.
    ItIs(AgentId),
    /// Do not send it; give the draft back.
    GiveBack,
}

/// What happens to a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchInput {
    /// *Send* was pressed: the first input of a new launch.
    Begin,
    /// It was read from disk: the first input after a start.
    Started {
        /// The user of the account's key, as remembered; none when there is no working key.
        user: Option<String>,
    },
    /// The time asked for by `WakeAfter` has passed.
    Woke,
    /// The commit is on disk.
    Committed,
    /// The commit is not on disk, as far as known. `DataInUse` means that another process has written the launch.
    CommitFailed(Failure),
    /// What came of `Post`.
    Answered(PostAnswer),
    /// What came of `Look` or `LookOlder`.
    Looked(LookAnswer),
    /// Take it back.
    Undo,
    /// Do not hold it any longer.
    SendNow,
    /// A person decided.
    Decided(Choice),
    /// The account's key changed, stopped working, or works again.
    AccountChanged {
        /// The user of the key; none when there is no working key.
        user: Option<String>,
    },
    /// The network seems to be back.
    Online,
    /// The draft is back on disk.
    DraftGivenBack,
}

/// What a launch wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchEffect {
    /// Store the machine durably; answer with `Committed` or `CommitFailed`.
    Commit,
    /// Post the request; answer with `Answered`. Never repeated by whoever performs it.
    Post {
        /// 1 for the first time.
        attempt: u32,
    },
    /// Get the agent by its identifier, and its latest run (API v1); answer with `Looked`.
    Look {
        /// Also read the first message of its conversation: whose agent is it?
        first_message: bool,
    },
    /// List the agents made since then (older API) with their first messages, leaving out those of other launches;
    /// answer with `Looked`.
    LookOlder {
        /// By the service's clock, skew already taken off.
        since: Time,
    },
    /// Hand in `Woke` after so many milliseconds, by a monotonic clock. Replaces the timer before it.
    WakeAfter(u64),
    /// Follow this agent; it is this launch's.
    Adopt {
        /// The agent.
        agent: AgentId,
        /// Its run, where known.
        run: Option<RunId>,
    },
    /// Give the draft back whole, then hand in `DraftGivenBack`.
    GiveDraftBack,
    /// The launch is over and not to be shown: drop its row.
    Forget,
    /// It is too late for what was asked.
    TooLate,
}

impl LaunchMachine {
    /// A launch of which nothing is stored yet; hand in `Begin`.
    pub fn new(new: NewLaunch) -> Self {
        Self {
            wire: new.wire,
            account: new.account,
            user: new.user,
            first_agent: new.agent.clone(),
            agent: new.agent,
            generation: 0,
            request: new.request,
            body_sha256: new.body_sha256,
            target: new.target,
            queued_at: 0,
            queued_at_service: 0,
            hold: new.hold.min(10_000),
            waiting_since: 0,
            waited: 0,
            attempt: 0,
            may_have_arrived: false,
            sent_at_service: 0,
            foreign: 0,
            unverified: 0,
            revision: 0,
            phase: Phase::Draft,
            volatile: Volatile::default(),
        }
    }

    /// Which API it is sent with.
    pub fn wire(&self) -> Wire {
        self.wire
    }

    /// The account it is sent with.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The user it belongs to.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The identifier under which it is posted and looked for (API v1).
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// The request as stored.
    pub fn request(&self) -> &serde_json::Value {
        &self.request
    }

    /// SHA-256 (hex) of the body without the agent's identifier: compare before posting.
    pub fn body_sha256(&self) -> &str {
        &self.body_sha256
    }

    /// What it can be recognized by.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// When *Send* was pressed.
    pub fn queued_at(&self) -> Time {
        self.queued_at
    }

    /// Goes up with every `Commit`, and is stored with it. A row that is further than what is to be written belongs to
    /// another process: the answer is `CommitFailed(DataInUse)` then. Only revision 1 makes a row; a dropped row stays
    /// dropped.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The revision that this process last read or knows to have written, for whoever plays a second process.
    pub fn stored_revision(&self) -> u64 {
        self.volatile.stored
    }

    /// How often it was sent, or is being sent.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What is in the way at present, for the page to say beside the state.
    pub fn problem(&self) -> Option<&Failure> {
        self.volatile.problem.as_ref()
    }

    /// Whether it can still be taken back without asking anybody.
    pub fn can_undo(&self) -> bool {
        match &self.phase {
            Phase::Draft | Phase::Queued { .. } => true,
            Phase::Sending { .. } => self.volatile.awaiting == Awaiting::Commit && !self.may_have_arrived,
            Phase::NeedsUser { .. } => !self.may_have_arrived,
            _ => false,
        }
    }

    /// Whether it is on its way.
    pub fn is_sending(&self) -> bool {
        matches!(self.phase, Phase::Sending { .. })
    }

    /// Whether a start has to go on with it, once it is stored as it is.
    pub fn is_open(&self) -> bool {
        match &self.phase {
            Phase::Confirmed { .. } | Phase::Unsaved { .. } => false,
            Phase::Rejected { draft_given, .. } | Phase::TakenBack { draft_given } => !draft_given,
            _ => true,
        }
    }

    /// Whether nothing is left to be done, so that its task can end.
    pub fn is_over(&self) -> bool {
        if self.volatile.halted {
            return true;
        }
        let settled = self.volatile.awaiting == Awaiting::Nothing && !self.volatile.unsaved;
        match &self.phase {
            Phase::Unsaved { .. } => true,
            Phase::Confirmed { .. } => settled,
            Phase::Rejected { draft_given, .. } | Phase::TakenBack { draft_given } => *draft_given && settled,
            _ => false,
        }
    }

    /// The agent, once there is one.
    pub fn confirmed(&self) -> Option<&AgentId> {
        match &self.phase {
            Phase::Confirmed { agent, .. } => Some(agent),
            _ => None,
        }
    }

    /// What the page sees; none once it was taken back.
    pub fn view(&self) -> Option<LaunchState> {
        let state = match &self.phase {
            Phase::Draft => LaunchState::Holding { until: self.queued_at },
            Phase::Queued { waiting, until } => match waiting {
                None => LaunchState::Holding {
                    until: until.unwrap_or(self.queued_at),
                },
                Some(waiting) => LaunchState::Waiting {
                    waiting: waiting.clone(),
                    until: *until,
                },
            },
            Phase::Sending { since, search } => match search {
                None => LaunchState::Sending {
                    attempt: self.attempt,
                    since: *since,
                },
                Some(search) => LaunchState::Uncertain { since: search.since },
            },
            Phase::Uncertain { search } if search.whose => LaunchState::Sending {
                attempt: self.attempt,
                since: search.since,
            },
            Phase::Uncertain { search } => LaunchState::Uncertain { since: search.since },
            Phase::NeedsUser { decision, .. } => LaunchState::NeedsDecision {
                decision: decision.clone(),
            },
            Phase::Confirmed { agent, .. } => LaunchState::Confirmed { agent: agent.clone() },
            // A refusal is shown once it is on disk: before that a restart would send again.
            Phase::Rejected { draft_given: false, .. } if self.pending_commit() => LaunchState::Sending {
                attempt: self.attempt,
                since: self.waiting_since,
            },
            Phase::TakenBack { draft_given: false } if self.pending_commit() => LaunchState::Waiting {
                waiting: Waiting::Service,
                until: None,
            },
            Phase::TakenBack { .. } => return None,
            Phase::Rejected { failure, .. } | Phase::Unsaved { failure } => LaunchState::Rejected {
                failure: failure.clone(),
            },
        };
        Some(state)
    }

    fn pending_commit(&self) -> bool {
        self.volatile.unsaved || self.volatile.awaiting == Awaiting::Commit
    }
}
