//! The keychain of each system. Each file gives an entry ready for one call, and reads the system's own errors.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "macos")]
pub(crate) use macos::{entry, entry_to_store, state_of};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::{entry, entry_to_store, state_of};
#[cfg(windows)]
pub(crate) use windows::{entry, entry_to_store, state_of};
