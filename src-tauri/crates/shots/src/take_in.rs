//! The way in: bounds, clean, prove by one decode, bring to sRGB and upright, fit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::metadata::Orientation;

use crate::clean::{self, Animation, Cleaned};
use crate::color::{self, ColorPlan, ColorSource};
use crate::decode;
use crate::encode::{self, Effort};
use crate::fit::fit;
use crate::format::{Format, SourceFormat, sniff};
use crate::hash::Hash;
use crate::picture::{Finding, LIMITS, Picture, Size};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::thumbnail::Thumbnail;

/// A JPEG that must be encoded anew is kept lossless up to this many pixels: a PNG of them stays below the limit.
const MOST_PIXELS_OF_LOSSLESS_JPEG: u64 = 3_500_000;
/// Quality at which a larger one is encoded.
const JPEG_QUALITY: u8 = 92;

/// Takes in the bytes of a file or a clipboard. A clean picture comes through byte for byte; it is still decoded once,
/// as a proof that it can be.
pub fn take_in(bytes: &[u8]) -> Result<Picture, Refusal> {
    take_in_optional(bytes, None).map(|(picture, _)| picture)
}

/// As [`take_in`], with a thumbnail of at most `longest_edge` pixels (1 to 4,096) from the same decode.
pub fn take_in_with_thumbnail(bytes: &[u8], longest_edge: u32) -> Result<(Picture, Thumbnail), Refusal> {
    let (picture, thumbnail) = take_in_optional(bytes, Some(longest_edge.clamp(1, 4096)))?;
    let source = sniff(bytes).unwrap_or(SourceFormat::Png);
    Ok((
        picture,
        Thumbnail::new(&thumbnail.ok_or(Refusal::Damaged { format: source })?, source)?,
    ))
}

/// Takes in plain pixels: rows of straight RGBA without padding, as clipboards give them.
pub fn take_in_pixels(width: u32, height: u32, rgba: Vec<u8>) -> Result<Picture, Refusal> {
    take_in_pixels_optional(width, height, rgba, None).map(|(picture, _)| picture)
}

/// As [`take_in_pixels`], with a thumbnail of at most `longest_edge` pixels (1 to 4,096).
pub fn take_in_pixels_with_thumbnail(
    width: u32,
    height: u32,
    rgba: Vec<u8>,
    longest_edge: u32,
) -> Result<(Picture, Thumbnail), Refusal> {
    let (picture, thumbnail) = take_in_pixels_optional(width, height, rgba, Some(longest_edge.clamp(1, 4096)))?;
    let source = SourceFormat::Pixels;
    Ok((
        picture,
        Thumbnail::new(&thumbnail.ok_or(Refusal::Damaged { format: source })?, source)?,
    ))
}

type WithReduced = (Picture, Option<Raster>);

fn take_in_pixels_optional(
    width: u32,
    height: u32,
    rgba: Vec<u8>,
    longest_edge: Option<u32>,
) -> Result<WithReduced, Refusal> {
    let raster = pixels(width, height, rgba)?;
    finish_raster(SourceFormat::Pixels, raster, Vec::new(), longest_edge)
}

/// A buffer of RGBA that holds what its dimensions say.
pub(crate) fn pixels(width: u32, height: u32, rgba: Vec<u8>) -> Result<Raster, Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::Empty);
    }
    LIMITS.check_dimensions(width, height)?;
    let expected = u64::from(width) * u64::from(height) * 4;
    if rgba.len() as u64 != expected {
        return Err(Refusal::PixelsMismatch {
            expected,
            actual: rgba.len() as u64,
        });
    }
    Ok(Raster {
        width,
        height,
        channels: 4,
        samples: rgba,
    })
}

/// Bounds and kind, before anything else.
pub(crate) fn check_bytes(bytes: &[u8]) -> Result<SourceFormat, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let format = sniff(bytes).map_err(|kind| Refusal::Unsupported { kind })?;
    if bytes.len() as u64 > LIMITS.file_bytes {
        return Err(Refusal::TooManyBytes {
            bytes: bytes.len() as u64,
            limit: LIMITS.file_bytes,
        });
    }
    Ok(format)
}

/// A decoder that panics on hostile bytes costs the picture, not the app.
pub(crate) fn guarded<T>(format: SourceFormat, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Damaged { format }))
}

fn take_in_optional(bytes: &[u8], longest_edge: Option<u32>) -> Result<WithReduced, Refusal> {
    let format = check_bytes(bytes)?;
    guarded(format, || take_in_unguarded(format, bytes, longest_edge))
}

/// The whole way in, without the net for panics; the tests go in here.
pub(crate) fn take_in_unguarded(
    format: SourceFormat,
    bytes: &[u8],
    longest_edge: Option<u32>,
) -> Result<WithReduced, Refusal> {
    let mut cleaned = clean::clean(format, bytes)?;
    let (plan, mut findings) = look(&mut cleaned);
    if let (true, Some(kept)) = (stays_as_it_is(&cleaned, &plan), sendable(format)) {
        let Cleaned {
            bytes, width, height, ..
        } = cleaned;
        let reduced = decode::reduce(format, &bytes, (width, height), longest_edge)?;
        let picture = fit(picture(bytes, kept, width, height, findings), LIMITS.sent_bytes)?;
        return Ok((picture, reduced));
    }
    let raster = upright(format, cleaned, plan, &mut findings)?;
    finish_raster(format, raster, findings, longest_edge)
}

