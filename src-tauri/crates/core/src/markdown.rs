//! Markdown from outside, as a typed tree. All of it is hostile: raw HTML is text, pictures are only described,
//! links pass an allow-list, depth and size are bounded, and no character can reorder or hide what is read.

mod autolink;
mod colors;
mod sanitize;
mod tree;
mod words;

pub use colors::colors;
pub use sanitize::{is_invisible, line, sanitize};
pub use tree::parse;
pub use words::words;
