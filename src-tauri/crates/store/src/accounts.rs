//! Accounts, in the order the user sees them. Their keys are not here: those live in the keychain.

use rusqlite::params;

use crate::database::{Durability, Store, bounded, execute, rows};
use crate::documents;
use crate::error::StoreError;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The account's own id.
    pub id: String,
    /// Place in the list, from 0.
    pub position: u32,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

impl Store {
    /// Writes an account, replacing its row; what belongs to it stays.
    pub fn put_account(&self, account: &AccountRow) -> Result<(), StoreError> {
        let body = bounded(&account.body)?;
        self.write(Durability::Power, |transaction| {
            // Not INSERT OR REPLACE: that deletes the row first, and its agents with it.
            execute(
                transaction,
                "INSERT INTO accounts (id, position, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET position = excluded.position, body = excluded.body",
                params![account.id, account.position, body],
            )?;
            Ok(())
        })
    }

    /// All accounts by position.
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT id, position, body FROM accounts ORDER BY position, id",
                (),
                |row| {
                    Ok(AccountRow {
                        id: row.get(0)?,
                        position: row.get(1)?,
                        body: row.get(2)?,
                    })
                },
            )
        })
    }

    /// Removes an account with its agents, runs, events, documents, repositories and artifacts. Its drafts, launches and
    /// follow-ups stay: the user made them. No error when it is not there.
    pub fn delete_account(&self, id: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            // Two keys may see the same agent, so events go only when no other account has the run.
            execute(
                transaction,
                "DELETE FROM events WHERE run IN (SELECT id FROM runs WHERE account = ?1)
                 AND run NOT IN (SELECT id FROM runs WHERE account <> ?1)",
                [id],
            )?;
            let agents: Vec<String> = rows(
                transaction,
                "SELECT id FROM agents WHERE account = ?1 UNION SELECT agent FROM runs WHERE account = ?1",
                [id],
                |row| row.get(0),
            )?;
            execute(transaction, "DELETE FROM accounts WHERE id = ?1", [id])?;
            agents
                .iter()
                .try_for_each(|agent| documents::forget(transaction, agent))
        })
    }
}
