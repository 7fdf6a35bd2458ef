//! Transitions of a follow-up.

use crate::machines::launch::{Moment, PostAnswer, Wire, delay};
use crate::model::{Failure, RunId, Waiting};

use super::evidence::{self, Evidence};
use super::{
    Awaiting, FollowUpChoice, FollowUpEffect, FollowUpInput, FollowUpLook, FollowUpMachine, NoteAnswer, Noted, Phase,
};

/// Looks in vain before a person is asked: about half a minute.
const LOOKS: u32 = 5;

type Effects = Vec<FollowUpEffect>;

impl FollowUpMachine {
    /// Takes one input, and says what is to be done.
    #[must_use]
    pub fn step(mut self, at: Moment, input: FollowUpInput) -> (Self, Vec<FollowUpEffect>) {
        let mut effects = Vec::new();
        if !self.volatile.halted {
            self.take(at, input, &mut effects);
        }
        (self, effects)
    }

    fn take(&mut self, at: Moment, input: FollowUpInput, effects: &mut Effects) {
        let awaiting = self.volatile.awaiting;
        match input {
            FollowUpInput::Committed if awaiting == Awaiting::Commit => {
                self.committed(at, effects);
                self.replay(at, effects);
            }
            FollowUpInput::CommitFailed(failure) if awaiting == Awaiting::Commit => {
                self.commit_failed(at, failure, effects);
                self.replay(at, effects);
            }
            other if awaiting == Awaiting::Commit => self.volatile.deferred.push(other),
            FollowUpInput::Begin => self.begin(effects),
            FollowUpInput::Started { user } => self.started(at, user, effects),
            FollowUpInput::Woke => self.woke(effects),
            FollowUpInput::MayGo => {
                self.volatile.may_go = true;
                self.proceed(effects);
            }
            FollowUpInput::MustWait => self.volatile.may_go = false,
            FollowUpInput::Noted(answer) if awaiting == Awaiting::Note => {
                self.volatile.awaiting = Awaiting::Nothing;
                if self.volatile.deferred.is_empty() {
                    self.noted(at, answer, effects);
                } else {
                    self.replay(at, effects);
                    self.proceed(effects);
                }
            }
            FollowUpInput::Answered(answer) if awaiting == Awaiting::Post => {
                self.volatile.awaiting = Awaiting::Nothing;
                self.answered(at, answer, effects);
            }
            FollowUpInput::Looked(look) if awaiting == Awaiting::Look => {
                self.volatile.awaiting = Awaiting::Nothing;
                self.looked(at, look, effects);
                self.replay(at, effects);
            }
            // What was read under way belongs to the old words; it is read again afterwards.
            edit @ (FollowUpInput::Edit(_) | FollowUpInput::Remove) if awaiting == Awaiting::Note => {
                self.volatile.deferred.push(edit);
            }
            FollowUpInput::Edit(content) => {
                if self.can_edit() {
                    self.content = content;
                    self.commit(effects);
                } else {
                    effects.push(FollowUpEffect::TooLate);
                }
            }
            FollowUpInput::Remove => {
                if self.can_edit() {
                    self.end(Phase::Removed, effects);
                } else if self.phase != Phase::Removed {
                    effects.push(FollowUpEffect::TooLate);
                }
            }
            FollowUpInput::Decided(choice) => self.decided(choice, effects),
            FollowUpInput::AccountChanged { user } => {
                self.volatile.user = user;
                if self.owner() && awaiting == Awaiting::Nothing {
                    self.volatile.resting = false;
                    self.woke(effects);
                }
            }
            FollowUpInput::Online => {
                if awaiting == Awaiting::Nothing && self.volatile.resting {
                    self.volatile.tries = 0;
                    wake_after(1 + delay::part(1_000, at.jitter), effects);
                }
            }
            // Answers to what was not asked, or not any more.
            FollowUpInput::Committed
            | FollowUpInput::CommitFailed(_)
            | FollowUpInput::Noted(_)
            | FollowUpInput::Answered(_)
            | FollowUpInput::Looked(_) => {}
        }
    }

    fn replay(&mut self, at: Moment, effects: &mut Effects) {
        for input in std::mem::take(&mut self.volatile.deferred) {
            self.take(at, input, effects);
        }
    }

    fn owner(&self) -> bool {
        self.volatile.user.as_ref() == Some(&self.user)
    }

