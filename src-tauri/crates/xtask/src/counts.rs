//! How many checks passed and failed, read from the closing lines of each test runner.

use std::ops::AddAssign;

/// Passed and failed checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Checks that held.
    pub(crate) passed: u64,
    /// Checks that did not hold, or could not be made.
    pub(crate) failed: u64,
}

impl Counts {
    /// One check that held.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One check that did not hold.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// One check with this outcome.
    pub(crate) const fn of(held: bool) -> Self {
        if held { Self::PASSED } else { Self::FAILED }
    }

    /// The counts of a runner that ended well or badly. A runner that failed without naming a
    /// failed test counts as one failure, and so does one that ran nothing.
    pub(crate) const fn of_runner(success: bool, read: Option<Self>) -> Self {
        match read {
            Some(read) if success == (read.failed == 0) && read.passed + read.failed > 0 => read,
            Some(read) => Self {
                passed: read.passed,
                failed: read.failed + 1,
            },
            None => Self::FAILED,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads the summary of `cargo nextest`:
/// `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
/// Skipped ones were filtered out by us and count as nothing.
pub(crate) fn nextest(text: &str) -> Option<Counts> {
    let line = text
        .lines()
        .rfind(|line| line.contains("tests run:") || line.contains("test run:"))?;
    let (_, outcomes) = line.split_once("run:")?;
    let mut counts = Counts::default();
    for part in outcomes.split(',') {
        let mut words = part.split_whitespace();
        let number: u64 = words.next()?.parse().ok()?;
        match words.next()? {
            "passed" => counts.passed += number,
            "skipped" => {}
            // "failed", "timed out", "exec failed", and any end that nextest may learn to name.
            _ => counts.failed += number,
        }
    }
    Some(counts)
}

/// Reads the JSON report of Vitest.
pub(crate) fn vitest(report: &str) -> Option<Counts> {
    let report: serde_json::Value = serde_json::from_str(report).ok()?;
    let number = |name: &str| report.get(name).and_then(serde_json::Value::as_u64);
    Some(Counts {
        passed: number("numPassedTests")?,
        failed: number("numFailedTests")? + number("numPendingTests")? + number("numTodoTests")?,
    })
}

/// Reads a plain closing line, `12 passed, 0 failed`.
pub(crate) fn plain(text: &str) -> Option<Counts> {
    text.lines().rev().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [passed, "passed,", failed, "failed"] => Some(Counts {
                passed: passed.parse().ok()?,
                failed: failed.parse().ok()?,
            }),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_counts_each_end() {
        let cases = [
            (
                "     Summary [   0.012s] 3 tests run: 3 passed, 2 skipped",
                Counts { passed: 3, failed: 0 },
            ),
            (
                "     Summary [   0.012s] 1 test run: 1 passed, 0 skipped",
                Counts { passed: 1, failed: 0 },
            ),
            (
                "  Summary [ 9.1s] 12 tests run: 9 passed (2 slow), 2 failed, 1 timed out, 0 skipped",
                Counts { passed: 9, failed: 3 },
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(nextest(line), Some(expected), "{line}");
        }
        assert_eq!(nextest("error: could not compile"), None, "no summary is no count");
    }

    #[test]
    fn vitest_counts_what_was_left_out_as_failed() {
        let report = r#"{"numPassedTests":5,"numFailedTests":1,"numPendingTests":1,"numTodoTests":0}"#;
        assert_eq!(
            vitest(report),
            Some(Counts { passed: 5, failed: 2 }),
            "a skipped test is no pass"
        );
        assert_eq!(vitest("{}"), None, "an unknown report is no count");
    }

    #[test]
    fn a_plain_line_is_counted() {
        let expected = Some(Counts { passed: 11, failed: 2 });
        assert_eq!(plain("ok  a\n11 passed, 2 failed\n\n"), expected, "the last such line");
        assert_eq!(plain("all is well"), None, "no line is no count");
    }

    #[test]
    fn a_runner_cannot_pass_by_silence() {
        let three = Counts { passed: 3, failed: 0 };
        let cases = [
            (true, Some(three), three, "what it said holds"),
            (true, None, Counts::FAILED, "it said nothing"),
            (true, Some(Counts::default()), Counts::FAILED, "it ran nothing"),
            (
                false,
                Some(three),
                Counts { passed: 3, failed: 1 },
                "it failed without naming a test",
            ),
            (
                false,
                Some(Counts { passed: 1, failed: 2 }),
                Counts { passed: 1, failed: 2 },
                "it named them",
            ),
        ];
        for (success, read, expected, why) in cases {
            assert_eq!(Counts::of_runner(success, read), expected, "{why}");
        }
    }
}
