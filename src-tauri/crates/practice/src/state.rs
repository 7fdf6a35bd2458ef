//! What the practice cloud remembers: agents, runs, events, artifacts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::clock::iso;
use crate::picture::Picture;
use crate::story::{Act, Kind, ToolCall};

/// Where the practice's own pages are in stored text; replaced by the current address when sent,
/// because the port may be another one after a restart.
pub(crate) const PAGES: &str = "practice-pages:/";

/// Everything that survives a restart.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Store {
    /// In order of creation.
    pub(crate) agents: Vec<Agent>,
    pub(crate) pulls: u64,
    /// Milliseconds and sequence of the last event id, so that ids only grow.
    pub(crate) last_event: (u64, u32),
    /// Where the API was; 0 in files that do not say.
    #[serde(default)]
    pub(crate) port: u16,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) archived: bool,
    pub(crate) deleted: bool,
    pub(crate) env: Value,
    pub(crate) repos: Vec<Value>,
    pub(crate) echoed: Map<String, Value>,
    /// SHA-256 of the create body, to catch an id reused with another body.
    pub(crate) body_sha256: Option<String>,
    pub(crate) created_ms: u64,
    pub(crate) updated_ms: u64,
    pub(crate) runs: Vec<Run>,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) branch: String,
    pub(crate) pushed: bool,
    pub(crate) pull: Option<Pull>,
    /// Number its pull request has or will have.
    pub(crate) reserved_pull: u64,
    pub(crate) auto_create_pr: bool,
    pub(crate) plan_mode: bool,
    pub(crate) model: Option<Value>,
    pub(crate) changed: Vec<ChangedFile>,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) webhook: Option<(String, Option<String>)>,
    /// First picture of the first prompt, in memory only.
    #[serde(skip)]
    pub(crate) face: Option<Vec<u8>>,
    /// Reads that still answer 404 (a fault).
    #[serde(skip)]
    pub(crate) unreadable: u32,
    /// Reads of the list that still leave the agent out (a fault).
    #[serde(skip)]
    pub(crate) unlisted: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pull {
    pub(crate) number: u64,
    pub(crate) url: String,
    pub(crate) title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangedFile {
    pub(crate) path: String,
    /// Lines that begin with `+` or `-`, and some around them.
    #[serde(default)]
    pub(crate) diff: String,
}

impl ChangedFile {
    pub(crate) fn added(&self) -> u64 {
        lines(&self.diff, '+')
    }

    pub(crate) fn removed(&self) -> u64 {
        lines(&self.diff, '-')
    }
}

/// How many lines of a diff begin with a sign.
pub(crate) fn lines(diff: &str, sign: char) -> u64 {
    diff.lines().filter(|line| line.starts_with(sign)).count() as u64
}

/// Why a run failed (API v1, run object, `error`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: String,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    Finished(String),
    Failed(Option<Failure>),
    Cancelled,
    Expired,
}

impl Ending {
    fn status(&self) -> Status {
        match self {
            Self::Finished(_) => Status::Finished,
            Self::Failed(_) => Status::Error,
            Self::Cancelled => Status::Cancelled,
            Self::Expired => Status::Expired,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Artifact {
    pub(crate) path: String,
    pub(crate) updated_ms: u64,
    #[serde(with = "crate::persistence::base64_bytes")]
    pub(crate) bytes: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) created_ms: u64,
    pub(crate) started_ms: Option<u64>,
    pub(crate) ended_ms: Option<u64>,
    pub(crate) result: Option<String>,
    /// Set with the status ERROR only, and not always then.
    #[serde(default)]
    pub(crate) error: Option<Failure>,
    pub(crate) events: Vec<Event>,
    pub(crate) prompt: String,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) kind: Kind,
    /// Beats of the story already played.
    pub(crate) position: usize,
    pub(crate) usage: Option<Usage>,
    /// A plan handed over for a decision.
    pub(crate) planned: bool,
    #[serde(skip)]
    pub(crate) stream_opens_ms: u64,
    /// No event and no heartbeat any more.
    pub(crate) silent: bool,
    #[serde(skip)]
    pub(crate) unlisted: u32,
    /// Wakes the streams of this run.
    #[serde(skip)]
    pub(crate) changed: watch::Sender<()>,
}

/// Status of a run (API v1, run object).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The machine is being set up.
    Creating,
    /// At work.
    Running,
    /// Ended well.
    Finished,
    /// Ended badly.
    Error,
    /// Stopped by the user.
    Cancelled,
    /// Ended by the platform.
    Expired,
}

