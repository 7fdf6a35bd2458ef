//! PNG by its chunks (W3C PNG, third edition): IHDR, PLTE, tRNS, IDAT and IEND are kept; cICP only where it names a
//! high dynamic range, which cannot be brought to sRGB without guessing.

use image::metadata::Orientation;

use super::bytes::Cursor;
use super::{Animation, Cleaned};
use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::refusal::Refusal;

const DAMAGED: Refusal = Refusal::Damaged {
    format: SourceFormat::Png,
};
const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const INDEXED: u8 = 3;

/// Walks the chunks: order, lengths and check sums of everything kept are proved, and nothing after IEND is looked at.
pub(crate) fn clean(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    let mut cursor = Cursor::new(bytes);
    if cursor.take(8) != Some(SIGNATURE) {
        return Err(DAMAGED);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(SIGNATURE);
    let mut header = None;
    let mut metadata = false;
    let mut exif = None;
    let mut animation = None;
    let mut color_chunks = false;
    let mut profile_chunk = false;
    let mut has_data = false;
    loop {
        let start = cursor.rest();
        let length = cursor.u32_be().ok_or(DAMAGED)? as usize;
        let kind = cursor.array::<4>().ok_or(DAMAGED)?;
        let payload = cursor.take(length).ok_or(DAMAGED)?;
        let sum = cursor.u32_be().ok_or(DAMAGED)?;
        let chunk = &start[..length + 12];
        let sound = crc32fast::hash(&chunk[4..length + 8]) == sum;
        if header.is_none() && &kind != b"IHDR" {
            // Apple's own dialect puts CgBI first; it is no PNG to anybody else.
            return Err(if &kind == b"CgBI" {
                Refusal::UnsupportedVariant {
                    format: SourceFormat::Png,
                }
            } else {
                DAMAGED
            });
        }
        let critical = kind[0].is_ascii_uppercase();
        if critical && !sound {
            return Err(DAMAGED);
        }
        match (&kind, header) {
            (b"IHDR", None) => {
                header = Some(read_header(payload)?);
                kept.extend_from_slice(chunk);
            }
            (b"PLTE", Some((_, _, INDEXED))) if !has_data => kept.extend_from_slice(chunk),
            (b"tRNS", Some((_, _, 0 | 2 | INDEXED))) if !has_data && sound => {
                kept.extend_from_slice(chunk);
            }
            (b"IDAT", _) => {
                has_data = true;
                kept.extend_from_slice(chunk);
            }
            (b"IEND", _) => {
                kept.extend_from_slice(b"\0\0\0\0IEND\xae\x42\x60\x82");
                metadata |= length > 0;
                break;
            }
            // A palette suggested for a true-color picture, or one after the pixels, shows nothing.
            (b"PLTE", _) => metadata = true,
            (b"iCCP", _) => {
                color_chunks = true;
                profile_chunk = true;
            }
            (b"sRGB" | b"gAMA" | b"cHRM" | b"cICP", _) => color_chunks = true,
            (b"acTL", _) => {
                animation = Animation::of(payload.first_chunk().map(|count| u32::from_be_bytes(*count)));
            }
            (b"fcTL" | b"fdAT", _) => (),
            (b"eXIf", _) => {
                exif = Some(payload);
                metadata = true;
            }
            _ if critical => {
                return Err(Refusal::UnsupportedVariant {
                    format: SourceFormat::Png,
                });
            }
            _ => metadata = true,
        }
    }
    let (width, height, _) = header.ok_or(DAMAGED)?;
    if !has_data {
        return Err(DAMAGED);
    }
    let color = if color_chunks {
        read_color(bytes, profile_chunk)
    } else {
        ColorSource::Srgb
    };
    if let ColorSource::HighDynamicRange(points) = &color {
        insert_after_header(&mut kept, *b"cICP", points);
    }
    Ok(Cleaned {
        bytes: kept,
        width,
        height,
        orientation: exif
            .and_then(Orientation::from_exif_chunk)
            .unwrap_or(Orientation::NoTransforms),
        color,
        animation,
        metadata,
        trailing: cursor.rest().len() as u64,
        encode_anew: false,
    })
}

fn read_header(payload: &[u8]) -> Result<(u32, u32, u8), Refusal> {
    let mut cursor = Cursor::new(payload);
    let (Some(width), Some(height), Some(_depth), Some(color_type), 13) = (
        cursor.u32_be(),
        cursor.u32_be(),
        cursor.u8(),
        cursor.u8(),
        payload.len(),
    ) else {
        return Err(DAMAGED);
    };
    if width == 0 || height == 0 {
        return Err(DAMAGED);
    }
    LIMITS.check_dimensions(width, height)?;
    Ok((width, height, color_type))
}

/// The color chunks as the decoder understands them, by their order of precedence: cICP, iCCP, sRGB, gAMA with cHRM.
fn read_color(bytes: &[u8], profile_chunk: bool) -> ColorSource {
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), png::Limits { bytes: 16_000_000 });
    decoder.set_ignore_text_chunk(true);
    let Ok(info) = decoder
        .read_header_info()
        .map(|_| ())
        .and_then(|()| decoder.read_info())
    else {
        return ColorSource::Unreadable;
    };
    let info = info.info();
    if let Some(points) = info.coding_independent_code_points {
        return ColorSource::from_code_points([
            points.color_primaries,
            points.transfer_function,
            points.matrix_coefficients,
            u8::from(points.is_video_full_range_image),
        ]);
    }
    if let Some(profile) = &info.icc_profile {
        return ColorSource::Profile(profile.to_vec());
    }
    if info.srgb.is_some() {
        return ColorSource::Srgb;
    }
    // The decoder passes over a profile that it cannot unpack; that one was there is not forgotten.
    if profile_chunk {
        return ColorSource::Unreadable;
    }
    ColorSource::from_gamma_and_chromaticities(
        info.gama_chunk.map(png::ScaledFloat::into_value),
        info.chrm_chunk
            .map(|chrm| [chrm.white, chrm.red, chrm.green, chrm.blue].map(|(x, y)| [x.into_value(), y.into_value()])),
    )
}

/// Puts a chunk right behind IHDR, which always ends at byte 33.
fn insert_after_header(kept: &mut Vec<u8>, kind: [u8; 4], payload: &[u8]) {
    let mut chunk = (payload.len() as u32).to_be_bytes().to_vec();
    chunk.extend_from_slice(&kind);
    chunk.extend_from_slice(payload);
    chunk.extend_from_slice(&crc32fast::hash(&chunk[4..]).to_be_bytes());
    kept.splice(33..33, chunk);
}
