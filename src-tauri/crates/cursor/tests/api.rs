//! The client against a server: canned bytes for what goes wrong on the way, the practice cloud for what
//! the API does.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod api {
    mod artifacts;
    mod bodies;
    mod canned;
    mod clock;
    mod delivery;
    mod endpoints;
    mod following;
    mod refusals;
    mod repeats;
    mod support;
    mod version_0;
}
