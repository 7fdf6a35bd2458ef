//! What is found by its words: prompts, replies, steps and names of files, each a document at its place in an agent.
//! A document is written, and goes, in the transaction of what it tells of.

use rusqlite::{Connection, params};

use crate::database::{Durability, Store, execute, row, rows};
use crate::error::StoreError;
use crate::words::fed;

/// The bytes of a document that are kept and found: 256 KiB. What is behind them is not found.
pub const DOCUMENT_LIMIT: usize = 256 * 1024;

/// Documents of one second; a number is the second and a place in it, so that numbers go by age.
const BITS: u32 = 12;
/// 2020-01-01T00:00:00Z, where numbers begin, in Unix seconds.
const BEGIN: i64 = 1_577_836_800;

/// One document: a block of a transcript, or the name of a file an agent left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// The run it belongs to; may be empty.
    pub run: String,
    /// Its block, unique within the agent.
    pub block: String,
    /// When it was said, in Unix milliseconds.
    pub at_ms: i64,
    /// Its text; empty means that it is gone. At most [`DOCUMENT_LIMIT`] bytes of it are kept.
    pub text: String,
}

/// A free number for a document of this time.
fn number(connection: &Connection, at_ms: i64) -> Result<i64, StoreError> {
    let mut second = (at_ms.div_euclid(1000) - BEGIN).clamp(0, i64::from(u32::MAX));
    loop {
        let (from, next) = (second << BITS, (second + 1) << BITS);
        let last: Option<i64> = row(
            connection,
            "SELECT max(id) FROM documents WHERE id >= ?1 AND id < ?2",
            [from, next],
            |row| row.get(0),
        )?
        .flatten();
        match last {
            None => return Ok(from),
            Some(last) if last + 1 < next => return Ok(last + 1),
            Some(_) => second += 1,
        }
    }
}

/// Writes a document inside a transaction, or takes it away; what is there already as it is is left.
pub(crate) fn put(
    connection: &Connection,
    agent: &str,
    is_file: bool,
    document: &DocumentRow,
) -> Result<(), StoreError> {
    let text = &document.text[..document.text.floor_char_boundary(DOCUMENT_LIMIT)];
    let key = params![agent, document.run, is_file, document.block, text];
    let known: Option<(i64, bool)> = row(
        connection,
        "SELECT id, text = ?5 FROM documents WHERE agent = ?1 AND run = ?2 AND is_file = ?3 AND place = ?4",
        key,
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let id = match known {
        Some((_, true)) => return Ok(()),
        None if text.is_empty() => return Ok(()),
        Some((id, false)) => {
            execute(connection, "DELETE FROM document_words WHERE rowid = ?1", [id])?;
            if text.is_empty() {
                execute(connection, "DELETE FROM documents WHERE id = ?1", [id])?;
                return Ok(());
            }
            execute(
                connection,
                "UPDATE documents SET text = ?2 WHERE id = ?1",
                params![id, text],
            )?;
            id
        }
        None => {
            let id = number(connection, document.at_ms)?;
            execute(
                connection,
                "INSERT INTO documents (id, agent, run, is_file, place, at_ms, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![id, agent, document.run, is_file, document.block, document.at_ms, text],
            )?;
            id
        }
    };
    execute(
        connection,
        "INSERT INTO document_words (rowid, words) VALUES (?1, ?2)",
        params![id, fed(text)],
    )?;
    Ok(())
}

pub(crate) fn put_all(connection: &Connection, agent: &str, documents: &[DocumentRow]) -> Result<(), StoreError> {
    documents
        .iter()
        .try_for_each(|document| put(connection, agent, false, document))
}

/// The name of a file that a run left, as old as its run.
pub(crate) fn put_file(
    connection: &Connection,
    account: &str,
    agent: &str,
    run: &str,
    path: &str,
) -> Result<(), StoreError> {
    let at_ms = row(
        connection,
        "SELECT coalesce((SELECT created_at_ms FROM runs WHERE account = ?1 AND agent = ?2 AND id = ?3),
                         (SELECT updated_at_ms FROM agents WHERE account = ?1 AND id = ?2), 0)",
        [account, agent, run],
        |row| row.get(0),
    )?;
    let document = DocumentRow {
        run: run.to_owned(),
        block: path.to_owned(),
        at_ms: at_ms.unwrap_or(0),
        text: path.to_owned(),
    };
    put(connection, agent, true, &document)
}

/// Takes the documents of an agent away, unless an account still has it.
pub(crate) fn forget(connection: &Connection, agent: &str) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM document_words WHERE rowid IN (SELECT id FROM documents WHERE agent = ?1)
         AND NOT EXISTS (SELECT 1 FROM agents WHERE id = ?1)",
        "DELETE FROM documents WHERE agent = ?1 AND NOT EXISTS (SELECT 1 FROM agents WHERE id = ?1)",
    ] {
        execute(connection, statement, [agent])?;
    }
    Ok(())
}

impl Store {
    /// Writes all documents of an agent's transcript, in one transaction: those that are not among them go, and the
    /// names of its files come with them. It is not [`Store::undocumented`] then.
    pub fn put_documents(&self, account: &str, agent: &str, documents: &[DocumentRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            let known = rows(
                transaction,
                "SELECT run, place FROM documents WHERE agent = ?1 AND is_file = 0",
                [agent],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
            )?;
            let kept: std::collections::HashSet<(&str, &str)> = documents
                .iter()
                .map(|document| (document.run.as_str(), document.block.as_str()))
                .collect();
            for (run, block) in known {
                if !kept.contains(&(run.as_str(), block.as_str())) {
                    let gone = DocumentRow {
                        run,
                        block,
                        at_ms: 0,
                        text: String::new(),
                    };
                    put(transaction, agent, false, &gone)?;
                }
            }
            put_all(transaction, agent, documents)?;
            let files = rows(
                transaction,
                "SELECT run, path FROM artifacts WHERE account = ?1 AND agent = ?2",
                [account, agent],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
            )?;
            for (run, path) in files {
                put_file(transaction, account, agent, &run, &path)?;
            }
            execute(
                transaction,
                "DELETE FROM undocumented WHERE account = ?1 AND agent = ?2",
                [account, agent],
            )?;
            Ok(())
        })
    }

    /// Takes documents away that belong to no agent: of one that was deleted while something of it was being written.
    pub fn forget_documents_of_nobody(&self) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            let nobody: Vec<String> = rows(
                transaction,
                "SELECT DISTINCT agent FROM documents WHERE agent NOT IN (SELECT id FROM agents)",
                (),
                |row| row.get(0),
            )?;
            nobody.iter().try_for_each(|agent| forget(transaction, agent))
        })
    }

    /// An agent, with its account, that was there before documents were and has none yet; none when all have.
    pub fn undocumented(&self) -> Result<Option<(String, String)>, StoreError> {
        self.read(|connection| {
            row(
                connection,
                "SELECT account, agent FROM undocumented ORDER BY account, agent DESC LIMIT 1",
                (),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
        })
    }
}
