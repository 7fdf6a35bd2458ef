//! What is said about money: how it is read, what a run usually costs, which limit was reached, when a run is told.

use crate::model::{AlarmBy, Estimate, LimitReached, SpendingRules, Time};

/// No estimate is made of fewer runs.
const FEWEST: usize = 3;
/// The largest amount that is believed, in millionths of a dollar: a million dollars.
const MONEY: u64 = 1_000_000_000_000;
/// The largest number of tokens that is believed.
const TOKENS: u64 = 1_000_000_000_000;
/// The longest time of an alarm, in seconds: a week.
const SECONDS: u64 = 604_800;
/// Between two looks at what a run uses, in milliseconds.
const LOOK: u64 = 60_000;

/// Cents with fractions, as the service tells them, in millionths of a dollar; none for what is no amount of money.
pub fn micros(cents: f64) -> Option<u64> {
    let micros = (cents * 10_000.0).round();
    // An unsigned zero, and nothing that is not a number, is below or beyond it.
    (micros >= 0.0 && micros <= MONEY as f64).then_some(micros as u64)
}

/// A number of tokens as far as it is believed.
pub fn tokens(told: u64) -> u64 {
    told.min(TOKENS)
}

/// When money was spent: when its run was made, and for a run that is not in the list of an agent's newest, when the agent
/// was, where that is known. Whatever they say, not later than now.
pub fn made_at(run: Option<Time>, agent: Time, now: Time) -> Time {
    run.unwrap_or(if agent == 0 { now } else { agent }).min(now)
}

/// The model of each run of an agent, oldest first, from those that their prompts named: one that named none has the one
/// before it, for a switch stays (API §6.2). `first` is the one it was started with, where that is known.
pub fn models(first: Option<&String>, named: &[Option<String>]) -> Vec<Option<String>> {
    let mut used = first.cloned();
    named
        .iter()
        .map(|named| {
            if named.is_some() {
                used.clone_from(named);
            }
            used.clone()
        })
        .collect()
}

/// What a run usually costs: the middle of those of the same repository and model, or else of the repository.
pub fn estimate(same: &[u64], repository: &[u64]) -> Option<Estimate> {
    let of = |costs: &[u64], same_model| {
        Some(Estimate {
            micros: median(costs)?,
            runs: costs.len() as u64,
            same_model,
        })
    };
    of(same, true).or_else(|| of(repository, false))
}

fn median(costs: &[u64]) -> Option<u64> {
    if costs.len() < FEWEST {
        return None;
    }
    let mut sorted = costs.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(lower.midpoint(upper))
}

/// The limit, once what was spent has reached it.
pub fn reached(spent: u64, limit: Option<u64>) -> Option<LimitReached> {
    limit
        .filter(|limit| spent >= *limit)
        .map(|limit| LimitReached { spent, limit })
}

/// The rules within bounds: what is nothing is off.
pub fn bounded(rules: SpendingRules) -> SpendingRules {
    let within = |value: Option<u64>, most: u64| value.filter(|value| *value > 0).map(|value| value.min(most));
    SpendingRules {
        day_limit: within(rules.day_limit, MONEY),
        week_limit: within(rules.week_limit, MONEY),
        alarm_seconds: within(rules.alarm_seconds, SECONDS),
        alarm_tokens: within(rules.alarm_tokens, TOKENS),
        alarm_micros: within(rules.alarm_micros, MONEY),
        alarm_stops: rules.alarm_stops,
    }
}

/// What is known of a run under way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunFacts {
    /// How long it has worked, in milliseconds by the service's clock.
    pub worked: u64,
    /// The tokens it has used, as far as is known.
    pub tokens: u64,
    /// What it has cost in millionths of a dollar, as far as is known.
    pub micros: u64,
}

/// What a run went past, if anything.
pub fn alarm(rules: &SpendingRules, facts: RunFacts) -> Option<AlarmBy> {
    let past = |rule: Option<u64>, value: u64| rule.is_some_and(|rule| value >= rule);
    if past(rules.alarm_micros, facts.micros) {
        Some(AlarmBy::Money)
    } else if past(rules.alarm_tokens, facts.tokens) {
        Some(AlarmBy::Tokens)
    } else if past(rules.alarm_seconds, facts.worked / 1_000) {
        Some(AlarmBy::Time)
    } else {
        None
    }
}

/// Whether the service has to be asked what a run uses.
pub fn asks_usage(rules: &SpendingRules) -> bool {
    rules.alarm_tokens.is_some() || rules.alarm_micros.is_some()
}

