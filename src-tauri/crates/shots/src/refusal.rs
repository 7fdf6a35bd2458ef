//! Why a picture was not taken in.

use serde::{Deserialize, Serialize};

use crate::format::{SourceFormat, Unsupported};

/// Why a picture was not taken in; an expected outcome, worded elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Refusal {
    /// There were no bytes, or no pixels.
    #[error("empty")]
    Empty,
    /// The file is larger than may be read.
    #[error("{bytes} bytes, limit {limit}")]
    TooManyBytes {
        /// Size of the file.
        bytes: u64,
        /// The limit it broke.
        limit: u64,
    },
    /// The picture has more pixels, or a longer edge, than may be decoded; told from the header alone.
    #[error("{width} x {height} pixels, limit {limit}")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The most pixels a picture may have.
        limit: u64,
    },
    /// Not a kind of picture that can be taken in.
    #[error("unsupported kind {kind:?}")]
    Unsupported {
        /// What it is instead.
        kind: Unsupported,
    },
    /// A known format in a form that no decoder here reads (12-bit JPEG, Apple's own PNG dialect).
    #[error("unsupported variant of {format:?}")]
    UnsupportedVariant {
        /// The format.
        format: SourceFormat,
    },
    /// The file is cut off, broken, or not what its first bytes say.
    #[error("damaged {format:?}")]
    Damaged {
        /// The format its first bytes say.
        format: SourceFormat,
    },
    /// The buffer does not hold `width * height` RGBA pixels.
    #[error("{actual} bytes of pixels, expected {expected}")]
    PixelsMismatch {
        /// Bytes that the dimensions call for.
        expected: u64,
        /// Bytes that came.
        actual: u64,
    },
    /// No encoding came below the limit, or the encoder refused the dimensions.
    #[error("cannot be made to fit {limit} bytes")]
    CannotFit {
        /// The most bytes a picture may have.
        limit: u64,
    },
    /// More is drawn on the picture than may be.
    #[error("{marks} marks, {points} points")]
    TooManyMarks {
        /// How many marks.
        marks: u64,
        /// How many points their strokes have together.
        points: u64,
    },
    /// More is written on the picture than may be.
    #[error("{characters} characters, limit {limit}")]
    TooMuchText {
        /// How many characters all words have together, or how many of them need the system's fonts.
        characters: u64,
        /// The most they may have.
        limit: u64,
    },
    /// No pixel has its middle inside the crop.
    #[error("nothing is left of the picture")]
    CropEmpty,
    /// A mark or the crop has a number that is none (not finite, or a width below zero).
    #[error("a mark has a number that cannot be drawn")]
    MarksUnreadable,
}
