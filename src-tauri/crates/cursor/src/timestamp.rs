//! Moments as the server writes them (RFC 3339), with or without milliseconds.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment, kept as sent: the text is the truth, the number is for comparing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The text as sent, such as `2026-04-13T18:30:00.000Z`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Milliseconds since 1970 in UTC; nothing when the text is not a moment (RFC 3339).
    pub fn unix_milliseconds(&self) -> Option<i64> {
        let moment = OffsetDateTime::parse(&self.0, &Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_moment_are_read() {
        let table = [
            ("2026-04-13T18:30:00.000Z", Some(1_776_105_000_000)), // v1
            ("2026-04-13T18:30:00Z", Some(1_776_105_000_000)),     // v0
            ("1970-01-01T00:00:00.001Z", Some(1)),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(Timestamp::from(text).unix_milliseconds(), expected, "{text}");
        }
    }
}
