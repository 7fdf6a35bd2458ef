//! `cargo xtask test`: every check, from fast to slow, and one closing line of counts.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::command::{cargo, npm, show, show_and_keep};
use crate::counts::{self, Counts};
use crate::prepare::{Need, cargo_tool, prepare};
use crate::run::EMBED_PAGE;
use crate::{bundle, invariants, ui, workspace};

/// How many cases the long proofs try; without these they try a sample.
const WHOLE: [(&str, &str); 3] = [
    ("SENDOFF_SEEDS", "1000000"),
    ("SENDOFF_CUTS", "100000"),
    ("SENDOFF_KILLS", "400"),
];

/// The machines optimized, overflow checks and assertions as in every test.
const OPTIMIZED: &str = "profile.dev.package.sendoff-core.opt-level=3";

struct Step {
    name: &'static str,
    heading: &'static str,
    run: fn(bool) -> Result<Counts, String>,
    when: When,
}

/// When a step runs without being named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// On Linux; elsewhere there is no desktop that a test could make for itself.
    OnLinux,
    /// With `--full`.
    Full,
}

const STEPS: [Step; 12] = [
    Step {
        name: "machine",
        heading: "What the machine has",
        run: machine,
        when: When::Always,
    },
    Step {
        name: "format",
        heading: "Format",
        run: format,
        when: When::Always,
    },
    Step {
        name: "invariants",
        heading: "Rules of the architecture",
        run: rules,
        when: When::Always,
    },
    Step {
        name: "page",
        heading: "Page: types, lint, tests, build",
        run: page,
        when: When::Always,
    },
    Step {
        name: "deny",
        heading: "Licences, bans, sources and version floors",
        run: deny,
        when: When::Always,
    },
    Step {
        name: "clippy",
        heading: "Clippy",
        run: clippy,
        when: When::Always,
    },
    Step {
        name: "tests",
        heading: "Tests and journeys",
        run: tests,
        when: When::Always,
    },
    Step {
        name: "proofs",
        heading: "The long proofs in full",
        run: proofs,
        when: When::Full,
    },
    Step {
        name: "sdk",
        heading: "The official client against the practice cloud",
        run: sdk,
        when: When::Always,
    },
    Step {
        name: "build",
        heading: "The app with its page inside",
        run: build,
        when: When::Always,
    },
    Step {
        name: "desktop",
        heading: "The real app in a real window",
        run: desktop,
        when: When::OnLinux,
    },
    Step {
        name: "bundle",
        heading: "The installer, installed and started",
        run: installer,
        when: When::Full,
    },
];

/// Runs the steps named in `arguments`, or all of them. A step that cannot run has failed.
pub(crate) fn test(arguments: &[&str]) -> ExitCode {
    let full = arguments.contains(&"--full");
    let named: Vec<&str> = arguments.iter().copied().filter(|word| *word != "--full").collect();
    if let Some(unknown) = named.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        println!("No step is called {unknown}. The steps are: {}.", known.join(", "));
        return ExitCode::FAILURE;
    }
    let start = Instant::now();
    let mut total = Counts::default();
    let mut lines = Vec::new();
    for step in &STEPS {
        let chosen = if named.is_empty() {
            full || step.when != When::Full
        } else {
            named.contains(&step.name)
        };
        if !chosen {
            continue;
        }
        println!("\n== {} ==", step.heading);
        if step.when == When::OnLinux && !cfg!(target_os = "linux") {
            println!("Left out: these tests make a desktop of their own, which needs Linux.");
            continue;
        }
        let began = Instant::now();
        let counts = (step.run)(full).unwrap_or_else(|sentence| {
            println!("{sentence}");
            Counts::FAILED
        });
        total += counts;
        let word = if counts.failed == 0 { "ok" } else { "FAILED" };
        lines.push(format!(
            "{word:>6}  {:>6}  {} ({} passed, {} failed)",
            spoken(began.elapsed()),
            step.heading,
            counts.passed,
            counts.failed
        ));
        println!("-- {} in {}", step.heading, spoken(began.elapsed()));
    }
    println!("\n{}\nin {}", lines.join("\n"), spoken(start.elapsed()));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    }
}

fn held(outcome: Result<(), String>) -> Counts {
    outcome.map_or_else(
        |sentence| {
            println!("{sentence}");
            Counts::FAILED
        },
        |()| Counts::PASSED,
    )
}

fn machine(_: bool) -> Result<Counts, String> {
    prepare(Need::Test)?;
    cargo_tool("cargo-nextest")?;
    cargo_tool("cargo-deny")?;
    Ok(Counts::PASSED)
}

