//! Each system call of the store fails in turn, once and from then on: no panic, nothing lost that was said to be kept.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sendoff_store::Store;

use crate::script::{INSIDE, again, check, inside, note, send_off};

const LAUNCHES: u32 = 3;

/// Every how many-th call fails in its own run. 1, by the environment variable of this name, tries them all.
const STRIDE: &str = "SENDOFF_STORE_STRIDE";

/// The calls by which the store changes the disk, and the errors a disk gives.
const FAULTS: [(&str, &[&str]); 7] = [
    ("pwrite64", &["ENOSPC", "EIO"]),
    ("write", &["ENOSPC", "EIO"]),
    ("fdatasync", &["EIO"]),
    ("fsync", &["EIO"]),
    ("ftruncate", &["EIO"]),
    ("openat", &["ENOSPC", "EIO", "EROFS"]),
    ("rename", &["EIO"]),
];

/// Whether this user may watch the system calls of its own processes.
pub(crate) fn can_trace() -> bool {
    Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|status| status.success())
}

/// `strace` of the files of a store and no others, to be followed by what to run.
pub(crate) fn strace(folder: &Path, log: &Path, expressions: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-o"]).arg(log);
    let blobs = (0..=2 * LAUNCHES + 1).map(|number| format!("blobs/unfinished-{number}"));
    let files = ["", "lock", "said", "blobs", "sendoff.sqlite3", "sendoff.sqlite3-wal"].map(str::to_owned);
    for name in files.into_iter().chain(blobs) {
        command
            .arg("-P")
            .arg(folder.join(name).to_string_lossy().trim_end_matches('/'));
    }
    for expression in expressions {
        command.arg("-e").arg(expression);
    }
    command
}

/// Adds what a command would run, with its environment, to one that runs it.
pub(crate) fn around(mut outer: Command, inner: &Command) -> Command {
    outer.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        outer.env(name, value.unwrap());
    }
    outer
}

#[test]
fn any_system_call_may_fail() {
    if let Some(folder) = inside() {
        match Store::open(&folder) {
            Err(error) => println!("refused {error:?}"),
            Ok(store) => {
                for number in 0..LAUNCHES {
                    // An error is an answer: what matters is that it is one, and that it is true.
                    if let Err(error) = send_off(&store, number, |step| println!("{step} {number}")) {
                        println!("failed {error:?}");
                    }
                }
            }
        }
        return;
    }
    assert!(
        can_trace(),
        "strace is needed and allowed: without it nothing here would be tried"
    );
    let stride = std::env::var(STRIDE).map_or(7, |number| number.parse().unwrap());
    let (mut runs, mut failures) = (0, 0);
    for (call, errors) in FAULTS {
        for error in errors {
            for after in ["", "+"] {
                for nth in (1..).step_by(stride) {
                    let folder = tempfile::tempdir().unwrap();
                    let log = tempfile::NamedTempFile::new().unwrap();
                    let place = folder.path().join("store");
                    let inner = again("system_calls::any_system_call_may_fail", &place);
                    assert!(inner.get_envs().any(|(name, _)| name == INSIDE));
                    let inject = format!("inject={call}:error={error}:when={nth}{after}");
                    let trace = format!("trace={call}");
                    let output = around(strace(&place, log.path(), &[&trace, &inject]), &inner)
                        .output()
                        .unwrap();
                    let (said, complained) = (
                        String::from_utf8_lossy(&output.stdout),
                        String::from_utf8_lossy(&output.stderr),
                    );
                    assert!(
                        output.status.success() && said.contains("1 passed") && !complained.contains("panicked"),
                        "{inject}: the process must go on\n{said}\n{complained}"
                    );
                    let injected = std::fs::read_to_string(log.path()).unwrap().contains("(INJECTED)");
                    let mut reported = BTreeMap::new();
                    said.lines().for_each(|line| note(&mut reported, line));
                    check(&Store::open(&place).unwrap(), &reported);
                    runs += 1;
                    failures += u32::from(said.contains("refused ") || said.contains("failed "));
                    if !injected {
                        assert_eq!(reported.len() as u32, LAUNCHES, "without a fault all are sent: {said}");
                        break;
                    }
                }
            }
        }
    }
    println!("{runs} runs, of which {failures} said that something failed");
    assert!(
        runs > 80 && failures > 50,
        "the faults must have been met: {runs} runs, {failures} failures"
    );
}
