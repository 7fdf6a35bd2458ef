//! What is sent of a picture: flattened, and made as light as was chosen. Always from the flattened picture, so that
//! nothing below a redaction takes part in scaling.

use serde::{Deserialize, Serialize};

use crate::clean;
use crate::decode;
use crate::fit::{Fitted, fit, lossless, lossy};
use crate::flatten::flatten;
use crate::format::{Format, SourceFormat};
use crate::mark::Markup;
use crate::picture::{LIMITS, Picture};
use crate::refusal::Refusal;
use crate::take_in::guarded;

/// How light pictures are made before they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Fit {
    /// As they are, within the limits of the API.
    #[default]
    Sharp,
    /// The longest edge becomes 1,568 pixels, but never less than half of what it was: a screenshot of a screen with two
    /// pixels for one keeps the size that it was seen at, and text stays legible. At most 2 MB.
    Balanced,
    /// The longest edge becomes 1,024 pixels. At most 500 KB.
    Small,
}

/// What a picture is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The longest edge in pixels.
    pub edge: u32,
    /// The most bytes.
    pub bytes: u64,
}

impl Fit {
    /// The bounds for a picture whose longest edge is `longest` pixels.
    pub fn bounds(self, longest: u32) -> Bounds {
        match self {
            Self::Sharp => Bounds {
                edge: LIMITS.edge,
                bytes: LIMITS.sent_bytes,
            },
            Self::Balanced => Bounds {
                edge: longest.div_ceil(2).max(1568),
                bytes: 2_000_000,
            },
            Self::Small => Bounds {
                edge: 1024,
                bytes: 500_000,
            },
        }
    }
}

/// Flattens marks into a picture as [`crate::take_in`] gave it, see [`flatten`], and makes it as light as was chosen.
///
/// A picture within the bounds goes as it was flattened, so without marks byte for byte. A larger one is scaled, without
/// loss beyond that if the bytes allow. Scaled pixels that weigh no less than those that there were are no gain: then the
/// picture keeps its size, and only the bytes are held. What was done is in the findings, against the flattened picture.
pub fn prepare(bytes: &[u8], markup: &Markup, chosen: Fit) -> Result<Picture, Refusal> {
    let whole = flatten(bytes, markup)?;
    let longest = whole.width.max(whole.height);
    let bounds = chosen.bounds(longest);
    if longest > bounds.edge
        && let Some(smaller) = guarded(whole.format.into(), || scaled(&whole, bounds))?
    {
        return Ok(smaller.instead_of(whole));
    }
    fit(whole, bounds.bytes)
}

/// With the longest edge at its bound, and lighter than it was; `None` where there is no such thing.
fn scaled(whole: &Picture, bounds: Bounds) -> Result<Option<Fitted>, Refusal> {
    let format = SourceFormat::from(whole.format);
    let cleaned = clean::clean(format, &whole.bytes)?;
    let raster = decode::reduce(format, &cleaned.bytes, (whole.width, whole.height), Some(bounds.edge))?
        .ok_or(Refusal::Damaged { format })?;
    let before = whole.bytes.len() as u64;
    let most = bounds.bytes.min(before.saturating_sub(1));
    if let Some(lossless) = lossless(&raster, most) {
        return Ok(Some(lossless));
    }
    // Where it was near already (JPEG, mostly WebP too), or must become so, it may be.
    let may_be_near = matches!(whole.format, Format::Jpeg | Format::Webp) || before > bounds.bytes;
    if !may_be_near {
        return Ok(None);
    }
    // Should its size not be enough, it stays to be seen what is: never smaller than it must.
    Ok(lossy(raster, most).ok())
}
