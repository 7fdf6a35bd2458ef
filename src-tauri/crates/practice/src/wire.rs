//! Agents and runs as v1 and v0 spell them.

use serde_json::{Map, Value, json};

use crate::clock::{iso, iso_seconds};
use crate::fault::{Fault, Struck};
use crate::state::{Agent, ChangedFile, PAGES, Run, Status};

/// How answers are spelled just now: options and standing faults.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    /// Base address of own pages.
    pub(crate) pages: String,
    /// Whether agents link to own pages instead of the real sites.
    pub(crate) local_pages: bool,
    pub(crate) name_missing: bool,
    pub(crate) extra_fields: bool,
    pub(crate) old_active: bool,
    pub(crate) struck: Struck,
}

impl Spelling {
    pub(crate) fn extra(&self, value: &mut Value) {
        if self.extra_fields
            && let Some(map) = value.as_object_mut()
        {
            map.insert("experimental".to_owned(), json!({"shard": 7, "labels": ["a", null]}));
            self.struck.note(Fault::ExtraFields);
        }
    }

    fn name<'a>(&self, agent: &'a Agent) -> Option<&'a String> {
        if self.name_missing && agent.runs.len() <= 1 && agent.is_busy() {
            self.struck.note(Fault::NameMissing);
            return None;
        }
        agent.name.as_ref()
    }

    /// API v1, agent object.
    pub(crate) fn agent(&self, agent: &Agent) -> Value {
        let status = if agent.archived {
            "ARCHIVED"
        } else if agent.is_busy() {
            "ACTIVE"
        } else if self.old_active {
            self.struck.note(Fault::OldActive);
            "ACTIVE"
        } else {
            "IDLE"
        };
        let mut map: Map<String, Value> = agent.echoed.clone();
        for (key, fallback) in [("workOnCurrentBranch", false), ("autoCreatePR", false)] {
            map.entry(key).or_insert(json!(fallback));
        }
        map.insert("id".to_owned(), json!(agent.id));
        if let Some(name) = self.name(agent) {
            map.insert("name".to_owned(), json!(name));
        }
        map.insert("status".to_owned(), json!(status));
        map.insert("env".to_owned(), agent.env.clone());
        map.insert("repos".to_owned(), json!(agent.repos));
        map.insert("url".to_owned(), json!(self.agent_page(agent, false)));
        map.insert("createdAt".to_owned(), json!(iso(agent.created_ms)));
        map.insert("updatedAt".to_owned(), json!(iso(agent.updated_ms)));
        if let Some(run) = agent.runs.last() {
            map.insert("latestRunId".to_owned(), json!(run.id));
        }
        let mut value = Value::Object(map);
        self.extra(&mut value);
        value
    }

    fn agent_page(&self, agent: &Agent, version_0: bool) -> String {
        if self.local_pages {
            format!("{}/agent/{}", self.pages, agent.id)
        } else if version_0 {
            format!("https://cursor.com/agents?id={}", agent.id)
        } else {
            format!("https://cursor.com/agents/{}", agent.id)
        }
    }

    /// Stored text with the addresses of own pages as they are now.
    pub(crate) fn text(&self, stored: &str) -> String {
        stored.replace(PAGES, &format!("{}/", self.pages))
    }

    fn git(&self, agent: &Agent) -> Option<Value> {
        let mut git = agent.git()?;
        if let Some(Value::String(url)) = git.pointer_mut("/branches/0/prUrl") {
            *url = self.text(url);
        }
        Some(git)
    }

    /// API v1, run object; lists leave out `result` and `durationMs`.
    pub(crate) fn run(&self, agent: &Agent, run: &Run, now_ms: u64, listed: bool) -> Value {
        let mut value = json!({
            "id": run.id,
            "agentId": agent.id,
            "status": run.status.as_str(),
            "createdAt": iso(run.created_ms),
            "updatedAt": run.updated_at(now_ms),
        });
        if !listed && !run.status.is_active() {
            if let Some(ended) = run.ended_ms {
                value["durationMs"] = json!(ended.saturating_sub(run.created_ms));
            }
            if let Some(result) = &run.result {
                value["result"] = json!(self.text(result));
            }
        }
        if let Some(failure) = &run.error {
            value["error"] = json!({"message": failure.message, "code": failure.code});
        }
        if let Some(git) = self.git(agent) {
            value["git"] = git;
        }
        self.extra(&mut value);
        value
    }

    /// Legacy v0, agent object; its status is that of the latest run.
    pub(crate) fn agent_v0(&self, agent: &Agent) -> Value {
        let status = agent.runs.last().map_or("CREATING", |run| match run.status {
            // v0 has no word for cancelled.
            Status::Cancelled => "FINISHED",
            other => other.as_str(),
        });
        let mut source = json!({"repository": agent.repository().unwrap_or_default()});
        if let Some(branch) = agent.repos.first().and_then(|repo| repo.get("startingRef")) {
            source["ref"] = branch.clone();
        }
        let flag = |name: &str| agent.echoed.get(name).cloned().unwrap_or(json!(false));
        let mut target = json!({
            "url": self.agent_page(agent, true),
            "autoCreatePr": flag("autoCreatePR"),
            "openAsCursorGithubApp": flag("openAsCursorGithubApp"),
            "skipReviewerRequest": flag("skipReviewerRequest"),
        });
        if agent.pushed {
            target["branchName"] = json!(agent.branch);
        }
        if let Some(pull) = &agent.pull {
            target["prUrl"] = json!(self.text(&pull.url));
        }
        let mut value = json!({
            "id": agent.id,
            "status": status,
            "source": source,
            "target": target,
            "createdAt": iso_seconds(agent.created_ms),
        });
        value["name"] = json!(self.name(agent).map_or("", String::as_str));
        if let Some(summary) = agent.runs.last().and_then(|run| run.result.as_ref()) {
            value["summary"] = json!(self.text(summary));
        }
        if agent.pushed {
            value["filesChanged"] = json!(agent.changed.len());
            value["linesAdded"] = json!(agent.changed.iter().map(ChangedFile::added).sum::<u64>());
            value["linesRemoved"] = json!(agent.changed.iter().map(ChangedFile::removed).sum::<u64>());
        }
        self.extra(&mut value);
        value
    }
}
