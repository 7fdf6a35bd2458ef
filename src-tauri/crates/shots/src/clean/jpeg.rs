//! JPEG by its segments (ITU-T T.81, annex B): the tables, frame and scans are kept; every application segment and
//! comment goes, but for a bare JFIF and Adobe header, which say how to read the colors.

use image::metadata::Orientation;

use super::Cleaned;
use super::bytes::Cursor;
use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::refusal::Refusal;

const DAMAGED: Refusal = Refusal::Damaged {
    format: SourceFormat::Jpeg,
};
const UNSUPPORTED: Refusal = Refusal::UnsupportedVariant {
    format: SourceFormat::Jpeg,
};
/// Version 1.1, square pixels, no thumbnail: the density of a screenshot says nothing.
const BARE_JFIF: &[u8] = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
/// Scans times pixels: a crafted progressive picture must not keep a core busy for minutes.
const MOST_SCANNED_PIXELS: u64 = 2_000_000_000;

struct Frame {
    width: u32,
    height: u32,
    components: u8,
}

/// Walks the segments from SOI to EOI; nothing after EOI is looked at.
pub(crate) fn clean(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    let mut cursor = Cursor::new(bytes);
    if cursor.array::<2>() != Some([0xff, 0xd8]) {
        return Err(DAMAGED);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(&[0xff, 0xd8]);
    let mut frame: Option<Frame> = None;
    let mut metadata = false;
    let mut orientation = None;
    let mut profile = Profile::default();
    let mut scans = 0u64;
    loop {
        let marker = next_marker(&mut cursor)?;
        if marker == 0xd9 {
            kept.extend_from_slice(&[0xff, 0xd9]);
            break;
        }
        let length = cursor.u16_be().ok_or(DAMAGED)?;
        let payload = cursor
            .take(usize::from(length).checked_sub(2).ok_or(DAMAGED)?)
            .ok_or(DAMAGED)?;
        match marker {
            // Baseline, extended and progressive Huffman.
            0xc0..=0xc2 => {
                if frame.is_some() {
                    return Err(DAMAGED);
                }
                frame = Some(read_frame(payload)?);
                push(&mut kept, marker, payload);
            }
            // Lossless, hierarchical and arithmetic frames.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xde | 0xdf => {
                return Err(UNSUPPORTED);
            }
            0xc4 | 0xcc | 0xdb | 0xdd => push(&mut kept, marker, payload),
            0xda => {
                let Some(frame) = &frame else {
                    return Err(DAMAGED);
                };
                scans += 1;
                if scans * u64::from(frame.width) * u64::from(frame.height) > MOST_SCANNED_PIXELS {
                    return Err(UNSUPPORTED);
                }
                push(&mut kept, marker, payload);
                kept.extend_from_slice(entropy_coded(&mut cursor)?);
            }
            0xe0 if payload.starts_with(b"JFIF\0") => {
                metadata |= payload.get(12..14).is_some_and(|thumbnail| thumbnail != [0, 0]);
                push(&mut kept, marker, BARE_JFIF);
            }
            0xee if payload.starts_with(b"Adobe") && payload.len() >= 12 => {
                push(&mut kept, marker, &payload[..12]);
            }
            0xe1 if payload.starts_with(b"Exif\0") => {
                metadata = true;
                orientation = orientation.or_else(|| Orientation::from_exif_chunk(payload.get(6..)?));
            }
            0xe2 if payload.starts_with(b"ICC_PROFILE\0") => profile.add(payload),
            0xe0..=0xfe => metadata = true,
            _ => return Err(DAMAGED),
        }
    }
    let (Some(frame), 1..) = (frame, scans) else {
        return Err(DAMAGED);
    };
    let color = if frame.components == 4 {
        ColorSource::Cmyk
    } else {
        profile.color()
    };
    Ok(Cleaned {
        bytes: kept,
        width: frame.width,
        height: frame.height,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        color,
        animation: None,
        metadata,
        trailing: cursor.rest().len() as u64,
        encode_anew: false,
    })
}

fn push(kept: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    kept.extend_from_slice(&[0xff, marker]);
    kept.extend_from_slice(&((payload.len() + 2) as u16).to_be_bytes());
    kept.extend_from_slice(payload);
}

/// The next marker that has a length or ends the picture; fill bytes and stray stand-alone markers are dropped.
fn next_marker(cursor: &mut Cursor<'_>) -> Result<u8, Refusal> {
    if cursor.u8() != Some(0xff) {
        return Err(DAMAGED);
    }
    loop {
        match cursor.u8().ok_or(DAMAGED)? {
            0xff => (),
            0x01 | 0xd0..=0xd7 => return next_marker(cursor),
            0x00 | 0xd8 => return Err(DAMAGED),
            marker => return Ok(marker),
        }
    }
}

/// Everything up to the next real marker: stuffed zeros and restart markers belong to the data.
fn entropy_coded<'bytes>(cursor: &mut Cursor<'bytes>) -> Result<&'bytes [u8], Refusal> {
    let rest = cursor.rest();
    let mut from = 0;
    loop {
        let marker = rest[from..].iter().position(|&byte| byte == 0xff).ok_or(DAMAGED)? + from;
        match rest.get(marker + 1).ok_or(DAMAGED)? {
            0x00 | 0xd0..=0xd7 => from = marker + 2,
            0xff => from = marker + 1,
            _ => return cursor.take(marker).ok_or(DAMAGED),
        }
    }
}

fn read_frame(payload: &[u8]) -> Result<Frame, Refusal> {
    let mut cursor = Cursor::new(payload);
    let (Some(precision), Some(height), Some(width), Some(components)) =
        (cursor.u8(), cursor.u16_be(), cursor.u16_be(), cursor.u8())
    else {
        return Err(DAMAGED);
    };
    // A height of zero is told later by a DNL segment, which no decoder here reads.
    if precision != 8 || height == 0 || !matches!(components, 1 | 3 | 4) {
        return Err(UNSUPPORTED);
    }
    if width == 0 {
        return Err(DAMAGED);
    }
    let (width, height) = (u32::from(width), u32::from(height));
    LIMITS.check_dimensions(width, height)?;
    Ok(Frame {
        width,
        height,
        components,
    })
}

/// An ICC profile in numbered parts (ICC.1, annex B.4).
#[derive(Default)]
struct Profile<'bytes> {
    parts: Vec<(u8, u8, &'bytes [u8])>,
}

impl<'bytes> Profile<'bytes> {
    fn add(&mut self, payload: &'bytes [u8]) {
        if let [number, count, data @ ..] = payload.get(12..).unwrap_or_default() {
            self.parts.push((*number, *count, data));
        } else {
            self.parts.push((0, 0, &[]));
        }
    }

    fn color(mut self) -> ColorSource {
        let Some(&(_, count, _)) = self.parts.first() else {
            return ColorSource::Srgb;
        };
        self.parts.sort_by_key(|part| part.0);
        let whole = self.parts.len() == usize::from(count)
            && self
                .parts
                .iter()
                .zip(1..)
                .all(|(part, number)| part.0 == number && part.1 == count);
        if whole {
            ColorSource::Profile(self.parts.iter().flat_map(|part| part.2).copied().collect())
        } else {
            ColorSource::Unreadable
        }
    }
}
