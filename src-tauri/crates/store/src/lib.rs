//! SQLite and blobs: drafts, launches, agents, events.
