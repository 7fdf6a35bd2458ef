//! The keychain's part of an account: its key kept, fetched and forgotten.

use cursor_cloud_agents::Key;
use sendoff_secrets::{Keychain, KeychainError};
use zeroize::Zeroizing;

use super::super::{Engine, failures, lock};
use crate::model::{Account, AccountId, Failure};

impl Engine {
    /// Fetches an account's key from the keychain into its client.
    pub(super) async fn load_key(&self, account: &Account) -> Result<(), Failure> {
        let name = account.id.0.clone();
        let Some(secret) = self.keychain(move |keychain| keychain.load(&name)).await? else {
            return Err(Failure::KeyGone);
        };
        let text = std::str::from_utf8(secret.expose()).map_err(|_| Failure::KeyMalformed)?;
        let key = Key::new(text).map_err(|_| Failure::KeyMalformed)?;
        let client = self.client_with(&self.0.options.api_url, key)?;
        lock(&self.0.secrets).clients.insert(account.id.clone(), client);
        Ok(())
    }

    /// Keeps an account's key in the keychain.
    pub(super) async fn store_key(&self, id: &AccountId, secret: Zeroizing<Vec<u8>>) -> Result<(), Failure> {
        let name = id.0.clone();
        self.keychain(move |keychain| keychain.store(&name, &secret)).await
    }

    /// Forgets an account's key, if the keychain has one. Without a keychain there is none.
    pub(super) async fn remove_key(&self, id: &AccountId) -> Result<(), Failure> {
        let name = id.0.clone();
        match self.keychain(move |keychain| keychain.remove(&name)).await {
            Err(Failure::KeychainAbsent) => Ok(()),
            outcome => outcome,
        }
    }

    /// Forgets a key that no account needs any more. Where that fails, removing the account tries it again.
    pub(super) async fn drop_key(self, id: AccountId) {
        if let Err(failure) = self.remove_key(&id).await {
            tracing::warn!(?failure, "a key that is not needed stays in the keychain");
        }
    }

    /// A call of the keychain, off the threads of async code.
    async fn keychain<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, Failure> {
        let keychain = self.0.options.keychain.clone();
        match tokio::task::spawn_blocking(move || call(&keychain)).await {
            Ok(outcome) => outcome.map_err(|error| failures::of_keychain(&error)),
            Err(_) => Err(Failure::KeychainTrouble),
        }
    }
}
