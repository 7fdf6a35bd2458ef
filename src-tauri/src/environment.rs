//! The overrides that tests use. An address that is not loopback is refused: a key must not be lured elsewhere.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Cursor's cloud.
const CURSOR: &str = "https://api.cursor.com";

/// The app's identifier, as in `tauri.conf.json`.
const IDENTIFIER: &str = "app.sendoff.desktop";

/// What the process was started with.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// Base of the Cursor API.
    pub(crate) api_url: String,
    /// Where data is kept; none means the place the system gives.
    pub(crate) data_folder: Option<PathBuf>,
    /// How fast practice agents work: 1 is real, 0 without delays.
    pub(crate) practice_speed: f64,
    /// The name by which a second start finds the first; another one for each data folder.
    pub(crate) instance: String,
}

/// `SENDOFF_API_URL` names another computer.
#[derive(Debug)]
pub(crate) struct NotLoopback;

impl NotLoopback {
    /// The exit code of `EX_USAGE` (sysexits.h): there is no window yet to say it in.
    pub(crate) fn exit(&self) -> ExitCode {
        ExitCode::from(64)
    }
}

impl Environment {
    /// Reads the environment.
    pub(crate) fn read() -> Result<Self, NotLoopback> {
        let data_folder = std::env::var_os("SENDOFF_DATA_DIR")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        let api_url = match std::env::var("SENDOFF_API_URL") {
            Ok(url) if is_loopback(&url) => url,
            Ok(_) => return Err(NotLoopback),
            Err(_) => CURSOR.to_owned(),
        };
        let practice_speed = std::env::var("SENDOFF_PRACTICE_SPEED")
            .ok()
            .and_then(|speed| speed.parse().ok())
            .filter(|speed: &f64| speed.is_finite() && *speed >= 0.0)
            .unwrap_or(1.0);
        Ok(Self {
            api_url,
            instance: instance(data_folder.as_deref()),
            data_folder,
            practice_speed,
        })
    }
}

/// A name on the session bus: letters, digits and dots (D-Bus Specification, "Bus names").
fn instance(data_folder: Option<&Path>) -> String {
    match data_folder {
        None => IDENTIFIER.to_owned(),
        Some(folder) => {
            let mut hasher = DefaultHasher::new();
            folder.hash(&mut hasher);
            format!("{IDENTIFIER}.d{:016x}", hasher.finish())
        }
    }
}

fn is_loopback(url: &str) -> bool {
    let Ok(url) = tauri::Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "http" && matches!(host, "127.0.0.1" | "[::1]" | "localhost") && url.username().is_empty()
}
