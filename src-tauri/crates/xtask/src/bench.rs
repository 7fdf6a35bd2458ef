//! `cargo xtask bench`: figures of a release build, printed by the programs that measure them.

use std::process::Command;

use crate::command::{cargo, command, present, show, show_and_keep};
use crate::peers::peers;
use crate::plot::{bars, plot};
use crate::prepare::{Need, cargo_program, debian, prepare};
use crate::run::EMBED_PAGE;
use crate::{ui, workspace};

type Measure = fn() -> Result<(), String>;

/// What can be measured, in the order in which all of it is.
const FIGURES: [(&str, Measure); 12] = [
    ("pictures", pictures),
    ("shots", shots),
    ("body", body),
    ("find", find),
    ("start", start),
    ("paste", paste),
    ("desk", desk),
    ("transcript", transcript),
    ("tray", tray),
    ("silence", silence),
    ("scale", scale),
    ("following", following),
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

/// By when an agent that is not heard of is said to be quiet, and to be stuck.
fn silence() -> Result<(), String> {
    in_window("silence")
}

/// Ten thousand agents in a database of a gigabyte.
fn scale() -> Result<(), String> {
    fzf();
    in_window("scale")
}

/// Following beside the official client's loop, finding beside ripgrep and the switcher beside fzf, with a plot of all.
fn following() -> Result<(), String> {
    ui::packages("tests/sdk")?;
    cargo_program("rg", "ripgrep")?;
    fzf();
    app()?;
    show(&mut cargo(["build", "--release", "--package", "practice-cloud"]))?;
    let mut ingest = cargo(["run", "--release", "--package", "sendoff-tests", "--example", "ingest"]);
    ingest.env("PRACTICE_BIN", workspace::program("practice-cloud", true));
    ingest.env("NODE", workspace::root().join("tests/sdk/node_modules/node/bin/node"));
    let mut find = cargo(["run", "--release", "--package", "sendoff-store", "--example", "find"]);
    let (mut told, mut whole) = (String::new(), true);
    for measure in [&mut ingest, &mut find, &mut driving("measure", &["scale"], true)?] {
        let said = show_and_keep(measure)?;
        told.push_str(&said.text);
        whole &= said.success;
    }
    let path = workspace::target().join("bench-following.svg");
    std::fs::write(&path, plot(&bars(&told)))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    println!("A plot of it: {}", path.display());
    if whole {
        Ok(())
    } else {
        Err("Not all of it was measured, or is within its limits: see above.".to_owned())
    }
}

/// What the switcher is measured beside; where it cannot be had, that is said and the rest is measured.
fn fzf() {
    if !present("fzf")
        && let Err(error) = debian(&["fzf"])
    {
        println!("fzf could not be installed: {error}.");
    }
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
    app()?;
    driver("measure", &[what], true)
}

/// Builds the app as people get it.
fn app() -> Result<(), String> {
    prepare(Need::Test)?;
    ui::build()?;
    show(cargo(["build", "--release", "--package", "sendoff"]).args(EMBED_PAGE))
}

/// Runs a program over the stage of the desktop tests.
pub(crate) fn driver(name: &str, arguments: &[&str], release: bool) -> Result<(), String> {
    show(&mut driving(name, arguments, release)?)
}

/// Builds that program, and gives the command that runs it.
fn driving(name: &str, arguments: &[&str], release: bool) -> Result<Command, String> {
    show(&mut cargo(["build", "--package", "sendoff-tests", "--example", name]))?;
    let program = workspace::program(&format!("examples/{name}"), false);
    let mut driver = command(&program.to_string_lossy(), arguments);
    driver.env("SENDOFF_APP", workspace::app(release));
    Ok(driver)
}
