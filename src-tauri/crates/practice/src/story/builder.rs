//! Puts beats together: text word by word, tool calls in both spellings of the stream.

use serde_json::{Value, json};

use super::{Act, Beat, ToolCall};
use crate::state::{ChangedFile, lines};

pub(crate) struct Builder {
    beats: Vec<Beat>,
    calls: u32,
    event_delay_ms: u64,
    /// Stretches every pause; the slow story is the normal one stretched.
    stretch: u64,
    pause_ms: u64,
}

impl Builder {
    pub(crate) fn new(event_delay_ms: u64, stretch: u64) -> Self {
        Self {
            beats: Vec::new(),
            calls: 0,
            event_delay_ms,
            stretch,
            pause_ms: 0,
        }
    }

    pub(crate) fn finish(self) -> Vec<Beat> {
        self.beats
    }

    /// Adds to the pause before the next beat.
    pub(crate) fn pause(&mut self, milliseconds: u64) -> &mut Self {
        self.pause_ms += milliseconds * self.stretch;
        self
    }

    pub(crate) fn act(&mut self, act: Act) -> &mut Self {
        self.beats.push(Beat {
            after_ms: std::mem::take(&mut self.pause_ms),
            act,
        });
        self
    }

    /// Words keep their white space, so that the deltas join to exactly the text.
    fn words(&mut self, text: &str, act: fn(String) -> Act) {
        for word in text.split_inclusive(char::is_whitespace) {
            self.pause_ms += self.event_delay_ms * if self.stretch > 1 { 2 } else { 1 };
            self.act(act(word.to_owned()));
        }
    }

    pub(crate) fn think(&mut self, text: &str) -> &mut Self {
        self.pause(350);
        self.words(text, Act::Thinking);
        self
    }

    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        self.pause(250);
        self.words(text, Act::Text);
        self
    }

    fn tool(
        &mut self,
        takes_ms: u64,
        name: &'static str,
        simple: (Value, Value),
        mirror: (&'static str, Value, Value),
    ) -> &mut Self {
        self.calls += 1;
        let call = Box::new(ToolCall {
            call_id: format!("call-{}", self.calls),
            name,
            arguments: simple.0,
            result: simple.1,
            mirror_type: mirror.0,
            mirror_arguments: mirror.1,
            mirror_value: mirror.2,
        });
        self.pause(180);
        self.act(Act::ToolStarted(call.clone()));
        self.pause(takes_ms);
        self.act(Act::ToolCompleted(call))
    }

    pub(crate) fn read(&mut self, path: &str, content: &str) -> &mut Self {
        let lines = content.lines().count();
        let success = json!({
            "content": content, "totalLines": lines, "fileSize": content.len(), "path": path,
        });
        let value = json!({"content": content, "totalLines": lines, "fileSize": content.len()});
        self.tool(
            320,
            "read_file",
            (json!({"path": path}), json!({"success": success})),
            ("read", json!({"path": path}), value),
        )
    }

    pub(crate) fn grep(&mut self, pattern: &str, files: &[String]) -> &mut Self {
        let matches: Vec<Value> = files.iter().map(|file| json!({"file": file, "count": 2})).collect();
        self.tool(
            420,
            "grep",
            (
                json!({"pattern": pattern, "path": "src"}),
                json!({"success": {"pattern": pattern, "matches": matches, "totalMatches": files.len() * 2}}),
            ),
            (
                "grep",
                json!({"pattern": pattern, "path": "src"}),
                json!({"files": files, "totalFiles": files.len()}),
            ),
        )
    }

    /// Changes a file and notes the change.
    pub(crate) fn edit(&mut self, path: &str, diff: &str) -> &mut Self {
        let (added, removed) = (lines(diff, '+'), lines(diff, '-'));
        let success = json!({
            "path": path, "linesAdded": added, "linesRemoved": removed, "diffString": diff,
        });
        let value = json!({"linesAdded": added, "linesRemoved": removed, "diffString": diff});
        self.tool(
            900,
            "edit_file",
            (json!({"path": path}), json!({"success": success})),
            ("edit", json!({"path": path}), value),
        );
        self.act(Act::Changed(ChangedFile {
            path: path.to_owned(),
            diff: diff.to_owned(),
        }))
    }

    pub(crate) fn terminal(&mut self, takes_ms: u64, command: &str, output: &str) -> &mut Self {
        self.terminal_ending(takes_ms, command, output, 0)
    }

    /// A command and the code it ends with; 0 is success.
    pub(crate) fn terminal_ending(&mut self, takes_ms: u64, command: &str, output: &str, code: u8) -> &mut Self {
        let (stdout, stderr) = if code == 0 { (output, "") } else { ("", output) };
        self.tool(
            takes_ms,
            "run_terminal_cmd",
            (
                json!({"command": command, "isBackground": false}),
                json!({
                    "success": {"command": command, "stdout": stdout, "stderr": stderr, "exitCode": code},
                    "isBackground": false,
                }),
            ),
            (
                "shell",
                json!({"command": command, "workingDirectory": "/workspace"}),
                json!({"exitCode": code, "signal": "", "stdout": stdout, "stderr": stderr, "executionTime": takes_ms}),
            ),
        )
    }

    pub(crate) fn todos(&mut self, entries: &[(&str, &str)]) -> &mut Self {
        let todos: Vec<Value> = entries
            .iter()
            .enumerate()
            .map(|(index, (content, status))| {
                json!({"id": (index + 1).to_string(), "content": content, "status": status})
            })
            .collect();
        self.tool(
            120,
            "todo_write",
            (
                json!({"merge": false, "todos": todos}),
                json!({"success": {"todos": todos}}),
            ),
            (
                "updateTodos",
                json!({"todos": todos, "merge": false}),
                json!({"todos": todos, "totalCount": entries.len()}),
            ),
        )
    }

    pub(crate) fn screenshot(&mut self, address: &str, path: &str) -> &mut Self {
        self.tool(
            1500,
            "computer_use",
            (
                json!({"actions": [{"type": "navigate", "url": address}, {"type": "screenshot", "path": path}]}),
                json!({"success": {"actionCount": 2, "durationMs": 1400, "screenshotPath": path}}),
            ),
            (
                "computerUse",
                json!({"actions": [{"type": "screenshot"}]}),
                json!({"actionCount": 2, "durationMs": 1400}),
            ),
        )
    }

    pub(crate) fn plan(&mut self, name: &str, overview: &str, plan: &str, steps: &[&str]) -> &mut Self {
        let todos: Vec<Value> = steps
            .iter()
            .enumerate()
            .map(|(index, content)| json!({"id": (index + 1).to_string(), "content": content, "status": "pending"}))
            .collect();
        let arguments = json!({"name": name, "overview": overview, "plan": plan, "todos": todos});
        self.tool(
            700,
            "create_plan",
            (arguments.clone(), json!({"success": {}})),
            ("createPlan", arguments, json!({})),
        )
    }

    pub(crate) fn question(&mut self, title: &str, prompt: &str, options: &[&str]) -> &mut Self {
        let options: Vec<Value> = options
            .iter()
            .enumerate()
            .map(|(index, label)| json!({"id": format!("option-{}", index + 1), "label": label}))
            .collect();
        let arguments = json!({
            "title": title,
            "questions": [{"id": "question-1", "prompt": prompt, "options": options, "allowMultiple": false}],
        });
        self.tool(
            400,
            "ask_question",
            (arguments.clone(), json!({"success": {"pending": true}})),
            ("askQuestion", arguments, json!({})),
        )
    }
}
