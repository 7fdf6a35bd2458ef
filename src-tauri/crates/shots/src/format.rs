//! Which kind of picture some bytes are, told by the bytes alone.

use serde::{Deserialize, Serialize};

/// A format that can be sent (API v1, `prompt.images[].mimeType`: png, jpeg, gif, webp).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, lossy or lossless.
    Webp,
    /// GIF, one frame.
    Gif,
}

impl From<Format> for SourceFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Png => Self::Png,
            Format::Jpeg => Self::Jpeg,
            Format::Webp => Self::Webp,
            Format::Gif => Self::Gif,
        }
    }
}

impl Format {
    /// The media type, such as `image/png`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// The usual file name ending, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }
}

/// What a picture was when it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SourceFormat {
    /// PNG or APNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, still or animated.
    Webp,
    /// GIF, still or animated.
    Gif,
    /// Windows bitmap with its file header.
    Bmp,
    /// Plain pixels from a clipboard.
    Pixels,
}

/// What some bytes are when they are not a picture that can be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unsupported {
    /// HEIC or HEIF, as phones write it.
    Heic,
    /// AVIF.
    Avif,
    /// SVG drawing.
    Svg,
    /// TIFF.
    Tiff,
    /// Windows icon or cursor.
    Ico,
    /// JPEG XL.
    JpegXl,
    /// PDF document.
    Pdf,
    /// Photoshop document.
    Psd,
    /// Video or audio container.
    Video,
    /// Readable text.
    Text,
    /// None of the known kinds.
    Unknown,
}

/// Tells the kind of picture from its first bytes; never by a name. Reads at most the first 1,024 bytes.
pub fn sniff(bytes: &[u8]) -> Result<SourceFormat, Unsupported> {
    let head = &bytes[..bytes.len().min(1024)];
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"\x89PNG\r\n\x1a\n") {
        Ok(SourceFormat::Png)
    } else if at(0, &[0xff, 0xd8, 0xff]) {
        Ok(SourceFormat::Jpeg)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Ok(SourceFormat::Webp)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Ok(SourceFormat::Gif)
    } else if at(0, b"BM")
        && head
            .get(14)
            .is_some_and(|size| matches!(size, 12 | 40 | 52 | 56 | 64 | 108 | 124))
        && at(15, &[0, 0, 0])
    {
        Ok(SourceFormat::Bmp)
    } else {
        Err(unsupported(head, at))
    }
}

fn unsupported(head: &[u8], at: impl Fn(usize, &[u8]) -> bool) -> Unsupported {
    const HEIF_BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    let any = |magics: &[&[u8]]| magics.iter().any(|magic| at(0, magic));
    if at(4, b"ftyp") {
        let brands = head.get(8..).unwrap_or_default();
        let length = head
            .first_chunk::<4>()
            .map_or(0, |size| u32::from_be_bytes(*size) as usize);
        let brands = &brands[..brands.len().min(length.saturating_sub(8))];
        return if brands.chunks_exact(4).any(|brand| brand == b"avif" || brand == b"avis") {
            Unsupported::Avif
        } else if HEIF_BRANDS.iter().any(|brand| at(8, brand)) {
            Unsupported::Heic
        } else {
            Unsupported::Video
        };
    }
    if any(&[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]) {
        Unsupported::Tiff
    } else if any(&[b"8BPS"]) {
        Unsupported::Psd
    } else if any(&[b"%PDF"]) {
        Unsupported::Pdf
    } else if any(&[b"\0\0\x01\0", b"\0\0\x02\0"]) && head.len() >= 6 && head[4] != 0 {
        Unsupported::Ico
    } else if any(&[b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"]) {
        Unsupported::JpegXl
    } else if any(&[
        b"\x1a\x45\xdf\xa3",
        b"OggS",
        b"FLV\x01",
        b"\0\0\x01\xba",
        b"\0\0\x01\xb3",
        b"ID3",
    ]) || (at(0, b"RIFF") && (at(8, b"AVI ") || at(8, b"WAVE")))
    {
        Unsupported::Video
    } else {
        text(head)
    }
}

/// SVG or other text; a character cut by the end of the head does not make text unreadable.
fn text(head: &[u8]) -> Unsupported {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Unsupported::Text;
    }
    let readable = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => "",
    };
    if readable.is_empty() || readable.contains('\0') {
        return Unsupported::Unknown;
    }
    let start = readable
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let markup = start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!doctype svg");
    if start.starts_with("<svg") || (markup && start.contains("<svg")) {
        Unsupported::Svg
    } else {
        Unsupported::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_bytes() {
        let bmp = [b"BM".as_slice(), &[0; 12], &[40, 0, 0, 0]].concat();
        let table: [(&[u8], Result<SourceFormat, Unsupported>); 26] = [
            (b"\x89PNG\r\n\x1a\n....", Ok(SourceFormat::Png)),
            (b"\xff\xd8\xff\xe0", Ok(SourceFormat::Jpeg)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Ok(SourceFormat::Webp)),
            (b"GIF87a", Ok(SourceFormat::Gif)),
            (b"GIF89a", Ok(SourceFormat::Gif)),
            (&bmp, Ok(SourceFormat::Bmp)),
            (b"BM is how this sentence starts", Err(Unsupported::Text)),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Err(Unsupported::Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Err(Unsupported::Avif)),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp41mp42", Err(Unsupported::Video)),
            (b"II*\0", Err(Unsupported::Tiff)),
            (b"MM\0*", Err(Unsupported::Tiff)),
            (b"8BPS", Err(Unsupported::Psd)),
            (b"%PDF-1.7", Err(Unsupported::Pdf)),
            (b"\0\0\x01\0\x01\0", Err(Unsupported::Ico)),
            (b"\xff\x0a", Err(Unsupported::JpegXl)),
            (b"\x1a\x45\xdf\xa3", Err(Unsupported::Video)),
            (b"RIFF\0\0\0\0AVI ", Err(Unsupported::Video)),
            (b"<svg xmlns=", Err(Unsupported::Svg)),
            (
                b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x --><SVG>",
                Err(Unsupported::Svg),
            ),
            (b"<?xml version=\"1.0\"?><note/>", Err(Unsupported::Text)),
            (b"file:///home/me/shot.png", Err(Unsupported::Text)),
            (b"\xff\xfeh\0", Err(Unsupported::Text)),
            ("caf\u{e9}".as_bytes(), Err(Unsupported::Text)),
            (b"caf\xc3", Err(Unsupported::Text)),
            (b"\x01\x02\x03\0", Err(Unsupported::Unknown)),
        ];
        for (bytes, expected) in table {
            assert_eq!(sniff(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}