/// When a run that worked so long is looked at again, in milliseconds from now; never without an alarm.
pub fn next_look(rules: &SpendingRules, worked: u64) -> Option<u64> {
    let time = rules
        .alarm_seconds
        .map(|seconds| seconds.saturating_mul(1_000).saturating_sub(worked).max(1_000));
    let usage = asks_usage(rules).then_some(LOOK);
    // The clock of the service tells seconds, and may be set meanwhile.
    [time.map(|wait| wait.min(LOOK)), usage].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Costs with the same model, costs in the repository, what is expected, and why.
    type Case<'a> = (&'a [u64], &'a [u64], Option<Estimate>, &'a str);

    #[test]
    fn a_run_has_the_model_it_named_or_else_the_one_before_it() {
        let some = |model: &str| Some(model.to_owned());
        let named = [None, some("fast"), None, some("deep"), None];
        let used = |first: Option<String>| {
            let after = [some("fast"), some("fast"), some("deep"), some("deep")];
            [vec![first], after.to_vec()].concat()
        };
        for first in [None, some(""), some("slow")] {
            assert_eq!(models(first.as_ref(), &named), used(first), "a switch stays");
        }
        assert_eq!(models(None, &[]), Vec::<Option<String>>::new());
    }

    #[test]
    fn cents_become_whole_millionths_and_what_is_no_money_is_none() {
        let cases = [
            (8.08, Some(80_800), "as in the documentation"),
            (0.0, Some(0), "within the plan"),
            (-0.0, Some(0), "nothing, however it is written"),
            (0.000_04, Some(0), "less than a millionth"),
            (0.6, Some(6_000), "less than a cent"),
            (100_000_000.0, Some(1_000_000_000_000), "the most that is believed"),
            (100_000_001.0, None, "nobody has that"),
            (-2.5, None, "nothing is paid back"),
            (f64::NAN, None, "no number"),
            (f64::INFINITY, None, "no number"),
        ];
        for (cents, expected, why) in cases {
            assert_eq!(micros(cents), expected, "{cents}: {why}");
        }
        assert_eq!((tokens(7), tokens(u64::MAX)), (7, TOKENS));
    }

    #[test]
    fn money_is_spent_when_its_run_was_made_and_never_in_the_future() {
        let cases = [
            (Some(70), 50, 70, "the run says it"),
            (None, 50, 50, "older than the newest hundred: not spent today"),
            (None, 0, 100, "nobody knows"),
            (Some(900), 50, 100, "a clock that runs ahead"),
            (None, 900, 100, "of the agent as well"),
        ];
        for (run, agent, expected, why) in cases {
            assert_eq!(made_at(run, agent, 100), expected, "{why}");
        }
    }

    #[test]
    fn an_estimate_is_the_middle_of_three_or_more() {
        let of = |micros, runs, same_model| {
            Some(Estimate {
                micros,
                runs,
                same_model,
            })
        };
        let cases: [Case<'_>; 6] = [
            (&[], &[], None, "no past, no estimate"),
            (&[1, 2], &[1, 2], None, "two say nothing"),
            (
                &[9, 1, 2],
                &[9, 1, 2, 50],
                of(2, 3, true),
                "one that was dear moves nothing",
            ),
            (&[4, 1, 2, 9], &[], of(3, 4, true), "between the two in the middle"),
            (
                &[7, 8],
                &[7, 8, 100],
                of(8, 3, false),
                "the repository where the model is new",
            ),
            (
                &[u64::MAX, u64::MAX, u64::MAX, u64::MAX],
                &[],
                of(u64::MAX, 4, true),
                "no sum is made that could overflow",
            ),
        ];
        for (same, repository, expected, why) in cases {
            assert_eq!(estimate(same, repository), expected, "{why}");
        }
    }

    #[test]
    fn a_limit_is_reached_at_itself_and_off_never_is() {
        let at = |spent| reached(spent, Some(5));
        let over = |spent| Some(LimitReached { spent, limit: 5 });
        assert_eq!([at(4), at(5), at(6)], [None, over(5), over(6)]);
        assert_eq!(reached(u64::MAX, None), None, "off");
    }

    #[test]
    fn rules_are_bounded_and_nothing_is_off() {
        let all = |value| SpendingRules {
            day_limit: Some(value),
            week_limit: Some(value),
            alarm_seconds: Some(value),
            alarm_tokens: Some(value),
            alarm_micros: Some(value),
            alarm_stops: true,
        };
        assert_eq!(
            bounded(all(0)),
            SpendingRules {
                alarm_stops: true,
                ..SpendingRules::default()
            },
            "a limit of nothing would always be reached"
        );
        assert_eq!(
            bounded(all(u64::MAX)),
            SpendingRules {
                day_limit: Some(MONEY),
                week_limit: Some(MONEY),
                alarm_seconds: Some(SECONDS),
                alarm_tokens: Some(TOKENS),
                alarm_micros: Some(MONEY),
                alarm_stops: true,
            }
        );
    }

    #[test]
    fn a_run_is_told_by_the_first_that_it_went_past_money_before_tokens_before_time() {
        let rules = SpendingRules {
            alarm_seconds: Some(60),
            alarm_tokens: Some(1_000),
            alarm_micros: Some(500_000),
            ..SpendingRules::default()
        };
        let facts = |worked, tokens, micros| RunFacts { worked, tokens, micros };
        let cases = [
            (facts(59_999, 999, 499_999), None, "just below all"),
            (facts(60_000, 999, 499_999), Some(AlarmBy::Time), "at the time"),
            (
                facts(60_000, 1_000, 0),
                Some(AlarmBy::Tokens),
                "tokens say more than time",
            ),
            (facts(u64::MAX, u64::MAX, u64::MAX), Some(AlarmBy::Money), "money most"),
        ];
        for (facts, expected, why) in cases {
            assert_eq!(alarm(&rules, facts), expected, "{why}");
        }
        assert_eq!(
            alarm(&SpendingRules::default(), facts(u64::MAX, u64::MAX, u64::MAX)),
            None,
            "without alarms nothing is told"
        );
    }

    #[test]
    fn a_run_is_looked_at_when_its_time_comes_and_at_most_once_a_minute_for_its_usage() {
        let timed = SpendingRules {
            alarm_seconds: Some(90),
            ..SpendingRules::default()
        };
        let counted = SpendingRules {
            alarm_tokens: Some(5),
            ..SpendingRules::default()
        };
        let cases = [
            (SpendingRules::default(), 0, None, "no alarm, no waking up"),
            (timed, 0, Some(60_000), "the service's clock may be set meanwhile"),
            (timed, 80_500, Some(9_500), "when its time comes"),
            (
                timed,
                95_000,
                Some(1_000),
                "never at once, or it would be looked at for ever",
            ),
            (counted, 0, Some(60_000), "once a minute"),
        ];
        for (rules, worked, expected, why) in cases {
            assert_eq!(next_look(&rules, worked), expected, "{why}");
        }
    }
}
