//! The name of a picture: the SHA-256 of its stored bytes.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Lower-case hexadecimal SHA-256 of the stored bytes: always 64 characters of `0-9a-f`, so it is safe as a file name
/// and in an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(String);

impl Hash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        Self(text)
    }

    /// Reads an untrusted text; `None` unless it is exactly 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        valid.then(|| Self(text.to_owned()))
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text was not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a picture hash")]
pub struct NotAHash;

impl TryFrom<String> for Hash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, NotAHash> {
        Self::parse(&text).ok_or(NotAHash)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digest() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::of(b"").to_string(), empty, "FIPS 180-4: the digest of no bytes");
        assert_eq!(Hash::parse(empty), Some(Hash::of(b"")));
    }

    #[test]
    fn untrusted_text_is_refused() {
        let good = Hash::of(b"x").to_string();
        for text in [
            "",
            "..",
            "../../etc/passwd",
            &good[1..],
            &good.to_uppercase(),
            &format!("{good}0"),
            &good.replace('b', "g"),
        ] {
            assert_eq!(Hash::parse(text), None, "{text:?} must not become a file name");
            let json = serde_json::to_string(text).unwrap();
            assert!(
                serde_json::from_str::<Hash>(&json).is_err(),
                "{text:?} must not come in by serde either"
            );
        }
        let json = serde_json::to_string(&Hash::of(b"x")).unwrap();
        assert_eq!(
            serde_json::from_str::<Hash>(&json).unwrap(),
            Hash::of(b"x"),
            "a hash is a plain string in JSON"
        );
    }
}
