//! What the shell holds: the engine, or why there is none, and where the window should go next.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sendoff_core::engine::{Engine, Options, steady_clock, system_clock};
use sendoff_core::model::{Failure, Theme};
use sendoff_core::secrets::Keychain;
use tauri::{AppHandle, Manager};

use crate::environment::Environment;
use crate::{drag, notify, practice, shortcut, size, tray, window};

/// The name under which keys lie in the keychain of the system.
const KEYCHAIN: &str = "app.sendoff.desktop";
/// Requests a minute to a real account, streams and sends apart.
const REQUESTS: usize = 20;
/// What is asked to stop stops within seconds; nobody wonders longer than this.
const STOP_PATIENCE: Duration = Duration::from_mins(1);
/// What a run cost is known seconds after its end as a rule, and hours after it at the latest.
const USAGE_PATIENCE: Duration = Duration::from_mins(1);

/// The shell's state.
pub(crate) struct Shell {
    pub(crate) environment: Environment,
    engine: Mutex<Result<Engine, Failure>>,
    /// What the window opens first.
    pub(crate) pending: Mutex<window::Pending>,
    pub(crate) practice: practice::Cloud,
    /// Held while the screen is being taken.
    pub(crate) capturing: tokio::sync::Mutex<()>,
    /// Where the window was before it went for that.
    pub(crate) place: Mutex<Option<tauri::PhysicalPosition<i32>>>,
    /// What the pointer carries out of the window, or carried last.
    pub(crate) dragged: Mutex<Option<drag::Dragged>>,
    /// Why the keys for that cannot be had.
    pub(crate) shortcut_trouble: Mutex<Option<Failure>>,
    /// Why the last notification was not shown.
    pub(crate) notice_trouble: Mutex<Option<Failure>>,
}

impl Shell {
    pub(crate) fn new(environment: Environment) -> Self {
        Self {
            environment,
            engine: Mutex::new(Err(Failure::DataTrouble)),
            pending: Mutex::new(window::Pending::For(None)),
            practice: practice::Cloud::default(),
            capturing: tokio::sync::Mutex::default(),
            place: Mutex::default(),
            dragged: Mutex::default(),
            shortcut_trouble: Mutex::default(),
            notice_trouble: Mutex::default(),
        }
    }

    /// The engine, or why there is none.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        lock(&self.engine).clone()
    }
}

/// A lock that a panic elsewhere does not take away.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where data is kept.
pub(crate) fn data_folder(app: &AppHandle) -> Result<PathBuf, Failure> {
    let shell = app.state::<Shell>();
    match &shell.environment.data_folder {
        Some(folder) => Ok(folder.clone()),
        None => app.path().app_data_dir().map_err(|_| Failure::DataTrouble),
    }
}

/// Opens the data and starts the engine; the page shows why when that fails.
pub(crate) async fn start(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let opened = match data_folder(app) {
        Ok(folder) => open(app, folder).await,
        Err(failure) => Err(failure),
    };
    let mut engine = lock(&shell.engine);
    // Two tries at once: the one that opened the data owns it, and the other only sees that it is owned.
    if engine.is_err() {
        *engine = opened;
    }
    if let Ok(engine) = &*engine {
        tray::keep_true(app.clone(), engine.clone());
    }
    drop(engine);
    shortcut::start(app);
}

async fn open(app: &AppHandle, data_folder: PathBuf) -> Result<Engine, Failure> {
    let api_url = app.state::<Shell>().environment.api_url.clone();
    let options = Options {
        data_folder,
        api_url,
        keychain: Keychain::system(KEYCHAIN),
        practice: practice::starter(app.clone()),
        requests_per_minute: REQUESTS,
        stop_patience: STOP_PATIENCE,
        usage_patience: USAGE_PATIENCE,
        clock: system_clock,
        steady: steady_clock,
    };
    let (engine, signals) = Engine::open(options).await?;
    notify::start(app.clone(), signals);
    Ok(engine)
}

/// Writes what is left and stops.
pub(crate) async fn stop(app: &AppHandle) {
    let shell = app.state::<Shell>();
    size::keep(app);
    if let Ok(engine) = shell.engine() {
        engine.stop().await;
    }
    shell.practice.stop().await;
}

/// The look the user chose.
pub(crate) fn theme(app: &AppHandle) -> Option<tauri::Theme> {
    let engine = app.state::<Shell>().engine().ok()?;
    match engine.read(|world| world.settings().theme) {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}
