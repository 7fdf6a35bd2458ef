//! Everything Sendoff keeps on disk: one SQLite database and a folder of blobs, with one owner at a time.
//!
//! The store knows nothing of what it keeps: a row is a few typed key columns and a `body` of JSON that
//! belongs to the caller. Every call is synchronous and short; callers in async code move it off their
//! threads. What the user made (drafts, launches, follow-ups, accounts, settings) is on the platter when
//! the call returns; what can be fetched again (agents, runs, events, documents, repositories, artifacts) may be
//! lost with the power, never with the process.

mod accounts;
mod agents;
mod artifacts;
mod blobs;
mod calls;
mod database;
mod documents;
mod drafts;
mod error;
mod events;
mod follow_ups;
mod launches;
mod notices;
mod open;
mod repositories;
mod runs;
mod schema;
mod search;
mod settings;
mod spending;
mod words;

pub use accounts::AccountRow;
pub use agents::AgentRow;
pub use artifacts::ArtifactRow;
pub use blobs::{BlobHash, InvalidHash, Removed};
pub use database::{BODY_LIMIT, Store};
pub use documents::{DOCUMENT_LIMIT, DocumentRow};
pub use drafts::DraftRow;
pub use error::{OpenError, Origin, StoreError};
pub use events::EventRow;
pub use follow_ups::{FollowUpRow, FollowUpUpdate, Replaced};
pub use launches::{LaunchRow, LaunchUpdate};
pub use open::set_aside;
pub use repositories::RepositoryRow;
pub use runs::RunRow;
pub use search::{Found, Hit, Piece, QUESTION};
pub use spending::{SpendingBy, SpendingRow, SpendingSum};
