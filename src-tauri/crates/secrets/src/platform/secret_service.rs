//! The Secret Service of a Linux desktop (gnome-keyring, KWallet, KeePassXC), over D-Bus.
//!
//! The library unlocks by itself and waits for the user without saying so. So the lock is looked at first, and the
//! prompt is waited for here, where it can be told from a service that does not answer.

use std::collections::HashMap;
use std::error::Error;

use keyring::Entry;
use keyring_core::api::CredentialStoreApi;
use secret_service::EncryptionType;
use secret_service::Error as ServiceError;
use secret_service::blocking::SecretService;
use zbus_secret_service_keyring_store::Store;

use crate::error::KeychainError;
use crate::worker::Call;

/// How the default collection is called if there is none and it must be made; the service shows it to the user.
const COLLECTION: &str = "Default keyring";

/// The item of an account, in an unlocked collection.
pub(crate) fn entry(call: &Call, service: &str, account: &str) -> Result<Entry, KeychainError> {
    unlock(call, service, account, false)?;
    let inner = Store::new()?.build(service, account, None)?;
    Ok(Entry { inner })
}

/// The item of an account, to be written: makes the default collection if there is none.
pub(crate) fn entry_to_store(call: &Call, service: &str, account: &str) -> Result<Entry, KeychainError> {
    unlock(call, service, account, true)?;
    let inner = Store::new()?.build(service, account, None)?;
    Ok(Entry { inner })
}

fn unlock(call: &Call, service: &str, account: &str, make: bool) -> Result<(), KeychainError> {
    // No secret crosses this connection, so it needs no encryption.
    let keychain = SecretService::connect(EncryptionType::Plain).map_err(|error| state(&error))?;
    match keychain.get_default_collection() {
        Ok(collection) => {
            if collection.is_locked().map_err(|error| state(&error))? {
                unlocked(call, || collection.unlock())?;
            }
        }
        Err(ServiceError::NoResult) if make => {
            answered(call, || keychain.create_collection(COLLECTION, "default").map(|_| ()))?;
        }
        Err(ServiceError::NoResult) => return Err(KeychainError::Absent),
        Err(error) => return Err(state(&error)),
    }
    // The item may lie in another collection than the default of today.
    let attributes = HashMap::from([("service", service), ("username", account)]);
    let found = keychain.search_items(attributes).map_err(|error| state(&error))?;
    if !found.locked.is_empty() {
        let items: Vec<_> = found.locked.iter().collect();
        unlocked(call, || keychain.unlock_all(&items))?;
    }
    Ok(())
}

/// Waits until the user unlocked. A prompt that was closed, or could not be shown, leaves the keychain locked.
fn unlocked(call: &Call, unlock: impl FnOnce() -> Result<(), ServiceError>) -> Result<(), KeychainError> {
    answered(call, unlock).map_err(|error| match error {
        KeychainError::Denied => KeychainError::Locked,
        other => other,
    })
}

/// Waits for the user's answer to a prompt.
fn answered(call: &Call, prompt: impl FnOnce() -> Result<(), ServiceError>) -> Result<(), KeychainError> {
    match call.wait_for_user(prompt) {
        Some(answer) => answer.map_err(|error| state(&error)),
        None => Err(KeychainError::Locked),
    }
}

