//! Takes everything but the pixels out of an encoded picture without decoding it: one walker per format.

pub(crate) mod bmp;
pub(crate) mod bytes;
pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod webp;

use image::metadata::Orientation;

use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::refusal::Refusal;

/// Walks a picture as its format says.
pub(crate) fn clean(format: SourceFormat, bytes: &[u8]) -> Result<Cleaned, Refusal> {
    match format {
        SourceFormat::Png | SourceFormat::Pixels => png::clean(bytes),
        SourceFormat::Jpeg => jpeg::clean(bytes),
        SourceFormat::Webp => webp::clean(bytes),
        SourceFormat::Gif => gif::clean(bytes),
        SourceFormat::Bmp => bmp::clean(bytes),
    }
}

/// An animation that was cut down to its first frame.
pub(crate) struct Animation {
    /// How many frames it had, where the file says so.
    pub(crate) frames: Option<u32>,
}

impl Animation {
    /// `None` when one frame is all there is.
    pub(crate) fn of(frames: Option<u32>) -> Option<Self> {
        (frames != Some(1)).then_some(Self { frames })
    }
}

/// An encoded picture with only its pixels left, and what was learned on the way.
pub(crate) struct Cleaned {
    /// The picture as its allow-listed parts.
    pub(crate) bytes: Vec<u8>,
    /// Dimensions from the header, already held against the limits.
    pub(crate) width: u32,
    /// See `width`.
    pub(crate) height: u32,
    /// How EXIF says it must be turned to stand upright.
    pub(crate) orientation: Orientation,
    /// What its numbers mean, where that is not sRGB by default.
    pub(crate) color: ColorSource,
    /// Set where there was more than one frame, and only the first is left.
    pub(crate) animation: Option<Animation>,
    /// Whether anything beyond pixels was left out.
    pub(crate) metadata: bool,
    /// Bytes after the end of the picture.
    pub(crate) trailing: u64,
    /// Whether `bytes` must not be kept as they are (another format, an animation).
    pub(crate) encode_anew: bool,
}
