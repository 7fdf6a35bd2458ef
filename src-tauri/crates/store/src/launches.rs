//! Launches: attempts to create an agent. Each commit here is on the platter before the call returns,
//! because the first byte is sent only after it (exactly-once).

use rusqlite::{Row, params};

use crate::database::{Durability, Store, bounded, execute, execute_one, row, rows};
use crate::drafts;
use crate::error::StoreError;

/// One launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchRow {
    /// The launch's own id.
    pub id: String,
    /// The account it is sent with.
    pub account: String,
    /// The agent's id, minted here (API v1) or learned from the answer (v0). No two launches share one.
    pub agent: Option<String>,
    /// The caller's name of the state.
    pub state: String,
    /// Whether anything is still to be done; [`Store::open_launches`] gives those.
    pub open: bool,
    /// When it was queued, in Unix milliseconds. Never changes.
    pub created_at_ms: i64,
    /// When the state last changed, in Unix milliseconds.
    pub updated_at_ms: i64,
    /// The request as JSON, at most [`crate::BODY_LIMIT`] bytes. Never changes.
    pub request: String,
    /// SHA-256 of the body as sent, in hex.
    pub body_sha256: Option<String>,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

/// What may change in a launch; each field is written as it stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaunchUpdate<'a> {
    /// See [`LaunchRow::agent`].
    pub agent: Option<&'a str>,
    /// See [`LaunchRow::state`].
    pub state: &'a str,
    /// See [`LaunchRow::open`].
    pub open: bool,
    /// See [`LaunchRow::updated_at_ms`].
    pub updated_at_ms: i64,
    /// See [`LaunchRow::body_sha256`].
    pub body_sha256: Option<&'a str>,
    /// See [`LaunchRow::body`].
    pub body: &'a str,
}

const COLUMNS: &str =
    "SELECT id, account, agent, state, open, created_at_ms, updated_at_ms, request, body_sha256, body FROM launches";

fn read(row: &Row<'_>) -> Result<LaunchRow, rusqlite::Error> {
    Ok(LaunchRow {
        id: row.get(0)?,
        account: row.get(1)?,
        agent: row.get(2)?,
        state: row.get(3)?,
        open: row.get(4)?,
        created_at_ms: row.get(5)?,
        updated_at_ms: row.get(6)?,
        request: row.get(7)?,
        body_sha256: row.get(8)?,
        body: row.get(9)?,
    })
}

impl Store {
    /// Writes a new launch and, in the same transaction, removes the draft it came from (`None` keeps it):
    /// the words of the user are always in one of the two places.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id or the agent's id is taken; the draft stays then.
    /// [`StoreError::Missing`] when the draft is not there: somebody else has sent it, and nothing is written.
    pub fn queue_launch(&self, launch: &LaunchRow, delete_draft: Option<&str>) -> Result<(), StoreError> {
        let (request, body) = (bounded(&launch.request)?, bounded(&launch.body)?);
        self.write(Durability::Power, |transaction| {
            execute(
                transaction,
                "INSERT INTO launches (id, account, agent, state, open, created_at_ms, updated_at_ms, request, body_sha256, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    launch.id,
                    launch.account,
                    launch.agent,
                    launch.state,
                    launch.open,
                    launch.created_at_ms,
                    launch.updated_at_ms,
                    request,
                    launch.body_sha256,
                    body
                ],
            )?;
            delete_draft.map_or(Ok(()), |draft| drafts::take(transaction, draft))
        })
    }

    /// Writes the state of a launch.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none with this id, [`StoreError::Conflict`] when another has the agent.
    pub fn update_launch(&self, id: &str, update: &LaunchUpdate<'_>) -> Result<(), StoreError> {
        let body = bounded(update.body)?;
        self.write(Durability::Power, |transaction| {
            execute_one(
                transaction,
                "UPDATE launches SET agent = ?2, state = ?3, open = ?4, updated_at_ms = ?5, body_sha256 = ?6, body = ?7 WHERE id = ?1",
                params![id, update.agent, update.state, update.open, update.updated_at_ms, update.body_sha256, body],
            )
        })
    }

    /// One launch, or none.
    pub fn launch(&self, id: &str) -> Result<Option<LaunchRow>, StoreError> {
        self.read(|connection| row(connection, &format!("{COLUMNS} WHERE id = ?1"), [id], read))
    }

    /// All launches, the oldest first.
    pub fn launches(&self) -> Result<Vec<LaunchRow>, StoreError> {
        self.read(|connection| rows(connection, &format!("{COLUMNS} ORDER BY created_at_ms, id"), (), read))
    }

    /// The launches marked open, the oldest first.
    pub fn open_launches(&self) -> Result<Vec<LaunchRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                &format!("{COLUMNS} WHERE open = 1 ORDER BY created_at_ms, id"),
                (),
                read,
            )
        })
    }

    /// Removes a launch; no error when it is not there.
    pub fn delete_launch(&self, id: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            execute(transaction, "DELETE FROM launches WHERE id = ?1", [id])?;
            Ok(())
        })
    }
}
