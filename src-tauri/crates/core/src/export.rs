//! A conversation as a file of its own, for somebody who has no Sendoff: Markdown, or one page of HTML without scripts.
//! Pure. Nothing in it looks like a key, or names a folder of this computer.

mod html;
mod markdown;
mod private;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Block;

pub use private::Private;
pub use words::Words;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The title of the agent; hostile text.
    pub title: String,
    /// The address of its repository.
    pub repository: Option<String>,
    /// The branches it pushed; hostile text.
    pub branches: Vec<String>,
    /// The addresses of its pull requests.
    pub pull_requests: Vec<String>,
    /// Files it left, the first of them. What a run cost is not told: a file is for others.
    pub files: Vec<LeftFile>,
    /// How many more there are.
    pub more_files: usize,
    /// What was said and done, in order.
    pub blocks: Vec<Block>,
    /// Pictures of the user and of the agent by their hash, as far as they are to be in the file.
    pub pictures: BTreeMap<String, Picture>,
}

/// A file that the agent left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftFile {
    /// Its path; hostile text.
    pub name: String,
    /// The hash of the picture that it is.
    pub picture: Option<String>,
}

/// A picture that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its media type.
    pub mime: &'static str,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
}

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// Markdown, without pictures.
    Markdown,
    /// One page of HTML, with pictures in it.
    Html,
}

impl ExportFormat {
    /// The ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// Writes a conversation.
pub fn write(conversation: &Conversation, format: ExportFormat, words: &Words, private: &Private) -> String {
    match format {
        ExportFormat::Markdown => markdown::write(conversation, words, private),
        ExportFormat::Html => html::write(conversation, words, private),
    }
}

#[cfg(test)]
mod tests;
