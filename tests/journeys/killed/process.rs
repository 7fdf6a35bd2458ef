//! A process that is listened to and killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use sendoff_core::model::Draft;

use super::windowless::{Phase, Said};

/// How long a process may take to say the next thing.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process of the core. It is killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    said: Receiver<Said>,
    begun: Instant,
    phase: Phase,
    draft: Option<Draft>,
    /// How long each phase took that was seen to its end.
    pub(crate) lengths: BTreeMap<Phase, Duration>,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (say, said) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // The test runner speaks too, and a line cut by the kill was not said.
                if let Ok(said) = serde_json::from_str(&line)
                    && say.send(said).is_err()
                {
                    break;
                }
            }
        });
        Self {
            child,
            said,
            begun: Instant::now(),
            phase: Phase::Starting,
            draft: None,
            lengths: BTreeMap::new(),
        }
    }

    /// Waits until `phase` begins and `instant` more, and kills.
    pub(crate) fn kill_in(&mut self, phase: Phase, instant: Duration) {
        while self.phase < phase {
            let said = self.said.recv_timeout(PATIENCE);
            self.hear(said.unwrap_or_else(|error| panic!("{phase:?} never began after {:?}: {error}", self.phase)));
        }
        while self.begun.elapsed() < instant {
            std::hint::spin_loop();
        }
        self.kill();
        // What it said before it was killed, it had done.
        while let Ok(said) = self.said.recv() {
            self.hear(said);
        }
    }

    /// Lets it live for a moment, and kills.
    pub(crate) fn kill_after(mut self, instant: Duration) {
        let end = self.begun + instant;
        // Nobody needs what it says; reading it is only a way to wait.
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if let Err(RecvTimeoutError::Disconnected) = self.said.recv_timeout(left) {
                panic!("it ended by itself");
            }
        }
        self.kill();
    }

    /// The last phase that it said it began, with the draft as it then was on disk.
    pub(crate) fn last(&self) -> (Phase, Option<Draft>) {
        (self.phase, self.draft.clone())
    }

    /// Waits until it says something that is wanted, and kills.
    pub(crate) fn wait<T>(mut self, patience: Duration, mut wanted: impl FnMut(Said) -> Option<T>) -> Option<T> {
        let end = Instant::now() + patience;
        let mut found = None;
        while found.is_none()
            && let Some(left) = end.checked_duration_since(Instant::now())
            && let Ok(said) = self.said.recv_timeout(left)
        {
            found = wanted(said);
        }
        self.kill();
        found
    }

    fn hear(&mut self, said: Said) {
        if let Said::Begins(phase, draft) = said {
            self.lengths.insert(self.phase, self.begun.elapsed());
            self.begun = Instant::now();
            self.phase = phase;
            self.draft = draft;
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already; then there is nothing to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