impl Status {
    /// The spelling of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Running => "RUNNING",
            Self::Finished => "FINISHED",
            Self::Error => "ERROR",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
        }
    }

    /// Whether the run still occupies its agent.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Creating | Self::Running)
    }
}

/// One frame of a run's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cache_write: u64,
    pub(crate) cache_read: u64,
    pub(crate) visible_ms: u64,
}

impl Usage {
    pub(crate) fn json(self) -> Value {
        json!({
            "inputTokens": self.input,
            "outputTokens": self.output,
            "cacheWriteTokens": self.cache_write,
            "cacheReadTokens": self.cache_read,
            "totalTokens": self.input + self.output + self.cache_write + self.cache_read,
        })
    }

    /// Cents at invented prices of a middling model.
    pub(crate) fn cents(self) -> f64 {
        let cents = self.input as f64 * 0.000_125
            + self.output as f64 * 0.001
            + self.cache_write as f64 * 0.000_15
            + self.cache_read as f64 * 0.000_012_5;
        (cents * 100.0).round() / 100.0
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            input: self.input + other.input,
            output: self.output + other.output,
            cache_write: self.cache_write + other.cache_write,
            cache_read: self.cache_read + other.cache_read,
            visible_ms: self.visible_ms.max(other.visible_ms),
        }
    }
}

impl Run {
    /// What it used so far; the first of an agent fills the cache.
    pub(crate) fn used(&self, is_first: bool) -> Usage {
        let output: u64 = self
            .events
            .iter()
            .filter(|event| event.kind != "interaction_update")
            .map(|event| event.data.len() as u64 / 4)
            .sum();
        Usage {
            input: 2400 + self.prompt.len() as u64 / 4 + 1300 * self.pictures.len() as u64,
            output,
            cache_write: if is_first { 18_200 } else { 7100 },
            cache_read: 21_300 + output * 9,
            visible_ms: 0,
        }
    }
}

impl Store {
    /// A readable agent: deleted ones are tombstones.
    pub(crate) fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents
            .iter()
            .find(|agent| agent.id.eq_ignore_ascii_case(id) && !agent.deleted)
    }

    /// Whether only the tombstone of an agent is left.
    pub(crate) fn is_deleted(&self, id: &str) -> bool {
        self.agents
            .iter()
            .any(|agent| agent.id.eq_ignore_ascii_case(id) && agent.deleted)
    }

    pub(crate) fn agent_mut(&mut self, id: &str) -> Option<&mut Agent> {
        self.agents
            .iter_mut()
            .find(|agent| agent.id.eq_ignore_ascii_case(id) && !agent.deleted)
    }

    pub(crate) fn run_mut(&mut self, agent: &str, run: &str) -> Option<&mut Run> {
        self.agent_mut(agent)?.run_mut(run)
    }

    pub(crate) fn run(&self, agent: &str, run: &str) -> Option<&Run> {
        self.agent(agent)?.run(run)
    }

    /// A new event id: `<unix-ms>-<seq>`, larger than every earlier one.
    fn next_event_id(&mut self, now_ms: u64) -> String {
        self.last_event = if now_ms > self.last_event.0 {
            (now_ms, 0)
        } else {
            (self.last_event.0, self.last_event.1 + 1)
        };
        format!("{}-{}", self.last_event.0, self.last_event.1)
    }

    /// Adds an event and, under the same id, its `interaction_update` twin.
    pub(crate) fn emit(&mut self, agent: &str, run: &str, now_ms: u64, frames: &[(&str, Value)]) -> Option<()> {
        let id = self.next_event_id(now_ms);
        let run = self.run_mut(agent, run)?;
        run.events.extend(frames.iter().map(|(kind, data)| Event {
            id: id.clone(),
            kind: (*kind).to_owned(),
            data: data.to_string(),
        }));
        run.changed.send_replace(());
        Some(())
    }

    /// Ends a run: record, usage, `result` and `done` under one id.
    pub(crate) fn end(
        &mut self,
        agent_id: &str,
        run_id: &str,
        (now_ms, usage_delay_ms): (u64, u64),
        ending: Ending,
    ) -> Option<()> {
        let status = ending.status();
        let agent = self.agent_mut(agent_id)?;
        let first = agent.runs.first().map(|run| run.id.clone());
        let git = agent.git();
        let run = agent.run_mut(run_id)?;
        if !run.status.is_active() {
            return None;
        }
        run.status = status;
        run.ended_ms = Some(now_ms);
        let text = match ending {
            Ending::Finished(text) => Some(text),
            Ending::Failed(failure) => {
                run.error = failure;
                None
            }
            Ending::Cancelled | Ending::Expired => None,
        };
        run.result.clone_from(&text);
        let is_first = first.as_deref() == Some(run_id);
        run.usage = Some(Usage {
            visible_ms: now_ms + usage_delay_ms,
            ..run.used(is_first)
        });
        let mut result = json!({
            "runId": run_id,
            "status": status.as_str(),
            "durationMs": now_ms.saturating_sub(run.created_ms),
        });
        if let Some(text) = text {
            result["text"] = json!(text);
        }
        if let Some(git) = git {
            result["git"] = git;
        }
        agent.updated_ms = now_ms;
        self.emit(agent_id, run_id, now_ms, &[("result", result), ("done", json!({}))])
    }
}

