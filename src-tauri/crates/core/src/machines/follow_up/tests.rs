//! *Send again*, step by step: one more look first, and then what its owner said.

use super::{
    FollowUpChoice, FollowUpContent, FollowUpEffect, FollowUpInput, FollowUpLook, FollowUpMachine, NewFollowUp,
    NoteAnswer, Noted, SeenRun,
};
use crate::machines::launch::{Moment, PostAnswer, Wire};
use crate::model::{Failure, FollowUpState, Time};

/// When it is sent, by every clock.
const SENT: Time = 10_000_000;

/// Hands an input in at `after` milliseconds from the sending; no chance is taken.
fn at(after: Time, machine: &mut FollowUpMachine, input: FollowUpInput) -> Vec<FollowUpEffect> {
    let moment = Moment {
        now: SENT + after,
        service: SENT + after,
        jitter: 0,
    };
    let (next, effects) = machine.clone().step(moment, input);
    *machine = next;
    effects
}

fn runs(seen: &[(&str, Time)]) -> FollowUpInput {
    let seen = seen.iter().map(|&(run, created_at)| SeenRun {
        run: run.into(),
        created_at,
    });
    FollowUpInput::Looked(FollowUpLook::Runs(seen.collect()))
}

/// One that got no answer and was looked for in vain: its owner is asked.
fn asked() -> FollowUpMachine {
    let mut machine = FollowUpMachine::new(NewFollowUp {
        id: "follow-up".into(),
        account: "account".into(),
        user: "ada".to_owned(),
        wire: Wire::V1,
        agent: "bc-1".into(),
        content: FollowUpContent {
            request: serde_json::json!({}),
            body_sha256: String::new(),
            text: "Make it blue".to_owned(),
        },
    });
    let noted = Noted {
        latest: Some("run-1".into()),
        user_messages: 0,
    };
    for input in [
        FollowUpInput::Begin,
        FollowUpInput::Committed,
        FollowUpInput::MayGo,
        FollowUpInput::Noted(NoteAnswer::Idle(noted)),
        FollowUpInput::Committed,
        FollowUpInput::Answered(PostAnswer::Unclear {
            status: None,
            retry_after: None,
        }),
        FollowUpInput::Committed,
    ] {
        at(0, &mut machine, input);
    }
    for _ in 0..5 {
        at(0, &mut machine, FollowUpInput::Woke);
        at(0, &mut machine, runs(&[("run-1", 1_000)]));
    }
    at(0, &mut machine, FollowUpInput::Committed);
    assert_eq!(machine.view(), Some(FollowUpState::NeedsDecision), "its owner is asked");
    machine
}

/// The same, with its owner's word to send it again, and the look under way.
fn again() -> FollowUpMachine {
    let mut machine = asked();
    let decided = at(60_000, &mut machine, FollowUpInput::Decided(FollowUpChoice::Send));
    assert_eq!(
        decided,
        [FollowUpEffect::Commit, FollowUpEffect::WakeAfter(1)],
        "the word is on disk before anything follows from it"
    );
    assert_eq!(
        at(60_000, &mut machine, FollowUpInput::Committed),
        [],
        "then time passes"
    );
    assert_eq!(
        at(60_001, &mut machine, FollowUpInput::Woke),
        [FollowUpEffect::Look],
        "one more look comes first"
    );
    machine
}

#[test]
fn sending_again_looks_once_more_and_then_does_what_was_said() {
    let sends = || (vec![FollowUpEffect::Commit], Some(FollowUpState::Queued));
    let confirms = || {
        (
            vec![
                FollowUpEffect::Adopt {
                    run: Some("run-2".into()),
                },
                FollowUpEffect::Commit,
            ],
            Some(FollowUpState::Confirmed { run: "run-2".into() }),
        )
    };
    let table = [
        (
            runs(&[("run-2", SENT + 5_000), ("run-1", 1_000)]),
            confirms(),
            "it arrived while its owner was thinking",
        ),
        (runs(&[("run-1", 1_000)]), sends(), "nothing came"),
        (
            runs(&[("run-9", SENT + 900_000), ("run-1", 1_000)]),
            sends(),
            "a stranger's run does not make it ask for ever",
        ),
        (
            runs(&[("run-2", SENT + 5_000), ("run-3", SENT + 6_000)]),
            sends(),
            "what cannot be told is for its owner to say, who did",
        ),
    ];
    for (look, (effects, view), why) in table {
        let mut machine = again();
        assert_eq!(at(61_000, &mut machine, look), effects, "{why}");
        assert_eq!(machine.view(), view, "{why}");
    }
}

