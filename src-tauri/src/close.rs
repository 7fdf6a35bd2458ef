//! What closing the window does: with a tray it goes there; without one the user is asked once.

use sendoff_core::model::{Change, OnClose};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::state::{Shell, lock};
use crate::window::MAIN;
use crate::words::word;

/// Whether the window may close now. When not, the user is being asked.
pub(crate) fn may_close(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    let Ok(engine) = shell.engine() else {
        // Nothing runs that could go on without a window.
        app.exit(0);
        return true;
    };
    if *lock(&shell.tray) {
        return true;
    }
    match engine.read(|world| world.settings().on_close) {
        OnClose::KeepWorking => true,
        OnClose::Quit => {
            app.exit(0);
            true
        }
        OnClose::Ask => {
            ask(app);
            false
        }
    }
}

fn ask(app: &AppHandle) {
    let handle = app.clone();
    let buttons = MessageDialogButtons::OkCancelCustom(word("close.keep").to_owned(), word("close.quit").to_owned());
    let mut dialog = app
        .dialog()
        .message(word("close.question"))
        .title(word("close.title"))
        .kind(MessageDialogKind::Info)
        .buttons(buttons);
    if let Some(window) = app.get_webview_window(MAIN) {
        dialog = dialog.parent(&window);
    }
    dialog.show(move |keep| {
        tauri::async_runtime::spawn(async move { decide(&handle, keep).await });
    });
}

/// Keeps the answer and follows it.
async fn decide(app: &AppHandle, keep: bool) {
    let on_close = if keep { OnClose::KeepWorking } else { OnClose::Quit };
    if let Ok(engine) = app.state::<Shell>().engine() {
        let mut settings = engine.read(|world| world.settings().clone());
        settings.on_close = on_close;
        if engine.change(Change::SettingsChange { settings }).await.is_err() {
            tracing::warn!("the answer could not be kept; it is asked again next time");
        }
    }
    if keep {
        if let Some(window) = app.get_webview_window(MAIN)
            && window.destroy().is_err()
        {
            tracing::warn!("the window did not close");
        }
    } else {
        app.exit(0);
    }
}
