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
    pub fn body(&self) -> Result<RequestBody, InvalidRequest> {
        validate::check_create_run(self)?;
        RequestBody::build(&self.prompt, PictureStyle::V1, self)
    }
}
