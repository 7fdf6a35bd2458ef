//! Starting other programs: their output passes through to the terminal and is kept for counting.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::workspace;

/// A command with its working folder at the root of the tree.
pub(crate) fn command<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root());
    command
}

/// `cargo` as it was called, so that a chosen toolchain stays chosen.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&program, arguments);
    // Set for us by `cargo run`; a nested cargo and its build scripts must not inherit them.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    command
}

/// `npm` in one package folder of the tree.
pub(crate) fn npm<S: AsRef<OsStr>>(package: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = command(program, ["--prefix", package]);
    command.args(arguments);
    command
}

/// Runs a command on this terminal. `Err` is one sentence that names the command and its end.
pub(crate) fn show(command: &mut Command) -> Result<(), String> {
    let name = spoken(command);
    let status = command
        .status()
        .map_err(|error| format!("`{name}` could not be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{name}` ended with {status}"))
    }
}

/// What a command that ran to its end said.
pub(crate) struct Said {
    /// Whether it ended with 0.
    pub(crate) success: bool,
    /// Both streams in the order they arrived, without color codes.
    pub(crate) text: String,
}

/// Runs a command on this terminal and keeps what it says.
pub(crate) fn show_and_keep(command: &mut Command) -> Result<Said, String> {
    let name = spoken(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{name}` could not be started: {error}"))?;
    let (sender, lines) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            // Bytes, not strings: a test may print anything, and no line of it may end the reading.
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
    }
    drop(sender);
    let mut text = String::new();
    for line in lines {
        print!("{line}");
        text.push_str(&without_color(&line));
    }
    let status = child.wait().map_err(|error| format!("`{name}` was lost: {error}"))?;
    Ok(Said {
        success: status.success(),
        text,
    })
}

/// What a command prints on its standard output, or `None` when it cannot be started or fails.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program of this name can be started from the search path.
pub(crate) fn present(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| {
        [program.to_owned(), format!("{program}.exe"), format!("{program}.cmd")]
            .iter()
            .any(|name| folder.join(name).is_file())
    })
}

fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    std::iter::once(program)
        .chain(command.get_args().map(|word| word.to_string_lossy().into_owned()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Drops the escape sequences that color a terminal.
pub(crate) fn without_color(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' && characters.peek() == Some(&'[') {
            characters.next();
            for next in characters.by_ref() {
                if next.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::without_color;

    #[test]
    fn colors_are_dropped_and_words_kept() {
        assert_eq!(
            without_color("\u{1b}[32;1m 12 passed\u{1b}[0m [x]"),
            " 12 passed [x]",
            "only the escape sequences go; plain brackets stay"
        );
    }
}
