//! One owner, private files, and databases that are newer, foreign or damaged left as they are.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use sendoff_store::{AccountRow, OpenError, Store, set_aside};

const DATABASE: &str = "sendoff.sqlite3";

/// Set in the second process; holds the folder to open.
const INSIDE: &str = "SENDOFF_STORE_INSIDE";

fn account() -> AccountRow {
    AccountRow {
        id: "work".to_owned(),
        position: 0,
        body: "{}".to_owned(),
    }
}

/// The files of a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

fn refusal(folder: &Path) -> OpenError {
    match Store::open(folder) {
        Ok(_) => panic!("the store must not open"),
        Err(error) => error,
    }
}

#[test]
fn an_empty_folder_becomes_a_store_and_a_second_opening_finds_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep").join("folder with ?mode=ro#%20 in its name");
    let store = Store::open(&folder).unwrap();
    assert_eq!(store.accounts(), Ok(vec![]));
    store.put_account(&account()).unwrap();
    drop(store);
    let store = Store::open(&folder).unwrap();
    assert_eq!(store.accounts(), Ok(vec![account()]));
    assert_eq!(store.integrity_check(), Ok(()));
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_the_folder_or_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("store");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let store = Store::open(&folder).unwrap();
    store.put_account(&account()).unwrap();
    let blob = store.blob_path(&store.put_blob(b"picture").unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&folder), mode(&folder.join("blobs")), mode(&blob)),
        (0o700, 0o700, 0o600)
    );
    let names: Vec<_> = files(&folder).into_keys().collect();
    assert_eq!(
        names,
        ["lock", DATABASE, "sendoff.sqlite3-wal"],
        "and no file shared by mapping"
    );
    for name in names {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn the_second_opener_is_told_at_once_and_the_next_one_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(refusal(folder.path()), OpenError::Locked);
    assert_eq!(
        set_aside(folder.path()).unwrap_err(),
        OpenError::Locked,
        "a store in use is not moved away"
    );
    assert_eq!(store.put_account(&account()), Ok(()), "the owner is not disturbed");
    drop(store);
    assert_eq!(Store::open(folder.path()).unwrap().accounts(), Ok(vec![account()]));
}

#[test]
fn of_many_openers_at_once_exactly_one_is_the_owner() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..20 {
        let gate = std::sync::Barrier::new(8);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let open = || {
                gate.wait();
                Store::open(folder.path())
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let owners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(OpenError::Locked)))
            .count();
        assert_eq!(
            (owners, refused),
            (1, 7),
            "all stores were still open when the last opener was answered"
        );
    }
}

#[test]
fn another_process_owns_the_store_until_it_dies() {
    if let Some(folder) = env::var_os(INSIDE) {
        let _store = Store::open(Path::new(&folder)).unwrap();
        println!("opened");
        loop {
            thread::park();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Command::new(env::current_exe().unwrap())
        .args(["--exact", "another_process_owns_the_store_until_it_dies", "--nocapture"])
        .env(INSIDE, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    assert!(
        lines.map(Result::unwrap).any(|line| line.ends_with("opened")),
        "the other process must open the store"
    );
    assert_eq!(refusal(folder.path()), OpenError::Locked);
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert_eq!(
        Store::open(folder.path()).unwrap().accounts(),
        Ok(vec![]),
        "the system let go of the lock"
    );
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).unwrap().put_account(&account()).unwrap();
    let path = folder.path().join(DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    let known = u32::from_be_bytes(bytes[60..64].try_into().unwrap());
    bytes[60..64].copy_from_slice(&(known + 7).to_be_bytes());
    fs::write(&path, bytes).unwrap();
    fs::write(
        folder.path().join("sendoff.sqlite3-wal"),
        "the log of the newer version",
    )
    .unwrap();
    let before = files(folder.path());
    assert_eq!(
        refusal(folder.path()),
        OpenError::Newer {
            found: known + 7,
            known
        }
    );
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_file_that_is_no_database_is_reported_and_can_be_set_aside() {
    for garbage in [b"x".repeat(3), b"SQLite format 3\0".to_vec(), b"garbage!".repeat(1_000)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DATABASE);
        fs::write(&path, &garbage).unwrap();
        fs::write(folder.path().join("lock"), "").unwrap();
        let before = files(folder.path());
        assert_eq!(refusal(folder.path()), OpenError::Damaged);
        assert_eq!(
            files(folder.path()),
            before,
            "damage is reported, never deleted or changed"
        );

        let first = set_aside(folder.path()).unwrap();
        assert_eq!(fs::read(&first).unwrap(), garbage);
        Store::open(folder.path()).unwrap().put_account(&account()).unwrap();
        let second = set_aside(folder.path()).unwrap();
        assert_eq!(first, folder.path().join("sendoff.sqlite3.damaged-1"));
        assert_eq!(
            second,
            folder.path().join("sendoff.sqlite3.damaged-2"),
            "the one set aside before stays"
        );
        assert!(
            folder.path().join("blobs.damaged-2").is_dir() && !folder.path().join("blobs").exists(),
            "the pictures go with the database that names them"
        );
        assert_eq!(fs::read(&first).unwrap(), garbage);
    }
}

#[test]
fn a_header_that_is_right_with_noise_behind_it_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).unwrap().put_account(&account()).unwrap();
    let path = folder.path().join(DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let outcome = Store::open(folder.path()).map(|store| store.integrity_check());
    assert!(
        matches!(outcome, Err(OpenError::Damaged)),
        "the schema is read when opening, so noise in it is found: {outcome:?}"
    );
}
