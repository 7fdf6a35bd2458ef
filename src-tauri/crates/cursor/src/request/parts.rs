//! The parts of a request to create an agent or a run (API v1).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Picture;

/// What the agent is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// The words; never empty. No greatest length is published.
    pub text: String,
    /// Up to five pictures.
    pub images: Vec<Picture>,
}

/// How the agent works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Do the work.
    Agent,
    /// Write a plan first and wait.
    Plan,
}

/// A model with its settings. The pair must be one of the published variants, so it is safest to take
/// it from [`Model::default_choice`](crate::Model::default_choice).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelChoice {
    /// The model's identifier or one of its aliases.
    pub id: String,
    /// Its settings; left out when empty.
    #[serde(default, rename = "params", skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<ModelSetting>,
}

/// One setting of a model; values are text even where they mean true or false.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelSetting {
    /// Which setting.
    pub id: String,
    /// Its value.
    pub value: String,
}

crate::open_enum::open_enum! {
    /// Where an agent runs.
    pub enum EnvironmentKind {
        /// A machine of Cursor's cloud.
        Cloud = "cloud",
        /// A machine out of a self-hosted pool.
        Pool = "pool",
        /// One self-hosted machine.
        Machine = "machine",
    }
}

/// The environment of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Environment {
    /// What kind of machine.
    #[serde(rename = "type")]
    pub kind: EnvironmentKind,
    /// The name of the environment, pool or machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A repository the agent works on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryTarget {
    /// Its address with `https://`; needed even beside `pr_url`.
    pub url: String,
    /// The branch (or commit, which has been refused at times) to start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starting_ref: Option<String>,
    /// A pull request to work on; then `starting_ref` is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pr_url: Option<String>,
}

/// A server of tools for the agent. Its values may be secrets, so `Debug` shows names only.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum McpServer {
    /// A program started beside the agent.
    Command {
        /// Its name, unique in the request.
        name: String,
        /// The program.
        command: String,
        /// Its arguments.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        args: Vec<String>,
        /// Its environment.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        env: BTreeMap<String, String>,
    },
    /// A server reached by http(s).
    Remote {
        /// Its name, unique in the request.
        name: String,
        /// How it is spoken to; `http` when absent.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        transport: Option<McpTransport>,
        /// Its address, without user or password.
        url: String,
        /// Headers of every call.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// How to sign in.
        #[serde(skip_serializing_if = "Option::is_none")]
        auth: Option<OAuthClient>,
    },
}

/// How a remote server of tools is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum McpTransport {
    /// Requests and answers over http(s).
    Http,
    /// Server-sent events.
    Sse,
}

impl McpServer {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Command { name, .. } | Self::Remote { name, .. } => name,
        }
    }
}

impl fmt::Debug for McpServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("McpServer")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

/// How to sign in to a remote server of tools. The spellings on the wire are upper-case.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct OAuthClient {
    /// `CLIENT_ID`
    #[serde(rename = "CLIENT_ID")]
    pub client_id: String,
    /// `CLIENT_SECRET`
    #[serde(rename = "CLIENT_SECRET", skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// `scopes`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OAuthClient(<redacted>)")
    }
}

/// A helper that the agent may call on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subagent {
    /// Its name, up to 100 characters, unique and none of the built-in ones.
    pub name: String,
    /// What it is for, up to 1,000 characters.
    pub description: String,
    /// Its instructions, up to 8,192 characters.
    pub prompt: String,
    /// Its model; the server's choice when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<SubagentModel>,
}

/// The model of a helper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubagentModel {
    /// That of the agent: `inherit`.
    Inherit,
    /// A model by its identifier.
    Named(String),
    /// A model with its settings.
    Chosen(ModelChoice),
}

impl Serialize for SubagentModel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Inherit => serializer.serialize_str("inherit"),
            Self::Named(id) => serializer.serialize_str(id),
            Self::Chosen(choice) => choice.serialize(serializer),
        }
    }
}
