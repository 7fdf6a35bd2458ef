//! Drafts: what the user is writing.

use rusqlite::{Connection, Row, params};

use crate::database::{Durability, Store, bounded, execute, execute_one, row, rows};
use crate::error::StoreError;

/// One draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// The draft's own id.
    pub id: String,
    /// The account it is meant for; none before one is chosen.
    pub account: Option<String>,
    /// When it last changed, in Unix milliseconds.
    pub updated_at_ms: i64,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

const COLUMNS: &str = "SELECT id, account, updated_at_ms, body FROM drafts";

fn read(row: &Row<'_>) -> Result<DraftRow, rusqlite::Error> {
    Ok(DraftRow {
        id: row.get(0)?,
        account: row.get(1)?,
        updated_at_ms: row.get(2)?,
        body: row.get(3)?,
    })
}

const DELETE: &str = "DELETE FROM drafts WHERE id = ?1";

/// Removes a draft that has to be there, inside a transaction of another table.
pub(crate) fn take(connection: &Connection, id: &str) -> Result<(), StoreError> {
    execute_one(connection, DELETE, [id])
}

impl Store {
    /// Writes a draft, replacing what it held; on the platter when this returns.
    pub fn put_draft(&self, draft: &DraftRow) -> Result<(), StoreError> {
        let body = bounded(&draft.body)?;
        self.write(Durability::Power, |transaction| {
            execute(
                transaction,
                "INSERT INTO drafts (id, account, updated_at_ms, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET account = excluded.account,
                 updated_at_ms = excluded.updated_at_ms, body = excluded.body",
                params![draft.id, draft.account, draft.updated_at_ms, body],
            )?;
            Ok(())
        })
    }

    /// One draft, or none.
    pub fn draft(&self, id: &str) -> Result<Option<DraftRow>, StoreError> {
        self.read(|connection| row(connection, &format!("{COLUMNS} WHERE id = ?1"), [id], read))
    }

    /// All drafts, the one changed last first.
    pub fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                &format!("{COLUMNS} ORDER BY updated_at_ms DESC, id"),
                (),
                read,
            )
        })
    }

    /// Removes a draft; no error when it is not there.
    pub fn delete_draft(&self, id: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            execute(transaction, DELETE, [id]).map(drop)
        })
    }
}
