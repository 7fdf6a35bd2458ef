//! A real disk that is full, then read-only.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sendoff_store::{OpenError, Store, StoreError};

use crate::script::{INSIDE, again, check, inside, note, send_off};

/// Exit code of the shell inside when mounting is not allowed.
const NO_MOUNT: i32 = 77;

/// Runs the test again with a disk of 1 MiB of its own at `folder`. False where this user may not mount one.
fn on_a_tiny_disk(test: &str, folder: &Path) -> bool {
    let script = format!("mount -t tmpfs -o size=1m tmpfs \"${INSIDE}\" || exit {NO_MOUNT}; exec \"$@\"");
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
        assert!(store.remove_unreferenced(&[].into(), 0, i64::MAX).unwrap().blobs > 5);
        drop(store);
        let store = Store::open(&folder).unwrap();
        assert_eq!(send_off(&store, 20_000, |_| {}), Ok(()), "with room again it goes on");
        assert_eq!(store.integrity_check(), Ok(()));
        drop(store);

        // A disk so full that not even the first file fits.
        let ballast = folder.join("ballast");
        std::fs::create_dir(folder.join("second")).unwrap();
        let _ = std::io::copy(&mut std::io::repeat(0), &mut std::fs::File::create(&ballast).unwrap()).unwrap_err();
        assert_eq!(Store::open(&folder.join("second")).err(), Some(OpenError::Full));
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
        assert_eq!(Store::open(&folder.join("third")).err(), Some(OpenError::ReadOnly));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(
        on_a_tiny_disk("disk::a_full_disk_loses_nothing_and_recovers", folder.path()),
        "a disk of one's own can be mounted: without it nothing here would be tried"
    );
}
