//! Sendoff's core: drafts, launches, following, notices. It knows no window.
//! `model` is what the page sees; machines decide and are pure; the engine does what they say.

pub mod engine;
pub mod export;
pub mod key_shapes;
pub mod links;
pub mod machines;
pub mod markdown;
pub mod model;
pub mod record;
mod repository_url;
pub mod transcript;
pub mod world;

/// The keychain, for whoever starts the engine.
pub mod secrets {
    pub use sendoff_secrets::{Keychain, KeychainError};
}

/// Puts a damaged database aside, so that a new one can be begun; nothing is deleted.
///
/// # Errors
/// Why it could not be moved.
pub fn set_data_aside(folder: &std::path::Path) -> Result<(), model::Failure> {
    sendoff_store::set_aside(folder)
        .map(drop)
        .map_err(|error| engine::open_failure(&error))
}
