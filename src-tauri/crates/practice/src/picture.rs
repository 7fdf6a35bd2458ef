//! Pictures in prompts: what they claim to be held against what they are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Largest picture the API takes, in decoded bytes.
pub(crate) const MAX_PICTURE_BYTES: usize = 15_000_000;

/// Bytes kept of a picture for looking at it in the request log.
const PREVIEW_BYTES: usize = 24;

/// What is remembered of a picture instead of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// Decoded size in bytes.
    pub size_bytes: usize,
    /// Lower-case hex SHA-256 of the decoded bytes.
    pub sha256: String,
    /// What the bytes are by their first bytes, if anything the API accepts.
    pub sniffed_mime_type: Option<String>,
    /// Width and height in pixels, read from the header of the file.
    pub pixels: Option<(u32, u32)>,
    /// Raw base64 of the first bytes.
    pub preview: String,
}

/// A decoded picture and its record.
pub(crate) struct Decoded {
    pub(crate) record: Picture,
    pub(crate) bytes: Vec<u8>,
}

/// Decodes raw base64; `Err` says why it is not a picture the API takes.
pub(crate) fn decode(data: &str) -> Result<Decoded, &'static str> {
    if data.starts_with("data:") {
        return Err("must be raw base64 without a data: prefix");
    }
    let bytes = STANDARD.decode(data).map_err(|_| "must be valid base64 data")?;
    let kind = sniff(&bytes);
    Ok(Decoded {
        record: Picture {
            size_bytes: bytes.len(),
            sha256: hex(&Sha256::digest(&bytes)),
            sniffed_mime_type: kind.map(str::to_owned),
            pixels: pixels(&bytes),
            preview: STANDARD.encode(&bytes[..bytes.len().min(PREVIEW_BYTES)]),
        },
        bytes,
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The type by magic bytes, among those the API accepts.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

/// Width and height from the file header; `None` for damaged or unknown files.
pub(crate) fn pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    match sniff(bytes)? {
        "image/png" => Some((big_u32(bytes, 16)?, big_u32(bytes, 20)?)),
        "image/gif" => Some((little_u16(bytes, 6)?, little_u16(bytes, 8)?)),
        "image/jpeg" => jpeg_pixels(bytes),
        _ => webp_pixels(bytes),
    }
}

fn big_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn big_u16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn little_u16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn jpeg_pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => at += 1,
            // Start-of-frame markers; C4, C8 and CC are tables, not frames.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big_u16(bytes, at + 7)?, big_u16(bytes, at + 5)?));
            }
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + big_u16(bytes, at + 2)? as usize,
        }
    }
}

fn webp_pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => {
            let three = |at: usize| -> Option<u32> {
                let part = bytes.get(at..at + 3)?;
                Some(u32::from_le_bytes([part[0], part[1], part[2], 0]) + 1)
            };
            Some((three(24)?, three(27)?))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little_u16(bytes, 26)? & 0x3fff, little_u16(bytes, 28)? & 0x3fff)),
        _ => None,
    }
}

/// How a picture appears in the request log in place of its base64.
pub(crate) fn summary(record: &Picture) -> Value {
    json!({
        "sizeBytes": record.size_bytes,
        "sha256": record.sha256,
        "mimeType": record.sniffed_mime_type,
        "pixels": record.pixels.map(|(width, height)| json!({"width": width, "height": height})),
        "preview": record.preview,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_type_and_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x05\0\0\0\x03\x20\x08\x06\0\0\0";
        assert_eq!((sniff(png), pixels(png)), (Some("image/png"), Some((1280, 800))));
        let gif = b"GIF89a\x02\x00\x03\x00";
        assert_eq!((sniff(gif), pixels(gif)), (Some("image/gif"), Some((2, 3))));
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04AB\xff\xc0\x00\x0b\x08\x00\x07\x00\x09\x01";
        assert_eq!((sniff(jpeg), pixels(jpeg)), (Some("image/jpeg"), Some((9, 7))));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x09\0\0\x13\0\0";
        assert_eq!((sniff(webp), pixels(webp)), (Some("image/webp"), Some((10, 20))));
        assert_eq!((sniff(b"BM"), pixels(b"BM")), (None, None));
        assert_eq!(pixels(&png[..20]), None, "a cut header has no size and no panic");
    }

    #[test]
    fn base64_is_taken_strictly() {
        assert_eq!(
            decode("data:image/png;base64,AA==").err(),
            Some("must be raw base64 without a data: prefix")
        );
        assert_eq!(decode("!!").err(), Some("must be valid base64 data"));
        let decoded = decode("R0lGODlhAgADAA==").map(|decoded| decoded.record);
        assert_eq!(
            decoded,
            Ok(Picture {
                size_bytes: 10,
                sha256: "a39ba6aebc26432b0b646b0ca5b569fa7c114063f8afaf052744f1554d28cca8".to_owned(),
                sniffed_mime_type: Some("image/gif".to_owned()),
                pixels: Some((2, 3)),
                preview: "R0lGODlhAgADAA==".to_owned(),
            })
        );
    }
}
