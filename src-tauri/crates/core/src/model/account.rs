//! Accounts as the page sees them. A key never comes this way: only where it lies and its last four characters.

use serde::{Deserialize, Serialize};

use super::{AccountId, Failure};

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Identifier minted here.
    pub id: AccountId,
    /// Real or practice.
    pub kind: AccountKind,
    /// The person's or key's name as `/v1/me` gave it; empty for practice.
    pub name: String,
    /// Electronic mail address, for user keys only.
    pub email: Option<String>,
    /// Where the key lies.
    pub key: KeyPlace,
    /// The last four characters of the key.
    pub last_four: Option<String>,
    /// Whether the older API (v0) is used.
    pub older_api: bool,
    /// Whether the service said that it does not tell this account what runs used.
    #[serde(default)]
    pub usage_unavailable: bool,
    /// What stands in the way of this account, if anything.
    pub problem: Option<Failure>,
}

/// What an account talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AccountKind {
    /// Cursor's cloud.
    Cursor,
    /// The practice cloud inside this app.
    Practice,
}

/// Where the key of an account lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum KeyPlace {
    /// In the keychain of the system.
    Keychain,
    /// In memory until the app quits, by the user's choice.
    Memory,
    /// Nowhere: it has to be entered again.
    Missing,
    /// None is needed (practice).
    NotNeeded,
}
