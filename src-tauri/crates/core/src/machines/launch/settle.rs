//! Commits, and the states a launch ends in.

use crate::model::{AgentId, Decision, Failure, RunId, Waiting};

use super::step::Effects;
use super::{Awaiting, LaunchEffect, LaunchInput, LaunchMachine, Moment, Phase, Search};

impl LaunchMachine {
    pub(super) fn commit(&mut self, effects: &mut Effects) {
        self.revision = self.revision.saturating_add(1);
        self.volatile.awaiting = Awaiting::Commit;
        effects.push(LaunchEffect::Commit);
    }

    pub(super) fn committed(&mut self, at: Moment, effects: &mut Effects) {
        self.volatile.awaiting = Awaiting::Nothing;
        self.volatile.unsaved = false;
        self.volatile.stored = self.revision;
        if self.volatile.problem.as_ref().is_some_and(of_the_disk) {
            self.volatile.problem = None;
        }
        let first = std::mem::take(&mut self.volatile.first);
        match &self.phase {
            Phase::Queued { until, .. } => {
                let left = until.map_or(0, |until| until.saturating_sub(at.now).min(self.hold));
                // A new identifier goes on at once; only the first commit is followed by the hold.
                if first && left > 0 {
                    self.wake_after(left, effects);
                } else if self.volatile.deferred.is_empty() {
                    self.due(at, effects);
                } else {
                    self.wake_after(1, effects);
                }
            }
            Phase::Sending { search, .. } => {
                let search = search.clone();
                self.last_chance(at, search, effects);
            }
            Phase::Rejected { draft_given, .. } | Phase::TakenBack { draft_given } => {
                if !draft_given {
                    effects.push(LaunchEffect::GiveDraftBack);
                } else if matches!(self.phase, Phase::TakenBack { .. }) {
                    effects.push(LaunchEffect::Forget);
                }
            }
            _ => {}
        }
    }

    /// *Sending* is on disk and nothing has left: what came meanwhile is weighed before the first byte.
    fn last_chance(&mut self, at: Moment, search: Option<Search>, effects: &mut Effects) {
        let undo = self
            .volatile
            .deferred
            .iter()
            .position(|input| *input == LaunchInput::Undo);
        if let (Some(index), false) = (undo, self.may_have_arrived) {
            self.volatile.deferred.remove(index);
            self.take_back(effects);
            return;
        }
        let user = self.volatile.deferred.iter().rev().find_map(|input| match input {
            LaunchInput::AccountChanged { user } => Some(user.clone()),
            _ => None,
        });
        if let Some(user) = user {
            self.volatile.user = user;
        }
        match &self.volatile.user {
            Some(user) if *user == self.user => {
                self.volatile.awaiting = Awaiting::Post;
                effects.push(LaunchEffect::Post { attempt: self.attempt });
            }
            _ if self.may_have_arrived => {
                self.phase = Phase::Uncertain {
                    search: search.unwrap_or_default(),
                };
                self.look(effects);
            }
            _ => {
                self.phase = Phase::Queued {
                    waiting: Some(Waiting::Account),
                    until: None,
                };
                self.due(at, effects);
            }
        }
    }

    pub(super) fn commit_failed(&mut self, at: Moment, failure: Failure, effects: &mut Effects) {
        self.volatile.awaiting = Awaiting::Nothing;
        if failure == Failure::DataInUse && !self.volatile.first {
            self.volatile.halted = true;
            self.volatile.problem = Some(failure);
            return;
        }
        if std::mem::take(&mut self.volatile.first) {
            self.phase = Phase::Unsaved { failure };
            effects.push(LaunchEffect::Forget);
            return;
        }
        self.volatile.problem = Some(failure);
        let after = self.backoff(at);
        match &mut self.phase {
            Phase::Sending { search, .. } => {
                let search = search.take();
                if self.may_have_arrived {
                    self.phase = Phase::Uncertain {
                        search: search.unwrap_or_default(),
                    };
                    self.wake_after(after, effects);
                } else {
                    self.wait(at, Waiting::Service, Some(after), effects);
                }
            }
            // The new identifier is stored again with the sending, and not used before.
            Phase::Queued { .. } => self.wait(at, Waiting::Service, Some(after), effects),
            Phase::Confirmed { .. } | Phase::Rejected { .. } | Phase::TakenBack { .. } => {
                self.volatile.unsaved = true;
                self.wake_after(after, effects);
            }
            // Found again by itself at the next start: the sending is on disk.
            Phase::Uncertain { .. } | Phase::NeedsUser { .. } | Phase::Draft | Phase::Unsaved { .. } => {}
        }
    }

    pub(super) fn confirm(&mut self, agent: AgentId, run: Option<RunId>, effects: &mut Effects) {
        self.volatile.problem = None;
        self.phase = Phase::Confirmed {
            agent: agent.clone(),
            run: run.clone(),
        };
        self.volatile.tries = 0;
        // Adopted first: killed between the two, it is found again by its identifier and adopted again. The other
        // way round the words and pictures of the prompt would be gone from the agent's page.
        effects.push(LaunchEffect::Adopt { agent, run });
        self.commit(effects);
    }

    pub(super) fn refuse(&mut self, failure: Failure, effects: &mut Effects) {
        self.volatile.problem = None;
        self.phase = Phase::Rejected {
            failure,
            draft_given: false,
        };
        self.commit(effects);
    }

    pub(super) fn take_back(&mut self, effects: &mut Effects) {
        self.volatile.problem = None;
        self.phase = Phase::TakenBack { draft_given: false };
        self.commit(effects);
    }

    pub(super) fn ask(&mut self, decision: Decision, search: Option<Search>, effects: &mut Effects) {
        self.phase = Phase::NeedsUser { decision, search };
        self.commit(effects);
    }

    pub(super) fn draft_given_back(&mut self, effects: &mut Effects) {
        if let Phase::Rejected { draft_given, .. } | Phase::TakenBack { draft_given } = &mut self.phase
            && !*draft_given
        {
            *draft_given = true;
            self.commit(effects);
        }
    }
}

fn of_the_disk(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::DiskFull | Failure::DataReadOnly | Failure::DataDamaged | Failure::DataInUse | Failure::DataTrouble
    )
}
