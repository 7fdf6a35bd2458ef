//! Waiting for a condition instead of a time.

use std::future::Future;
use std::time::{Duration, Instant};

/// Long enough for anything that a person would call immediate, on a slow and busy machine.
pub const SOON: Duration = Duration::from_secs(45);
/// Long enough for an agent to finish its work.
pub const LONG: Duration = Duration::from_mins(2);

/// How often a condition is looked at. Not a wait in itself.
pub(super) const LOOK: Duration = Duration::from_millis(40);

/// Waits until `look` finds something, and gives it. Panics, naming `what`, when the time is over.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, limit: Duration, mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < limit, "waited {limit:?} in vain: {what}");
        tokio::time::sleep(LOOK).await;
    }
}
