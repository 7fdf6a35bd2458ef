//! What closing the window does: with a tray it goes there; without one the page asks, once.

use sendoff_core::model::OnClose;
use tauri::{AppHandle, Manager};

use crate::state::Shell;
use crate::{tray, window};

/// Whether the window may close now. When not, the user is being asked.
pub(crate) fn may_close(app: &AppHandle) -> bool {
    let Ok(engine) = app.state::<Shell>().engine() else {
        // Nothing runs that could go on without a window.
        app.exit(0);
        return true;
    };
    if tray::is_shown(app) {
        return true;
    }
    match engine.read(|world| world.settings().on_close) {
        OnClose::KeepWorking => true,
        OnClose::Ask if window::ask_close(app) => false,
        // A page that hears nothing cannot ask: a window that does not close would be worse.
        OnClose::Ask | OnClose::Quit => {
            app.exit(0);
            true
        }
    }
}
