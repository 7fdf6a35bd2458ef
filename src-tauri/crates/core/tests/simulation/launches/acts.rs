//! What is done to the world of a launch, by its user and by misfortune.

use sendoff_core::machines::launch::{Choice, LaunchInput, LaunchMachine};
use sendoff_core::model::{Decision, LaunchState};

use super::super::fault::Fault;
use super::{Event, OTHER, OWNER, World, YEAR};

impl World {
    pub(super) fn both(&mut self, input: &LaunchInput) {
        for which in 0..2 {
            self.input(which, input.clone());
        }
    }

    pub(super) fn key_back(&mut self) {
        let owner = self
            .processes
            .iter()
            .find_map(|process| process.machine.as_ref())
            .map(|machine| machine.user().to_owned());
        self.key = Some(match owner.as_deref() {
            Some(OTHER) => OTHER,
            _ => OWNER,
        });
        self.key_changed();
    }

    pub(super) fn key_changed(&mut self) {
        self.note(|world| format!("key of {:?}", world.key));
        let user = self.key.map(str::to_owned);
        self.both(&LaunchInput::AccountChanged { user });
    }

    pub(super) fn act(&mut self, fault: Fault) {
        self.note(|_| format!("* {fault:?}"));
        self.tally.met(fault);
        let which = usize::from(self.processes[1].machine.is_some() && self.random.percent(50));
        match fault {
            Fault::Kill if self.processes[which].machine.is_none() => {}
            Fault::Kill => {
                let away = self.random.spread(10, 120_000);
                self.kill(which, away);
            }
            Fault::Restore => {
                self.kill(0, 300_000);
                if self.processes[1].machine.is_some() {
                    self.kill(1, 300_000);
                }
                if self.disk.len() > 0 && self.disk.row {
                    let index = self.random.below(self.disk.len() as u64) as usize;
                    self.disk.restore(index);
                    self.shown_gone = false;
                    // What the backup has forgotten, taking it back cannot undo.
                    self.gave_up_uncertain |= self.cloud.ours() > 0 || !self.posts.is_empty();
                    // Nor can it be known that it was sent under another user, whose agents the owner cannot see.
                    self.resends_told += usize::from(self.sent_as_other);
                }
            }
            // Not while a backup is being put back, which takes its time.
            Fault::SecondProcess if self.processes[0].machine.is_some() && self.processes[1].life == 0 => {
                self.start(1);
            }
            Fault::ClockForward => self.wall += YEAR,
            Fault::ClockBack => self.wall -= YEAR,
            Fault::Suspend => {
                // Monotonic timers stand still, and connections are dead afterwards.
                let asleep = 8 * 3_600_000;
                for (at, _, event) in &mut self.events {
                    if !matches!(event, Event::Arrive { .. } | Event::LookArrives { .. }) {
                        *at += asleep;
                    }
                }
                self.asleep_until = self.now + asleep;
            }
            Fault::NetworkOff => {
                self.network = false;
                let away = self.random.spread(500, 5_000_000);
                self.after(away, Event::NetworkOn);
            }
            Fault::KeyOther | Fault::KeyGone => {
                self.key = (fault == Fault::KeyOther).then_some(OTHER);
                self.key_changed();
                let away = self.random.spread(500, 600_000);
                self.after(away, Event::KeyBack);
            }
            Fault::Undo => self.input(which, LaunchInput::Undo),
            Fault::SendNow => self.input(which, LaunchInput::SendNow),
            Fault::DoubleClick => self.input(which, LaunchInput::Begin),
            Fault::DecidedUnasked => {
                let view = self.processes[which].machine.as_ref().and_then(LaunchMachine::view);
                if !matches!(view, Some(LaunchState::NeedsDecision { .. })) {
                    self.input(which, LaunchInput::Decided(Choice::Send));
                }
            }
            _ => {}
        }
    }

    pub(super) fn kill(&mut self, which: usize, away: u64) {
        let process = &mut self.processes[which];
        process.life += 1;
        process.machine = None;
        process.deciding = false;
        process.not_before = 0;
        self.note(|_| format!("process {which} is killed"));
        if which == 0 {
            self.events.retain(|(_, _, event)| !matches!(event, Event::Start(_)));
            self.after(away, Event::Start(0));
        }
    }

    pub(super) fn start(&mut self, which: usize) {
        if self.processes[which].machine.is_some() {
            return;
        }
        let Some(body) = self.disk.read() else { return };
        let machine: LaunchMachine = match serde_json::from_str(body) {
            Ok(machine) => machine,
            Err(error) => {
                self.breaks(format!("what was stored cannot be read: {error}"));
                return;
            }
        };
        self.processes[which].life += 1;
        self.processes[which].writer += 2;
        self.processes[which].machine = Some(machine);
        self.note(|world| format!("process {which} starts with {:?}", world.processes[which].machine));
        let user = self.key.map(str::to_owned);
        self.input(which, LaunchInput::Started { user });
    }

    /// The user answers, sometimes after looking at the service's own page.
    pub(super) fn decide(&mut self, which: usize) {
        self.processes[which].deciding = false;
        let Some(machine) = &self.processes[which].machine else {
            return;
        };
        let Some(LaunchState::NeedsDecision { decision }) = machine.view() else {
            return;
        };
        // A launch that a restored backup has forgotten is sent under another user: only its owner could see the first.
        let forgotten = decision == Decision::DifferentUser && !self.posts.is_empty();
        let uncertain = !machine.can_undo() || forgotten;
        let choice = match &decision {
            Decision::CannotTell { candidates } => {
                let ours = candidates.iter().find(|candidate| self.cloud.is_ours(candidate));
                match ours {
                    Some(agent) if self.random.percent(70) => Choice::ItIs(agent.clone()),
                    _ => self.send_or_not(),
                }
            }
            _ => self.send_or_not(),
        };
        match choice {
            Choice::Send if uncertain => self.resends_told += 1,
            Choice::GiveBack if uncertain => self.gave_up_uncertain = true,
            _ => {}
        }
        self.processes[which].not_before = 0;
        self.input(which, LaunchInput::Decided(choice));
    }

    pub(super) fn send_or_not(&mut self) -> Choice {
        if self.random.percent(50) {
            Choice::Send
        } else {
            Choice::GiveBack
        }
    }
}
