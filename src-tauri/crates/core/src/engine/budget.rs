//! At most so many requests a minute per account, streams and sends apart (the service publishes no number; 20 is kept).

use std::collections::VecDeque;
use std::time::Duration;

/// The span the budget is for.
const SPAN: Duration = Duration::from_mins(1);

/// When requests were made. Pure: times are given, since any fixed start.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    made: VecDeque<Duration>,
}

impl Budget {
    /// Takes one request at `now`, if at most `limit` (at least one) were made in the minute before it by then; or says
    /// how long to wait before asking again. Who leaves something to others asks with a lower limit.
    pub(crate) fn take(&mut self, now: Duration, limit: usize) -> Result<(), Duration> {
        let limit = limit.max(1);
        while self.made.front().is_some_and(|made| now.saturating_sub(*made) >= SPAN) {
            self.made.pop_front();
        }
        let over = self
            .made
            .len()
            .checked_sub(limit)
            .and_then(|index| self.made.get(index));
        match over {
            Some(made) => Err((*made + SPAN).saturating_sub(now)),
            None => {
                self.made.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::engine::tests::{options, prepared};
    use crate::model::AccountId;

    /// A clock that stands still as long as somebody works, and leaps to when the next wakes.
    fn paused_clock() -> Duration {
        static BEGUN: OnceLock<tokio::time::Instant> = OnceLock::new();
        BEGUN.get_or_init(tokio::time::Instant::now).elapsed()
    }

    #[test]
    fn no_minute_holds_more_than_the_limit() {
        let mut budget = Budget::default();
        let second = Duration::from_secs;
        let answers: Vec<_> = [0, 10, 20, 30, 60, 61, 70]
            .map(|at| budget.take(second(at), 3))
            .into_iter()
            .collect();
        let expected = vec![Ok(()), Ok(()), Ok(()), Err(second(30)), Ok(()), Err(second(9)), Ok(())];
        assert_eq!(
            answers, expected,
            "a place is free 60 s after the oldest of the last three"
        );
    }

    #[test]
    fn what_nobody_waits_for_leaves_half_of_it() {
        let mut budget = Budget::default();
        let second = Duration::from_secs;
        let behind: Vec<_> = (0..3).map(|at| budget.take(second(at), 2)).collect();
        assert_eq!(
            behind,
            vec![Ok(()), Ok(()), Err(second(58))],
            "two of four are for the list"
        );
        let page: Vec<_> = (3..6).map(|at| budget.take(second(at), 4)).collect();
        assert_eq!(
            page,
            vec![Ok(()), Ok(()), Err(second(55))],
            "an opened page goes at once, as long as the whole allows it"
        );
        assert_eq!(
            budget.take(second(60), 2),
            Err(second(3)),
            "the list waits until less than two of the last minute are left"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_has_its_turn_when_the_minute_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = options(&folder, Arc::new(|| Box::pin(async { Ok(()) })));
        (options.requests_per_minute, options.steady) = (4, paused_clock);
        let engine = prepared(options).await;
        let account = AccountId("somebody".to_owned());
        let begun = paused_clock();
        for _ in 0..2 {
            engine.afford_behind(&account).await;
        }
        let (behind, of) = (engine.clone(), account.clone());
        let third = tokio::spawn(async move {
            behind.afford_behind(&of).await;
            paused_clock()
        });
        tokio::task::yield_now().await;
        for _ in 0..2 {
            engine.afford(&account).await;
        }
        assert_eq!(paused_clock(), begun, "the other half is there at once");
        let waited = third.await.unwrap().saturating_sub(begun);
        assert_eq!(waited.as_secs(), 60, "and the third has to wait: {waited:?}");
    }
}
