//! The API key: checked once, never shown, wiped when dropped.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// Longest key accepted, in bytes. Keys of today have 69 to 71.
const MAX_KEY_BYTES: usize = 512;

/// An API key of a user or of a service account. It has no `Display` and no `Serialize` on purpose:
/// the only way out is the `Authorization` header.
#[derive(Clone)]
pub struct Key(Arc<Zeroizing<String>>);

/// Why a text cannot be a key. The text itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing is left after trimming.
    #[error("the key is empty")]
    Empty,
    /// More than 512 bytes.
    #[error("the key is too long")]
    TooLong,
    /// A control character, a space or a character outside ASCII: none of them can be part of a key.
    #[error("the key holds a character that no key has")]
    Character,
}

impl Key {
    /// Takes a key as people paste it: surrounding whitespace and quotes are dropped, because the
    /// server answers a stray one with "invalid key".
    ///
    /// # Errors
    ///
    /// [`KeyError`]: nothing, too much, or a character that no key has.
    pub fn new(text: &str) -> Result<Self, KeyError> {
        let is_wrapping = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’');
        let text = text.trim_matches(is_wrapping);
        if text.is_empty() {
            Err(KeyError::Empty)
        } else if text.len() > MAX_KEY_BYTES {
            Err(KeyError::TooLong)
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err(KeyError::Character)
        } else {
            Ok(Self(Arc::new(Zeroizing::new(text.to_owned()))))
        }
    }

    /// The last four characters, to tell keys apart; empty for a key too short to hide the rest.
    pub fn last_four(&self) -> String {
        let text = self.expose();
        if text.len() < 12 {
            String::new()
        } else {
            text[text.len() - 4..].to_owned()
        }
    }

    /// The key itself, for the one place that keeps it. Never print it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_key_is_trimmed_and_checked() {
        let long = "x".repeat(513);
        let table: [(&str, Result<&str, KeyError>); 8] = [
            ("crsr_0123456789abcdef", Ok("crsr_0123456789abcdef")),
            ("  \"crsr_0123456789abcdef\"\r\n", Ok("crsr_0123456789abcdef")),
            ("“crsr_0123456789abcdef”", Ok("crsr_0123456789abcdef")),
            ("", Err(KeyError::Empty)),
            (" '' ", Err(KeyError::Empty)),
            ("crsr_0123\n456789abcdef", Err(KeyError::Character)),
            ("crsr_é", Err(KeyError::Character)),
            (&long, Err(KeyError::TooLong)),
        ];
        for (text, expected) in table {
            assert_eq!(
                Key::new(text).as_ref().map(Key::expose),
                expected.as_ref().copied(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_key_shows_four_characters_at_most() {
        let key = Key::new("crsr_0123456789abcdef").unwrap();
        assert_eq!(
            (format!("{key:?}"), key.last_four()),
            ("<redacted>".to_owned(), "cdef".to_owned())
        );
        assert_eq!(
            Key::new("short").unwrap().last_four(),
            "",
            "four of five characters would be the key"
        );
    }
}
