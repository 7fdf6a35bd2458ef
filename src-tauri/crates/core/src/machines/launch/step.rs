//! Transitions before the first byte, and what the answer to a sending does.

use crate::model::{Decision, Failure, Time, Waiting};

use super::{
    Awaiting, Choice, LaunchEffect, LaunchInput, LaunchMachine, Moment, Phase, PostAnswer, Search, Wire, delay,
    identity,
};

/// The wait after which a launch without a working account is tried again by itself.
const ACCOUNT: u64 = delay::LONGEST;

/// How often a branch that cannot be verified is tried again: after 1, 2 and 4 seconds.
const UNVERIFIED: u32 = 3;

pub(super) type Effects = Vec<LaunchEffect>;

impl LaunchMachine {
    /// Takes one input, and says what is to be done.
    #[must_use]
    pub fn step(mut self, at: Moment, input: LaunchInput) -> (Self, Vec<LaunchEffect>) {
        let mut effects = Vec::new();
        if !self.volatile.halted {
            self.take(at, input, &mut effects);
        }
        (self, effects)
    }

    pub(super) fn take(&mut self, at: Moment, input: LaunchInput, effects: &mut Effects) {
        let committing = self.volatile.awaiting == Awaiting::Commit;
        match input {
            LaunchInput::Committed if committing => {
                self.committed(at, effects);
                self.replay(at, effects);
            }
            LaunchInput::CommitFailed(failure) if committing => {
                self.commit_failed(at, failure, effects);
                self.replay(at, effects);
            }
            LaunchInput::Committed | LaunchInput::CommitFailed(_) => {}
            other if committing => self.volatile.deferred.push(other),
            LaunchInput::Begin => self.begin(at, effects),
            LaunchInput::Started { user } => self.started(at, user, effects),
            LaunchInput::Woke => self.woke(at, effects),
            LaunchInput::Answered(answer) if self.volatile.awaiting == Awaiting::Post => {
                self.volatile.awaiting = Awaiting::Nothing;
                self.answered(at, answer, effects);
            }
            LaunchInput::Looked(answer) => {
                self.looked(at, answer, effects);
                self.replay(at, effects);
            }
            LaunchInput::Answered(_) => {}
            LaunchInput::Undo => self.undo(effects),
            LaunchInput::SendNow => {
                if matches!(&self.phase, Phase::Queued { waiting, .. } if *waiting != Some(Waiting::RateLimit))
                    && self.volatile.awaiting == Awaiting::Nothing
                {
                    self.volatile.send_now = true;
                    self.due(at, effects);
                }
            }
            LaunchInput::Decided(choice) => self.decided(at, choice, effects),
            LaunchInput::AccountChanged { user } => self.account_changed(at, user, effects),
            LaunchInput::Online => self.online(at, effects),
            LaunchInput::DraftGivenBack => self.draft_given_back(effects),
        }
    }

    /// What came while a commit was under way comes again, in order; what is still too early waits again.
    fn replay(&mut self, at: Moment, effects: &mut Effects) {
        for input in std::mem::take(&mut self.volatile.deferred) {
            self.take(at, input, effects);
        }
    }

    fn begin(&mut self, at: Moment, effects: &mut Effects) {
        if self.phase != Phase::Draft {
            return; // A second click on Send.
        }
        self.queued_at = at.now;
        self.queued_at_service = at.service;
        self.waiting_since = at.now;
        self.volatile.user = Some(self.user.clone());
        self.volatile.first = true;
        self.phase = Phase::Queued {
            waiting: None,
            until: Some(at.now.saturating_add(self.hold)),
        };
        self.commit(effects);
    }

