//! `practice-cloud`: the practice cloud as a program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use practice_cloud::{Fault, Options, Practice, WarmupStyle};

const USAGE: &str = "usage: practice-cloud [--port N] [--key K] [--speed X] [--fault NAME[=N]]… [--data FILE] [--local-pages] [--repository URL]… [--warmup 409|in-band] [--lenient] [--no-repository-limit]";

#[tokio::main]
async fn main() -> ExitCode {
    let (options, shown_key) = match parse(std::env::args().skip(1)) {
        Ok(parsed) => parsed,
        Err(problem) => return complain(&format!("{problem}\n{USAGE}"), 2),
    };
    let practice = match Practice::start(options).await {
        Ok(practice) => practice,
        Err(error) => return complain(&error.to_string(), 1),
    };
    // The first line is the address and nothing else: scripts read it.
    let mut lines = vec![practice.base_url().to_owned()];
    if shown_key {
        lines.push(format!("key {}", practice.key()));
    }
    lines.push(format!("artifacts {}", practice.artifacts_url()));
    if let Some(damaged) = practice.damaged() {
        lines.push(format!("damaged data kept as {}", damaged.kept_as.display()));
    }
    let lines = lines.join("\n") + "\n";
    let mut output = io::stdout();
    if output
        .write_all(lines.as_bytes())
        .and_then(|()| output.flush())
        .is_err()
    {
        return ExitCode::from(1);
    }
    if let Err(error) = asked_to_stop().await {
        return complain(&error.to_string(), 1);
    }
    match practice.stop().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string(), 1),
    }
}

#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn complain(text: &str, code: u8) -> ExitCode {
    // When even standard error is closed, the exit code is all that can be told.
    let _closed = writeln!(io::stderr(), "{text}");
    ExitCode::from(code)
}

/// The options, and whether the key must be shown because it was made up here.
fn parse(arguments: impl Iterator<Item = String>) -> Result<(Options, bool), String> {
    let mut options = Options::default();
    let mut repositories = Vec::new();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("{name} needs a value"))
        };
        match name.as_str() {
            "--port" => options.port = value()?.parse().map_err(|_| "--port needs a port")?,
            "--key" => options.key = Some(value()?),
            "--speed" => {
                options.speed = value()?
                    .parse()
                    .ok()
                    .filter(|speed: &f64| speed.is_finite() && *speed >= 0.0)
                    .ok_or("--speed needs a number from 0")?;
            }
            "--fault" => options.faults.push(parse_fault(&value()?)?),
            "--data" => options.data = Some(PathBuf::from(value()?)),
            "--repository" => repositories.push(value()?),
            "--warmup" => {
                options.knobs.warmup_style = match value()?.as_str() {
                    "409" => WarmupStyle::Http409,
                    "in-band" => WarmupStyle::InBand,
                    other => return Err(format!("--warmup is 409 or in-band, not {other}")),
                }
            }
            "--local-pages" => options.local_pages = true,
            "--lenient" => options.strict = false,
            "--no-repository-limit" => {
                options.knobs.repositories_per_minute = 0;
                options.knobs.repositories_per_hour = 0;
            }
            other => return Err(format!("unknown option {other}")),
        }
    }
    if !repositories.is_empty() {
        options.repositories = repositories;
    }
    let shown_key = options.key.is_none();
    Ok((options, shown_key))
}

fn parse_fault(text: &str) -> Result<(Fault, u32), String> {
    let (name, number) = text.split_once('=').unwrap_or((text, ""));
    let fault: Fault = name.parse().map_err(|_| format!("no fault is named {name}"))?;
    let number = if number.is_empty() {
        fault.default_number()
    } else {
        number.parse().map_err(|_| format!("{name} needs a number"))?
    };
    Ok((fault, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<(Options, bool), String> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn the_command_line_becomes_options() {
        let (options, shown_key) = parsed(&[
            "--port",
            "0",
            "--key",
            "crsr_x",
            "--speed=0",
            "--fault",
            "create-reset-after-commit=2",
            "--fault=null-cursor",
        ])
        .expect("these are valid");
        assert_eq!(options.key.as_deref(), Some("crsr_x"));
        assert!(!shown_key, "a given key is not printed");
        assert!(options.speed.abs() < f64::EPSILON);
        assert_eq!(
            options.faults,
            [(Fault::CreateResetAfterCommit, 2), (Fault::NullCursor, u32::MAX)]
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [
            &["--speed", "-1"][..],
            &["--speed", "NaN"],
            &["--port"],
            &["--fault", "no-such"],
            &["--nope"],
        ] {
            assert!(parsed(arguments).is_err(), "{arguments:?}");
        }
    }
}
