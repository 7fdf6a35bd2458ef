//! The two requests that start work: create an agent, create a run (API v1).
//!
//! Absent on purpose: the fields that only the official SDK knows, and the `Idempotency-Key` header,
//! which the server ignores. The identifier minted by the caller is what makes a launch repeatable.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::InvalidRequest;
use super::body::{PictureStyle, RequestBody};
use super::parts::{Environment, McpServer, Mode, ModelChoice, Prompt, RepositoryTarget, Subagent};
use super::validate;
use crate::AgentId;

/// API v1, create agent: a new agent and its first run.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAgent {
    /// What to do. Written first in the body, apart from the other fields.
    #[serde(skip)]
    pub prompt: Prompt,
    /// An identifier minted by the caller: sending it twice creates one agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<AgentId>,
    /// The model; the account's default when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelChoice>,
    /// A name of 1 to 100 characters; made from the prompt when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Environment>,
    /// Up to 20 repositories; none for an agent without one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repos: Vec<RepositoryTarget>,
    /// Push to the starting branch itself instead of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_on_current_branch: Option<bool>,
    /// Open a pull request when the run is over.
    #[serde(rename = "autoCreatePR", skip_serializing_if = "Option::is_none")]
    pub auto_create_pr: Option<bool>,
    /// With `auto_create_pr` only: ask nobody to review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_reviewer_request: Option<bool>,
    /// Up to 50 variables of the environment. They exclude `agent_id`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env_vars: BTreeMap<String, String>,
    /// Up to 50 servers of tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mcp_servers: Vec<McpServer>,
    /// Up to 20 helpers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_subagents: Vec<Subagent>,
    /// How to work; `agent` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
}

impl CreateAgent {
    /// Checks the request and fixes its bytes. The same request gives the same bytes; no file is read.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`]: what the API would refuse (API §5.1.1).
    pub fn body(&self) -> Result<RequestBody, InvalidRequest> {
        validate::check_create_agent(self)?;
        RequestBody::build(&self.prompt, PictureStyle::V1, self)
    }
}

impl fmt::Debug for CreateAgent {
    /// Leaves out the values of variables: they may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CreateAgent")
            .field("agent_id", &self.agent_id)
            .field("prompt", &self.prompt)
            .field("model", &self.model)
            .field("name", &self.name)
            .field("env", &self.env)
            .field("repos", &self.repos)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// API v1, create run: one more prompt on an agent that is not busy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRun {
    /// What to do. Written first in the body, apart from the other fields.
    #[serde(skip)]
    pub prompt: Prompt,
    /// Replaces the servers of tools for this run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mcp_servers: Vec<McpServer>,
    /// How to work. When absent the conversation keeps its mode, so a plan stays a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The model from now on. It is not in the published reference; the server takes it and keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelChoice>,
}

