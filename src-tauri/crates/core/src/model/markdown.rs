//! Markdown as a typed tree. Nothing from outside is ever HTML: what is not in this list is plain text.

use serde::{Deserialize, Serialize};

/// A block of markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "node", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Node {
    /// A paragraph.
    Paragraph {
        /// Its content.
        content: Vec<Inline>,
    },
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its content.
        content: Vec<Inline>,
    },
    /// A code block.
    Code {
        /// Its language as written; hostile text, may be empty.
        language: String,
        /// The code.
        text: String,
    },
    /// A list.
    List {
        /// First number of an ordered list.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quote {
        /// Its content.
        content: Vec<Node>,
    },
    /// A table.
    Table {
        /// The heading row.
        head: Vec<Vec<Inline>>,
        /// The other rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A thematic break.
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Whether it is ticked, for task lists.
    pub ticked: Option<bool>,
    /// Its content.
    pub content: Vec<Node>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "inline", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Inline {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// Code within a line.
    Code {
        /// The code.
        text: String,
    },
    /// Emphasis.
    Emphasis {
        /// Its content.
        content: Vec<Inline>,
    },
    /// Strong emphasis.
    Strong {
        /// Its content.
        content: Vec<Inline>,
    },
    /// Struck out.
    Struck {
        /// Its content.
        content: Vec<Inline>,
    },
    /// A link whose address passed the allow-list (`https`, `http`, `mailto`); others become text.
    Link {
        /// The address.
        url: String,
        /// Its content.
        content: Vec<Inline>,
    },
    /// A picture from elsewhere: never loaded by itself, shown as its description.
    Image {
        /// The description.
        alt: String,
        /// Where it may be fetched from when somebody asks for it; none where it may not.
        #[serde(default)]
        source: Option<ImageSource>,
    },
    /// A line break.
    Break,
}

/// Where a picture may be fetched from: `https`, and a host of the closed list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ImageSource {
    /// The address.
    pub url: String,
    /// Its host, to be shown.
    pub host: String,
}

/// A picture that was fetched from elsewhere because somebody asked for it. It is kept in memory for a while, never on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct OutsidePicture {
    /// What it is drawn by, at most 1,600 pixels wide.
    pub hash: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A part of code: its kind, and its length in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CodeRun(pub CodeKind, pub u32);

/// The kind of a part of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum CodeKind {
    /// Nothing of the others.
    Plain,
    /// A word of the language.
    Keyword,
    /// Text within code.
    Text,
    /// A comment.
    Comment,
    /// A number, or another fixed value.
    Number,
    /// The name of a type or a tag.
    Type,
    /// The name of a function.
    Function,
    /// The name of a property or an attribute.
    Property,
    /// A line that was added.
    Added,
    /// A line that was removed.
    Removed,
}
