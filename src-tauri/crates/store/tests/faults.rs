//! Processes that are killed, disks that are full or read-only, system calls that fail: what was said to be kept is kept.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeMap;
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sendoff_store::{
    BlobHash, DraftRow, EventRow, LaunchRow, LaunchUpdate, OpenError, Store, StoreError,
};

/// Set in the process that meets the fault; holds the folder of the store.
const INSIDE: &str = "SENDOFF_STORE_INSIDE";

/// This test again, in a process of its own.
fn again(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, folder);
    command
}

fn inside() -> Option<PathBuf> {
    env::var_os(INSIDE).map(PathBuf::from)
}

fn picture(number: u32) -> Vec<u8> {
    number.to_be_bytes().repeat(500)
}

fn draft(number: u32) -> DraftRow {
    let hash = BlobHash::of(&picture(number));
    DraftRow {
        id: format!("{number:06}"),
        account: None,
        updated_at_ms: 0,
        body: hash.to_string(),
    }
}

fn launch(number: u32) -> LaunchRow {
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

fn sending(launch: LaunchRow) -> LaunchRow {
    LaunchRow {
        state: "sending".to_owned(),
        updated_at_ms: 1,
        ..launch
    }
}

fn events(run: u32) -> Vec<EventRow> {
    let event = |position| EventRow {
        position,
        event_id: None,
        kind: "assistant".to_owned(),
        body: format!("{run}"),
    };
    (0..5).map(event).collect()
}

/// One draft on its way to being sent; `report` hears of each step once it is said to be kept.
fn send_off(store: &Store, number: u32, mut report: impl FnMut(&str)) -> Result<(), StoreError> {
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
    store.append_events("bc", &format!("run-{number}"), &events(number))?;
    report("events");
    Ok(())
}

const STEPS: [&str; 5] = ["blob", "draft", "queued", "sending", "events"];

/// Holds the store against what was reported: each number with its last step. Steps not reported may be there or not.
fn check(store: &Store, reported: &BTreeMap<u32, usize>) {
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
                assert!(
                    step <= 1,
                    "{number} was said to be {} and is a draft",
                    STEPS[step]
                );
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
            (None, None) => assert_eq!(
                step, 0,
                "{number} was said to be {} and is nowhere",
                STEPS[step]
            ),
            (Some(_), Some(_)) => panic!("{number} is a draft and a launch at once"),
        }
        let found = store.events(&format!("run-{number}"), 0, 100).unwrap();
        assert!(
            found == events(number) || (found.is_empty() && step < 4),
            "a batch is whole or not there: {found:?}"
        );
    }
}

/// Takes a line such as `queued 17` of the process inside into account.
fn note(reported: &mut BTreeMap<u32, usize>, line: &str) {
    let mut words = line.split_whitespace().rev();
    let (number, step) = (words.next(), words.next());
    let step = STEPS
        .iter()
        .position(|name| step.is_some_and(|step| step == *name));
    if let (Some(number), Some(step)) = (number.and_then(|number| number.parse().ok()), step) {
        reported.insert(number, step);
    }
}

#[test]
fn what_was_said_to_be_kept_survives_being_killed_at_any_instant() {
    if let Some(folder) = inside() {
        let store = Store::open(&folder).unwrap();
        let first = store.launches().unwrap().len() as u32 * 1_000;
        for number in first.. {
            send_off(&store, number, |step| println!("{step} {number}")).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let random = RandomState::new();
    let mut reported = BTreeMap::new();
    for round in 0..40_u32 {
        let mut child = again(
            "what_was_said_to_be_kept_survives_being_killed_at_any_instant",
            folder.path(),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
        let chance = random.hash_one(round);
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        // Some lines, and then some fraction of the time a step takes: the kill falls anywhere inside one.
        for line in lines.by_ref().take(3 + (chance % 30) as usize) {
            note(&mut reported, &line);
        }
        let instant = Instant::now() + Duration::from_micros(chance >> 32 & 0xfff);
        while Instant::now() < instant {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines {
            // A step is noted from whole lines only: a line cut by the kill ends without its number.
            note(&mut reported, &line);
        }
        check(&Store::open(folder.path()).unwrap(), &reported);
    }
    assert!(
        reported.len() >= 40,
        "each round must have got somewhere: {}",
        reported.len()
    );
}

/// Exit code of the shell inside when mounting is not allowed.
const NO_MOUNT: i32 = 77;

/// Runs the test again with a disk of 1 MiB of its own at `folder`. False where this user may not mount one.
fn on_a_tiny_disk(test: &str, folder: &Path) -> bool {
    let script =
        format!("mount -t tmpfs -o size=1m tmpfs \"${INSIDE}\" || exit {NO_MOUNT}; exec \"$@\"");
    let inner = again(test, folder);
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", &script, "sh"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .env(INSIDE, folder)
        .output()
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if output.status.code() == Some(NO_MOUNT) || complained.contains("unshare failed") {
        return false;
    }
    assert!(
        output.status.success() && said.contains("1 passed"),
        "failed on the disk:\n{said}\n{complained}"
    );
    true
}

#[test]
fn a_full_disk_loses_nothing_and_recovers() {
    if let Some(folder) = inside() {
        let store = Store::open(&folder).unwrap();
        let mut reported = BTreeMap::new();
        let failure = (0..10_000).find_map(|number| {
            send_off(&store, number, |step| {
                note(&mut reported, &format!("{step} {number}"));
            })
            .err()
        });
        assert_eq!(failure, Some(StoreError::Full));
        assert_eq!(
            store.put_blob(&vec![1; 1 << 20]),
            Err(StoreError::Full),
            "more than the whole disk"
        );
        check(&store, &reported);
        // Everything older makes room, as a user would.
        let numbers: Vec<_> = reported.keys().copied().collect();
        assert!(
            numbers.len() > 5,
            "the disk held some before it was full: {}",
            numbers.len()
        );
        assert!(
            store
                .remove_unreferenced(&[].into(), 0, i64::MAX)
                .unwrap()
                .blobs
                > 5
        );
        drop(store);
        let store = Store::open(&folder).unwrap();
        assert_eq!(
            send_off(&store, 20_000, |_| {}),
            Ok(()),
            "with room again it goes on"
        );
        assert_eq!(store.integrity_check(), Ok(()));
        drop(store);

        // A disk so full that not even the first file fits.
        let ballast = folder.join("ballast");
        std::fs::create_dir(folder.join("second")).unwrap();
        let _ = std::io::copy(
            &mut std::io::repeat(0),
            &mut std::fs::File::create(&ballast).unwrap(),
        )
        .unwrap_err();
        assert_eq!(
            Store::open(&folder.join("second")).err(),
            Some(OpenError::Full)
        );
        std::fs::remove_file(ballast).unwrap();
        assert_eq!(
            Store::open(&folder.join("second")).err(),
            None,
            "half of an opening is no hindrance to the next"
        );

        let read_only = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&folder)
            .status()
            .unwrap();
        assert!(read_only.success());
        assert_eq!(Store::open(&folder).err(), Some(OpenError::ReadOnly));
        assert_eq!(
            Store::open(&folder.join("third")).err(),
            Some(OpenError::ReadOnly)
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    if !on_a_tiny_disk("a_full_disk_loses_nothing_and_recovers", folder.path()) {
        // The limits inside SQLite are tried beside the connection itself; this adds the disk where it can.
        eprintln!("not tried: this user may not mount a disk");
    }
}
