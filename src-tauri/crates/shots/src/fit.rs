//! Makes a picture fit a limit of bytes: lossless first, then at lower quality, and smaller only as the last way.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::clean;
use crate::decode;
use crate::encode::{self, Effort};
use crate::format::{Format, SourceFormat};
use crate::picture::{Finding, Picture, Size};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::take_in::{guarded, picture as new_picture};

const QUALITIES: [u8; 3] = [92, 85, 75];

/// Returns a picture of at most `limit` bytes; one that fits already comes back untouched. What was done is in its
/// findings. `CannotFit` when even a thumbnail would not fit.
pub fn fit(picture: Picture, limit: u64) -> Result<Picture, Refusal> {
    if picture.bytes.len() as u64 <= limit {
        return Ok(picture);
    }
    let source = match picture.format {
        Format::Png => SourceFormat::Png,
        Format::Jpeg => SourceFormat::Jpeg,
        Format::Webp => SourceFormat::Webp,
        Format::Gif => SourceFormat::Gif,
    };
    let Fit {
        bytes,
        format,
        size,
        lossy,
    } = guarded(source, || search(source, &picture, limit))?;
    let mut findings = picture.findings;
    if format != picture.format {
        findings.push(Finding::Converted { from: source });
    }
    findings.push(Finding::Fitted {
        from_bytes: picture.bytes.len() as u64,
        to_bytes: bytes.len() as u64,
        from: Size {
            width: picture.width,
            height: picture.height,
        },
        to: size,
        lossy,
    });
    Ok(new_picture(bytes, format, size.width, size.height, findings))
}

struct Fit {
    bytes: Vec<u8>,
    format: Format,
    size: Size,
    lossy: bool,
}

fn search(source: SourceFormat, picture: &Picture, limit: u64) -> Result<Fit, Refusal> {
    let cleaned = clean::clean(source, &picture.bytes)?;
    let raster = decode::decode(source, &cleaned.bytes, (picture.width, picture.height))?;
    drop(cleaned);
    let size = raster.size();
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limit;
    if source == SourceFormat::Png {
        let eight_bits = picture.bytes.get(24).is_some_and(|&depth| depth <= 8);
        if let Some((bytes, format)) = lossless(&raster, limit) {
            return Ok(Fit {
                bytes,
                format,
                size,
                lossy: !eight_bits,
            });
        }
    }
    let mut raster = raster.over_white();
    for quality in QUALITIES {
        if let Some(bytes) = encode::jpeg(&raster, quality).filter(fits) {
            return Ok(Fit {
                bytes,
                format: Format::Jpeg,
                size,
                lossy: true,
            });
        }
    }
    while raster.width.max(raster.height) > 16 {
        raster = scaled(&raster, 0.75).ok_or(Refusal::CannotFit { limit })?;
        if let Some(bytes) = encode::jpeg(&raster, QUALITIES[1]).filter(fits) {
            return Ok(Fit {
                bytes,
                format: Format::Jpeg,
                size: raster.size(),
                lossy: true,
            });
        }
    }
    Err(Refusal::CannotFit { limit })
}

/// The cheap encoders go first, and tell whether the dear ones have a chance.
fn lossless(raster: &Raster, limit: u64) -> Option<(Vec<u8>, Format)> {
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= limit;
    let quick = encode::png(raster, Effort::Quick)?;
    if fits(&quick) {
        return Some((quick, Format::Png));
    }
    if let Some(indexed) = encode::indexed_png(raster).filter(fits) {
        return Some((indexed, Format::Png));
    }
    // Lossless encoders seldom win a third against each other; beyond it the seconds are not spent.
    if quick.len() as u64 * 2 > limit.saturating_mul(3) {
        return None;
    }
    drop(quick);
    encode::lossless_webp(raster)
        .filter(fits)
        .map(|bytes| (bytes, Format::Webp))
        .or_else(|| {
            encode::png(raster, Effort::Small)
                .filter(fits)
                .map(|bytes| (bytes, Format::Png))
        })
}

fn scaled(raster: &Raster, factor: f64) -> Option<Raster> {
    let scale = |edge: u32| ((f64::from(edge) * factor).round() as u32).max(1);
    let (width, height) = (scale(raster.width), scale(raster.height));
    let pixel_type = if raster.channels == 1 {
        PixelType::U8
    } else {
        PixelType::U8x3
    };
    let source =
        fast_image_resize::images::ImageRef::new(raster.width, raster.height, &raster.samples, pixel_type).ok()?;
    let mut target = Image::new(width, height, pixel_type);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(Raster {
        width,
        height,
        channels: raster.channels,
        samples: target.into_vec(),
    })
}
