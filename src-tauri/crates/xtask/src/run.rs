//! `cargo xtask run`: from a fresh checkout to the open window.

use crate::command::{cargo, show};
use crate::prepare::{Need, prepare};
use crate::{ui, workspace};

/// Compiles the page into the program instead of asking a development server for it.
pub(crate) const EMBED_PAGE: [&str; 2] = ["--features", "sendoff/custom-protocol"];

/// Builds page and app and opens the window; returns when the app quits.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let release = match arguments {
        [] => false,
        ["--release"] => true,
        _ => return Err("cargo xtask run takes --release or nothing.".to_owned()),
    };
    prepare(Need::Run)?;
    println!("Building the page…");
    ui::build()?;
    if !workspace::app(release).exists() {
        println!("Building the app. The first time takes about ten minutes; later ones take seconds.");
    }
    let profile: &[&str] = if release { &["--release"] } else { &[] };
    let app = |word: &str| {
        let mut command = cargo([word, "--package", "sendoff"]);
        command.args(EMBED_PAGE).args(profile);
        command
    };
    show(&mut app("build"))?;
    if cfg!(target_os = "linux") && !["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| is_set(name)) {
        return Err(format!(
            "The app is built, but there is no screen to open it on (neither DISPLAY nor WAYLAND_DISPLAY is set): \
             start {} from a desktop.",
            workspace::app(release).display()
        ));
    }
    show(&mut app("run"))
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
