//! Linux: the X server itself where it has the screen, the desktop portal everywhere else.

mod keys;
mod pixels;
mod portal;
mod settling;
mod windows;
mod x11;

use std::time::Duration;

pub use keys::Keys;

use crate::{Refusal, Still};

/// A compositor of Wayland fades a hidden window out and does not say when that is over.
const FADING: Duration = Duration::from_millis(300);

/// Takes the screen that the pointer is on; on Wayland, where nobody is told where the pointer is, all screens.
/// With `hidden` a window of this app was hidden just now, and the picture waits for what was below it.
///
/// # Errors
/// Why there is no picture.
pub async fn still(hidden: bool) -> Result<Still, Refusal> {
    if !on_wayland() {
        match tokio::task::spawn_blocking(move || x11::still(hidden)).await {
            Ok(Ok(still)) => return Ok(still),
            Ok(Err(error)) => tracing::warn!(%error, "the X server gave no picture; the portal is asked"),
            Err(error) => tracing::warn!(%error, "the X server could not be asked; the portal is"),
        }
    }
    if hidden {
        tokio::time::sleep(FADING).await;
    }
    portal::still().await
}

/// Whether the session is one of Wayland. An X server is there too then, which shows black where the screen is.
fn on_wayland() -> bool {
    match std::env::var_os("XDG_SESSION_TYPE") {
        Some(kind) if kind == "wayland" => true,
        Some(kind) if kind == "x11" => false,
        // Started outside of a session, as from an old display manager.
        _ => std::env::var_os("WAYLAND_DISPLAY").is_some(),
    }
}
