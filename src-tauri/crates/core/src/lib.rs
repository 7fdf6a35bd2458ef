//! Drafts, launches, following, notices: model, world, pure machines, engine.
