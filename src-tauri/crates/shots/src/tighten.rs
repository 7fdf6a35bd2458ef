//! A tighter lossless encoding of a picture that was encoded in a hurry, for when there is time.

use crate::clean;
use crate::decode;
use crate::encode;
use crate::format::{Format, SourceFormat};
use crate::picture::Picture;
use crate::refusal::Refusal;
use crate::take_in::{guarded, picture};

/// More pixels than this (5K has 14.7 million) are left as they are. It bounds memory, at most the pixels twice, and
/// time: neither encoder searches, so noise takes no longer than words.
const MOST_PIXELS: u64 = 16_000_000;

/// The same pixels as a PNG with a palette or a lossless WebP, whichever is lighter; `None` where neither needs at most
/// nine tenths of the bytes. `bytes` are a PNG of eight bits a sample, else there is nothing to gain.
pub fn tighten(bytes: &[u8]) -> Result<Option<Picture>, Refusal> {
    let source = SourceFormat::Png;
    guarded(source, || {
        let cleaned = clean::clean(source, bytes)?;
        let (width, height) = (cleaned.width, cleaned.height);
        let eight_bits = bytes.get(24).is_some_and(|&depth| depth <= 8);
        if !eight_bits || u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Ok(None);
        }
        let raster = decode::decode(source, &cleaned.bytes, (width, height))?;
        let tighter = [
            (encode::indexed_png(&raster), Format::Png),
            (encode::lossless_webp(&raster), Format::Webp),
        ];
        Ok(tighter
            .into_iter()
            .filter_map(|(encoded, format)| Some((encoded?, format)))
            .min_by_key(|(encoded, _)| encoded.len())
            .filter(|(encoded, _)| encoded.len() as u64 * 10 <= bytes.len() as u64 * 9)
            .map(|(encoded, format)| picture(encoded, format, width, height, Vec::new())))
    })
}
