//! WebP by its RIFF chunks (RFC 9649): VP8X, ALPH, VP8 and VP8L are kept, the rest goes.

use image::metadata::Orientation;

use super::bytes::Cursor;
use super::{Animation, Cleaned};
use crate::color::ColorSource;
use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::refusal::Refusal;

const DAMAGED: Refusal = Refusal::Damaged {
    format: SourceFormat::Webp,
};
const HAS_ALPHA: u8 = 0x10;
const HAS_ANIMATION: u8 = 0x02;

/// Walks the chunks inside the RIFF size; what lies behind is trailing.
pub(crate) fn clean(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    let mut cursor = Cursor::new(bytes);
    let (Some(b"RIFF"), Some(size)) = (cursor.take(4), cursor.u32_le()) else {
        return Err(DAMAGED);
    };
    let body = cursor.take(size as usize).ok_or(DAMAGED)?;
    let trailing = cursor.rest().len() as u64;
    let mut cursor = Cursor::new(body);
    if cursor.take(4) != Some(b"WEBP") {
        return Err(DAMAGED);
    }
    let mut found = Found::default();
    while !cursor.rest().is_empty() {
        let (kind, payload) = next_chunk(&mut cursor)?;
        found.add(kind, payload)?;
    }
    found.into_cleaned(trailing)
}

fn next_chunk<'bytes>(cursor: &mut Cursor<'bytes>) -> Result<([u8; 4], &'bytes [u8]), Refusal> {
    let kind = cursor.array::<4>().ok_or(DAMAGED)?;
    let length = cursor.u32_le().ok_or(DAMAGED)? as usize;
    let payload = cursor.take(length).ok_or(DAMAGED)?;
    // Some writers leave the padding off the last chunk.
    if length % 2 == 1 && !cursor.rest().is_empty() {
        cursor.take(1);
    }
    Ok((kind, payload))
}

#[derive(Default)]
struct Found<'bytes> {
    extended: Option<(u8, u32, u32)>,
    alpha: Option<&'bytes [u8]>,
    image: Option<([u8; 4], &'bytes [u8])>,
    image_size: Option<(u32, u32)>,
    background: Option<&'bytes [u8]>,
    first_frame: Option<&'bytes [u8]>,
    frames: u32,
    profile: Option<&'bytes [u8]>,
    exif: Option<&'bytes [u8]>,
    metadata: bool,
}

impl<'bytes> Found<'bytes> {
    fn add(&mut self, kind: [u8; 4], payload: &'bytes [u8]) -> Result<(), Refusal> {
        match &kind {
            b"VP8X" if self.extended.is_none() && self.image.is_none() => {
                self.extended = Some(read_extended(payload)?);
            }
            b"ALPH" if self.alpha.is_none() && self.image.is_none() => self.alpha = Some(payload),
            b"VP8 " | b"VP8L" if self.image.is_none() => {
                self.image_size = Some(image_size(kind, payload)?);
                self.image = Some((kind, payload));
            }
            b"ANIM" if self.background.is_none() => self.background = Some(payload),
            b"ANMF" => {
                if self.first_frame.is_none() {
                    check_frame(payload)?;
                    self.first_frame = Some(payload);
                }
                self.frames += 1;
            }
            b"ICCP" if self.profile.is_none() => self.profile = Some(payload),
            b"EXIF" if self.exif.is_none() => {
                self.exif = Some(payload);
                self.metadata = true;
            }
            _ => self.metadata = true,
        }
        Ok(())
    }

