//! Pictures from real encoders go in, and what comes out is taken apart by readers of the tests' own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod anatomy;
mod color;
mod fitting;
mod gif_and_bmp;
mod hostile;
mod jpeg;
mod orientation;
mod pixels;
mod png_files;
mod properties;
mod thumbnails;
mod webp;
