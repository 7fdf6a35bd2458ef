//! A disk that is full while an agent works or a picture is marked: it is said, what was written stays, and what was
//! seen or marked meanwhile is there once there is room again.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use practice_cloud::{Fault, Options as PracticeOptions};
use sendoff_core::model::{AgentState, Block, BlockKind, Change, Ending, Failure, Marked, ShotTarget, Update, View};
use sendoff_shots::{Color, Mark, Markup, Rect, flatten};

use crate::large_files::{BYTES, leaving, left};
use crate::stand::Stand;

/// Set in the process that lives on the disk.
const INSIDE: &str = "SENDOFF_TINY_DISK";

/// Runs a test again in a process of its own, with a disk of so many MiB for its data.
fn on_a_tiny_disk(test: &str, mebibytes: u32) {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size={mebibytes}m tmpfs \"$TMPDIR\" && exec \"$@\"");
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("TMPDIR", folder.path())
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "failed on the disk, or no disk could be mounted:\n{said}\n{complained}"
    );
}

/// Takes all the room of the tiny disk, until this file is removed.
fn fill() -> PathBuf {
    let ballast = std::env::temp_dir().join("ballast");
    let filled = std::io::copy(&mut std::io::repeat(0), &mut File::create(&ballast).unwrap());
    assert!(filled.is_err(), "the disk is full");
    ballast
}

/// So many redactions that writing them down takes room.
fn redactions(count: usize) -> Markup {
    let area = Rect {
        x: 8.0,
        y: 8.0,
        width: 16.0,
        height: 8.0,
    };
    let color = Color {
        red: 0,
        green: 0,
        blue: 0,
    };
    Markup {
        crop: None,
        marks: vec![Mark::Redact { area, color }; count],
    }
}

/// The page sees how the run ended.
fn the_end(update: &Update) -> Option<()> {
    match update {
        Update::Block { block } => match &block.kind {
            BlockKind::Ended {
                ending: Ending::Finished,
                ..
            } => Some(()),
            _ => None,
        },
        _ => None,
    }
}

/// All that a page shows of what was said and done, in order.
async fn transcript(stand: &Stand, view: &View) -> Vec<Block> {
    let updates = stand.engine.changes(0, view.clone()).await.updates.into_iter();
    let mut blocks: Vec<Block> = updates
        .filter_map(|update| match update {
            Update::Block { block } => Some(block),
            _ => None,
        })
        .collect();
    blocks.sort_by_key(|block| block.order);
    blocks
}

/// Blocks without when they began: pieces of words that lie together on disk are dated by their first.
fn undated(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().map(|block| Block { at: 0, ..block }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_while_the_disk_was_full_is_written_once_there_is_room() {
    if std::env::var_os(INSIDE).is_none() {
        on_a_tiny_disk(
            "full_disk::what_was_seen_while_the_disk_was_full_is_written_once_there_is_room",
            8,
        );
        return;
    }
    let stand = Stand::over(PracticeOptions {
        speed: 5.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let draft = stand.draft("Make it red").await;
    let agent = stand.launched("Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;

    let ballast = fill();
    let write = |text: &str| Change::DraftText {
        draft: draft.clone(),
        text: text.repeat(2_000),
    };
    assert_eq!(
        stand.engine.change(write("redder ")).await,
        Err(Failure::DiskFull),
        "whoever writes hears that it is not kept"
    );
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    stand.seen("its end", view.clone(), the_end).await;
    let seen = undated(transcript(&stand, &view).await);
    assert!(seen.len() > 3, "words and steps: {seen:?}");

    std::fs::remove_file(ballast).unwrap();
    stand.change(write("reddest ")).await;
    // Without the service, what the page sees comes from the disk.
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let stand = closed.open().await;
    stand.seen("its end, from the disk", view.clone(), the_end).await;
    assert_eq!(
        undated(transcript(&stand, &view).await),
        seen,
        "nothing of what was seen is missing"
    );
    let text = stand
        .engine
        .read(|world| world.draft(&draft).map(|held| held.text.clone()));
    assert!(
        text.is_some_and(|text| text == "reddest ".repeat(2_000)),
        "and the draft is as it was last written"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_marked_on_a_full_disk_is_never_sent_without_its_marks() {
    if std::env::var_os(INSIDE).is_none() {
        on_a_tiny_disk(
            "full_disk::a_picture_marked_on_a_full_disk_is_never_sent_without_its_marks",
            8,
        );
        return;
    }
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let held = |stand: &Stand| stand.engine.read(|world| world.draft(&draft).unwrap().shots[0].clone());
    let taken = held(&stand);
    let mark = |count: usize| Change::ShotMark {
        target: ShotTarget::Draft(draft.clone()),
        marked: vec![Marked {
            shot: taken.id.clone(),
            markup: redactions(count),
        }],
        text: None,
    };

    let ballast = fill();
    assert_eq!(
        stand.engine.change(mark(4_000)).await,
        Err(Failure::DiskFull),
        "whoever marks hears that it is not kept"
    );
    assert_eq!(held(&stand).markup.marks.len(), 4_000, "but is shown what was marked");
    std::fs::remove_file(ballast).unwrap();

    // Now there is room for the marks, but not for the picture that is drawn with them.
    stand.change(mark(1)).await;
    let ballast = fill();
    let send = Change::DraftSend { draft: draft.clone() };
    assert_eq!(
        stand.engine.change(send).await,
        Err(Failure::DiskFull),
        "it is not sent as it was"
    );
    assert_eq!(held(&stand).markup, redactions(1), "and the marks are kept");
    std::fs::remove_file(ballast).unwrap();

    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
    let original = stand.engine.picture(&taken.hash, None).await.unwrap().bytes;
    let expected = flatten(&original, &redactions(1)).unwrap();
    let agents = stand.practice.agents();
    let arrived: Vec<_> = agents[0].runs[0]
        .pictures
        .iter()
        .map(|picture| &picture.sha256)
        .collect();
    assert_eq!(
        arrived,
        [expected.hash.as_str()],
        "what arrived is the picture with its marks, once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_that_found_no_room_is_not_given_out_in_part_and_comes_once_there_is() {
    if std::env::var_os(INSIDE).is_none() {
        on_a_tiny_disk(
            "full_disk::a_large_file_that_found_no_room_is_not_given_out_in_part_and_comes_once_there_is",
            80,
        );
        return;
    }
    let path = "artifacts/recording.bin";
    let stand = Stand::over(leaving(path, "-".repeat(BYTES))).await;
    stand.connect().await;
    let (agent, run) = left(&stand, path).await;
    let fetch = async || stand.engine.artifact_file(&agent, run.as_ref(), path).await;

    // Room for a part of it.
    let ballast = fill();
    let filled = File::options().write(true).open(&ballast).unwrap();
    let full = filled.metadata().unwrap().len();
    filled.set_len(full - 10_000_000).unwrap();
    drop(filled);
    for _ in 0..2 {
        assert_eq!(fetch().await, Err(Failure::DiskFull), "whoever asked hears why");
        let here = |folder: &str| std::fs::read_dir(stand.folder.path().join(folder)).map_or(0, Iterator::count);
        assert_eq!(
            (here("coming"), here("shown")),
            (0, 0),
            "nothing half-written is left or given out"
        );
    }
    std::fs::remove_file(ballast).unwrap();

    let saved = fetch().await.unwrap();
    let whole = std::fs::read(&saved.file).unwrap();
    assert!(
        whole.len() == BYTES && whole.iter().all(|byte| *byte == b'-'),
        "all of it: {} bytes",
        whole.len()
    );
    stand.polite();
}
