//! `cargo xtask bench`: figures of a release build, each printed by the program that measures it.

use crate::command::{cargo, show};
use crate::prepare::{Need, prepare};
use crate::run::EMBED_PAGE;
use crate::{ui, workspace};

struct Bench {
    name: &'static str,
    says: &'static str,
    run: fn() -> Result<(), String>,
}

const BENCHES: [Bench; 3] = [
    Bench {
        name: "shots",
        says: "Pictures: decode, clean, flatten, encode",
        run: shots,
    },
    Bench {
        name: "body",
        says: "Launch body: memory above the files",
        run: body,
    },
    Bench {
        name: "app",
        says: "The app: start to composer, paste to thumbnail",
        run: app,
    },
];

/// Runs the benches named in `names`, or all of them.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !BENCHES.iter().any(|bench| bench.name == **name))
    {
        let known: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        return Err(format!(
            "No bench is called {unknown}. There are: {}.",
            known.join(", ")
        ));
    }
    for bench in BENCHES
        .iter()
        .filter(|bench| names.is_empty() || names.contains(&bench.name))
    {
        println!("\n== {} ==", bench.says);
        (bench.run)()?;
    }
    Ok(())
}

fn shots() -> Result<(), String> {
    show(&mut cargo([
        "run",
        "--release",
        "--package",
        "sendoff-shots",
        "--example",
        "measure",
    ]))
}

fn body() -> Result<(), String> {
    show(&mut cargo([
        "run",
        "--release",
        "--package",
        "cursor-cloud-agents",
        "--example",
        "measure",
    ]))
}

fn app() -> Result<(), String> {
    prepare(Need::Test)?;
    ui::build()?;
    let mut build = cargo(["build", "--release", "--package", "sendoff"]);
    build.args(EMBED_PAGE);
    show(&mut build)?;
    show(
        cargo(["run", "--quiet", "--package", "sendoff-tests", "--bin", "measure"])
            .env("SENDOFF_APP", workspace::app(true)),
    )
}
