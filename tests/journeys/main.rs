//! Journeys: the core over a practice cloud on real sockets, without a window.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

/// Keys and their owners, the keychain, switching, removing.
mod accounts;
/// Pictures of the screen, and the drafts they go into.
mod captures;
/// A clock off by a year.
mod clocks;
/// A process of the core killed anywhere between paste, send and confirm.
mod killed;

/// A started engine with everything around it, and waiting for conditions.
mod stand;

/// How light pictures become, by the latest choice.
mod fitting;

/// Follow-ups that wait, are changed, removed or refused, and a restart in between.
mod follow_ups;

/// A key refused in the middle, a decision, Send pressed twice, a clock off by a year.
mod launches;

/// How the list is shown and what is pinned in it, over a restart.
mod list;

/// Another run of an agent, started and ended on another computer.
mod elsewhere;

/// Files too large to be kept or shown: saved, played, carried out of the window.
mod large_files;

/// Costs that are told late.
mod late_costs;

/// Draft, send, follow, result, follow-up, and all of it again after a restart.
mod main_flow;

/// Ends that happened elsewhere, refusals that pass, results by run, and what is kept of them.
mod following;

/// Every fault of a stream in the middle of the work, and thirty agents at once.
mod faulty;

/// Streams that are refused around the end of a run.
mod refused_streams;

/// An agent that is not heard of any more: quiet, then stuck, in the window and the tray.
mod silence;

/// A disk that is full while an agent works, and has room again.
mod full_disk;

/// Stopping: at once, refused, late, and told as it is.
mod stopping;

/// The shell's commands against the permission file.
mod permissions;

/// An account with the older API, from launch to stop.
mod older_api;

/// A step looked at closely, a conversation given away, a picture from elsewhere.
mod reading;

/// Words that lead to their place in a conversation.
mod searching;

/// Marks kept with a draft, drawn in before it is sent, and forgotten.
mod marks;

/// What runs cost: sums that last, estimates, limits, alarms, and an account that is told nothing.
mod spending;

/// Lost answers, refusals, a service that goes and comes back.
mod trouble;
