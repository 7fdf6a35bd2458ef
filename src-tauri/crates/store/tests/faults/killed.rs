//! The process is killed at any instant.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use sendoff_store::Store;

use crate::script::{again, check, inside, note, send_off};

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
            "killed::what_was_said_to_be_kept_survives_being_killed_at_any_instant",
            folder.path(),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
        let chance = random.hash_one(round);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
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
