//! Drafts and their pictures.

use sendoff_shots::{Fit, Markup};
use serde::{Deserialize, Serialize};

use super::{AccountId, DraftId, Failure, ShotId, Time};

/// What the user has written and not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Identifier minted here.
    pub id: DraftId,
    /// The account it will be sent with.
    pub account: AccountId,
    /// The words.
    pub text: String,
    /// The pictures, in the order they are sent.
    pub shots: Vec<Shot>,
    /// Address of the repository; none means not chosen yet.
    pub repository: Option<String>,
    /// The branch to start from; empty means the repository's default.
    pub branch: String,
    /// The model; none means the account's default.
    pub model: Option<ModelChoice>,
    /// Whether the agent plans first and waits for a go-ahead.
    pub plan_first: bool,
    /// Whether a pull request is opened at the end.
    pub open_pull_request: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Why the last attempt to send it failed.
    pub problem: Option<Failure>,
}

impl Draft {
    /// Whether both ask for the same: words, pictures and choices.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        Self {
            updated_at: other.updated_at,
            problem: other.problem.clone(),
            ..self.clone()
        } == *other
    }

    /// Whether the user finds the same in both: words, choices, pictures and marks, however these are encoded by now.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        let same_shots = self.shots.len() == other.shots.len()
            && self
                .shots
                .iter()
                .zip(&other.shots)
                .all(|(one, other)| one.shows_the_same(other));
        let shots = other.shots.clone();
        same_shots && Self { shots, ..self.clone() }.asks_the_same(other)
    }
}

/// A picture of a draft, as it will be sent: with its marks drawn in, and as light as the settings say. Its bytes are fetched as `shot://localhost/<hash>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Shot {
    /// Which one it is, within its draft or answer.
    #[serde(default)]
    pub id: ShotId,
    /// SHA-256 of the stored bytes, in lower-case hex.
    pub hash: String,
    /// `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
    pub mime: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size in bytes, as it will be sent.
    pub bytes: u64,
    /// What was done to it when it was taken in.
    pub notes: Vec<ShotNote>,
    /// What was taken in, where something else is sent: marks are drawn on this.
    #[serde(default)]
    pub original: Option<Original>,
    /// What the user drew.
    #[serde(default)]
    pub markup: Markup,
    /// Whether the marks are not drawn in yet. It is not sent like this.
    #[serde(default)]
    pub drawing: bool,
    /// What was chosen when it became what is sent. With another choice it is not sent like this.
    #[serde(default)]
    #[cfg_attr(test, ts(skip))]
    pub fit: Fit,
    /// Whether it was encoded quickly, and a tighter encoding was not looked for yet.
    #[serde(default)]
    #[cfg_attr(test, ts(skip))]
    pub loose: bool,
}

impl Shot {
    /// Whether it is the same picture with the same marks; it may have been packed tighter.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        self.id == other.id && self.markup == other.markup
    }

    /// The blobs that it needs.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = &str> {
        let original = self.original.as_ref().map(|original| original.hash.as_str());
        std::iter::once(self.hash.as_str()).chain(original)
    }

    /// Whether it is not yet what would be sent.
    pub(crate) fn waits(&self, fit: Fit) -> bool {
        self.drawing || self.fit != fit
    }

    /// Only what was sent: what is below the marks stays with the draft.
    pub(crate) fn as_sent(&self) -> Self {
        Self {
            original: None,
            markup: Markup::default(),
            loose: false,
            ..self.clone()
        }
    }
}

impl From<&Shot> for Original {
    fn from(shot: &Shot) -> Self {
        Self {
            hash: shot.hash.clone(),
            mime: shot.mime.clone(),
            width: shot.width,
            height: shot.height,
            bytes: shot.bytes,
            notes: shot.notes.clone(),
            loose: shot.loose,
        }
    }
}

/// A picture as it was taken in. Its bytes are fetched as `shot://localhost/<hash>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Original {
    /// SHA-256 of the stored bytes, in lower-case hex.
    pub hash: String,
    /// Its type, as [`Shot::mime`].
    pub mime: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// What was done to it when it was taken in.
    pub notes: Vec<ShotNote>,
    /// As [`Shot::loose`].
    #[serde(default)]
    #[cfg_attr(test, ts(skip))]
    pub loose: bool,
}

/// The marks of one picture, all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Marked {
    /// Which picture.
    pub shot: ShotId,
    /// What is drawn on it.
    pub markup: Markup,
}

/// What was done to a picture when it was taken in, where the user should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "note", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ShotNote {
    /// Hidden details (place, camera, comments, trailing bytes) were removed.
    MetadataRemoved,
    /// Only the first frame of an animation is kept.
    FirstFrameOnly,
    /// Colors were converted to sRGB.
    ColorConverted,
    /// What the file says of its colors could not be used; they may look a little different.
    ColorsGuessed,
    /// It was too large and was made smaller.
    Fitted {
        /// Bytes before.
        from_bytes: u64,
        /// Bytes after.
        to_bytes: u64,
        /// Whether detail was lost.
        lossy: bool,
        /// Whether pixels were reduced.
        scaled: bool,
    },
    /// It was turned into a format that agents take.
    Converted,
}

/// A chosen model: an identifier and the whole parameters of one published variant (API §10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ModelChoice {
    /// The model's identifier.
    pub id: String,
    /// The variant's parameters.
    pub parameters: Vec<ModelParameter>,
    /// The variant's name as the API shows it, kept for display.
    pub name: String,
}

/// One parameter of a model variant; values are always text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelParameter {
    /// Identifier, such as `effort`.
    pub id: String,
    /// Value, such as `high` or `true`.
    pub value: String,
}

/// Where a pasted, dropped or picked picture goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "into", content = "id", rename_all = "camelCase")]
pub enum ShotTarget {
    /// Into a draft.
    Draft(DraftId),
    /// Into the answer being written to an agent.
    Answer(super::AgentId),
}

/// What a paste, drop or pick brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "took", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Taken {
    /// Words, to be put in at the caret.
    Text {
        /// The words.
        text: String,
    },
    /// Pictures; they arrive by the feed.
    Pictures {
        /// How many were taken in.
        count: u32,
        /// Why others were not.
        refused: Vec<Failure>,
    },
    /// Nothing: the user closed the picker.
    Nothing,
}