impl CreateRun {
    /// Checks the request and fixes its bytes. The same request gives the same bytes; no file is read.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`]: what the API would refuse (API §6.2).
    pub fn body(&self) -> Result<RequestBody, InvalidRequest> {
        validate::check_create_run(self)?;
        RequestBody::build(&self.prompt, PictureStyle::V1, self)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::TryStreamExt as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::{EnvironmentKind, McpTransport, ModelSetting, OAuthClient, Picture, PictureType, SubagentModel};

    fn agent() -> CreateAgent {
        CreateAgent {
            prompt: Prompt {
                text: "Add a health check".to_owned(),
                images: vec![],
            },
            ..Default::default()
        }
    }

    async fn json_of(body: RequestBody) -> Value {
        let chunks: Vec<Bytes> = body.stream().try_collect().await.unwrap();
        serde_json::from_slice(&chunks.concat()).unwrap()
    }

    #[tokio::test]
    async fn a_full_request_is_spelled_as_documented() {
        let request = CreateAgent {
            agent_id: AgentId::parse("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11").ok(),
            model: Some(ModelChoice {
                id: "composer-2.5".to_owned(),
                settings: vec![ModelSetting {
                    id: "fast".to_owned(),
                    value: "false".to_owned(),
                }],
            }),
            name: Some("Mock match".to_owned()),
            env: Some(Environment {
                kind: EnvironmentKind::Cloud,
                name: None,
            }),
            repos: vec![RepositoryTarget {
                url: "https://github.com/acme/web".to_owned(),
                starting_ref: Some("main".to_owned()),
                pr_url: None,
            }],
            work_on_current_branch: Some(false),
            auto_create_pr: Some(true),
            skip_reviewer_request: Some(true),
            mcp_servers: vec![
                McpServer::Remote {
                    name: "docs".to_owned(),
                    transport: None,
                    url: "https://mcp.example.com/mcp".to_owned(),
                    headers: [("X".to_owned(), "y".to_owned())].into(),
                    auth: Some(OAuthClient {
                        client_id: "c".to_owned(),
                        client_secret: None,
                        scopes: vec![],
                    }),
                },
                McpServer::Remote {
                    name: "events".to_owned(),
                    transport: Some(McpTransport::Sse),
                    url: "https://mcp.example.com/sse".to_owned(),
                    headers: BTreeMap::new(),
                    auth: None,
                },
                McpServer::Command {
                    name: "fs".to_owned(),
                    command: "npx".to_owned(),
                    args: vec!["-y".to_owned()],
                    env: BTreeMap::new(),
                },
            ],
            custom_subagents: [
                SubagentModel::Inherit,
                SubagentModel::Named("composer-2.5".to_owned()),
                SubagentModel::Chosen(ModelChoice {
                    id: "composer-2.5".to_owned(),
                    settings: vec![ModelSetting {
                        id: "fast".to_owned(),
                        value: "true".to_owned(),
                    }],
                }),
            ]
            .into_iter()
            .enumerate()
            .map(|(place, model)| Subagent {
                name: format!("critic-{place}"),
                description: "Looks closely".to_owned(),
                prompt: "Find what is crooked".to_owned(),
                model: Some(model),
            })
            .collect(),
            mode: Some(Mode::Plan),
            ..agent()
        };
        let subagent = |name: &str, model: Value| json!({"name": name, "description": "Looks closely", "prompt": "Find what is crooked", "model": model});
        let expected = json!({
            "prompt": {"text": "Add a health check"},
            "agentId": "bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11",
            "model": {"id": "composer-2.5", "params": [{"id": "fast", "value": "false"}]},
            "name": "Mock match",
            "env": {"type": "cloud"},
            "repos": [{"url": "https://github.com/acme/web", "startingRef": "main"}],
            "workOnCurrentBranch": false,
            "autoCreatePR": true,
            "skipReviewerRequest": true,
            "mcpServers": [
                {"name": "docs", "url": "https://mcp.example.com/mcp", "headers": {"X": "y"}, "auth": {"CLIENT_ID": "c"}},
                {"name": "events", "type": "sse", "url": "https://mcp.example.com/sse"},
                {"name": "fs", "command": "npx", "args": ["-y"]},
            ],
            "customSubagents": [
                subagent("critic-0", json!("inherit")),
                subagent("critic-1", json!("composer-2.5")),
                subagent("critic-2", json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "true"}]})),
            ],
            "mode": "plan",
        });
        assert_eq!(json_of(request.body().unwrap()).await, expected);
        let least = json!({"prompt": {"text": "Add a health check"}});
        assert_eq!(
            json_of(agent().body().unwrap()).await,
            least,
            "what is not said is not sent, least of all as null"
        );
    }

    #[test]
    fn what_the_api_would_refuse_is_not_sent() {
        let prompt = |text: &str, images: Vec<Picture>| Prompt {
            text: text.to_owned(),
            images,
        };
        let memory = |bytes: usize| Picture::Memory {
            content: Bytes::from(vec![0; bytes]),
            mime: PictureType::Png,
            dimension: None,
        };
        let url = |url: &str| Picture::Url {
            url: url.to_owned(),
            dimension: None,
        };
        let repository = |url: &str| RepositoryTarget {
            url: url.to_owned(),
            ..Default::default()
        };
        let tool = |name: &str| McpServer::Command {
            name: name.to_owned(),
            command: "x".to_owned(),
            args: vec![],
            env: BTreeMap::new(),
        };
        let variable = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let id = AgentId::parse("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11").ok();
        let field = |field| Err(InvalidRequest::Field { field });
        let table: Vec<(&str, CreateAgent, Result<(), InvalidRequest>)> = vec![
            ("least", agent(), Ok(())),
            (
                "no words",
                CreateAgent {
                    prompt: prompt(" \n", vec![]),
                    ..agent()
                },
                Err(InvalidRequest::EmptyPrompt),
            ),
            (
                "six pictures",
                CreateAgent {
                    prompt: prompt("x", vec![memory(1); 6]),
                    ..agent()
                },
                Err(InvalidRequest::TooManyPictures { count: 6 }),
            ),
            (
                "five pictures",
                CreateAgent {
                    prompt: prompt("x", vec![memory(1); 5]),
                    ..agent()
                },
                Ok(()),
            ),
            (
                "an empty picture",
                CreateAgent {
                    prompt: prompt("x", vec![memory(1), memory(0)]),
                    ..agent()
                },
                Err(InvalidRequest::EmptyPicture { place: 1 }),
            ),
            (
                "15 MB",
                CreateAgent {
                    prompt: prompt("x", vec![memory(15_000_000)]),
                    ..agent()
                },
                Ok(()),
            ),
            (
                "a byte more",
                CreateAgent {
                    prompt: prompt("x", vec![memory(15_000_001)]),
                    ..agent()
                },
                Err(InvalidRequest::PictureTooLarge {
                    place: 0,
                    bytes: 15_000_001,
                }),
            ),
            (
                "a local address",
                CreateAgent {
                    prompt: prompt("x", vec![url("file:///etc/passwd")]),
                    ..agent()
                },
                Err(InvalidRequest::PictureAddress { place: 0 }),
            ),
            (
                "id and variables",
                CreateAgent {
                    agent_id: id.clone(),
                    env_vars: variable("A", "b"),
                    ..agent()
                },
                Err(InvalidRequest::Exclusive {
                    first: "agentId",
                    second: "envVars",
                }),
            ),
            (
                "a reserved variable",
                CreateAgent {
                    env_vars: variable("CURSOR_X", "b"),
                    ..agent()
                },
                field("envVars"),
            ),
            (
                "an empty variable",
                CreateAgent {
                    env_vars: variable("A", ""),
                    ..agent()
                },
                field("envVars"),
            ),
            (
                "a name of 100",
                CreateAgent {
                    name: Some("é".repeat(100)),
                    ..agent()
                },
                Ok(()),
            ),
            (
                "a name of 101",
                CreateAgent {
                    name: Some("é".repeat(101)),
                    ..agent()
                },
                field("name"),
            ),
            (
                "a repository without scheme",
                CreateAgent {
                    repos: vec![repository("github.com/a/b")],
                    ..agent()
                },
                field("repos.url"),
            ),
            (
                "21 repositories",
                CreateAgent {
                    repos: vec![repository("https://github.com/a/b"); 21],
                    ..agent()
                },
                Err(InvalidRequest::TooMany {
                    field: "repos",
                    count: 21,
                    limit: 20,
                }),
            ),
            (
                "a named environment with repositories",
                CreateAgent {
                    env: Some(Environment {
                        kind: EnvironmentKind::Cloud,
                        name: Some("n".to_owned()),
                    }),
                    repos: vec![repository("https://github.com/a/b")],
                    ..agent()
                },
                Err(InvalidRequest::Exclusive {
                    first: "env.name",
                    second: "repos",
                }),
            ),
            (
                "one name twice",
                CreateAgent {
                    mcp_servers: vec![tool("a"), tool("b"), tool("a")],
                    ..agent()
                },
                Err(InvalidRequest::Duplicate { field: "mcpServers" }),
            ),
            (
                "a model without id",
                CreateAgent {
                    model: Some(ModelChoice {
                        id: String::new(),
                        settings: vec![],
                    }),
                    ..agent()
                },
                field("model.id"),
            ),
        ];
        for (name, request, expected) in table {
            assert_eq!(request.body().map(drop), expected, "{name}");
        }
    }

    #[test]
    fn secrets_do_not_show() {
        let request = CreateAgent {
            env_vars: BTreeMap::from([("TOKEN".to_owned(), "hunter2".to_owned())]),
            mcp_servers: vec![McpServer::Remote {
                name: "docs".to_owned(),
                transport: None,
                url: "https://mcp.example.com".to_owned(),
                headers: BTreeMap::from([("Authorization".to_owned(), "hunter2".to_owned())]),
                auth: None,
            }],
            ..agent()
        };
        let shown = format!("{request:?} {:?}", request.mcp_servers);
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
