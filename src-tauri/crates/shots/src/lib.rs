//! Pictures: take in, clean, mark, flatten, fit, name by hash, and draw thumbnails.
//!
//! Everything here is a pure function over bytes: no clock, no threads, and no files but the fonts of the system, which
//! are read when a word first needs them. A picture is recognized by its
//! bytes and never by a name, is bounded before it is decoded, and leaves carrying nothing but its pixels.

mod clean;
mod color;
mod coverage;
mod decode;
mod draw;
mod emoji;
mod encode;
mod fit;
mod flatten;
mod fonts;
mod format;
mod hash;
mod icon;
mod lettering;
mod mark;
mod outline;
mod picture;
mod prepare;
mod raster;
mod reduce;
mod refusal;
mod resize;
#[doc(hidden)]
pub mod steps;
mod take_in;
mod text;
mod thumbnail;
mod tighten;

pub use emoji::emoji;
pub use fit::fit;
pub use flatten::{flatten, flatten_pixels};
pub use format::{Format, SourceFormat, Unsupported, sniff};
pub use hash::Hash;
pub use icon::{Icon, icon};
pub use mark::{Color, MOST_MARKS, MOST_POINTS, Mark, Markup, Point, Rect};
pub use outline::PathStep;
pub use picture::{Finding, LIMITS, Limits, Picture, Size};
pub use prepare::{Bounds, Fit, prepare};
pub use refusal::Refusal;
pub use take_in::{take_in, take_in_pixels, take_in_pixels_with_thumbnail, take_in_with_thumbnail};
pub use text::{Emoji, MOST_CHARACTERS, MOST_FOREIGN, TextShape, shape};
pub use thumbnail::{Thumbnail, thumbnail};
pub use tighten::tighten;
