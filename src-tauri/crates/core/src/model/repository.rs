//! Repositories and models to choose from.

use serde::{Deserialize, Serialize};

use super::{Failure, ModelParameter, Time};

/// A repository the user may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    /// Its address in one spelling, `https://host/owner/name`.
    pub url: String,
    /// The user's own name for it; empty means none, and `owner/name` is shown.
    pub nickname: String,
    /// Color of its dot, an index into the page's palette of twelve.
    pub color: u8,
    /// How often it was sent to from here.
    pub uses: u32,
    /// When it was last sent to from here.
    pub last_used: Option<Time>,
    /// Branches seen with it, latest first, at most 50.
    pub branches: Vec<String>,
    /// Where it is known from.
    pub origin: RepositoryOrigin,
    /// Whether the user put away the reminder of what pictures show.
    #[serde(default)]
    pub reminded: bool,
}

/// Where a repository is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum RepositoryOrigin {
    /// The account's list.
    Listed,
    /// An agent that works on it.
    Seen,
    /// Typed or pasted.
    Typed,
}

/// The kept index of repositories of the active account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Repositories {
    /// Most used first.
    pub items: Vec<Repository>,
    /// When the account's list was last fetched.
    pub listed_at: Option<Time>,
    /// Whether it is being fetched now.
    pub loading: bool,
    /// From when on it may be fetched again (1 a minute, 30 an hour).
    pub refresh_after: Option<Time>,
    /// Why the last fetch failed.
    pub problem: Option<Failure>,
}

/// A model of the live list (API §10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// Identifier.
    pub id: String,
    /// Name as shown by the service.
    pub name: String,
    /// One sentence about it, where given.
    pub description: Option<String>,
    /// Its valid variants; at least one.
    pub variants: Vec<ModelVariant>,
}

/// A valid combination of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ModelVariant {
    /// Name as shown by the service.
    pub name: String,
    /// All its parameters.
    pub parameters: Vec<ModelParameter>,
    /// Whether it is the model's default.
    pub default: bool,
}
