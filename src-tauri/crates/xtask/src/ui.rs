//! The page: its packages as locked, and its build.

use std::fs;

use crate::command::{npm, show};
use crate::workspace;

/// Installs the locked packages of a folder when its lock changed since the last time.
pub(crate) fn packages(folder: &str) -> Result<(), String> {
    let root = workspace::root().join(folder);
    let lock = fs::read(root.join("package-lock.json"))
        .map_err(|error| format!("{folder}/package-lock.json cannot be read: {error}"))?;
    // A copy of the lock inside node_modules says what stands there; it vanishes with the folder.
    let stamp = root.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    show(&mut npm(folder, ["ci", "--no-fund", "--no-audit"]))?;
    fs::write(&stamp, lock).map_err(|error| format!("{} cannot be written: {error}", stamp.display()))
}

/// Builds the page into `ui/dist`, from where the app takes it at compile time.
pub(crate) fn build() -> Result<(), String> {
    packages("ui")?;
    show(&mut npm("ui", ["run", "build"]))
}
