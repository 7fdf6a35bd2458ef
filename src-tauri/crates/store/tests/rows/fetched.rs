//! What can be fetched again: agents, runs, events, repositories, artifacts; and notices.

use sendoff_store::{AgentRow, ArtifactRow, Replaced, RepositoryRow, RunRow, StoreError};

use crate::samples::{account, agent, artifact, event, follow_up, reopened, repository, run, store};

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
        .put_runs(&[run("work", "bc-1", "run-2", 2), run("work", "bc-1", "run-1", 1)])
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
    assert_eq!(store.agents("work"), Ok(vec![newer, agent("work", "bc-2", 2)]));
    let second = RunRow {
        body: "new".to_owned(),
        ..run("work", "bc-1", "run-2", 2)
    };
    assert_eq!(
        store.runs("work", "bc-1"),
        Ok(vec![run("work", "bc-1", "run-1", 1), second])
    );

    store.append_events("bc-1", "run-1", &[event(0, None)]).unwrap();
    store.put_artifacts(&[artifact("work", "a.png", None)]).unwrap();
    store
        .queue_follow_up(&follow_up("follow-up", "bc-1", 0), Replaced::Nothing)
        .unwrap();
    assert_eq!(
        (store.delete_agent("work", "bc-1"), store.delete_agent("work", "bc-1")),
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
        Err(StoreError::OutOfOrder { expected: 0, found: 1 })
    );
    store.append_events("bc-1", "run-1", &[]).unwrap();
    let first = [event(0, Some("1-0")), event(1, Some("1-0")), event(2, None)];
    store.append_events("bc-1", "run-1", &first).unwrap();
    assert_eq!(
        store.append_events("bc-1", "run-1", &first),
        Err(StoreError::OutOfOrder { expected: 3, found: 0 }),
        "a batch given twice is refused"
    );
    assert_eq!(
        store.append_events("bc-1", "run-1", &[event(3, None), event(5, None)]),
        Err(StoreError::OutOfOrder { expected: 4, found: 5 })
    );
    store.append_events("bc-1", "run-2", &[event(0, None)]).unwrap();
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
    assert_eq!(
        store.put_events("bc-1", "run-1", true, &first[..1], &[]),
        Ok(()),
        "the stream is taken in again from the start"
    );
    assert_eq!((store.event_count("run-1"), store.event_count("run-2")), (Ok(1), Ok(1)));
}

#[test]
fn repositories_are_replaced_by_address() {
    let (folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    store
        .put_repositories(&[repository("work", "https://b"), repository("work", "https://a")])
        .unwrap();
    let newer = RepositoryRow {
        body: "new".to_owned(),
        ..repository("work", "https://a")
    };
    store.put_repositories(std::slice::from_ref(&newer)).unwrap();
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
    store.remember_notice("account/studio/x", 12).unwrap();
    assert_eq!(
        (
            store.forget_notices_about("account/studio/"),
            store.remember_notice("account/studio/x", 13)
        ),
        (Ok(1), Ok(true)),
        "what was forgotten by its beginning is news again"
    );
    assert_eq!(store.forget_notices(9), Ok(1), "the first was remembered at 5");
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
        .put_artifacts(&[artifact("work", "b.png", None), artifact("work", "../../a.png", None)])
        .unwrap();
    store.put_artifacts(&[artifact("work", "b.png", Some("ff"))]).unwrap();
    let later = ArtifactRow {
        run: "run-2".to_owned(),
        ..artifact("work", "b.png", Some("ff"))
    };
    store.put_artifacts(std::slice::from_ref(&later)).unwrap();
    let store = reopened(&folder, store);
    let expected = vec![
        artifact("work", "../../a.png", None),
        artifact("work", "b.png", Some("ff")),
        later,
    ];
    assert_eq!(store.artifacts("work", "bc-1"), Ok(expected));
    assert_eq!(store.artifact_hashes(), Ok(vec!["ff".to_owned()]));
}
