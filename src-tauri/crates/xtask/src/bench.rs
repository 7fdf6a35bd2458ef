//! `cargo xtask bench`: figures of a release build, printed by the programs that measure them.

use crate::command::{cargo, command, show};
use crate::peers::peers;
use crate::prepare::{Need, cargo_program, prepare};
use crate::run::EMBED_PAGE;
use crate::{ui, workspace};

type Measure = fn() -> Result<(), String>;

/// What can be measured, in the order in which all of it is.
const FIGURES: [(&str, Measure); 9] = [
    ("pictures", pictures),
    ("shots", shots),
    ("body", body),
    ("find", find),
    ("start", start),
    ("paste", paste),
    ("desk", desk),
    ("transcript", transcript),
    ("tray", tray),
];

/// Measures what is named, or everything.
pub(crate) fn bench(named: &[&str]) -> Result<(), String> {
    if let Some(unknown) = named
        .iter()
        .find(|name| FIGURES.iter().all(|(known, _)| known != *name))
    {
        let known = FIGURES.map(|(name, _)| name).join(", ");
        return Err(format!("Nothing called {unknown} is measured. These are: {known}."));
    }
    for (name, measure) in FIGURES {
        if named.is_empty() || named.contains(&name) {
            println!("\n== {name} ==");
            measure()?;
        }
    }
    Ok(())
}

/// Decode, clean, thumbnail, encode.
fn pictures() -> Result<(), String> {
    example("sendoff-shots", "pictures")
}

/// The same steps beside Pillow, ImageMagick and sharp.
fn shots() -> Result<(), String> {
    let folder = workspace::target().join("bench-shots");
    let mut run = cargo([
        "run",
        "--release",
        "--package",
        "sendoff-shots",
        "--example",
        "beside",
        "--",
    ]);
    run.arg(&folder).arg("9");
    for peer in peers(&folder)? {
        run.args(peer);
    }
    show(&mut run)
}

/// Memory and time of sending five pictures of 15 MB.
fn body() -> Result<(), String> {
    example("cursor-cloud-agents", "body")
}

/// Finding by words among a million lines, against ripgrep.
fn find() -> Result<(), String> {
    cargo_program("rg", "ripgrep")?;
    example("sendoff-store", "find")
}

/// From the start of the process to a composer.
fn start() -> Result<(), String> {
    in_window("start")
}

/// From the paste of a picture to its thumbnail.
fn paste() -> Result<(), String> {
    in_window("paste")
}

/// Frames while a mark is dragged over a large picture.
fn desk() -> Result<(), String> {
    in_window("desk")
}

/// A reply of 100,000 pieces as it arrives, opens and scrolls.
fn transcript() -> Result<(), String> {
    in_window("transcript")
}

/// What it costs to wait in the tray for twenty agents.
fn tray() -> Result<(), String> {
    in_window("tray")
}

fn example(package: &str, name: &str) -> Result<(), String> {
    show(&mut cargo([
        "run",
        "--release",
        "--package",
        package,
        "--example",
        name,
    ]))
}

/// Builds the app as people get it, and the program that drives it, which need not be fast itself.
fn in_window(what: &str) -> Result<(), String> {
    prepare(Need::Test)?;
    ui::build()?;
    let mut app = cargo(["build", "--release", "--package", "sendoff"]);
    show(app.args(EMBED_PAGE))?;
    driver("measure", &[what], true)
}

/// Runs a program over the stage of the desktop tests.
pub(crate) fn driver(name: &str, arguments: &[&str], release: bool) -> Result<(), String> {
    show(&mut cargo(["build", "--package", "sendoff-tests", "--example", name]))?;
    let program = workspace::program(&format!("examples/{name}"), false);
    show(command(&program.to_string_lossy(), arguments).env("SENDOFF_APP", workspace::app(release)))
}
