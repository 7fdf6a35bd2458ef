//! Finding out whether a sending arrived: looks, further sendings under the same identifier, and when to ask.

use crate::model::{AgentId, Decision, Failure, RunId};

use super::candidate::{Match, same_words};
use super::step::Effects;
use super::{Awaiting, Candidate, LaunchEffect, LaunchMachine, LookAnswer, Moment, Phase, Search, Wire, delay};

/// Looks in vain before the first further sending, and before later ones.
const FIRST_ROUND: u32 = 4;
const LATER_ROUNDS: u32 = 3;

/// Looks in vain until an identifier that is taken, and not by us, is given up.
const WHOSE: u32 = 5;

/// Looks in vain until the owner is asked about an agent that exists and cannot be read: more than ten minutes.
const CONFLICT: u32 = 16;

/// Looks in vain until a refusal is believed although an earlier sending got no answer: about five minutes,
/// because such a sending can sit in a gateway and be acted on late.
const REFUSED: u32 = 9;

/// Looks of the older API before the owner is asked.
const OLDER: u32 = 3;

impl LaunchMachine {
    /// It may have arrived: store that, and look soon.
    pub(super) fn uncertain(&mut self, at: Moment, search: Option<Search>, effects: &mut Effects) {
        let mut search = search.unwrap_or_default();
        if search.since == 0 {
            search.since = at.now;
        }
        search.failures = 0;
        self.volatile.tries = 0;
        let after = delay::before_look(search.round, search.misses, at.jitter);
        self.phase = Phase::Uncertain { search };
        self.commit(effects);
        self.wake_after(after, effects);
    }

    /// Looks, if the account's key is the owner's: another one's would find nothing and prove nothing.
    pub(super) fn look(&mut self, effects: &mut Effects) {
        let whose = match &self.phase {
            Phase::Uncertain { search }
            | Phase::NeedsUser {
                search: Some(search), ..
            } => search.whose,
            _ => return,
        };
        match &self.volatile.user {
            None => {
                self.volatile.problem = Some(Failure::NoAccount);
                self.wake_after(delay::LONGEST, effects);
                return;
            }
            Some(user) if *user != self.user => {
                if let Phase::Uncertain { search } = &self.phase {
                    let search = search.clone();
                    self.ask(Decision::DifferentUser, Some(search), effects);
                }
                return;
            }
            Some(_) => {}
        }
        self.volatile.awaiting = Awaiting::Look;
        effects.push(match self.wire {
            Wire::V1 => LaunchEffect::Look { first_message: whose },
            Wire::V0 => LaunchEffect::LookOlder {
                since: self.sent_at_service.saturating_sub(delay::SKEW),
            },
        });
    }

    pub(super) fn looked(&mut self, at: Moment, answer: LookAnswer, effects: &mut Effects) {
        match self.volatile.awaiting {
            Awaiting::Look => {}
            Awaiting::LookBefore => {
                self.volatile.awaiting = Awaiting::Nothing;
                self.looked_before(at, answer, effects);
                return;
            }
            _ => return,
        }
        self.volatile.awaiting = Awaiting::Nothing;
        if self.volatile.user.as_ref() != Some(&self.user) {
            self.look(effects); // Asks, or waits for the account.
            return;
        }
        match answer {
            LookAnswer::Found { run, first_message } => {
                self.found(at, run, first_message.as_deref(), effects);
            }
            LookAnswer::Missing => self.missing(at, effects),
            LookAnswer::Listed(candidates) => self.listed(at, &candidates, effects),
            LookAnswer::Unreachable => {
                self.volatile.problem = Some(Failure::Offline);
                self.look_failed(at, None, effects);
            }
            LookAnswer::RateLimited { retry_after } => {
                let after = delay::patience(retry_after, self.failures(), at.jitter);
                self.look_failed(at, Some(after), effects);
                self.volatile.patient = true;
            }
            LookAnswer::Forbidden(failure) => {
                self.volatile.problem = Some(failure);
                let after = delay::backoff(60_000, self.failures(), delay::LONGEST, at.jitter);
                self.look_failed(at, Some(after), effects);
            }
        }
    }

    fn failures(&self) -> u32 {
        match &self.phase {
            Phase::Uncertain { search } => search.failures,
            _ => 0,
        }
    }

    /// The look proved nothing: again later, however long it takes.
    fn look_failed(&mut self, at: Moment, after: Option<u64>, effects: &mut Effects) {
        let after = match &mut self.phase {
            Phase::Uncertain { search } => {
                search.failures = search.failures.saturating_add(1);
                after.unwrap_or_else(|| delay::backoff(2_000, search.failures - 1, 60_000, at.jitter))
            }
            _ => after.unwrap_or(delay::LONGEST),
        };
        self.wake_after(after, effects);
    }

    fn found(&mut self, at: Moment, run: Option<RunId>, first_message: Option<&str>, effects: &mut Effects) {
        let ours = first_message.map(|message| same_words(message, &self.target.prompt));
        let Some(search) = self.search() else { return };
        if !search.whose {
            self.confirm(self.agent.clone(), run, effects);
            return;
        }
        match ours {
            // Its words are ours: a database restored from a backup has forgotten that it was sent.
            Some(true) => self.confirm(self.agent.clone(), run, effects),
            Some(false) => self.foreign(at, effects),
            None => {
                search.misses = search.misses.saturating_add(1);
                if search.misses >= WHOSE {
                    let agent = self.agent.clone();
                    self.cannot_tell(at, vec![agent], effects);
                } else {
                    self.look_again(at, effects);
                }
            }
        }
    }

