//! Finding documents by what a person types, over a connection of its own: reading waits for no writing and holds none up.
//!
//! Every word must be in a document, in any order; what hangs together (`login.css`) must stand together, and the last
//! word may be the beginning of one. What is typed is never a language: words are cut from it and quoted, and nothing
//! else of it reaches the index. Of all that is found the newest [`CANDIDATES`] are weighed: by how often the words stand
//! in how long a document (BM25; how rare a word is weighs nothing, as all are in each), and half as much for every
//! [`HALF_LIFE`] a document is older than the newest of them.

use std::ops::Range;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::ffi::ErrorCode;
use rusqlite::params;

use crate::database::Store;
use crate::error::StoreError;
use crate::words::{each_word, stands_alone};

/// Characters of a question that are looked at.
pub const QUESTION: usize = 200;
/// Of how many the best are given.
const CANDIDATES: usize = 100;
/// Parts of a question that are looked for.
const PHRASES: usize = 8;
/// Milliseconds after which a document weighs half.
const HALF_LIFE: f64 = 30.0 * 24.0 * 3_600_000.0;
/// The length of a document that is neither long nor short, in words.
const USUAL: f64 = 40.0;
/// Bytes of a snippet before its first mark, and in all.
const BEFORE: usize = 40;
const SNIPPET: usize = 180;
/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 2_000;

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its agent.
    pub agent: String,
    /// Its run; may be empty.
    pub run: String,
    /// Whether it is the name of a file; a block of a transcript otherwise.
    pub is_file: bool,
    /// The file's path, or the block.
    pub place: String,
    /// When it was said, in Unix milliseconds.
    pub at_ms: i64,
    /// One line of it around the first mark.
    pub snippet: Vec<Piece>,
}

/// A part of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// Whether it was looked for.
    pub found: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// Whether time was up, or a newer question came, before all were looked at.
    pub cut: bool,
}

/// Words that must stand in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase {
    words: Vec<String>,
    /// Whether the last of them may go on.
    open: bool,
}

/// A question, as it is put to the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question(Vec<Phrase>);

impl Question {
    /// What is looked for; none where nothing is.
    pub(crate) fn of(typed: &str) -> Option<Self> {
        let end = typed.char_indices().nth(QUESTION).map_or(typed.len(), |(at, _)| at);
        let typed = &typed[..end];
        let mut phrases: Vec<Phrase> = Vec::new();
        for part in typed.split_whitespace().take(PHRASES) {
            let mut words = Vec::new();
            each_word(part, |_, word| words.push(word.to_owned()));
            if !words.is_empty() {
                phrases.push(Phrase { words, open: false });
            }
        }
        // With a space behind it a word is whole, and so is one with a dot: `login.` is followed by more, not longer.
        let going_on = typed.chars().next_back().is_some_and(char::is_alphanumeric);
        if going_on && let Some(last) = phrases.last_mut() {
            let word = last.words.last().map_or("", String::as_str);
            if word.chars().next_back().is_some_and(|sign| !stands_alone(sign)) {
                if word.chars().nth(1).is_some() {
                    last.open = true;
                } else {
                    // One letter begins half of all words.
                    last.words.pop();
                }
            }
        }
        phrases.retain(|phrase| !phrase.words.is_empty());
        (!phrases.is_empty()).then_some(Self(phrases))
    }

    /// The question in the language of the index: quoted words only. A folded word has no quotes.
    fn expression(&self) -> String {
        let phrases = self.0.iter().flat_map(|phrase| {
            let last = phrase.words.len() - 1;
            let word = move |(place, word)| {
                let star = if phrase.open && place == last { "*" } else { "" };
                format!("\"{word}\"{star}")
            };
            phrase.words.iter().enumerate().map(word)
        });
        phrases.collect::<Vec<_>>().join(" AND ")
    }

    /// Where each phrase stands in a text, by phrase; none where one is missing. With how many words the text has.
    pub(crate) fn places(&self, text: &str) -> Option<(Vec<Vec<Range<usize>>>, usize)> {
        let mut words: Vec<(Range<usize>, String)> = Vec::new();
        each_word(text, |range, word| words.push((range, word.to_owned())));
        let places: Vec<Vec<_>> = self.0.iter().map(|phrase| phrase.places(&words)).collect();
        let all = places.iter().all(|places| !places.is_empty());
        all.then_some((places, words.len()))
    }
}

impl Phrase {
    fn places(&self, words: &[(Range<usize>, String)]) -> Vec<Range<usize>> {
        let Some((last, firsts)) = self.words.split_last() else {
            return Vec::new();
        };
        let fits = |window: &&[(Range<usize>, String)]| {
            let Some(((_, end), starts)) = window.split_last() else {
                return false;
            };
            let is_end = if self.open {
                end.starts_with(last.as_str())
            } else {
                end == last
            };
            is_end && starts.iter().zip(firsts).all(|((_, found), asked)| found == asked)
        };
        words
            .windows(self.words.len())
            .filter(fits)
            .filter_map(|window| Some(window.first()?.0.start..window.last()?.0.end))
            .collect()
    }
}

