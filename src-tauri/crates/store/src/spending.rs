//! What runs used: tokens, and money in millionths of a dollar. Kept per run, summed by SQL.

use rusqlite::{Row, params};

use crate::database::{Durability, Store, execute, row, rows};
use crate::error::StoreError;

/// So many runs are kept for each account, the newest.
const KEPT: u32 = 50_000;
/// The longest list of sums.
const LISTED: u32 = 50;
/// So many of the newest costs are looked at for an estimate.
const PAST: u32 = 50;
/// The largest number of tokens or millionths of a dollar kept for one run: sums of all runs stay exact.
const MOST: i64 = 1_000_000_000_000;
/// The first moment of the year 2100; beyond it no clock is believed.
const LATEST: i64 = 4_102_444_800_000;

const SUMS: &str = "count(s.run), coalesce(sum(s.input), 0), coalesce(sum(s.output), 0), coalesce(sum(s.cache_read), 0),
    coalesce(sum(s.cache_write), 0), coalesce(sum(s.micros), 0), coalesce(sum(s.run IS NOT NULL AND s.micros IS NULL), 0)";

/// What one run used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpendingRow {
    /// Its account.
    pub account: String,
    /// Its agent.
    pub agent: String,
    /// The run.
    pub run: String,
    /// When it was made, in Unix milliseconds.
    pub at_ms: i64,
    /// Address of the repository, where known.
    pub repository: Option<String>,
    /// The model that was asked for; empty is the account's default, none is not known.
    pub model: Option<String>,
    /// Tokens read by the model.
    pub input: i64,
    /// Tokens written by it.
    pub output: i64,
    /// Tokens taken from the cache.
    pub cache_read: i64,
    /// Tokens put into the cache.
    pub cache_write: i64,
    /// Millionths of a dollar, when the service says.
    pub micros: Option<i64>,
}

/// What several runs used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpendingSum {
    /// How many runs.
    pub runs: i64,
    /// Tokens read by the model.
    pub input: i64,
    /// Tokens written by it.
    pub output: i64,
    /// Tokens taken from the cache.
    pub cache_read: i64,
    /// Tokens put into the cache.
    pub cache_write: i64,
    /// Millionths of a dollar.
    pub micros: i64,
    /// How many of the runs have no cost.
    pub unpriced: i64,
}

/// What sums are made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendingBy {
    /// The repository.
    Repository,
    /// The model.
    Model,
    /// The agent.
    Agent,
}

fn sum(row: &Row<'_>, first: usize) -> Result<SpendingSum, rusqlite::Error> {
    Ok(SpendingSum {
        runs: row.get(first)?,
        input: row.get(first + 1)?,
        output: row.get(first + 2)?,
        cache_read: row.get(first + 3)?,
        cache_write: row.get(first + 4)?,
        micros: row.get(first + 5)?,
        unpriced: row.get(first + 6)?,
    })
}

