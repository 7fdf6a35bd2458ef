//! What the page sees: the types that cross IPC, and nothing that decides.
//! TypeScript is generated from these (`cargo xtask bindings`). No words for people live here.

pub mod account;
pub mod agent;
pub mod call;
pub mod change;
pub mod draft;
pub mod failure;
pub mod feed;
pub mod found;
pub mod ids;
pub mod key_shape;
pub mod launch;
pub mod list;
pub mod markdown;
pub mod repository;
pub mod row;
pub mod settings;
pub mod spending;
pub mod transcript;

pub use account::{Account, AccountKind, KeyPlace};
pub use agent::{
    Agent, AgentState, Answer, Artifact, Edited, FileText, FollowUp, FollowUpState, PullRequest, Run, RunState,
    RunUsed, Silence, Usage,
};
pub use call::{CallDetail, CallField, CallPart, Clip, ClipCut, DiffLine, DiffSign, FieldsOf, StepCall, StepCalls};
pub use change::{Change, FollowUpSource};
pub use draft::{Draft, Marked, ModelChoice, ModelParameter, Original, Shot, ShotNote, ShotTarget, Taken};
pub use failure::{Failure, PictureKind};
pub use feed::{Changes, Earlier, Update, View};
pub use found::{Found, Hit, HitPlace, SnippetPiece};
pub use ids::{AccountId, AgentId, BlockId, DraftId, FollowUpId, LaunchId, RunId, ShotId};
pub use key_shape::{KeyKind, KeyShape};
pub use launch::{Decision, Launch, LaunchState, Waiting};
pub use list::{ListFilter, ListGrouping, ListSettings, ListSort, Origin, Standing, Within};
pub use markdown::{CodeKind, CodeRun, ImageSource, Inline, Item, Node, OutsidePicture};
pub use repository::{Model, ModelVariant, Repositories, Repository, RepositoryOrigin};
pub use row::{Group, Row, RowState, RowTarget};
pub use sendoff_shots::TextShape;
pub use settings::{OnClose, Settings, Theme};
pub use spending::{
    AlarmBy, AlarmStop, DaySpent, Estimate, LimitReached, Limits, Outlook, PartSpent, RunAlarm, Spending,
    SpendingRange, SpendingRules, Spent,
};
pub use transcript::{Block, BlockKind, Ending, Step, StepDetail, StepState};

#[cfg(test)]
mod bindings;

/// Milliseconds since 1970-01-01T00:00:00Z by the clock of this computer.
pub type Time = u64;
