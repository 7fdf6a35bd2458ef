//! Makes a picture fit a limit of bytes: lossless first, then at lower quality, and smaller only as the last way.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use crate::clean;
use crate::decode;
use crate::encode::{self, Effort};
use crate::format::{Format, SourceFormat};
use crate::picture::{Finding, Picture, Size};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::resize::resized;
use crate::take_in::{guarded, picture as new_picture};

const QUALITIES: [u8; 3] = [92, 85, 75];

/// Returns a picture of at most `limit` bytes; one that fits already comes back untouched. What was done is in its
/// findings. `CannotFit` when even a thumbnail would not fit.
pub fn fit(picture: Picture, limit: u64) -> Result<Picture, Refusal> {
    if picture.bytes.len() as u64 <= limit {
        return Ok(picture);
    }
    let source = SourceFormat::from(picture.format);
    let fitted = guarded(source, || {
        let raster = pixels_of(&picture)?;
        // Sixteen bits a sample became eight.
        let exact = picture.bytes.get(24).is_some_and(|&depth| depth <= 8);
        if let Some(lossless) = (source == SourceFormat::Png)
            .then(|| lossless(&raster, limit))
            .flatten()
        {
            return Ok(Fitted {
                lossy: !exact,
                ..lossless
            });
        }
        lossy(raster, limit)
    })?;
    Ok(fitted.instead_of(picture))
}

/// The pixels of a picture that is clean already.
pub(crate) fn pixels_of(picture: &Picture) -> Result<Raster, Refusal> {
    let source = SourceFormat::from(picture.format);
    let cleaned = clean::clean(source, &picture.bytes)?;
    decode::decode(source, &cleaned.bytes, (picture.width, picture.height))
}

/// A picture that was encoded anew to weigh less.
pub(crate) struct Fitted {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
    pub(crate) size: Size,
    pub(crate) lossy: bool,
}

impl Fitted {
    /// Takes the place of a picture, and says so.
    pub(crate) fn instead_of(self, picture: Picture) -> Picture {
        let Self {
            bytes,
            format,
            size,
            lossy,
        } = self;
        let mut findings = picture.findings;
        if format != picture.format {
            findings.push(Finding::Converted {
                from: picture.format.into(),
            });
        }
        let (mut from_bytes, mut from, mut lossy_before) = (
            picture.bytes.len() as u64,
            Size {
                width: picture.width,
                height: picture.height,
            },
            false,
        );
        findings.retain(|finding| {
            if let Finding::Fitted {
                from_bytes: bytes,
                from: size,
                lossy,
                ..
            } = finding
            {
                (from_bytes, from, lossy_before) = (*bytes, *size, *lossy);
                return false;
            }
            true
        });
        findings.push(Finding::Fitted {
            from_bytes,
            to_bytes: bytes.len() as u64,
            from,
            to: size,
            lossy: lossy || lossy_before,
        });
        Picture {
            loose: format == Format::Png,
            ..new_picture(bytes, format, size.width, size.height, findings)
        }
    }
}

/// At lower quality, and smaller only as the last way.
pub(crate) fn lossy(raster: Raster, limit: u64) -> Result<Fitted, Refusal> {
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limit;
    let fitted = |raster: &Raster, bytes| Fitted {
        bytes,
        format: Format::Jpeg,
        size: raster.size(),
        lossy: true,
    };
    let mut raster = raster.over_white();
    for quality in QUALITIES {
        if let Some(bytes) = encode::jpeg(&raster, quality).filter(fits) {
            return Ok(fitted(&raster, bytes));
        }
    }
    while raster.width.max(raster.height) > 16 {
        raster = scaled(&raster, 0.75).ok_or(Refusal::CannotFit { limit })?;
        if let Some(bytes) = encode::jpeg(&raster, QUALITIES[1]).filter(fits) {
            return Ok(fitted(&raster, bytes));
        }
    }
    Err(Refusal::CannotFit { limit })
}

/// The cheap encoders go first, and tell whether the dear ones have a chance.
pub(crate) fn lossless(raster: &Raster, limit: u64) -> Option<Fitted> {
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limit;
    let fitted = |bytes, format| Fitted {
        bytes,
        format,
        size: raster.size(),
        lossy: false,
    };
    let quick = encode::png(raster, Effort::Quick)?;
    if fits(&quick) {
        return Some(fitted(quick, Format::Png));
    }
    if let Some(indexed) = encode::indexed_png(raster).filter(fits) {
        return Some(fitted(indexed, Format::Png));
    }
    // Lossless encoders seldom win a third against each other; beyond it the seconds are not spent.
    if quick.len() as u64 * 2 > limit.saturating_mul(3) {
        return None;
    }
    drop(quick);
    encode::lossless_webp(raster)
        .filter(fits)
        .map(|bytes| fitted(bytes, Format::Webp))
        .or_else(|| {
            encode::png(raster, Effort::Small)
                .filter(fits)
                .map(|bytes| fitted(bytes, Format::Png))
        })
}

fn scaled(raster: &Raster, factor: f64) -> Option<Raster> {
    let scale = |edge: u32| ((f64::from(edge) * factor).round() as u32).max(1);
    let (width, height) = (scale(raster.width), scale(raster.height));
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let size = (raster.width, raster.height);
    let samples = resized(&raster.samples, raster.channels, size, (width, height), &options)?;
    Some(Raster {
        width,
        height,
        channels: raster.channels,
        samples,
    })
}
