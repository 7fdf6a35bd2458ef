//! The clock of the practice cloud: wall time that also follows tokio's (possibly paused) time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Milliseconds since 1970 that never run backwards against tokio's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    start_ms: u64,
    speed: f64,
}

impl Clock {
    pub(crate) fn new(speed: f64) -> Self {
        Self {
            start: Instant::now(),
            start_ms: wall_ms(),
            speed,
        }
    }

    /// The later of wall time and started-plus-elapsed: a suspended machine moves the first,
    /// a test with paused time moves the second.
    pub(crate) fn now_ms(&self) -> u64 {
        let elapsed = Instant::now().duration_since(self.start).as_millis() as u64;
        wall_ms().max(self.start_ms + elapsed)
    }

    /// A delay as the speed makes it: divided by the speed, none at all at speed 0.
    pub(crate) fn scaled(&self, milliseconds: u64) -> Duration {
        if self.speed <= 0.0 || milliseconds == 0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64(milliseconds as f64 / 1000.0 / self.speed)
    }

    /// Waits a scaled delay; returns at once when there is none.
    pub(crate) async fn wait(&self, milliseconds: u64) {
        let delay = self.scaled(milliseconds);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }
}

fn wall_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as u64)
}

/// `2026-04-13T18:30:00.000Z`, the timestamps of v1.
pub(crate) fn iso(ms: u64) -> String {
    let (year, month, day) = civil(ms / 86_400_000);
    let second = ms / 1000 % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        second / 3600,
        second / 60 % 60,
        second % 60,
        ms % 1000
    )
}

/// `2026-04-13T18:30:00Z`, the timestamps of v0, which have no milliseconds.
pub(crate) fn iso_seconds(ms: u64) -> String {
    let mut text = iso(ms);
    text.truncate(19);
    text.push('Z');
    text
}

/// `Mon, 13 Apr 2026 18:30:00 GMT`, the dates of HTTP headers.
pub(crate) fn http_date(ms: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let days = ms / 86_400_000;
    let (year, month, day) = civil(days);
    // 1 January 1970 was a Thursday.
    let (weekday, month) = (DAYS[(days % 7) as usize], MONTHS[(month - 1) as usize]);
    let time = &iso(ms)[11..19];
    format!("{weekday}, {day:02} {month} {year:04} {time} GMT")
}

/// Year, month and day of a day number since 1970 in the proleptic Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    // Years are counted from 1 March, so the leap day is the last day of a year.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_match_the_calendar() {
        // Values computed with `date -u -d`.
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_776_105_000_123), "2026-04-13T18:30:00.123Z");
        assert_eq!(iso(1_709_164_800_000), "2024-02-29T00:00:00.000Z", "leap day");
        assert_eq!(iso_seconds(1_776_105_000_123), "2026-04-13T18:30:00Z");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(1_776_105_000_123), "Mon, 13 Apr 2026 18:30:00 GMT");
        assert_eq!(http_date(1_709_164_800_000), "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    #[tokio::test(start_paused = true)]
    async fn speed_divides_delays_and_zero_removes_them() {
        assert_eq!(Clock::new(2.0).scaled(1000), Duration::from_millis(500));
        assert_eq!(Clock::new(0.0).scaled(1000), Duration::ZERO);
        let clock = Clock::new(1.0);
        let before = clock.now_ms();
        clock.wait(60_000).await;
        assert!(
            clock.now_ms() >= before + 60_000,
            "paused time moves the timestamps as well"
        );
    }
}
