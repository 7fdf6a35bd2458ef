//! What a call of a tool did, from its events as they were kept. Shapes of arguments and results are unstable
//! (API v1, tool calls): what is known is laid out, and everything else is shown by its own name and value.

mod changes;
mod clip;

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{arguments, event_time, narration, wire};
use crate::markdown;
use crate::model::{CallDetail, CallField, CallPart, FieldsOf, Step, StepCall, StepDetail, StepState};
use crate::transcript::SeenEvent;

use clip::Budget;
pub(crate) use clip::without_escapes;

/// Of text that is not a result, so much is shown at most, so that the result has its place.
const ARGUMENTS: usize = 96 << 10;
/// All text of a detail.
const WHOLE: usize = 256 << 10;
/// Fields of one object.
const FIELDS: usize = 100;

/// The calls that a block of steps folds: `count` of them from `first` on, in the order they were started, from the
/// events of their run (`tool_call` only; others are passed over).
pub fn step_calls<'a>(events: impl IntoIterator<Item = &'a SeenEvent>, first: &str, count: usize) -> Vec<StepCall> {
    let mut seen = HashSet::new();
    let mut found: Vec<StepCall> = Vec::new();
    let mut begun = false;
    for event in events {
        let Some(call) = wire::tool_call(&event.data) else {
            continue;
        };
        begun = begun || call.id == first;
        if !begun {
            seen.insert(call.id);
            continue;
        }
        if !seen.contains(&call.id) {
            if found.len() == count {
                // Those in here may still end further on.
                continue;
            }
            seen.insert(call.id.clone());
            found.push(step_call(&call));
        } else if let Some(known) = found.iter_mut().find(|known| known.id == call.id) {
            let fresh = step_call(&call);
            known.step.state = fresh.step.state;
            if call.arguments.is_null() {
                narration::note_result(&mut known.step.detail, &call.result, true);
            } else {
                (known.step.detail, known.object) = (fresh.step.detail, fresh.object);
            }
        }
    }
    found
}

fn step_call(call: &wire::ToolCall) -> StepCall {
    let mut detail = narration::detail(&call.name, &call.arguments);
    narration::note_result(&mut detail, &call.result, true);
    let state = state(call, &detail);
    StepCall {
        id: call.id.clone(),
        step: Step { detail, state },
        object: arguments::object(&call.arguments),
    }
}

fn state(call: &wire::ToolCall, detail: &StepDetail) -> StepState {
    if call.is_running() {
        StepState::Running
    } else if narration::failed(detail, call) {
        StepState::Failed
    } else {
        StepState::Done
    }
}

/// What is known of a call, from all events of its run that name it, in order; none where none does.
pub fn call_detail<'a>(events: impl IntoIterator<Item = &'a SeenEvent>, id: &str) -> Option<CallDetail> {
    let mut known: Option<wire::ToolCall> = None;
    let (mut began, mut ended) = (0, None);
    for event in events {
        let Some(call) = wire::tool_call(&event.data).filter(|call| call.id == id) else {
            continue;
        };
        if !call.is_running() {
            ended = Some(event_time(event));
        }
        match &mut known {
            None => {
                began = event_time(event);
                known = Some(call);
            }
            Some(before) => {
                before.status = call.status;
                before.withheld |= call.withheld;
                if !call.arguments.is_null() {
                    before.arguments = call.arguments;
                }
                if !call.result.is_null() {
                    before.result = call.result;
                }
            }
        }
    }
    let call = known?;
    Some(CallDetail {
        tool: markdown::line(&call.name, 300),
        state: state(&call, &narration::detail(&call.name, &call.arguments)),
        took: ended.map(|ended| ended.saturating_sub(began)),
        withheld: call.withheld,
        parts: parts(call.arguments, call.result),
    })
}

