//! BMP by its headers: only bounds and color space; a bitmap is always encoded anew, so nothing need be cut out.

use image::metadata::Orientation;

use super::Cleaned;
use super::bytes::Cursor;
use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::refusal::Refusal;

const DAMAGED: Refusal = Refusal::Damaged {
    format: SourceFormat::Bmp,
};
const FILE_HEADER: usize = 14;
const VERSION_5: u32 = 124;

/// Reads the headers and holds the dimensions against the limits.
pub(crate) fn clean(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    let mut cursor = Cursor::new(bytes.get(FILE_HEADER..).ok_or(DAMAGED)?);
    let header_size = cursor.u32_le().ok_or(DAMAGED)?;
    let (width, height) = if header_size == 12 {
        (
            cursor.u16_le().ok_or(DAMAGED)?.into(),
            cursor.u16_le().ok_or(DAMAGED)?.into(),
        )
    } else {
        // A negative height means that the rows run from top to bottom; a negative width means nothing.
        let (width, height) = (cursor.u32_le().ok_or(DAMAGED)?, cursor.u32_le().ok_or(DAMAGED)?);
        (width, height.cast_signed().unsigned_abs())
    };
    if width == 0 || height == 0 {
        return Err(DAMAGED);
    }
    LIMITS.check_dimensions(width, height)?;
    Ok(Cleaned {
        bytes: bytes.to_vec(),
        width,
        height,
        orientation: Orientation::NoTransforms,
        color: if header_size == VERSION_5 {
            embedded_profile(bytes)
        } else {
            ColorSource::Srgb
        },
        animation: None,
        metadata: false,
        trailing: 0,
        encode_anew: true,
    })
}

/// A profile inside the file (`BITMAPV5HEADER`, `bV5CSType` is `PROFILE_EMBEDDED`).
fn embedded_profile(bytes: &[u8]) -> ColorSource {
    let header = &bytes[FILE_HEADER..];
    let number = |offset: usize| {
        header
            .get(offset..)
            .and_then(|rest| Cursor::new(rest).u32_le())
            .map(|number| number as usize)
    };
    if number(56) != Some(u32::from_be_bytes(*b"MBED") as usize) {
        return ColorSource::Srgb;
    }
    let profile = number(112)
        .zip(number(116))
        .and_then(|(start, length)| header.get(start..)?.get(..length));
    profile.map_or(ColorSource::Unreadable, |profile| {
        ColorSource::Profile(profile.to_vec())
    })
}
