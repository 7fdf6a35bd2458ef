//! The two requests that start billable work: create an agent, send a follow-up.

use std::sync::Arc;

use axum::body::to_bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::account::{ModelProblem, check_model};
use super::{body_object, query, refuse_findings};
use crate::answer::{self, Answer, Checked};
use crate::check::{Check, Followup, Launch};
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::options::UsageBlock;
use crate::state::{Agent, Pull, Run};
use crate::story::title;

mod trouble;

use trouble::{CREATE, FOLLOWUP, Trouble, busy, id_conflict, plain_answer, trouble};

/// Most of the first picture that is kept for drawing the picture of the result.
const KEPT_FACE_BYTES: usize = 8 * 1024 * 1024;

/// `POST /v1/agents`.
pub(crate) async fn create(cloud: &Arc<Cloud>, incoming: Incoming) -> Checked<Answer> {
    query(cloud, &incoming, &[])?;
    let body = body_object(cloud, &incoming)?;
    let mut check = Check::default();
    let launch = check.launch(body, &incoming.pictures);
    refuse_findings(cloud, incoming.number, &check.findings)?;
    if body.get("metadata").is_some() {
        return Err(answer::error(
            403,
            "feature_unavailable",
            "API v1 agent metadata is not enabled.",
        ));
    }
    launch_agent(cloud, incoming, launch, |cloud, agent| {
        let spelling = cloud.spelling();
        let now = cloud.clock.now_ms();
        let run = agent.runs.last().map(|run| spelling.run(agent, run, now, false));
        let mut body = json!({"agent": spelling.agent(agent), "run": run});
        spelling.extra(&mut body);
        body
    })
    .await
}

/// The common part of both versions of launching.
pub(crate) async fn launch_agent(
    cloud: &Arc<Cloud>,
    mut incoming: Incoming,
    launch: Launch,
    body: fn(&Cloud, &Agent) -> Value,
) -> Checked<Answer> {
    let first_trouble = trouble(cloud, CREATE.before);
    if let Some(answer) = first_trouble.and_then(|trouble| plain_answer(cloud, trouble)) {
        return Ok(answer);
    }
    check_conflict(cloud, &incoming, &launch)?;
    match launch.model.as_ref().map(check_model) {
        Some(Err(ModelProblem::Unknown(id))) => {
            return Err(answer::error(
                400,
                "invalid_model",
                &format!("Model '{id}' is not available or invalid"),
            ));
        }
        Some(Err(ModelProblem::NoVariant(id))) => {
            return Err(answer::validation(&format!(
                "Model '{id}' does not match a known variant"
            )));
        }
        _ => {}
    }
    match cloud.options.usage_block {
        UsageBlock::None => {}
        UsageBlock::Spend => return Err(answer::usage_limit()),
        UsageBlock::Included => return Err(answer::included_usage()),
    }
    check_repositories(cloud, &launch, first_trouble)?;

    let after = trouble(cloud, CREATE.after);
    let other_id = matches!(after, Some(Trouble::OtherId));
    let agent = new_agent(cloud, &mut incoming, launch, other_id);
    let run_id = agent.runs[0].id.clone();
    let id = agent.id.clone();
    let answer_body = body(cloud, &agent);
    cloud.store().agents.push(agent);
    let change = cloud.touched();
    cloud.play(&id, &run_id);
    cloud.kept(change).await;
    cloud.clock.wait(cloud.options.knobs.create_delay_ms).await;
    if matches!(after, Some(Trouble::UnreadableConflict)) {
        if let Some(agent) = cloud.store().agent_mut(&id) {
            agent.unreadable = 2;
        }
        return Ok(answer::gateway_page(504).into());
    }
    finish_answer(cloud, after, &answer_body).await
}

async fn finish_answer(cloud: &Cloud, after: Option<Trouble>, body: &Value) -> Checked<Answer> {
    if let Some(answer) = after.and_then(|trouble| plain_answer(cloud, trouble)) {
        return Ok(answer);
    }
    let response = answer::json(201, body);
    match after {
        Some(Trouble::Delayed) => {
            cloud.slow_answer().await;
            Ok(response.into())
        }
        Some(Trouble::Truncated) => {
            let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            let half = bytes[..bytes.len() / 2].to_vec();
            Ok(answer::bytes(201, "application/json; charset=utf-8", half).into())
        }
        _ => Ok(response.into()),
    }
}

