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