    fn started(&mut self, at: Moment, user: Option<String>, effects: &mut Effects) {
        self.volatile.user = user;
        self.volatile.from_disk = true;
        self.volatile.stored = self.revision;
        match &self.phase {
            Phase::Draft | Phase::Unsaved { .. } => {
                self.phase = Phase::Unsaved {
                    failure: Failure::NotFound,
                };
                effects.push(LaunchEffect::Forget);
            }
            Phase::Queued {
                waiting: None,
                until: Some(_),
            } => {
                // Held anew after a restart: what leaves while the window opens could not be taken back.
                self.phase = Phase::Queued {
                    waiting: None,
                    until: Some(at.now.saturating_add(self.hold)),
                };
                self.wake_after(self.hold.max(1), effects);
            }
            Phase::Queued { .. } => self.wake_after(1, effects),
            Phase::Sending { search, .. } => {
                let search = search.clone();
                self.may_have_arrived = true;
                self.uncertain(at, search, effects);
            }
            Phase::Uncertain { .. } => self.wake_after(1 + delay::part(500, at.jitter), effects),
            Phase::NeedsUser { decision, search } => {
                let decided =
                    matches!(decision, Decision::DifferentUser) && self.volatile.user.as_ref() == Some(&self.user);
                if decided {
                    let search = search.clone();
                    self.resume(at, search, effects);
                } else if search.is_some() {
                    self.wake_after(1 + delay::part(500, at.jitter), effects);
                }
            }
            Phase::Confirmed { agent, run } => effects.push(LaunchEffect::Adopt {
                agent: agent.clone(),
                run: run.clone(),
            }),
            Phase::Rejected { draft_given, .. } | Phase::TakenBack { draft_given } => {
                if !draft_given {
                    effects.push(LaunchEffect::GiveDraftBack);
                } else if matches!(self.phase, Phase::TakenBack { .. }) {
                    effects.push(LaunchEffect::Forget);
                }
            }
        }
    }

    fn woke(&mut self, at: Moment, effects: &mut Effects) {
        self.volatile.patient = false;
        if self.volatile.awaiting != Awaiting::Nothing {
            return;
        }
        if self.volatile.unsaved {
            self.commit(effects);
            return;
        }
        match &self.phase {
            Phase::Queued { .. } => {
                self.waited = self.waited.saturating_add(self.volatile.wake);
                self.volatile.wake = 0;
                self.due(at, effects);
            }
            Phase::Uncertain { .. }
            | Phase::NeedsUser {
                decision: Decision::CannotTell { .. },
                search: Some(_),
            } => self.look(effects),
            _ => {}
        }
    }

    /// The launch is to go now, if nothing is in the way.
    pub(super) fn due(&mut self, at: Moment, effects: &mut Effects) {
        match &self.volatile.user {
            None => {
                self.volatile.problem = Some(Failure::NoAccount);
                self.wait(at, Waiting::Account, None, effects);
                return;
            }
            Some(user) if *user != self.user => {
                self.ask(Decision::DifferentUser, None, effects);
                return;
            }
            Some(_) => {}
        }
        // A clock that was set back shows no waiting; the own timers do.
        let waited = at.now.saturating_sub(self.waiting_since).max(self.waited);
        if waited > delay::WAITED_LONG && !self.volatile.send_now {
            let since = self.waiting_since;
            self.ask(Decision::WaitedLong { since }, None, effects);
            return;
        }
        if self.wire == Wire::V0 && self.volatile.from_disk {
            self.volatile.awaiting = Awaiting::LookBefore;
            effects.push(LaunchEffect::LookOlder {
                since: self.queued_at_service.saturating_sub(delay::SKEW),
            });
            return;
        }
        self.send(at, None, effects);
    }

    /// The second durable commit; the post follows when it is on disk.
    pub(super) fn send(&mut self, at: Moment, search: Option<Search>, effects: &mut Effects) {
        self.attempt = self.attempt.saturating_add(1);
        self.volatile.send_now = false;
        if !self.may_have_arrived {
            self.sent_at_service = at.service;
        }
        self.phase = Phase::Sending { since: at.now, search };
        self.commit(effects);
    }

    /// Waits for something with nothing sent; `after` in milliseconds, or the usual wait.
    pub(super) fn wait(&mut self, at: Moment, waiting: Waiting, after: Option<u64>, effects: &mut Effects) {
        let (after, shown) = match (&waiting, after) {
            (Waiting::Account, _) => (ACCOUNT, false),
            (_, Some(after)) => (after, true),
            (_, None) => (self.backoff(at), true),
        };
        self.phase = Phase::Queued {
            waiting: Some(waiting),
            until: shown.then(|| at.now.saturating_add(after)),
        };
        self.wake_after(after, effects);
    }

