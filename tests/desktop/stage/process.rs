//! Programs that stand around the app. Each has a log and ends with its owner.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running program.
pub(crate) struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts a program with exactly this environment; both of its streams go to `<name>.log`.
    pub(crate) fn start(program: &str, arguments: &[&str], environment: &[(String, String)], logs: &Path) -> Self {
        Self::spawn(program, arguments, environment, logs, false, None)
    }

    /// The same, with its standard output kept for [`Process::first_line`].
    pub(crate) fn start_speaking(
        program: &str,
        arguments: &[&str],
        environment: &[(String, String)],
        logs: &Path,
    ) -> Self {
        Self::spawn(program, arguments, environment, logs, true, None)
    }

    /// The same as [`Process::start`], with `input` on its standard input.
    pub(crate) fn start_fed(
        program: &str,
        arguments: &[&str],
        environment: &[(String, String)],
        logs: &Path,
        input: &[u8],
    ) -> Self {
        Self::spawn(program, arguments, environment, logs, false, Some(input))
    }

    fn spawn(
        program: &str,
        arguments: &[&str],
        environment: &[(String, String)],
        logs: &Path,
        speaking: bool,
        input: Option<&[u8]>,
    ) -> Self {
        let name = Path::new(program)
            .file_name()
            .map_or_else(|| program.to_owned(), |name| name.to_string_lossy().into_owned());
        let log = File::options()
            .create(true)
            .append(true)
            .open(logs.join(format!("{name}.log")))
            .expect("a log can be opened");
        let also = log.try_clone().expect("a log can be shared by two streams");
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(if speaking { Stdio::piped() } else { Stdio::from(also) })
            .stderr(Stdio::from(log));
        if !environment.is_empty() {
            command
                .env_clear()
                .envs(environment.iter().map(|(name, value)| (name, value)));
        }
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("{name} could not be started ({error}); `cargo xtask test machine` installs it")
        });
        if let (Some(bytes), Some(mut stdin)) = (input, child.stdin.take()) {
            stdin.write_all(bytes).expect("a program takes its input");
        }
        Self { child, name }
    }

    /// The first line that the program prints.
    pub(crate) fn first_line(&mut self) -> String {
        let stdout = self
            .child
            .stdout
            .take()
            .expect("the program was started to be listened to");
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("the program says a line");
        assert!(
            !line.trim().is_empty(),
            "{} ended before it said where it listens",
            self.name
        );
        line.trim().to_owned()
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended, and how.
    pub(crate) fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.child.try_wait().expect("a child can be asked whether it ended")
    }

    /// `kill -9`: it gets no chance to save anything.
    pub(crate) fn kill(&mut self) {
        // An error means that it has ended already, which is what is wanted.
        if self.child.kill().is_ok() {
            self.child.wait().expect("a killed child can be waited for");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a small tool to its end and gives what it said; `None` when it failed.
pub(crate) fn tool(program: &str, arguments: &[&str], environment: &[(String, String)]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} could not be started ({error}); `cargo xtask test machine` installs it")
        });
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
