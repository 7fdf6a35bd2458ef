//! The practice cloud over real sockets, asked by a small HTTP client that shares no code with it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

/// A raw HTTP/1.1 client and a parser for server-sent events.
#[path = "practice/client.rs"]
mod client;
/// Every fault shows what its name says.
#[path = "practice/faults.rs"]
mod faults;
/// Stories run to their ends, in order and with the right shapes.
#[path = "practice/lives.rs"]
mod lives;
/// Agents survive a restart, a damaged file is set aside.
#[path = "practice/restart.rs"]
mod restart;
/// Requests that break a rule are refused or at least recorded.
#[path = "practice/rules.rs"]
mod rules;
/// Streams: replay, resume, warm-up, heartbeats, retention.
#[path = "practice/streams.rs"]
mod streams;
/// The legacy API over the same agents, with its webhook.
#[path = "practice/version_0.rs"]
mod version_0;