fn format(_: bool) -> Result<Counts, String> {
    show(&mut cargo(["fmt", "--all", "--", "--check"]))
        .map_err(|error| format!("{error}. Run `cargo fmt --all`."))
        .map(|()| Counts::PASSED)
}

fn rules(_: bool) -> Result<Counts, String> {
    let mut counts = Counts::default();
    for checked in invariants::check()? {
        counts += Counts::of(checked.violations.is_empty());
        println!(
            "{:>6}  {}",
            if checked.violations.is_empty() { "ok" } else { "FAILED" },
            checked.rule
        );
        for violation in checked.violations {
            println!("        {violation}");
        }
    }
    Ok(counts)
}

fn page(_: bool) -> Result<Counts, String> {
    ui::packages("ui")?;
    let mut counts = held(show(&mut npm("ui", ["run", "check"])));
    counts += held(show(&mut npm("ui", ["run", "lint"])));
    counts += vitest()?;
    counts += held(ui::build());
    Ok(counts)
}

fn vitest() -> Result<Counts, String> {
    let report = report_file("vitest.json")?;
    let said = show_and_keep(&mut npm(
        "ui",
        [
            "run",
            "test",
            "--",
            "--reporter=default",
            "--reporter=json",
            &format!("--outputFile.json={}", report.display()),
        ],
    ))?;
    let read = std::fs::read_to_string(&report)
        .ok()
        .as_deref()
        .and_then(counts::vitest);
    Ok(Counts::of_runner(said.success, read))
}

/// A fresh place for a runner's report; an old one must not be counted again.
fn report_file(name: &str) -> Result<PathBuf, String> {
    let folder = workspace::target().join("xtask");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let file = folder.join(name);
    if file.exists() {
        std::fs::remove_file(&file).map_err(|error| format!("{} is in the way: {error}", file.display()))?;
    }
    Ok(file)
}

fn deny(_: bool) -> Result<Counts, String> {
    cargo_tool("cargo-deny")?;
    println!("Advisories need the network's database; the workflow asks it, this step does not.");
    // The checks read every locked package, also those of other systems, and do so offline.
    show(&mut cargo(["fetch", "--locked"]))?;
    let mut counts = Counts::default();
    for check in ["licenses", "bans", "sources"] {
        counts += held(show(&mut cargo([
            "deny",
            "--offline",
            "--all-features",
            "--log-level",
            "error",
            "--config",
            ".cargo/deny.toml",
            "check",
            check,
        ])));
    }
    Ok(counts)
}

fn clippy(_: bool) -> Result<Counts, String> {
    show(&mut cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
    .map(|()| Counts::PASSED)
}

fn nextest(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Counts, String> {
    cargo_tool("cargo-nextest")?;
    let mut command = cargo([
        "nextest",
        "run",
        "--config-file",
        ".cargo/nextest.toml",
        "--no-fail-fast",
    ]);
    command.args(arguments).envs(variables.iter().copied());
    let said = show_and_keep(&mut command)?;
    Ok(Counts::of_runner(said.success, counts::nextest(&said.text)))
}

fn tests(_: bool) -> Result<Counts, String> {
    nextest(&["--workspace", "-E", "not binary(desktop)"], &[])
}

fn proofs(_: bool) -> Result<Counts, String> {
    nextest(
        &[
            "--config",
            OPTIMIZED,
            "--package",
            "sendoff-core",
            "--package",
            "sendoff-tests",
            "--success-output",
            "immediate",
            "-E",
            "binary(simulation) | binary(cuts) | (binary(journeys) & test(killed))",
        ],
        &WHOLE,
    )
}

fn sdk(_: bool) -> Result<Counts, String> {
    ui::packages("tests/sdk")?;
    show(&mut cargo(["build", "--package", "practice-cloud"]))?;
    let practice = workspace::program("practice-cloud", false);
    let said = show_and_keep(npm("tests/sdk", ["test"]).env("PRACTICE_BIN", practice))?;
    Ok(Counts::of_runner(said.success, counts::plain(&said.text)))
}

fn build(_: bool) -> Result<Counts, String> {
    ui::build()?;
    let mut command = cargo(["build", "--package", "sendoff"]);
    command.args(EMBED_PAGE);
    show(&mut command).map(|()| Counts::PASSED)
}

fn desktop(full: bool) -> Result<Counts, String> {
    if !workspace::app(false).exists() {
        build(full)?;
    }
    let variables: &[_] = if full { &[("SENDOFF_FULL", "1")] } else { &[] };
    // As the other tests are built, so that nothing is compiled a second time.
    nextest(&["--workspace", "-E", "binary(desktop)"], variables)
}

fn installer(_: bool) -> Result<Counts, String> {
    bundle::bundle().map(|()| Counts::PASSED)
}
