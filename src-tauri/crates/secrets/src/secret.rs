//! Bytes that are wiped from memory when they are dropped and never printed.

use std::fmt;

use zeroize::Zeroizing;

/// A secret. Wiped on drop; `Debug` shows nothing of it, not even its length.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Copy them nowhere that is not wiped.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Secret {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_exposed_only_when_asked() {
        let secret = Secret::from(b"canary-4711".as_slice());
        assert_eq!(
            (format!("{secret:?}").as_str(), secret.expose()),
            ("Secret(..)", b"canary-4711".as_slice())
        );
    }
}
