//! The overrides that tests use. An address that is not loopback is refused, and one beside the user's own data: a key
//! must not be lured elsewhere.

use std::ffi::OsString;
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

/// The overrides may not be used like this.
#[derive(Debug)]
pub(crate) enum Refused {
    /// `SENDOFF_API_URL` names another computer.
    NotLoopback,
    /// `SENDOFF_DATA_DIR` is not an absolute path.
    NotAbsolute,
    /// `SENDOFF_API_URL` without a folder of its own: the user's keys would go to that address.
    OwnData,
}

impl Refused {
    /// The exit code of `EX_USAGE` (sysexits.h): there is no window yet to say it in.
    pub(crate) fn exit(&self) -> ExitCode {
        ExitCode::from(64)
    }
}

impl Environment {
    /// Reads the environment.
    pub(crate) fn read() -> Result<Self, Refused> {
        let data_folder = std::env::var_os("SENDOFF_DATA_DIR").map(PathBuf::from);
        let api_url = address(std::env::var_os("SENDOFF_API_URL"), data_folder.as_deref())?;
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

/// The base of the API, for what the two overrides say.
fn address(url: Option<OsString>, data_folder: Option<&Path>) -> Result<String, Refused> {
    if data_folder.is_some_and(|folder| !folder.is_absolute()) {
        return Err(Refused::NotAbsolute);
    }
    let Some(url) = url else {
        return Ok(CURSOR.to_owned());
    };
    let url = url
        .into_string()
        .ok()
        .filter(|url| is_loopback(url))
        .ok_or(Refused::NotLoopback)?;
    if data_folder.is_none() {
        return Err(Refused::OwnData);
    }
    Ok(url)
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
