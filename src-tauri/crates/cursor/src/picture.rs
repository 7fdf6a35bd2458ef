//! Pictures of a prompt: where their bytes are, what they are, how large they are.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Most pictures in one prompt (API v1, create agent).
pub const MAX_PICTURES: usize = 5;
/// Most bytes of one picture before base64. The unit of "15 MB" is unpublished; this is the smaller
/// reading.
pub const MAX_PICTURE_BYTES: u64 = 15_000_000;

/// The formats the API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureType {
    /// `image/png`
    #[serde(rename = "image/png")]
    Png,
    /// `image/jpeg`
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// `image/gif`
    #[serde(rename = "image/gif")]
    Gif,
    /// `image/webp`
    #[serde(rename = "image/webp")]
    Webp,
}

impl PictureType {
    /// The MIME type, as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// The type of this name, if the API takes it.
    pub fn from_mime(mime: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Gif, Self::Webp]
            .into_iter()
            .find(|kind| kind.as_str() == mime)
    }
}

/// Width and height in pixels, both at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dimension {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// One picture of a prompt.
#[derive(Clone, PartialEq, Eq)]
pub enum Picture {
    /// A file, read while it is sent and never held in memory as a whole. It must not change.
    File {
        /// Where it is.
        path: PathBuf,
        /// How many bytes it has; a file of another size is refused before anything is sent.
        bytes: u64,
        /// What it is.
        mime: PictureType,
        /// How large the picture is.
        dimension: Option<Dimension>,
    },
    /// Bytes already in memory.
    Memory {
        /// The encoded picture.
        content: Bytes,
        /// What it is.
        mime: PictureType,
        /// How large the picture is.
        dimension: Option<Dimension>,
    },
    /// An http(s) address that the server fetches. API v1 only.
    Url {
        /// Where the server finds it.
        url: String,
        /// How large the picture is.
        dimension: Option<Dimension>,
    },
}

impl Picture {
    pub(crate) fn dimension(&self) -> Option<Dimension> {
        match self {
            Self::File { dimension, .. } | Self::Memory { dimension, .. } | Self::Url { dimension, .. } => *dimension,
        }
    }
}

impl fmt::Debug for Picture {
    /// Leaves the bytes out: a log line is no place for a picture.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File {
                path,
                bytes,
                mime,
                dimension,
            } => formatter
                .debug_struct("File")
                .field("path", path)
                .field("bytes", bytes)
                .field("mime", mime)
                .field("dimension", dimension)
                .finish(),
            Self::Memory {
                content,
                mime,
                dimension,
            } => formatter
                .debug_struct("Memory")
                .field("bytes", &content.len())
                .field("mime", mime)
                .field("dimension", dimension)
                .finish(),
            Self::Url { url, dimension } => formatter
                .debug_struct("Url")
                .field("url", url)
                .field("dimension", dimension)
                .finish(),
        }
    }
}
