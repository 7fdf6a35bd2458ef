//! The login keychain of macOS.

use std::error::Error;

use keyring::Entry;
use keyring_core::api::CredentialStoreApi;

use crate::error::KeychainError;
use crate::worker::Call;

/// The item of an account.
pub(crate) fn entry(_: &Call, service: &str, account: &str) -> Result<Entry, KeychainError> {
    let inner = apple_native_keyring_store::keychain::Store::new()?.build(service, account, None)?;
    Ok(Entry { inner })
}

/// The item of an account, to be written.
pub(crate) fn entry_to_store(call: &Call, service: &str, account: &str) -> Result<Entry, KeychainError> {
    entry(call, service, account)
}

/// Nothing is read from the system's errors here: the library has named those that say "no access".
pub(crate) fn state_of(_: &(dyn Error + Send + Sync + 'static)) -> Option<KeychainError> {
    None
}
