//! The payloads of stream events, read leniently: what is missing or of another shape is absent, never an error.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::model::RunState;

/// A tool call (API v1, stream events, `tool_call`).
pub(super) struct ToolCall {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: String,
    /// Null when absent or left out for its size.
    pub(super) arguments: Value,
    /// Null when absent or left out for its size.
    pub(super) result: Value,
    /// Whether the service left its arguments or its result out, for their size.
    pub(super) withheld: bool,
}

impl ToolCall {
    pub(super) fn is_running(&self) -> bool {
        self.status == "running" || self.status == "pending"
    }

    /// Whether it reports an error.
    pub(super) fn failed(&self) -> bool {
        self.status == "error" || self.result.get("error").is_some_and(|error| !error.is_null())
    }

    /// The exit code of its command, where it is told (API v1, stream events, `tool_call`).
    pub(super) fn exit_code(&self) -> Option<i64> {
        let inner = ["success", "value"]
            .iter()
            .find_map(|key| self.result.get(key)?.as_object());
        let told = inner.or_else(|| self.result.as_object())?;
        ["exitCode", "exit_code"]
            .iter()
            .find_map(|key| told.get(*key)?.as_i64())
    }
}

/// How a run ended (API v1, stream events, `result`).
pub(super) struct RunResult {
    pub(super) state: RunState,
    pub(super) text: Option<String>,
    pub(super) duration: Option<u64>,
    pub(super) error: Option<String>,
}

/// The state a word of the API names; unknown words count as failed, as in the vendor's own client.
pub fn run_state(word: &str) -> RunState {
    match word {
        "CREATING" => RunState::Creating,
        "RUNNING" => RunState::Running,
        "FINISHED" => RunState::Finished,
        "CANCELLED" | "STOPPED" => RunState::Cancelled,
        "EXPIRED" => RunState::Expired,
        _ => RunState::Error,
    }
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// The text of a delta.
pub(super) fn text(data: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Delta<'_>>(data).ok().map(|delta| delta.text)
}

/// The state of a `status` frame.
pub(super) fn status(data: &str) -> Option<RunState> {
    let value: Value = serde_json::from_str(data).ok()?;
    value.get("status")?.as_str().map(run_state)
}

/// The tool call, also where it is wrapped in `data`.
pub(super) fn tool_call(data: &str) -> Option<ToolCall> {
    let mut value: Value = serde_json::from_str(data).ok()?;
    if value.get("callId").is_none() && value.get("name").is_none() {
        value = value.get_mut("data")?.take();
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").unwrap_or_default();
    let id = text("callId").or_else(|| text("id")).unwrap_or_else(|| name.clone());
    let status = text("status").unwrap_or_default();
    let left_out = |key: &str| value.get("truncated")?.get(key)?.as_bool();
    let withheld = ["args", "result"].into_iter().any(|key| left_out(key) == Some(true));
    Some(ToolCall {
        id,
        name,
        status,
        arguments: value.get_mut("args").map(Value::take).unwrap_or_default(),
        result: value.get_mut("result").map(Value::take).unwrap_or_default(),
        withheld,
    })
}

/// The end of the run.
pub(super) fn result(data: &str) -> Option<RunResult> {
    let value: Value = serde_json::from_str(data).ok()?;
    let error = value.get("error").and_then(|error| {
        let message = error.as_str().or_else(|| error.get("message")?.as_str());
        message.map(str::to_owned)
    });
    Some(RunResult {
        state: run_state(value.get("status").and_then(Value::as_str).unwrap_or_default()),
        text: value
            .get("text")
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        duration: value.get("durationMs").and_then(Value::as_u64),
        error,
    })
}

/// The tokens of a turn, if this update ends one.
pub(super) fn turn_tokens(data: &str) -> Option<u64> {
    // Most updates are deltas by the thousand: not worth parsing.
    if !data.contains("turn-ended") {
        return None;
    }
    let value: Value = serde_json::from_str(data).ok()?;
    if value.get("type").and_then(Value::as_str) != Some("turn-ended") {
        return None;
    }
    let usage = value.get("usage");
    let count = |key: &str| {
        usage
            .and_then(|usage| usage.get(key))
            .and_then(Value::as_u64)
            .unwrap_or(0)
    };
    let parts = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"];
    Some(parts.into_iter().map(count).fold(0, u64::saturating_add))
}
