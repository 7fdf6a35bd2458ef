//! What an agent's runs or messages prove about a follow-up.

use crate::model::{RunId, Time};

use crate::machines::launch::candidate::same_words;
use crate::machines::launch::delay::SKEW;

use super::{Noted, SeenRun};

/// How long after a sending began it can still be acted on: the longest wait for an answer and a slow gateway.
const WINDOW: Time = 300_000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing newer.
    None,
    /// It arrived; its run, where there are runs.
    Arrived(Option<RunId>),
    /// Something is newer, and it cannot be told whether it is ours.
    Unclear,
}

/// One active run per agent makes a single newer run decisive, if it was made while ours was being sent.
pub(super) fn of_runs(noted: &Noted, sent_at: Time, runs: &[SeenRun]) -> Evidence {
    let since = sent_at.saturating_sub(SKEW);
    let noted_at = noted
        .latest
        .as_ref()
        .and_then(|latest| runs.iter().find(|seen| seen.run == *latest))
        .map(|seen| seen.created_at);
    let newer = runs.iter().filter(|seen| {
        if noted.latest.as_ref() == Some(&seen.run) {
            return false;
        }
        match (noted_at, &noted.latest) {
            (Some(noted_at), _) => seen.created_at >= noted_at,
            // The noted run is not in the list: only the time can tell.
            (None, Some(_)) => seen.created_at >= since,
            (None, None) => true,
        }
    });
    let mut any = false;
    let mut inside = Vec::new();
    for seen in newer {
        any = true;
        if seen.created_at >= since && seen.created_at <= sent_at.saturating_add(WINDOW) {
            inside.push(&seen.run);
        }
    }
    match inside[..] {
        [run] => Evidence::Arrived(Some(run.clone())),
        [] if !any => Evidence::None,
        _ => Evidence::Unclear,
    }
}

/// The older API: one more message of the user with exactly these words.
pub(super) fn of_messages(noted: &Noted, text: &str, messages: &[String]) -> Evidence {
    let newer = messages.get(noted.user_messages as usize..).unwrap_or(&[]);
    match newer {
        [] => Evidence::None,
        _ if newer.iter().filter(|message| same_words(message, text)).count() == 1 => Evidence::Arrived(None),
        _ => Evidence::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(run: &str, created_at: Time) -> SeenRun {
        SeenRun {
            run: run.into(),
            created_at,
        }
    }

    fn noted(latest: &str) -> Noted {
        Noted {
            latest: Some(latest.into()),
            user_messages: 1,
        }
    }

    #[test]
    fn a_single_newer_run_of_the_right_time_is_ours() {
        let sent_at = 10_000_000;
        let table = [
            (vec![], Evidence::None, "an empty list proves nothing yet"),
            (vec![seen("run-1", 1_000)], Evidence::None, "only the noted run"),
            (
                vec![seen("run-2", sent_at + 5), seen("run-1", 1_000)],
                Evidence::Arrived(Some("run-2".into())),
                "newest first",
            ),
            (
                vec![seen("run-1", 1_000), seen("run-2", sent_at + 5)],
                Evidence::Arrived(Some("run-2".into())),
                "oldest first",
            ),
            (
                vec![seen("run-2", sent_at + 5)],
                Evidence::Arrived(Some("run-2".into())),
                "the noted run fell off the page",
            ),
            (
                vec![seen("run-0", 500), seen("run-1", 1_000)],
                Evidence::None,
                "older runs do not count",
            ),
            (
                vec![seen("run-2", sent_at + 600_000), seen("run-1", 1_000)],
                Evidence::Unclear,
                "made long after the sending ended: somebody else's",
            ),
            (
                vec![seen("run-2", sent_at + 5), seen("run-3", sent_at + 9)],
                Evidence::Unclear,
                "two of the right time",
            ),
        ];
        for (runs, expected, why) in table {
            assert_eq!(of_runs(&noted("run-1"), sent_at, &runs), expected, "{why}");
        }
    }

    #[test]
    fn one_more_message_with_our_words_is_ours() {
        let messages = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let table = [
            (messages(&["first"]), Evidence::None),
            (messages(&[]), Evidence::None),
            (messages(&["first", "again\n"]), Evidence::Arrived(None)),
            (messages(&["again"]), Evidence::None),
            (messages(&["first", "other"]), Evidence::Unclear),
            (messages(&["first", "again", "again"]), Evidence::Unclear),
        ];
        for (messages, expected) in table {
            assert_eq!(
                of_messages(&noted("run-1"), "again", &messages),
                expected,
                "{messages:?}"
            );
        }
    }
}