    fn begin(&mut self, effects: &mut Effects) {
        if self.phase == Phase::Draft {
            self.volatile.user = Some(self.user.clone());
            self.volatile.first = true;
            self.phase = Phase::Queued { waiting: None };
            self.commit(effects);
        }
    }

    fn started(&mut self, at: Moment, user: Option<String>, effects: &mut Effects) {
        self.volatile.user = user;
        self.volatile.stored = self.revision;
        match &self.phase {
            Phase::Draft | Phase::Unsaved { .. } => {
                self.phase = Phase::Unsaved {
                    failure: Failure::NotFound,
                };
                effects.push(FollowUpEffect::Forget);
            }
            Phase::Sending { .. } => self.uncertain(at, effects),
            Phase::Uncertain { .. } | Phase::NeedsUser | Phase::Again => {
                wake_after(1 + delay::part(500, at.jitter), effects);
            }
            Phase::Confirmed { run } => effects.push(FollowUpEffect::Adopt { run: run.clone() }),
            Phase::Removed => effects.push(FollowUpEffect::Forget),
            Phase::Queued { .. } | Phase::Rejected { .. } => {}
        }
    }

    fn woke(&mut self, effects: &mut Effects) {
        if self.volatile.awaiting != Awaiting::Nothing {
            return;
        }
        self.volatile.resting = false;
        if self.volatile.unsaved {
            self.commit(effects);
            return;
        }
        match self.phase {
            Phase::Queued { .. } => self.proceed(effects),
            Phase::Uncertain { .. } | Phase::NeedsUser | Phase::Again => self.look(effects),
            _ => {}
        }
    }

    /// Goes, if it may and nothing is in the way.
    fn proceed(&mut self, effects: &mut Effects) {
        let Phase::Queued { waiting } = &mut self.phase else {
            return;
        };
        if !self.volatile.may_go || self.volatile.resting || self.volatile.awaiting != Awaiting::Nothing {
            return;
        }
        if self.volatile.user.as_ref() == Some(&self.user) {
            self.volatile.awaiting = Awaiting::Note;
            effects.push(FollowUpEffect::Note);
        } else {
            *waiting = Some(Waiting::Account);
        }
    }

    fn noted(&mut self, at: Moment, answer: NoteAnswer, effects: &mut Effects) {
        if !self.owner() {
            self.phase = Phase::Queued {
                waiting: Some(Waiting::Account),
            };
            return;
        }
        match answer {
            // Another was put before it meanwhile.
            NoteAnswer::Idle(_) if !self.volatile.may_go => self.phase = Phase::Queued { waiting: None },
            NoteAnswer::Idle(now) => self.send(at, now, effects),
            NoteAnswer::Busy => self.wait_for_agent(at, effects),
            NoteAnswer::Gone(failure) => self.end(Phase::Rejected { failure }, effects),
            NoteAnswer::Unreachable => self.wait(at, Waiting::Network, None, effects),
            NoteAnswer::RateLimited { retry_after } => {
                self.wait_for_rate(at, retry_after, effects);
            }
            NoteAnswer::Forbidden(failure) => {
                self.volatile.problem = Some(failure);
                self.wait(at, Waiting::Account, Some(delay::LONGEST), effects);
            }
        }
    }

    /// The durable commit, with what the agent looked like; the post follows when it is on disk.
    fn send(&mut self, at: Moment, now: Noted, effects: &mut Effects) {
        self.noted = Some(now);
        self.sent_at_service = at.service;
        self.attempt = self.attempt.saturating_add(1);
        self.phase = Phase::Sending { since: at.now };
        self.commit(effects);
    }

    fn answered(&mut self, at: Moment, answer: PostAnswer, effects: &mut Effects) {
        self.volatile.problem = None;
        match answer {
            PostAnswer::Created { run, .. } => self.confirm(run, effects),
            PostAnswer::Unclear { .. } => self.uncertain(at, effects),
            PostAnswer::Taken if self.wire == Wire::V0 => self.end(
                Phase::Rejected {
                    failure: Failure::AgentArchived,
                },
                effects,
            ),
            PostAnswer::Busy | PostAnswer::Taken => self.wait_for_agent(at, effects),
            PostAnswer::NotSent => {
                self.volatile.problem = Some(Failure::Offline);
                self.wait(at, Waiting::Network, None, effects);
            }
            PostAnswer::RateLimited { retry_after } => self.wait_for_rate(at, retry_after, effects),
            PostAnswer::KeyRefused => {
                self.volatile.problem = Some(Failure::KeyRefused);
                self.wait(at, Waiting::Account, Some(delay::LONGEST), effects);
            }
            PostAnswer::Unverified(failure) | PostAnswer::Refused(failure) | PostAnswer::NotBuilt(failure) => {
                self.end(Phase::Rejected { failure }, effects);
            }
        }
    }

