//! Repositories an account may use; can be fetched again, but seldom (one request a minute).

use rusqlite::params;

use crate::database::{Durability, Store, bounded, execute, rows};
use crate::error::StoreError;

/// One repository of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryRow {
    /// The account that may use it.
    pub account: String,
    /// Its address.
    pub url: String,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

impl Store {
    /// Writes repositories in one transaction, replacing their rows.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when the account of one was not put before; none is written then.
    pub fn put_repositories(&self, repositories: &[RepositoryRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            for repository in repositories {
                execute(
                    transaction,
                    "INSERT INTO repositories (account, url, body) VALUES (?1, ?2, ?3)
                     ON CONFLICT (account, url) DO UPDATE SET body = excluded.body",
                    params![repository.account, repository.url, bounded(&repository.body)?],
                )?;
            }
            Ok(())
        })
    }

    /// All repositories of an account, by address.
    pub fn repositories(&self, account: &str) -> Result<Vec<RepositoryRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT account, url, body FROM repositories WHERE account = ?1 ORDER BY url",
                [account],
                |row| {
                    Ok(RepositoryRow {
                        account: row.get(0)?,
                        url: row.get(1)?,
                        body: row.get(2)?,
                    })
                },
            )
        })
    }

    /// Removes a repository of an account; no error when it is not there.
    pub fn delete_repository(&self, account: &str, url: &str) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            execute(
                transaction,
                "DELETE FROM repositories WHERE account = ?1 AND url = ?2",
                [account, url],
            )?;
            Ok(())
        })
    }
}