    /// What a sending came to (API §3.3).
    fn answered(&mut self, at: Moment, answer: PostAnswer, effects: &mut Effects) {
        let Phase::Sending { search, .. } = &mut self.phase else {
            return;
        };
        let search = search.take();
        self.volatile.problem = None;
        match answer {
            PostAnswer::Created { agent, run } => {
                if self.wire == Wire::V0 || agent == self.agent {
                    self.confirm(agent, run, effects);
                } else {
                    self.may_have_arrived = true;
                    let mut search = search.unwrap_or_default();
                    search.other = Some(agent);
                    self.uncertain(at, Some(search), effects);
                }
            }
            PostAnswer::Unclear { status, retry_after } => {
                self.may_have_arrived = true;
                self.volatile.problem = status.map(|status| Failure::ServiceTrouble { status: Some(status) });
                self.uncertain(at, search, effects);
                if retry_after.is_some() {
                    let after = delay::patience(retry_after, 0, at.jitter);
                    self.wake_after(after, effects);
                    self.volatile.patient = true;
                }
            }
            PostAnswer::Taken if self.wire == Wire::V0 => {
                self.refuse_or_look(
                    at,
                    search,
                    Failure::Refused {
                        status: 409,
                        message: String::new(),
                    },
                    effects,
                );
            }
            PostAnswer::Taken => {
                let mut search = search.unwrap_or_default();
                search.misses = 0;
                if self.may_have_arrived {
                    search.conflict = true;
                } else {
                    search.whose = true;
                }
                self.uncertain(at, Some(search), effects);
            }
            PostAnswer::NotSent => {
                self.volatile.problem = Some(Failure::Offline);
                self.later(at, search, Waiting::Network, None, effects);
            }
            PostAnswer::RateLimited { retry_after } => {
                self.volatile.problem = Some(Failure::RateLimited { retry_after });
                let after = delay::patience(retry_after, self.volatile.tries, at.jitter);
                self.volatile.tries = self.volatile.tries.saturating_add(1);
                self.later(at, search, Waiting::RateLimit, Some(after), effects);
                self.volatile.patient = true;
            }
            PostAnswer::KeyRefused => {
                self.volatile.problem = Some(Failure::KeyRefused);
                self.later(at, search, Waiting::Account, Some(ACCOUNT), effects);
            }
            PostAnswer::Unverified(failure) => {
                self.unverified = self.unverified.saturating_add(1);
                if self.unverified > UNVERIFIED {
                    self.refuse_or_look(at, search, failure, effects);
                } else {
                    let after = 1_000 << (self.unverified - 1);
                    self.later(at, search, Waiting::Service, Some(after), effects);
                }
            }
            // Creating an agent is never answered so; were it, waiting is right.
            PostAnswer::Busy => {
                self.later(at, search, Waiting::Service, None, effects);
            }
            PostAnswer::Refused(failure) | PostAnswer::NotBuilt(failure) => {
                self.refuse_or_look(at, search, failure, effects);
            }
        }
    }

    /// This sending certainly did nothing: wait and send again, or go on looking for an earlier one.
    fn later(
        &mut self,
        at: Moment,
        search: Option<Search>,
        waiting: Waiting,
        after: Option<u64>,
        effects: &mut Effects,
    ) {
        if self.may_have_arrived {
            let search = search.unwrap_or_default();
            let after = after.unwrap_or_else(|| self.backoff(at));
            self.phase = Phase::Uncertain { search };
            self.wake_after(after, effects);
        } else {
            self.wait(at, waiting, after, effects);
        }
    }

    /// The wait after one more attempt that failed before a byte left.
    pub(super) fn backoff(&mut self, at: Moment) -> u64 {
        let tries = self.volatile.tries;
        self.volatile.tries = tries.saturating_add(1);
        delay::backoff(2_000, tries, 60_000, at.jitter)
    }

    fn refuse_or_look(&mut self, at: Moment, search: Option<Search>, failure: Failure, effects: &mut Effects) {
        if self.may_have_arrived {
            let mut search = search.unwrap_or_default();
            search.refused = Some(failure);
            search.misses = 0;
            self.uncertain(at, Some(search), effects);
        } else {
            self.refuse(failure, effects);
        }
    }

    fn undo(&mut self, effects: &mut Effects) {
        let nothing_left = match &self.phase {
            Phase::Queued { .. } => true,
            Phase::NeedsUser { .. } => !self.may_have_arrived,
            _ => false,
        };
        if nothing_left {
            self.take_back(effects);
        } else if !matches!(self.phase, Phase::TakenBack { .. } | Phase::Draft) {
            effects.push(LaunchEffect::TooLate);
        }
    }

