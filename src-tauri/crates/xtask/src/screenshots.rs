//! `cargo xtask screenshots DIR`: a picture of every screen and state of the real app.

use crate::bench::driver;
use crate::command::{cargo, show};
use crate::prepare::{Need, prepare};
use crate::run::EMBED_PAGE;
use crate::ui;

/// Builds the app and drives it through every screen; the pictures lie in `folder` afterwards.
pub(crate) fn screenshots(folder: &str) -> Result<(), String> {
    prepare(Need::Test)?;
    ui::build()?;
    show(cargo(["build", "--package", "sendoff"]).args(EMBED_PAGE))?;
    // The program runs in the root of the tree; the folder is meant from where the command was given.
    let folder = std::path::absolute(folder).map_err(|error| format!("{folder} is no folder: {error}"))?;
    driver("screenshots", &[&folder.to_string_lossy()], false)
}
