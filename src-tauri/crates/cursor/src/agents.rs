//! Agents: the durable conversations and their lists (API v1).

use serde::{Deserialize, Serialize};

use crate::decode::null_as_default;
use crate::open_enum::open_enum;
use crate::{AgentId, Environment, RepositoryTarget, Run, RunId, Timestamp};

open_enum! {
    /// The lifecycle of an agent. It says nothing about progress: that is on the run.
    pub enum AgentStatus {
        /// A turn is running or about to.
        Active = "ACTIVE",
        /// The last turn is over; more is welcome.
        Idle = "IDLE",
        /// Readable only, until it is unarchived.
        Archived = "ARCHIVED",
    }
}

/// An agent as create, get and list give it. Whatever the server may leave out is optional.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// Its identifier.
    pub id: AgentId,
    /// Its lifecycle.
    pub status: AgentStatus,
    /// Its name; absent until one was made from the prompt.
    #[serde(default)]
    pub name: Option<String>,
    /// Where it runs.
    #[serde(default)]
    pub env: Option<Environment>,
    /// Its repositories; lists may leave them out.
    #[serde(default, deserialize_with = "null_as_default")]
    pub repos: Vec<RepositoryTarget>,
    /// Whether it pushes to the starting branch itself.
    #[serde(default)]
    pub work_on_current_branch: Option<bool>,
    /// Whether it opens a pull request by itself.
    #[serde(default, rename = "autoCreatePR")]
    pub auto_create_pr: Option<bool>,
    /// Whether it asks nobody to review.
    #[serde(default)]
    pub skip_reviewer_request: Option<bool>,
    /// Its page on the web.
    #[serde(default)]
    pub url: Option<String>,
    /// When it was created.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When its state last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// Its newest run.
    #[serde(default)]
    pub latest_run_id: Option<RunId>,
}

/// The answer to create agent: the agent and its first run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedAgent {
    /// The new agent.
    pub agent: Agent,
    /// Its first run.
    pub run: Run,
}

/// Where a page starts: opaque, only ever handed back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// The text to hand back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many entries, 1 to 100; the server's 20 when absent. Brought into range before it is sent.
    pub limit: Option<u8>,
    /// Where to start; at the newest when absent.
    pub cursor: Option<Cursor>,
}

impl Page {
    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        let limit = self.limit.map(|limit| ("limit", limit.clamp(1, 100).to_string()));
        let cursor = self
            .cursor
            .as_ref()
            .map(|cursor| ("cursor", cursor.as_str().to_owned()));
        limit.into_iter().chain(cursor).collect()
    }
}

/// Which agents to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFilter {
    /// Only those of this pull request.
    pub pr_url: Option<String>,
    /// Whether archived ones are listed; they are when absent.
    pub include_archived: Option<bool>,
}

impl AgentFilter {
    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        let pr_url = self.pr_url.clone().map(|url| ("prUrl", url));
        let archived = self
            .include_archived
            .map(|value| ("includeArchived", value.to_string()));
        pr_url.into_iter().chain(archived).collect()
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct PageOf<T> {
    /// The entries.
    #[serde(default, deserialize_with = "null_as_default", alias = "agents")]
    pub items: Vec<T>,
    /// Where the next page starts; absent at the end.
    #[serde(default, deserialize_with = "cursor_unless_empty")]
    pub next_cursor: Option<Cursor>,
}

/// Absent, `null` and the empty text all mean the end of the list.
fn cursor_unless_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Cursor>, D::Error> {
    Ok(Option::<Cursor>::deserialize(deserializer)?.filter(|cursor| !cursor.as_str().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EnvironmentKind;

    fn id(text: &str) -> AgentId {
        serde_json::from_value(text.into()).unwrap()
    }

    fn least() -> Agent {
        Agent {
            id: id("bc-1"),
            status: AgentStatus::Other("SLEEPING".into()),
            name: None,
            env: None,
            repos: vec![],
            work_on_current_branch: None,
            auto_create_pr: None,
            skip_reviewer_request: None,
            url: None,
            created_at: None,
            updated_at: None,
            latest_run_id: None,
        }
    }

    #[test]
    fn an_agent_may_say_little_nothing_or_more_than_is_known() {
        let table = [
            (r#"{"id":"bc-1","status":"SLEEPING"}"#, least()),
            (
                r#"{"id":"bc-1","status":"SLEEPING","name":null,"env":null,"repos":null,"latestRunId":null}"#,
                least(),
            ),
            (
                r#"{"id":"bc-1","status":"IDLE","name":"n","env":{"type":"moon","name":null},"repos":[{"url":"u","startingRef":null}],
                    "autoCreatePR":true,"url":"w","createdAt":"2026-04-13T18:30:00.000Z","latestRunId":"run-1","future":{"a":[1]}}"#,
                Agent {
                    status: AgentStatus::Idle,
                    name: Some("n".to_owned()),
                    env: Some(Environment {
                        kind: EnvironmentKind::Other("moon".into()),
                        name: None,
                    }),
                    repos: vec![RepositoryTarget {
                        url: "u".to_owned(),
                        ..Default::default()
                    }],
                    auto_create_pr: Some(true),
                    url: Some("w".to_owned()),
                    created_at: Some("2026-04-13T18:30:00.000Z".into()),
                    latest_run_id: serde_json::from_value("run-1".into()).ok(),
                    ..least()
                },
            ),
        ];
        for (json, expected) in table {
            assert_eq!(serde_json::from_str::<Agent>(json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn a_list_ends_in_three_spellings() {
        let page = |next: Option<&str>| PageOf {
            items: vec![least()],
            next_cursor: next.map(Cursor::from),
        };
        let item = r#"[{"id":"bc-1","status":"SLEEPING"}]"#;
        let table = [
            (format!(r#"{{"items":{item}}}"#), page(None)),
            (format!(r#"{{"items":{item},"nextCursor":null}}"#), page(None)),
            (format!(r#"{{"items":{item},"nextCursor":""}}"#), page(None)),
            (format!(r#"{{"items":{item},"nextCursor":"bc-2"}}"#), page(Some("bc-2"))),
            (
                format!(r#"{{"agents":{item},"nextCursor":"bc-2"}}"#),
                page(Some("bc-2")),
            ), // v0
        ];
        for (json, expected) in table {
            assert_eq!(
                serde_json::from_str::<PageOf<Agent>>(&json).unwrap(),
                expected,
                "{json}"
            );
        }
    }

    #[test]
    fn only_documented_query_keys_are_sent() {
        let page = Page {
            limit: Some(200),
            cursor: Some("bc-2".into()),
        };
        assert_eq!(
            page.query(),
            [("limit", "100".to_owned()), ("cursor", "bc-2".to_owned())]
        );
        assert_eq!(Page::default().query(), []);
        let filter = AgentFilter {
            pr_url: None,
            include_archived: Some(false),
        };
        assert_eq!(filter.query(), [("includeArchived", "false".to_owned())]);
    }
}
