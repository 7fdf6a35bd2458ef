//! One row of each kind, and a store to put it in.

use sendoff_store::{
    AccountRow, AgentRow, ArtifactRow, DraftRow, EventRow, FollowUpRow, LaunchRow, RepositoryRow, RunRow, Store,
};
use tempfile::TempDir;

/// Text that would break a store that builds SQL or stops at a zero.
pub(crate) const NASTY: &str = "{\"text\":\"'); DROP TABLE drafts; -- \\u0000 \u{1F600} Grüße\u{0}after\"}";

pub(crate) fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

/// Closes the store and opens it again: what a restart of the program sees.
pub(crate) fn reopened(folder: &TempDir, store: Store) -> Store {
    drop(store);
    Store::open(folder.path()).unwrap()
}

pub(crate) fn account(id: &str, position: u32) -> AccountRow {
    AccountRow {
        id: id.to_owned(),
        position,
        body: NASTY.to_owned(),
    }
}

pub(crate) fn draft(id: &str, updated_at_ms: i64) -> DraftRow {
    DraftRow {
        id: id.to_owned(),
        account: None,
        updated_at_ms,
        body: NASTY.to_owned(),
    }
}

pub(crate) fn launch(id: &str, agent: Option<&str>, created_at_ms: i64) -> LaunchRow {
    LaunchRow {
        id: id.to_owned(),
        account: "work".to_owned(),
        agent: agent.map(str::to_owned),
        state: "queued".to_owned(),
        open: true,
        created_at_ms,
        updated_at_ms: created_at_ms,
        request: NASTY.to_owned(),
        body_sha256: None,
        body: "{}".to_owned(),
    }
}

pub(crate) fn follow_up(id: &str, agent: &str, position: u32) -> FollowUpRow {
    FollowUpRow {
        id: id.to_owned(),
        account: "work".to_owned(),
        agent: agent.to_owned(),
        position,
        state: "queued".to_owned(),
        open: true,
        created_at_ms: -1,
        body: NASTY.to_owned(),
    }
}

pub(crate) fn agent(account: &str, id: &str, updated_at_ms: i64) -> AgentRow {
    AgentRow {
        account: account.to_owned(),
        id: id.to_owned(),
        updated_at_ms,
        body: NASTY.to_owned(),
    }
}

pub(crate) fn run(account: &str, agent: &str, id: &str, created_at_ms: i64) -> RunRow {
    RunRow {
        account: account.to_owned(),
        agent: agent.to_owned(),
        id: id.to_owned(),
        created_at_ms,
        body: NASTY.to_owned(),
    }
}

pub(crate) fn event(position: u32, event_id: Option<&str>) -> EventRow {
    EventRow {
        position,
        event_id: event_id.map(str::to_owned),
        kind: "assistant".to_owned(),
        body: NASTY.to_owned(),
    }
}

pub(crate) fn repository(account: &str, url: &str) -> RepositoryRow {
    RepositoryRow {
        account: account.to_owned(),
        url: url.to_owned(),
        body: NASTY.to_owned(),
    }
}

pub(crate) fn artifact(account: &str, path: &str, hash: Option<&str>) -> ArtifactRow {
    ArtifactRow {
        account: account.to_owned(),
        agent: "bc-1".to_owned(),
        run: "run-1".to_owned(),
        path: path.to_owned(),
        updated_at: "2026-11-24T00:00:00Z".to_owned(),
        hash: hash.map(str::to_owned),
        body: NASTY.to_owned(),
    }
}
