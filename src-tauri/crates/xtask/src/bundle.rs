//! `cargo xtask bundle`: the installer of this system; on Debian it is installed and started too.

use std::path::PathBuf;

use crate::command::{answer, cargo, command, npm, present, show};
use crate::prepare::{Need, cargo_tool, prepare};
use crate::{ui, workspace};

/// Builds the installer and, where that can be tried without a person, installs and starts it.
pub(crate) fn bundle() -> Result<(), String> {
    prepare(Need::Run)?;
    ui::packages("ui")?;
    let kind = if cfg!(target_os = "macos") {
        "app,dmg"
    } else if cfg!(windows) {
        "nsis"
    } else {
        "deb"
    };
    show(&mut npm(
        "ui",
        ["run", "tauri", "--", "build", "--ci", "--bundles", kind],
    ))?;
    if cfg!(target_os = "linux") && present("dpkg-deb") {
        try_package()
    } else {
        Ok(())
    }
}

fn try_package() -> Result<(), String> {
    let package = newest_package()?;
    println!("Built {}", package.display());
    let root = answer("id", &["-u"]).as_deref() == Some("0");
    let file = package.to_string_lossy().into_owned();
    if root {
        // By path, so that apt also brings what the package says it depends on.
        show(&mut command(
            "apt-get",
            ["install", "--yes", "--reinstall", "--allow-downgrades", &file],
        ))?;
        let started = start("/usr/bin/sendoff");
        show(&mut command("apt-get", ["remove", "--yes", "sendoff"]))?;
        return started;
    }
    println!("Not as root: the package is unpacked into a folder and started from there, not installed.");
    let folder = workspace::target().join("xtask/package");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{} is in the way: {error}", folder.display()))?;
    }
    show(&mut command(
        "dpkg-deb",
        ["--extract", &file, &folder.to_string_lossy()],
    ))?;
    start(&folder.join("usr/bin/sendoff").to_string_lossy())
}

/// Starts the installed program in a real window by the desktop test that opens it.
fn start(app: &str) -> Result<(), String> {
    prepare(Need::Test)?;
    cargo_tool("cargo-nextest")?;
    show(
        cargo([
            "nextest",
            "run",
            "--config-file",
            ".cargo/nextest.toml",
            "--package",
            "sendoff-tests",
            "-E",
            "binary(desktop) & test(first_start)",
        ])
        .env("SENDOFF_APP", app),
    )
}

fn newest_package() -> Result<PathBuf, String> {
    let folder = workspace::target().join("release/bundle/deb");
    std::fs::read_dir(&folder)
        .map_err(|error| format!("{} cannot be read: {error}", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
        .ok_or_else(|| format!("{} holds no package", folder.display()))
}
