//! How large the window is: it comes back as large as it was left, and never larger than the screen.

use sendoff_core::engine::WindowSize;
use tauri::{AppHandle, LogicalSize, Manager, Window};

use crate::state::{Shell, lock};

/// How large it is at first.
const FIRST: WindowSize = WindowSize {
    width: 1180,
    height: 780,
    maximized: false,
};

/// How large the window is to be made.
pub(crate) fn wanted(app: &AppHandle) -> WindowSize {
    let shell = app.state::<Shell>();
    let held = *lock(&shell.size);
    let left = held.or_else(|| shell.engine().ok()?.window_size()).unwrap_or(FIRST);
    let size = match app.primary_monitor() {
        Ok(Some(monitor)) => {
            let screen: LogicalSize<u32> = monitor.size().to_logical(monitor.scale_factor());
            WindowSize {
                width: left.width.min(screen.width),
                height: left.height.min(screen.height),
                ..left
            }
        }
        Ok(None) | Err(_) => left,
    };
    *lock(&shell.size) = Some(size);
    size
}

/// Notes how large the window became. While it fills the screen, what it was before is what it goes back to.
pub(crate) fn note(window: &Window) {
    let Ok(maximized) = window.is_maximized() else {
        return;
    };
    let shell = window.state::<Shell>();
    let mut held = lock(&shell.size);
    let before = held.unwrap_or(FIRST);
    let (width, height) = match now(window) {
        Some(size) if !maximized => size,
        _ => (before.width, before.height),
    };
    *held = Some(WindowSize {
        width,
        height,
        maximized,
    });
}

/// Keeps it for the next start.
pub(crate) fn keep(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if let (Some(size), Ok(engine)) = (*lock(&shell.size), shell.engine()) {
        engine.keep_window_size(size);
    }
}

/// Width and height as they are given when a window is made. What tao tells counts shadow and title bar in, where GTK
/// draws them, and the window would grow with each start.
#[cfg(target_os = "linux")]
fn now(window: &Window) -> Option<(u32, u32)> {
    use gtk::prelude::GtkWindowExt;
    let (width, height) = window.gtk_window().ok()?.size();
    Some((width.try_into().ok()?, height.try_into().ok()?))
}

#[cfg(not(target_os = "linux"))]
fn now(window: &Window) -> Option<(u32, u32)> {
    let size: LogicalSize<u32> = window.inner_size().ok()?.to_logical(window.scale_factor().ok()?);
    Some((size.width, size.height))
}
