//! What the user made: settings, accounts, drafts, launches, follow-ups.

use sendoff_store::{AccountRow, DraftRow, FollowUpRow, FollowUpUpdate, LaunchRow, LaunchUpdate, Replaced, StoreError};

use crate::samples::{
    NASTY, account, agent, artifact, draft, event, follow_up, launch, reopened, repository, run, store,
};

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
fn settings_are_found_and_removed_by_how_their_keys_begin() {
    let (_folder, store) = store();
    for (key, body) in [("a/2", "two"), ("a/1", "one"), ("a%", "percent"), ("b/1", "other")] {
        store.put_setting(key, body).unwrap();
    }
    assert_eq!(
        (store.settings_under("a/"), store.settings_under("a%")),
        (
            Ok(vec!["one".to_owned(), "two".to_owned()]),
            Ok(vec!["percent".to_owned()])
        ),
        "by key; no character stands for others"
    );
    store.delete_settings_under("a/").unwrap();
    assert_eq!(
        store.settings_under(""),
        Ok(vec!["percent".to_owned(), "other".to_owned()]),
        "the others stay"
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
    store.put_runs(&[run("work", "bc-1", "run-own", 2)]).unwrap();
    store.append_events("bc-1", "run-shared", &[event(0, None)]).unwrap();
    store.append_events("bc-1", "run-own", &[event(0, None)]).unwrap();
    store
        .put_draft(&DraftRow {
            account: Some("work".to_owned()),
            ..draft("draft", 1)
        })
        .unwrap();
    store.queue_launch(&launch("launch", None, 1), None).unwrap();
    store
        .queue_follow_up(&follow_up("follow-up", "bc-1", 0), Replaced::Nothing)
        .unwrap();

    store.delete_account("work").unwrap();
    assert_eq!(store.delete_account("work"), Ok(()), "removing twice is no error");

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
        (store.event_count("run-own"), store.event_count("run-shared")),
        (Ok(0), Ok(1)),
        "the other account still shows the run both saw"
    );
    assert_eq!(store.drafts().map(|rows| rows.len()), Ok(1));
    assert_eq!(store.launches(), Ok(vec![launch("launch", None, 1)]));
    assert_eq!(store.follow_ups(), Ok(vec![follow_up("follow-up", "bc-1", 0)]));
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
    assert_eq!((store.draft("old"), store.draft("none")), (Ok(Some(moved)), Ok(None)));
    assert_eq!((store.delete_draft("old"), store.delete_draft("old")), (Ok(()), Ok(())));
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
    assert_eq!(
        store.queue_launch(&launch("fifth", None, 5), Some("taken")),
        Err(StoreError::Missing),
        "a draft that was sent is not sent again"
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
    store.queue_launch(&launch("second", Some("bc-2"), 2), None).unwrap();
    let update = LaunchUpdate {
        agent: Some("bc-1"),
        state: "confirmed",
        open: false,
        updated_at_ms: 9,
        body_sha256: Some("abc"),
        body: NASTY,
    };
    store.update_launch("first", &update).unwrap();
    assert_eq!(store.update_launch("none", &update), Err(StoreError::Missing));
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
    assert_eq!(store.launches(), Ok(vec![first, launch("second", Some("bc-2"), 2)]));
    assert_eq!(store.open_launches(), Ok(vec![launch("second", Some("bc-2"), 2)]));
    assert_eq!(
        (store.delete_launch("first"), store.delete_launch("first")),
        (Ok(()), Ok(()))
    );
    assert_eq!(store.launch("first"), Ok(None));
}

#[test]
fn follow_ups_keep_their_place_in_the_queue_of_an_agent() {
    let (folder, store) = store();
    store
        .queue_follow_up(&follow_up("b", "bc-1", 1), Replaced::Nothing)
        .unwrap();
    store
        .queue_follow_up(&follow_up("a", "bc-1", 0), Replaced::Nothing)
        .unwrap();
    store
        .queue_follow_up(&follow_up("c", "bc-0", 0), Replaced::Nothing)
        .unwrap();
    assert_eq!(
        store.queue_follow_up(&follow_up("d", "bc-1", 1), Replaced::Nothing),
        Err(StoreError::Conflict),
        "the place is taken"
    );
    let update = FollowUpUpdate {
        state: "confirmed",
        open: false,
        body: "done",
    };
    store.update_follow_up("a", &update).unwrap();
    assert_eq!(store.update_follow_up("none", &update), Err(StoreError::Missing));
    let store = reopened(&folder, store);
    let done = FollowUpRow {
        state: "confirmed".to_owned(),
        open: false,
        body: "done".to_owned(),
        ..follow_up("a", "bc-1", 0)
    };
    assert_eq!(
        store.follow_ups(),
        Ok(vec![follow_up("c", "bc-0", 0), done.clone(), follow_up("b", "bc-1", 1)])
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
fn two_follow_ups_of_an_agent_change_places_or_nothing_changes() {
    let (folder, store) = store();
    for (id, agent, position) in [("a", "bc-1", 0), ("b", "bc-1", 1), ("c", "bc-1", 2), ("d", "bc-2", 0)] {
        store
            .queue_follow_up(&follow_up(id, agent, position), Replaced::Nothing)
            .unwrap();
    }
    assert_eq!(store.swap_follow_ups("c", "b"), Ok(()));
    for (one, other) in [("a", "none"), ("none", "a"), ("a", "d")] {
        assert_eq!(
            store.swap_follow_ups(one, other),
            Err(StoreError::Missing),
            "{one} and {other} share no queue"
        );
    }
    let store = reopened(&folder, store);
    let order = vec![
        follow_up("a", "bc-1", 0),
        follow_up("c", "bc-1", 1),
        follow_up("b", "bc-1", 2),
        follow_up("d", "bc-2", 0),
    ];
    assert_eq!(store.follow_ups(), Ok(order));
}

#[test]
fn a_follow_up_takes_what_it_replaces_in_the_same_transaction_or_neither() {
    let (folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    store.put_agents(&[agent("work", "bc-1", 1)]).unwrap();
    let without = agent("work", "bc-1", 2);
    let first = follow_up("first", "bc-1", 0);
    store.queue_follow_up(&first, Replaced::Answer(&without)).unwrap();
    let (again, stranger) = (follow_up("again", "bc-1", 1), agent("home", "bc-1", 3));
    assert_eq!(
        [
            store.queue_follow_up(&first, Replaced::Answer(&agent("work", "bc-1", 9))),
            store.queue_follow_up(&again, Replaced::Answer(&stranger)),
            store.queue_follow_up(&again, Replaced::FollowUp("none")),
        ],
        [
            Err(StoreError::Conflict),
            Err(StoreError::UnknownAccount),
            Err(StoreError::Missing)
        ],
        "what cannot be replaced is not followed"
    );
    let store = reopened(&folder, store);
    assert_eq!(
        (store.agents("work"), store.follow_ups()),
        (Ok(vec![without]), Ok(vec![first])),
        "a refused one changed nothing"
    );
    store.queue_follow_up(&again, Replaced::FollowUp("first")).unwrap();
    assert_eq!(store.follow_ups(), Ok(vec![again]), "one leaves as the other comes");
}
