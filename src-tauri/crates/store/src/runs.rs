//! Runs of agents as last seen at the server; can be fetched again.

use rusqlite::{Connection, params};

use crate::database::{Durability, Store, bounded, execute, rows};
use crate::documents::{self, DocumentRow};
use crate::error::StoreError;

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// The account that sees it.
    pub account: String,
    /// The agent it belongs to.
    pub agent: String,
    /// The run's id at the server.
    pub id: String,
    /// When it was created, in Unix milliseconds.
    pub created_at_ms: i64,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

fn put(connection: &Connection, run: &RunRow) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO runs (account, agent, id, created_at_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account, agent, id) DO UPDATE SET created_at_ms = excluded.created_at_ms, body = excluded.body",
        params![run.account, run.agent, run.id, run.created_at_ms, bounded(&run.body)?],
    )?;
    Ok(())
}

impl Store {
    /// Writes runs in one transaction, replacing their rows.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when the account of one was not put before; none is written then.
    pub fn put_runs(&self, runs: &[RunRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            runs.iter().try_for_each(|run| put(transaction, run))
        })
    }

    /// Writes a run with documents of its agent, in one transaction.
    ///
    /// # Errors
    /// As [`Store::put_runs`].
    pub fn put_run(&self, run: &RunRow, documents: &[DocumentRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            put(transaction, run)?;
            documents::put_all(transaction, &run.agent, documents)
        })
    }

    /// All runs of an agent, the oldest first.
    pub fn runs(&self, account: &str, agent: &str) -> Result<Vec<RunRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT account, agent, id, created_at_ms, body FROM runs WHERE account = ?1 AND agent = ?2
                 ORDER BY created_at_ms, id",
                [account, agent],
                |row| {
                    Ok(RunRow {
                        account: row.get(0)?,
                        agent: row.get(1)?,
                        id: row.get(2)?,
                        created_at_ms: row.get(3)?,
                        body: row.get(4)?,
                    })
                },
            )
        })
    }
}