impl Agent {
    pub(crate) fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn run_mut(&mut self, id: &str) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.runs.iter().any(|run| run.status.is_active())
    }

    /// `https://github.com/acme/web` of the first repository.
    pub(crate) fn repository(&self) -> Option<&str> {
        self.repos.first()?.get("url")?.as_str()
    }

    /// The `git` block, the same on all runs: a snapshot of the agent.
    pub(crate) fn git(&self) -> Option<Value> {
        if !self.pushed {
            return None;
        }
        let url = self.repository()?;
        let bare = url.trim_start_matches("https://").trim_start_matches("http://");
        let mut branch = json!({"repoUrl": bare, "branch": self.branch});
        if let Some(pull) = &self.pull {
            branch["prUrl"] = json!(pull.url);
        }
        Some(json!({"branches": [branch]}))
    }

    /// Keeps an artifact; a later one of the same name replaces it.
    pub(crate) fn keep(&mut self, path: &str, bytes: Vec<u8>, now_ms: u64) {
        self.artifacts.retain(|artifact| artifact.path != path);
        self.artifacts.push(Artifact {
            path: path.to_owned(),
            updated_ms: now_ms,
            bytes,
        });
    }
}

impl Run {
    pub(crate) fn new(id: String, kind: Kind, prompt: String, pictures: Vec<Picture>, now_ms: u64) -> Self {
        Self {
            id,
            status: Status::Creating,
            created_ms: now_ms,
            started_ms: None,
            ended_ms: None,
            result: None,
            error: None,
            events: Vec::new(),
            prompt,
            pictures,
            kind,
            position: 0,
            usage: None,
            planned: false,
            stream_opens_ms: 0,
            silent: false,
            unlisted: 0,
            changed: watch::Sender::new(()),
        }
    }

    /// `updatedAt` stays at creation + 1 s during a run: it is no sign of life (seen live).
    pub(crate) fn updated_at(&self, now_ms: u64) -> String {
        iso(self.ended_ms.unwrap_or_else(|| now_ms.min(self.created_ms + 1000)))
    }
}

/// The frames of one act, simplified event first.
pub(crate) fn frames(act: &Act, mirror: bool) -> Vec<(&'static str, Value)> {
    let tool = |tool: &ToolCall, completed: bool| {
        let mut simple = json!({
            "callId": tool.call_id,
            "name": tool.name,
            "status": if completed { "completed" } else { "running" },
            "args": tool.arguments,
        });
        let mut call = json!({"type": tool.mirror_type, "args": tool.mirror_arguments});
        if completed {
            simple["result"] = tool.result.clone();
            call["result"] = json!({"status": "success", "value": tool.mirror_value});
        }
        let mirrored = json!({
            "type": if completed { "tool-call-completed" } else { "tool-call-started" },
            "callId": tool.call_id,
            "modelCallId": format!("model-{}", tool.call_id),
            "toolCall": call,
        });
        vec![("tool_call", simple), ("interaction_update", mirrored)]
    };
    let mut frames = match act {
        Act::Text(text) => vec![
            ("assistant", json!({"text": text})),
            ("interaction_update", json!({"type": "text-delta", "text": text})),
        ],
        Act::Thinking(text) => vec![
            ("thinking", json!({"text": text})),
            ("interaction_update", json!({"type": "thinking-delta", "text": text})),
        ],
        Act::ToolStarted(call) => tool(call, false),
        Act::ToolCompleted(call) => tool(call, true),
        _ => Vec::new(),
    };
    if !mirror {
        frames.truncate(1);
    }
    frames
}
