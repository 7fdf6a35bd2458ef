//! The feed: the page asks what changed since a revision, for one view. `since = 0` is the whole of that view.

use serde::{Deserialize, Serialize};

use super::{
    Account, AccountId, Agent, AgentId, Block, BlockId, Draft, DraftId, Launch, LaunchId, Repositories, Row, Settings,
};

/// What is looked at. The list and the open item are asked for separately.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "view", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum View {
    /// Accounts, settings, repositories and the rows of the active account.
    Home,
    /// One draft.
    Draft {
        /// Which.
        id: DraftId,
    },
    /// One launch on its way.
    Launch {
        /// Which.
        id: LaunchId,
    },
    /// One agent with its transcript.
    Agent {
        /// Which.
        id: AgentId,
    },
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// To be passed as `since` next time.
    pub revision: u64,
    /// Whether these are the whole of the view: what the page had before is to be forgotten.
    pub whole: bool,
    /// The changes, in no particular order; each replaces what the page had.
    pub updates: Vec<Update>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "update", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Update {
    /// All accounts and which is active.
    Accounts {
        /// The accounts.
        accounts: Vec<Account>,
        /// The active one.
        active: Option<AccountId>,
        /// The key of the row that was open in it last; told anew only with the others.
        left: Option<String>,
    },
    /// The settings.
    Settings {
        /// All of them.
        settings: Settings,
    },
    /// The repositories of the active account.
    Repositories {
        /// The index.
        repositories: Repositories,
    },
    /// Whether the service can be reached.
    Online {
        /// False from the first request that did not get through, until one does.
        online: bool,
    },
    /// A row is new or changed.
    Row {
        /// The row.
        row: Row,
    },
    /// A row is gone.
    RowGone {
        /// Its key.
        key: String,
    },
    /// The draft of this view.
    Draft {
        /// The draft.
        draft: Draft,
    },
    /// The launch of this view.
    Launch {
        /// The launch.
        launch: Launch,
    },
    /// The agent of this view.
    Agent {
        /// The agent.
        agent: Agent,
    },
    /// A block is new or changed.
    Block {
        /// The block.
        block: Block,
    },
    /// The transcript is given from this order on, and of what is before only the prompts; 0 where it is given whole.
    From {
        /// The order of its first block.
        order: u64,
    },
    /// A block is gone.
    BlockGone {
        /// Its identifier.
        id: BlockId,
    },
    /// What this view shows is not there (any more).
    Gone,
}

/// Blocks that come before those a page has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Earlier {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// The order that the transcript is given from now; 0 once there is nothing before.
    pub from: u64,
}
