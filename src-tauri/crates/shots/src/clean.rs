//! Takes everything but the pixels out of an encoded picture without decoding it: one walker per format.

pub(crate) mod bmp;
pub(crate) mod bytes;
pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod webp;

use image::metadata::Orientation;

use crate::color::ColorSource;

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
    /// An animation: the number of its frames, as far as known.
    pub(crate) animation: Option<Option<u32>>,
    /// Whether anything beyond pixels was left out.
    pub(crate) metadata: bool,
    /// Bytes after the end of the picture.
    pub(crate) trailing: u64,
    /// Whether `bytes` must not be kept as they are (another format, an animation).
    pub(crate) encode_anew: bool,
}
