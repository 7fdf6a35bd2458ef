//! The commands of a contributor: `cargo xtask run | test | bench | screenshots | bindings | bundle`.
//! Plain Rust over the tools themselves, so that it compiles in seconds on a fresh machine.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks on its terminal"
)]

mod bench;
mod bindings;
mod bundle;
mod command;
mod counts;
mod invariants;
mod peers;
mod plot;
mod prepare;
mod run;
mod screenshots;
mod test;
mod ui;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [--release]      build the page and the app, and open it
cargo xtask test [--full] [STEP…] every check, from fast to slow; ends with `N passed, N failed`
cargo xtask bench [WHAT…]        measure a release build: pictures, shots, body, find, start, paste, desk, transcript, tray
cargo xtask screenshots DIR      save a picture of every screen, light and dark, at 1× and 2×
cargo xtask bindings             write the TypeScript types of what crosses to the page
cargo xtask bundle               build the installer of this system, install it and start it";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run", rest @ ..] => run::run(rest),
        ["test", rest @ ..] => return test::test(rest),
        ["bench", rest @ ..] => bench::bench(rest),
        ["screenshots", folder] => screenshots::screenshots(folder),
        ["bindings"] => bindings::write(),
        ["bundle"] => bundle::bundle(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("Not a command of this project. These are:\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
