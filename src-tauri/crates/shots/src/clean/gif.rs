//! GIF by its blocks (GIF89a): the color tables, the first picture and its transparency are kept.

use image::metadata::Orientation;

use super::bytes::Cursor;
use super::{Animation, Cleaned};
use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::refusal::Refusal;

const DAMAGED: Refusal = Refusal::Damaged {
    format: SourceFormat::Gif,
};
const HAS_COLOR_TABLE: u8 = 0x80;

/// Walks the blocks up to the trailer; all frames are counted and the first one is kept, without decoding any.
pub(crate) fn clean(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    let mut cursor = Cursor::new(bytes);
    let (Some([b'G', b'I', b'F', b'8', b'7' | b'9', b'a']), Some(screen)) = (cursor.array::<6>(), cursor.array::<7>())
    else {
        return Err(DAMAGED);
    };
    let (width, height) = (
        u32::from(u16::from_le_bytes([screen[0], screen[1]])),
        u32::from(u16::from_le_bytes([screen[2], screen[3]])),
    );
    if width == 0 || height == 0 {
        return Err(DAMAGED);
    }
    LIMITS.check_dimensions(width, height)?;
    let mut kept = b"GIF89a".to_vec();
    kept.extend_from_slice(&screen);
    kept.extend_from_slice(color_table(&mut cursor, screen[4])?);

    let mut frames = 0u32;
    let mut control = None;
    let mut metadata = false;
    loop {
        match cursor.u8() {
            Some(0x3b) => break,
            // Some writers leave the trailer off.
            None if frames > 0 => break,
            Some(0x21) => {
                let label = cursor.u8().ok_or(DAMAGED)?;
                let body = sub_blocks(&mut cursor)?;
                match (label, body) {
                    (0xf9, [4, packed, _, _, index, 0]) => control = Some((*packed, *index)),
                    (0xff, [11, name @ ..]) if name.starts_with(b"NETSCAPE2.0") || name.starts_with(b"ANIMEXTS1.0") => {
                    }
                    _ => metadata = true,
                }
            }
            Some(0x2c) => {
                let descriptor = cursor.array::<9>().ok_or(DAMAGED)?;
                let size = |low: usize| u32::from(u16::from_le_bytes([descriptor[low], descriptor[low + 1]]));
                LIMITS.check_dimensions(size(4), size(6))?;
                let table = color_table(&mut cursor, descriptor[8])?;
                let code_size = cursor.u8().ok_or(DAMAGED)?;
                let data = sub_blocks(&mut cursor)?;
                if frames == 0 {
                    if let Some((packed, index)) = control {
                        kept.extend_from_slice(&[0x21, 0xf9, 4, packed & 1, 0, 0, index, 0]);
                    }
                    kept.push(0x2c);
                    kept.extend_from_slice(&descriptor);
                    kept.extend_from_slice(table);
                    kept.push(code_size);
                    kept.extend_from_slice(data);
                }
                frames += 1;
            }
            _ => return Err(DAMAGED),
        }
    }
    if frames == 0 {
        return Err(DAMAGED);
    }
    kept.push(0x3b);
    Ok(Cleaned {
        bytes: kept,
        width,
        height,
        orientation: Orientation::NoTransforms,
        color: ColorSource::Srgb,
        animation: Animation::of(Some(frames)),
        metadata,
        trailing: cursor.rest().len() as u64,
        encode_anew: false,
    })
}

fn color_table<'bytes>(cursor: &mut Cursor<'bytes>, packed: u8) -> Result<&'bytes [u8], Refusal> {
    if packed & HAS_COLOR_TABLE == 0 {
        return Ok(&[]);
    }
    cursor.take(3 << ((packed & 7) + 1)).ok_or(DAMAGED)
}

/// Length-prefixed pieces up to and with the empty one.
fn sub_blocks<'bytes>(cursor: &mut Cursor<'bytes>) -> Result<&'bytes [u8], Refusal> {
    let start = cursor.rest();
    loop {
        let length = cursor.u8().ok_or(DAMAGED)?;
        cursor.take(usize::from(length)).ok_or(DAMAGED)?;
        if length == 0 {
            return Ok(&start[..start.len() - cursor.rest().len()]);
        }
    }
}
