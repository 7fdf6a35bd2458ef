//! What a search in conversations found.

use serde::{Deserialize, Serialize};

use super::{AgentId, BlockId, RunId, Time};

/// The answer to a search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// What was found, the best first; at most 50.
    pub hits: Vec<Hit>,
    /// Whether not all could be looked at: time was up, or a newer search came.
    pub cut: bool,
}

/// One place where the words stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The agent.
    pub agent: AgentId,
    /// Its title; hostile text, may be empty.
    pub title: String,
    /// The run, where it is known.
    pub run: Option<RunId>,
    /// Where in the agent's page.
    pub place: HitPlace,
    /// When it was said.
    pub at: Time,
    /// One line around it; hostile text.
    pub snippet: Vec<SnippetPiece>,
}

/// Where on the page of an agent something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "place", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum HitPlace {
    /// In a block of its transcript.
    Block {
        /// Which.
        id: BlockId,
    },
    /// In the name of a file it left.
    File {
        /// The file's path.
        path: String,
    },
}

/// A part of a snippet; joined they are the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SnippetPiece {
    /// Its text.
    pub text: String,
    /// Whether these are the words that were looked for.
    pub found: bool,
}
