//! Following step by step: what happened, what is to be done, and why. No chance is taken, so that times are exact.

use super::EventKind::{Content, Done, Heartbeat};
use super::Input::{Opened, Reached, Record, RecordFailed, Resumed, Seen, Started, StreamEnded, Tick, Visible};
use super::{Effect, EventKind, Input, Moment, RecordFailure, Route, StreamEnd, Watch};
use crate::model::RunState;

const OPEN: Effect = Effect::OpenStream { from_start: false };

/// At this time, what happened, what follows, and why.
type Line = (u64, Input, Vec<Effect>, &'static str);

fn wake(at: u64) -> Effect {
    Effect::WakeAt(Some(at))
}

const NO_WAKE: Effect = Effect::WakeAt(None);

/// Lives through a course of events and holds each answer against what is expected.
fn live(watch: &mut Watch, course: Vec<Line>) {
    for (now, input, expected, why) in course {
        let effects = watch.step(input, Moment { now, jitter: 0.0 });
        assert_eq!(effects, expected, "{input:?} at {now}: {why}");
    }
}

fn streamed() -> Watch {
    Watch::new(Route::Stream, true)
}

#[test]
fn a_stream_that_fell_silent_or_broke_is_resumed_where_it_was() {
    let from_start = Effect::OpenStream { from_start: true };
    let course = vec![
        (0, Started, vec![OPEN, wake(72_000)], "the first sign may take a while"),
        (100, Opened, vec![wake(72_100)], "silence is counted from the opening"),
        (200, Seen(Content), vec![wake(72_200)], "and from each sign"),
        (300, Seen(Heartbeat), vec![wake(42_300)], "heartbeats come every 15 s"),
        (
            42_300,
            Tick,
            vec![Effect::CloseStream, OPEN, wake(44_300)],
            "silent for too long: opened again at its resume point",
        ),
        (
            44_300,
            Tick,
            vec![Effect::ShowReconnecting(true), wake(114_300)],
            "two seconds of trouble are shown",
        ),
        (45_000, Opened, vec![wake(48_000)], "it has to show that it stays"),
        (
            45_100,
            Seen(Content),
            vec![Effect::ShowReconnecting(false), wake(117_100)],
            "something new is the end of trouble",
        ),
        (45_200, StreamEnded(StreamEnd::Reset), vec![wake(45_200)], "broken once"),
        (45_200, Tick, vec![OPEN, wake(47_200)], "resumed at once"),
        (
            45_300,
            StreamEnded(StreamEnd::InvalidLastEventId),
            vec![from_start],
            "a resume point that is refused is not tried again",
        ),
        (45_400, Opened, vec![wake(48_400)], "from the start"),
        (45_500, Seen(Content), vec![wake(117_500)], "and it brings something"),
        (
            45_600,
            StreamEnded(StreamEnd::Reset),
            vec![wake(45_600)],
            "broken again",
        ),
        (45_600, Tick, vec![OPEN, wake(47_600)], "there is a new resume point"),
        (
            46_000,
            Resumed,
            vec![Effect::CloseStream, wake(46_000)],
            "connections that slept are dead",
        ),
        (46_000, Tick, vec![OPEN, wake(48_000)], "and opened again"),
    ];
    live(&mut streamed(), course);
}

#[test]
fn a_run_whose_stream_is_refused_is_asked_for_until_a_stream_works() {
    let refused = StreamEnded(StreamEnd::Unavailable);
    let running = Record(RunState::Running);
    let course = vec![
        (0, Started, vec![OPEN, wake(72_000)], "the stream first"),
        (
            0,
            refused,
            vec![Effect::GetRun, NO_WAKE],
            "refused: the record says whether it runs",
        ),
        (0, running, vec![wake(450)], "it does: the stream is tried again"),
        (450, Tick, vec![OPEN, wake(72_450)], "second stream"),
        (450, refused, vec![Effect::GetRun, NO_WAKE], "refused"),
        (450, running, vec![wake(1_350)], "longer each time"),
        (1_350, Tick, vec![OPEN, wake(73_350)], "third stream"),
        (1_350, refused, vec![Effect::GetRun, NO_WAKE], "refused"),
        (
            1_350,
            running,
            vec![wake(3_150)],
            "a stream that is not there yet is no trouble",
        ),
        (3_150, Tick, vec![OPEN, wake(75_150)], "fourth stream"),
        (3_150, refused, vec![Effect::GetRun, NO_WAKE], "refused"),
        (3_150, running, vec![wake(6_750)], "still running"),
        (6_750, Tick, vec![OPEN, wake(78_750)], "fifth stream"),
        (
            6_750,
            refused,
            vec![Effect::GetRun, wake(8_750)],
            "by now it should be there",
        ),
        (6_750, running, vec![], "the trouble is to be shown before the next"),
        (
            8_750,
            Tick,
            vec![Effect::ShowReconnecting(true), wake(11_250)],
            "and is shown",
        ),
        (11_250, Tick, vec![OPEN, wake(83_250)], "sixth stream"),
        (
            11_250,
            refused,
            vec![Effect::GetRun, NO_WAKE],
            "refused for the sixth time",
        ),
        (
            11_250,
            running,
            vec![Effect::ShowReconnecting(false), Effect::ShowPolled(true), wake(24_750)],
            "from now on it is asked for",
        ),
        (
            24_750,
            Tick,
            vec![Effect::GetRun, NO_WAKE],
            "every quarter of a minute on screen",
        ),
        (24_750, running, vec![wake(38_250)], "still running"),
        (30_000, Visible(false), vec![], "what was planned stays"),
        (38_250, Tick, vec![Effect::GetRun, NO_WAKE], "as planned"),
        (38_250, running, vec![wake(92_250)], "each minute off screen"),
        (
            40_000,
            Visible(true),
            vec![wake(53_500)],
            "on screen it is asked for sooner",
        ),
        (320_000, Tick, vec![Effect::GetRun, NO_WAKE], "after five minutes"),
        (
            320_000,
            running,
            vec![OPEN, wake(392_000)],
            "the stream is tried once more",
        ),
        (320_000, Opened, vec![], "it is there"),
        (
            320_100,
            Seen(Content),
            vec![Effect::ShowPolled(false), wake(392_100)],
            "and works: nothing is asked for any more",
        ),
    ];
    live(&mut streamed(), course);
}

#[test]
fn a_run_ends_when_its_result_and_its_record_agree() {
    let over = Effect::Finished(Some(RunState::Finished));
    let course = vec![
        (0, Started, vec![OPEN, wake(72_000)], "the stream"),
        (0, Opened, vec![], "is there"),
        (
            10,
            Seen(EventKind::Result),
            vec![Effect::GetRun, wake(72_010)],
            "the record has more",
        ),
        (
            20,
            Seen(Done),
            vec![Effect::CloseStream, NO_WAKE],
            "the stream has nothing left",
        ),
        (30, Record(RunState::Running), vec![wake(530)], "the record is late"),
        (530, Tick, vec![Effect::GetRun, NO_WAKE], "so it is asked for again"),
        (540, Record(RunState::Finished), vec![over], "both agree"),
        (550, Tick, vec![], "nothing more happens"),
        (560, Seen(Content), vec![], "whatever comes"),
    ];
    live(&mut streamed(), course);
}

#[test]
fn what_the_stream_still_has_of_a_run_that_is_over_is_waited_for() {
    let over = Effect::Finished(Some(RunState::Cancelled));
    let begin = || {
        vec![
            (0, Started, vec![OPEN, wake(72_000)], "the stream"),
            (0, Opened, vec![], "is there"),
            (
                0,
                StreamEnded(StreamEnd::Eof),
                vec![Effect::GetRun, wake(2_000)],
                "it ended without a word",
            ),
            (
                0,
                Record(RunState::Cancelled),
                vec![OPEN],
                "the run is over, and its last words may be in the stream",
            ),
        ]
    };
    let mut told = begin();
    told.extend([
        (100, Opened, vec![wake(3_100)], "it is there"),
        (200, Seen(Content), vec![wake(15_200)], "the words"),
        (
            300,
            Seen(EventKind::Result),
            vec![Effect::CloseStream, over, NO_WAKE],
            "and the end, which the record knew",
        ),
    ]);
    live(&mut streamed(), told);

    let mut never = begin();
    never.push((
        90_000,
        Tick,
        vec![Effect::CloseStream, over, NO_WAKE],
        "words that do not come in time are taken from the record",
    ));
    live(&mut streamed(), never);

    let mut away = begin();
    away.extend([
        (
            80_000,
            StreamEnded(StreamEnd::Unreachable),
            vec![Effect::ShowReconnecting(true), wake(80_000)],
            "the network went: the words are still there",
        ),
        (80_000, Tick, vec![OPEN, wake(95_000)], "they are asked for again"),
        (
            95_000,
            StreamEnded(StreamEnd::Unreachable),
            vec![],
            "long after the time for a service that answers",
        ),
        (95_000, Tick, vec![OPEN, wake(110_000)], "and again"),
        (96_000, Opened, vec![wake(99_000)], "it is back"),
        (
            96_100,
            Seen(Content),
            vec![Effect::ShowReconnecting(false), wake(111_100)],
            "with the words",
        ),
    ]);
    live(&mut streamed(), away);
}

#[test]
fn a_refused_key_halts_following_until_it_is_started_again() {
    let halted = || vec![Effect::Halted, NO_WAKE];
    let closed = || vec![Effect::CloseStream, Effect::Halted, NO_WAKE];
    let ways = [
        (StreamEnded(StreamEnd::Unauthorized), halted(), "the stream was refused"),
        (Seen(EventKind::Unauthorized), closed(), "refused inside the stream"),
        (
            RecordFailed(RecordFailure::Unauthorized),
            closed(),
            "the record was refused",
        ),
    ];
    for (refused, expected, why) in ways {
        let course = vec![
            (0, Started, vec![OPEN, wake(72_000)], "the stream"),
            (0, Opened, vec![], "is there"),
            (50, refused, expected, why),
            (60, Tick, vec![], "nothing is tried"),
            (70, Resumed, vec![], "whatever happens"),
            (80, Started, vec![OPEN, wake(72_080)], "until the account works"),
        ];
        live(&mut streamed(), course);
    }
}

#[test]
fn a_stream_that_says_when_to_come_again_is_waited_for_and_not_for_ever() {
    // How long after the end it is told, and how often the stream was asked for until then.
    let course = |after: u64| {
        let mut watch = streamed();
        let moment = |now| super::Moment { now, jitter: 0.5 };
        let refused = || StreamEnd::Refused {
            retry_after: Some(after),
        };
        watch.step(Started, moment(0));
        watch.step(Record(RunState::Finished), moment(0));
        let (mut now, mut asked) = (0, 1);
        let mut effects = watch.step(StreamEnded(refused()), moment(now));
        loop {
            if effects.contains(&Effect::Finished(Some(RunState::Finished))) {
                return (now, asked);
            }
            let opened = effects.iter().any(|effect| matches!(effect, Effect::OpenStream { .. }));
            if opened {
                asked += 1;
                effects = watch.step(StreamEnded(refused()), moment(now));
            }
            let wake = effects.iter().rev().find_map(|effect| match effect {
                Effect::WakeAt(at) => *at,
                _ => None,
            });
            now = wake.unwrap_or(now + 1_000);
            effects = watch.step(Tick, moment(now));
        }
    };
    assert_eq!(
        course(120_000),
        (390_000, 4),
        "what the service says is done for five minutes, and once more what a stream is given"
    );
    let (told, _) = course(1_000);
    assert!((390_000..391_000).contains(&told), "also with short waits: {told} ms");
    assert_eq!(course(900_000), (390_000, 1), "a longer wait is not waited for");
}

#[test]
fn a_network_that_is_back_drops_no_link_that_works() {
    let course = vec![
        (0, Started, vec![OPEN, wake(72_000)], "the stream"),
        (0, Opened, vec![], "is there"),
        (30_000, Seen(Heartbeat), vec![], "and works"),
        (
            49_999,
            Reached,
            vec![],
            "another request had failed: this link has a heartbeat of 20 s ago",
        ),
        (
            50_000,
            Reached,
            vec![Effect::CloseStream, wake(50_000)],
            "now one is missing: it is likely dead",
        ),
        (50_000, Tick, vec![OPEN, wake(52_000)], "and opened again"),
        (50_100, Reached, vec![], "one that is being opened goes on"),
    ];
    live(&mut streamed(), course);
}

#[test]
fn nothing_is_done_before_it_is_started() {
    let inputs = [
        Opened,
        Seen(Content),
        StreamEnded(StreamEnd::Reset),
        Record(RunState::Finished),
        RecordFailed(RecordFailure::NotFound),
        Tick,
        Resumed,
        Reached,
        Visible(false),
    ];
    let course = inputs.map(|input| (0, input, vec![], "not started"));
    live(&mut streamed(), course.to_vec());
}

#[test]
fn a_stream_that_is_not_kept_any_more_is_never_asked_for_again() {
    let course = vec![
        (0, Started, vec![OPEN, wake(72_000)], "the stream"),
        (
            50,
            StreamEnded(StreamEnd::Expired),
            vec![Effect::GetRun, wake(2_050)],
            "is past its time",
        ),
        (
            60,
            Record(RunState::Running),
            vec![Effect::ShowPolled(true), wake(13_560)],
            "the run is asked for at once",
        ),
        (13_560, Tick, vec![Effect::GetRun, NO_WAKE], "and again"),
        (
            13_570,
            RecordFailed(RecordFailure::Trouble {
                retry_after: Some(60_000),
            }),
            vec![wake(15_570)],
            "trouble is to be shown before the next",
        ),
        (
            15_570,
            Tick,
            vec![Effect::ShowReconnecting(true), wake(73_570)],
            "which is not sooner than the service wants",
        ),
        (
            16_000,
            Resumed,
            vec![wake(16_000)],
            "a network that is back is tried at once",
        ),
        (16_000, Tick, vec![Effect::GetRun, NO_WAKE], "by asking"),
        (
            16_010,
            Record(RunState::Finished),
            vec![
                Effect::Finished(Some(RunState::Finished)),
                Effect::ShowReconnecting(false),
                Effect::ShowPolled(false),
            ],
            "its record is its end",
        ),
        (20_000, Started, vec![Effect::GetRun], "what was learnt holds"),
    ];
    live(&mut streamed(), course);
}

#[test]
fn of_a_run_whose_result_was_seen_before_a_restart_only_the_record_is_asked() {
    let course = vec![
        (
            0,
            Started,
            vec![Effect::GetRun],
            "its stream would tell of its end without saying how",
        ),
        (
            50,
            Record(RunState::Finished),
            vec![Effect::Finished(Some(RunState::Finished))],
            "that is all there was to know",
        ),
    ];
    live(&mut Watch::after_result(Route::Stream, true), course);
}

#[test]
fn the_older_api_is_only_ever_asked() {
    let course = vec![
        (0, Started, vec![Effect::GetRun], "there is no stream"),
        (0, Record(RunState::Running), vec![wake(9_000)], "at work"),
        (9_000, Tick, vec![Effect::GetRun, NO_WAKE], "asked for again"),
        (
            9_000,
            RecordFailed(RecordFailure::NotFound),
            vec![Effect::Finished(None)],
            "it is not there any more",
        ),
    ];
    live(&mut Watch::new(Route::Ask, true), course);
}

#[test]
fn events_are_told_apart_by_name_code_and_whether_they_are_new() {
    let table = [
        ("status", "{}", true, EventKind::Status),
        ("heartbeat", "{}", true, Heartbeat),
        ("assistant", "{}", true, Content),
        ("assistant", "{}", false, EventKind::Repeated),
        ("result", "{}", true, EventKind::Result),
        ("done", "{}", true, Done),
        (
            "error",
            r#"{"code":"stream_unavailable"}"#,
            true,
            EventKind::Unavailable,
        ),
        ("error", r#"{"code":"unauthorized"}"#, true, EventKind::Unauthorized),
        ("error", r#"{"code":"forbidden"}"#, true, EventKind::Unauthorized),
        ("error", r#"{"code":"not_found"}"#, true, EventKind::NotFound),
        ("error", r#"{"code":"internal"}"#, true, EventKind::Trouble),
        ("error", "<html>", true, EventKind::Trouble),
    ];
    for (kind, data, new, expected) in table {
        assert_eq!(EventKind::of(kind, data, new), expected, "{kind} {data}, new: {new}");
    }
}
