//! Follow-ups: prompts to an agent that exists, in the order they were written. As durable as launches.

use rusqlite::{Row, params};

use crate::agents::{self, AgentRow};
use crate::database::{Durability, Store, bounded, execute, execute_one, row, rows};
use crate::error::StoreError;

/// One follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpRow {
    /// The follow-up's own id.
    pub id: String,
    /// The account it is sent with.
    pub account: String,
    /// The agent it goes to.
    pub agent: String,
    /// Its place in the queue of that agent; no two share one.
    pub position: u32,
    /// The caller's name of the state.
    pub state: String,
    /// Whether anything is still to be done; [`Store::open_follow_ups`] gives those.
    pub open: bool,
    /// When it was queued, in Unix milliseconds. Never changes.
    pub created_at_ms: i64,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

/// What may change in a follow-up; each field is written as it stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpUpdate<'a> {
    /// See [`FollowUpRow::state`].
    pub state: &'a str,
    /// See [`FollowUpRow::open`].
    pub open: bool,
    /// See [`FollowUpRow::body`].
    pub body: &'a str,
}

/// What leaves with a new follow-up, in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced<'a> {
    /// Nothing.
    Nothing,
    /// The answer being written: the agent is written as it is without it.
    Answer(&'a AgentRow),
    /// The follow-up with this id, whose words are sent again.
    FollowUp(&'a str),
}

const COLUMNS: &str = "SELECT id, account, agent, position, state, open, created_at_ms, body FROM follow_ups";

fn read(row: &Row<'_>) -> Result<FollowUpRow, rusqlite::Error> {
    Ok(FollowUpRow {
        id: row.get(0)?,
        account: row.get(1)?,
        agent: row.get(2)?,
        position: row.get(3)?,
        state: row.get(4)?,
        open: row.get(5)?,
        created_at_ms: row.get(6)?,
        body: row.get(7)?,
    })
}

impl Store {
    /// Writes a new follow-up and, in the same transaction, takes away what it replaces: the words of the user are
    /// always in exactly one of the two places.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id, or the place in the queue, is taken, and [`StoreError::Missing`] when the
    /// follow-up it replaces is not there; nothing changed then.
    pub fn queue_follow_up(&self, follow_up: &FollowUpRow, replaced: Replaced<'_>) -> Result<(), StoreError> {
        let body = bounded(&follow_up.body)?;
        self.write(Durability::Power, |transaction| {
            execute(
                transaction,
                "INSERT INTO follow_ups (id, account, agent, position, state, open, created_at_ms, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    follow_up.id,
                    follow_up.account,
                    follow_up.agent,
                    follow_up.position,
                    follow_up.state,
                    follow_up.open,
                    follow_up.created_at_ms,
                    body
                ],
            )?;
            match replaced {
                Replaced::Nothing => Ok(()),
                Replaced::Answer(agent) => agents::put(transaction, agent),
                Replaced::FollowUp(id) => execute_one(transaction, "DELETE FROM follow_ups WHERE id = ?1", [id]),
            }
        })
    }

    /// Writes the state of a follow-up.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none with this id.
    pub fn update_follow_up(&self, id: &str, update: &FollowUpUpdate<'_>) -> Result<(), StoreError> {
        let body = bounded(update.body)?;
        self.write(Durability::Power, |transaction| {
            execute_one(
                transaction,
                "UPDATE follow_ups SET state = ?2, open = ?3, body = ?4 WHERE id = ?1",
                params![id, update.state, update.open, body],
            )
        })
    }

    /// Lets two follow-ups of one agent change places in its queue.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when one of them is not there, or they are not of one agent; nothing changed then.
    pub fn swap_follow_ups(&self, one: &str, other: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            let place = |id: &str| {
                row(
                    transaction,
                    "SELECT agent, position FROM follow_ups WHERE id = ?1",
                    [id],
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)),
                )
            };
            let (Some((of, first)), Some((agent, second))) = (place(one)?, place(other)?) else {
                return Err(StoreError::Missing);
            };
            if of != agent {
                return Err(StoreError::Missing);
            }
            // No two share a place, not even for a moment: one stands aside.
            let put = "UPDATE follow_ups SET position = ?2 WHERE id = ?1";
            execute_one(transaction, put, params![one, -1])?;
            execute_one(transaction, put, params![other, first])?;
            execute_one(transaction, put, params![one, second])
        })
    }

    /// One follow-up, or none.
    pub fn follow_up(&self, id: &str) -> Result<Option<FollowUpRow>, StoreError> {
        self.read(|connection| row(connection, &format!("{COLUMNS} WHERE id = ?1"), [id], read))
    }

    /// All follow-ups, by account, agent and place in the queue.
    pub fn follow_ups(&self) -> Result<Vec<FollowUpRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                &format!("{COLUMNS} ORDER BY account, agent, position"),
                (),
                read,
            )
        })
    }

    /// The follow-ups marked open, by account, agent and place in the queue.
    pub fn open_follow_ups(&self) -> Result<Vec<FollowUpRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                &format!("{COLUMNS} WHERE open = 1 ORDER BY account, agent, position"),
                (),
                read,
            )
        })
    }

    /// Removes a follow-up; no error when it is not there.
    pub fn delete_follow_up(&self, id: &str) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| {
            execute(transaction, "DELETE FROM follow_ups WHERE id = ?1", [id])?;
            Ok(())
        })
    }
}
