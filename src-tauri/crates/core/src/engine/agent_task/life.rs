//! Hearing whether the followed run is alive, and asking its record once it is not heard of.

use std::time::Duration;

use tokio::time::Instant;

use super::AgentTask;
use crate::engine::standing;
use crate::machines::verdict::{Lack, Life, Sound, Verdict};
use crate::machines::watch::EventKind;
use crate::model::{RunState, Silence, Time};

impl AgentTask {
    /// Listens as if for the first time: to another run, or by another way. Nothing can be heard of what is only asked for.
    pub(super) fn listen_anew(&mut self) {
        let heard = self.following.is_some() && !self.polled && !self.older_api();
        self.life = heard.then(|| Life::new(self.steady()));
        self.judge();
    }

    /// Takes an event as a sign of life, if it is one: what was told before is none, nor is the first word of a link.
    pub(super) fn hear_event(&mut self, kind: EventKind, now: Time) {
        let sound = match kind {
            EventKind::Heartbeat => Sound::Heartbeat,
            EventKind::Content | EventKind::Result => Sound::News,
            _ => return,
        };
        self.last_sign = Some(now);
        self.hear(sound);
    }

    /// Takes what the record says.
    pub(super) fn hear_record(&mut self, state: RunState) {
        if self.polled {
            // Asking is all that shows it is there.
            self.last_sign = Some(self.engine.now());
        }
        if standing::is_over(state) {
            // What is still to come of it is read to its end; it is not at work any more.
            self.life = None;
            self.judge();
        } else {
            self.hear(Sound::Runs);
        }
    }

    /// Takes what was heard.
    pub(super) fn hear(&mut self, sound: Sound) {
        let now = self.steady();
        if let Some(life) = &mut self.life {
            life.hear(sound, now);
            self.judge();
        }
    }

    /// Judges whether it is alive, and asks its record where that is needed.
    pub(super) fn judge(&mut self) {
        let now = self.steady();
        let Some(life) = &mut self.life else {
            self.judged_next = None;
            return self.show_silence(None);
        };
        let judgement = life.judge(now);
        self.judged_next = judgement
            .wake_at
            .map(|at| Instant::now() + Duration::from_millis(at.saturating_sub(now)));
        let wall = self.engine.now();
        let silence = |lack: Lack, stuck| Silence {
            since: wall.saturating_sub(now.saturating_sub(lack.since)),
            beats: lack.beats,
            stuck,
        };
        self.show_silence(match judgement.verdict {
            Verdict::Working => None,
            Verdict::Quiet(lack) => Some(silence(lack, false)),
            Verdict::Stuck(lack) => Some(silence(lack, true)),
        });
        let asking = self
            .following
            .as_ref()
            .is_some_and(|following| following.asking.is_some());
        if judgement.ask && !asking && !self.get_run() {
            tracing::debug!("the record of a run that is not heard of cannot be asked for now");
        }
    }

    /// Shows another silence. The same one keeps its beginning, though the clock on the wall was set meanwhile.
    fn show_silence(&mut self, silence: Option<Silence>) {
        let silence = silence.map(|new| match self.silence {
            Some(shown) if shown.beats == new.beats => Silence {
                since: shown.since,
                ..new
            },
            _ => new,
        });
        if silence != self.silence {
            self.silence = silence;
            self.stale = true;
        }
    }

    pub(super) fn steady(&self) -> u64 {
        (self.engine.0.options.steady)().as_millis() as u64
    }
}
