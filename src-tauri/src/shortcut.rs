//! The keys that take a picture of the screen whatever program is in front.

use sendoff_capture::KeysRefused;
use sendoff_core::model::{Change, Failure};
use tauri::{AppHandle, Manager};

use crate::capture;
use crate::state::{Shell, lock};
use crate::window::{Opening, Wish};

/// Takes the keys of the settings, and keeps why that failed.
pub(crate) fn start(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if let Ok(engine) = shell.engine() {
        let keys = engine.read(|world| world.settings().capture_shortcut.clone());
        *lock(&shell.shortcut_trouble) = take(app, keys.as_deref()).err();
    }
}

/// What the first window says of it: only what another program did. Where the system gives no keys to anybody, the
/// settings say so, and nobody is bothered with it at each start.
pub(crate) fn news(app: &AppHandle) -> Option<Opening> {
    let trouble = lock(&app.state::<Shell>().shortcut_trouble).clone();
    let failure = trouble.filter(|failure| matches!(failure, Failure::ShortcutTaken { .. }))?;
    Some(Opening::Wish(Wish::Trouble { failure, draft: None }))
}

/// Takes other keys, or none, and keeps them in the settings. What is refused leaves the ones before.
pub(crate) async fn change(app: &AppHandle, keys: Option<String>) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    let engine = shell.engine()?;
    take(app, keys.as_deref())?;
    *lock(&shell.shortcut_trouble) = None;
    let mut settings = engine.read(|world| world.settings().clone());
    settings.capture_shortcut = keys;
    engine.change(Change::SettingsChange { settings }).await.map(drop)
}

fn take(app: &AppHandle, keys: Option<&str>) -> Result<(), Failure> {
    platform::take(app, keys).map_err(|refused| match refused {
        KeysRefused::Taken => Failure::ShortcutTaken {
            shortcut: keys.unwrap_or_default().to_owned(),
        },
        KeysRefused::NoKey => Failure::ShortcutUnusable,
        KeysRefused::Unsupported => Failure::ShortcutUnsupported,
    })
}

#[cfg(target_os = "linux")]
mod platform {
    use std::sync::OnceLock;

    use super::{AppHandle, KeysRefused, capture};

    pub(super) fn take(app: &AppHandle, wanted: Option<&str>) -> Result<(), KeysRefused> {
        static KEYS: OnceLock<sendoff_capture::Keys> = OnceLock::new();
        let keys = KEYS.get_or_init(|| {
            let app = app.clone();
            sendoff_capture::Keys::new(move || capture::start(&app, None, false))
        });
        keys.take(wanted)
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::sync::Mutex;

    use sendoff_capture::Shortcut;
    use tauri_plugin_global_shortcut::{GlobalShortcutExt, ShortcutState};

    use super::{AppHandle, KeysRefused, capture, lock};

    pub(super) fn take(app: &AppHandle, wanted: Option<&str>) -> Result<(), KeysRefused> {
        static HELD: Mutex<Option<String>> = Mutex::new(None);
        let mut held = lock(&HELD);
        if held.as_deref() == wanted {
            return Ok(());
        }
        let keys = app.global_shortcut();
        if let Some(wanted) = wanted {
            Shortcut::parse(wanted).ok_or(KeysRefused::NoKey)?;
            // The library reads the same spelling.
            let taken = keys.on_shortcut(wanted, |app, _, event| {
                if event.state == ShortcutState::Pressed {
                    capture::start(app, None, false);
                }
            });
            taken.map_err(|_| KeysRefused::Taken)?;
        }
        if let Some(before) = std::mem::replace(&mut *held, wanted.map(str::to_owned))
            && let Err(error) = keys.unregister(before.as_str())
        {
            tracing::warn!(%error, "the keys before are still taken");
        }
        Ok(())
    }
}
