//! Notices the user was given, so that none is given twice.

use rusqlite::params;

use crate::database::{Durability, Store, execute};
use crate::error::StoreError;

impl Store {
    /// Remembers a notice; true when it is new and may be shown. `at_ms` is in Unix milliseconds.
    pub fn remember_notice(&self, key: &str, at_ms: i64) -> Result<bool, StoreError> {
        self.write(Durability::Process, |transaction| {
            let added = execute(
                transaction,
                "INSERT INTO notices (key, at_ms) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
                params![key, at_ms],
            )?;
            Ok(added == 1)
        })
    }

    /// Forgets all notices whose keys begin with `about`, so that they may be given again.
    pub fn forget_notices_about(&self, about: &str) -> Result<usize, StoreError> {
        self.write(Durability::Process, |transaction| {
            execute(
                transaction,
                "DELETE FROM notices WHERE substr(key, 1, length(?1)) = ?1",
                [about],
            )
        })
    }

    /// Forgets notices older than `before_ms`, in Unix milliseconds; returns how many.
    pub fn forget_notices(&self, before_ms: i64) -> Result<usize, StoreError> {
        self.write(Durability::Process, |transaction| {
            execute(transaction, "DELETE FROM notices WHERE at_ms < ?1", [before_ms])
        })
    }
}
