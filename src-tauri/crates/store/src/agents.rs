//! Agents as last seen at the server; can be fetched again.

use rusqlite::{Connection, params};

use crate::database::{Durability, Store, bounded, execute, rows};
use crate::documents;
use crate::error::StoreError;

/// One agent of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// The account that sees it.
    pub account: String,
    /// The agent's id at the server.
    pub id: String,
    /// When it last changed, in Unix milliseconds.
    pub updated_at_ms: i64,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

/// Writes an agent inside a transaction, replacing its row.
pub(crate) fn put(connection: &Connection, agent: &AgentRow) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO agents (account, id, updated_at_ms, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account, id) DO UPDATE SET updated_at_ms = excluded.updated_at_ms, body = excluded.body",
        params![agent.account, agent.id, agent.updated_at_ms, bounded(&agent.body)?],
    )?;
    Ok(())
}

impl Store {
    /// Writes agents in one transaction, replacing their rows.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when the account of one was not put before; none is written then.
    pub fn put_agents(&self, agents: &[AgentRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            agents.iter().try_for_each(|agent| put(transaction, agent))
        })
    }

    /// Writes an agent for the answer in it, which its owner made.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when its account was not put before.
    pub fn put_answer(&self, agent: &AgentRow) -> Result<(), StoreError> {
        self.write(Durability::Power, |transaction| put(transaction, agent))
    }

    /// All agents of an account, the one changed last first.
    pub fn agents(&self, account: &str) -> Result<Vec<AgentRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT account, id, updated_at_ms, body FROM agents WHERE account = ?1 ORDER BY updated_at_ms DESC, id",
                [account],
                |row| {
                    Ok(AgentRow { account: row.get(0)?, id: row.get(1)?, updated_at_ms: row.get(2)?, body: row.get(3)? })
                },
            )
        })
    }

    /// Removes an agent of an account with its runs, events, artifacts and documents. Follow-ups stay: the user made them.
    /// No error when it is not there.
    pub fn delete_agent(&self, account: &str, id: &str) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            // Two keys may see the same agent, so events go only when no other account has the run.
            for statement in [
                "DELETE FROM events WHERE run IN (SELECT id FROM runs WHERE account = ?1 AND agent = ?2)
                 AND run NOT IN (SELECT id FROM runs WHERE account <> ?1)",
                "DELETE FROM runs WHERE account = ?1 AND agent = ?2",
                "DELETE FROM artifacts WHERE account = ?1 AND agent = ?2",
                "DELETE FROM undocumented WHERE account = ?1 AND agent = ?2",
                "DELETE FROM agents WHERE account = ?1 AND id = ?2",
            ] {
                execute(transaction, statement, params![account, id])?;
            }
            documents::forget(transaction, id)
        })
    }
}
