//! Sendoff's core: drafts, launches, following, notices. It knows no window.
//! `model` is what the page sees; machines decide and are pure; the engine does what they say.

pub mod links;
pub mod machines;
pub mod markdown;
pub mod model;
pub mod transcript;
