//! Settings: one body for each key.

use rusqlite::params;

use crate::database::{Durability, Store, bounded, execute, row, rows};
use crate::error::StoreError;

impl Store {
    /// Writes a setting, replacing what it held.
    pub fn put_setting(&self, key: &str, body: &str) -> Result<(), StoreError> {
        let body = bounded(body)?;
        self.write(Durability::Power, |transaction| {
            execute(
                transaction,
                "INSERT INTO settings (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
                params![key, body],
            )?;
            Ok(())
        })
    }

    /// The body of a setting, or none.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            row(connection, "SELECT body FROM settings WHERE key = ?1", [key], |row| {
                row.get(0)
            })
        })
    }

    /// The bodies of all settings whose keys begin so, by key.
    pub fn settings_under(&self, beginning: &str) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT body FROM settings WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
                [beginning],
                |row| row.get(0),
            )
        })
    }

    /// Removes all settings whose keys begin so.
    pub fn delete_settings_under(&self, beginning: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            execute(
                transaction,
                "DELETE FROM settings WHERE substr(key, 1, length(?1)) = ?1",
                [beginning],
            )?;
            Ok(())
        })
    }

    /// Removes a setting; no error when it is not there.
    pub fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            execute(transaction, "DELETE FROM settings WHERE key = ?1", [key])?;
            Ok(())
        })
    }
}
