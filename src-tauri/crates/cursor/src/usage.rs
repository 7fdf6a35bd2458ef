//! What an agent used and cost (API v1, usage).

use serde::Deserialize;

use crate::RunId;
use crate::decode::{null_as_default, whole_number};

/// A number of tokens: what is not one, or is below zero, is none at all, so that one run does not hide the others.
fn tokens<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(whole_number(deserializer)?.unwrap_or_default())
}

/// An amount of money, if it is a number at all.
fn amount<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(serde_json::Value::deserialize(deserializer)?.as_f64())
}

/// Tokens of an agent or a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenCount {
    /// Read by the model.
    #[serde(deserialize_with = "tokens")]
    pub input_tokens: u64,
    /// Written by the model.
    #[serde(deserialize_with = "tokens")]
    pub output_tokens: u64,
    /// Put into the cache.
    #[serde(deserialize_with = "tokens")]
    pub cache_write_tokens: u64,
    /// Taken from the cache.
    #[serde(deserialize_with = "tokens")]
    pub cache_read_tokens: u64,
    /// The sum of the four.
    #[serde(deserialize_with = "tokens")]
    pub total_tokens: u64,
}

/// Money in US cents, with fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cost {
    /// Before discounts.
    #[serde(deserialize_with = "amount")]
    pub raw_cost_cents: Option<f64>,
    /// Really charged: zero when the plan includes it.
    #[serde(deserialize_with = "amount")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_cannot_be_hides_no_other() {
        let told = r#"{"totalUsage": {"inputTokens": -4, "outputTokens": 7, "totalTokens": 1e30},
            "cost": {"rawCostCents": "much", "chargedCents": -2.5}, "runs": [{"id": "run-1", "usage": null}]}"#;
        let usage: Usage = serde_json::from_str(told).unwrap();
        assert_eq!(
            (usage.total_usage, usage.cost),
            (
                TokenCount {
                    output_tokens: 7,
                    total_tokens: u64::MAX,
                    ..TokenCount::default()
                },
                Some(Cost {
                    raw_cost_cents: None,
                    charged_cents: Some(-2.5)
                })
            ),
            "what is below zero is no count, what is too large is the largest, and words are no money"
        );
    }
}
