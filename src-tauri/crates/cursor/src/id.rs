//! Identifiers. What a caller types is checked strictly; what the server sends is only required to
//! be safe as a path segment, because its formats may change.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Longest identifier accepted from the server, in bytes.
const MAX_ID_BYTES: usize = 128;
/// Longest event identifier kept as a resume point, in bytes.
const MAX_EVENT_ID_BYTES: usize = 256;

/// The text is not an identifier of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form {expected}")]
pub struct InvalidId {
    /// The form that was expected, such as `bc-<uuid>`.
    pub expected: &'static str,
}

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the documented form only: the prefix, then a UUID of any version, in any case.
            ///
            /// # Errors
            ///
            /// [`InvalidId`]: the text has another form (API §1).
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                match text.strip_prefix($prefix) {
                    Some(rest) if is_uuid(rest) => Ok(Self(text.into())),
                    _ => Err(InvalidId { expected: concat!($prefix, "<uuid>") }),
                }
            }

            /// The identifier as the server writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether this has the documented form; one sent by the server may not.
            pub fn is_well_formed(&self) -> bool {
                self.0.strip_prefix($prefix).is_some_and(is_uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                if is_safe_segment(&text) {
                    Ok(Self(text.into()))
                } else {
                    Err(serde::de::Error::custom("an identifier that cannot be part of a path"))
                }
            }
        }
    };
}

identifier!(
    /// The identifier of an agent, `bc-<uuid>`. A caller may mint it before creating the agent.
    AgentId,
    "bc-"
);
identifier!(
    /// The identifier of a run, `run-<uuid>`, always given by the server.
    RunId,
    "run-"
);

/// The identifier of one event of a run's stream: opaque, only ever handed back to resume.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EventId(Box<str>);

impl EventId {
    /// Takes visible ASCII of 1 to 256 bytes; anything else could not travel back in a header.
    ///
    /// # Errors
    ///
    /// [`InvalidId`]: the text is empty, too long, or holds another character.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let fits = !text.is_empty() && text.len() <= MAX_EVENT_ID_BYTES;
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidId { expected: "<event id>" })
        }
    }

    /// The identifier as the server wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Letters, digits, `-` and `_` only: no dot segments, no slash, nothing to escape.
fn is_safe_segment(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID_BYTES
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agent_ids_follow_the_published_pattern() {
        let table = [
            ("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11", true),
            ("bc-6A1D7E52-0C55-7A0E-9D56-2F7B6F0F9A11", true), // any case, any UUID version
            ("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a1", false),
            ("bc-6a1d7e520c554a0e9d562f7b6f0f9a11", false),
            ("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a1g", false),
            ("run-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11", false),
            ("6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11", false),
            ("", false),
        ];
        for (text, good) in table {
            assert_eq!(AgentId::parse(text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn an_id_from_the_server_may_be_unusual_but_never_leaves_its_path_segment() {
        let table = [
            ("bc_abc123", true),
            ("..", false),
            ("a/b", false),
            ("", false),
            ("a%2Fb", false),
        ];
        for (text, good) in table {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(serde_json::from_str::<AgentId>(&json).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn an_event_id_that_cannot_be_a_header_is_no_resume_point() {
        assert!(EventId::parse("1791250392023-0").is_ok());
        for bad in ["", "a b", "a\r\nX: y", "é", &"x".repeat(257)] {
            assert_eq!(
                EventId::parse(bad),
                Err(InvalidId { expected: "<event id>" }),
                "{bad:?}"
            );
        }
    }
}
