//! Identifiers, each a type of its own so that one cannot be passed for another.

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

identifier!(
    /// One connected account, or the practice cloud.
    AccountId
);
identifier!(
    /// A draft: what the user has written and not sent.
    DraftId
);
identifier!(
    /// An attempt to create an agent. Stays the same when the agent's identifier has to be minted again.
    LaunchId
);
identifier!(
    /// The API's agent identifier, `bc-<uuid>` (API §1).
    AgentId
);
identifier!(
    /// The API's run identifier, `run-<uuid>` (API §1).
    RunId
);
identifier!(
    /// A follow-up that waits here or was sent from here.
    FollowUpId
);
identifier!(
    /// One block of a transcript, unique within its agent.
    BlockId
);
identifier!(
    #[derive(Default)]
    /// One picture of a draft or answer. Stays the same while its marks change.
    ShotId
);
