//! What the frames of a run's stream mean (API v1, run stream).

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::parser::SseFrame;
use crate::decode::{null_as_default, whole_number};
use crate::open_enum::open_enum;
use crate::{ErrorCode, EventId, Git, RunId, RunStatus};

/// One event: what was sent, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEvent {
    /// Its identifier. Several events may share one; `status` and `heartbeat` have none.
    pub id: Option<EventId>,
    /// Its name, as sent.
    pub kind: String,
    /// Its data, as sent; of an oversized event how it begins, at most 16 KiB.
    pub data: String,
    /// What it means.
    pub event: Event,
}

/// What an event means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Where the run is: first after every connect, and at every change.
    Status {
        /// Which run.
        run_id: Option<RunId>,
        /// How far it is.
        status: RunStatus,
    },
    /// A piece of the agent's words.
    Assistant {
        /// The piece.
        text: String,
    },
    /// A piece of the agent's thinking.
    Thinking {
        /// The piece.
        text: String,
    },
    /// A tool began or ended.
    ToolCall(ToolCall),
    /// The same things once more in another form; left unread on purpose.
    InteractionUpdate,
    /// A sign of life.
    Heartbeat,
    /// The run is over.
    Result(RunOutcome),
    /// Something is wrong with the stream, not necessarily with the run.
    Error(StreamFault),
    /// The stream is over.
    Done,
    /// A frame above 4 MiB, of whose data all but the beginning was dropped.
    Oversized,
    /// A known name with data that cannot be read.
    Malformed,
    /// A name this version does not know.
    Unknown,
}

open_enum! {
    /// How far a tool call is.
    pub enum ToolStatus {
        /// It began.
        Running = "running",
        /// It ended.
        Completed = "completed",
        /// It failed.
        Error = "error",
    }
}

/// A tool call. Names and the shapes of `args` and `result` are declared unstable by the API.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolCall {
    /// Ties beginning and end together.
    pub call_id: String,
    /// The tool.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// How far it is.
    pub status: ToolStatus,
    /// What it was given.
    #[serde(default)]
    pub args: Option<Value>,
    /// What it gave.
    #[serde(default)]
    pub result: Option<Value>,
    /// What the server left out because of its size.
    #[serde(default, deserialize_with = "null_as_default")]
    pub truncated: Truncated,
}

/// What the server left out of a tool call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Truncated {
    /// What the tool was given.
    #[serde(deserialize_with = "null_as_default")]
    pub args: bool,
    /// What the tool gave.
    #[serde(deserialize_with = "null_as_default")]
    pub result: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunOutcome {
    /// Which run.
    #[serde(default)]
    pub run_id: Option<RunId>,
    /// How it ended.
    pub status: RunStatus,
    /// The whole reply; often absent when the run failed.
    #[serde(default)]
    pub text: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(default, deserialize_with = "whole_number")]
    pub duration_ms: Option<u64>,
    /// What was pushed.
    #[serde(default)]
    pub git: Option<Git>,
}

/// What is wrong with a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFault {
    /// The code, such as `stream_unavailable`.
    pub code: Option<ErrorCode>,
    /// The server's words. Hostile text: show it as text only.
    pub message: Option<String>,
}

impl<'de> Deserialize<'de> for StreamFault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = serde_json::Map::deserialize(deserializer)?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        Ok(Self {
            code: text("code").map(ErrorCode::from),
            message: text("message").map(str::to_owned),
        })
    }
}

impl StreamEvent {
    pub(crate) fn from_frame(frame: SseFrame) -> Self {
        let event = if frame.oversized {
            Event::Oversized
        } else {
            Event::read(&frame.event, &frame.data)
        };
        let id = frame.id.and_then(|id| EventId::parse(&id).ok());
        Self {
            id,
            kind: frame.event,
            data: frame.data,
            event,
        }
    }
}

