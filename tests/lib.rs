//! What the test binaries share: the stage on which the real app is driven.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops at the first surprise and says where"
)]

#[cfg(target_os = "linux")]
mod desktop {
    pub mod person;
    pub mod stage;
}

#[cfg(target_os = "linux")]
pub use desktop::{person, stage};
