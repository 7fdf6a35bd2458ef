//! Runs: one prompt each on an agent (API v1).

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::decode::{null_as_default, whole_number};
use crate::open_enum::open_enum;
use crate::{AgentId, RunId, Timestamp};

open_enum! {
    /// How far a run is.
    pub enum RunStatus {
        /// Its machine is being made ready.
        Creating = "CREATING",
        /// It works.
        Running = "RUNNING",
        /// It ended well.
        Finished = "FINISHED",
        /// It ended badly, often without a reason.
        Error = "ERROR",
        /// It was stopped; the agent can be given a new one.
        Cancelled = "CANCELLED",
        /// It ran out of time.
        Expired = "EXPIRED",
    }
}

impl RunStatus {
    /// Whether nothing more will happen. A state this version does not know counts as still open.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Finished | Self::Error | Self::Cancelled | Self::Expired
        )
    }
}

/// A run. Lists leave out `result` and `duration_ms`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its identifier.
    pub id: RunId,
    /// How far it is.
    pub status: RunStatus,
    /// The agent it belongs to.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// When it was created.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// Stands still while the run works: no sign of life.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// How long it took, in milliseconds, once it is over.
    #[serde(default, deserialize_with = "whole_number")]
    pub duration_ms: Option<u64>,
    /// The last words of the agent, once it is over.
    #[serde(default)]
    pub result: Option<String>,
    /// What was pushed so far: by the agent as a whole, not by this run alone.
    #[serde(default)]
    pub git: Option<Git>,
    /// Why it failed, if the server says so.
    #[serde(default, deserialize_with = "run_failure")]
    pub error: Option<RunFailure>,
    /// The server's name for the work, for support.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// What an agent pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Git {
    /// One entry per repository and branch.
    #[serde(default, deserialize_with = "null_as_default")]
    pub branches: Vec<Branch>,
}

/// A branch an agent pushed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Branch {
    /// The repository without a scheme, such as `github.com/acme/web`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub repo_url: String,
    /// The branch.
    #[serde(default)]
    pub branch: Option<String>,
    /// Its pull request.
    #[serde(default)]
    pub pr_url: Option<String>,
}

/// Why a run failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFailure {
    /// The server's words.
    pub message: Option<String>,
    /// The server's code.
    pub code: Option<String>,
}

/// The field is not in the reference; it has been seen as an object and may be a plain text.
fn run_failure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RunFailure>, D::Error> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    Ok(match Value::deserialize(deserializer)? {
        Value::String(message) => Some(RunFailure {
            message: Some(message),
            code: None,
        }),
        Value::Object(fields) => Some(RunFailure {
            message: text(fields.get("message")),
            code: text(fields.get("code")),
        }),
        _ => None,
    })
}

/// `{"run": Run}` as documented, or the run by itself, as one server was seen to answer.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum RunAnswer {
    Wrapped { run: Run },
    Bare(Run),
}

impl From<RunAnswer> for Run {
    fn from(answer: RunAnswer) -> Self {
        match answer {
            RunAnswer::Wrapped { run } | RunAnswer::Bare(run) => run,
        }
    }
}
