//! The pure machines: `(state, input) -> (state, effects)`, with no waiting, clock, randomness or environment inside.

pub mod follow_up;
pub mod launch;
pub mod notice;
pub mod spending;
pub mod verdict;
pub mod watch;
