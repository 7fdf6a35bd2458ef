//! Keys, windows and the screen, by the tools of X11.

use std::path::Path;

use super::process::tool;
use super::wait::{SOON, until};

type Environment = [(String, String)];

/// Waits until a window manager answers; before that no window gets the focus.
pub(crate) async fn wait_for_window_manager(environment: &Environment) {
    until("the window manager", SOON, || async {
        tool("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"], environment).filter(|answer| answer.contains("window id"))
    })
    .await;
}

/// Presses keys in the focused window.
pub(crate) fn press(environment: &Environment, keys: &str) {
    tool("xdotool", &["key", "--clearmodifiers", keys], environment)
        .unwrap_or_else(|| panic!("xdotool could not press {keys}"));
}

/// Types words into the focused window.
pub(crate) fn type_words(environment: &Environment, words: &str) {
    tool(
        "xdotool",
        &["type", "--clearmodifiers", "--delay", "20", words],
        environment,
    )
    .unwrap_or_else(|| panic!("xdotool could not type {words:?}"));
}

/// The numbers of visible windows whose title holds `title`.
pub(crate) fn windows(environment: &Environment, title: &str) -> Vec<String> {
    // xdotool fails when it finds none.
    tool("xdotool", &["search", "--onlyvisible", "--name", title], environment)
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Pulls the pointer along places of the screen, the button held, sixty a second.
pub(crate) fn pull(environment: &Environment, path: &[(i32, i32)]) {
    let place = |(across, down): &(i32, i32)| ["mousemove".to_owned(), across.to_string(), down.to_string()];
    let first = path.first().expect("a place to begin at");
    let mut arguments: Vec<String> = place(first).into();
    arguments.extend(["mousedown", "1"].map(str::to_owned));
    for next in &path[1..] {
        arguments.extend(place(next));
        arguments.extend(["sleep", "0.0167"].map(str::to_owned));
    }
    arguments.extend(["mouseup", "1"].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert!(
        tool("xdotool", &arguments, environment).is_some(),
        "the pointer does not move"
    );
}

/// Where the inside of a window is: left, top, width and height in pixels of the screen.
pub(crate) fn place(environment: &Environment, title: &str) -> [i32; 4] {
    let found = windows(environment, title);
    let window = found
        .first()
        .unwrap_or_else(|| panic!("no visible window is called {title}"));
    // xdotool counts the frame twice.
    let told = tool("xwininfo", &["-id", window], environment).expect("its geometry");
    ["Absolute upper-left X:", "Absolute upper-left Y:", "Width:", "Height:"].map(|name| {
        told.lines()
            .find_map(|line| line.trim().strip_prefix(name)?.trim().parse().ok())
            .expect("a number of pixels")
    })
}

/// Makes a window so large, as pulling at its edge would.
pub(crate) fn resize(environment: &Environment, title: &str, width: i32, height: i32) {
    let found = windows(environment, title);
    let window = found
        .first()
        .unwrap_or_else(|| panic!("no visible window is called {title}"));
    let (width, height) = (width.to_string(), height.to_string());
    let resized = tool("xdotool", &["windowsize", window, &width, &height], environment);
    assert!(
        resized.is_some(),
        "the window {title} could not be made larger or smaller"
    );
}

/// Gives a window the keyboard, and waits until it has it.
pub(crate) fn focus(environment: &Environment, title: &str) {
    let found = windows(environment, title);
    let window = found
        .first()
        .unwrap_or_else(|| panic!("no visible window is called {title}"));
    let focused = tool("xdotool", &["windowactivate", "--sync", window], environment);
    assert!(focused.is_some(), "the window {title} could not get the keyboard");
}

/// Asks a window to close by its window manager, as its close button does, so that the program may refuse.
/// A message, not a key: one pressed while the window manager is busy is lost.
pub(crate) fn close_window(environment: &Environment, title: &str) {
    let found = windows(environment, title);
    let window = found
        .first()
        .unwrap_or_else(|| panic!("no visible window is called {title}"));
    let asked = tool("wmctrl", &["-i", "-c", window], environment);
    assert!(asked.is_some(), "the window {title} could not be asked to close");
}

/// Saves a picture of the screen. A failed picture must not hide why a test failed.
pub(crate) fn photograph(environment: &Environment, file: &Path) {
    let file = file.to_string_lossy().into_owned();
    if tool("import", &["-window", "root", &file], environment).is_none() {
        eprintln!("no picture of the screen could be taken");
    }
}