    fn decided(&mut self, at: Moment, choice: Choice, effects: &mut Effects) {
        let Phase::NeedsUser { decision, .. } = &self.phase else {
            effects.push(LaunchEffect::TooLate);
            return;
        };
        if self.volatile.awaiting == Awaiting::Look {
            // The answer that is under way may settle it, and must not be taken for a later one.
            self.volatile.deferred.push(LaunchInput::Decided(choice));
            return;
        }
        match (decision, choice) {
            (_, Choice::GiveBack) => self.take_back(effects),
            (Decision::CannotTell { candidates }, Choice::ItIs(agent)) => {
                if candidates.contains(&agent) {
                    self.confirm(agent, None, effects);
                }
            }
            (_, Choice::ItIs(_)) => {}
            (Decision::WaitedLong { .. }, Choice::Send) => {
                self.send_as_decided(at, false, effects);
            }
            (Decision::DifferentUser, Choice::Send) => {
                if let Some(user) = self.volatile.user.clone() {
                    self.user = user;
                }
                let again = self.may_have_arrived;
                self.send_as_decided(at, again, effects);
            }
            (Decision::CannotTell { .. }, Choice::Send) => self.send_as_decided(at, true, effects),
        }
    }

    /// Somebody said so. `again`: something may have arrived, so that the identifier cannot be used a second time.
    fn send_as_decided(&mut self, at: Moment, again: bool, effects: &mut Effects) {
        self.waiting_since = at.now;
        self.waited = 0;
        self.volatile.send_now = true;
        if again {
            self.volatile.from_disk = false;
            self.next_identifier();
            self.foreign = 0;
        }
        self.phase = Phase::Queued {
            waiting: None,
            until: Some(at.now),
        };
        self.due(at, effects);
    }

    pub(super) fn next_identifier(&mut self) {
        self.generation = self.generation.saturating_add(1);
        self.agent = identity::derived(&self.first_agent, self.generation);
        self.may_have_arrived = false;
        self.unverified = 0;
    }

    fn account_changed(&mut self, at: Moment, user: Option<String>, effects: &mut Effects) {
        self.volatile.user = user;
        if self.volatile.awaiting != Awaiting::Nothing {
            return; // Weighed when that is answered.
        }
        let owner = self.volatile.user.as_ref() == Some(&self.user);
        let stranger = self.volatile.user.is_some() && !owner;
        match &self.phase {
            Phase::Queued {
                waiting: Some(Waiting::Account),
                ..
            } if owner => self.due(at, effects),
            Phase::Queued { .. } if stranger => self.ask(Decision::DifferentUser, None, effects),
            Phase::Uncertain { search } if stranger => {
                let search = search.clone();
                self.ask(Decision::DifferentUser, Some(search), effects);
            }
            Phase::Uncertain { .. } if owner && !self.volatile.patient => {
                self.wake_after(1 + delay::part(1_000, at.jitter), effects);
            }
            Phase::NeedsUser {
                decision: Decision::DifferentUser,
                search,
            } if owner => {
                let search = search.clone();
                self.resume(at, search, effects);
            }
            _ => {}
        }
    }

    /// The owner's key is back.
    fn resume(&mut self, at: Moment, search: Option<Search>, effects: &mut Effects) {
        self.volatile.problem = None;
        if self.volatile.patient {
            // The timer still runs; what is on disk comes to the same after a restart.
            self.phase = if self.may_have_arrived || search.is_some() {
                Phase::Uncertain {
                    search: search.unwrap_or_default(),
                }
            } else {
                Phase::Queued {
                    waiting: Some(Waiting::RateLimit),
                    until: None,
                }
            };
        } else if self.may_have_arrived || search.is_some() {
            self.uncertain(at, search, effects);
        } else {
            self.phase = Phase::Queued {
                waiting: None,
                until: Some(at.now),
            };
            self.due(at, effects);
        }
    }

    fn online(&mut self, at: Moment, effects: &mut Effects) {
        if self.volatile.awaiting != Awaiting::Nothing {
            return;
        }
        let soon = 1 + delay::part(1_000, at.jitter);
        match &mut self.phase {
            Phase::Queued {
                waiting: Some(Waiting::Network | Waiting::Service),
                ..
            } => {
                self.volatile.tries = 0;
                self.wake_after(soon, effects);
            }
            Phase::Uncertain { search } if search.failures > 0 && !self.volatile.patient => {
                search.failures = 0;
                self.wake_after(soon, effects);
            }
            _ => {}
        }
    }

    pub(super) fn wake_after(&mut self, after: Time, effects: &mut Effects) {
        self.volatile.wake = after;
        self.volatile.patient = false;
        effects.push(LaunchEffect::WakeAfter(after));
    }
}
