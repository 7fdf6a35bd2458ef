//! Processes that are killed, disks that are full or read-only, system calls that fail, power that goes:
//! what was said to be kept is kept.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod disk;
mod killed;
mod power;
mod script;
mod system_calls;
