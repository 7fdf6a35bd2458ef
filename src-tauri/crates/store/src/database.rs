//! The connections behind the store: how they are read and written, how long a body may be.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Params, Row, Transaction, TransactionBehavior};

use crate::error::StoreError;

/// The longest body (or request) of a row, in bytes: 64 MiB.
pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// An open store. Share it by `Arc`; every method takes `&self`.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Mutex<Writer>,
    /// A second connection, that only searches.
    pub(crate) reader: Mutex<Connection>,
    /// How many questions were asked: the last is the one that is answered.
    pub(crate) asked: Arc<AtomicU64>,
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
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
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
            let verdict: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
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
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
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
    let found = statement.query_map(parameters, row)?.collect::<Result<Vec<_>, _>>()?;
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
pub(crate) fn execute(connection: &Connection, sql: &str, parameters: impl Params) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}

/// Like [`execute`], for a statement that must change a row.
pub(crate) fn execute_one(connection: &Connection, sql: &str, parameters: impl Params) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DraftRow, LaunchRow};

    fn draft(id: &str) -> DraftRow {
        DraftRow {
            id: id.to_owned(),
            account: None,
            updated_at_ms: 1,
            body: "x".repeat(5_000),
        }
    }

    fn launch(id: &str) -> LaunchRow {
        LaunchRow {
            id: id.to_owned(),
            account: "work".to_owned(),
            agent: None,
            state: "queued".to_owned(),
            open: true,
            created_at_ms: 1,
            updated_at_ms: 1,
            request: "x".repeat(20_000),
            body_sha256: None,
            body: String::new(),
        }
    }

    fn pragma(store: &Store, name: &str, value: i64) {
        // Some of these answer with a row, some do not.
        store.writer().connection.pragma(None, name, value, |_| Ok(())).unwrap();
    }

    fn number(store: &Store, name: &str) -> i64 {
        store
            .writer()
            .connection
            .pragma_query_value(None, name, |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn a_full_disk_is_named_takes_nothing_and_is_over_when_there_is_space() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        pragma(&store, "max_page_count", number(&store, "page_count") + 8);
        let mut kept = Vec::new();
        let full = loop {
            let draft = draft(&format!("{:03}", kept.len()));
            match store.put_draft(&draft) {
                Ok(()) => kept.push(draft),
                Err(error) => break error,
            }
        };
        assert_eq!(full, StoreError::Full);
        assert!(!kept.is_empty(), "some must have fitted before the disk was full");
        assert_eq!(store.queue_launch(&launch("first"), Some("000")), Err(StoreError::Full));
        assert_eq!(
            (store.drafts(), store.launches()),
            (Ok(kept.clone()), Ok(vec![])),
            "the refused launch left its draft"
        );
        pragma(&store, "max_page_count", 1_000_000);
        assert_eq!(store.queue_launch(&launch("first"), Some("000")), Ok(()));
        assert_eq!(
            (store.drafts(), store.launches()),
            (Ok(kept.split_off(1)), Ok(vec![launch("first")]))
        );
        assert_eq!(store.integrity_check(), Ok(()));
    }

    #[test]
    fn a_read_only_database_is_named_and_still_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.put_draft(&draft("kept")).unwrap();
        pragma(&store, "query_only", 1);
        assert_eq!(store.put_draft(&draft("lost")), Err(StoreError::ReadOnly));
        assert_eq!(store.drafts(), Ok(vec![draft("kept")]));
    }

    #[test]
    fn what_the_user_made_is_synced_and_what_can_be_fetched_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        // Of PRAGMA synchronous: 1 is NORMAL, 2 is FULL.
        store.remember_notice("key", 1).unwrap();
        assert_eq!(number(&store, "synchronous"), 1);
        store.queue_launch(&launch("first"), None).unwrap();
        assert_eq!(number(&store, "synchronous"), 2);
        store.append_events("bc-1", "run-1", &[]).unwrap();
        assert_eq!(number(&store, "synchronous"), 1);
        store.put_draft(&draft("draft")).unwrap();
        assert_eq!(number(&store, "synchronous"), 2);
        assert_eq!(number(&store, "foreign_keys"), 1);
        let mode: String = store
            .writer()
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn an_index_that_lost_a_row_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.put_draft(&draft("first")).unwrap();
        assert_eq!(store.integrity_check(), Ok(()));
        drop(store);
        let path = folder.path().join("sendoff.sqlite3");
        let roots: Vec<usize> = {
            let connection = Connection::open(&path).unwrap();
            let mut asked = connection
                .prepare("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'drafts'")
                .unwrap();
            let rows = asked.query_map((), |row| row.get::<_, i64>(0)).unwrap();
            rows.map(|root| root.unwrap() as usize).collect()
        };
        let mut bytes = std::fs::read(&path).unwrap();
        let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
        // The pages where drafts begin become noise.
        for root in roots {
            bytes[(root - 1) * page..root * page].fill(0xa5);
        }
        std::fs::write(&path, bytes).unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.integrity_check(), Err(StoreError::Damaged));
        assert_eq!(store.drafts(), Err(StoreError::Damaged));
        drop(store);
        assert!(path.exists(), "damage is reported, never deleted");
    }
}