    fn wait_for_rate(&mut self, at: Moment, retry_after: Option<u64>, effects: &mut Effects) {
        let after = delay::patience(retry_after, self.volatile.tries, at.jitter);
        self.volatile.problem = Some(Failure::RateLimited { retry_after });
        self.wait(at, Waiting::RateLimit, Some(after), effects);
    }

    /// The agent is at work after all: the engine says when it is free, and a timer asks in case that is lost.
    fn wait_for_agent(&mut self, at: Moment, effects: &mut Effects) {
        self.phase = Phase::Queued { waiting: None };
        self.rest(delay::backoff(5_000, self.volatile.tries, 60_000, at.jitter), effects);
    }

    fn wait(&mut self, at: Moment, waiting: Waiting, after: Option<u64>, effects: &mut Effects) {
        let after = after.unwrap_or_else(|| delay::backoff(2_000, self.volatile.tries, 60_000, at.jitter));
        self.phase = Phase::Queued { waiting: Some(waiting) };
        self.rest(after, effects);
    }

    fn rest(&mut self, after: u64, effects: &mut Effects) {
        self.volatile.tries = self.volatile.tries.saturating_add(1);
        self.volatile.resting = true;
        wake_after(after, effects);
    }

    fn uncertain(&mut self, at: Moment, effects: &mut Effects) {
        self.volatile.tries = 0;
        self.phase = Phase::Uncertain { looks: 0 };
        self.commit(effects);
        wake_after(delay::before_look(0, 0, at.jitter), effects);
    }

    fn look(&mut self, effects: &mut Effects) {
        if self.owner() {
            self.volatile.awaiting = Awaiting::Look;
            effects.push(FollowUpEffect::Look);
        } else {
            self.volatile.problem = Some(Failure::NoAccount);
            wake_after(delay::LONGEST, effects);
        }
    }

    fn looked(&mut self, at: Moment, look: FollowUpLook, effects: &mut Effects) {
        if !self.owner() {
            self.look(effects);
            return;
        }
        let noted = self.noted.clone().unwrap_or_default();
        let evidence = match look {
            FollowUpLook::Runs(runs) => evidence::of_runs(&noted, self.sent_at_service, &runs),
            FollowUpLook::Messages(messages) => evidence::of_messages(&noted, &self.content.text, &messages),
            FollowUpLook::Gone(Failure::AgentArchived) => {
                self.hidden(effects);
                return;
            }
            // Whatever arrived went with the agent.
            FollowUpLook::Gone(failure) => {
                self.end(Phase::Rejected { failure }, effects);
                return;
            }
            FollowUpLook::Unreachable => {
                self.volatile.problem = Some(Failure::Offline);
                let after = delay::backoff(2_000, self.volatile.tries, 60_000, at.jitter);
                self.rest(after, effects);
                return;
            }
            FollowUpLook::RateLimited { retry_after } => {
                self.rest(delay::patience(retry_after, self.volatile.tries, at.jitter), effects);
                return;
            }
            FollowUpLook::Forbidden(failure) => {
                self.volatile.problem = Some(failure);
                let after = delay::backoff(60_000, self.volatile.tries, delay::LONGEST, at.jitter);
                self.rest(after, effects);
                return;
            }
        };
        self.volatile.problem = None;
        self.volatile.tries = 0;
        match (evidence, &mut self.phase) {
            (Evidence::Arrived(run), _) => self.confirm(run, effects),
            // A stranger's run proves nothing about ours: a person has said what to do then.
            (_, Phase::Again) => {
                self.phase = Phase::Queued { waiting: None };
                self.commit(effects);
            }
            (_, Phase::NeedsUser) => wake_after(delay::LONGEST, effects),
            (Evidence::None, Phase::Uncertain { looks }) if *looks + 1 < LOOKS => {
                *looks += 1;
                let after = delay::before_look(0, *looks, at.jitter);
                wake_after(after, effects);
            }
            (Evidence::None | Evidence::Unclear, _) => {
                self.phase = Phase::NeedsUser;
                self.commit(effects);
                wake_after(60_000, effects);
            }
        }
    }

