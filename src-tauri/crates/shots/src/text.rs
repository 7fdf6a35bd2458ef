//! Words as outlines: shaped once, drawn by Rust and the page alike.

use serde::{Deserialize, Serialize};

use crate::mark::Rect;
use crate::outline::PathStep;

/// Words shaped at a font size of 1: everything grows in proportion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TextShape {
    /// The letters, `(0, 0)` being the upper left corner of the first line.
    pub outline: Vec<PathStep>,
    /// The emoji.
    pub emoji: Vec<Emoji>,
    /// Width of the longest line.
    pub width: f64,
    /// Height of all lines.
    pub height: f64,
}

/// One emoji, a picture of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Emoji {
    /// Its name: the picture is served as `shot://localhost/emoji/<name>`.
    pub name: String,
    /// Where it is drawn.
    pub area: Rect,
}
