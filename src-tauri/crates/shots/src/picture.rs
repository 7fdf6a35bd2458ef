//! A picture that was taken in, what was found in it, and the limits it was held against.

use serde::{Deserialize, Serialize};

use crate::format::{Format, SourceFormat};
use crate::hash::Hash;
use crate::refusal::Refusal;

/// The bounds of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a file that are looked at.
    pub file_bytes: u64,
    /// Most pixels that are decoded.
    pub pixels: u64,
    /// Longest edge, in pixels.
    pub edge: u32,
    /// Most bytes that a picture keeps: 15 MB as base64 holds 11.25 MB.
    pub sent_bytes: u64,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits {
    file_bytes: 60_000_000,
    pixels: 64_000_000,
    edge: 65_535,
    sent_bytes: 11_000_000,
};

impl Limits {
    /// Holds dimensions against the bounds; nothing is allocated before this.
    pub(crate) fn check_dimensions(self, width: u32, height: u32) -> Result<(), Refusal> {
        if width.max(height) > self.edge || u64::from(width) * u64::from(height) > self.pixels {
            return Err(Refusal::TooManyPixels {
                width,
                height,
                limit: self.pixels,
            });
        }
        Ok(())
    }
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A clean picture, ready to be stored and sent: bytes that decode, within the limits, with no metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// Hash of `bytes`.
    pub hash: Hash,
    /// Format of `bytes`.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What was done to it on the way in, in order; empty when the bytes came through as they were.
    pub findings: Vec<Finding>,
    /// Whether it is a PNG that was encoded here, and quickly: [`crate::tighten`] may make it lighter.
    pub loose: bool,
}

// The bytes are left out on purpose: a picture in a log line is a leak and a flood.
impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Picture")
            .field("bytes", &self.bytes.len())
            .field("hash", &self.hash)
            .field("format", &self.format)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("findings", &self.findings)
            .field("loose", &self.loose)
            .finish()
    }
}

/// Something that was done to a picture on the way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Finding {
    /// Text, EXIF, XMP, a thumbnail or the like was taken out.
    MetadataRemoved,
    /// Bytes after the end of the picture were cut off (CVE-2023-21036 hid the uncropped picture there).
    TrailingBytesRemoved {
        /// How many.
        bytes: u64,
    },
    /// The picture was turned as its EXIF orientation said.
    Oriented,
    /// Its colors were brought to sRGB from an embedded profile, or from gamma and chromaticities.
    ColorConverted,
    /// Its embedded color profile could not be used: it was taken for sRGB, or its inks (CMYK) were mixed by a formula.
    ColorsGuessed,
    /// Only the first frame of an animation was kept.
    FirstFrameOnly {
        /// How many frames there were, where that is known.
        frames: Option<u32>,
    },
    /// Every pixel was fully transparent, as some Windows clipboards write it; it was made opaque.
    AlphaWasEmpty,
    /// The picture was encoded anew in another format.
    Converted {
        /// What it was.
        from: SourceFormat,
    },
    /// The picture was made lighter: to fit the limit, or as was chosen. At most once: what was done twice is said as one.
    Fitted {
        /// Bytes before.
        from_bytes: u64,
        /// Bytes after.
        to_bytes: u64,
        /// Dimensions before.
        from: Size,
        /// Dimensions after.
        to: Size,
        /// Whether pixels were encoded as nearly what they were. Reducing them is told by the dimensions.
        lossy: bool,
    },
}
