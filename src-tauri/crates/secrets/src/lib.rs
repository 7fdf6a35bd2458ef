//! The keychain of the system: one item of secret bytes for each account, nothing on disk in plain.
//!
//! Every call ends within [`TIME_LIMIT`], in a value or in a named state: a locked, missing, refusing or silent
//! keychain is something to tell the user, never something to hang on and never a reason to keep a key elsewhere
//! unasked. The calls block; callers in async code move them off their threads.

mod error;
mod keychain;
mod platform;
mod secret;
mod worker;

pub use error::KeychainError;
pub use keychain::{Keychain, SECRET_LIMIT, TIME_LIMIT};
pub use secret::Secret;
