//! The rules of request bodies (API v1, create agent and create run; legacy v0, launch and follow-up).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::picture::{Decoded, Picture};

mod bodies;
mod prompt;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: &'static str,
    pub(crate) detail: String,
}

impl Finding {
    /// Whether the API refuses a request for this; some findings are only bad manners.
    pub(crate) fn refused(&self, strict: bool) -> bool {
        match self.rule {
            "unknown-body-key" | "null-value" => strict,
            // Documented as hints or as meaningless, not as errors.
            "picture-dimension" | "skip-reviewer-alone" => false,
            _ => true,
        }
    }
}

/// A prompt with its pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Prompt {
    pub(crate) text: String,
    pub(crate) pictures: Vec<Picture>,
}

/// What both versions of the API ask for at a launch.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Launch {
    pub(crate) prompt: Prompt,
    pub(crate) agent_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) model: Option<Value>,
    pub(crate) env: Option<Value>,
    /// `{url, startingRef?, prUrl?}` as sent.
    pub(crate) repos: Vec<Value>,
    /// Flags and other echoed fields, as sent.
    pub(crate) echoed: Map<String, Value>,
    pub(crate) auto_create_pr: bool,
    pub(crate) plan: bool,
    /// Push to the starting branch, or to the head of the pull request, instead of a new branch.
    pub(crate) current_branch: bool,
    /// v0 only: branch name asked for.
    pub(crate) branch_name: Option<String>,
    /// v0 only: `(url, secret)`.
    pub(crate) webhook: Option<(String, Option<String>)>,
}

/// What a follow-up asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Followup {
    pub(crate) prompt: Prompt,
    pub(crate) model: Option<Value>,
    pub(crate) mode: Option<String>,
}

pub(crate) type Pictures = BTreeMap<usize, Result<Decoded, &'static str>>;

/// Walks a body and collects what is wrong with it.
#[derive(Default)]
pub(crate) struct Check {
    pub(crate) findings: Vec<Finding>,
}

impl Check {
    fn add(&mut self, rule: &'static str, detail: impl Into<String>) {
        self.findings.push(Finding {
            rule,
            detail: detail.into(),
        });
    }

    fn schema(&mut self, path: &str, problem: &str) {
        self.add("schema", format!("{path}: {problem}"));
    }

    fn nulls(&mut self, path: &str, value: &Value) {
        match value {
            // Nothing documents what a null does: a client leaves the key out.
            Value::Null => self.add("null-value", format!("{path} is null")),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.nulls(&format!("{path}[{index}]"), item);
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    // The record of a picture is our own and may hold nulls.
                    if key != "data" {
                        self.nulls(&format!("{path}.{key}"), item);
                    }
                }
            }
            _ => {}
        }
    }

    fn object<'v>(&mut self, path: &str, value: Option<&'v Value>, keys: &[&str]) -> Option<&'v Map<String, Value>> {
        let value = value.filter(|value| !value.is_null())?;
        let Some(map) = value.as_object() else {
            self.schema(path, "Expected object");
            return None;
        };
        for key in map.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.add(
                "unknown-body-key",
                format!("{path}: Unrecognized key(s) in object: '{key}'"),
            );
        }
        Some(map)
    }

    fn list<'v>(&mut self, path: &str, value: Option<&'v Value>, most: usize) -> &'v [Value] {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return &[];
        };
        let Some(items) = value.as_array() else {
            self.schema(path, "Expected array");
            return &[];
        };
        if items.len() > most {
            self.schema(path, &format!("Array must contain at most {most} element(s)"));
        }
        items
    }

    fn string(
        &mut self,
        path: &str,
        map: &Map<String, Value>,
        key: &str,
        required: bool,
        length: std::ops::RangeInclusive<usize>,
    ) -> Option<String> {
        let path = format!("{path}.{key}");
        match map.get(key) {
            None | Some(Value::Null) => {
                if required {
                    self.schema(&path, "Required");
                }
                None
            }
            Some(Value::String(text)) => {
                let characters = text.chars().count();
                if !length.contains(&characters) {
                    self.schema(
                        &path,
                        &format!(
                            "String must contain {} to {} character(s)",
                            length.start(),
                            length.end()
                        ),
                    );
                }
                Some(text.clone())
            }
            Some(_) => {
                self.schema(&path, "Expected string");
                None
            }
        }
    }

    fn boolean(&mut self, path: &str, map: &Map<String, Value>, key: &str) -> Option<bool> {
        match map.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(value)) => Some(*value),
            Some(_) => {
                self.schema(&format!("{path}.{key}"), "Expected boolean");
                None
            }
        }
    }

    fn one_of(&mut self, path: &str, value: Option<&String>, allowed: &[&str]) {
        if let Some(value) = value
            && !allowed.contains(&value.as_str())
        {
            self.schema(
                path,
                &format!(
                    "Invalid enum value. Expected '{}', received '{value}'",
                    allowed.join("' | '")
                ),
            );
        }
    }

    fn strings(&mut self, path: &str, value: Option<&Value>, most: usize, values: std::ops::RangeInclusive<usize>) {
        let Some(map) = value.and_then(Value::as_object) else {
            if value.is_some_and(|value| !value.is_null()) {
                self.schema(path, "Expected object");
            }
            return;
        };
        if map.len() > most {
            self.schema(path, &format!("at most {most} entries"));
        }
        for (name, value) in map {
            if name.is_empty() || name.len() > 255 || name.starts_with("CURSOR_") {
                self.schema(&format!("{path}.{name}"), "Invalid name");
            }
            match value.as_str() {
                Some(text) if values.contains(&text.len()) => {}
                Some(_) => self.schema(&format!("{path}.{name}"), "Invalid length"),
                None => self.schema(&format!("{path}.{name}"), "Expected string"),
            }
        }
    }

    /// An object whose values are all strings; unlike variables, its names are free.
    fn string_map(&mut self, path: &str, value: Option<&Value>) {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return;
        };
        let Some(map) = value.as_object() else {
            self.schema(path, "Expected object");
            return;
        };
        for (name, _) in map.iter().filter(|(_, value)| !value.is_string()) {
            self.schema(&format!("{path}.{name}"), "Expected string");
        }
    }

    fn string_list(&mut self, path: &str, value: Option<&Value>) {
        for (index, item) in self.list(path, value, 1000).iter().enumerate() {
            if !item.is_string() {
                self.schema(&format!("{path}[{index}]"), "Expected string");
            }
        }
    }

    fn web_address(&mut self, path: &str, address: Option<&String>) {
        if let Some(address) = address {
            let rest = address
                .strip_prefix("https://")
                .or_else(|| address.strip_prefix("http://"));
            if rest.is_none_or(|rest| rest.is_empty() || rest.contains(char::is_whitespace)) {
                self.schema(path, "Invalid url");
            }
        }
    }
}

/// `bc-` and a UUID of any version (API v1, identifiers).
pub(crate) fn is_agent_id(text: &str) -> bool {
    text.strip_prefix("bc-").is_some_and(is_uuid)
}

/// `run-` and a UUID.
pub(crate) fn is_run_id(text: &str) -> bool {
    text.strip_prefix("run-").is_some_and(is_uuid)
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
