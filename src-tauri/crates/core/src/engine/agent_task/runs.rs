//! Which of an agent's runs is read next, and where the agent stands by its latest.

use super::{AgentTask, Begun};
use crate::engine::runs::HeldRun;
use crate::engine::standing;
use crate::model::{AgentState, Ending, Failure, Run, RunId, RunState, Time};

impl AgentTask {
    /// The latest run that is not settled.
    pub(super) fn unsettled(&self) -> Option<RunId> {
        let held = self.runs.iter().rev().find(|held| !held.kept.settled)?;
        Some(held.id.clone())
    }

    /// The latest run that is not read to its end: one after the other while somebody looks, and whether anybody does or
    /// not those whose beginning is here, for the service keeps the rest for a day only.
    pub(super) fn unread(&self) -> Option<RunId> {
        let looked = self.engine.looked_at(&self.id);
        let begun = |held: &HeldRun| held.stored > 0 || !held.unsaved.is_empty();
        let mut unsettled = self.runs.iter().rev().filter(|held| !held.kept.settled);
        Some(unsettled.find(|held| looked || begun(held))?.id.clone())
    }

    /// Whether the record says that the latest run is over while its stream is still being read to its end:
    /// only that tells whether it asked something, so that until then the agent stands where it stood.
    pub(super) fn is_catching_up(&self) -> bool {
        let Some(held) = self.runs.last().filter(|held| !held.kept.settled) else {
            return false;
        };
        let followed = self
            .following
            .as_ref()
            .is_some_and(|following| following.run == held.id);
        let over = held.kept.run.as_ref().is_some_and(|run| standing::is_over(run.state));
        followed && over && held.transcript.outcome().is_none()
    }

    /// How far the latest run is: its end by the stream, then by its record, then what either says of it.
    pub(super) fn run_state(&self) -> Option<RunState> {
        let held = self.runs.last()?;
        let recorded = held.kept.run.as_ref().map(|run| run.state);
        let ended = held.transcript.outcome().map(|outcome| outcome.state);
        ended
            .or(recorded.filter(|state| standing::is_over(*state)))
            .or(held.transcript.status())
            .or(recorded)
    }

    /// When a run began, by the clock of this computer, which is what its record has until it comes from the service.
    fn created_here(&self, run: &Run) -> Time {
        let is_from_here = |begun: &Begun| begun.run == run.id && begun.here == run.created_at;
        if self.begun.as_ref().is_some_and(is_from_here) {
            run.created_at
        } else {
            self.engine.by_this_clock(&self.account, run.created_at)
        }
    }

    /// Where the agent stands, by its latest run.
    pub(super) fn standing(&self) -> AgentState {
        let Some(held) = self.runs.last() else {
            return if self.gone {
                AgentState::Failed {
                    failure: Failure::AgentGone,
                }
            } else {
                AgentState::Unknown
            };
        };
        let transcript = &held.transcript;
        let recorded = held.kept.run.as_ref();
        let state = self.run_state().unwrap_or(RunState::Creating);
        if self.engine.is_stopping(&self.id) && !standing::is_over(state) {
            return AgentState::Stopping;
        }
        let created_at = recorded.map_or(0, |run| self.created_here(run));
        let told = transcript.outcome().and_then(|outcome| match &outcome.ending {
            Ending::Failed { failure } => Some(failure),
            Ending::Finished | Ending::Asked | Ending::Cancelled => None,
        });
        standing::agent_state(
            state,
            created_at,
            transcript.last_tool(),
            transcript.now_step(),
            held.kept.failure.as_ref().or(told),
        )
    }
}
