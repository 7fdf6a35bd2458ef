//! The way out: a stored picture and the marks on it become the bytes that are sent.

use crate::clean;
use crate::color::ColorSource;
use crate::draw::draw;
use crate::fit::fit;
use crate::format::SourceFormat;
use crate::mark::{Markup, Rect};
use crate::picture::{Finding, LIMITS, Picture};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::take_in::{check_bytes, encoded, guarded, look, picture, pixels, sendable, stays_as_it_is, upright};

/// Flattens marks into a picture as [`crate::take_in`] gave it.
///
/// Where nothing is drawn and nothing is cropped, the bytes come through as they are. Otherwise the picture is decoded,
/// cropped, drawn on from the lowest mark to the highest, and encoded anew: nothing of the file that was is copied. It
/// becomes a PNG, which keeps every pixel without a mark as it was (16-bit samples as their upper eight bits); only a
/// JPEG beyond 3.5 million pixels becomes a JPEG again, in which colors are near and not equal, and what does not fit
/// the limit goes the way of [`crate::fit`]. A redaction is burnt in before any of that, so no encoding has seen what
/// was below it.
///
/// A picture of which every pixel is transparent is made opaque, as on the way in. A crop in which no pixel has its
/// middle is refused as [`Refusal::CropEmpty`], for the whole picture is not what was to be shown.
pub fn flatten(bytes: &[u8], markup: &Markup) -> Result<Picture, Refusal> {
    markup.check()?;
    let format = check_bytes(bytes)?;
    guarded(format, || flatten_unguarded(format, bytes, markup))
}

/// As [`flatten`], from plain pixels to plain pixels: rows of straight RGBA without padding. Gives width and height too,
/// for a crop changes them.
pub fn flatten_pixels(width: u32, height: u32, rgba: Vec<u8>, markup: &Markup) -> Result<(u32, u32, Vec<u8>), Refusal> {
    markup.check()?;
    let raster = pixels(width, height, rgba)?;
    let raster = guarded(SourceFormat::Pixels, || mark(raster, markup, &mut Vec::new()))?;
    Ok((raster.width, raster.height, raster.samples))
}

fn flatten_unguarded(format: SourceFormat, bytes: &[u8], markup: &Markup) -> Result<Picture, Refusal> {
    let mut cleaned = clean::clean(format, bytes)?;
    let high_dynamic_range = matches!(cleaned.color, ColorSource::HighDynamicRange(_));
    let (plan, mut findings) = look(&mut cleaned);
    let (width, height) = (cleaned.width, cleaned.height);
    if let (true, true, Some(kept)) = (
        markup.changes_nothing(width, height),
        stays_as_it_is(&cleaned, &plan),
        sendable(format),
    ) {
        return fit(picture(cleaned.bytes, kept, width, height, findings), LIMITS.sent_bytes);
    }
    if high_dynamic_range {
        // Marks are sRGB, and one file holds one kind of color: its numbers are taken for sRGB, as most viewers do.
        findings.push(Finding::ColorsGuessed);
    }
    let raster = upright(format, cleaned, plan, &mut findings)?;
    let raster = mark(raster, markup, &mut findings)?;
    encoded(format, raster, findings)
}

/// Crops, and draws what is left of the marks there.
fn mark(mut raster: Raster, markup: &Markup, findings: &mut Vec<Finding>) -> Result<Raster, Refusal> {
    if raster.alpha_is_empty() {
        raster.fill_alpha();
        findings.push(Finding::AlphaWasEmpty);
    }
    let [left, top, right, bottom] = kept(markup.crop, raster.width, raster.height).ok_or(Refusal::CropEmpty)?;
    let raster = raster.cropped(left, top, right, bottom);
    draw(raster, &markup.marks, (left, top))
}

impl Markup {
    fn changes_nothing(&self, width: u32, height: u32) -> bool {
        self.marks.is_empty() && kept(self.crop, width, height) == Some([0, 0, width as usize, height as usize])
    }
}

/// Left, top, right and bottom of the pixels whose middle is inside the crop; `None` when there is none.
fn kept(crop: Option<Rect>, width: u32, height: u32) -> Option<[usize; 4]> {
    let (width, height) = (f64::from(width), f64::from(height));
    let [left, top, right, bottom] = crop.map_or([0.0, 0.0, width, height], Rect::sides);
    let first = |side: f64, edge: f64| (side - 0.5).ceil().clamp(0.0, edge) as usize;
    let kept = [
        first(left, width),
        first(top, height),
        first(right, width),
        first(bottom, height),
    ];
    (kept[0] < kept[2] && kept[1] < kept[3]).then_some(kept)
}