impl Event {
    /// Gives an event its meaning: useful for events that were kept as text, too.
    pub fn read(kind: &str, data: &str) -> Self {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Status {
            #[serde(default)]
            run_id: Option<RunId>,
            status: RunStatus,
        }
        #[derive(Deserialize)]
        struct Delta {
            #[serde(default, deserialize_with = "null_as_default")]
            text: String,
        }
        /// Documented flat; one client was written for a nested form.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Call {
            Flat(ToolCall),
            Nested { data: ToolCall },
        }
        fn parse<'a, T: Deserialize<'a>>(data: &'a str, meaning: impl FnOnce(T) -> Event) -> Event {
            serde_json::from_str(data).map_or(Event::Malformed, meaning)
        }
        match kind {
            "status" => parse(data, |Status { run_id, status }| Self::Status { run_id, status }),
            "assistant" => parse(data, |Delta { text }| Self::Assistant { text }),
            "thinking" => parse(data, |Delta { text }| Self::Thinking { text }),
            "tool_call" => parse(data, |(Call::Flat(call) | Call::Nested { data: call })| {
                Self::ToolCall(call)
            }),
            "interaction_update" => Self::InteractionUpdate,
            "heartbeat" => Self::Heartbeat,
            "result" => parse(data, Self::Result),
            "error" => parse(data, Self::Error),
            "done" => Self::Done,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_event_is_read_as_documented() {
        let run = serde_json::from_str("\"run-1\"").ok();
        let call = |status: ToolStatus, result: Option<Value>| ToolCall {
            call_id: "call-1".to_owned(),
            name: "shell".to_owned(),
            status,
            args: Some(json!({"command": "ls"})),
            result,
            truncated: Truncated::default(),
        };
        let table = [
            (
                "status",
                r#"{"runId":"run-1","status":"RUNNING"}"#,
                Event::Status {
                    run_id: run.clone(),
                    status: RunStatus::Running,
                },
            ),
            (
                "status",
                r#"{"runId":null,"status":"SLEEPING","new":1}"#,
                Event::Status {
                    run_id: None,
                    status: RunStatus::Other("SLEEPING".into()),
                },
            ),
            (
                "assistant",
                r#"{"text":"Hi"}"#,
                Event::Assistant { text: "Hi".to_owned() },
            ),
            ("thinking", r#"{"text":null}"#, Event::Thinking { text: String::new() }),
            (
                "tool_call",
                r#"{"callId":"call-1","name":"shell","status":"running","args":{"command":"ls"}}"#,
                Event::ToolCall(call(ToolStatus::Running, None)),
            ),
            (
                "tool_call",
                r#"{"data":{"callId":"call-1","name":"shell","status":"completed","args":{"command":"ls"},"result":1}}"#,
                Event::ToolCall(call(ToolStatus::Completed, Some(json!(1)))),
            ),
            (
                "tool_call",
                r#"{"callId":"call-1","name":"shell","status":"error","args":{"command":"ls"},"truncated":{"result":true}}"#,
                Event::ToolCall(ToolCall {
                    truncated: Truncated {
                        args: false,
                        result: true,
                    },
                    ..call(ToolStatus::Error, None)
                }),
            ),
            ("interaction_update", "anything", Event::InteractionUpdate),
            ("heartbeat", "{}", Event::Heartbeat),
            (
                "result",
                r#"{"runId":"run-1","status":"FINISHED","text":"Done.","durationMs":12,"git":{"branches":null}}"#,
                Event::Result(RunOutcome {
                    run_id: run,
                    status: RunStatus::Finished,
                    text: Some("Done.".to_owned()),
                    duration_ms: Some(12),
                    git: Some(Git::default()),
                }),
            ),
            (
                "error",
                r#"{"code":"stream_unavailable","message":"Run stream is no longer available"}"#,
                Event::Error(StreamFault {
                    code: Some(ErrorCode::StreamUnavailable),
                    message: Some("Run stream is no longer available".to_owned()),
                }),
            ),
            ("done", "{}", Event::Done),
            ("assistant", "{", Event::Malformed),
            ("hologram", "{}", Event::Unknown),
        ];
        for (kind, data, expected) in table {
            assert_eq!(Event::read(kind, data), expected, "{kind} {data}");
        }
    }
}
