//! How long to wait: before a sending is tried again, and between two looks. Milliseconds throughout.
//! The random part is handed in, so that a machine stays a function of its inputs.

/// The longest wait that a `Retry-After` is believed for: ten minutes.
pub const LONGEST: u64 = 600_000;

/// How long a launch may wait here before its owner is asked whether it is still wanted: one hour.
pub const WAITED_LONG: u64 = 3_600_000;

/// How far the service's clock may be from what is believed of it, when something is matched by its time.
pub const SKEW: u64 = 120_000;

/// The first waits between looks after a sending without an answer; the last is repeated.
/// Four looks take about fifteen seconds, which outlasts the usual lag of reads.
const LOOKS: [u64; 8] = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000];

/// `2^tries` times `base`, at most `cap`, of which the random half is taken away by `jitter`.
pub(crate) fn backoff(base: u64, tries: u32, cap: u64, jitter: u32) -> u64 {
    let full = base.saturating_mul(1_u64 << tries.min(20)).min(cap).max(2);
    full / 2 + part(full / 2, jitter)
}

/// What the service asked for in seconds, or the backoff where it named nothing; never earlier than asked,
/// a little later so that not everybody comes back at once.
pub(crate) fn patience(retry_after: Option<u64>, tries: u32, jitter: u32) -> u64 {
    match retry_after {
        Some(seconds) => {
            let asked = seconds.saturating_mul(1_000).clamp(1_000, LONGEST);
            // A clock that is wrong makes a date mean nothing: however soon was asked, tries grow rarer.
            (asked + part(asked / 8, jitter)).max(backoff(1_000, tries, LONGEST, jitter))
        }
        None => backoff(30_000, tries, LONGEST, jitter),
    }
}

/// The wait before look number `looks` (from 0) of round `round` (from 0). Rounds after the sixth are slow.
pub(crate) fn before_look(round: u32, looks: u32, jitter: u32) -> u64 {
    let steps = LOOKS.len().saturating_sub(1);
    let base = LOOKS[(looks as usize).min(steps)];
    let base = if round > 6 {
        base.max(60_000_u64.saturating_mul(1 << (round - 6).min(4)))
            .min(LONGEST)
    } else {
        base
    };
    base + part(base / 4, jitter)
}

/// `jitter` as a fraction of the whole range, times `whole`.
pub(crate) fn part(whole: u64, jitter: u32) -> u64 {
    (u128::from(whole) * u128::from(jitter) / u128::from(u32::MAX)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let waits: Vec<_> = (0..6).map(|tries| backoff(2_000, tries, 60_000, u32::MAX)).collect();
        assert_eq!(
            waits,
            [2_000, 4_000, 8_000, 16_000, 32_000, 60_000],
            "the largest random part gives the full wait, capped"
        );
        assert_eq!(
            backoff(2_000, 0, 60_000, 0),
            1_000,
            "the smallest random part halves it"
        );
        assert_eq!(
            backoff(2_000, u32::MAX, 60_000, u32::MAX),
            60_000,
            "no number of tries overflows"
        );
    }

    #[test]
    fn retry_after_is_a_floor_and_absurd_values_are_capped() {
        assert_eq!(patience(Some(7), 0, 0), 7_000, "never earlier than asked");
        assert_eq!(patience(Some(u64::MAX), 0, 0), LONGEST, "a year is not waited for");
        assert_eq!(
            patience(Some(0), 0, 0),
            1_000,
            "zero would be a storm: at least a second"
        );
        assert!(patience(Some(0), 8, 0) > 60_000, "and each time longer");
    }

    #[test]
    fn late_rounds_are_slow() {
        assert_eq!(before_look(0, 0, 0), 1_000, "the first look comes soon");
        assert_eq!(before_look(7, 0, 0), 120_000, "the seventh round is slow");
        assert_eq!(
            before_look(u32::MAX, 99, 0),
            LONGEST,
            "and never slower than ten minutes"
        );
    }
}
