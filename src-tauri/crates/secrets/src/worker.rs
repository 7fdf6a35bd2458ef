//! One thread that makes the calls of a keychain, one after the other, while its callers wait no longer than a limit.
//! A call that never returns keeps the thread; the calls behind it are answered by the limit, and dropped unmade.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::error::KeychainError;

type Job = Box<dyn FnOnce() + Send>;

pub(crate) struct Worker {
    limit: Duration,
    /// None until the first call: a program that never needs the keychain has no thread for it.
    jobs: Mutex<Option<Sender<Job>>>,
    /// Whether the call being made waits for the user to answer a prompt.
    waiting_for_user: Arc<AtomicBool>,
}

/// The call being made, as the code that makes it sees it.
pub(crate) struct Call {
    abandoned: Arc<AtomicBool>,
    waiting_for_user: Arc<AtomicBool>,
}

impl Call {
    /// Runs something that waits for the user. Returns nothing when the caller has gone meanwhile: what it was told
    /// then is that nothing happened, so nothing more may.
    pub(crate) fn wait_for_user<T>(&self, wait: impl FnOnce() -> T) -> Option<T> {
        self.waiting_for_user.store(true, Ordering::SeqCst);
        let value = wait();
        self.waiting_for_user.store(false, Ordering::SeqCst);
        (!self.abandoned.load(Ordering::SeqCst)).then_some(value)
    }
}

impl Worker {
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            jobs: Mutex::new(None),
            waiting_for_user: Arc::default(),
        }
    }

    /// Makes a call on the thread and waits for it, for the limit at most.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Call) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let abandoned = Arc::new(AtomicBool::new(false));
        let call = Call {
            abandoned: Arc::clone(&abandoned),
            waiting_for_user: Arc::clone(&self.waiting_for_user),
        };
        let (answer, wait) = mpsc::sync_channel(1);
        self.send(Box::new(move || {
            if call.abandoned.load(Ordering::SeqCst) {
                return;
            }
            // The libraries below may panic on what a service sends; that ends the call, not the thread.
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&call)));
            call.waiting_for_user.store(false, Ordering::SeqCst);
            // A caller that has gone needs no answer; a secret in it is wiped here.
            let _ = answer.send(outcome.unwrap_or(Err(KeychainError::Other { code: "panic" })));
        }))?;
        wait.recv_timeout(self.limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => {
                abandoned.store(true, Ordering::SeqCst);
                if self.waiting_for_user.load(Ordering::SeqCst) {
                    Err(KeychainError::Locked)
                } else {
                    Err(KeychainError::Silent {
                        after_ms: u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX),
                    })
                }
            }
            RecvTimeoutError::Disconnected => Err(KeychainError::Other { code: "thread" }),
        })
    }

    fn send(&self, job: Job) -> Result<(), KeychainError> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match jobs.take() {
            Some(sender) => sender,
            None => start()?,
        };
        let sent = sender.send(job);
        *jobs = Some(sender);
        sent.map_err(|_| KeychainError::Other { code: "thread" })
    }
}

/// Starts the thread. It ends when the worker is dropped and its last call returns; nothing waits for it.
fn start() -> Result<Sender<Job>, KeychainError> {
    let (sender, jobs) = mpsc::channel::<Job>();
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || jobs.into_iter().for_each(|job| job()))
        .map_err(|_| KeychainError::Other { code: "thread" })?;
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn an_answer_in_time_is_the_answer() {
        assert_eq!(Worker::new(LONG).run(|_| Ok(5)), Ok(5));
        assert_eq!(
            Worker::new(LONG).run(|_| Err::<(), _>(KeychainError::Ambiguous)),
            Err(KeychainError::Ambiguous)
        );
    }

    #[test]
    fn a_silent_call_ends_by_the_limit_and_those_behind_it_are_never_made() {
        let worker = Worker::new(SHORT);
        let (release, held) = channel::<()>();
        let (made, calls) = channel();
        let silent = Err(KeychainError::Silent { after_ms: 50 });
        assert_eq!(
            worker.run(move |_| Ok(held.recv().is_ok())),
            silent,
            "it waits for a release that does not come"
        );
        let behind = made.clone();
        assert_eq!(
            worker.run(move |_| Ok(behind.send("behind").is_ok())),
            silent,
            "the thread is taken"
        );
        release.send(()).unwrap();
        // The thread is free again some time after the release; asking until it answers needs no clock.
        while worker.run({
            let made = made.clone();
            move |_| Ok(made.send("after").is_ok())
        }) != Ok(true)
        {}
        assert_eq!(calls.recv(), Ok("after"), "the call whose caller had gone was skipped");
    }

    #[test]
    fn a_prompt_that_is_not_answered_is_a_locked_keychain_and_nothing_happens_later() {
        let worker = Worker::new(SHORT);
        let (release, held) = channel::<()>();
        let (went_on, outcome) = channel();
        let first = worker.run(move |call| {
            let answered = call.wait_for_user(|| held.recv().is_ok());
            went_on.send(answered).unwrap();
            Ok(())
        });
        assert_eq!(first, Err(KeychainError::Locked));
        assert_eq!(
            worker.run(|_| Ok(())),
            Err(KeychainError::Locked),
            "the prompt still stands, a second call is locked out too"
        );
        release.send(()).unwrap();
        assert_eq!(
            outcome.recv(),
            Ok(None),
            "the caller was told that it is locked, so the call must stop here"
        );
    }

    #[test]
    fn a_panic_below_ends_the_call_and_not_the_keychain() {
        let worker = Worker::new(LONG);
        assert_eq!(
            worker.run(|_| -> Result<(), _> { panic!("from a library") }),
            Err(KeychainError::Other { code: "panic" })
        );
        assert_eq!(worker.run(|_| Ok(1)), Ok(1));
    }
}