/// The arguments and the result as parts; each thing is said once.
fn parts(arguments: Value, result: Value) -> Vec<CallPart> {
    let mut budget = Budget::new(WHOLE);
    let mut given = Laid::new(arguments);
    let (mut back, failed) = outcome(result);
    // Results repeat what was asked for.
    back.fields
        .retain(|name, value| given.fields.get(name).is_none_or(|known| known != value));
    let path = given
        .text(&PATHS)
        .or_else(|| back.text(&PATHS))
        .map(|path| markdown::line(&path, 300));
    let mut parts = Vec::new();
    let mut first = budget.part(ARGUMENTS);
    if let Some(command) = given.command() {
        let folder = given
            .text(&["workingDirectory", "working_directory", "cwd", "workdir"])
            .map(|folder| markdown::line(&folder, 300));
        parts.push(CallPart::Command {
            clip: first.clip(command.trim_end()),
            folder,
        });
    }
    let diff = changes::of(&mut given, &mut back);
    let content = back.text(&["content", "contents", "text"]).filter(|_| diff.is_none());
    if diff.is_none()
        && content.is_none()
        && let Some(path) = &path
    {
        given.fields.insert("path".to_owned(), Value::String(path.clone()));
    }
    if let Some(diff) = diff {
        let (lines, cut) = first.lines(diff);
        parts.push(CallPart::Diff {
            path: path.clone(),
            lines,
            cut,
        });
    }
    let rest = given.rest(&mut first, FieldsOf::Arguments);
    budget.spent(&first);
    if let Some(message) = failed {
        parts.push(CallPart::Failed {
            clip: budget.clip(message.trim()),
        });
    }
    for (keys, error) in [
        (&["stdout", "output", "interleavedOutput"][..], false),
        (&["stderr"], true),
    ] {
        if let Some(text) = back.text(keys).filter(|text| !text.trim().is_empty()) {
            let clip = budget.clip(without_escapes(&text).trim_end());
            parts.push(CallPart::Output { clip, error });
        }
    }
    if let Some(code) = back.number(&["exitCode", "exit_code"]) {
        parts.push(CallPart::ExitCode { code });
    }
    if let Some(text) = content {
        parts.push(CallPart::Content {
            language: path.as_deref().map(ending).unwrap_or_default(),
            path,
            clip: budget.clip(&text),
        });
    }
    parts.extend(rest);
    parts.extend(back.rest(&mut budget, FieldsOf::Result));
    parts
}

const PATHS: [&str; 8] = [
    "path",
    "target_file",
    "targetFile",
    "file_path",
    "filePath",
    "target_notebook",
    "relative_workspace_path",
    "relativeWorkspacePath",
];

/// What came back, without its envelope, and the message of what went wrong.
fn outcome(mut result: Value) -> (Laid, Option<String>) {
    let Some(fields) = result.as_object_mut() else {
        return (Laid::new(result), None);
    };
    let failed = fields.remove("error").filter(|error| !error.is_null()).map(|error| {
        let text = ["message", "errorMessage", "error", "reason"]
            .iter()
            .find_map(|key| error.get(key)?.as_str());
        text.or_else(|| error.as_str())
            .map_or_else(|| pretty(&error), str::to_owned)
    });
    let inner = ["success", "value"].iter().find_map(|key| {
        let is_object = fields.get(*key)?.is_object();
        if is_object { fields.remove(*key) } else { None }
    });
    if let Some(Value::Object(inner)) = inner {
        for (name, value) in inner {
            fields.entry(name).or_insert(value);
        }
    }
    (Laid::new(result), failed)
}

/// An object that is taken apart by what is known of it.
struct Laid {
    fields: Map<String, Value>,
}

impl Laid {
    fn new(value: Value) -> Self {
        let fields = match value {
            Value::Null => Map::new(),
            Value::Object(fields) => fields,
            other => Map::from_iter([(String::new(), other)]),
        };
        Self { fields }
    }

    /// Takes the text of the first of these names that has some.
    fn text(&mut self, names: &[&str]) -> Option<String> {
        let name = names
            .iter()
            .find(|name| self.fields.get(**name).is_some_and(Value::is_string))?;
        match self.fields.remove(*name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn number(&mut self, names: &[&str]) -> Option<i64> {
        let name = names
            .iter()
            .find(|name| self.fields.get(**name).is_some_and(Value::is_i64))?;
        self.fields.remove(*name)?.as_i64()
    }

    /// The command of a shell, whole.
    fn command(&mut self) -> Option<String> {
        if let Some(words) = self.fields.get("command").and_then(Value::as_array) {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            let command = words?.join(" ");
            self.fields.remove("command");
            return Some(command);
        }
        self.text(&["command", "cmd", "script", "chars"])
    }

    /// Everything that was not taken, by its own names.
    fn rest(self, budget: &mut Budget, of: FieldsOf) -> Option<CallPart> {
        let fields: Vec<CallField> = self
            .fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .take(FIELDS)
            .map(|(name, value)| CallField {
                name: markdown::line(&name, 100),
                clip: match value {
                    Value::String(text) => budget.clip(&text),
                    other => budget.clip(&pretty(&other)),
                },
            })
            .collect();
        (!fields.is_empty()).then_some(CallPart::Fields { of, fields })
    }
}

/// JSON to be read; a list or object of little on one line.
fn pretty(value: &Value) -> String {
    let line = value.to_string();
    if line.len() <= 80 {
        return line;
    }
    serde_json::to_string_pretty(value).unwrap_or(line)
}

/// The ending of a file's name, in lower case.
fn ending(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 12 => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
