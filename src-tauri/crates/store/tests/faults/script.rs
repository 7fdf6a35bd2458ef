//! What each process that meets a fault does, and how the store is held against what that process was told.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use sendoff_store::{AccountRow, AgentRow, BlobHash, DraftRow, EventRow, LaunchRow, LaunchUpdate, Store, StoreError};

/// Set in the process that meets the fault; holds the folder of the store.
pub(crate) const INSIDE: &str = "SENDOFF_STORE_INSIDE";

/// This test again, in a process of its own.
pub(crate) fn again(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, folder);
    command
}

pub(crate) fn inside() -> Option<PathBuf> {
    env::var_os(INSIDE).map(PathBuf::from)
}

pub(crate) fn picture(number: u32) -> Vec<u8> {
    number.to_be_bytes().repeat(500)
}

pub(crate) fn draft(number: u32) -> DraftRow {
    let hash = BlobHash::of(&picture(number));
    DraftRow {
        id: format!("{number:06}"),
        account: None,
        updated_at_ms: 0,
        body: hash.to_string(),
    }
}

pub(crate) fn launch(number: u32) -> LaunchRow {
    LaunchRow {
        id: format!("{number:06}"),
        account: "work".to_owned(),
        agent: Some(format!("bc-{number}")),
        state: "queued".to_owned(),
        open: true,
        created_at_ms: 0,
        updated_at_ms: 0,
        request: draft(number).body,
        body_sha256: None,
        body: "x".repeat(500),
    }
}

pub(crate) fn sending(launch: LaunchRow) -> LaunchRow {
    LaunchRow {
        state: "sending".to_owned(),
        updated_at_ms: 1,
        ..launch
    }
}

pub(crate) fn answered(number: u32) -> AgentRow {
    AgentRow {
        account: "work".to_owned(),
        id: format!("bc-{number}"),
        updated_at_ms: 0,
        body: format!("the answer to {number}"),
    }
}

pub(crate) fn events(run: u32) -> Vec<EventRow> {
    let event = |position| EventRow {
        position,
        event_id: None,
        kind: "assistant".to_owned(),
        body: format!("{run}"),
    };
    (0..5).map(event).collect()
}

/// One draft on its way to being sent; `report` hears of each step once it is said to be kept.
pub(crate) fn send_off(store: &Store, number: u32, mut report: impl FnMut(&str)) -> Result<(), StoreError> {
    store.put_blob(&picture(number))?;
    report("blob");
    store.put_draft(&draft(number))?;
    report("draft");
    store.queue_launch(&launch(number), Some(&draft(number).id))?;
    report("queued");
    let sending = sending(launch(number));
    store.update_launch(
        &sending.id,
        &LaunchUpdate {
            agent: sending.agent.as_deref(),
            state: &sending.state,
            open: sending.open,
            updated_at_ms: sending.updated_at_ms,
            body_sha256: None,
            body: &sending.body,
        },
    )?;
    report("sending");
    let account = AccountRow {
        id: "work".to_owned(),
        position: 0,
        body: String::new(),
    };
    store.put_account(&account)?;
    store.put_answer(&answered(number))?;
    report("answer");
    store.append_events("bc", &format!("run-{number}"), &events(number))?;
    report("events");
    Ok(())
}

pub(crate) const STEPS: [&str; 6] = ["blob", "draft", "queued", "sending", "answer", "events"];

/// Holds the store against what was reported: each number with its last step. Steps not reported may be there or not.
pub(crate) fn check(store: &Store, reported: &BTreeMap<u32, usize>) {
    assert_eq!(store.integrity_check(), Ok(()));
    let drafts: BTreeMap<_, _> = store
        .drafts()
        .unwrap()
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    let launches: BTreeMap<_, _> = store
        .launches()
        .unwrap()
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    for (&number, &step) in reported {
        let id = draft(number).id;
        assert_eq!(
            store.read_blob(&BlobHash::of(&picture(number)), 10_000),
            Ok(picture(number)),
            "the picture of {number} was said to be kept"
        );
        match (drafts.get(&id), launches.get(&id)) {
            (Some(found), None) => {
                assert_eq!(found, &draft(number));
                assert!(step <= 1, "{number} was said to be {} and is a draft", STEPS[step]);
            }
            (None, Some(found)) => {
                assert!(
                    *found == launch(number) || *found == sending(launch(number)),
                    "half a launch: {found:?}"
                );
                assert!(
                    step <= 2 || found.state == "sending",
                    "{number} was said to be {}",
                    STEPS[step]
                );
            }
            (None, None) => assert_eq!(step, 0, "{number} was said to be {} and is nowhere", STEPS[step]),
            (Some(_), Some(_)) => panic!("{number} is a draft and a launch at once"),
        }
        assert!(
            step < 4 || store.agents("work").unwrap().contains(&answered(number)),
            "the answer to {number} was said to be kept"
        );
        let found = store.events(&format!("run-{number}"), 0, 100).unwrap();
        assert!(
            found == events(number) || (found.is_empty() && step < 5),
            "a batch is whole or not there: {found:?}"
        );
    }
}

/// Takes a line such as `queued 17` of the process inside into account.
pub(crate) fn note(reported: &mut BTreeMap<u32, usize>, line: &str) {
    let mut words = line.split_whitespace().rev();
    let (number, step) = (words.next(), words.next());
    let step = STEPS.iter().position(|name| step.is_some_and(|step| step == *name));
    if let (Some(number), Some(step)) = (number.and_then(|number| number.parse().ok()), step) {
        reported.insert(number, step);
    }
}
