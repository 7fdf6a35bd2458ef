//! One thread does all work on the disk, in the order it was asked for: a later save never loses to an earlier one.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use sendoff_store::{Store, StoreError};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&Store) + Send>;

/// The way to the disk.
#[derive(Clone)]
pub(crate) struct Disk {
    jobs: Sender<Job>,
}

impl Disk {
    /// Starts the thread. It ends when the last `Disk` is gone and all jobs are done.
    pub(crate) fn start(store: Arc<Store>) -> std::io::Result<Self> {
        let (jobs, queue) = channel::<Job>();
        std::thread::Builder::new().name("disk".to_owned()).spawn(move || {
            while let Ok(job) = queue.recv() {
                job(&store);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Does `work` after everything asked for before, and before everything asked for later; nobody waits for it.
    pub(crate) fn later(&self, work: impl FnOnce(&Store) + Send + 'static) {
        // With the thread gone there is nothing left to be done.
        drop(self.jobs.send(Box::new(work)));
    }

    /// Does `work` after everything asked for before, and gives its answer.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // Nobody waiting for the answer any more does not undo the work.
            drop(answer.send(work(store)));
        });
        if self.jobs.send(job).is_err() {
            return Err(StoreError::Busy);
        }
        answered.await.unwrap_or(Err(StoreError::Busy))
    }
}
