//! The states a keychain can be in that are not an answer. None holds a secret or a message of the system.

use crate::keychain::SECRET_LIMIT;

/// Why the keychain gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// There is no keychain: no session bus, no Secret Service on it, it went away during the call, or it has no
    /// default collection and could not make one.
    #[error("there is no keychain")]
    Absent,
    /// The keychain is locked and was not unlocked in time. The prompt of the system stays on the screen; once it is
    /// answered, the same call succeeds.
    #[error("the keychain is locked")]
    Locked,
    /// The user or the system refused.
    #[error("the keychain refused access")]
    Denied,
    /// No answer came in time. Whether a `store` or `remove` took effect is not known.
    #[error("the keychain did not answer within {after_ms} ms")]
    Silent {
        /// How long it was waited for, in milliseconds.
        after_ms: u64,
    },
    /// The secret is longer than the keychains of all systems hold, in bytes.
    #[error("the secret is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: u32,
    },
    /// More than one item matches the account, so none of them can be trusted.
    #[error("more than one item matches")]
    Ambiguous,
    /// Anything else.
    #[error("the keychain failed ({code})")]
    Other {
        /// A fixed word of this crate that says which kind of failure it was.
        code: &'static str,
    },
}

impl From<keyring::Error> for KeychainError {
    fn from(error: keyring::Error) -> Self {
        use keyring::Error;
        match error {
            Error::NoStorageAccess(cause) => crate::platform::state_of(cause.as_ref()).unwrap_or(Self::Denied),
            Error::PlatformFailure(cause) => {
                crate::platform::state_of(cause.as_ref()).unwrap_or(Self::Other { code: "platform" })
            }
            Error::TooLong(_, limit) => Self::TooLong {
                limit: limit.min(SECRET_LIMIT),
            },
            Error::Ambiguous(_) => Self::Ambiguous,
            Error::NoDefaultStore => Self::Absent,
            // The bytes these carry are dropped here and travel no further.
            Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
                Self::Other { code: "format" }
            }
            Error::Invalid(..) => Self::Other { code: "invalid" },
            Error::NotSupportedByStore(_) => Self::Other { code: "unsupported" },
            _ => Self::Other { code: "unknown" },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyring::Error;

    #[test]
    fn every_answer_of_the_library_has_a_named_state() {
        let strange = || Box::new(std::io::Error::other("canary"));
        let cases = [
            (Error::NoStorageAccess(strange()), KeychainError::Denied),
            (
                Error::PlatformFailure(strange()),
                KeychainError::Other { code: "platform" },
            ),
            (
                Error::TooLong("secret".into(), 100),
                KeychainError::TooLong { limit: 100 },
            ),
            (Error::Ambiguous(Vec::new()), KeychainError::Ambiguous),
            (Error::NoDefaultStore, KeychainError::Absent),
            (
                Error::BadEncoding(b"canary".to_vec()),
                KeychainError::Other { code: "format" },
            ),
            (
                Error::BadDataFormat(b"canary".to_vec(), strange()),
                KeychainError::Other { code: "format" },
            ),
            (
                Error::BadStoreFormat("canary".into()),
                KeychainError::Other { code: "format" },
            ),
            (
                Error::Invalid("user".into(), "canary".into()),
                KeychainError::Other { code: "invalid" },
            ),
            (
                Error::NotSupportedByStore("canary".into()),
                KeychainError::Other { code: "unsupported" },
            ),
        ];
        for (error, expected) in cases {
            let state = KeychainError::from(error);
            assert_eq!(state, expected);
            assert!(
                !format!("{state:?} {state}").contains("canary"),
                "nothing of the cause may travel: {state:?}"
            );
        }
    }
}
