//! `Retry-After` (RFC 9110 §10.2.3): seconds or a date.

use std::time::{Duration, SystemTime};

/// Longest wait that is believed.
const LONGEST: Duration = Duration::from_hours(1);

/// The wait that a header asks for, an hour at most; a date in the past is no wait. The clock is handed
/// in because this decides and does not look.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value.parse().map_or(LONGEST, Duration::from_secs)
    } else {
        httpdate::parse_http_date(value)
            .ok()?
            .duration_since(now)
            .unwrap_or_default()
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_capped() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let seconds = |count| Some(Duration::from_secs(count));
        let table = [
            ("0", seconds(0)),
            (" 17 ", seconds(17)),
            ("99999", seconds(3600)),
            ("99999999999999999999999", seconds(3600)), // above any integer, still a long wait
            ("Sun, 06 Nov 1994 08:50:07 GMT", seconds(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", seconds(0)),
            ("Sat, 06 Nov 1999 08:49:07 GMT", seconds(3600)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, expected) in table {
            assert_eq!(retry_after(value, now), expected, "{value:?}");
        }
    }
}
