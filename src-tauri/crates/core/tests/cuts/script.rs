//! What an agent says and does in a run, as frames with times: identifiers are shared the way the service shares them.

use serde_json::{Value, json};

use crate::random::Random;

/// The wall clock at the beginning of every script.
pub(crate) const EPOCH: u64 = 1_791_250_000_000;

/// One frame of the stream.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) data: String,
    /// When it happens, in milliseconds after the beginning.
    pub(crate) at: u64,
}

/// A run from its first frame to `done`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) frames: Vec<Frame>,
    at: u64,
    place: u64,
    calls: u64,
    reply: String,
    whole: String,
    result: String,
}

const WORDS: [&str; 14] = [
    "I ",
    "fixed ",
    "the **login** ",
    "page.\n",
    "\n",
    "- one\n",
    "- two\n",
    "```rust\nlet x = 1;\n",
    "```\n",
    "`a` ",
    "# Done\n",
    "é漢",
    "| a | b |\n|---|---|\n",
    "https://a.example/x ",
];
const TOOLS: [(&str, &str); 9] = [
    ("read_file", r#"{"path":"src/a.ts"}"#),
    ("read_file", r#"{"path":"src/b.ts"}"#),
    ("grep", r#"{"pattern":"x"}"#),
    ("edit_file", r#"{"path":"src/a.ts"}"#),
    ("run_terminal_cmd", r#"{"command":"npm test"}"#),
    ("run_terminal_cmd", r#"{"command":"ls"}"#),
    ("create_plan", r##"{"plan":"# Plan\n\n1. do"}"##),
    ("ask_question", r#"{"question":"Blue?","options":["Yes","No"]}"#),
    ("unheard_of", "{}"),
];

impl Script {
    /// Five to sixty beats, then the end.
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut script = Self::default();
        for _ in 0..random.between(5, 60) {
            script.at += random.spread(5, 20_000);
            match random.below(10) {
                0..=4 => script.say(random),
                5 | 6 => script.think(random),
                7 => script.usage(),
                _ => script.tools(random),
            }
        }
        script.at += random.spread(5, 20_000);
        script.end(random);
        script
    }

    /// Twenty frames with every way of sharing an identifier.
    pub(crate) fn short() -> Self {
        let mut script = Self::default();
        let mut random = Random::new(4);
        for _ in 0..3 {
            script.at += 40;
            script.say(&mut random);
            script.tools(&mut random);
        }
        script.usage();
        script.end(&mut random);
        script
    }

    /// The text of the `result` frame and of the record.
    pub(crate) fn result_text(&self) -> &str {
        &self.result
    }

    fn next_id(&mut self) -> String {
        self.place += 1;
        format!("{}-{}", EPOCH + self.at, self.place)
    }

    fn frame(&mut self, id: &str, kind: &'static str, data: &Value) {
        self.frames.push(Frame {
            id: id.to_owned(),
            kind,
            data: data.to_string(),
            at: self.at,
        });
    }

    /// One or several deltas in one group, mirrored or not, in either order.
    fn say(&mut self, random: &mut Random) {
        let id = self.next_id();
        for _ in 0..random.between(1, 3) {
            let text = random.pick(&WORDS);
            self.reply.push_str(text);
            self.whole.push_str(text);
            self.frame(&id, "assistant", &json!({"text": text}));
            if random.percent(70) {
                self.frame(&id, "interaction_update", &json!({"type": "text-delta", "text": text}));
            }
        }
    }

    fn think(&mut self, random: &mut Random) {
        let id = self.next_id();
        self.frame(&id, "thinking", &json!({"text": random.pick(&WORDS)}));
        self.reply.clear();
    }

    fn usage(&mut self) {
        let id = self.next_id();
        let usage = json!({"inputTokens": 10, "outputTokens": 3, "cacheReadTokens": 5, "cacheWriteTokens": 0});
        self.frame(
            &id,
            "interaction_update",
            &json!({"type": "turn-ended", "usage": usage}),
        );
        self.frame(
            &id,
            "interaction_update",
            &json!({"type": "turn-ended", "usage": usage}),
        );
    }

    /// Calls beside each other, beginning and ending in one group or several, nested or not.
    fn tools(&mut self, random: &mut Random) {
        let mut open = Vec::new();
        for _ in 0..random.between(1, 3) {
            let (name, arguments) = random.pick(&TOOLS);
            let arguments: Value = serde_json::from_str(arguments).unwrap();
            self.calls += 1;
            let call = format!("call-{}", self.calls);
            let id = self.next_id();
            self.frame(
                &id,
                "tool_call",
                &json!({"callId": call, "name": name, "status": "running", "args": arguments}),
            );
            self.frame(
                &id,
                "interaction_update",
                &json!({"type": "tool-call-started", "callId": call}),
            );
            open.push((call, name, arguments));
        }
        let shared = random.percent(40).then(|| self.next_id());
        for (call, name, arguments) in open {
            self.at += random.below(3_000);
            let id = shared.clone().unwrap_or_else(|| self.next_id());
            let failed = random.percent(10);
            let status = if failed { "error" } else { "completed" };
            let inner = json!({
                "callId": call, "name": name, "status": status, "args": arguments,
                "result": {"success": {"linesAdded": 2, "linesRemoved": 1}},
            });
            let data = if random.percent(20) {
                json!({"data": inner})
            } else {
                inner
            };
            self.frame(&id, "tool_call", &data);
        }
        self.reply.clear();
    }

    /// The result repeats the whole reply or its last stretch: both are in use.
    fn end(&mut self, random: &mut Random) {
        let id = self.next_id();
        let last = if self.reply.trim().is_empty() {
            &self.whole
        } else {
            &self.reply
        };
        self.result = if random.percent(50) {
            self.whole.clone()
        } else {
            last.clone()
        };
        let status = random.pick(&["FINISHED", "FINISHED", "CANCELLED", "ERROR"]);
        let mut result = json!({"runId": "run-1", "status": status, "durationMs": self.at});
        if !self.result.is_empty() {
            result["text"] = json!(self.result);
        }
        self.frame(&id, "result", &result);
        self.frame(&id, "done", &json!({}));
    }
}
