//! What an agent used and cost (API v1, usage).

use serde::Deserialize;

use crate::RunId;
use crate::decode::null_as_default;

/// Tokens of an agent or a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenCount {
    /// Read by the model.
    #[serde(deserialize_with = "null_as_default")]
    pub input_tokens: u64,
    /// Written by the model.
    #[serde(deserialize_with = "null_as_default")]
    pub output_tokens: u64,
    /// Put into the cache.
    #[serde(deserialize_with = "null_as_default")]
    pub cache_write_tokens: u64,
    /// Taken from the cache.
    #[serde(deserialize_with = "null_as_default")]
    pub cache_read_tokens: u64,
    /// The sum of the four.
    #[serde(deserialize_with = "null_as_default")]
    pub total_tokens: u64,
}

/// Money in US cents, with fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cost {
    /// Before discounts.
    pub raw_cost_cents: Option<f64>,
    /// Really charged: zero when the plan includes it.
    pub charged_cents: Option<f64>,
}

/// The usage of an agent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Usage {
    /// All runs together.
    #[serde(deserialize_with = "null_as_default")]
    pub total_usage: TokenCount,
    /// What it cost; often absent, and late after a run.
    pub cost: Option<Cost>,
    /// One entry per run.
    #[serde(deserialize_with = "null_as_default")]
    pub runs: Vec<RunUsage>,
}

/// The usage of a run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct RunUsage {
    /// Which run.
    pub id: RunId,
    /// Its tokens; zeros when nothing is known.
    #[serde(default, deserialize_with = "null_as_default")]
    pub usage: TokenCount,
    /// What it cost.
    #[serde(default)]
    pub cost: Option<Cost>,
}
