//! What is done to the world of a follow-up, by its user and by misfortune.

use sendoff_core::machines::follow_up::{FollowUpChoice, FollowUpInput, FollowUpMachine};
use sendoff_core::model::FollowUpState;

use super::super::fault::Fault;
use super::{Event, FollowUpWorld, content};

impl FollowUpWorld {
    pub(super) fn key_is(&mut self, key: Option<&'static str>) {
        self.key = key;
        self.note(|_| format!("key of {key:?}"));
        self.input(FollowUpInput::AccountChanged {
            user: key.map(str::to_owned),
        });
    }

    pub(super) fn act(&mut self, fault: Fault) {
        self.note(|_| format!("* {fault:?}"));
        self.tally.met(fault);
        match fault {
            Fault::Kill if self.machine.is_some() => {
                let away = self.random.spread(10, 120_000);
                self.kill(away);
            }
            Fault::ClockForward => self.wall += 31_536_000_000,
            Fault::ClockBack => self.wall -= 31_536_000_000,
            Fault::NetworkOff => {
                self.network = false;
                let away = self.random.spread(500, 600_000);
                self.after(away, Event::NetworkOn);
            }
            Fault::KeyOther | Fault::KeyGone => {
                self.key_is((fault == Fault::KeyOther).then_some("bob"));
                let away = self.random.spread(500, 600_000);
                self.after(away, Event::KeyBack);
            }
            Fault::OtherRun => {
                self.create_run(false);
            }
            Fault::DoubleClick => {
                self.input(FollowUpInput::Begin);
            }
            Fault::DecidedUnasked if self.view() != Some(FollowUpState::NeedsDecision) => {
                self.input(FollowUpInput::Decided(FollowUpChoice::Send));
            }
            _ => {}
        }
    }

    /// Its user puts another before it, which is sent soon: only while it waits, in memory and on disk.
    pub(super) fn moved(&mut self) {
        let waits = matches!(self.view(), Some(FollowUpState::Queued | FollowUpState::Waiting { .. }));
        if !waits || !self.faulty || self.disk.sending() {
            return;
        }
        self.tally.met(Fault::Moved);
        let takes = self.random.spread(500, 120_000);
        self.elsewhere = self.now + takes;
        let goes = self.random.below(takes);
        self.after(goes, Event::OtherGoes);
        self.input(FollowUpInput::MustWait);
    }

    pub(super) fn edit(&mut self) {
        if self.machine.is_some() {
            let edit = self.rewritten();
            self.input(edit);
        }
    }

    /// Its owner wants other words.
    pub(super) fn rewritten(&mut self) -> FollowUpInput {
        self.wanted += 1;
        FollowUpInput::Edit(content(self.wanted))
    }

    pub(super) fn kill(&mut self, away: u64) {
        self.life += 1;
        self.machine = None;
        self.deciding = false;
        self.note(|_| "killed".to_owned());
        self.after(away, Event::Start);
    }

    pub(super) fn start(&mut self) {
        let Some(body) = self.disk.read() else { return };
        match serde_json::from_str::<FollowUpMachine>(body) {
            Ok(machine) => {
                // An edit that was not on disk yet went with the process.
                self.machine = Some(machine);
                self.wanted = self.version();
            }
            Err(error) => {
                self.breaks(format!("what was stored cannot be read: {error}"));
                return;
            }
        }
        self.note(|world| format!("starts with {:?}", world.machine));
        let user = self.key.map(str::to_owned);
        self.input(FollowUpInput::Started { user });
    }

    pub(super) fn decide(&mut self) {
        self.deciding = false;
        if self.view() != Some(FollowUpState::NeedsDecision) {
            return;
        }
        let choice = if self.random.percent(50) {
            self.told += 1;
            self.again = self.sent_at.last().map(|sent| (self.now, *sent));
            FollowUpChoice::Send
        } else {
            self.gave_up = true;
            FollowUpChoice::Drop
        };
        self.input(FollowUpInput::Decided(choice));
    }
}
