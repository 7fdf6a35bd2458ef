//! Launches: attempts to create an agent, until it is proved one way or the other.

use serde::{Deserialize, Serialize};

use super::{AccountId, AgentId, DraftId, Failure, LaunchId, ModelChoice, Shot, Time};

/// A launch, with everything that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// Identifier minted here.
    pub id: LaunchId,
    /// The account it is sent with.
    pub account: AccountId,
    /// The draft it came from, and goes back to when it is taken back or refused.
    pub draft: DraftId,
    /// The words.
    pub text: String,
    /// The pictures.
    pub shots: Vec<Shot>,
    /// Address of the repository.
    pub repository: Option<String>,
    /// The branch; empty means the default.
    pub branch: String,
    /// The model; none means the account's default.
    pub model: Option<ModelChoice>,
    /// Whether the agent plans first.
    pub plan_first: bool,
    /// Whether a pull request is opened.
    pub open_pull_request: bool,
    /// When *Send* was pressed.
    pub created_at: Time,
    /// Where it stands.
    pub state: LaunchState,
}

/// Where a launch stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LaunchState {
    /// Held for a moment so that it can be taken back; nothing has left.
    Holding {
        /// When it goes.
        until: Time,
    },
    /// Waits; nothing has left.
    Waiting {
        /// What for.
        waiting: Waiting,
        /// When it is tried again by itself, where known.
        until: Option<Time>,
    },
    /// On its way. The service may take a minute to answer.
    Sending {
        /// 1 for the first time.
        attempt: u32,
        /// Since when.
        since: Time,
    },
    /// It may or may not have arrived; being found out.
    Uncertain {
        /// Since when.
        since: Time,
    },
    /// Created: follow the agent.
    Confirmed {
        /// The agent.
        agent: AgentId,
    },
    /// A person has to decide.
    NeedsDecision {
        /// What about.
        decision: Decision,
    },
    /// Refused for good; the draft is back.
    Rejected {
        /// Why.
        failure: Failure,
    },
}

/// What a launch waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Waiting {
    /// For the network.
    Network,
    /// For the service to allow more requests.
    RateLimit,
    /// For the service to work again.
    Service,
    /// For a key or a working account.
    Account,
}

/// What a person has to decide about a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "about", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Decision {
    /// It waited over an hour: still wanted?
    WaitedLong {
        /// Since when it waited.
        since: Time,
    },
    /// The account's key now belongs to somebody else.
    DifferentUser,
    /// It cannot be found out whether it arrived (older API): send again or not?
    CannotTell {
        /// Agents that could be it.
        candidates: Vec<AgentId>,
    },
}