    /// An archived agent does not tell what arrived before, and sending on somebody's word has to wait: once it is
    /// brought back, it can be looked at again.
    fn hidden(&mut self, effects: &mut Effects) {
        self.volatile.problem = Some(Failure::AgentArchived);
        if self.phase != Phase::NeedsUser {
            self.phase = Phase::NeedsUser;
            self.commit(effects);
        }
        wake_after(delay::LONGEST, effects);
    }

    fn decided(&mut self, choice: FollowUpChoice, effects: &mut Effects) {
        if self.phase != Phase::NeedsUser {
            effects.push(FollowUpEffect::TooLate);
            return;
        }
        if self.volatile.awaiting == Awaiting::Look {
            // The answer that is under way may settle it, and must not be taken for a later one.
            self.volatile.deferred.push(FollowUpInput::Decided(choice));
            return;
        }
        match choice {
            // Its words and pictures stay until their owner takes them out: whether they arrived is not known.
            FollowUpChoice::Drop => self.end(
                Phase::Rejected {
                    failure: Failure::Uncertain,
                },
                effects,
            ),
            // It may have arrived while a person was thinking.
            FollowUpChoice::Send => {
                self.phase = Phase::Again;
                self.commit(effects);
                wake_after(1, effects);
            }
        }
    }

    fn confirm(&mut self, run: Option<RunId>, effects: &mut Effects) {
        self.volatile.problem = None;
        // Adopted first, as a launch is: killed between the two, it is found and adopted again.
        effects.push(FollowUpEffect::Adopt { run: run.clone() });
        self.end(Phase::Confirmed { run }, effects);
    }

    fn end(&mut self, phase: Phase, effects: &mut Effects) {
        self.phase = phase;
        self.commit(effects);
    }

    fn commit(&mut self, effects: &mut Effects) {
        self.revision = self.revision.saturating_add(1);
        self.volatile.awaiting = Awaiting::Commit;
        effects.push(FollowUpEffect::Commit);
    }

    fn committed(&mut self, at: Moment, effects: &mut Effects) {
        self.volatile.awaiting = Awaiting::Nothing;
        self.volatile.unsaved = false;
        self.volatile.stored = self.revision;
        self.volatile.first = false;
        match self.phase {
            Phase::Queued { .. } => self.proceed(effects),
            Phase::Removed => effects.push(FollowUpEffect::Forget),
            Phase::Sending { .. } => {
                // Nothing has left yet: what came meanwhile is weighed before the first byte.
                let changed = self.volatile.deferred.iter().any(|input| {
                    matches!(
                        input,
                        FollowUpInput::Edit(_) | FollowUpInput::Remove | FollowUpInput::AccountChanged { .. }
                    )
                });
                if changed {
                    self.phase = Phase::Queued { waiting: None };
                    self.rest(1 + delay::part(100, at.jitter), effects);
                } else {
                    self.volatile.awaiting = Awaiting::Post;
                    effects.push(FollowUpEffect::Post { attempt: self.attempt });
                }
            }
            _ => {}
        }
    }

    fn commit_failed(&mut self, at: Moment, failure: Failure, effects: &mut Effects) {
        self.volatile.awaiting = Awaiting::Nothing;
        if failure == Failure::DataInUse && !self.volatile.first {
            self.volatile.halted = true;
            self.volatile.problem = Some(failure);
            return;
        }
        if std::mem::take(&mut self.volatile.first) {
            self.phase = Phase::Unsaved { failure };
            effects.push(FollowUpEffect::Forget);
            return;
        }
        self.volatile.problem = Some(failure);
        match self.phase {
            Phase::Sending { .. } => {
                self.wait(at, Waiting::Service, None, effects);
            }
            Phase::Queued { .. } | Phase::Confirmed { .. } | Phase::Rejected { .. } | Phase::Removed => {
                self.volatile.unsaved = true;
                self.rest(delay::backoff(2_000, self.volatile.tries, 60_000, at.jitter), effects);
            }
            Phase::Uncertain { .. } | Phase::NeedsUser | Phase::Again | Phase::Draft | Phase::Unsaved { .. } => {}
        }
    }
}

fn wake_after(after: u64, effects: &mut Effects) {
    effects.push(FollowUpEffect::WakeAfter(after));
}
