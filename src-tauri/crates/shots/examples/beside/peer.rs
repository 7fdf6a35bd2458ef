//! Another program that does the same steps: one process for the whole run, which takes its own times.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::report::Taken;

pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) version: String,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts `program` with its words; it says its version first. `Err` is what went wrong.
    pub(crate) fn start(name: &str, program: &str, words: &[&str]) -> Result<Self, String> {
        let mut child = Command::new(program)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("it has no streams".to_owned());
        };
        let mut peer = Self {
            name: name.to_owned(),
            version: String::new(),
            child,
            questions,
            answers: BufReader::new(answers),
        };
        peer.read()?["version"]
            .as_str()
            .unwrap_or("?")
            .clone_into(&mut peer.version);
        Ok(peer)
    }

    /// What one step took.
    pub(crate) fn ask(&mut self, question: &Value) -> Result<Taken, String> {
        writeln!(self.questions, "{question}").map_err(|error| error.to_string())?;
        let answer = self.read()?;
        match (answer["ms"].as_f64(), answer["busy"].as_f64(), answer["bytes"].as_u64()) {
            (Some(clock), Some(busy), Some(bytes)) => Ok(Taken { clock, busy, bytes }),
            _ => Err(format!("it answered {answer}")),
        }
    }

    fn read(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        serde_json::from_str(&line).map_err(|_| "it ended; what it said stands above".to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