fn check_conflict(cloud: &Cloud, incoming: &Incoming, launch: &Launch) -> Checked<()> {
    let Some(id) = &launch.agent_id else {
        return Ok(());
    };
    let store = cloud.store();
    let taken = store.agents.iter().find(|agent| {
        agent.id.eq_ignore_ascii_case(id) && (!agent.deleted || cloud.options.knobs.deleted_ids_stay_taken)
    });
    let Some(taken) = taken else { return Ok(()) };
    let other_body = taken.body_sha256 != incoming.body_sha256;
    drop(store);
    if other_body {
        cloud.violation(
            incoming.number,
            "agent-id-reused",
            format!("{id} was created with another body"),
        );
    }
    Err(id_conflict())
}

/// Repositories must be among the account's; the message is the same for a flake and for no access.
fn check_repositories(cloud: &Cloud, launch: &Launch, first_trouble: Option<Trouble>) -> Checked<()> {
    let kind = launch
        .env
        .as_ref()
        .and_then(|env| env["type"].as_str())
        .unwrap_or("cloud");
    if launch.repos.is_empty() && kind == "machine" {
        return Err(answer::error(
            400,
            "repository_required",
            "Repository is required. Either provide a repository URL in the repos[0].url field, or configure a default repository at https://cursor.com/settings.",
        ));
    }
    if let Some(branch) = launch.branch_name.as_deref().filter(|name| !is_branch_name(name)) {
        return Err(answer::invalid_branch_name(branch));
    }
    let flake = matches!(first_trouble, Some(Trouble::BranchFlake));
    for repo in &launch.repos {
        let url = repo["url"].as_str().unwrap_or_default();
        match (repo["prUrl"].as_str(), repo["startingRef"].as_str()) {
            (Some(pull), _) if pull_number(url, pull).is_none() => return Err(answer::pull_not_resolved(pull)),
            // With a pull request the starting branch is not looked at.
            (None, Some(branch)) if !is_branch_name(branch) => return Err(answer::invalid_branch_name(branch)),
            _ => {}
        }
        let known = cloud.options.repositories.iter().any(|own| same_repository(own, url));
        if !known || flake {
            let branch = repo["startingRef"].as_str();
            let name = repository_name(url);
            return Err(match branch {
                Some(branch) => answer::branch_not_verified(branch, &name),
                None if flake => answer::branch_not_verified("main", &name),
                None => answer::no_default_branch(),
            });
        }
    }
    Ok(())
}

fn same_repository(one: &str, other: &str) -> bool {
    let normal = |url: &str| url.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
    normal(one) == normal(other)
}

/// The number of a pull request of a repository, in the spelling of any of the code hosts.
fn pull_number(repository: &str, pull: &str) -> Option<u64> {
    ["/pull/", "/-/merge_requests/", "/pull-requests/", "/pullrequest/"]
        .into_iter()
        .find_map(|part| pull.split_once(part))
        .filter(|(home, _)| same_repository(home, repository))
        .and_then(|(_, number)| number.trim_end_matches('/').parse().ok())
        .filter(|number| *number > 0)
}

/// Whether git takes a name for a branch.
fn is_branch_name(name: &str) -> bool {
    let forbidden = |letter: char| letter.is_whitespace() || letter.is_control() || "~^:?*[\\".contains(letter);
    let parts_hold = name
        .split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock"));
    let ends_hold = !name.starts_with('-') && !name.ends_with('.');
    parts_hold && ends_hold && name != "@" && !name.contains(forbidden) && !name.contains("..") && !name.contains("@{")
}

fn repository_name(url: &str) -> String {
    let mut parts: Vec<&str> = url.trim_end_matches('/').rsplit('/').take(2).collect();
    parts.reverse();
    parts.join("/")
}

