//! Files dragged by the pointer: from another program's window, and into one.

use std::path::Path;

use super::process::{Process, tool};
use super::wait::{SOON, until};
use super::{Page, Stage, target_folder};

const SOURCE: &str = "Files of another program";
const TARGET: &str = "A folder of another program";

/// Drags files into the middle of the app's window and lets go once the page and the other program say that they are
/// taken. What goes back all the same is dragged again, once, if nothing of it came.
pub(crate) async fn files(stage: &Stage, page: &Page, window: &str, paths: &[&Path]) {
    let program = target_folder().join("debug/examples/drag_source");
    let told = stage.logs().join("dragged.txt");
    let paths = std::iter::once(told.as_path()).chain(paths.iter().copied());
    let arguments: Vec<_> = paths.map(Path::to_string_lossy).collect();
    let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
    let _source = Process::start(
        &program.to_string_lossy(),
        &arguments,
        stage.environment(),
        stage.logs(),
    );
    stage.window(SOURCE).await;
    let before = pictures(page).await;
    if drag(stage, page, window, &told).await == "failed" {
        assert_eq!(pictures(page).await, before, "what went back did not come as well");
        let again = drag(stage, page, window, &told).await;
        assert_eq!(again, "dropped", "what is let go over a page that takes it is taken");
    }
}

/// How many pictures the page shows.
async fn pictures(page: &Page) -> serde_json::Value {
    let script = "return document.querySelectorAll('[aria-label^=\"Picture \"]').length";
    page.run(script, Vec::new()).await
}

/// Drags once, and gives what the other program told of the end.
async fn drag(stage: &Stage, page: &Page, window: &str, told: &Path) -> String {
    let says = || std::fs::read_to_string(told).unwrap_or_default();
    let to = middle(stage, window);
    take(stage, middle(stage, SOURCE));
    let mut moves = 0;
    until("the page taking the files", SOON, || {
        moves += 1;
        pull(stage, moves, to);
        let taken = says() == "taken";
        async move {
            let script = "return document.querySelector('.dragging') !== null";
            (taken && page.run(script, Vec::new()).await == true).then_some(())
        }
    })
    .await;
    pointer(stage, &["mouseup", "1"]);
    until("the end of the drag", SOON, || {
        let end = Some(says()).filter(|says| ["dropped", "failed"].contains(&says.as_str()));
        async move { end }
    })
    .await
}

/// Drags from a place of the app's window, in pixels of the screen, into another program's window; gives the addresses
/// that it got.
pub(crate) async fn out(stage: &Stage, from: (i32, i32)) -> Vec<String> {
    let program = target_folder().join("debug/examples/drag_target");
    let told = stage.logs().join("dropped.txt");
    let told_in = told.to_string_lossy();
    let _target = Process::start(
        &program.to_string_lossy(),
        &[&told_in],
        stage.environment(),
        stage.logs(),
    );
    stage.window(TARGET).await;
    if told.exists() {
        std::fs::remove_file(&told).expect("what was told before can go");
    }
    take(stage, from);
    let says = || std::fs::read_to_string(&told).unwrap_or_default();
    let mut moves = 0;
    until("the other program being told of the files", SOON, || {
        moves += 1;
        pull(stage, moves, middle(stage, TARGET));
        let over = says() == "over\n";
        async move { over.then_some(()) }
    })
    .await;
    stage.photograph("dragged-out");
    pointer(stage, &["mouseup", "1"]);
    until("the files that were let go", SOON, || {
        let files = says()
            .strip_prefix("dropped\n")
            .map(|files| files.lines().map(str::to_owned).collect());
        async move { files }
    })
    .await
}

/// Presses the button at a place.
fn take(stage: &Stage, (left, top): (i32, i32)) {
    pointer(stage, &["mousemove", &left.to_string(), &top.to_string()]);
    pointer(stage, &["mousedown", "1"]);
}

/// One move of a drag: first some pixels away, by which a program sees that it is one, then to where it goes. There a
/// window hears of it with each next move.
fn pull(stage: &Stage, moves: i32, (left, top): (i32, i32)) {
    if moves < 8 {
        pointer(stage, &["mousemove_relative", "--", "4", "2"]);
    } else {
        let nudge = moves % 2;
        pointer(
            stage,
            &["mousemove", &(left + nudge).to_string(), &(top + 1).to_string()],
        );
        pointer(stage, &["mousemove_relative", "--", "1", &nudge.to_string()]);
    }
}

fn pointer(stage: &Stage, arguments: &[&str]) {
    assert!(
        tool("xdotool", arguments, stage.environment()).is_some(),
        "the pointer does not move: {arguments:?}"
    );
}

/// The middle of a window, in pixels of the screen.
fn middle(stage: &Stage, title: &str) -> (i32, i32) {
    let [left, top, width, height] = super::keyboard::place(stage.environment(), title);
    (left + width / 2, top + height / 2)
}
