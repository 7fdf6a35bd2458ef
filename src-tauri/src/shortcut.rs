//! The keys that take a picture of the screen whatever program is in front.

use sendoff_capture::{KeysRefused, Shortcut};
use sendoff_core::model::{Change, Failure};
use tauri::{AppHandle, Manager};

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
    let taken = match keys.map(Shortcut::parse) {
        None => platform::take(app, None),
        Some(Some(shortcut)) => platform::take(app, Some((shortcut, keys.unwrap_or_default()))),
        Some(None) => Err(KeysRefused::NoKey),
    };
    taken.map_err(|refused| match refused {
        KeysRefused::Taken => Failure::ShortcutTaken {
            shortcut: keys.unwrap_or_default().to_owned(),
        },
        KeysRefused::NoKey => Failure::ShortcutUnusable,
        KeysRefused::Unsupported => Failure::ShortcutUnsupported,
    })
}

#[cfg(target_os = "linux")]
mod platform {
    use std::sync::{Arc, OnceLock};

    use sendoff_capture::{Keys, KeysRefused, Shortcut};
    use tauri::AppHandle;

    use crate::capture;

    static KEYS: OnceLock<Result<Arc<Keys>, KeysRefused>> = OnceLock::new();

    pub(super) fn take(app: &AppHandle, wanted: Option<(Shortcut, &str)>) -> Result<(), KeysRefused> {
        if wanted.is_none() && KEYS.get().is_none() {
            return Ok(());
        }
        let listen = || {
            let app = app.clone();
            Keys::listen(move || capture::start(&app, None, false))
        };
        let keys = KEYS.get_or_init(listen).as_ref();
        match (keys, wanted) {
            (Err(_), None) => Ok(()),
            (Err(refused), Some(_)) => Err(*refused),
            (Ok(keys), wanted) => keys.take(wanted.map(|(shortcut, _)| shortcut)),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::sync::Mutex;

    use sendoff_capture::{KeysRefused, Shortcut};
    use tauri::AppHandle;
    use tauri_plugin_global_shortcut::{GlobalShortcutExt, ShortcutState};

    use crate::capture;
    use crate::state::lock;

    static HELD: Mutex<Option<String>> = Mutex::new(None);

    /// The library reads the spelling of the settings itself.
    pub(super) fn take(app: &AppHandle, wanted: Option<(Shortcut, &str)>) -> Result<(), KeysRefused> {
        let mut held = lock(&HELD);
        let wanted = wanted.map(|(_, text)| text);
        if held.as_deref() == wanted {
            return Ok(());
        }
        let keys = app.global_shortcut();
        if let Some(wanted) = wanted {
            let taken = keys.on_shortcut(wanted, |app, _, event| {
                if event.state == ShortcutState::Pressed {
                    capture::start(app, None, false);
                }
            });
            taken.map_err(|error| {
                tracing::warn!(%error, "the shortcut could not be had");
                KeysRefused::Taken
            })?;
        }
        let before = std::mem::replace(&mut *held, wanted.map(str::to_owned));
        if let Some(before) = before
            && let Err(error) = keys.unregister(before.as_str())
        {
            tracing::warn!(%error, "the keys before are still taken");
        }
        Ok(())
    }
}
