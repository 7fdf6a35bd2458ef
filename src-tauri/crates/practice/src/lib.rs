//! A Cursor cloud that runs on your own machine.
//!
//! It answers the Cloud Agents API (v1, and v0 over the same agents) on loopback, plays agents from
//! stories, checks every request against the API's rules, and misbehaves on demand.

#![expect(
    clippy::result_large_err,
    reason = "a refusal is a finished answer and is moved once per request"
)]

mod answer;
mod check;
mod clock;
mod cloud;
mod connection;
mod fault;
mod incoming;
mod options;
mod persistence;
mod picture;
mod picture_of_result;
mod practice;
mod received;
mod routes;
mod server;
mod state;
mod story;
mod webhook;
mod wire;

pub use fault::{Fault, UnknownFault};
pub use options::{AccountKind, Knobs, Options, Told, UsageBlock, User, WarmupStyle};
pub use persistence::Damaged;
pub use picture::Picture;
pub use practice::{AgentSnapshot, Practice, RunSnapshot, StartError};
pub use received::{Authorization, POLITE_PER_MINUTE, Received, Violation};
pub use state::Status;
pub use story::Kind;
