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
    let mut build = cargo(["run", "--package", "sendoff"]);
    build.args(EMBED_PAGE);
    if release {
        build.arg("--release");
    }
    show(&mut build)
}
