//! How the list is shown: what is left out of it, in which order, and in which groups. Kept with the settings.

use serde::{Deserialize, Serialize};

/// How the list is shown, over a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct ListSettings {
    /// In which order rows stand within their group.
    pub sort: ListSort,
    /// What makes a group.
    pub group_by: ListGrouping,
    /// Which rows are shown.
    pub filter: ListFilter,
}

/// Which rows are shown: those that fit all that is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct ListFilter {
    /// Where they stand.
    pub standing: Option<Standing>,
    /// Address of their repository; it may be one that nothing is known of any more.
    pub repository: Option<String>,
    /// Where they were started.
    pub origin: Option<Origin>,
    /// How long ago they last changed.
    pub within: Option<Within>,
}

/// The order of rows within a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ListSort {
    /// What changed last comes first.
    #[default]
    Latest,
    /// What was made last comes first.
    Newest,
    /// By title.
    Name,
}

/// What makes a group of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ListGrouping {
    /// What they need: a person, time, sending, nothing.
    #[default]
    Need,
    /// Their repository.
    Repository,
    /// The day they last changed.
    Day,
}

/// Where a row stands, as people ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// A person has to do something.
    NeedsYou,
    /// At work.
    Working,
    /// Drafts and waiting launches.
    NotSent,
    /// Over, with a pull request.
    PullRequest,
    /// Over and well.
    Done,
    /// Failed.
    Failed,
    /// Stopped by the user.
    Stopped,
}

/// Where something was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// On this computer.
    Here,
    /// On Cursor's own pages, or another computer.
    Elsewhere,
}

/// How long ago, by the local days of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Within {
    /// Today.
    Today,
    /// Today and the 6 days before.
    Week,
    /// Today and the 29 days before.
    Month,
}
