//! Following and judging together, over the many links of a long silence: the engine ties them as it is done here.

use std::collections::VecDeque;

use super::{Effect, EventKind, Input, Moment, Route, Watch};
use crate::machines::verdict::{Life, Sound, Verdict};
use crate::model::RunState;

const MINUTE: u64 = 60_000;

/// What the network does with streams.
#[derive(Clone, Copy)]
struct Network {
    /// Whether it lets anything through; else streams open and stay empty.
    passes: bool,
    /// It ends a stream on which nothing was said for so long.
    patience: Option<u64>,
}

/// What is shown of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Working,
    Quiet,
    Stuck,
    /// Only its record is asked for.
    Polled,
}

fn hear(life: &mut Option<Life>, sound: Option<Sound>, now: u64) {
    if let (Some(life), Some(sound)) = (life, sound) {
        life.hear(sound, now);
    }
}

/// What is shown within twenty minutes, and from which minute on, of a run that begins to work and is not heard of any
/// more, while its record says that it goes on.
fn shown(network: Network) -> Vec<(u64, Shown)> {
    let mut watch = Watch::new(Route::Stream, true);
    let mut life = Some(Life::new(0));
    let (mut now, mut wake, mut ends, mut worked) = (0, None, None, false);
    let mut told: Vec<(u64, Shown)> = Vec::new();
    let mut inputs = VecDeque::from([Input::Started]);
    let mut judged = None;
    loop {
        let input = inputs.pop_front().unwrap_or_else(|| {
            now = [wake, ends, judged]
                .into_iter()
                .flatten()
                .min()
                .expect("it never gives up");
            if ends == Some(now) {
                Input::StreamEnded(super::StreamEnd::Reset)
            } else {
                Input::Tick
            }
        });
        if now > 20 * MINUTE {
            return told;
        }
        let heard = match input {
            Input::Record(_) => Some(Sound::Runs),
            Input::Seen(EventKind::Content) => Some(Sound::News),
            _ => None,
        };
        hear(&mut life, heard, now);
        if matches!(input, Input::StreamEnded(_)) {
            ends = None;
        }
        for effect in watch.step(input, Moment { now, jitter: 0.5 }) {
            match effect {
                Effect::OpenStream { .. } => {
                    ends = network.patience.map(|patience| now + patience);
                    inputs.push_back(Input::Opened);
                    if network.passes {
                        inputs.push_back(Input::Seen(EventKind::Status));
                        let first = !std::mem::replace(&mut worked, true);
                        inputs.extend(first.then_some(Input::Seen(EventKind::Content)));
                    }
                }
                Effect::CloseStream => ends = None,
                Effect::GetRun => inputs.push_back(Input::Record(RunState::Running)),
                Effect::WakeAt(at) => wake = at,
                Effect::ShowReconnecting(away) => {
                    let sound = if away { Sound::Deaf } else { Sound::Listening };
                    hear(&mut life, Some(sound), now);
                }
                Effect::ShowPolled(polled) => life = (!polled).then(|| Life::new(now)),
                Effect::Halted | Effect::Finished(_) => return told,
            }
        }
        let judgement = life.as_mut().map(|life| life.judge(now));
        judged = judgement.and_then(|judgement| judgement.wake_at);
        if judgement.is_some_and(|judgement| judgement.ask) {
            inputs.push_back(Input::Record(RunState::Running));
        }
        let state = match judgement.map(|judgement| judgement.verdict) {
            None => Shown::Polled,
            Some(Verdict::Working) => Shown::Working,
            Some(Verdict::Quiet(_)) => Shown::Quiet,
            Some(Verdict::Stuck(_)) => Shown::Stuck,
        };
        if told.last().is_none_or(|(_, before)| *before != state) {
            told.push((now / MINUTE, state));
        }
    }
}

#[test]
fn an_agent_that_fell_silent_is_quiet_and_then_stuck_whoever_ends_its_streams() {
    let silent = [(0, Shown::Working), (1, Shown::Quiet), (10, Shown::Stuck)];
    for patience in [None, Some(60_000), Some(31_000)] {
        let network = Network { passes: true, patience };
        assert_eq!(
            shown(network),
            silent,
            "its record would say that it works, for ever: {patience:?}"
        );
    }
}

#[test]
fn on_a_network_that_lets_nothing_through_its_record_is_asked_instead() {
    let nothing = |patience| {
        shown(Network {
            passes: false,
            patience,
        })
        .last()
        .map(|(_, last)| *last)
    };
    assert_eq!(
        nothing(None),
        Some(Shown::Polled),
        "the network is silent, not the agent"
    );
    assert_eq!(
        nothing(Some(5_000)),
        Some(Shown::Polled),
        "nor is it told of streams that are cut"
    );
}
