//! Tokens and money: what was used, what a run usually costs, and the user's own limits.
//! Money is in millionths of a US dollar, in whole numbers.

use serde::{Deserialize, Serialize};

use super::RunId;

/// What several runs used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    /// How many runs.
    pub runs: u64,
    /// Tokens read by the model.
    pub input: u64,
    /// Tokens written by it.
    pub output: u64,
    /// Tokens taken from the cache.
    pub cache_read: u64,
    /// Tokens put into the cache.
    pub cache_write: u64,
    /// Millionths of a dollar.
    pub micros: u64,
    /// How many of the runs have no cost, because the service told none.
    pub unpriced: u64,
}

/// The days looked at; today is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SpendingRange {
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// Ninety days.
    Quarter,
}

/// What the active account used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Spending {
    /// All of it.
    pub total: Spent,
    /// Every day, the oldest first.
    pub days: Vec<DaySpent>,
    /// By repository, the dearest first; at most 50.
    pub repositories: Vec<PartSpent>,
    /// By model, likewise.
    pub models: Vec<PartSpent>,
    /// By agent, likewise.
    pub agents: Vec<PartSpent>,
    /// Today and this week, against the user's own limits.
    pub outlook: Limits,
}

/// What was used on a day where the user is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DaySpent {
    /// The day, like `2026-11-25`.
    pub day: String,
    /// What was used.
    pub spent: Spent,
}

/// What was used by one repository, model or agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PartSpent {
    /// Address of the repository, identifier of the model or the agent; none where it is not known. The model that is
    /// empty is the account's default.
    pub of: Option<String>,
    /// The title of the agent, while it is here; hostile text.
    pub title: Option<String>,
    /// What was used.
    pub spent: Spent,
}

/// What may be said before sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Outlook {
    /// What a run like it usually costs; none before there were three.
    pub estimate: Option<Estimate>,
    /// Today and this week, against the user's own limits.
    pub limits: Limits,
}

/// The middle of what earlier runs in the same repository cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Millionths of a dollar.
    pub micros: u64,
    /// Of so many runs.
    pub runs: u64,
    /// Whether they were runs of the same model.
    pub same_model: bool,
}

/// The user's own limits that were reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The one of today, when it was reached.
    pub day: Option<LimitReached>,
    /// The one of this week, when it was reached.
    pub week: Option<LimitReached>,
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LimitReached {
    /// What was spent, in millionths of a dollar.
    pub spent: u64,
    /// The limit, likewise.
    pub limit: u64,
}

/// The user's own limits and alarms. None is off. They hold for each account by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct SpendingRules {
    /// Millionths of a dollar a day.
    pub day_limit: Option<u64>,
    /// Millionths of a dollar a week, which begins on Monday.
    pub week_limit: Option<u64>,
    /// Seconds a run may work before it is told.
    pub alarm_seconds: Option<u64>,
    /// Tokens a run may use before it is told.
    pub alarm_tokens: Option<u64>,
    /// Millionths of a dollar a run may cost before it is told.
    pub alarm_micros: Option<u64>,
    /// Whether a run that is told is stopped too.
    pub alarm_stops: bool,
}

/// That a run went past an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RunAlarm {
    /// The run.
    pub run: RunId,
    /// What it went past.
    pub by: AlarmBy,
    /// What was done about it.
    #[serde(default)]
    pub stop: AlarmStop,
}

/// What was done about a run that went past an alarm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AlarmStop {
    /// Nothing: the user does not want that, or it was over.
    #[default]
    Nothing,
    /// It was asked to stop.
    Asked,
    /// It was to be stopped and could not: that is tried again.
    Owed,
}

/// What a run went past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AlarmBy {
    /// The time.
    Time,
    /// The tokens.
    Tokens,
    /// The money.
    Money,
}
