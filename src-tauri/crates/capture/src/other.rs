//! macOS and Windows, by `xcap`.

use std::time::Duration;

use xcap::Monitor;

use crate::{Picture, Refusal, Still};

/// A window that was hidden is off the screen after this: both systems fade it out, and neither says when that is over.
const FADING: Duration = Duration::from_millis(250);

/// Takes the screen that the pointer is on. `pointer` is in points on macOS and in pixels on Windows, as those systems
/// count; with `hidden` a window of this app was hidden just now.
///
/// # Errors
/// Why there is no picture.
pub async fn still(pointer: (i32, i32), hidden: bool) -> Result<Still, Refusal> {
    allowed()?;
    if hidden {
        tokio::time::sleep(FADING).await;
    }
    let taken = tokio::task::spawn_blocking(move || take(pointer)).await;
    taken.map_err(|_| Refusal::Failed)?
}

fn take((x, y): (i32, i32)) -> Result<Still, Refusal> {
    let taken = Monitor::from_point(x, y).and_then(|screen| screen.capture_image());
    let image = taken.map_err(|error| {
        tracing::warn!(%error, "the screen gave no picture");
        Refusal::Failed
    })?;
    let (width, height) = image.dimensions();
    let mut rgba = image.into_raw();
    for pixel in rgba.chunks_exact_mut(4) {
        pixel[3] = u8::MAX;
    }
    Ok(Still {
        picture: Picture::Pixels { width, height, rgba },
        windows: Vec::new(),
    })
}

/// Without the permission macOS gives a picture with this app's windows and nothing else, and no error.
#[cfg(target_os = "macos")]
fn allowed() -> Result<(), Refusal> {
    let access = core_graphics::access::ScreenCaptureAccess;
    // Asks once in the life of an installation, and puts the app on the list in the system's settings.
    if access.preflight() || access.request() {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

#[cfg(not(target_os = "macos"))]
fn allowed() -> Result<(), Refusal> {
    Ok(())
}
