//! Files dragged from another program's window by the pointer.

use std::path::Path;

use super::process::{Process, tool};
use super::wait::{SOON, until};
use super::{Page, Stage, target_folder};

const SOURCE: &str = "Files of another program";

/// Drags files into the middle of the app's window and lets go when the page says that it takes them.
pub(crate) async fn files(stage: &Stage, page: &Page, window: &str, paths: &[&Path]) {
    let program = target_folder().join("debug/examples/drag_source");
    let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    let paths: Vec<&str> = paths.iter().map(AsRef::as_ref).collect();
    let _source = Process::start(&program.to_string_lossy(), &paths, stage.environment(), stage.logs());
    stage.window(SOURCE).await;
    let (left, top) = middle(stage, SOURCE);
    pointer(stage, &["mousemove", &left, &top]);
    pointer(stage, &["mousedown", "1"]);
    let (left, top) = middle(stage, window);
    // A drag begins when the pointer has moved some pixels, and a window hears of it with the next move.
    let mut moves: i32 = 0;
    until("the page taking the files", SOON, || {
        moves += 1;
        let nudge = (moves % 2).to_string();
        pointer(stage, &["mousemove", &left, &top]);
        pointer(stage, &["mousemove_relative", "--", &nudge, "1"]);
        async move {
            let taking = page
                .run("return document.querySelector('.dragging') !== null", Vec::new())
                .await;
            (taking == true).then_some(())
        }
    })
    .await;
    pointer(stage, &["mouseup", "1"]);
}

fn pointer(stage: &Stage, arguments: &[&str]) {
    assert!(
        tool("xdotool", arguments, stage.environment()).is_some(),
        "the pointer does not move: {arguments:?}"
    );
}

/// The middle of a window, in pixels of the screen.
fn middle(stage: &Stage, title: &str) -> (String, String) {
    let [left, top, width, height] = super::keyboard::place(stage.environment(), title);
    ((left + width / 2).to_string(), (top + height / 2).to_string())
}
