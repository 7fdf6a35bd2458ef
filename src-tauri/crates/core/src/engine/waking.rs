//! Noticing that the computer slept, or that the network is back: connections are dead then, and waiting is over.

use std::time::Duration;

use super::{Engine, mailbox::AgentMail, mailbox::LaunchMail};
use crate::machines::follow_up::FollowUpInput;
use crate::model::{AccountId, Time};

/// How often it is looked at.
const TICK: Duration = Duration::from_secs(5);
/// So much more than one tick has to be gone.
const GAP: Duration = Duration::from_secs(20);

impl Engine {
    /// Looks at both clocks now and then; where one ran on without the other, or without us, the computer slept.
    pub(crate) async fn notice_sleep(self) {
        let (mut wall, mut steady) = (self.now(), tokio::time::Instant::now());
        loop {
            tokio::time::sleep(TICK).await;
            let ticked = steady.elapsed();
            if slept(self.now().saturating_sub(wall), ticked) {
                self.resumed();
            }
            (wall, steady) = (self.now(), tokio::time::Instant::now());
        }
    }

    /// Looks for what happened meanwhile.
    pub(crate) fn resumed(&self) {
        self.mail_followers(&AgentMail::Resumed);
        let accounts = self.read(|world| world.accounts().to_vec());
        for account in accounts.iter().filter(|account| self.client(&account.id).is_some()) {
            self.sync_soon(&account.id);
            self.look_at_asking(&account.id);
        }
    }

    /// The service answered this account: if it could not be reached before, whatever waited for that goes on.
    pub(crate) fn reached(&self, account: &AccountId) {
        if self.edit(|world| world.set_online(account, true)) {
            self.mail_launches(account, &LaunchMail::Online);
            self.tell_follow_ups(account, &FollowUpInput::Online);
            self.mail_followers_of(account, &AgentMail::Reached);
            self.look_at_asking(account);
        }
    }
}

/// Whether the computer slept, by what the clock on the wall and the steady clock counted since the last tick. The steady
/// clock stands still in sleep on some systems and runs on in others. A wall clock that was set forward counts as sleep:
/// looking once more does no harm.
fn slept(wall: Time, ticked: Duration) -> bool {
    Duration::from_millis(wall) > ticked + GAP || ticked > TICK + GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_a_gap_in_either_clock() {
        let second = Duration::from_secs;
        let cases = [
            (5_100, second(5), false, "an ordinary tick"),
            (9_000, second(9), false, "a busy machine"),
            (3_605_000, second(5), true, "the steady clock stood still for an hour"),
            (3_605_000, second(3_605), true, "both ran on, and nobody ticked"),
            (0, second(5), false, "the clock on the wall was set back"),
        ];
        for (wall, ticked, expected, why) in cases {
            assert_eq!(slept(wall, ticked), expected, "{why}");
        }
    }
}
