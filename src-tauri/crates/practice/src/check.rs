//! The rules of request bodies (API v1, create agent and create run; legacy v0, launch and follow-up).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::picture::{Decoded, MAX_PICTURE_BYTES, Picture};

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
            "picture-dimension" => false,
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

const MIME_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const BUILT_IN_SUBAGENTS: [&str; 5] = ["explore", "shell", "debug", "computerUse", "cursorGuide"];

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

    fn prompt(&mut self, body: &Map<String, Value>, pictures: &Pictures, version_0: bool) -> Prompt {
        if !body.contains_key("prompt") {
            self.schema("prompt", "Required");
        }
        let Some(prompt) = self.object("prompt", body.get("prompt"), &["text", "images"]) else {
            return Prompt::default();
        };
        let text = self
            .string("prompt", prompt, "text", true, 1..=usize::MAX)
            .unwrap_or_default();
        let mut records = Vec::new();
        for (index, image) in self.list("prompt.images", prompt.get("images"), 5).iter().enumerate() {
            let path = format!("prompt.images[{index}]");
            if let Some(record) = self.picture(&path, image, pictures.get(&index), version_0) {
                records.push(record);
            }
        }
        Prompt {
            text,
            pictures: records,
        }
    }

    fn picture(
        &mut self,
        path: &str,
        image: &Value,
        decoded: Option<&Result<Decoded, &'static str>>,
        version_0: bool,
    ) -> Option<Picture> {
        let keys: &[&str] = if version_0 {
            &["data", "dimension"]
        } else {
            &["data", "mimeType", "url", "dimension"]
        };
        let map = self.object(path, Some(image), keys)?;
        let claimed = self.dimension(path, map);
        let mime = if version_0 {
            None
        } else {
            self.string(path, map, "mimeType", false, 1..=100)
        };
        if !version_0 && map.contains_key("url") {
            let url = self.string(path, map, "url", true, 1..=2048);
            self.web_address(&format!("{path}.url"), url.as_ref());
            if map.contains_key("data") || mime.is_some() {
                self.schema(path, "Provide either data with mimeType, or url without mimeType");
            }
            return None;
        }
        let Some(decoded) = decoded else {
            self.schema(&format!("{path}.data"), "Required");
            return None;
        };
        if !version_0 {
            if mime.is_none() {
                self.schema(&format!("{path}.mimeType"), "Required with data");
            }
            self.one_of(&format!("{path}.mimeType"), mime.as_ref(), &MIME_TYPES);
        }
        let record = match decoded {
            Ok(decoded) => decoded.record.clone(),
            Err(reason) => {
                self.add("picture-data", format!("{path}.data {reason}"));
                return None;
            }
        };
        if record.size_bytes > MAX_PICTURE_BYTES {
            self.add(
                "picture-size",
                format!("{path}: Image exceeds the maximum size of 15MB"),
            );
        }
        match (&record.sniffed_mime_type, &mime) {
            (None, _) => self.add("picture-type", format!("{path}: Unsupported or corrupt image")),
            (Some(is), Some(claims)) if is != claims => self.add(
                "picture-type",
                format!("{path}: mimeType says {claims}, the bytes are {is}"),
            ),
            _ => {}
        }
        if let (Some(claimed), Some(real)) = (claimed, record.pixels)
            && claimed != real
        {
            self.add(
                "picture-dimension",
                format!(
                    "{path}.dimension says {}x{}, the picture is {}x{}",
                    claimed.0, claimed.1, real.0, real.1
                ),
            );
        }
        Some(record)
    }

    fn dimension(&mut self, path: &str, map: &Map<String, Value>) -> Option<(u32, u32)> {
        let path = format!("{path}.dimension");
        let dimension = self.object(&path, map.get("dimension"), &["width", "height"])?;
        let mut side = |key: &str| {
            let number = dimension
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|number| u32::try_from(number).ok())
                .filter(|number| *number > 0);
            if number.is_none() {
                self.schema(&format!("{path}.{key}"), "Expected positive integer");
            }
            number
        };
        Some((side("width")?, side("height")?))
    }

    fn model(&mut self, value: Option<&Value>) -> Option<Value> {
        let map = self.object("model", value, &["id", "params"])?;
        self.string("model", map, "id", true, 1..=200);
        for (index, parameter) in self.list("model.params", map.get("params"), 100).iter().enumerate() {
            let path = format!("model.params[{index}]");
            if let Some(parameter) = self.object(&path, Some(parameter), &["id", "value"]) {
                self.string(&path, parameter, "id", true, 1..=200);
                self.string(&path, parameter, "value", true, 1..=200);
            }
        }
        value.cloned()
    }

    fn mcp_servers(&mut self, value: Option<&Value>) {
        let mut names = BTreeSet::new();
        for (index, server) in self.list("mcpServers", value, 50).iter().enumerate() {
            let path = format!("mcpServers[{index}]");
            let local = server.get("command").is_some();
            let keys: &[&str] = if local {
                &["name", "type", "command", "args", "env"]
            } else {
                &["name", "type", "url", "headers", "auth"]
            };
            let Some(map) = self.object(&path, Some(server), keys) else {
                continue;
            };
            if let Some(name) = self.string(&path, map, "name", true, 1..=255)
                && !names.insert(name)
            {
                self.schema(&path, "Duplicate MCP server name");
            }
            let kind = self.string(&path, map, "type", false, 1..=20);
            if local {
                self.string(&path, map, "command", true, 1..=4096);
                self.one_of(&format!("{path}.type"), kind.as_ref(), &["stdio"]);
                self.strings(&format!("{path}.env"), map.get("env"), 1000, 0..=65_536);
            } else {
                let url = self.string(&path, map, "url", true, 1..=2048);
                self.web_address(&format!("{path}.url"), url.as_ref());
                self.one_of(&format!("{path}.type"), kind.as_ref(), &["http", "sse"]);
                self.object(
                    &format!("{path}.auth"),
                    map.get("auth"),
                    &["CLIENT_ID", "CLIENT_SECRET", "scopes"],
                );
            }
        }
    }

    fn subagents(&mut self, value: Option<&Value>) {
        let mut names = BTreeSet::new();
        for (index, subagent) in self.list("customSubagents", value, 20).iter().enumerate() {
            let path = format!("customSubagents[{index}]");
            let keys = ["name", "description", "prompt", "model"];
            let Some(map) = self.object(&path, Some(subagent), &keys) else {
                continue;
            };
            if let Some(name) = self.string(&path, map, "name", true, 1..=100) {
                if BUILT_IN_SUBAGENTS.contains(&name.as_str()) {
                    self.schema(&path, "Name of a built-in subagent");
                }
                if !names.insert(name) {
                    self.schema(&path, "Duplicate subagent name");
                }
            }
            self.string(&path, map, "description", true, 1..=1000);
            self.string(&path, map, "prompt", true, 1..=8192);
        }
    }

    fn mode(&mut self, body: &Map<String, Value>) -> Option<String> {
        let mode = self.string("body", body, "mode", false, 1..=20);
        self.one_of("mode", mode.as_ref(), &["agent", "plan"]);
        mode
    }

    fn repos(&mut self, value: Option<&Value>) -> Vec<Value> {
        let repos = self.list("repos", value, 20);
        for (index, repo) in repos.iter().enumerate() {
            let path = format!("repos[{index}]");
            if let Some(map) = self.object(&path, Some(repo), &["url", "startingRef", "prUrl"]) {
                let url = self.string(&path, map, "url", true, 1..=2048);
                self.web_address(&format!("{path}.url"), url.as_ref());
                self.string(&path, map, "startingRef", false, 1..=255);
                let pull = self.string(&path, map, "prUrl", false, 1..=2048);
                self.web_address(&format!("{path}.prUrl"), pull.as_ref());
            }
        }
        repos.to_vec()
    }

    /// API v1, create agent.
    pub(crate) fn launch(&mut self, body: &Value, pictures: &Pictures) -> Launch {
        self.nulls("body", body);
        let keys = [
            "prompt",
            "model",
            "name",
            "env",
            "repos",
            "workOnCurrentBranch",
            "autoCreatePR",
            "skipReviewerRequest",
            "openAsCursorGithubApp",
            "envVars",
            "mcpServers",
            "customSubagents",
            "mode",
            "agentId",
            "metadata",
            "runEnvVars",
            "agentServeAgent",
        ];
        let Some(map) = self.object("body", Some(body), &keys) else {
            return Launch::default();
        };
        let mut launch = Launch {
            prompt: self.prompt(map, pictures, false),
            name: self.string("body", map, "name", false, 1..=100),
            model: self.model(map.get("model")),
            repos: self.repos(map.get("repos")),
            agent_id: self.string("body", map, "agentId", false, 1..=100),
            plan: self.mode(map).as_deref() == Some("plan"),
            auto_create_pr: self.boolean("body", map, "autoCreatePR").unwrap_or(false),
            ..Launch::default()
        };
        for flag in [
            "workOnCurrentBranch",
            "autoCreatePR",
            "skipReviewerRequest",
            "openAsCursorGithubApp",
        ] {
            if let Some(value) = self.boolean("body", map, flag) {
                launch.echoed.insert(flag.to_owned(), json!(value));
            }
        }
        if let Some(env) = self.object("env", map.get("env"), &["type", "name"]) {
            let kind = self.string("env", env, "type", true, 1..=20);
            self.one_of("env.type", kind.as_ref(), &["cloud", "pool", "machine"]);
            let name = self.string("env", env, "name", false, 1..=255);
            if kind.as_deref() == Some("cloud") && name.is_some() && !launch.repos.is_empty() {
                self.schema("env", "A named cloud environment cannot be combined with repos");
            }
            launch.env = map.get("env").cloned();
        }
        if let Some(id) = &launch.agent_id {
            if !is_agent_id(id) {
                self.schema("agentId", "Invalid agent id");
            }
            if map.contains_key("envVars") {
                self.schema("agentId", "envVars cannot be combined with agentId");
            }
        }
        self.strings("envVars", map.get("envVars"), 50, 1..=4096);
        self.strings("runEnvVars", map.get("runEnvVars"), 50, 1..=4096);
        self.strings("metadata", map.get("metadata"), 50, 0..=4096);
        self.mcp_servers(map.get("mcpServers"));
        self.subagents(map.get("customSubagents"));
        for echoed in ["customSubagents"] {
            if let Some(value) = map.get(echoed) {
                launch.echoed.insert(echoed.to_owned(), value.clone());
            }
        }
        launch
    }

    /// API v1, create run.
    pub(crate) fn followup(&mut self, body: &Value, pictures: &Pictures) -> Followup {
        self.nulls("body", body);
        let keys = ["prompt", "mcpServers", "mode", "model", "envVars"];
        let Some(map) = self.object("body", Some(body), &keys) else {
            return Followup::default();
        };
        self.mcp_servers(map.get("mcpServers"));
        self.strings("envVars", map.get("envVars"), 50, 1..=4096);
        Followup {
            prompt: self.prompt(map, pictures, false),
            model: self.model(map.get("model")),
            mode: self.mode(map),
        }
    }

    /// Legacy v0, launch.
    pub(crate) fn launch_v0(&mut self, body: &Value, pictures: &Pictures) -> Launch {
        self.nulls("body", body);
        let keys = ["prompt", "model", "source", "target", "webhook"];
        let Some(map) = self.object("body", Some(body), &keys) else {
            return Launch::default();
        };
        let mut launch = Launch {
            prompt: self.prompt(map, pictures, true),
            ..Launch::default()
        };
        if let Some(model) = self.string("body", map, "model", false, 1..=200)
            && model != "default"
        {
            launch.model = Some(json!({"id": model}));
        }
        if !map.contains_key("source") {
            self.schema("source", "Required");
        }
        if let Some(source) = self.object("source", map.get("source"), &["repository", "prUrl", "ref"]) {
            let repository = self.string("source", source, "repository", false, 1..=2048);
            let pull = self.string("source", source, "prUrl", false, 1..=2048);
            self.web_address("source.prUrl", pull.as_ref());
            let mut repo = Map::new();
            match (&repository, &pull) {
                (None, None) => self.schema("source.repository", "Required without prUrl"),
                (Some(url), _) => {
                    repo.insert("url".to_owned(), json!(url));
                }
                (None, Some(pull)) => {
                    let url = pull.split("/pull/").next().unwrap_or(pull);
                    repo.insert("url".to_owned(), json!(url));
                }
            }
            if let Some(pull) = pull {
                repo.insert("prUrl".to_owned(), json!(pull));
            }
            if let Some(branch) = self.string("source", source, "ref", false, 1..=255) {
                repo.insert("startingRef".to_owned(), json!(branch));
            }
            launch.repos.push(Value::Object(repo));
        }
        let target_keys = [
            "autoCreatePr",
            "openAsCursorGithubApp",
            "skipReviewerRequest",
            "branchName",
            "autoBranch",
        ];
        if let Some(target) = self.object("target", map.get("target"), &target_keys) {
            launch.auto_create_pr = self.boolean("target", target, "autoCreatePr").unwrap_or(false);
            if launch.auto_create_pr {
                launch.echoed.insert("autoCreatePR".to_owned(), json!(true));
            }
            for flag in ["openAsCursorGithubApp", "skipReviewerRequest"] {
                if let Some(value) = self.boolean("target", target, flag) {
                    launch.echoed.insert(flag.to_owned(), json!(value));
                }
            }
            launch.branch_name = self.string("target", target, "branchName", false, 1..=255);
            self.boolean("target", target, "autoBranch");
        }
        if let Some(webhook) = self.object("webhook", map.get("webhook"), &["url", "secret"]) {
            let url = self.string("webhook", webhook, "url", true, 1..=2048);
            self.web_address("webhook.url", url.as_ref());
            let secret = self.string("webhook", webhook, "secret", false, 32..=256);
            launch.webhook = url.map(|url| (url, secret));
        }
        launch
    }

    /// Legacy v0, follow-up.
    pub(crate) fn followup_v0(&mut self, body: &Value, pictures: &Pictures) -> Followup {
        self.nulls("body", body);
        let Some(map) = self.object("body", Some(body), &["prompt"]) else {
            return Followup::default();
        };
        Followup {
            prompt: self.prompt(map, pictures, true),
            ..Followup::default()
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
