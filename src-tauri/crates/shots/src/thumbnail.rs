//! A small PNG of a picture, for display.

use crate::clean;
use crate::decode;
use crate::encode::{self, Effort};
use crate::format::{Format, SourceFormat};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::take_in::{check_bytes, guarded};

/// A small picture for display.
#[derive(Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// Its format; its media type is `format.mime()`.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

// The bytes are left out on purpose, as for `Picture`.
impl std::fmt::Debug for Thumbnail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Thumbnail")
            .field("bytes", &self.bytes.len())
            .field("format", &self.format)
            .field("width", &self.width)
            .field("height", &self.height)
            .finish()
    }
}

impl Thumbnail {
    pub(crate) fn new(raster: &Raster, source: SourceFormat) -> Result<Self, Refusal> {
        let bytes = encode::png(raster, Effort::Display).ok_or(Refusal::Damaged { format: source })?;
        Ok(Self {
            bytes,
            format: Format::Png,
            width: raster.width,
            height: raster.height,
        })
    }
}

/// A thumbnail of a picture that was taken in before: at most `longest_edge` pixels (1 to 4,096), never enlarged.
/// For pictures as they are stored: orientation and color profiles are not looked at again.
pub fn thumbnail(bytes: &[u8], longest_edge: u32) -> Result<Thumbnail, Refusal> {
    let format = check_bytes(bytes)?;
    guarded(format, || {
        let cleaned = clean::clean(format, bytes)?;
        let reduced = decode::reduce(
            format,
            &cleaned.bytes,
            (cleaned.width, cleaned.height),
            Some(longest_edge.clamp(1, 4096)),
        )?;
        Thumbnail::new(&reduced.ok_or(Refusal::Damaged { format })?, format)
    })
}
