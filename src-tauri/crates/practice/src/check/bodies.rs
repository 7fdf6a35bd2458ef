//! Rules of whole bodies: launches and follow-ups of both versions.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Check, Followup, Launch, Pictures, is_agent_id};

const BUILT_IN_SUBAGENTS: [&str; 5] = ["explore", "shell", "debug", "computerUse", "cursorGuide"];

impl Check {
    fn model(&mut self, path: &str, value: Option<&Value>) -> Option<Value> {
        let map = self.object(path, value, &["id", "params"])?;
        self.string(path, map, "id", true, 1..=200);
        let path = format!("{path}.params");
        for (index, parameter) in self.list(&path, map.get("params"), 100).iter().enumerate() {
            let path = format!("{path}[{index}]");
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
                self.string_list(&format!("{path}.args"), map.get("args"));
                self.string_map(&format!("{path}.env"), map.get("env"));
            } else {
                let url = self.string(&path, map, "url", true, 1..=2048);
                self.web_address(&format!("{path}.url"), url.as_ref());
                let host = url.as_deref().and_then(|url| url.split('/').nth(2));
                if host.is_some_and(|host| host.contains('@')) {
                    self.schema(&format!("{path}.url"), "Must not contain user information");
                }
                self.one_of(&format!("{path}.type"), kind.as_ref(), &["http", "sse"]);
                self.string_map(&format!("{path}.headers"), map.get("headers"));
                let path = format!("{path}.auth");
                let keys = ["CLIENT_ID", "CLIENT_SECRET", "scopes"];
                if let Some(auth) = self.object(&path, map.get("auth"), &keys) {
                    self.string(&path, auth, "CLIENT_ID", true, 1..=4096);
                    self.string(&path, auth, "CLIENT_SECRET", false, 1..=4096);
                    self.string_list(&format!("{path}.scopes"), auth.get("scopes"));
                }
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
            // A name, `inherit`, or a model with settings.
            match map.get("model") {
                Some(Value::Object(_)) => {
                    self.model(&format!("{path}.model"), map.get("model"));
                }
                _ => {
                    self.string(&path, map, "model", false, 1..=200);
                }
            }
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
            model: self.model("model", map.get("model")),
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
        let flag = |name: &str| launch.echoed.get(name) == Some(&json!(true));
        launch.current_branch = flag("workOnCurrentBranch");
        if flag("skipReviewerRequest") && !launch.auto_create_pr {
            self.add("skip-reviewer-alone", "skipReviewerRequest needs autoCreatePR");
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
            model: self.model("model", map.get("model")),
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
            if launch.echoed.get("skipReviewerRequest") == Some(&json!(true)) && !launch.auto_create_pr {
                self.add("skip-reviewer-alone", "target.skipReviewerRequest needs autoCreatePr");
            }
            let pull = launch.repos.iter().any(|repo| repo.get("prUrl").is_some());
            // It means something with a pull request only.
            launch.current_branch = self.boolean("target", target, "autoBranch") == Some(false) && pull;
            if launch.current_branch {
                launch.echoed.insert("workOnCurrentBranch".to_owned(), json!(true));
            }
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