    fn into_cleaned(self, trailing: u64) -> Result<Cleaned, Refusal> {
        let animated = self.extended.is_some_and(|(flags, _, _)| flags & HAS_ANIMATION != 0);
        let (width, height) = match (self.extended, self.image_size) {
            (Some((_, width, height)), _) if animated => (width, height),
            // A canvas that is not as large as its one picture is no still picture.
            (Some((_, width, height)), Some(image)) if (width, height) == image => image,
            (None, Some(image)) => image,
            _ => return Err(DAMAGED),
        };
        let mut chunks = Vec::new();
        if let Some((flags, width, height)) = self.extended {
            let mut payload = vec![flags & (HAS_ALPHA | HAS_ANIMATION), 0, 0, 0];
            payload.extend_from_slice(&(width - 1).to_le_bytes()[..3]);
            payload.extend_from_slice(&(height - 1).to_le_bytes()[..3]);
            push(&mut chunks, *b"VP8X", &payload);
        }
        if animated {
            let (Some(background), Some(frame)) = (self.background, self.first_frame) else {
                return Err(DAMAGED);
            };
            push(&mut chunks, *b"ANIM", background);
            push(&mut chunks, *b"ANMF", frame);
        } else {
            if let (Some(alpha), Some(_)) = (self.alpha, self.extended) {
                push(&mut chunks, *b"ALPH", alpha);
            }
            let (kind, payload) = self.image.ok_or(DAMAGED)?;
            push(&mut chunks, kind, payload);
        }
        let mut bytes = b"RIFF".to_vec();
        bytes.extend_from_slice(&(chunks.len() as u32 + 4).to_le_bytes());
        bytes.extend_from_slice(b"WEBP");
        bytes.extend_from_slice(&chunks);
        Ok(Cleaned {
            bytes,
            width,
            height,
            orientation: self.exif.and_then(orientation).unwrap_or(Orientation::NoTransforms),
            color: self
                .profile
                .map_or(ColorSource::Srgb, |profile| ColorSource::Profile(profile.to_vec())),
            animation: if animated {
                Animation::of(Some(self.frames))
            } else {
                None
            },
            metadata: self.metadata,
            trailing,
            encode_anew: animated,
        })
    }
}

/// Some writers put the JPEG prefix before the TIFF header.
fn orientation(exif: &[u8]) -> Option<Orientation> {
    Orientation::from_exif_chunk(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
}

fn push(chunks: &mut Vec<u8>, kind: [u8; 4], payload: &[u8]) {
    chunks.extend_from_slice(&kind);
    chunks.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    chunks.extend_from_slice(payload);
    if payload.len() % 2 == 1 {
        chunks.push(0);
    }
}

fn checked(width: u32, height: u32) -> Result<(u32, u32), Refusal> {
    if width == 0 || height == 0 {
        return Err(DAMAGED);
    }
    LIMITS.check_dimensions(width, height)?;
    Ok((width, height))
}

fn read_extended(payload: &[u8]) -> Result<(u8, u32, u32), Refusal> {
    let mut cursor = Cursor::new(payload);
    let (Some([flags, _, _, _]), Some(width), Some(height)) = (cursor.array::<4>(), cursor.u24_le(), cursor.u24_le())
    else {
        return Err(DAMAGED);
    };
    let (width, height) = checked(width + 1, height + 1)?;
    Ok((flags, width, height))
}

/// Dimensions in the header of one bitstream (RFC 9649 section 3.4; RFC 6386 section 9.1).
fn image_size(kind: [u8; 4], payload: &[u8]) -> Result<(u32, u32), Refusal> {
    let mut cursor = Cursor::new(payload);
    if &kind == b"VP8L" {
        let (Some(0x2f), Some(bits)) = (cursor.u8(), cursor.u32_le()) else {
            return Err(DAMAGED);
        };
        return checked((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
    }
    let (Some(tag), Some([0x9d, 0x01, 0x2a]), Some(width), Some(height)) =
        (cursor.u24_le(), cursor.array::<3>(), cursor.u16_le(), cursor.u16_le())
    else {
        return Err(DAMAGED);
    };
    // Bit 0 set: not a key frame, nothing to show.
    if tag & 1 == 1 {
        return Err(DAMAGED);
    }
    checked(u32::from(width & 0x3fff), u32::from(height & 0x3fff))
}

/// The bitstreams inside one frame of an animation must be as large as the frame says.
fn check_frame(payload: &[u8]) -> Result<(), Refusal> {
    let mut cursor = Cursor::new(payload);
    let (Some(_), Some(width), Some(height), Some(_)) =
        (cursor.take(6), cursor.u24_le(), cursor.u24_le(), cursor.take(4))
    else {
        return Err(DAMAGED);
    };
    let announced = checked(width + 1, height + 1)?;
    while !cursor.rest().is_empty() {
        let (kind, payload) = next_chunk(&mut cursor)?;
        if matches!(&kind, b"VP8 " | b"VP8L") && image_size(kind, payload)? != announced {
            return Err(DAMAGED);
        }
    }
    Ok(())
}
