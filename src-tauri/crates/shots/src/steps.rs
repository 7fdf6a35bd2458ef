//! Single steps of the way in and the way out, for `cargo xtask bench shots`: nothing else calls them.

use crate::clean;
use crate::decode;
use crate::encode::{self, Effort};
use crate::refusal::Refusal;
use crate::take_in::{check_bytes, guarded, pixels};

/// The samples of an encoded picture, eight bits a channel, as they are decoded before marks are drawn.
pub fn decode(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let format = check_bytes(bytes)?;
    guarded(format, || {
        let cleaned = clean::clean(format, bytes)?;
        decode::decode(format, &cleaned.bytes, (cleaned.width, cleaned.height)).map(|raster| raster.samples)
    })
}

/// The PNG of straight RGBA that thumbnails are made with: fast, and size does not matter.
pub fn encode_preview(width: u32, height: u32, rgba: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    encoded(width, height, rgba, Effort::Display)
}

/// The PNG of straight RGBA that is stored and sent.
pub fn encode_sent(width: u32, height: u32, rgba: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    encoded(width, height, rgba, Effort::Quick)
}

fn encoded(width: u32, height: u32, rgba: Vec<u8>, effort: Effort) -> Result<Vec<u8>, Refusal> {
    encode::png(&pixels(width, height, rgba)?, effort).ok_or(Refusal::Empty)
}
