//! The steps from an empty file to the newest version; a step, once released, never changes.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{OpenError, StoreError};

/// One string of SQL for each version; the version of a database is the number of steps it has had.
pub(crate) const STEPS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/// Accounts own what can be fetched again, and it goes with them. Drafts, launches and follow-ups name an
/// account without a foreign key on purpose: what the user made outlives the account it was made for.
const VERSION_1: &str = "
CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE accounts (id TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT,
    updated_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE launches (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    agent TEXT UNIQUE,
    state TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    request TEXT NOT NULL,
    body_sha256 TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX launches_open ON launches (created_at_ms) WHERE open = 1;
CREATE TRIGGER launches_request_is_final BEFORE UPDATE OF id, account, request, created_at_ms ON launches
BEGIN SELECT RAISE(ABORT, 'the request of a launch never changes'); END;
CREATE TABLE follow_ups (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    agent TEXT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (account, agent, position)
) STRICT;
CREATE INDEX follow_ups_open ON follow_ups (created_at_ms) WHERE open = 1;
CREATE TABLE agents (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, id)
) STRICT;
CREATE TABLE runs (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, agent, id)
) STRICT;
CREATE INDEX runs_id ON runs (id);
CREATE TABLE events (
    agent TEXT NOT NULL,
    run TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, position)
) STRICT;
CREATE TABLE repositories (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, url)
) STRICT;
CREATE TABLE notices (key TEXT NOT NULL PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE artifacts (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    path TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    hash TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (account, agent, path)
) STRICT;
";

/// A file belongs to the run that left it: a later run that leaves one of the same path does not replace it.
const VERSION_2: &str = "
CREATE TABLE artifacts_by_run (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    run TEXT NOT NULL,
    path TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    hash TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (account, agent, run, path)
) STRICT;
INSERT INTO artifacts_by_run SELECT account, agent, '', path, updated_at, hash, body FROM artifacts;
DROP TABLE artifacts;
ALTER TABLE artifacts_by_run RENAME TO artifacts;
";

/// What is found by its words. The index keeps no text of its own, so that a row goes from it by its number alone; what it
/// is fed are words that were cut and folded before, and it knows which stand in a document, not where: that is looked up in
/// the few documents that are shown. Documents of agents that were there already are written bit by bit.
const VERSION_3: &str = "
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    agent TEXT NOT NULL,
    run TEXT NOT NULL,
    is_file INTEGER NOT NULL CHECK (is_file IN (0, 1)),
    place TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (agent, run, is_file, place)
) STRICT;
CREATE INDEX agents_id ON agents (id);
CREATE VIRTUAL TABLE document_words USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='2 3 4 5 6');
CREATE TABLE undocumented (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    PRIMARY KEY (account, agent)
) STRICT;
INSERT INTO undocumented SELECT account, id FROM agents;
";

/// What each run used, by the user's own day. It stays when its agent goes: the money was spent.
const VERSION_4: &str = "
CREATE TABLE spending (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    run TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    repository TEXT,
    model TEXT,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    micros INTEGER,
    PRIMARY KEY (account, agent, run)
) STRICT;
CREATE INDEX spending_day ON spending (account, day);
CREATE INDEX spending_at ON spending (account, at_ms);
";

/// Brings the database to `steps.len()`, one transaction for each step, so that a crash or a full disk
/// leaves a whole older version behind. Returns whether anything was done.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<bool, OpenError> {
    let found = version(connection)?;
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for number in found..known {
        let step = || -> Result<(), rusqlite::Error> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(steps[number as usize])?;
            transaction.pragma_update(None, "user_version", number + 1)?;
            transaction.commit()
        };
        let mut step = step;
        step().map_err(StoreError::from)?;
    }
    Ok(found < known)
}

/// The version a database is at; 0 is an empty file.
pub(crate) fn version(connection: &Connection) -> Result<u32, OpenError> {
    Ok(connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(StoreError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[&str] = &[
        "CREATE TABLE word (text TEXT) STRICT;",
        "ALTER TABLE word ADD COLUMN length INTEGER; UPDATE word SET length = length(text);",
    ];

    #[test]
    fn a_second_step_keeps_what_the_first_version_held() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut connection, &TWO[..1]), Ok(true));
        connection.execute("INSERT INTO word VALUES ('pear')", ()).unwrap();
        assert_eq!(migrate(&mut connection, TWO), Ok(true), "one step is still to do");
        assert_eq!(migrate(&mut connection, TWO), Ok(false), "nothing is left to do");
        let row: (String, i64) = connection
            .query_row("SELECT text, length FROM word", (), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!((row, version(&connection)), (("pear".to_owned(), 4), Ok(2)));
    }

    #[test]
    fn a_failing_step_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = &[
            TWO[0],
            "CREATE TABLE other (id INTEGER); CREATE TABLE word (again TEXT);",
        ];
        assert!(
            migrate(&mut connection, broken).is_err(),
            "the table exists, the step must fail"
        );
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'other'", (), |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(
            (version(&connection), tables),
            (Ok(1), 0),
            "the first half of the step was taken back"
        );
    }

    #[test]
    fn agents_of_before_are_listed_for_the_index_and_new_ones_are_not() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &STEPS[..2]).unwrap();
        let made =
            "INSERT INTO accounts VALUES ('work', 0, '{}'); INSERT INTO agents VALUES ('work', 'bc-1', 1, '{}');";
        connection.execute_batch(made).unwrap();
        assert_eq!(migrate(&mut connection, STEPS), Ok(true));
        connection
            .execute("INSERT INTO agents VALUES ('work', 'bc-2', 1, '{}')", ())
            .unwrap();
        let listed: (String, i64) = connection
            .query_row("SELECT max(agent), count(*) FROM undocumented", (), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(listed, ("bc-1".to_owned(), 1));
    }

    #[test]
    fn a_newer_database_is_refused_with_both_versions() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 9).unwrap();
        assert_eq!(
            migrate(&mut connection, TWO),
            Err(OpenError::Newer { found: 9, known: 2 })
        );
    }
}
