//! When a GET is repeated: jittered waits, the server's own wish, and a budget that keeps a bad hour from
//! becoming a flood.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Error;

/// How GETs are repeated. POST and DELETE never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often one call may be repeated.
    pub repeats: u32,
    /// The first wait is drawn from zero to this; each next one from twice as much.
    pub base: Duration,
    /// No drawn wait is longer.
    pub longest: Duration,
    /// When the server asks for more than this, the call fails at once and the caller decides.
    pub longest_asked: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            repeats: 3,
            base: Duration::from_millis(400),
            longest: Duration::from_secs(8),
            longest_asked: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Never repeats.
    pub const NEVER: Self = Self {
        repeats: 0,
        base: Duration::ZERO,
        longest: Duration::ZERO,
        longest_asked: Duration::ZERO,
    };

    /// How long to wait before repeating a GET that failed `failures` times with `error` last; nothing
    /// when it is not repeated. `draw` is between 0 and 1 (full jitter).
    pub(crate) fn wait(&self, failures: u32, error: &Error, draw: f64) -> Option<Duration> {
        if failures > self.repeats || !error.is_transient() {
            return None;
        }
        let ceiling = self
            .base
            .saturating_mul(1 << failures.saturating_sub(1).min(16))
            .min(self.longest);
        let jitter = ceiling.mul_f64(draw.clamp(0.0, 1.0));
        match error.retry_after() {
            Some(asked) if asked > self.longest_asked => None,
            // Not before the server's moment, and not all clients in the same moment.
            Some(asked) => Some(asked + jitter),
            None => Some(jitter),
        }
    }
}

/// Repeats that may still be made, shared by all clones of a client: ten at first, one more for every
/// ten successes.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<Mutex<u32>>);

const FULL: u32 = 100;
const REPEAT_COSTS: u32 = 10;

impl Budget {
    pub(crate) fn full() -> Self {
        Self(Arc::new(Mutex::new(FULL)))
    }

    /// Takes one repeat; false when none is left.
    pub(crate) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *left < REPEAT_COSTS {
            return false;
        }
        *left -= REPEAT_COSTS;
        true
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + 1).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;
    use crate::{Delivery, ErrorKind};

    fn refused(status: u16, body: &str, retry_after: Option<u64>) -> Error {
        let mut refusal = Refusal::read(status, body.as_bytes());
        refusal.retry_after = retry_after.map(Duration::from_secs);
        Error::refused(refusal)
    }

    #[test]
    fn what_is_repeated_and_when() {
        let policy = RetryPolicy::default();
        let exhausted = r#"{"error":{"code":"rate_limit_exceeded","message":"You've used all included Cloud Agent usage: Enable on-demand usage to continue using Cloud Agents"}}"#;
        let milliseconds = |count| Some(Duration::from_millis(count));
        let table = [
            ("first", 1, refused(503, "", None), 1.0, milliseconds(400)),
            ("second", 2, refused(503, "", None), 0.5, milliseconds(400)),
            ("third", 3, refused(503, "", None), 1.0, milliseconds(1_600)),
            ("no fourth", 4, refused(503, "", None), 1.0, None),
            (
                "full jitter reaches zero",
                1,
                refused(500, "", None),
                0.0,
                milliseconds(0),
            ),
            (
                "the server's wish comes first",
                1,
                refused(429, "", Some(7)),
                1.0,
                milliseconds(7_400),
            ),
            (
                "too long a wish is the caller's",
                1,
                refused(429, "", Some(60)),
                1.0,
                None,
            ),
            (
                "waiting does not refill a plan",
                1,
                refused(429, exhausted, None),
                1.0,
                None,
            ),
            ("408", 1, refused(408, "", None), 1.0, milliseconds(400)),
            ("not implemented stays so", 1, refused(501, "", None), 1.0, None),
            ("404", 1, refused(404, "", None), 1.0, None),
            ("409", 1, refused(409, "", None), 1.0, None),
            ("307", 1, refused(307, "", None), 1.0, None),
            (
                "offline",
                1,
                Error::new(ErrorKind::Connect, Delivery::NotSent),
                1.0,
                milliseconds(400),
            ),
            (
                "broken",
                1,
                Error::new(ErrorKind::Interrupted, Delivery::Unknown),
                1.0,
                milliseconds(400),
            ),
            (
                "nonsense stays nonsense",
                1,
                Error::new(ErrorKind::Undecodable, Delivery::Unknown),
                1.0,
                None,
            ),
        ];
        for (name, failures, error, draw, expected) in table {
            assert_eq!(policy.wait(failures, &error, draw), expected, "{name}");
        }
    }

    #[test]
    fn a_budget_ends_and_is_earned_back() {
        let budget = Budget::full();
        assert_eq!(
            (0..20).filter(|_| budget.take()).count(),
            10,
            "ten repeats without a success"
        );
        (0..10).for_each(|_| budget.earn());
        assert_eq!(
            (budget.take(), budget.take()),
            (true, false),
            "ten successes earn one repeat"
        );
    }
}
