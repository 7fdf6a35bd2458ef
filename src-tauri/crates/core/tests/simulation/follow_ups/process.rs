//! The process of a follow-up: what its machine wants is done, and what it shows is held against the service.

use sendoff_core::machines::follow_up::{FollowUpEffect, FollowUpInput, FollowUpLook, NoteAnswer};
use sendoff_core::machines::launch::Moment;
use sendoff_core::model::{Failure, FollowUpState, RunId};

use super::super::disk::Written;
use super::super::fault::Fault;
use super::super::launches::EPOCH;
use super::{Event, FollowUpWorld, INDISTINCT, OWNER};

impl FollowUpWorld {
    /// Hands an input in and does what is wanted.
    pub(super) fn input(&mut self, input: FollowUpInput) {
        let mut inputs = vec![input];
        while !inputs.is_empty() {
            let input = inputs.remove(0);
            let service = EPOCH + self.now;
            let at = Moment {
                now: service.saturating_add_signed(self.wall),
                service,
                jitter: self.random.next() as u32,
            };
            let Some(machine) = self.machine.take() else {
                return;
            };
            self.note(|_| format!("< {input:?}"));
            // An answer nobody asked for is told to be too late as well; that says nothing about an edit under way.
            let decision = matches!(input, FollowUpInput::Decided(_));
            let (machine, effects) = machine.step(at, input);
            self.machine = Some(machine);
            for effect in effects {
                self.note(|_| format!("  > {effect:?}"));
                if decision && effect == FollowUpEffect::TooLate {
                    continue;
                }
                let life = self.life;
                self.perform(effect, &mut inputs);
                if self.life != life {
                    return;
                }
            }
            self.see();
        }
    }

    /// Which words the machine holds.
    pub(super) fn version(&self) -> u64 {
        self.machine
            .as_ref()
            .and_then(|machine| machine.content().request.as_u64())
            .unwrap_or_default()
    }

    pub(super) fn perform(&mut self, effect: FollowUpEffect, inputs: &mut Vec<FollowUpInput>) {
        let life = self.life;
        match effect {
            FollowUpEffect::Commit => self.commit(inputs),
            FollowUpEffect::Note => {
                self.with_owners_key("notes");
                let wait = self.random.between(50, 1_000);
                match self.read_fault() {
                    None => self.after(wait, Event::NoteArrives(life)),
                    Some(Fault::Look429) => {
                        let answer = NoteAnswer::RateLimited { retry_after: Some(30) };
                        self.after(wait, Event::Input(life, FollowUpInput::Noted(answer)));
                    }
                    Some(Fault::Look401) => {
                        let answer = NoteAnswer::Forbidden(Failure::KeyRefused);
                        self.after(wait, Event::Input(life, FollowUpInput::Noted(answer)));
                    }
                    Some(_) => {
                        let input = FollowUpInput::Noted(NoteAnswer::Unreachable);
                        self.after(wait, Event::Input(life, input));
                    }
                }
            }
            FollowUpEffect::Post { .. } => self.post(),
            FollowUpEffect::Look => {
                self.with_owners_key("looks");
                let wait = self.random.between(50, 1_000);
                match self.read_fault() {
                    None => self.after(wait, Event::LookArrives(life)),
                    Some(Fault::Look429) => {
                        let look = FollowUpLook::RateLimited { retry_after: Some(30) };
                        self.after(wait, Event::Input(life, FollowUpInput::Looked(look)));
                    }
                    Some(Fault::Look401) => {
                        let look = FollowUpLook::Forbidden(Failure::KeyRefused);
                        self.after(wait, Event::Input(life, FollowUpInput::Looked(look)));
                    }
                    Some(_) => {
                        let input = FollowUpInput::Looked(FollowUpLook::Unreachable);
                        self.after(wait, Event::Input(life, input));
                    }
                }
            }
            FollowUpEffect::WakeAfter(wait) => {
                self.timer += 1;
                self.after(wait, Event::Timer(life, self.timer));
            }
            FollowUpEffect::Adopt { run } => self.adopted(run.as_ref()),
            FollowUpEffect::Forget => self.disk.row = false,
            // Its owner was told: what was there before stays wanted.
            FollowUpEffect::TooLate => self.wanted = self.version(),
        }
    }

    pub(super) fn read_fault(&mut self) -> Option<Fault> {
        self.fault(1, &[Fault::LookUnreachable, Fault::Look429, Fault::Look401])
    }

    pub(super) fn with_owners_key(&mut self, what: &str) {
        if self.key != Some(OWNER) {
            self.breaks(format!("{what} with the key of {:?}", self.key));
        }
    }

    pub(super) fn adopted(&mut self, run: Option<&RunId>) {
        let ours = match run {
            Some(run) => self.runs.iter().any(|known| known.ours && known.run == *run),
            None => self.ours() > 0,
        };
        if !ours {
            let indistinct = self.runs.iter().any(|known| {
                !known.ours
                    && run == Some(&known.run)
                    && self
                        .sent_at
                        .iter()
                        .any(|sent| known.created_at.abs_diff(*sent) < INDISTINCT)
            });
            if indistinct {
                self.mistaken = true;
            } else {
                self.breaks("adopts a run that is not its own");
            }
        }
    }

    pub(super) fn commit(&mut self, inputs: &mut Vec<FollowUpInput>) {
        let Some(machine) = &self.machine else { return };
        let body = match serde_json::to_string(machine) {
            Ok(body) => body,
            Err(error) => return self.breaks(format!("cannot be stored: {error}")),
        };
        let (revision, stored) = (machine.revision(), machine.stored_revision());
        let sending = machine.view() == Some(FollowUpState::Sending);
        if sending {
            self.sent_at.push(self.now);
        }
        let fault = self.fault(
            2,
            &[
                Fault::DiskFull,
                Fault::DiskLies,
                Fault::KillBeforeCommit,
                Fault::KillAfterCommit,
                Fault::EditInCommit,
                Fault::UndoInCommit,
            ],
        );
        match fault {
            Some(Fault::KillBeforeCommit) => return self.kill(500),
            Some(Fault::EditInCommit) => {
                let edit = self.rewritten();
                inputs.push(edit);
            }
            Some(Fault::UndoInCommit) => inputs.push(FollowUpInput::Remove),
            Some(Fault::DiskFull) => {
                inputs.push(FollowUpInput::CommitFailed(Failure::DiskFull));
                return;
            }
            _ => {}
        }
        if self.disk.write(body, revision, stored, 1, sending) != Written::Yes {
            return self.breaks("the only process is told that it is behind");
        }
        match fault {
            Some(Fault::DiskLies) => {
                self.lied_at_first |= revision == 1;
                inputs.push(FollowUpInput::CommitFailed(Failure::DataTrouble));
            }
            Some(Fault::KillAfterCommit) => self.kill(500),
            _ => inputs.push(FollowUpInput::Committed),
        }
    }

    pub(super) fn see(&mut self) {
        match self.view() {
            Some(FollowUpState::NeedsDecision) if !self.deciding => {
                self.deciding = true;
                let thinking = self.random.spread(500, 300_000);
                self.after(thinking, Event::Decide);
            }
            None | Some(FollowUpState::Rejected { .. })
                if self.machine.is_some() && self.ours() > 0 && !self.gave_up && self.told == 0 =>
            {
                self.breaks("shown as gone although it arrived");
            }
            Some(FollowUpState::Confirmed { .. }) if self.ours() == 0 && !self.mistaken => {
                self.breaks("shown as confirmed although it did not arrive");
            }
            _ => {}
        }
    }
}
