//! Events of a run, in the order they were taken in: the transcript as it came.

use rusqlite::{Connection, Row, params};

use crate::database::{Durability, Store, bounded, execute, row, rows};
use crate::documents::{self, DocumentRow};
use crate::error::StoreError;

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its place in the run, from 0, without holes.
    pub position: u32,
    /// The id the stream gave it; several events may share one, and some have none.
    pub event_id: Option<String>,
    /// The name of the event.
    pub kind: String,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

impl EventRow {
    /// Reads `position, event_id, kind, body`.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            position: row.get(0)?,
            event_id: row.get(1)?,
            kind: row.get(2)?,
            body: row.get(3)?,
        })
    }
}

fn next_position(connection: &Connection, run: &str) -> Result<u32, StoreError> {
    let next = row(
        connection,
        "SELECT coalesce(max(position) + 1, 0) FROM events WHERE run = ?1",
        [run],
        |row| row.get(0),
    )?;
    Ok(next.unwrap_or(0))
}

impl Store {
    /// Adds a batch at the end of a run, in one transaction. The first position must be [`Store::event_count`]
    /// and each next one greater by one, so that a batch can neither be lost nor written twice.
    /// Whether an event repeats an older one is for the caller to know.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`]; nothing is written then.
    pub fn append_events(&self, agent: &str, run: &str, events: &[EventRow]) -> Result<(), StoreError> {
        self.put_events(agent, run, false, events, &[])
    }

    /// The same with the documents that change by it; with `anew` all events of the run go before, to take its
    /// stream in again from the start.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`]; nothing is written then.
    pub fn put_events(
        &self,
        agent: &str,
        run: &str,
        anew: bool,
        events: &[EventRow],
        documents: &[DocumentRow],
    ) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            if anew {
                execute(transaction, "DELETE FROM events WHERE run = ?1", [run])?;
            }
            let next = next_position(transaction, run)?;
            for (expected, event) in (next..).zip(events) {
                let found = event.position;
                if found != expected {
                    return Err(StoreError::OutOfOrder { expected, found });
                }
                execute(
                    transaction,
                    "INSERT INTO events (agent, run, position, event_id, kind, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![agent, run, found, event.event_id, event.kind, bounded(&event.body)?],
                )?;
            }
            documents::put_all(transaction, agent, documents)
        })
    }

    /// At most `limit` events of a run from `position` on.
    pub fn events(&self, run: &str, position: u32, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT position, event_id, kind, body FROM events WHERE run = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
                params![run, position, limit],
                EventRow::read,
            )
        })
    }

    /// How many events a run has, which is the position of the next one.
    pub fn event_count(&self, run: &str) -> Result<u32, StoreError> {
        self.read(|connection| next_position(connection, run))
    }
}
