//! Every operation on rows comes back as it went in, and refuses what it must.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod fetched;
mod limit;
mod made;
mod samples;
mod spent;
