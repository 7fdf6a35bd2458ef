//! Reading and cancelling runs (API v1).

use std::sync::Arc;

use axum::body::Body;
use axum::http::Response;
use serde_json::json;

use super::{no_body, page, page_body, query};
use crate::answer::{self, Checked};
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::incoming::Incoming;

/// Newest first; items lack `result` and `durationMs`.
pub(crate) fn list(cloud: &Cloud, incoming: &Incoming, id: &str) -> Checked<Response<Body>> {
    let query = query(cloud, incoming, &["limit", "cursor"])?;
    let now = cloud.clock.now_ms();
    let spelling = cloud.spelling();
    let mut store = cloud.store();
    let agent = store.agent_mut(id).ok_or_else(answer::agent_not_found)?;
    let mut hidden = Vec::new();
    for run in &mut agent.runs {
        if run.unlisted > 0 {
            run.unlisted -= 1;
            cloud.struck.note(Fault::RunListLag);
            hidden.push(run.id.clone());
        }
    }
    let items = agent
        .runs
        .iter()
        .rev()
        .filter(|run| !hidden.contains(&run.id))
        .map(|run| (run.id.clone(), spelling.run(agent, run, now, true)))
        .collect();
    drop(store);
    let page = page(cloud, incoming, &query, items)?;
    let mut body = page_body(cloud, "items", page);
    spelling.extra(&mut body);
    Ok(answer::json(200, &body))
}

pub(crate) fn get(cloud: &Cloud, incoming: &Incoming, id: &str, run: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let now = cloud.clock.now_ms();
    let store = cloud.store();
    let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
    let run = agent.run(run).ok_or_else(answer::run_not_found)?;
    Ok(answer::json(200, &cloud.spelling().run(agent, run, now, false)))
}

/// Acknowledges at once; the run ends a little later.
pub(crate) fn cancel(cloud: &Arc<Cloud>, incoming: &Incoming, id: &str, run: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    no_body(cloud, incoming);
    let (agent_id, run_id) = {
        let store = cloud.store();
        let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
        let run = agent.run(run).ok_or_else(answer::run_not_found)?;
        if !run.status.is_active() {
            return Err(answer::error(
                409,
                "run_not_cancellable",
                "Run is not active and cannot be cancelled",
            ));
        }
        (agent.id.clone(), run.id.clone())
    };
    if cloud.strikes(Fault::RunCancel500) {
        return Err(answer::error(500, "internal_error", "Internal error"));
    }
    cloud.cancel_later(&agent_id, &run_id);
    Ok(answer::json(200, &json!({"id": run_id})))
}
