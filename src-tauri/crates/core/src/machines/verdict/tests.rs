//! Lives step by step: what was heard, what is said of it, and why.

use super::Sound::{Deaf, Heartbeat, Listening, News, Runs, Woke};
use super::Verdict::{Quiet, Stuck, Working};
use super::{Judgement, Lack, Life, Sound, Verdict};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// At this time, what was heard if anything, the verdict, whether the record is asked for, when it is judged again, and why.
type Line = (u64, Option<Sound>, Verdict, bool, Option<u64>, &'static str);

fn lives(course: &[Line]) {
    let mut life = Life::new(0);
    for &(now, sound, verdict, ask, wake_at, why) in course {
        if let Some(sound) = sound {
            life.hear(sound, now);
        }
        let expected = Judgement { verdict, ask, wake_at };
        assert_eq!(life.judge(now), expected, "{sound:?} at {now}: {why}");
    }
}

const fn silent_since(since: u64) -> Lack {
    Lack { since, beats: false }
}

const fn still_since(since: u64) -> Lack {
    Lack { since, beats: true }
}

#[test]
fn a_silent_run_is_quiet_and_then_stuck_but_only_by_its_record() {
    let silent = silent_since(10 * SECOND);
    lives(&[
        (0, None, Working, false, Some(90 * SECOND), "it has time to be heard"),
        (
            10 * SECOND,
            Some(News),
            Working,
            false,
            Some(100 * SECOND),
            "counted from each sign",
        ),
        (
            99_999,
            None,
            Working,
            false,
            Some(100 * SECOND),
            "a link that died has brought its next heartbeat by then",
        ),
        (
            100 * SECOND,
            None,
            Working,
            true,
            Some(130 * SECOND),
            "suspected: the record has to say",
        ),
        (110 * SECOND, None, Working, false, Some(130 * SECOND), "asked for once"),
        (
            130 * SECOND,
            None,
            Working,
            true,
            Some(160 * SECOND),
            "no answer is no proof: asked for again",
        ),
        (
            131 * SECOND,
            Some(Runs),
            Quiet(silent),
            false,
            Some(251 * SECOND),
            "it runs, and is not heard of",
        ),
        (
            251 * SECOND,
            None,
            Quiet(silent),
            true,
            Some(281 * SECOND),
            "that it still runs is made sure of",
        ),
        (
            252 * SECOND,
            Some(Runs),
            Quiet(silent),
            false,
            Some(372 * SECOND),
            "it does",
        ),
        (
            610 * SECOND,
            None,
            Quiet(silent),
            true,
            Some(640 * SECOND),
            "long enough to be stuck, by an old record",
        ),
        (
            611 * SECOND,
            Some(Runs),
            Stuck(silent),
            false,
            Some(911 * SECOND),
            "and by a new one",
        ),
        (
            700 * SECOND,
            Some(Heartbeat),
            Working,
            false,
            Some(790 * SECOND),
            "it is heard of again",
        ),
        (
            701 * SECOND,
            Some(Runs),
            Working,
            false,
            Some(790 * SECOND),
            "a record alone makes nothing quiet",
        ),
    ]);
}

#[test]
fn heartbeats_without_news_are_enough_for_long_but_not_for_ever() {
    let mut life = Life::new(0);
    let still = still_since(0);
    let mut told = Vec::new();
    for now in (0..=70 * MINUTE).step_by(15_000) {
        life.hear(Heartbeat, now);
        let mut judgement = life.judge(now);
        if judgement.ask {
            life.hear(Runs, now);
            judgement = life.judge(now);
        }
        if told.last().map(|(_, verdict)| *verdict) != Some(judgement.verdict) {
            told.push((now, judgement.verdict));
        }
    }
    assert_eq!(
        told,
        [(0, Working), (15 * MINUTE, Quiet(still)), (60 * MINUTE, Stuck(still))],
        "a long command is not a dead agent, and nothing flickers on the way"
    );
}

#[test]
fn time_without_a_link_is_not_held_against_the_run() {
    lives(&[
        (
            60 * SECOND,
            Some(Deaf),
            Working,
            false,
            None,
            "there is nothing to wait for",
        ),
        (
            60 * MINUTE,
            None,
            Working,
            false,
            None,
            "an hour without network says nothing of the agent",
        ),
        (
            60 * MINUTE,
            Some(Listening),
            Working,
            false,
            Some(60 * MINUTE + 30 * SECOND),
            "it has the rest of its time",
        ),
        (
            60 * MINUTE + 30 * SECOND,
            None,
            Working,
            true,
            Some(61 * MINUTE),
            "which is over now",
        ),
        (
            60 * MINUTE + 31 * SECOND,
            Some(Runs),
            Quiet(silent_since(59 * MINUTE)),
            false,
            Some(62 * MINUTE + 31 * SECOND),
            "quiet by the time listened",
        ),
        (
            61 * MINUTE,
            Some(Deaf),
            Quiet(silent_since(59 * MINUTE)),
            false,
            None,
            "what was said stays while nothing is heard",
        ),
        (
            70 * MINUTE,
            Some(Listening),
            Quiet(silent_since(68 * MINUTE)),
            false,
            Some(71 * MINUTE + 31 * SECOND),
            "and is moved on by the time away",
        ),
        (
            71 * MINUTE,
            Some(Woke),
            Working,
            false,
            Some(72 * MINUTE + 30 * SECOND),
            "after sleep all begins anew",
        ),
    ]);
}

#[test]
fn a_clock_that_jumps_frightens_nobody() {
    let year = 366 * 24 * 60 * MINUTE;
    let mut life = Life::new(year);
    life.hear(Heartbeat, year);
    life.hear(Runs, year);
    assert_eq!(life.judge(0).verdict, Working, "a time before all others is no silence");
    assert_eq!(life.judge(year + SECOND).verdict, Working, "nor is a second after");
    life.hear(Deaf, year + SECOND);
    life.hear(Listening, 0);
    assert_eq!(life.judge(0).verdict, Working, "nor is a link that came before it went");
}
