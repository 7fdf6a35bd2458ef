//! `cargo xtask screenshots DIR`: every screen and state of the real app, light and dark, at 1× and 2×.

use std::path::Path;

use crate::command::{cargo, show};
use crate::prepare::{Need, prepare};
use crate::run::EMBED_PAGE;
use crate::{ui, workspace};

/// Builds the app and drives it over the practice cloud, saving PNGs into `directory`.
pub(crate) fn screenshots(directory: &str) -> Result<(), String> {
    prepare(Need::Test)?;
    ui::build()?;
    let mut build = cargo(["build", "--package", "sendoff"]);
    build.args(EMBED_PAGE);
    show(&mut build)?;
    // Relative to where the command was called, not to the root.
    let directory = std::path::absolute(Path::new(directory))
        .map_err(|error| format!("{directory} is not a folder name: {error}"))?;
    show(
        cargo([
            "run",
            "--quiet",
            "--package",
            "sendoff-tests",
            "--bin",
            "screenshots",
            "--",
        ])
        .arg(&directory)
        .env("SENDOFF_APP", workspace::app(false)),
    )
}
