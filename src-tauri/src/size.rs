//! How large the window is: it comes back as large as it was left, and never larger than the largest screen.

use sendoff_core::engine::WindowSize;
use tauri::{AppHandle, LogicalSize, Manager, Window};

use crate::state::Shell;

/// How large the window is to be made.
pub(crate) fn wanted(app: &AppHandle) -> WindowSize {
    let engine = app.state::<Shell>().engine();
    let left = engine.map_or(WindowSize::FIRST, |engine| engine.window_size());
    let places = app.available_monitors().unwrap_or_default().into_iter();
    let places = places.map(|monitor| {
        let place: LogicalSize<u32> = monitor.work_area().size.to_logical(monitor.scale_factor());
        (place.width, place.height)
    });
    let (width, height) = places
        .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
        .filter(|(width, height)| *width > 0 && *height > 0)
        .unwrap_or((left.width, left.height));
    WindowSize {
        width: left.width.min(width),
        height: left.height.min(height),
        maximized: left.maximized,
    }
}

/// Notes that the window has another size. One that is minimized or fills a screen has none of its own.
pub(crate) fn note(window: &Window) {
    let says = |answer: tauri::Result<bool>| answer.unwrap_or(false);
    if says(window.is_minimized()) || says(window.is_fullscreen()) {
        return;
    }
    let size = if says(window.is_maximized()) {
        None
    } else {
        let Some(size) = now(window).filter(|(width, height)| *width > 0 && *height > 0) else {
            return;
        };
        Some(size)
    };
    if let Ok(engine) = window.state::<Shell>().engine() {
        engine.window_resized(size);
    }
}

/// Keeps it for the next start.
pub(crate) fn keep(app: &AppHandle) {
    if let Ok(engine) = app.state::<Shell>().engine() {
        engine.keep_window_size();
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
