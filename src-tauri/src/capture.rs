//! *Capture to agent*: our window goes, the screen is taken, and the window comes back with the picture on the desk.

use sendoff_capture::{Picture, Refusal, Still};
use sendoff_core::engine::Screen;
use sendoff_core::model::{DraftId, Failure};
use tauri::{AppHandle, Manager};

use crate::state::Shell;
use crate::window::{self, Opening, Wish};

/// Asks a running Sendoff for it, for desktops that give their keys to command lines only.
const ARGUMENT: &str = "--capture";

/// The app was started, or started again: takes the screen if the command line asks for it, or else opens the window.
pub(crate) fn started(app: &AppHandle, arguments: impl IntoIterator<Item = String>, opening: Option<Opening>) {
    if arguments.into_iter().any(|argument| argument == ARGUMENT) {
        start(app, None, false);
    } else {
        window::open(app, opening);
    }
}

/// Takes the screen into a draft, or into a new one. With `settle` something of ours leaves the screen just now.
pub(crate) fn start(app: &AppHandle, draft: Option<DraftId>, settle: bool) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        // A second wish while the desktop still asks about the first means the same.
        let Ok(_turn) = shell.capturing.try_lock() else {
            return;
        };
        match take(&app, draft.clone(), settle).await {
            Ok(Some(captured)) => window::open(&app, Some(Opening::Wish(captured))),
            Ok(None) => {}
            Err(failure) => window::open(&app, Some(Opening::Wish(Wish::Trouble { failure, draft }))),
        }
    });
}

/// What the window opens then; nothing where the user did not want it after all.
async fn take(app: &AppHandle, draft: Option<DraftId>, settle: bool) -> Result<Option<Wish>, Failure> {
    let engine = app.state::<Shell>().engine()?;
    engine.check_capture(draft.as_ref())?;
    let hidden = window::hide(app);
    let still = match still(app, settle || hidden).await {
        Ok(still) => still,
        Err(Refusal::Declined) => {
            if hidden {
                window::open(app, None);
            }
            return Ok(None);
        }
        Err(Refusal::NoPortal) => return Err(Failure::CaptureUnavailable),
        Err(Refusal::Forbidden) => return Err(Failure::CaptureForbidden),
        Err(Refusal::Failed) => return Err(Failure::CaptureFailed),
    };
    let screen = match still.picture {
        Picture::Pixels { width, height, rgba } => Screen::Pixels { width, height, rgba },
        Picture::Encoded(bytes) => Screen::Encoded(bytes),
    };
    let (draft, shot) = engine.take_screen(draft, screen).await?;
    let windows = still.windows;
    Ok(Some(Wish::Capture { draft, shot, windows }))
}

#[cfg(target_os = "linux")]
async fn still(_app: &AppHandle, settle: bool) -> Result<Still, Refusal> {
    sendoff_capture::still(settle).await
}

#[cfg(not(target_os = "linux"))]
async fn still(app: &AppHandle, settle: bool) -> Result<Still, Refusal> {
    let pointer = app.cursor_position().map_err(|_| Refusal::Failed)?;
    // macOS counts places on the desktop in points; Tauri gives them in pixels of the main screen.
    let scale = match app.primary_monitor() {
        Ok(Some(screen)) if cfg!(target_os = "macos") => screen.scale_factor(),
        _ => 1.0,
    };
    let pointer = ((pointer.x / scale) as i32, (pointer.y / scale) as i32);
    sendoff_capture::still(pointer, settle).await
}
