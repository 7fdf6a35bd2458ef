//! Where an agent stands, from its latest run and what was seen of it. Pure.
//! *Needs you* is never guessed from words: the last tool call of an ended run asked or planned, and no follow-up came since.

use cursor_cloud_agents::v0::AgentStatus as OlderStatus;
use cursor_cloud_agents::{Run as WireRun, RunStatus};

use super::{list::milliseconds, shown};
use crate::model::{AgentState, Failure, Run, RunId, RunState, Step, Time};
use crate::transcript::{LastTool, RunRecord};

/// The state of an agent whose latest run stands at `state`.
pub(crate) fn agent_state(
    state: RunState,
    created_at: Time,
    last_tool: Option<&LastTool>,
    step: Option<Step>,
    failure: Option<&Failure>,
) -> AgentState {
    match state {
        RunState::Creating => AgentState::Starting,
        RunState::Running => AgentState::Working {
            since: created_at,
            step,
        },
        RunState::Finished => match last_tool {
            Some(LastTool::Asked { question, options }) => AgentState::Asks {
                question: question.clone(),
                options: options.clone(),
            },
            Some(LastTool::Planned) => AgentState::Plan,
            _ => AgentState::Done,
        },
        RunState::Cancelled => AgentState::Stopped,
        RunState::Expired => AgentState::Failed {
            failure: Failure::RunExpired,
        },
        RunState::Error => AgentState::Failed {
            failure: failure.cloned().unwrap_or(Failure::RunFailed { message: None }),
        },
    }
}

/// Why a run failed, from the service's words.
pub(crate) fn run_failure(error: Option<&str>) -> Failure {
    match error {
        Some(message) if message.contains("too many concurrent runs") => Failure::TooManyRuns,
        Some(message) => Failure::RunFailed {
            message: Some(shown(message, 300)),
        },
        None => Failure::RunFailed { message: None },
    }
}

/// How far a run is; what is not known counts as failed (API §6.1).
pub(crate) fn run_state(status: &RunStatus) -> RunState {
    match status {
        RunStatus::Creating => RunState::Creating,
        RunStatus::Running => RunState::Running,
        RunStatus::Finished => RunState::Finished,
        RunStatus::Cancelled => RunState::Cancelled,
        RunStatus::Expired => RunState::Expired,
        _ => RunState::Error,
    }
}

/// The same for an agent of the older API, which has no runs (API §12).
pub(crate) fn older_run_state(status: &OlderStatus) -> RunState {
    match status {
        OlderStatus::Creating => RunState::Creating,
        OlderStatus::Running => RunState::Running,
        OlderStatus::Finished => RunState::Finished,
        OlderStatus::Expired => RunState::Expired,
        OlderStatus::Stopped | OlderStatus::Cancelled => RunState::Cancelled,
        _ => RunState::Error,
    }
}

/// Whether a run is over.
pub(crate) fn is_over(state: RunState) -> bool {
    !matches!(state, RunState::Creating | RunState::Running)
}

/// A run's record for the page.
pub(crate) fn run_of(wire: &WireRun) -> Run {
    Run {
        id: RunId(wire.id.as_str().to_owned()),
        state: run_state(&wire.status),
        created_at: milliseconds(wire.created_at.as_ref()),
        duration: wire.duration_ms,
    }
}

/// A run's record for its transcript.
pub(crate) fn record_of(wire: &WireRun, now: Time) -> RunRecord {
    let ended = wire
        .duration_ms
        .map(|duration| milliseconds(wire.created_at.as_ref()) + duration);
    RunRecord {
        state: run_state(&wire.status),
        text: wire.result.clone(),
        duration: wire.duration_ms,
        error: wire.error.as_ref().and_then(|error| error.message.clone()),
        at: ended.unwrap_or(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_needs_you_only_after_an_ended_run_that_asked() {
        let asked = LastTool::Asked {
            question: "Keep it?".to_owned(),
            options: vec!["Yes".to_owned()],
        };
        let asks = AgentState::Asks {
            question: "Keep it?".to_owned(),
            options: vec!["Yes".to_owned()],
        };
        let read = LastTool::Other {
            name: "read_file".to_owned(),
        };
        let cases = [
            (RunState::Finished, Some(&asked), asks),
            (
                RunState::Running,
                Some(&asked),
                AgentState::Working { since: 5, step: None },
            ),
            (RunState::Finished, Some(&LastTool::Planned), AgentState::Plan),
            (RunState::Finished, Some(&read), AgentState::Done),
            (RunState::Cancelled, Some(&asked), AgentState::Stopped),
            (
                RunState::Error,
                None,
                AgentState::Failed {
                    failure: Failure::RunFailed { message: None },
                },
            ),
        ];
        for (state, tool, expected) in cases {
            assert_eq!(
                agent_state(state, 5, tool, None, None),
                expected,
                "{state:?} after {tool:?}"
            );
        }
    }
}
