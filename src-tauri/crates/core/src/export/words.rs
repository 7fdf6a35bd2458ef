//! The words of an export: from the one table of the shell, filled in here.

use std::collections::HashMap;

use crate::model::{Ending, Failure, Step, StepDetail, StepState, Time};

/// The words by their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(HashMap<String, String>);

/// A step in words, a name set as code, and lines added and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StepWords {
    pub(super) text: String,
    pub(super) code: Option<String>,
    pub(super) added: u32,
    pub(super) removed: u32,
    /// The key of what is said of its end, where that was not a good one.
    pub(super) ended: Option<&'static str>,
}

impl Words {
    /// All words; keys that are not of an export do no harm.
    pub fn new(table: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(table.into_iter().collect())
    }

    /// The words under a key, or the key itself.
    pub(crate) fn of<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    pub(super) fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.of(key).replace(&format!("{{{name}}}"), value)
    }

    /// A step as it is over.
    pub(super) fn step(&self, step: &Step) -> StepWords {
        let mut words = StepWords {
            ended: match step.state {
                StepState::Running | StepState::Done => None,
                StepState::Failed => Some("export.step_failed"),
                StepState::Interrupted => Some("export.step_interrupted"),
            },
            ..StepWords::default()
        };
        let key = match &step.detail {
            StepDetail::Thinks => "step.thinks",
            StepDetail::Reads { count: 1, name } if name.is_some() => {
                words.code.clone_from(name);
                "step.reads_one"
            }
            StepDetail::Reads { count, .. } => {
                let key = if *count == 1 {
                    "step.reads_unnamed"
                } else {
                    "step.reads_many"
                };
                words.text = self.with(key, "count", &count.to_string());
                return words;
            }
            StepDetail::Searches { .. } => "step.searches",
            StepDetail::Edits { name, added, removed } => {
                (words.added, words.removed) = (added.unwrap_or(0), removed.unwrap_or(0));
                words.code.clone_from(name);
                if name.is_some() {
                    "step.edits"
                } else {
                    "step.edits_unnamed"
                }
            }
            StepDetail::Deletes { name } => {
                words.code.clone_from(name);
                if name.is_some() {
                    "step.deletes"
                } else {
                    "step.deletes_unnamed"
                }
            }
            StepDetail::Tests { command } | StepDetail::Runs { command } => {
                words.code = Some(command.clone()).filter(|command| !command.is_empty());
                if matches!(step.detail, StepDetail::Tests { .. }) {
                    "step.tests"
                } else {
                    "step.runs"
                }
            }
            StepDetail::Browses => "step.browses",
            StepDetail::Captures => "step.captures",
            StepDetail::UsesComputer => "step.uses_computer",
            StepDetail::Plans => "step.plans",
            StepDetail::MadePlan => "step.made_plan",
            StepDetail::Asks { .. } => "step.asks",
            StepDetail::Delegates => "step.delegates",
            StepDetail::Waits => "step.waits",
            StepDetail::Other { name, .. } => {
                words.code = Some(name.clone());
                "step.other"
            }
        };
        self.of(key).clone_into(&mut words.text);
        words
    }

    /// How a run ended, and the service's own words about it.
    pub(super) fn ending<'a>(&self, ending: &'a Ending, duration: Option<u64>) -> (String, Option<&'a str>) {
        match (ending, duration) {
            (Ending::Finished, Some(duration)) => (self.with("export.done_in", "time", &stopwatch(duration)), None),
            (Ending::Finished, None) => (self.of("export.done").to_owned(), None),
            (Ending::Asked, Some(duration)) => (self.with("export.asked_after", "time", &stopwatch(duration)), None),
            (Ending::Asked, None) => (self.of("export.asked").to_owned(), None),
            (Ending::Cancelled, _) => (self.of("export.cancelled").to_owned(), None),
            (Ending::Failed { failure }, _) => {
                let quote = match failure {
                    Failure::RunFailed { message } => message.as_deref(),
                    _ => None,
                };
                (self.of("export.failed").to_owned(), quote)
            }
        }
    }
}

/// `1:02:03`, or `2:03` below an hour.
fn stopwatch(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A moment as `2026-11-26 12:00 UTC`: whoever reads it may live elsewhere. Days by Hinnant's `civil_from_days`.
pub(super) fn moment(at: Time) -> String {
    let minutes = at / 60_000;
    let days = minutes / 1440 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    format!("{year}-{month:02}-{date:02} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_durations_are_read_by_anybody() {
        let table = [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400_000, "2000-02-29 00:00 UTC"),
            (1_764_158_399_000, "2025-11-26 11:59 UTC"),
            (4_102_444_799_000, "2099-12-31 23:59 UTC"),
        ];
        for (at, expected) in table {
            assert_eq!(moment(at), expected);
        }
        assert_eq!([stopwatch(184_000), stopwatch(3_723_000)], ["3:04", "1:02:03"]);
    }
}
