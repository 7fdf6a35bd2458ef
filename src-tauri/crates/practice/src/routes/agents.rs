//! Reading, archiving and deleting agents, and their usage (API v1).

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use super::{no_body, page, page_body, query};
use crate::answer::{self, Answer, Checked};
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::state::{Agent, Store, Usage};

/// Newest first, archived ones included unless asked otherwise.
pub(crate) fn list(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    let query = query(cloud, incoming, &["limit", "cursor", "prUrl", "includeArchived"])?;
    let with_archived = match query.get("includeArchived").and_then(Value::as_str) {
        None | Some("true") => true,
        Some("false") => false,
        Some(other) => {
            cloud.violation(incoming.number, "include-archived", other);
            return Err(answer::validation("includeArchived: Expected boolean"));
        }
    };
    let pull = query.get("prUrl").and_then(Value::as_str);
    let spelling = cloud.spelling();
    let mut store = cloud.store();
    let mut items = Vec::new();
    for agent in store.agents.iter_mut().rev() {
        if agent.deleted || (agent.archived && !with_archived) || pull.is_some_and(|pull| !has_pull(cloud, agent, pull))
        {
            continue;
        }
        if agent.unlisted > 0 {
            agent.unlisted -= 1;
            cloud.struck.note(Fault::AgentListLag);
            continue;
        }
        items.push((agent.id.clone(), spelling.agent(agent)));
    }
    drop(store);
    let page = page(cloud, incoming, &query, items)?;
    let mut body = page_body(cloud, "items", page);
    spelling.extra(&mut body);
    Ok(answer::json(200, &body))
}

/// A list of agents, held back by a fault while the agents change.
pub(crate) async fn late(cloud: &Cloud, listed: Checked<Response<Body>>) -> Checked<Answer> {
    if cloud.strikes(Fault::AgentListSlow) {
        cloud.slow_answer().await;
    }
    listed.map(Answer::from)
}

pub(crate) fn has_pull(cloud: &Cloud, agent: &Agent, pull: &str) -> bool {
    agent
        .pull
        .as_ref()
        .is_some_and(|own| cloud.spelling().text(&own.url) == pull)
        || agent.repos.iter().any(|repo| repo["prUrl"] == pull)
}

/// The agent, unless a fault keeps it unreadable for a few more reads.
pub(crate) fn readable<'s>(cloud: &Cloud, store: &'s mut Store, id: &str) -> Option<&'s Agent> {
    let agent = store.agent_mut(id)?;
    if agent.unreadable > 0 {
        agent.unreadable -= 1;
        cloud.struck.note(Fault::AgentGetLag);
        return None;
    }
    Some(agent)
}

pub(crate) fn get(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let spelling = cloud.spelling();
    let mut store = cloud.store();
    let agent = readable(cloud, &mut store, id).ok_or_else(answer::agent_not_found)?;
    Ok(answer::json(200, &spelling.agent(agent)))
}

pub(crate) async fn delete(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let id = {
        let mut store = cloud.store();
        let agent = store.agent_mut(id).ok_or_else(answer::agent_not_found)?;
        agent.deleted = true;
        agent.face = None;
        agent.artifacts.clear();
        for run in &mut agent.runs {
            run.events.clear();
            run.changed.send_replace(());
        }
        agent.id.clone()
    };
    let change = cloud.touched();
    cloud.kept(change).await;
    Ok(answer::json(200, &json!({"id": id})))
}

/// Both directions are idempotent.
pub(crate) async fn archive(cloud: &Cloud, incoming: &Incoming, id: &str, archived: bool) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    no_body(cloud, incoming);
    let now = cloud.clock.now_ms();
    let id = {
        let mut store = cloud.store();
        let agent = store.agent_mut(id).ok_or_else(answer::agent_not_found)?;
        if agent.archived != archived {
            agent.archived = archived;
            agent.updated_ms = now;
        }
        agent.id.clone()
    };
    let change = cloud.touched();
    cloud.kept(change).await;
    Ok(answer::json(200, &json!({"id": id})))
}

pub(crate) fn usage(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    let query = query(cloud, incoming, &["runId"])?;
    if cloud.strikes(Fault::Usage403) {
        return Err(answer::error(
            403,
            "feature_unavailable",
            "Usage is not enabled for this account.",
        ));
    }
    let with_cost = cloud.options.knobs.report_cost && !cloud.stands(Fault::CostMissing);
    let now = cloud.clock.now_ms();
    let store = cloud.store();
    let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
    let only = query.get("runId").and_then(Value::as_str);
    if only.is_some_and(|run| agent.run(run).is_none()) {
        return Err(answer::run_not_found());
    }
    let cost = |usage: Usage| json!({"rawCostCents": usage.cents(), "chargedCents": usage.cents()});
    let mut total = Usage::default();
    let mut runs = Vec::new();
    for run in agent.runs.iter().rev() {
        if only.is_some_and(|only| !only.eq_ignore_ascii_case(&run.id)) {
            continue;
        }
        let is_first = agent.runs.first().is_some_and(|first| first.id == run.id);
        let under_way = (cloud.options.knobs.usage_under_way && run.status.is_active()).then(|| run.used(is_first));
        let visible = run.usage.or(under_way).filter(|usage| usage.visible_ms <= now);
        let usage = visible.unwrap_or_default();
        total = total.plus(usage);
        let mut item = json!({"id": run.id, "usage": usage.json()});
        if visible.is_some() {
            item["usageUuid"] = json!(run.id.trim_start_matches("run-"));
            if with_cost {
                item["cost"] = cost(usage);
            } else if cloud.options.knobs.report_cost {
                cloud.struck.note(Fault::CostMissing);
            }
        }
        runs.push(item);
    }
    drop(store);
    let mut body = json!({"totalUsage": total.json(), "runs": runs});
    if with_cost {
        body["cost"] = cost(total);
    }
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}