/// How well a document fits, from 0 to 1: BM25 with the usual constants, without rarity.
fn relevance(places: &[Vec<Range<usize>>], length: usize) -> f64 {
    let long = 1.2 * (0.25 + 0.75 * length as f64 / USUAL);
    let weight = |found: &Vec<Range<usize>>| found.len() as f64 / (found.len() as f64 + long);
    places.iter().map(weight).sum::<f64>() / places.len().max(1) as f64
}

/// One line of a text around its first mark, cut between words.
fn snippet(text: &str, places: &[Vec<Range<usize>>]) -> Vec<Piece> {
    let mut marks: Vec<Range<usize>> = places.iter().flatten().cloned().collect();
    marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
    let first = marks.first().map_or(0, |mark| mark.start);
    let mut from = text.floor_char_boundary(first.saturating_sub(BEFORE));
    if from > 0 {
        from = text[from..first]
            .find(char::is_whitespace)
            .map_or(from, |space| from + space + 1)
            .min(first);
        from = text.ceil_char_boundary(from);
    }
    let to = text.floor_char_boundary((from + SNIPPET).min(text.len()));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |part: &str, found: bool| {
        let mut text = String::with_capacity(part.len());
        let mut spaced = false;
        for character in part.chars() {
            if character.is_whitespace() {
                spaced = true;
                continue;
            }
            if std::mem::take(&mut spaced) {
                text.push(' ');
            }
            text.push(character);
        }
        if spaced {
            text.push(' ');
        }
        if !text.is_empty() {
            pieces.push(Piece { text, found });
        }
    };
    if from > 0 {
        add("…", false);
    }
    let mut at = from;
    for mark in marks {
        let (start, end) = (mark.start.max(at), mark.end.min(to));
        if start >= end {
            continue;
        }
        add(&text[at..start], false);
        add(&text[start..end], true);
        at = end;
    }
    add(&text[at..to], false);
    if to < text.len() {
        add("…", false);
    }
    pieces
}

impl Store {
    /// Finds documents of an account's agents, at most `limit`, by what a person typed. Looks no longer than `patience`,
    /// and stops at once when a newer question is asked.
    pub fn search(&self, account: &str, typed: &str, limit: usize, patience: Duration) -> Result<Found, StoreError> {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let Some(question) = Question::of(typed) else {
            return Ok(Found::default());
        };
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = std::sync::Arc::clone(&self.asked);
        let end = Instant::now() + patience;
        let over = move || asked.load(Ordering::SeqCst) != mine || Instant::now() >= end;
        if over() {
            return Ok(Found {
                hits: Vec::new(),
                cut: true,
            });
        }
        reader.progress_handler(STEPS, Some(over))?;
        let found = candidates(&reader, account, &question);
        reader.progress_handler(STEPS, None::<fn() -> bool>)?;
        let (found, cut) = found?;
        Ok(Found {
            hits: best(found, limit),
            cut,
        })
    }
}

/// What was found, with how well it fits.
type Candidate = (f64, Hit);

/// The newest documents that fit, and whether the search was cut off.
fn candidates(
    reader: &rusqlite::Connection,
    account: &str,
    question: &Question,
) -> Result<(Vec<Candidate>, bool), StoreError> {
    let mut statement = reader.prepare_cached(
        "SELECT d.agent, d.run, d.is_file, d.place, d.at_ms, d.text
         FROM document_words CROSS JOIN documents AS d ON d.id = document_words.rowid
         WHERE document_words MATCH ?1 AND EXISTS (SELECT 1 FROM agents WHERE account = ?2 AND id = d.agent)
         ORDER BY document_words.rowid DESC",
    )?;
    let mut rows = statement.query(params![question.expression(), account])?;
    let mut found = Vec::new();
    while found.len() < CANDIDATES {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok((found, false)),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                return Ok((found, true));
            }
            Err(error) => return Err(error.into()),
        };
        let text = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
        // The words are all in it; whether they stand together the index does not know.
        let Some((places, length)) = question.places(text) else {
            continue;
        };
        let hit = Hit {
            agent: row.get(0)?,
            run: row.get(1)?,
            is_file: row.get(2)?,
            place: row.get(3)?,
            at_ms: row.get(4)?,
            snippet: snippet(text, &places),
        };
        found.push((relevance(&places, length), hit));
    }
    Ok((found, false))
}

fn best(mut found: Vec<Candidate>, limit: usize) -> Vec<Hit> {
    let newest = found.iter().map(|(_, hit)| hit.at_ms).max().unwrap_or(0);
    for (weight, hit) in &mut found {
        let age = newest.saturating_sub(hit.at_ms) as f64;
        *weight *= (-age / HALF_LIFE).exp2();
    }
    // What weighs the same stays in order of age.
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.truncate(limit);
    found.into_iter().map(|(_, hit)| hit).collect()
}

#[cfg(test)]
mod tests;
