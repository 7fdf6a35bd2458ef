//! What a step did, in the detail a developer wants: asked for one call at a time, never part of the feed.

use serde::{Deserialize, Serialize};

use super::{Step, StepState};

/// The calls of tools that a block of steps stands for: they lie together in their run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StepCalls {
    /// The API's identifier of the first.
    pub first: String,
    /// How many they are, the first among them.
    pub count: u32,
}

/// One call of those that a step folds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StepCall {
    /// The API's identifier of the call, unique within its run.
    pub id: String,
    /// What it does.
    pub step: Step,
    /// What it works on: a path, a pattern, an address; at most 300 characters of hostile text.
    pub object: Option<String>,
}

/// One call of a tool. All texts are hostile, made safe to show, and together at most 256 KiB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CallDetail {
    /// The name of the tool as the API gave it, at most 300 characters.
    pub tool: String,
    /// How far it is.
    pub state: StepState,
    /// How long it took in milliseconds, once it is over.
    pub took: Option<u64>,
    /// What is known of it, in the order to be read.
    pub parts: Vec<CallPart>,
    /// Whether the service left its arguments or its result out, for their size.
    pub withheld: bool,
}

/// A part of what is known of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "part", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CallPart {
    /// The command that ran.
    Command {
        /// The command.
        clip: Clip,
        /// The folder it ran in.
        folder: Option<String>,
    },
    /// What a command wrote.
    Output {
        /// The text.
        clip: Clip,
        /// Whether to its standard error.
        error: bool,
    },
    /// What a command ended with; 0 is success.
    ExitCode {
        /// The code.
        code: i64,
    },
    /// The text of a file.
    Content {
        /// Its path.
        path: Option<String>,
        /// The ending of its name, for coloring; may be empty.
        language: String,
        /// The text.
        clip: Clip,
    },
    /// What changed in a file.
    Diff {
        /// Its path.
        path: Option<String>,
        /// The lines, at most 4,000.
        lines: Vec<DiffLine>,
        /// Whether there were more.
        cut: bool,
    },
    /// What went wrong.
    Failed {
        /// The message.
        clip: Clip,
    },
    /// What this app has no words for, by its own names: at most 100.
    Fields {
        /// Where they are from.
        of: FieldsOf,
        /// Name and value.
        fields: Vec<CallField>,
    },
}

/// Where fields are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FieldsOf {
    /// What the tool was given.
    Arguments,
    /// What it gave back.
    Result,
}

/// A field by its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CallField {
    /// Its name; empty for a value that has none.
    pub name: String,
    /// Its value: text as it is, anything else as JSON.
    pub clip: Clip,
}

/// Text, or its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Clip {
    /// What is shown.
    pub text: String,
    /// How many bytes are shown and how many there are, where this is only the beginning.
    pub cut: Option<ClipCut>,
}

/// Where text was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ClipCut {
    /// Bytes shown.
    pub shown: u64,
    /// Bytes there are.
    pub bytes: u64,
}

/// A line of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// What became of it.
    pub sign: DiffSign,
    /// The line without its sign.
    pub text: String,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum DiffSign {
    /// Added.
    Added,
    /// Removed.
    Removed,
    /// As it was.
    Same,
    /// Not a line of the file: where the next lines stand, or the next file.
    Place,
}
