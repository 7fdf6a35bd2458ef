//! What API v0 answers.

use serde::Deserialize;

use crate::decode::{null_as_default, whole_number};
use crate::open_enum::open_enum;
use crate::{AgentId, PageOf, Timestamp};

/// One page of agents.
pub type AgentPage = PageOf<Agent>;

open_enum! {
    /// How far an agent is: lifecycle and progress in one. Treat what is unknown as not a success.
    pub enum AgentStatus {
        /// Its machine is being made ready.
        Creating = "CREATING",
        /// It works.
        Running = "RUNNING",
        /// It ended well.
        Finished = "FINISHED",
        /// It ended badly.
        Error = "ERROR",
        /// It ran out of time.
        Expired = "EXPIRED",
        /// It was stopped; not in the published list.
        Stopped = "STOPPED",
        /// It was stopped; not in the published list.
        Cancelled = "CANCELLED",
    }
}

/// An agent. Whatever the server may leave out is optional.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// Its identifier, the same as in v1.
    pub id: AgentId,
    /// How far it is.
    pub status: AgentStatus,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it works on.
    #[serde(default, deserialize_with = "null_as_default")]
    pub source: Source,
    /// What it makes.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target: Target,
    /// What it did, in words.
    #[serde(default)]
    pub summary: Option<String>,
    /// When it was launched.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// Lines added; undocumented.
    #[serde(default, deserialize_with = "whole_number")]
    pub lines_added: Option<u64>,
    /// Lines removed; undocumented.
    #[serde(default, deserialize_with = "whole_number")]
    pub lines_removed: Option<u64>,
    /// Files changed; undocumented.
    #[serde(default, deserialize_with = "whole_number")]
    pub files_changed: Option<u64>,
}

/// What an agent works on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Source {
    /// The repository with `https://`.
    pub repository: Option<String>,
    /// The branch or commit.
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// The pull request.
    pub pr_url: Option<String>,
}

/// What an agent makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Target {
    /// Its page on the web.
    pub url: Option<String>,
    /// Its branch.
    pub branch_name: Option<String>,
    /// Its pull request.
    pub pr_url: Option<String>,
    /// Whether it opens a pull request by itself.
    pub auto_create_pr: Option<bool>,
    /// Whether that is opened as Cursor's app.
    pub open_as_cursor_github_app: Option<bool>,
    /// Whether nobody is asked to review.
    pub skip_reviewer_request: Option<bool>,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Conversation {
    /// Whose conversation.
    #[serde(default)]
    pub id: Option<AgentId>,
    /// Oldest first.
    #[serde(default, deserialize_with = "null_as_default")]
    pub messages: Vec<Message>,
}

open_enum! {
    /// Who said it.
    pub enum MessageKind {
        /// The user.
        User = "user_message",
        /// The agent.
        Assistant = "assistant_message",
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// Its identifier, stable over calls.
    #[serde(default, deserialize_with = "null_as_default")]
    pub id: String,
    /// Who said it.
    #[serde(rename = "type")]
    pub kind: MessageKind,
    /// What was said. Hostile text: show it as text only.
    #[serde(default, deserialize_with = "null_as_default")]
    pub text: String,
}

/// A repository that the account's GitHub connection covers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// Who owns it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub owner: String,
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// Its address.
    pub repository: String,
}

#[derive(Deserialize)]
pub(super) struct Models {
    #[serde(default, deserialize_with = "null_as_default")]
    pub(super) models: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Repositories {
    #[serde(default, deserialize_with = "null_as_default")]
    pub(super) repositories: Vec<Repository>,
}