/// What was found while cleaning, and what is to be done about the colors.
pub(crate) fn look(cleaned: &mut Cleaned) -> (ColorPlan, Vec<Finding>) {
    let mut findings = Vec::new();
    if cleaned.metadata {
        findings.push(Finding::MetadataRemoved);
    }
    if cleaned.trailing > 0 {
        findings.push(Finding::TrailingBytesRemoved {
            bytes: cleaned.trailing,
        });
    }
    if let Some(Animation { frames }) = cleaned.animation {
        findings.push(Finding::FirstFrameOnly { frames });
    }
    let plan = std::mem::replace(&mut cleaned.color, ColorSource::Srgb).plan();
    if matches!(plan, ColorPlan::Unreadable | ColorPlan::ByDecoder) {
        findings.push(Finding::ColorsGuessed);
    }
    (plan, findings)
}

/// Whether the cleaned bytes are already upright and sRGB.
pub(crate) fn stays_as_it_is(cleaned: &Cleaned, plan: &ColorPlan) -> bool {
    cleaned.orientation == Orientation::NoTransforms
        && matches!(plan, ColorPlan::Keep | ColorPlan::Unreadable)
        && !cleaned.encode_anew
}

/// The pixels, upright and in sRGB.
pub(crate) fn upright(
    format: SourceFormat,
    cleaned: Cleaned,
    plan: ColorPlan,
    findings: &mut Vec<Finding>,
) -> Result<Raster, Refusal> {
    let mut raster = decode::decode(format, &cleaned.bytes, (cleaned.width, cleaned.height))?;
    let orientation = cleaned.orientation;
    drop(cleaned);
    match plan {
        ColorPlan::Keep | ColorPlan::Unreadable | ColorPlan::ByDecoder => (),
        // A profile of one channel says nothing of three.
        ColorPlan::Transform(profile) if color::is_gray(&profile) && !raster.is_gray() => {
            findings.push(Finding::ColorsGuessed);
        }
        ColorPlan::Transform(profile) => {
            raster = raster.expand_gray();
            color::to_srgb(&profile, &mut raster).ok_or(Refusal::Damaged { format })?;
            findings.push(Finding::ColorConverted);
        }
    }
    if orientation != Orientation::NoTransforms {
        raster = raster.oriented(orientation).ok_or(Refusal::Damaged { format })?;
        findings.push(Finding::Oriented);
    }
    Ok(raster)
}

pub(crate) fn sendable(format: SourceFormat) -> Option<Format> {
    match format {
        SourceFormat::Png => Some(Format::Png),
        SourceFormat::Jpeg => Some(Format::Jpeg),
        SourceFormat::Webp => Some(Format::Webp),
        SourceFormat::Gif => Some(Format::Gif),
        SourceFormat::Bmp | SourceFormat::Pixels => None,
    }
}

pub(crate) fn picture(bytes: Vec<u8>, format: Format, width: u32, height: u32, findings: Vec<Finding>) -> Picture {
    Picture {
        hash: Hash::of(&bytes),
        bytes,
        format,
        width,
        height,
        findings,
        loose: false,
    }
}

fn finish_raster(
    from: SourceFormat,
    mut raster: Raster,
    mut findings: Vec<Finding>,
    longest_edge: Option<u32>,
) -> Result<WithReduced, Refusal> {
    if matches!(from, SourceFormat::Pixels | SourceFormat::Bmp) && raster.alpha_is_empty() {
        raster.fill_alpha();
        findings.push(Finding::AlphaWasEmpty);
    }
    let reduced = longest_edge.and_then(|edge| decode::reduce_raster(&raster, edge));
    Ok((encoded(from, raster, findings)?, reduced))
}

/// Pixels that must be encoded: lossless, but for a large JPEG.
pub(crate) fn encoded(from: SourceFormat, raster: Raster, mut findings: Vec<Finding>) -> Result<Picture, Refusal> {
    let stays_jpeg =
        from == SourceFormat::Jpeg && u64::from(raster.width) * u64::from(raster.height) > MOST_PIXELS_OF_LOSSLESS_JPEG;
    let (encoded, format) = if stays_jpeg {
        (encode::jpeg(&raster, JPEG_QUALITY), Format::Jpeg)
    } else {
        (encode::png(&raster, Effort::Quick), Format::Png)
    };
    let encoded = encoded.ok_or(Refusal::CannotFit {
        limit: LIMITS.sent_bytes,
    })?;
    if from != SourceFormat::Pixels && sendable(from) != Some(format) {
        findings.push(Finding::Converted { from });
    }
    let Size { width, height } = raster.size();
    // Should it not fit, it is decoded again: one raster at a time.
    drop(raster);
    let picture = Picture {
        loose: format == Format::Png,
        ..picture(encoded, format, width, height, findings)
    };
    fit(picture, LIMITS.sent_bytes)
}

#[cfg(test)]
mod tests;