fn new_agent(cloud: &Cloud, incoming: &mut Incoming, launch: Launch, other_id: bool) -> Agent {
    let now = cloud.clock.now_ms();
    let id = match launch.agent_id {
        Some(id) if !other_id => id,
        _ => format!("bc-{}", Uuid::new_v4()),
    };
    let name = launch.name.unwrap_or_else(|| title(&launch.prompt.text));
    let kind = cloud.choose_story(&launch.prompt.text, launch.plan, true, false);
    let mut run = Run::new(
        format!("run-{}", Uuid::new_v4()),
        kind,
        launch.prompt.text,
        launch.prompt.pictures.clone(),
        now,
    );
    run.unlisted = cloud.amount(Fault::RunListLag).unwrap_or(0);
    let suffix: String = run.id.chars().skip(4).take(4).collect();
    let branch = match (&launch.branch_name, launch.repos.first()) {
        (_, Some(repo)) if launch.current_branch => current_branch(repo),
        (Some(asked), _) => asked.clone(),
        (None, _) => format!("cursor/{}-{suffix}", slug(&name)),
    };
    let pull = launch
        .repos
        .first()
        .filter(|_| launch.current_branch)
        .and_then(|repo| existing_pull(repo, &name));
    let face = incoming
        .pictures
        .remove(&0)
        .and_then(Result::ok)
        .map(|decoded| decoded.bytes)
        .filter(|bytes| bytes.len() <= KEPT_FACE_BYTES);
    let reserved_pull = {
        let mut store = cloud.store();
        store.pulls += 1;
        store.pulls + 11
    };
    Agent {
        id,
        name: Some(name),
        env: launch.env.unwrap_or_else(|| json!({"type": "cloud"})),
        repos: launch.repos,
        echoed: launch.echoed,
        body_sha256: incoming.body_sha256.clone(),
        created_ms: now,
        updated_ms: now,
        runs: vec![run],
        branch,
        reserved_pull,
        pull,
        // Nothing can be merged into the branch that it is on already.
        auto_create_pr: launch.auto_create_pr && !launch.current_branch,
        plan_mode: launch.plan,
        model: launch.model,
        pictures: launch.prompt.pictures,
        webhook: launch.webhook,
        face,
        unreadable: cloud.amount(Fault::AgentGetLag).unwrap_or(0),
        unlisted: cloud.amount(Fault::AgentListLag).unwrap_or(0),
        ..Agent::default()
    }
}

/// The branch that work on the current branch goes to: the head of the pull request, or where it started.
fn current_branch(repo: &Value) -> String {
    match existing_pull(repo, "") {
        Some(pull) => format!("pull-{}-head", pull.number),
        None => repo["startingRef"].as_str().unwrap_or("main").to_owned(),
    }
}

/// The pull request that a launch names.
fn existing_pull(repo: &Value, title: &str) -> Option<Pull> {
    let url = repo["prUrl"].as_str()?;
    Some(Pull {
        number: pull_number(repo["url"].as_str()?, url)?,
        url: url.to_owned(),
        title: title.to_owned(),
    })
}

/// `match-the-mock` of a name: what a branch may be called.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars().take(40) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "task".to_owned()
    } else {
        slug.to_owned()
    }
}

/// `POST /v1/agents/{id}/runs`.
pub(crate) async fn followup(cloud: &Arc<Cloud>, incoming: Incoming, id: &str) -> Checked<Answer> {
    query(cloud, &incoming, &[])?;
    if cloud.store().agent(id).is_none() {
        return Err(answer::agent_not_found());
    }
    let body = body_object(cloud, &incoming)?;
    let mut check = Check::default();
    let followup = check.followup(body, &incoming.pictures);
    let refused = refuse_findings(cloud, incoming.number, &check.findings);
    send_followup(cloud, id, refused, followup, |cloud, agent| {
        let spelling = cloud.spelling();
        let now = cloud.clock.now_ms();
        let run = agent.runs.last().map(|run| spelling.run(agent, run, now, false));
        let mut body = json!({"run": run});
        spelling.extra(&mut body);
        body
    })
    .await
}

