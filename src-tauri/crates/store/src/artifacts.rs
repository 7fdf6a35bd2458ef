//! Artifacts of agents: what the server lists, and the blob once it was downloaded.

use rusqlite::params;

use crate::database::{Durability, Store, bounded, execute, rows};
use crate::documents;
use crate::error::StoreError;

/// One artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactRow {
    /// The account that sees it.
    pub account: String,
    /// The agent that made it.
    pub agent: String,
    /// The run that left it; empty when that is not known. A path may be left by several runs.
    pub run: String,
    /// Its path as the server gives it. A name only, never a place on this disk.
    pub path: String,
    /// When it changed, as the server writes it.
    pub updated_at: String,
    /// The name of the blob that holds it, once downloaded.
    pub hash: Option<String>,
    /// JSON of the caller, at most [`crate::BODY_LIMIT`] bytes.
    pub body: String,
}

impl Store {
    /// Writes artifacts in one transaction, replacing their rows; each is found by its name.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when the account of one was not put before; none is written then.
    pub fn put_artifacts(&self, artifacts: &[ArtifactRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            for artifact in artifacts {
                execute(
                    transaction,
                    "INSERT INTO artifacts (account, agent, run, path, updated_at, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (account, agent, run, path) DO UPDATE SET updated_at = excluded.updated_at,
                     hash = excluded.hash, body = excluded.body",
                    params![
                        artifact.account,
                        artifact.agent,
                        artifact.run,
                        artifact.path,
                        artifact.updated_at,
                        artifact.hash,
                        bounded(&artifact.body)?
                    ],
                )?;
                documents::put_file(transaction, &artifact.account, &artifact.agent, &artifact.run, &artifact.path)?;
            }
            Ok(())
        })
    }

    /// All artifacts of an agent, by path and run.
    pub fn artifacts(&self, account: &str, agent: &str) -> Result<Vec<ArtifactRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT account, agent, run, path, updated_at, hash, body FROM artifacts
                 WHERE account = ?1 AND agent = ?2 ORDER BY path, run",
                [account, agent],
                |row| {
                    Ok(ArtifactRow {
                        account: row.get(0)?,
                        agent: row.get(1)?,
                        run: row.get(2)?,
                        path: row.get(3)?,
                        updated_at: row.get(4)?,
                        hash: row.get(5)?,
                        body: row.get(6)?,
                    })
                },
            )
        })
    }

    /// The names of all blobs artifacts refer to, for the keep list of [`Store::remove_unreferenced`].
    pub fn artifact_hashes(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT DISTINCT hash FROM artifacts WHERE hash IS NOT NULL ORDER BY hash",
                (),
                |row| row.get(0),
            )
        })
    }
}