/// The state an error of the Secret Service names, if it is one.
pub(crate) fn state_of(error: &(dyn Error + Send + Sync + 'static)) -> Option<KeychainError> {
    error.downcast_ref::<ServiceError>().map(state)
}

fn state(error: &ServiceError) -> KeychainError {
    match error {
        ServiceError::Locked => KeychainError::Locked,
        ServiceError::Prompt => KeychainError::Denied,
        ServiceError::NoResult | ServiceError::Unavailable | ServiceError::PromptDisconnected => KeychainError::Absent,
        ServiceError::Crypto(_) => KeychainError::Other { code: "crypto" },
        ServiceError::Zbus(error) => bus(error),
        ServiceError::ZbusFdo(error) => standard(error),
        _ => KeychainError::Other { code: "secret-service" },
    }
}

fn bus(error: &zbus::Error) -> KeychainError {
    match error {
        // No bus at the address, or it went away.
        zbus::Error::Address(_)
        | zbus::Error::InputOutput(_)
        | zbus::Error::Connection(..)
        | zbus::Error::Handshake(_)
        | zbus::Error::InterfaceNotFound => KeychainError::Absent,
        zbus::Error::FDO(error) => standard(error),
        zbus::Error::MethodError(name, ..) => named(name.as_str()),
        _ => KeychainError::Other { code: "bus" },
    }
}

fn standard(error: &zbus::fdo::Error) -> KeychainError {
    match error {
        zbus::fdo::Error::ZBus(error) => bus(error),
        error => named(zbus::DBusError::name(error).as_str()),
    }
}

/// The state an error of D-Bus or of the Secret Service specification names.
fn named(error: &str) -> KeychainError {
    match error {
        "org.freedesktop.Secret.Error.IsLocked" => KeychainError::Locked,
        "org.freedesktop.DBus.Error.AccessDenied" | "org.freedesktop.DBus.Error.AuthFailed" => KeychainError::Denied,
        // Nobody has the name and nobody can be started, or whoever had it went away without an answer.
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.NoReply"
        | "org.freedesktop.DBus.Error.NoServer"
        | "org.freedesktop.DBus.Error.Disconnected"
        | "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.DBus.Error.UnknownInterface"
        | "org.freedesktop.DBus.Error.UnknownMethod"
        | "org.freedesktop.Secret.Error.NoSuchObject" => KeychainError::Absent,
        error if error.starts_with("org.freedesktop.DBus.Error.Spawn.") => KeychainError::Absent,
        "org.freedesktop.DBus.Error.Timeout" | "org.freedesktop.DBus.Error.TimedOut" => {
            KeychainError::Other { code: "bus-timeout" }
        }
        _ => KeychainError::Other { code: "bus-error" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errors_of_the_service_have_named_states() {
        let missing = || std::sync::Arc::new(std::io::Error::from(std::io::ErrorKind::NotFound));
        let cases = [
            (ServiceError::Locked, KeychainError::Locked),
            (ServiceError::Prompt, KeychainError::Denied),
            (ServiceError::PromptDisconnected, KeychainError::Absent),
            (ServiceError::Unavailable, KeychainError::Absent),
            (ServiceError::NoResult, KeychainError::Absent),
            (ServiceError::Crypto("canary"), KeychainError::Other { code: "crypto" }),
            (
                ServiceError::Zbus(zbus::Error::InputOutput(missing())),
                KeychainError::Absent,
            ),
            (
                ServiceError::Zbus(zbus::Error::Address("canary".into())),
                KeychainError::Absent,
            ),
            (
                ServiceError::Zbus(zbus::Error::InvalidReply),
                KeychainError::Other { code: "bus" },
            ),
            (
                ServiceError::ZbusFdo(zbus::fdo::Error::AccessDenied("canary".into())),
                KeychainError::Denied,
            ),
            (
                ServiceError::ZbusFdo(zbus::fdo::Error::ServiceUnknown("canary".into())),
                KeychainError::Absent,
            ),
            (
                ServiceError::Zbus(zbus::Error::FDO(Box::new(zbus::fdo::Error::NoReply("canary".into())))),
                KeychainError::Absent,
            ),
        ];
        for (error, expected) in cases {
            let boxed: Box<dyn Error + Send + Sync> = Box::new(error);
            assert_eq!(state_of(boxed.as_ref()), Some(expected), "from {boxed:?}");
        }
        assert_eq!(
            state_of(&std::io::Error::other("canary")),
            None,
            "an error of another library names nothing"
        );
    }

    #[test]
    fn the_names_on_the_wire_have_named_states() {
        let cases = [
            ("org.freedesktop.Secret.Error.IsLocked", KeychainError::Locked),
            ("org.freedesktop.Secret.Error.NoSuchObject", KeychainError::Absent),
            ("org.freedesktop.DBus.Error.Spawn.ChildExited", KeychainError::Absent),
            ("org.freedesktop.DBus.Error.NoReply", KeychainError::Absent),
            ("org.freedesktop.DBus.Error.AccessDenied", KeychainError::Denied),
            (
                "org.freedesktop.DBus.Error.TimedOut",
                KeychainError::Other { code: "bus-timeout" },
            ),
            ("org.example.Surprise", KeychainError::Other { code: "bus-error" }),
        ];
        for (name, expected) in cases {
            assert_eq!(named(name), expected, "{name}");
        }
    }
}
