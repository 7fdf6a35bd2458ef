//! The keychain's part of an account: its key kept, fetched and forgotten.

use std::collections::BTreeSet;

use cursor_cloud_agents::Key;
use sendoff_secrets::{Keychain, KeychainError};
use sendoff_store::{Store, StoreError};
use zeroize::Zeroizing;

use super::super::{Engine, decode, failures, lock};
use super::encode;
use crate::model::{Account, AccountId, Failure, KeyPlace};

/// Where the accounts are noted whose keys are to leave the keychain: their identifiers alone.
const TO_DROP: &str = "keys-to-drop";

fn to_drop(store: &Store) -> Result<BTreeSet<AccountId>, StoreError> {
    let noted = store.setting(TO_DROP)?;
    Ok(noted
        .and_then(|body| decode(&body, "which keys are to go"))
        .unwrap_or_default())
}

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
        self.spawn(self.clone().drop_keys());
        Ok(())
    }

    /// Keeps an account's key in the keychain. Whoever calls this holds `Secrets::keys`.
    pub(super) async fn store_key(&self, id: &AccountId, secret: Zeroizing<Vec<u8>>) -> Result<(), Failure> {
        let name = id.0.clone();
        self.keychain(move |keychain| keychain.store(&name, &secret)).await
    }

    /// Forgets an account's key, if the keychain has one.
    pub(super) async fn remove_key(&self, id: &AccountId) -> Result<(), Failure> {
        let name = id.0.clone();
        self.keychain(move |keychain| keychain.remove(&name)).await
    }

    /// Forgets a key that no account needs any more, now or as soon as the keychain lets it.
    pub(super) async fn drop_key(self, id: AccountId) {
        if let Err(failure) = self.drop_later(&id).await {
            tracing::warn!(
                ?failure,
                "a key that is not needed cannot be noted, and may stay in the keychain"
            );
        }
        self.drop_keys().await;
    }

    /// Notes that the keychain may hold a key that no account needs.
    pub(super) async fn drop_later(&self, id: &AccountId) -> Result<(), Failure> {
        let id = id.clone();
        self.disk(move |store| {
            let mut ids = to_drop(store)?;
            ids.insert(id);
            store.put_setting(TO_DROP, &encode(&ids))
        })
        .await
    }

    /// Forgets the keys that no account needs. Those that the keychain does not let go are tried again at the next
    /// start, and as soon as the keychain does something else.
    pub(crate) async fn drop_keys(self) {
        let keys = lock(&self.0.secrets).keys.clone();
        let _keys = keys.lock().await;
        let ids = self.disk(to_drop).await.unwrap_or_default();
        for id in ids {
            // It may have come to be needed again.
            let needed = self.read(|world| {
                world
                    .account(&id)
                    .is_some_and(|account| account.key == KeyPlace::Keychain)
            });
            if !needed && let Err(failure) = self.remove_key(&id).await {
                tracing::warn!(?failure, "a key that is not needed stays in the keychain for now");
                continue;
            }
            let done = self.disk(move |store| {
                let mut ids = to_drop(store)?;
                ids.remove(&id);
                store.put_setting(TO_DROP, &encode(&ids))
            });
            if let Err(failure) = done.await {
                tracing::warn!(?failure, "a key that is gone will be looked for again");
            }
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
