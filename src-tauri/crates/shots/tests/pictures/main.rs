//! Pictures from real encoders go in, and what comes out is taken apart by readers of the tests' own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod anatomy;
mod color;
mod every_format;
mod fitting;
mod flattening;
mod gif_and_bmp;
mod hostile;
mod jpeg;
mod large;
mod marks;
mod odd_marks;
mod orientation;
mod outlines;
mod pixels;
mod png_files;
mod preparing;
mod properties;
mod redaction;
mod thumbnails;
mod webp;
mod words;
