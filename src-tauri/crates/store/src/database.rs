//! The one connection behind the store: how it is read, how it is written, how long a body may be.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Params, Row, Transaction, TransactionBehavior};

use crate::error::StoreError;

/// The longest body (or request) of a row, in bytes: 64 MiB.
pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// An open store. Share it by `Arc`; every method takes `&self`.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Mutex<Writer>,
    /// Held while a blob is placed or removed, so that the collector never takes one just placed.
    pub(crate) blobs: Mutex<PathBuf>,
    /// The lock of the folder: the operating system lets go of it when the file is closed, however the process ends.
    /// The field comes last because the database must be closed before the next owner may open it.
    pub(crate) _lock: File,
}

/// What must survive when a call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Survives the loss of power: made by the user, or proof of something sent.
    Power,
    /// Survives the end of the process: can be fetched again.
    Process,
}

/// The connection and the durability it is set to.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    durability: Durability,
}

impl Writer {
    /// Takes over a connection that was opened with `synchronous=FULL`.
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            durability: Durability::Power,
        }
    }

    fn set(&mut self, durability: Durability) -> Result<(), StoreError> {
        if self.durability != durability {
            // SQLite ignores a change inside a transaction; here none is open.
            let value = match durability {
                Durability::Power => "FULL",
                Durability::Process => "NORMAL",
            };
            self.connection.pragma_update(None, "synchronous", value)?;
            self.durability = durability;
        }
        Ok(())
    }
}

impl Store {
    /// Runs `read` against the database.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        read(&self.writer().connection)
    }

    /// Runs `write` in one transaction; an error from it, or from the disk, takes all of it back.
    pub(crate) fn write<T>(
        &self,
        durability: Durability,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer();
        writer.set(durability)?;
        let transaction = writer
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = write(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Checks every page and index of the database: `Ok(())`, or [`StoreError::Damaged`]. Takes time in proportion to its size.
    pub fn integrity_check(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let verdict: String =
                connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
            let orphans = !rows(connection, "PRAGMA foreign_key_check", (), |_| Ok(()))?.is_empty();
            if verdict == "ok" && !orphans {
                Ok(())
            } else {
                Err(StoreError::Damaged)
            }
        })
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic between two statements rolls its transaction back, so the connection behind a poisoned lock is sound.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// All rows of a query, through the cache of prepared statements.
pub(crate) fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    row: impl FnMut(&Row<'_>) -> Result<T, rusqlite::Error>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_map(parameters, row)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(found)
}

/// The only row of a query, or none.
pub(crate) fn row<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, rusqlite::Error>,
) -> Result<Option<T>, StoreError> {
    Ok(rows(connection, sql, parameters, read)?.pop())
}

/// Runs one statement, through the cache of prepared statements; returns how many rows it changed.
pub(crate) fn execute(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}

/// Like [`execute`], for a statement that must change a row.
pub(crate) fn execute_one(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<(), StoreError> {
    match execute(connection, sql, parameters)? {
        0 => Err(StoreError::Missing),
        _ => Ok(()),
    }
}

/// The body itself, if it is within [`BODY_LIMIT`].
pub(crate) fn bounded(body: &str) -> Result<&str, StoreError> {
    if body.len() > BODY_LIMIT {
        return Err(StoreError::TooLarge {
            limit: BODY_LIMIT as u64,
            length: body.len() as u64,
        });
    }
    Ok(body)
}
