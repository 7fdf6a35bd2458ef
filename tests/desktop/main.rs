//! The real app in a real window. Each module is one journey; `README.md` lists the controls they use.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod answers;
mod background;
mod capture;
mod connection;
mod controls;
mod desk;
mod finding;
mod first_start;
mod hostile;
mod keyboard;
mod keys;
mod killed;
mod older_api;
mod overrides;
mod pictures;
mod pixels;
mod reading;
mod results;
mod stage_itself;
mod stories;
mod what_is_seen;
