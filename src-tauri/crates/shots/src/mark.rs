//! Marks as data: what the user drew on a picture, in pixels of the picture as it stands upright.
//!
//! `(0, 0)` is the upper left corner of the upper left pixel, `x` grows to the right and `y` downwards; the middle of
//! that pixel is `(0.5, 0.5)`. Marks keep these coordinates when the picture is cropped. Where each one draws is in
//! [`Mark::outline`].

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::text::check_words;

/// Most marks on one picture.
pub const MOST_MARKS: usize = 10_000;
/// Most points of all freehand strokes and highlighters on one picture together.
pub const MOST_POINTS: usize = 200_000;

/// A place on the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the top edge.
    pub y: f64,
}

/// A rectangle with upright sides. Width and height may be negative, as a pointer that is pulled up or left makes them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Rect {
    /// Pixels from the left edge to one corner.
    pub x: f64,
    /// Pixels from the top edge to that corner.
    pub y: f64,
    /// Pixels to the right from there to the corner across.
    pub width: f64,
    /// Pixels down from there to the corner across.
    pub height: f64,
}

/// A color in sRGB, always opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Color {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

/// One annotation. Widths are those of the stroke, in pixels of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Mark {
    /// A shaft with a round end and a solid head whose tip is at `to`.
    Arrow {
        /// Where the shaft begins.
        from: Point,
        /// Where the head points.
        to: Point,
        /// Its color.
        color: Color,
        /// Width of the shaft.
        width: f64,
    },
    /// A straight stroke with round ends.
    Line {
        /// One end.
        from: Point,
        /// The other end.
        to: Point,
        /// Its color.
        color: Color,
        /// Width of the stroke.
        width: f64,
    },
    /// The border of a rectangle.
    Box {
        /// The middle of the stroke.
        area: Rect,
        /// Its color.
        color: Color,
        /// Width of the stroke.
        width: f64,
    },
    /// The border of an ellipse.
    Ellipse {
        /// The rectangle that the middle of the stroke touches on all four sides.
        area: Rect,
        /// Its color.
        color: Color,
        /// Width of the stroke.
        width: f64,
    },
    /// Straight strokes from point to point, round at ends and corners.
    Freehand {
        /// Where the pen went.
        points: Vec<Point>,
        /// Its color.
        color: Color,
        /// Width of the stroke.
        width: f64,
    },
    /// As [`Mark::Freehand`], but translucent; where it crosses itself it is no darker.
    Highlighter {
        /// Where the pen went.
        points: Vec<Point>,
        /// Its color.
        color: Color,
        /// Width of the stroke.
        width: f64,
    },
    /// Words, line by line.
    Text {
        /// Upper left corner of the first line.
        at: Point,
        /// What is written; `\n` begins a line.
        text: String,
        /// Size of the font.
        size: f64,
        /// Its color; emoji have their own.
        color: Color,
    },
    /// A disc with a number, of which the words speak.
    Pin {
        /// Its middle.
        at: Point,
        /// Its number, from 1.
        number: u32,
        /// Width of the disc.
        size: f64,
        /// Color of the disc; the number is white or black, whichever shows better.
        color: Color,
    },
    /// A solid rectangle that leaves nothing of what is below it.
    Redact {
        /// What it covers: every pixel that this touches.
        area: Rect,
        /// The one color that is left.
        color: Color,
    },
}

/// Everything drawn on one picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Markup {
    /// What is kept of the picture; everything where there is none. A pixel is kept when its middle is inside.
    pub crop: Option<Rect>,
    /// From the lowest to the highest.
    pub marks: Vec<Mark>,
}

// Marks come as JSON, which has no number that differs from itself.
impl Eq for Markup {}

impl Mark {
    /// The color that it is drawn in.
    pub fn color(&self) -> Color {
        match self {
            Self::Arrow { color, .. }
            | Self::Line { color, .. }
            | Self::Box { color, .. }
            | Self::Ellipse { color, .. }
            | Self::Freehand { color, .. }
            | Self::Highlighter { color, .. }
            | Self::Text { color, .. }
            | Self::Pin { color, .. }
            | Self::Redact { color, .. } => *color,
        }
    }

    /// How much of what is below it hides, out of 255: everything, but 102 (two fifths) for a highlighter. It is laid
    /// over and not multiplied, so that it shows on dark pictures too.
    pub fn opacity(&self) -> u8 {
        match self {
            Self::Highlighter { .. } => 102,
            _ => 255,
        }
    }

    fn points(&self) -> &[Point] {
        match self {
            Self::Freehand { points, .. } | Self::Highlighter { points, .. } => points,
            _ => &[],
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Text { text, .. } => text,
            _ => "",
        }
    }

    /// Whether every number is one that can be drawn.
    fn is_sound(&self) -> bool {
        let stroke = |width: f64| width.is_finite() && width >= 0.0;
        match self {
            Self::Arrow { from, to, width, .. } | Self::Line { from, to, width, .. } => {
                from.is_finite() && to.is_finite() && stroke(*width)
            }
            Self::Box { area, width, .. } | Self::Ellipse { area, width, .. } => area.is_finite() && stroke(*width),
            Self::Freehand { points, width, .. } | Self::Highlighter { points, width, .. } => {
                points.iter().all(|point| point.is_finite()) && stroke(*width)
            }
            Self::Text { at, size, .. } | Self::Pin { at, size, .. } => at.is_finite() && stroke(*size),
            Self::Redact { area, .. } => area.is_finite(),
        }
    }
}

impl Markup {
    /// Holds everything against the bounds. A mark outside the picture is sound; a number that is none is not, because
    /// a redaction that silently draws nothing would give away what it was to hide.
    pub fn check(&self) -> Result<(), Refusal> {
        let points = self.marks.iter().map(|mark| mark.points().len()).sum::<usize>();
        if self.marks.len() > MOST_MARKS || points > MOST_POINTS {
            return Err(Refusal::TooManyMarks {
                marks: self.marks.len() as u64,
                points: points as u64,
            });
        }
        check_words(self.marks.iter().map(Mark::words))?;
        if self.crop.is_some_and(|crop| !crop.is_finite()) || !self.marks.iter().all(Mark::is_sound) {
            return Err(Refusal::MarksUnreadable);
        }
        Ok(())
    }
}

impl Point {
    fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Rect {
    fn is_finite(self) -> bool {
        [self.x, self.y, self.width, self.height]
            .iter()
            .all(|number| number.is_finite())
    }

    /// Left, top, right and bottom.
    pub(crate) fn sides(self) -> [f64; 4] {
        let (right, bottom) = (self.x + self.width, self.y + self.height);
        [
            self.x.min(right),
            self.y.min(bottom),
            self.x.max(right),
            self.y.max(bottom),
        ]
    }
}