    fn missing(&mut self, at: Moment, effects: &mut Effects) {
        self.volatile.problem = None;
        if let Phase::NeedsUser { .. } = self.phase {
            self.wake_after(delay::LONGEST, effects);
            return;
        }
        let Some(search) = self.search() else { return };
        search.failures = 0;
        search.misses = search.misses.saturating_add(1);
        let misses = search.misses;
        if search.whose {
            if misses >= WHOSE {
                self.foreign(at, effects);
                return;
            }
        } else if search.conflict {
            if misses >= CONFLICT {
                self.cannot_tell(at, Vec::new(), effects);
                return;
            }
        } else if let Some(failure) = &search.refused {
            if misses >= REFUSED {
                let failure = failure.clone();
                self.refuse(failure, effects);
                return;
            }
        } else if let Some(other) = &search.other {
            // The service may have made it under a name of its own: a second sending would make a second one.
            if misses >= FIRST_ROUND {
                let other = other.clone();
                self.cannot_tell(at, vec![other], effects);
                return;
            }
        } else {
            let enough = if search.round == 0 { FIRST_ROUND } else { LATER_ROUNDS };
            if misses >= enough {
                let mut search = search.clone();
                search.round = search.round.saturating_add(1);
                search.misses = 0;
                self.send(at, Some(search), effects);
                return;
            }
        }
        self.look_again(at, effects);
    }

    /// The older API: is one in the list ours?
    fn listed(&mut self, at: Moment, candidates: &[Candidate], effects: &mut Effects) {
        self.volatile.problem = None;
        let since = self.sent_at_service.saturating_sub(delay::SKEW);
        let found = self.target.find(candidates, since);
        let asked = matches!(self.phase, Phase::NeedsUser { .. });
        let Some(search) = self.search() else { return };
        search.failures = 0;
        search.misses = search.misses.saturating_add(1);
        let last = search.misses >= OLDER;
        match found {
            Match::One(agent) => self.confirm(agent, None, effects),
            Match::Several(several) => self.cannot_tell(at, several, effects),
            Match::Unread(unread) if last => self.cannot_tell(at, unread, effects),
            Match::None if last && !asked => match search.refused.clone() {
                Some(failure) if search.misses >= REFUSED => self.refuse(failure, effects),
                Some(_) => self.look_again(at, effects),
                None => self.cannot_tell(at, Vec::new(), effects),
            },
            Match::None if asked => self.wake_after(delay::LONGEST, effects),
            Match::Unread(_) | Match::None => self.look_again(at, effects),
        }
    }

    /// The look before a launch from disk is sent with the older API.
    fn looked_before(&mut self, at: Moment, answer: LookAnswer, effects: &mut Effects) {
        match answer {
            LookAnswer::Listed(candidates) => {
                let since = self.queued_at_service.saturating_sub(delay::SKEW);
                match self.target.find(&candidates, since) {
                    Match::None => {
                        self.volatile.from_disk = false;
                        self.due(at, effects);
                    }
                    Match::One(agent) => self.confirm(agent, None, effects),
                    Match::Several(several) | Match::Unread(several) => {
                        self.may_have_arrived = true;
                        self.sent_at_service = self.queued_at_service;
                        self.cannot_tell(at, several, effects);
                    }
                }
            }
            LookAnswer::RateLimited { retry_after } => {
                let after = delay::patience(retry_after, 0, at.jitter);
                self.wait(at, crate::model::Waiting::RateLimit, Some(after), effects);
                self.volatile.patient = true;
            }
            LookAnswer::Forbidden(failure) => {
                self.volatile.problem = Some(failure);
                self.wait(at, crate::model::Waiting::Account, None, effects);
            }
            LookAnswer::Unreachable | LookAnswer::Found { .. } | LookAnswer::Missing => {
                self.wait(at, crate::model::Waiting::Network, None, effects);
            }
        }
    }

    /// The identifier is somebody else's: one new one, stored before it is used; a second time is the end.
    fn foreign(&mut self, at: Moment, effects: &mut Effects) {
        self.foreign = self.foreign.saturating_add(1);
        if self.foreign >= 2 {
            self.refuse(Failure::IdentifierTaken, effects);
            return;
        }
        self.next_identifier();
        self.phase = Phase::Queued {
            waiting: None,
            until: Some(at.now),
        };
        self.commit(effects);
    }

    /// Only a person can say. It goes on being looked for meanwhile, as long as there is nothing to choose from.
    fn cannot_tell(&mut self, at: Moment, candidates: Vec<AgentId>, effects: &mut Effects) {
        let search = self.search().cloned().unwrap_or_default();
        let open = candidates.is_empty();
        let decision = Decision::CannotTell { candidates };
        if matches!(&self.phase, Phase::NeedsUser { decision: before, .. } if *before == decision) {
            if open {
                self.wake_after(delay::LONGEST, effects);
            }
            return;
        }
        self.ask(decision, open.then_some(search), effects);
        if open {
            self.wake_after(delay::backoff(60_000, 0, delay::LONGEST, at.jitter), effects);
        }
    }

    fn look_again(&mut self, at: Moment, effects: &mut Effects) {
        let wire = self.wire;
        let Some(search) = self.search() else { return };
        let after = match wire {
            Wire::V1 => delay::before_look(search.round, search.misses, at.jitter),
            // The list lags more than a single agent does.
            Wire::V0 => delay::before_look(search.round, search.misses + 3, at.jitter),
        };
        self.wake_after(after, effects);
    }

    fn search(&mut self) -> Option<&mut Search> {
        match &mut self.phase {
            Phase::Uncertain { search }
            | Phase::NeedsUser {
                search: Some(search), ..
            } => Some(search),
            _ => None,
        }
    }
}
