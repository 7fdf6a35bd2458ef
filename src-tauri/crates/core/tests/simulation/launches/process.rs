//! The processes of a launch: what their machines want is done, and what they show is held against the service.

use sendoff_core::machines::launch::{LaunchEffect, LaunchInput, LaunchMachine, PostAnswer};
use sendoff_core::model::{Failure, LaunchState};

use super::super::disk::Written;
use super::super::fault::Fault;
use super::{Event, Layer, World};

impl World {
    /// Hands an input to a process and does what it wants.
    pub(crate) fn input(&mut self, which: usize, input: LaunchInput) {
        let mut inputs = vec![input];
        while !inputs.is_empty() {
            let input = inputs.remove(0);
            let at = self.moment();
            let Some(machine) = self.processes[which].machine.take() else {
                return;
            };
            self.note(|_| format!("{which} < {input:?}"));
            let halted = machine.is_over();
            let (machine, effects) = machine.step(at, input);
            self.processes[which].machine = Some(machine);
            if halted && effects.is_empty() {
                continue;
            }
            for effect in effects {
                self.note(|_| format!("{which}   > {effect:?}"));
                let life = self.processes[which].life;
                self.perform(which, effect, &mut inputs);
                if self.processes[which].life != life {
                    return; // It was killed.
                }
            }
            self.see(which);
        }
    }

    pub(super) fn perform(&mut self, which: usize, effect: LaunchEffect, inputs: &mut Vec<LaunchInput>) {
        match effect {
            LaunchEffect::Commit => self.commit(which, inputs),
            LaunchEffect::Post { attempt } => {
                let revision = self.revision(which);
                if !self.disk.is_sending(revision) {
                    self.breaks(format!("attempt {attempt} is posted before it is on disk"));
                }
                self.post(which);
            }
            LaunchEffect::Look { .. } | LaunchEffect::LookOlder { .. } => self.look(which, effect),
            LaunchEffect::WakeAfter(wait) => {
                if wait > 700_000 {
                    self.breaks(format!("a wait of {wait} ms"));
                }
                let process = &mut self.processes[which];
                process.timer += 1;
                let (life, timer) = (process.life, process.timer);
                self.after(wait, Event::Timer(which, life, timer));
            }
            LaunchEffect::Adopt { agent, .. } => {
                if !self.cloud.is_ours(&agent) {
                    self.breaks("adopts an agent that is not of this launch");
                }
            }
            LaunchEffect::GiveDraftBack => {
                match self.fault(Layer::Disk, &[Fault::KillBeforeDraft, Fault::KillAfterDraft]) {
                    Some(Fault::KillBeforeDraft) => self.kill(which, 100),
                    Some(_) => {
                        self.disk.give_draft_back();
                        self.kill(which, 100);
                    }
                    None => {
                        self.disk.give_draft_back();
                        inputs.push(LaunchInput::DraftGivenBack);
                    }
                }
            }
            LaunchEffect::Forget => self.disk.row = false,
            LaunchEffect::TooLate => {}
        }
    }

    pub(super) fn revision(&self, which: usize) -> u64 {
        self.processes[which]
            .machine
            .as_ref()
            .map_or(0, LaunchMachine::revision)
    }

    pub(super) fn commit(&mut self, which: usize, inputs: &mut Vec<LaunchInput>) {
        let Some(machine) = &self.processes[which].machine else {
            return;
        };
        let body = match serde_json::to_string(machine) {
            Ok(body) => body,
            Err(error) => return self.breaks(format!("cannot be stored: {error}")),
        };
        let (revision, sending) = (machine.revision(), machine.is_sending());
        let stored = machine.stored_revision();
        let writer = self.processes[which].writer;
        let first = revision == 1;
        let fault = self.fault(
            Layer::Disk,
            &[
                Fault::DiskFull,
                Fault::DiskLies,
                Fault::KillBeforeCommit,
                Fault::KillAfterCommit,
                Fault::UndoInCommit,
            ],
        );
        if fault == Some(Fault::KillBeforeCommit) {
            self.kill(which, 500);
            return;
        }
        let written = if fault == Some(Fault::DiskFull) {
            Written::Full
        } else {
            self.disk.write(body, revision, stored, writer, sending)
        };
        match (written, fault) {
            (Written::Behind, _) => inputs.push(LaunchInput::CommitFailed(Failure::DataInUse)),
            (Written::Full, _) => inputs.push(LaunchInput::CommitFailed(Failure::DiskFull)),
            (_, Some(Fault::DiskLies)) => {
                self.lied_at_first |= first;
                inputs.push(LaunchInput::CommitFailed(Failure::DataTrouble));
            }
            (_, Some(Fault::KillAfterCommit)) => self.kill(which, 500),
            (_, Some(Fault::UndoInCommit)) => {
                inputs.push(LaunchInput::Undo);
                inputs.push(LaunchInput::Committed);
            }
            _ => inputs.push(LaunchInput::Committed),
        }
    }

    pub(crate) fn answer(&mut self, which: usize, wait: u64, answer: PostAnswer) {
        let life = self.processes[which].life;
        self.after(wait, Event::Input(which, life, LaunchInput::Answered(answer)));
    }

    /// What a user sees after a step, held against what is true.
    pub(super) fn see(&mut self, which: usize) {
        let Some(machine) = &self.processes[which].machine else {
            return;
        };
        if machine.problem() == Some(&Failure::DataInUse) {
            return; // It stopped, because another process writes the launch.
        }
        let view = machine.view();
        match &view {
            None | Some(LaunchState::Rejected { .. }) => {
                self.shown_gone = true;
                if self.cloud.ours() > 0 && !self.gave_up_uncertain && self.resends_told == 0 {
                    self.breaks(format!("shown as {view:?} although there is an agent"));
                }
            }
            Some(state) => {
                // Of two processes one may be behind until its store has refused it.
                let alone = self.processes[1].life == 0;
                if self.shown_gone && alone && !self.lied_at_first {
                    self.breaks(format!("was gone and is back as {state:?}"));
                }
                if let LaunchState::Confirmed { agent } = state
                    && !self.cloud.is_ours(agent)
                {
                    self.breaks("shown as confirmed without an agent");
                }
                if let LaunchState::NeedsDecision { .. } = state
                    && !self.processes[which].deciding
                {
                    self.processes[which].deciding = true;
                    let thinking = self.random.spread(500, 300_000);
                    self.after(thinking, Event::Decide(which));
                }
            }
        }
    }
}
