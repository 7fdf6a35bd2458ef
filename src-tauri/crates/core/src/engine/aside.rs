//! Rows that cannot be read and are written anew: what they held is put aside first, as it is, so that nothing that
//! somebody made is lost with them. A newer version, or a person with patience, may still read it.

use sendoff_store::{AgentRow, BlobHash, Store, StoreError};

use super::{Engine, list::complete_key};
use crate::model::{AccountId, AgentId, Failure};

/// Where all that was put aside lies.
pub(crate) const ASIDE: &str = "unread/";

/// Where what was put aside of an account lies.
pub(crate) fn aside_of_account(account: &str) -> String {
    format!("{ASIDE}{account}/")
}

/// Where what was put aside of an agent lies.
pub(crate) fn aside_of_agent(account: &AccountId, agent: &AgentId) -> String {
    format!("{}{agent}/", aside_of_account(account.as_str()))
}

/// Keeps a row of an agent, or of something else of an account, that cannot be read; once, however often it is met.
/// Gives whether it was not kept before.
pub(crate) fn put_aside(store: &Store, account: &str, of: &str, row: &str, body: &str) -> Result<bool, StoreError> {
    let digest = BlobHash::of(body.as_bytes());
    let key = format!("{}{of}/{row}/{digest}", aside_of_account(account));
    let new = store.setting(&key)?.is_none();
    if new {
        store.put_setting(&key, body)?;
    }
    Ok(new)
}

impl Engine {
    /// Puts agents that cannot be read aside. Their accounts' lists are fetched to the end again, so that what the
    /// service knows of them comes back; once, for a row of which the service knows nothing stays.
    pub(crate) async fn agents_aside(&self, unread: Vec<AgentRow>) -> Result<(), Failure> {
        if unread.is_empty() {
            return Ok(());
        }
        self.disk(move |store| {
            for row in unread {
                if put_aside(store, &row.account, &row.id, "agent", &row.body)? {
                    store.delete_setting(&complete_key(&AccountId(row.account)))?;
                }
            }
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::tests::{account, engine, options};

    #[tokio::test]
    async fn a_row_that_stays_makes_the_list_come_whole_once() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let key = complete_key(&account().id);
        let complete = || engine.0.store.setting(&key).unwrap().is_some();
        let unread = || {
            vec![AgentRow {
                account: account().id.0,
                id: "bc-2".to_owned(),
                updated_at_ms: 0,
                body: "{".to_owned(),
            }]
        };
        engine.0.store.put_setting(&key, "true").unwrap();
        engine.agents_aside(unread()).await.unwrap();
        assert!(!complete(), "what the service knows of it is fetched");
        engine.0.store.put_setting(&key, "true").unwrap();
        engine.agents_aside(unread()).await.unwrap();
        assert!(complete(), "the next start does not fetch it all again");
    }

    #[tokio::test]
    async fn settings_that_cannot_be_read_are_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        Store::open(folder.path())
            .unwrap()
            .put_setting("settings", "{\"theme\":")
            .unwrap();
        let forget = Arc::new(|| Box::pin(async { Ok(()) }) as _);
        let (engine, _) = Engine::open(options(&folder, forget)).await.unwrap();
        assert_eq!(
            engine.0.store.settings_under(ASIDE).unwrap(),
            ["{\"theme\":"],
            "the next change of a setting writes over them"
        );
    }
}