/// The common part of both versions: archived, busy, schema, then the run.
pub(crate) async fn send_followup(
    cloud: &Arc<Cloud>,
    id: &str,
    refused: Checked<()>,
    followup: Followup,
    body: fn(&Cloud, &Agent) -> Value,
) -> Checked<Answer> {
    if let Some(answer) = trouble(cloud, FOLLOWUP.before).and_then(|trouble| plain_answer(cloud, trouble)) {
        return Ok(answer);
    }
    {
        let store = cloud.store();
        let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
        if agent.archived {
            return Err(answer::error(409, "agent_archived", "Agent is archived"));
        }
        if agent.is_busy() {
            return Err(busy());
        }
    }
    refused?;
    match followup.model.as_ref().map(check_model) {
        // Unlike create, a follow-up says `validation_error` (seen live).
        Some(Err(ModelProblem::Unknown(id))) => {
            return Err(answer::validation(&format!("Model '{id}' is not available or invalid")));
        }
        Some(Err(ModelProblem::NoVariant(id))) => {
            return Err(answer::validation(&format!(
                "Model '{id}' does not match a known variant"
            )));
        }
        _ => {}
    }
    let after = trouble(cloud, FOLLOWUP.after);
    let now = cloud.clock.now_ms();
    let warmup = cloud
        .clock
        .scaled(cloud.options.knobs.followup_stream_warmup_ms)
        .as_millis() as u64;
    let (agent_id, run_id, answer_body) = {
        let unlisted = cloud.amount(Fault::RunListLag).unwrap_or(0);
        let mut store = cloud.store();
        let agent = store.agent_mut(id).ok_or_else(answer::agent_not_found)?;
        if agent.is_busy() {
            // Another follow-up came in between.
            return Err(busy());
        }
        if let Some(mode) = &followup.mode {
            agent.plan_mode = mode == "plan";
        }
        if followup.model.is_some() {
            // The switch lasts for later runs (seen live).
            agent.model = followup.model;
        }
        let planned = agent.runs.last().is_some_and(|run| run.planned);
        let kind = cloud.choose_story(&followup.prompt.text, agent.plan_mode, false, planned);
        let mut run = Run::new(
            format!("run-{}", Uuid::new_v4()),
            kind,
            followup.prompt.text,
            followup.prompt.pictures,
            now,
        );
        run.stream_opens_ms = now + warmup;
        run.unlisted = unlisted;
        let run_id = run.id.clone();
        agent.runs.push(run);
        agent.updated_ms = now;
        (agent.id.clone(), run_id, body(cloud, agent))
    };
    let change = cloud.touched();
    cloud.play(&agent_id, &run_id);
    cloud.kept(change).await;
    finish_answer(cloud, after, &answer_body).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_named_after_the_task() {
        assert_eq!(slug("Fix the  Header! (now)"), "fix-the-header-now");
        assert_eq!(slug("日本"), "task");
    }

    #[test]
    fn branches_are_named_as_git_takes_them() {
        for name in ["main", "feature/x-1", "release/1.2", "日本", "a@b"] {
            assert!(is_branch_name(name), "{name}");
        }
        for name in [
            "a b", "", "/a", "a/", "a//b", "a..b", ".a", "a.", "a.lock", "-a", "a~1", "a^", "a:b", "a?", "a*", "a[",
            "a\\b", "@", "a@{b", "a\tb",
        ] {
            assert!(!is_branch_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_pull_request_is_one_of_its_repository() {
        let web = "https://github.com/acme/web";
        for (pull, number) in [
            ("https://github.com/acme/web/pull/12", Some(12)),
            ("https://github.com/Acme/Web/pull/12/", Some(12)),
            ("https://github.com/acme/app/pull/12", None),
            ("https://github.com/acme/web/pull/0", None),
            ("https://github.com/acme/web/pull/new", None),
            ("https://github.com/acme/web", None),
            ("https://github.com/acme/web/issues/12", None),
        ] {
            assert_eq!(pull_number(web, pull), number, "{pull}");
        }
        let lab = "https://gitlab.com/acme/web";
        assert_eq!(
            pull_number(lab, "https://gitlab.com/acme/web/-/merge_requests/7"),
            Some(7)
        );
    }

    #[test]
    fn repositories_match_whatever_their_ending() {
        assert!(same_repository(
            "https://github.com/Acme/web",
            "https://github.com/acme/web.git/"
        ));
        assert!(!same_repository(
            "https://github.com/acme/web",
            "https://github.com/acme/website"
        ));
        assert_eq!(repository_name("https://github.com/acme/web"), "acme/web");
    }
}
