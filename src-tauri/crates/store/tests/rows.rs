//! Every operation on rows comes back as it went in, and refuses what it must.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sendoff_store::{
    AccountRow, AgentRow, ArtifactRow, BODY_LIMIT, DraftRow, EventRow, FollowUpRow, FollowUpUpdate,
    LaunchRow, LaunchUpdate, RepositoryRow, RunRow, Store, StoreError,
};
use tempfile::TempDir;

/// Text that would break a store that builds SQL or stops at a zero.
const NASTY: &str = "{\"text\":\"'); DROP TABLE drafts; -- \\u0000 \u{1F600} Grüße\u{0}after\"}";

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

/// Closes the store and opens it again: what a restart of the program sees.
fn reopened(folder: &TempDir, store: Store) -> Store {
    drop(store);
    Store::open(folder.path()).unwrap()
}

fn account(id: &str, position: u32) -> AccountRow {
    AccountRow {
        id: id.to_owned(),
        position,
        body: NASTY.to_owned(),
    }
}

fn draft(id: &str, updated_at_ms: i64) -> DraftRow {
    DraftRow {
        id: id.to_owned(),
        account: None,
        updated_at_ms,
        body: NASTY.to_owned(),
    }
}

fn launch(id: &str, agent: Option<&str>, created_at_ms: i64) -> LaunchRow {
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

fn follow_up(id: &str, agent: &str, position: u32) -> FollowUpRow {
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

fn agent(account: &str, id: &str, updated_at_ms: i64) -> AgentRow {
    AgentRow {
        account: account.to_owned(),
        id: id.to_owned(),
        updated_at_ms,
        body: NASTY.to_owned(),
    }
}

fn run(account: &str, agent: &str, id: &str, created_at_ms: i64) -> RunRow {
    RunRow {
        account: account.to_owned(),
        agent: agent.to_owned(),
        id: id.to_owned(),
        created_at_ms,
        body: NASTY.to_owned(),
    }
}

fn event(position: u32, event_id: Option<&str>) -> EventRow {
    EventRow {
        position,
        event_id: event_id.map(str::to_owned),
        kind: "assistant".to_owned(),
        body: NASTY.to_owned(),
    }
}

fn repository(account: &str, url: &str) -> RepositoryRow {
    RepositoryRow {
        account: account.to_owned(),
        url: url.to_owned(),
        body: NASTY.to_owned(),
    }
}

fn artifact(account: &str, path: &str, hash: Option<&str>) -> ArtifactRow {
    ArtifactRow {
        account: account.to_owned(),
        agent: "bc-1".to_owned(),
        path: path.to_owned(),
        updated_at: "2026-11-24T00:00:00Z".to_owned(),
        hash: hash.map(str::to_owned),
        body: NASTY.to_owned(),
    }
}

#[test]
fn settings_are_replaced_by_key() {
    let (folder, store) = store();
    assert_eq!(store.setting("theme"), Ok(None));
    store.put_setting("theme", "\"light\"").unwrap();
    store.put_setting("theme", NASTY).unwrap();
    store.put_setting("other", "1").unwrap();
    let store = reopened(&folder, store);
    assert_eq!(store.setting("theme"), Ok(Some(NASTY.to_owned())));
    assert_eq!(
        (store.delete_setting("theme"), store.delete_setting("theme")),
        (Ok(()), Ok(()))
    );
    assert_eq!(
        (store.setting("theme"), store.setting("other")),
        (Ok(None), Ok(Some("1".to_owned())))
    );
}

#[test]
fn accounts_come_by_position_and_replacing_one_keeps_what_belongs_to_it() {
    let (folder, store) = store();
    store.put_account(&account("work", 1)).unwrap();
    store.put_account(&account("home", 0)).unwrap();
    store.put_agents(&[agent("work", "bc-1", 1)]).unwrap();
    store
        .put_account(&AccountRow {
            body: "new".to_owned(),
            ..account("work", 2)
        })
        .unwrap();
    let store = reopened(&folder, store);
    let expected = vec![
        account("home", 0),
        AccountRow {
            body: "new".to_owned(),
            ..account("work", 2)
        },
    ];
    assert_eq!(store.accounts(), Ok(expected));
    assert_eq!(store.agents("work"), Ok(vec![agent("work", "bc-1", 1)]));
}

#[test]
fn an_account_goes_with_what_can_be_fetched_again_and_leaves_what_the_user_made() {
    let (_folder, store) = store();
    for id in ["work", "home"] {
        store.put_account(&account(id, 0)).unwrap();
        store.put_agents(&[agent(id, "bc-1", 1)]).unwrap();
        store.put_runs(&[run(id, "bc-1", "run-shared", 1)]).unwrap();
        store
            .put_repositories(&[repository(id, "https://example.com/a")])
            .unwrap();
        store.put_artifacts(&[artifact(id, "a.png", None)]).unwrap();
    }
    store
        .put_runs(&[run("work", "bc-1", "run-own", 2)])
        .unwrap();
    store
        .append_events("bc-1", "run-shared", &[event(0, None)])
        .unwrap();
    store
        .append_events("bc-1", "run-own", &[event(0, None)])
        .unwrap();
    store
        .put_draft(&DraftRow {
            account: Some("work".to_owned()),
            ..draft("draft", 1)
        })
        .unwrap();
    store
        .queue_launch(&launch("launch", None, 1), None)
        .unwrap();
    store
        .queue_follow_up(&follow_up("follow-up", "bc-1", 0), None)
        .unwrap();

    store.delete_account("work").unwrap();
    assert_eq!(
        store.delete_account("work"),
        Ok(()),
        "removing twice is no error"
    );

    assert_eq!(store.accounts(), Ok(vec![account("home", 0)]));
    assert_eq!(
        (
            store.agents("work"),
            store.runs("work", "bc-1"),
            store.repositories("work"),
            store.artifacts("work", "bc-1")
        ),
        (Ok(vec![]), Ok(vec![]), Ok(vec![]), Ok(vec![]))
    );
    assert_eq!(
        (
            store.event_count("run-own"),
            store.event_count("run-shared")
        ),
        (Ok(0), Ok(1)),
        "the other account still shows the run both saw"
    );
    assert_eq!(store.drafts().map(|rows| rows.len()), Ok(1));
    assert_eq!(store.launches(), Ok(vec![launch("launch", None, 1)]));
    assert_eq!(
        store.follow_ups(),
        Ok(vec![follow_up("follow-up", "bc-1", 0)])
    );
    assert_eq!(store.integrity_check(), Ok(()));
}

#[test]
fn drafts_come_newest_first() {
    let (folder, store) = store();
    store.put_draft(&draft("old", 1)).unwrap();
    store.put_draft(&draft("new", 2)).unwrap();
    let moved = DraftRow {
        account: Some("work".to_owned()),
        ..draft("old", 3)
    };
    store.put_draft(&moved).unwrap();
    let store = reopened(&folder, store);
    assert_eq!(store.drafts(), Ok(vec![moved.clone(), draft("new", 2)]));
    assert_eq!(
        (store.draft("old"), store.draft("none")),
        (Ok(Some(moved)), Ok(None))
    );
    assert_eq!(
        (store.delete_draft("old"), store.delete_draft("old")),
        (Ok(()), Ok(()))
    );
    assert_eq!(store.drafts(), Ok(vec![draft("new", 2)]));
}

#[test]
fn queueing_a_launch_takes_its_draft_in_the_same_transaction_or_neither() {
    let (folder, store) = store();
    for id in ["kept", "taken", "third"] {
        store.put_draft(&draft(id, 1)).unwrap();
    }
    let first = launch("first", Some("bc-1"), 1);
    let second = launch("second", None, 2);
    let third = launch("third", None, 3);
    store.queue_launch(&first, Some("taken")).unwrap();
    store.queue_launch(&second, None).unwrap();
    assert_eq!(
        store.queue_launch(&third, None),
        Ok(()),
        "any number of launches may have no agent yet"
    );
    assert_eq!(
        store.queue_launch(&launch("fourth", Some("bc-1"), 4), Some("kept")),
        Err(StoreError::Conflict),
        "an agent has one launch"
    );
    assert_eq!(
        store.queue_launch(&launch("first", None, 4), Some("kept")),
        Err(StoreError::Conflict)
    );
    let store = reopened(&folder, store);
    assert_eq!(store.launches(), Ok(vec![first, second, third]));
    assert_eq!(
        store.drafts(),
        Ok(vec![draft("kept", 1), draft("third", 1)]),
        "a refused launch leaves its draft"
    );
}

#[test]
fn updating_a_launch_changes_all_but_what_is_final() {
    let (folder, store) = store();
    store.queue_launch(&launch("first", None, 1), None).unwrap();
    store
        .queue_launch(&launch("second", Some("bc-2"), 2), None)
        .unwrap();
    let update = LaunchUpdate {
        agent: Some("bc-1"),
        state: "confirmed",
        open: false,
        updated_at_ms: 9,
        body_sha256: Some("abc"),
        body: NASTY,
    };
    store.update_launch("first", &update).unwrap();
    assert_eq!(
        store.update_launch("none", &update),
        Err(StoreError::Missing)
    );
    assert_eq!(
        store.update_launch("second", &update),
        Err(StoreError::Conflict),
        "another launch has the agent"
    );
    let store = reopened(&folder, store);
    let first = LaunchRow {
        agent: Some("bc-1".to_owned()),
        state: "confirmed".to_owned(),
        open: false,
        updated_at_ms: 9,
        body_sha256: Some("abc".to_owned()),
        body: NASTY.to_owned(),
        ..launch("first", None, 1)
    };
    assert_eq!(store.launch("first"), Ok(Some(first.clone())));
    assert_eq!(
        store.launches(),
        Ok(vec![first, launch("second", Some("bc-2"), 2)])
    );
    assert_eq!(
        store.open_launches(),
        Ok(vec![launch("second", Some("bc-2"), 2)])
    );
    assert_eq!(
        (store.delete_launch("first"), store.delete_launch("first")),
        (Ok(()), Ok(()))
    );
    assert_eq!(store.launch("first"), Ok(None));
}

#[test]
fn follow_ups_keep_their_place_in_the_queue_of_an_agent() {
    let (folder, store) = store();
    store.put_draft(&draft("draft", 1)).unwrap();
    store
        .queue_follow_up(&follow_up("b", "bc-1", 1), None)
        .unwrap();
    store
        .queue_follow_up(&follow_up("a", "bc-1", 0), Some("draft"))
        .unwrap();
    store
        .queue_follow_up(&follow_up("c", "bc-0", 0), None)
        .unwrap();
    assert_eq!(
        store.queue_follow_up(&follow_up("d", "bc-1", 1), None),
        Err(StoreError::Conflict),
        "the place is taken"
    );
    assert_eq!(store.drafts(), Ok(vec![]));
    let update = FollowUpUpdate {
        state: "confirmed",
        open: false,
        body: "done",
    };
    store.update_follow_up("a", &update).unwrap();
    assert_eq!(
        store.update_follow_up("none", &update),
        Err(StoreError::Missing)
    );
    let store = reopened(&folder, store);
    let done = FollowUpRow {
        state: "confirmed".to_owned(),
        open: false,
        body: "done".to_owned(),
        ..follow_up("a", "bc-1", 0)
    };
    assert_eq!(
        store.follow_ups(),
        Ok(vec![
            follow_up("c", "bc-0", 0),
            done.clone(),
            follow_up("b", "bc-1", 1)
        ])
    );
    assert_eq!(
        store.open_follow_ups(),
        Ok(vec![follow_up("c", "bc-0", 0), follow_up("b", "bc-1", 1)])
    );
    assert_eq!(store.follow_up("a"), Ok(Some(done)));
    assert_eq!(
        (store.delete_follow_up("a"), store.delete_follow_up("a")),
        (Ok(()), Ok(()))
    );
    assert_eq!(store.follow_up("a"), Ok(None));
}

#[test]
fn agents_and_runs_are_replaced_and_need_their_account() {
    let (folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    assert_eq!(
        store.put_agents(&[agent("work", "bc-1", 1), agent("nobody", "bc-1", 1)]),
        Err(StoreError::UnknownAccount)
    );
    assert_eq!(
        store.agents("work"),
        Ok(vec![]),
        "the good one of a refused batch is not written either"
    );
    assert_eq!(
        store.put_runs(&[run("nobody", "bc-1", "run-1", 1)]),
        Err(StoreError::UnknownAccount)
    );
    assert_eq!(
        store.put_repositories(&[repository("nobody", "u")]),
        Err(StoreError::UnknownAccount)
    );
    assert_eq!(
        store.put_artifacts(&[artifact("nobody", "p", None)]),
        Err(StoreError::UnknownAccount)
    );

    store
        .put_agents(&[agent("work", "bc-1", 1), agent("work", "bc-2", 2)])
        .unwrap();
    store
        .put_agents(&[AgentRow {
            body: "new".to_owned(),
            ..agent("work", "bc-1", 3)
        }])
        .unwrap();
    store
        .put_runs(&[
            run("work", "bc-1", "run-2", 2),
            run("work", "bc-1", "run-1", 1),
        ])
        .unwrap();
    store
        .put_runs(&[RunRow {
            body: "new".to_owned(),
            ..run("work", "bc-1", "run-2", 2)
        }])
        .unwrap();
    let store = reopened(&folder, store);
    let newer = AgentRow {
        body: "new".to_owned(),
        ..agent("work", "bc-1", 3)
    };
    assert_eq!(
        store.agents("work"),
        Ok(vec![newer, agent("work", "bc-2", 2)])
    );
    let second = RunRow {
        body: "new".to_owned(),
        ..run("work", "bc-1", "run-2", 2)
    };
    assert_eq!(
        store.runs("work", "bc-1"),
        Ok(vec![run("work", "bc-1", "run-1", 1), second])
    );

    store
        .append_events("bc-1", "run-1", &[event(0, None)])
        .unwrap();
    store
        .put_artifacts(&[artifact("work", "a.png", None)])
        .unwrap();
    store
        .queue_follow_up(&follow_up("follow-up", "bc-1", 0), None)
        .unwrap();
    assert_eq!(
        (
            store.delete_agent("work", "bc-1"),
            store.delete_agent("work", "bc-1")
        ),
        (Ok(()), Ok(()))
    );
    assert_eq!(store.agents("work"), Ok(vec![agent("work", "bc-2", 2)]));
    assert_eq!(
        (
            store.runs("work", "bc-1"),
            store.event_count("run-1"),
            store.artifacts("work", "bc-1")
        ),
        (Ok(vec![]), Ok(0), Ok(vec![]))
    );
    assert_eq!(
        store.follow_ups(),
        Ok(vec![follow_up("follow-up", "bc-1", 0)]),
        "the user made it"
    );
}

#[test]
fn events_continue_without_holes_or_repeats() {
    let (folder, store) = store();
    assert_eq!(store.event_count("run-1"), Ok(0));
    assert_eq!(
        store.append_events("bc-1", "run-1", &[event(1, None)]),
        Err(StoreError::OutOfOrder {
            expected: 0,
            found: 1
        })
    );
    store.append_events("bc-1", "run-1", &[]).unwrap();
    let first = [event(0, Some("1-0")), event(1, Some("1-0")), event(2, None)];
    store.append_events("bc-1", "run-1", &first).unwrap();
    assert_eq!(
        store.append_events("bc-1", "run-1", &first),
        Err(StoreError::OutOfOrder {
            expected: 3,
            found: 0
        }),
        "a batch given twice is refused"
    );
    assert_eq!(
        store.append_events("bc-1", "run-1", &[event(3, None), event(5, None)]),
        Err(StoreError::OutOfOrder {
            expected: 4,
            found: 5
        })
    );
    store
        .append_events("bc-1", "run-2", &[event(0, None)])
        .unwrap();
    let store = reopened(&folder, store);
    assert_eq!(
        store.event_count("run-1"),
        Ok(3),
        "nothing of a batch with a hole was written"
    );
    assert_eq!(store.events("run-1", 0, 100), Ok(first.to_vec()));
    assert_eq!(store.events("run-1", 1, 1), Ok(vec![event(1, Some("1-0"))]));
    assert_eq!(
        (store.events("run-1", 3, 100), store.events("run-1", 0, 0)),
        (Ok(vec![]), Ok(vec![]))
    );
    store.delete_events("run-1").unwrap();
    assert_eq!(
        (store.event_count("run-1"), store.event_count("run-2")),
        (Ok(0), Ok(1))
    );
    assert_eq!(
        store.append_events("bc-1", "run-1", &first),
        Ok(()),
        "the stream is taken in again from the start"
    );
}

#[test]
fn repositories_are_replaced_by_address() {
    let (folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    store
        .put_repositories(&[
            repository("work", "https://b"),
            repository("work", "https://a"),
        ])
        .unwrap();
    let newer = RepositoryRow {
        body: "new".to_owned(),
        ..repository("work", "https://a")
    };
    store
        .put_repositories(std::slice::from_ref(&newer))
        .unwrap();
    let store = reopened(&folder, store);
    assert_eq!(
        store.repositories("work"),
        Ok(vec![newer.clone(), repository("work", "https://b")])
    );
    assert_eq!(store.delete_repository("work", "https://b"), Ok(()));
    assert_eq!(store.repositories("work"), Ok(vec![newer]));
}

#[test]
fn a_notice_is_new_once() {
    let (folder, store) = store();
    assert_eq!(store.remember_notice("done:run-1", 5), Ok(true));
    assert_eq!(store.remember_notice("done:run-1", 6), Ok(false));
    let store = reopened(&folder, store);
    assert_eq!(
        store.remember_notice("done:run-1", 7),
        Ok(false),
        "a restart does not say it again"
    );
    assert_eq!(store.remember_notice("done:run-2", 9), Ok(true));
    assert_eq!(
        store.forget_notices(9),
        Ok(1),
        "the first was remembered at 5"
    );
    assert_eq!(
        (
            store.remember_notice("done:run-1", 10),
            store.remember_notice("done:run-2", 10)
        ),
        (Ok(true), Ok(false))
    );
}

#[test]
fn artifacts_learn_their_blob() {
    let (folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    store
        .put_artifacts(&[
            artifact("work", "b.png", None),
            artifact("work", "../../a.png", None),
        ])
        .unwrap();
    store
        .put_artifacts(&[artifact("work", "b.png", Some("ff"))])
        .unwrap();
    let store = reopened(&folder, store);
    let expected = vec![
        artifact("work", "../../a.png", None),
        artifact("work", "b.png", Some("ff")),
    ];
    assert_eq!(store.artifacts("work", "bc-1"), Ok(expected));
    assert_eq!(store.artifact_hashes(), Ok(vec!["ff".to_owned()]));
}

#[test]
fn a_body_beyond_the_limit_is_refused_everywhere_before_it_is_written() {
    let (_folder, store) = store();
    let long = "x".repeat(BODY_LIMIT + 1);
    let too_large = Err(StoreError::TooLarge {
        limit: BODY_LIMIT as u64,
        length: BODY_LIMIT as u64 + 1,
    });
    store.put_account(&account("work", 0)).unwrap();
    store.queue_launch(&launch("first", None, 1), None).unwrap();
    store
        .queue_follow_up(&follow_up("first", "bc-1", 0), None)
        .unwrap();
    let body = || long.clone();
    let outcomes = [
        store.put_setting("key", &long),
        store.put_account(&AccountRow {
            body: body(),
            ..account("home", 0)
        }),
        store.put_draft(&DraftRow {
            body: body(),
            ..draft("draft", 0)
        }),
        store.queue_launch(
            &LaunchRow {
                body: body(),
                ..launch("second", None, 0)
            },
            None,
        ),
        store.queue_launch(
            &LaunchRow {
                request: body(),
                ..launch("second", None, 0)
            },
            None,
        ),
        store.update_launch(
            "first",
            &LaunchUpdate {
                agent: None,
                state: "",
                open: false,
                updated_at_ms: 0,
                body_sha256: None,
                body: &long,
            },
        ),
        store.queue_follow_up(
            &FollowUpRow {
                body: body(),
                ..follow_up("second", "bc-1", 1)
            },
            None,
        ),
        store.update_follow_up(
            "first",
            &FollowUpUpdate {
                state: "",
                open: false,
                body: &long,
            },
        ),
        store.put_agents(&[AgentRow {
            body: body(),
            ..agent("work", "bc-1", 0)
        }]),
        store.put_runs(&[RunRow {
            body: body(),
            ..run("work", "bc-1", "run-1", 0)
        }]),
        store.append_events(
            "bc-1",
            "run-1",
            &[EventRow {
                body: body(),
                ..event(0, None)
            }],
        ),
        store.put_repositories(&[RepositoryRow {
            body: body(),
            ..repository("work", "u")
        }]),
        store.put_artifacts(&[ArtifactRow {
            body: body(),
            ..artifact("work", "p", None)
        }]),
    ];
    for (number, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome, too_large, "operation {number}");
    }
    let longest = DraftRow {
        body: "x".repeat(BODY_LIMIT),
        ..draft("longest", 0)
    };
    store.put_draft(&longest).unwrap();
    assert_eq!(
        store.drafts(),
        Ok(vec![longest]),
        "the limit itself is allowed and nothing else was written"
    );
}
