//! The legacy v0 API as another face of the same agents.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use super::{account, artifacts, body_object, no_body, page, page_body, query, refuse_findings, send, unknown};
use crate::answer::{self, Answer, Checked};
use crate::check::Check;
use crate::clock::iso_seconds;
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::options::AccountKind;

pub(crate) async fn answer(cloud: &Arc<Cloud>, incoming: Incoming) -> Checked<Answer> {
    let segments = incoming.segments.clone();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = incoming.method.clone();
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["v0", "me"]) => me(cloud, &incoming).map(Answer::from),
        ("GET", ["v0", "models"]) => models(cloud, &incoming).map(Answer::from),
        ("GET", ["v0", "repositories"]) => account::repositories(cloud, &incoming, true).await.map(Answer::from),
        ("POST", ["v0", "agents"]) => launch(cloud, incoming).await,
        ("GET", ["v0", "agents"]) => super::agents::late(cloud, list(cloud, &incoming)).await,
        ("GET", ["v0", "agents", id]) => get(cloud, &incoming, id).map(Answer::from),
        ("DELETE", ["v0", "agents", id]) => super::agents::delete(cloud, &incoming, id).await.map(Answer::from),
        ("GET", ["v0", "agents", id, "conversation"]) => conversation(cloud, &incoming, id).map(Answer::from),
        ("POST", ["v0", "agents", id, "followup"]) => followup(cloud, incoming, id).await,
        ("POST", ["v0", "agents", id, "stop"]) => stop(cloud, &incoming, id).map(Answer::from),
        ("GET", ["v0", "agents", id, "artifacts"]) => artifacts::list(cloud, &incoming, id, true).map(Answer::from),
        ("GET", ["v0", "agents", id, "artifacts", "download"]) => {
            artifacts::download(cloud, &incoming, id, true).map(Answer::from)
        }
        _ => Err(unknown(cloud, &incoming)),
    }
}

fn me(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let user = &cloud.options.user;
    let mut body = json!({
        "apiKeyName": user.key_name,
        "createdAt": "2026-08-26T02:33:32Z",
    });
    if cloud.options.account == AccountKind::User {
        body["userEmail"] = json!(user.email);
    }
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

fn models(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let models: Vec<Value> = account::model_list()
        .as_array()
        .into_iter()
        .flatten()
        .map(|model| model["id"].clone())
        .filter(|id| id != "default")
        .collect();
    let mut body = json!({"models": models});
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

async fn launch(cloud: &Arc<Cloud>, incoming: Incoming) -> Checked<Answer> {
    query(cloud, &incoming, &[])?;
    let body = body_object(cloud, &incoming)?;
    let mut check = Check::default();
    let launch = check.launch_v0(body, &incoming.pictures);
    refuse_findings(cloud, incoming.number, &check.findings)?;
    send::launch_agent(cloud, incoming, launch, |cloud, agent| cloud.spelling().agent_v0(agent)).await
}

fn list(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    let query = query(cloud, incoming, &["limit", "cursor", "prUrl"])?;
    let pull = query.get("prUrl").and_then(Value::as_str);
    let spelling = cloud.spelling();
    let mut store = cloud.store();
    let mut items = Vec::new();
    for agent in store.agents.iter_mut().rev() {
        if agent.deleted || pull.is_some_and(|pull| !super::agents::has_pull(cloud, agent, pull)) {
            continue;
        }
        if agent.unlisted > 0 {
            agent.unlisted -= 1;
            cloud.struck.note(Fault::AgentListLag);
            continue;
        }
        items.push((agent.id.clone(), spelling.agent_v0(agent)));
    }
    drop(store);
    let page = page(cloud, incoming, &query, items)?;
    let mut body = page_body(cloud, "agents", page);
    spelling.extra(&mut body);
    Ok(answer::json(200, &body))
}

fn get(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let spelling = cloud.spelling();
    let mut store = cloud.store();
    super::agents::readable(cloud, &mut store, id)
        .map(|agent| answer::json(200, &spelling.agent_v0(agent)))
        .ok_or_else(answer::agent_not_found)
}

/// The words of a deleted agent and more words for it are a conflict here; everything else is a 404.
fn refuse_deleted(cloud: &Cloud, id: &str) -> Checked<()> {
    if cloud.store().is_deleted(id) {
        Err(answer::v0_error(409, "Agent has been deleted"))
    } else {
        Ok(())
    }
}

/// Prompts and final replies in order: the only transcript the API has.
fn conversation(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    refuse_deleted(cloud, id)?;
    let spelling = cloud.spelling();
    let store = cloud.store();
    let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
    if agent.archived {
        return Err(answer::v0_error(409, "Agent is archived"));
    }
    let mut messages = Vec::new();
    for (turn, run) in agent.runs.iter().enumerate() {
        // Right after creation the list is still empty (seen live).
        if run.started_ms.is_none() && turn == 0 {
            break;
        }
        messages.push(json!({
            "id": format!("turn-{turn}:user"), "type": "user_message", "text": run.prompt,
        }));
        if let Some(result) = &run.result {
            messages.push(json!({
                "id": format!("turn-{turn}:step:{}:assistant", run.position),
                "type": "assistant_message",
                "text": spelling.text(result),
            }));
        }
    }
    Ok(answer::json(200, &json!({"id": agent.id, "messages": messages})))
}

async fn followup(cloud: &Arc<Cloud>, incoming: Incoming, id: &str) -> Checked<Answer> {
    query(cloud, &incoming, &[])?;
    refuse_deleted(cloud, id)?;
    let body = body_object(cloud, &incoming)?;
    let mut check = Check::default();
    let followup = check.followup_v0(body, &incoming.pictures);
    let refused = refuse_findings(cloud, incoming.number, &check.findings);
    let answer = send::send_followup(cloud, id, refused, followup, |_, agent| json!({"id": agent.id})).await?;
    // v0 answers 200 where v1 says 201.
    Ok(match answer {
        Answer::Response(mut response) if response.status() == 201 => {
            *response.status_mut() = axum::http::StatusCode::OK;
            Answer::Response(response)
        }
        other => other,
    })
}

fn stop(cloud: &Arc<Cloud>, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    no_body(cloud, incoming);
    let (agent_id, run_id) = {
        let store = cloud.store();
        let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
        let run = agent
            .runs
            .iter()
            .find(|run| run.status.is_active())
            .ok_or_else(|| answer::v0_error(409, "Agent is not running"))?;
        (agent.id.clone(), run.id.clone())
    };
    cloud.cancel_later(&agent_id, &run_id);
    Ok(answer::json(200, &json!({"id": agent_id})))
}

/// The body of a webhook about an agent (webhooks, `statusChange`).
pub(crate) fn webhook_body(cloud: &Cloud, agent: &crate::state::Agent, now_ms: u64) -> Value {
    let mut body = cloud.spelling().agent_v0(agent);
    let mut sent = json!({
        "event": "statusChange",
        "timestamp": iso_seconds(now_ms),
        "id": agent.id,
        "status": body["status"].take(),
        "source": body["source"].take(),
        "target": {"url": body["target"]["url"].take()},
    });
    for key in ["branchName", "prUrl"] {
        if body["target"].get(key).is_some() {
            sent["target"][key] = body["target"][key].take();
        }
    }
    if body.get("summary").is_some() {
        sent["summary"] = body["summary"].take();
    }
    sent
}
