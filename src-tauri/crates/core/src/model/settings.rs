//! The user's settings.

use sendoff_shots::Fit;
use serde::{Deserialize, Serialize};

use super::{ListSettings, SpendingRules};

/// All settings, with their defaults for what is absent in an older file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Seconds that *Send* is held, 0–10.
    pub hold_seconds: u8,
    /// Whether the system is told of done, failed and needs you.
    pub notifications: bool,
    /// What closing the window does, once the user has chosen where no tray is.
    pub on_close: OnClose,
    /// Whether new drafts ask for a pull request.
    pub open_pull_request: bool,
    /// Whether new drafts plan first.
    pub plan_first: bool,
    /// The keys that take a picture of the screen whatever program is in front, like `CmdOrCtrl+Shift+2`; none is off.
    pub capture_shortcut: Option<String>,
    /// How light pictures are made before they are sent.
    pub fit: Fit,
    /// How the list is shown.
    pub list: ListSettings,
    /// Limits and alarms on what is spent.
    pub spending: SpendingRules,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            hold_seconds: 5,
            notifications: true,
            on_close: OnClose::Ask,
            open_pull_request: true,
            plan_first: false,
            // Beside the keys of the Mac's own screenshots, and taken by no browser, editor or chat; a letter in its
            // place would be.
            capture_shortcut: Some("CmdOrCtrl+Shift+2".to_owned()),
            fit: Fit::Sharp,
            list: ListSettings::default(),
            spending: SpendingRules::default(),
        }
    }
}

/// The look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What closing the window does where there is no tray. With a tray the app stays there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum OnClose {
    /// Ask once.
    Ask,
    /// Keep working in the background.
    KeepWorking,
    /// Quit.
    Quit,
}
