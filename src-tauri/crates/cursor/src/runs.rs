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
        matches!(self, Self::Finished | Self::Error | Self::Cancelled | Self::Expired)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_in_all_its_states() {
        let least = Run {
            id: serde_json::from_value("run-1".into()).unwrap(),
            status: RunStatus::Running,
            agent_id: None,
            created_at: None,
            updated_at: None,
            duration_ms: None,
            result: None,
            git: None,
            error: None,
            request_id: None,
        };
        let failure = |message: Option<&str>, code: Option<&str>| {
            Some(RunFailure {
                message: message.map(str::to_owned),
                code: code.map(str::to_owned),
            })
        };
        let table = [
            (r#"{"id":"run-1","status":"RUNNING","durationMs":null}"#, least.clone()),
            (
                r#"{"id":"run-1","status":"FINISHED","durationMs":12357.4,"result":"Done.",
                    "git":{"branches":[{"repoUrl":"github.com/a/b","branch":"c","prUrl":null}]}}"#,
                Run {
                    status: RunStatus::Finished,
                    duration_ms: Some(12_357),
                    result: Some("Done.".to_owned()),
                    git: Some(Git {
                        branches: vec![Branch {
                            repo_url: "github.com/a/b".to_owned(),
                            branch: Some("c".to_owned()),
                            pr_url: None,
                        }],
                    }),
                    ..least.clone()
                },
            ),
            (
                r#"{"id":"run-1","status":"ERROR","error":"out of luck","git":{}}"#,
                Run {
                    status: RunStatus::Error,
                    error: failure(Some("out of luck"), None),
                    git: Some(Git::default()),
                    ..least.clone()
                },
            ),
            (
                r#"{"id":"run-1","status":"HIBERNATING","error":{"message":"m","code":"c","more":1}}"#,
                Run {
                    status: RunStatus::Other("HIBERNATING".into()),
                    error: failure(Some("m"), Some("c")),
                    ..least
                },
            ),
        ];
        for (json, expected) in table {
            assert_eq!(serde_json::from_str::<Run>(json).unwrap(), expected, "{json}");
            let wrapped: RunAnswer = serde_json::from_str(&format!(r#"{{"run":{json}}}"#)).unwrap();
            let bare: RunAnswer = serde_json::from_str(json).unwrap();
            assert_eq!(
                (Run::from(wrapped), Run::from(bare)),
                (expected.clone(), expected),
                "with and without a wrapper"
            );
        }
    }

    #[test]
    fn an_unknown_state_is_not_an_end() {
        let terminal: Vec<bool> = [
            "CREATING",
            "RUNNING",
            "FINISHED",
            "ERROR",
            "CANCELLED",
            "EXPIRED",
            "NEW",
        ]
        .map(|text| RunStatus::from(text).is_terminal())
        .into();
        assert_eq!(terminal, [false, false, true, true, true, true, false]);
    }
}
