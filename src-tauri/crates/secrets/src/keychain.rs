//! What callers see: a keychain that is the system's, or one that forgets everything with the process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::KeychainError;
use crate::platform;
use crate::secret::Secret;
use crate::worker::Worker;

/// How long a call may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The longest secret, in bytes: what the tightest of the systems (Windows) holds, so that all behave alike.
pub const SECRET_LIMIT: u32 = 2_560;

/// Secrets by account. Clones share one keychain.
#[derive(Clone)]
pub struct Keychain(Kind);

#[derive(Clone)]
enum Kind {
    System(Arc<System>),
    Memory(Arc<Mutex<Memory>>),
}

#[derive(Default)]
struct Memory {
    secrets: BTreeMap<String, Secret>,
    trouble: Option<KeychainError>,
}

impl Memory {
    fn secrets(&mut self) -> Result<&mut BTreeMap<String, Secret>, KeychainError> {
        match &self.trouble {
            Some(trouble) => Err(trouble.clone()),
            None => Ok(&mut self.secrets),
        }
    }
}

struct System {
    service: String,
    worker: Worker,
}

impl Keychain {
    /// The keychain of the system. `service` is the name its items carry there, one constant for each program.
    /// Nothing is called yet.
    pub fn system(service: &str) -> Self {
        Self(Kind::System(Arc::new(System {
            service: service.to_owned(),
            worker: Worker::new(TIME_LIMIT),
        })))
    }

    /// A keychain for this run only: for a user who has none and agreed, and for tests.
    pub fn memory() -> Self {
        Self(Kind::Memory(Arc::default()))
    }

    /// Lets every call of a keychain in memory fail with `trouble`, for tests; none ends it. Does nothing to the
    /// keychain of the system.
    pub fn set_trouble(&self, trouble: Option<KeychainError>) {
        if let Kind::Memory(memory) = &self.0 {
            locked(memory).trouble = trouble;
        }
    }

    /// Keeps the secret of an account, replacing the one before it.
    ///
    /// # Errors
    /// Any [`KeychainError`], within [`TIME_LIMIT`]. After [`KeychainError::Silent`] it may have been kept.
    pub fn store(&self, account: &str, secret: &[u8]) -> Result<(), KeychainError> {
        if secret.len() > SECRET_LIMIT as usize {
            return Err(KeychainError::TooLong { limit: SECRET_LIMIT });
        }
        let secret = Secret::from(secret);
        match &self.0 {
            Kind::System(system) => {
                let (service, account) = (system.service.clone(), account.to_owned());
                system.worker.run(move |call| {
                    Ok(platform::entry_to_store(call, &service, &account)?.set_secret(secret.expose())?)
                })
            }
            Kind::Memory(memory) => {
                locked(memory).secrets()?.insert(account.to_owned(), secret);
                Ok(())
            }
        }
    }

    /// The secret of an account, or none if none was kept.
    ///
    /// # Errors
    /// Any [`KeychainError`], within [`TIME_LIMIT`].
    pub fn load(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        match &self.0 {
            Kind::System(system) => {
                let (service, account) = (system.service.clone(), account.to_owned());
                system.worker.run(move |call| {
                    let secret = match platform::entry(call, &service, &account)?.get_secret() {
                        Err(keyring::Error::NoEntry) => return Ok(None),
                        secret => Secret::new(secret?),
                    };
                    // Kept by another program under our name.
                    if secret.expose().len() > SECRET_LIMIT as usize {
                        return Err(KeychainError::TooLong { limit: SECRET_LIMIT });
                    }
                    Ok(Some(secret))
                })
            }
            Kind::Memory(memory) => Ok(locked(memory).secrets()?.get(account).cloned()),
        }
    }

    /// Forgets the secret of an account; no error when there is none.
    ///
    /// # Errors
    /// Any [`KeychainError`], within [`TIME_LIMIT`]. After [`KeychainError::Silent`] it may be gone.
    pub fn remove(&self, account: &str) -> Result<(), KeychainError> {
        match &self.0 {
            Kind::System(system) => {
                let (service, account) = (system.service.clone(), account.to_owned());
                system.worker.run(
                    move |call| match platform::entry(call, &service, &account)?.delete_credential() {
                        Err(keyring::Error::NoEntry) => Ok(()),
                        outcome => Ok(outcome?),
                    },
                )
            }
            Kind::Memory(memory) => {
                locked(memory).secrets()?.remove(account);
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.0 {
            Kind::System(_) => "Keychain::system",
            Kind::Memory(_) => "Keychain::memory",
        })
    }
}

fn locked(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    // No code runs between two changes of the map, so it is whole whoever panicked.
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(keychain: &Keychain, account: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(keychain.load(account)?.map(|secret| secret.expose().to_vec()))
    }

    #[test]
    fn memory_keeps_replaces_and_forgets_each_account_by_itself() {
        let keychain = Keychain::memory();
        assert_eq!(loaded(&keychain, "first"), Ok(None), "nothing was kept yet");
        assert_eq!(keychain.store("first", b"old"), Ok(()));
        assert_eq!(
            keychain.clone().store("first", b"new"),
            Ok(()),
            "a clone is the same keychain"
        );
        assert_eq!(keychain.store("second", b"\0\xff"), Ok(()));
        assert_eq!(
            (loaded(&keychain, "first"), loaded(&keychain, "second")),
            (Ok(Some(b"new".to_vec())), Ok(Some(b"\0\xff".to_vec())))
        );
        assert_eq!(
            (keychain.remove("first"), keychain.remove("first")),
            (Ok(()), Ok(())),
            "removing twice is no error"
        );
        assert_eq!(
            (loaded(&keychain, "first"), loaded(&keychain, "second")),
            (Ok(None), Ok(Some(b"\0\xff".to_vec())))
        );
    }

    #[test]
    fn a_secret_that_one_system_could_not_hold_is_refused_by_all() {
        let longest = vec![7; SECRET_LIMIT as usize];
        let too_long = vec![7; SECRET_LIMIT as usize + 1];
        let keychain = Keychain::memory();
        assert_eq!(keychain.store("account", &longest), Ok(()));
        for keychain in [keychain.clone(), Keychain::system("sendoff-never-called")] {
            assert_eq!(
                keychain.store("account", &too_long),
                Err(KeychainError::TooLong { limit: SECRET_LIMIT })
            );
        }
        assert_eq!(
            loaded(&keychain, "account"),
            Ok(Some(longest)),
            "the refused one replaced nothing"
        );
    }

    #[test]
    fn a_keychain_in_trouble_answers_nothing_and_loses_nothing() {
        let keychain = Keychain::memory();
        assert_eq!(keychain.store("account", b"kept"), Ok(()));
        keychain.set_trouble(Some(KeychainError::Locked));
        assert_eq!(
            (
                keychain.store("account", b"other"),
                loaded(&keychain, "account"),
                keychain.remove("account")
            ),
            (
                Err(KeychainError::Locked),
                Err(KeychainError::Locked),
                Err(KeychainError::Locked)
            )
        );
        keychain.set_trouble(None);
        assert_eq!(
            loaded(&keychain, "account"),
            Ok(Some(b"kept".to_vec())),
            "it is all there once the trouble is over"
        );
    }

    #[test]
    fn nothing_of_a_keychain_is_printed() {
        let keychain = Keychain::memory();
        assert_eq!(keychain.store("account", b"canary"), Ok(()));
        assert_eq!(format!("{keychain:?}"), "Keychain::memory");
    }
}
