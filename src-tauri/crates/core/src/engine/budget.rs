//! At most so many requests a minute per account, streams and sends apart (the service publishes no number; 20 is kept).

use std::collections::VecDeque;
use std::time::Duration;

/// The span the budget is for.
const SPAN: Duration = Duration::from_mins(1);

/// When requests were made. Pure: times are given, since any fixed start.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    made: VecDeque<Duration>,
}

impl Budget {
    /// A budget of `limit` requests in any minute.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            made: VecDeque::new(),
        }
    }

    /// Takes one request out of the budget at `now`; or says how long to wait before asking again.
    pub(crate) fn take(&mut self, now: Duration) -> Result<(), Duration> {
        while self.made.front().is_some_and(|made| now.saturating_sub(*made) >= SPAN) {
            self.made.pop_front();
        }
        match self.made.front() {
            Some(oldest) if self.made.len() >= self.limit => Err((*oldest + SPAN).saturating_sub(now)),
            _ => {
                self.made.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_than_the_limit() {
        let mut budget = Budget::new(3);
        let second = Duration::from_secs;
        let answers: Vec<_> = [0, 10, 20, 30, 60, 61, 70]
            .map(|at| budget.take(second(at)))
            .into_iter()
            .collect();
        let expected = vec![Ok(()), Ok(()), Ok(()), Err(second(30)), Ok(()), Err(second(9)), Ok(())];
        assert_eq!(
            answers, expected,
            "a place is free 60 s after the oldest of the last three"
        );
    }
}