impl Store {
    /// Keeps what runs used. A later answer replaces an earlier one, but for the day, and for what it does not tell; only
    /// the newest 50,000 runs of an account are kept. Numbers out of all reason are cut to the largest kept.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] when an account was not put before; none is kept then.
    pub fn put_spending(&self, runs: &[SpendingRow]) -> Result<(), StoreError> {
        self.write(Durability::Process, |transaction| {
            for run in runs {
                let bounded = |amount: i64| amount.clamp(0, MOST);
                execute(
                    transaction,
                    "INSERT INTO spending (account, agent, run, at_ms, day, repository, model, input, output, cache_read,
                        cache_write, micros)
                     VALUES (?1, ?2, ?3, ?4, coalesce(date(?4 / 1000, 'unixepoch', 'localtime'), '1970-01-01'), ?5, ?6, ?7,
                        ?8, ?9, ?10, ?11)
                     ON CONFLICT (account, agent, run) DO UPDATE SET input = excluded.input, output = excluded.output,
                        cache_read = excluded.cache_read, cache_write = excluded.cache_write,
                        repository = coalesce(excluded.repository, repository), model = coalesce(excluded.model, model),
                        micros = coalesce(excluded.micros, micros)",
                    params![
                        run.account,
                        run.agent,
                        run.run,
                        run.at_ms.clamp(0, LATEST),
                        run.repository,
                        run.model,
                        bounded(run.input),
                        bounded(run.output),
                        bounded(run.cache_read),
                        bounded(run.cache_write),
                        run.micros.map(bounded),
                    ],
                )?;
                execute(
                    transaction,
                    "DELETE FROM spending WHERE account = ?1 AND at_ms < (SELECT at_ms FROM spending WHERE account = ?1
                     ORDER BY at_ms DESC LIMIT 1 OFFSET ?2)",
                    params![run.account, KEPT - 1],
                )?;
            }
            Ok(())
        })
    }

    /// The sums of every day between two, both included (`2026-11-25`), the oldest first. Days without runs are there too.
    pub fn spending_days(
        &self,
        account: &str,
        from: &str,
        until: &str,
    ) -> Result<Vec<(String, SpendingSum)>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                &format!(
                    "WITH RECURSIVE days (day) AS (SELECT date(?2) UNION ALL SELECT date(day, '+1 day') FROM days
                     WHERE day < date(?3) LIMIT 400)
                     SELECT days.day, {SUMS} FROM days LEFT JOIN spending s ON s.account = ?1 AND s.day = days.day
                     GROUP BY days.day ORDER BY days.day"
                ),
                [account, from, until],
                |row| Ok((row.get(0)?, sum(row, 1)?)),
            )
        })
    }

    /// The sum of all days between two, both included.
    pub fn spending_total(&self, account: &str, from: &str, until: &str) -> Result<SpendingSum, StoreError> {
        let total = self.read(|connection| {
            row(
                connection,
                &format!("SELECT {SUMS} FROM spending s WHERE s.account = ?1 AND s.day BETWEEN ?2 AND ?3"),
                [account, from, until],
                |row| sum(row, 0),
            )
        })?;
        Ok(total.unwrap_or_default())
    }

    /// The same by repository, model or agent: the dearest first, then those with the most tokens; at most 50.
    pub fn spending_by(
        &self,
        account: &str,
        from: &str,
        until: &str,
        by: SpendingBy,
    ) -> Result<Vec<(Option<String>, SpendingSum)>, StoreError> {
        let column = match by {
            SpendingBy::Repository => "s.repository",
            SpendingBy::Model => "s.model",
            SpendingBy::Agent => "s.agent",
        };
        self.read(|connection| {
            rows(
                connection,
                &format!(
                    "SELECT {column}, {SUMS} FROM spending s WHERE s.account = ?1 AND s.day BETWEEN ?2 AND ?3
                     GROUP BY {column}
                     ORDER BY sum(s.micros) DESC, sum(s.input + s.output + s.cache_read + s.cache_write) DESC, {column}
                     LIMIT {LISTED}"
                ),
                [account, from, until],
                |row| Ok((row.get(0)?, sum(row, 1)?)),
            )
        })
    }

    /// What the newest 50 runs in a repository cost that have a cost, the newest first; those of one model, or of all.
    pub fn spending_costs(&self, account: &str, repository: &str, model: Option<&str>) -> Result<Vec<i64>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT micros FROM spending WHERE account = ?1 AND repository = ?2 AND (?3 IS NULL OR model = ?3)
                 AND micros IS NOT NULL ORDER BY at_ms DESC LIMIT ?4",
                params![account, repository, model, PAST],
                |row| row.get(0),
            )
        })
    }

    /// The day of a moment where the user is, so many days before, and the Monday of its week.
    pub fn local_day(&self, at_ms: i64, before: u32) -> Result<(String, String), StoreError> {
        let days = self.read(|connection| {
            row(
                connection,
                "SELECT date(?1 / 1000, 'unixepoch', 'localtime', ?2),
                        date(?1 / 1000, 'unixepoch', 'localtime', ?2, 'weekday 0', '-6 days')",
                params![at_ms.clamp(0, LATEST), format!("-{before} days")],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
        })?;
        days.ok_or(StoreError::Missing)
    }
}
