//! How long to wait before asking again.

/// The longest wait that is grown into.
const CAP: u64 = 30_000;

/// The longest wait a server may ask for.
const RETRY_AFTER_CAP: u64 = 15 * 60_000;

/// Full jitter below 0.5 s, 1 s, 2 s … 30 s; once that has taken about a minute, from 30 s to 60 s,
/// so that a service that fails altogether is asked at most twice a minute.
pub(super) fn after(failures: u32, jitter: f64) -> u64 {
    if failures >= 6 {
        CAP + scale(CAP, jitter)
    } else {
        scale(doubling(failures, 500, CAP), jitter)
    }
}

/// `first`, doubled so many times, at most `cap`.
pub(super) fn doubling(times: u32, first: u64, cap: u64) -> u64 {
    first.saturating_mul(1 << times.min(20)).min(cap)
}

/// What the server asked for, capped, and up to a tenth more, so that not all come back at once.
pub(super) fn retry_after(asked: Option<u64>, jitter: f64) -> u64 {
    let asked = asked.unwrap_or(0).min(RETRY_AFTER_CAP);
    asked + scale(asked / 10, jitter)
}

/// A tenth less to a tenth more.
pub(super) fn spread(interval: u64, jitter: f64) -> u64 {
    interval - interval / 10 + scale(interval / 5, jitter)
}

fn scale(most: u64, jitter: f64) -> u64 {
    (most as f64 * jitter.clamp(0.0, 1.0)) as u64
}