#[test]
fn a_look_that_fails_is_waited_for() {
    let mut machine = again();
    let failed = at(61_000, &mut machine, FollowUpInput::Looked(FollowUpLook::Unreachable));
    assert_eq!(failed, [FollowUpEffect::WakeAfter(1_000)], "it is looked again later");
    assert_eq!(machine.view(), Some(FollowUpState::Uncertain), "and nothing is sent");
    // Nothing of it is lost with the process.
    let stored = serde_json::to_string(&machine).unwrap();
    let mut machine: FollowUpMachine = serde_json::from_str(&stored).unwrap();
    let user = Some("ada".to_owned());
    assert_eq!(
        at(70_000, &mut machine, FollowUpInput::Started { user }),
        [FollowUpEffect::WakeAfter(1)],
        "its owner's word holds after a start"
    );
    assert_eq!(
        at(70_001, &mut machine, FollowUpInput::Woke),
        [FollowUpEffect::Look],
        "and the look comes first"
    );
    assert_eq!(
        at(71_000, &mut machine, runs(&[("run-1", 1_000)])),
        [FollowUpEffect::Commit],
        "once it can be looked, it is sent as was said"
    );
}

#[test]
fn a_second_word_while_it_is_looked_for_sends_nothing_more() {
    let mut machine = again();
    let choice = FollowUpInput::Decided(FollowUpChoice::Send);
    assert_eq!(
        at(60_500, &mut machine, choice),
        [FollowUpEffect::TooLate],
        "the first word counts"
    );
    at(61_000, &mut machine, runs(&[("run-1", 1_000)]));
    let mut effects = at(61_000, &mut machine, FollowUpInput::Committed);
    let noted = Noted {
        latest: Some("run-1".into()),
        user_messages: 0,
    };
    effects.extend(at(61_500, &mut machine, FollowUpInput::Noted(NoteAnswer::Idle(noted))));
    effects.extend(at(61_500, &mut machine, FollowUpInput::Committed));
    effects.extend(at(61_500, &mut machine, FollowUpInput::Woke));
    assert_eq!(
        effects,
        [
            FollowUpEffect::Note,
            FollowUpEffect::Commit,
            FollowUpEffect::Post { attempt: 2 }
        ],
        "it goes once"
    );
}

#[test]
fn one_that_was_moved_back_while_it_looked_is_not_sent_until_it_is_its_turn() {
    let mut machine = again();
    at(61_000, &mut machine, runs(&[("run-1", 1_000)]));
    let looked = at(61_000, &mut machine, FollowUpInput::Committed);
    assert_eq!(looked, [FollowUpEffect::Note], "it may go");
    let idle = || {
        FollowUpInput::Noted(NoteAnswer::Idle(Noted {
            latest: Some("run-1".into()),
            user_messages: 0,
        }))
    };
    at(61_100, &mut machine, FollowUpInput::MustWait);
    assert_eq!(at(61_200, &mut machine, idle()), [], "another goes first");
    assert_eq!(machine.view(), Some(FollowUpState::Queued), "and it waits");
    let turn = at(90_000, &mut machine, FollowUpInput::MayGo);
    assert_eq!(turn, [FollowUpEffect::Note], "what the agent looks like is read anew");
    at(90_100, &mut machine, idle());
    assert_eq!(
        at(90_200, &mut machine, FollowUpInput::Committed),
        [FollowUpEffect::Post { attempt: 2 }],
        "then it goes"
    );
}

#[test]
fn an_archived_agent_hides_what_arrived_and_a_deleted_one_took_it_along() {
    let gone = |failure| FollowUpInput::Looked(FollowUpLook::Gone(failure));
    let mut machine = again();
    at(61_000, &mut machine, gone(Failure::AgentArchived));
    assert_eq!(
        at(61_000, &mut machine, FollowUpInput::Committed),
        [],
        "nothing is sent while it cannot be told whether it arrived"
    );
    assert_eq!(machine.view(), Some(FollowUpState::NeedsDecision), "its owner is asked");
    at(62_000, &mut machine, FollowUpInput::Woke);
    assert_eq!(
        at(62_000, &mut machine, gone(Failure::AgentArchived)),
        [FollowUpEffect::WakeAfter(crate::machines::launch::delay::LONGEST)],
        "nothing is written for what is known"
    );
    at(70_000, &mut machine, FollowUpInput::Woke);
    at(70_000, &mut machine, runs(&[("run-2", SENT + 5_000), ("run-1", 1_000)]));
    assert_eq!(
        machine.view(),
        Some(FollowUpState::Confirmed { run: "run-2".into() }),
        "brought back, it tells that it had arrived"
    );

    let mut machine = again();
    at(61_000, &mut machine, gone(Failure::AgentGone));
    at(61_000, &mut machine, FollowUpInput::Committed);
    let failure = Failure::AgentGone;
    assert_eq!(
        machine.view(),
        Some(FollowUpState::Rejected { failure }),
        "of a deleted agent nothing is left to be sent twice"
    );
}
