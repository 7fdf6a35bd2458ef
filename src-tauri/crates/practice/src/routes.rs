//! Which route answers, and the checks routes share.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Response;
use serde_json::{Map, Value, json};

use crate::answer::{self, Answer, Checked};
use crate::check::{Finding, is_agent_id, is_run_id};
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::incoming::{Content, Incoming};

mod account;
mod agents;
pub(crate) mod artifacts;
pub(crate) mod pages;
pub(crate) mod practice;
mod runs;
mod send;
mod stream;
mod version_0;

pub(crate) use version_0::webhook_body;

/// Answers an authorized API request.
pub(crate) async fn answer(cloud: &Arc<Cloud>, incoming: Incoming) -> Checked<Answer> {
    let segments = incoming.segments.clone();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = incoming.method.clone();
    if matches!(segments.as_slice(), ["v0" | "v1", "agents", ..])
        && (cloud.options.privacy_legacy || cloud.strikes(Fault::PrivacyMode))
    {
        return Err(answer::privacy_legacy());
    }
    if let ["v0" | "v1", "agents", id, ..] = segments.as_slice()
        && !is_agent_id(id)
    {
        cloud.violation(incoming.number, "agent-id-format", *id);
        return Err(answer::validation("Invalid agent id"));
    }
    if let ["v1", "agents", _, "runs", id, ..] = segments.as_slice()
        && !is_run_id(id)
    {
        cloud.violation(incoming.number, "run-id-format", *id);
        return Err(answer::validation("Invalid run id"));
    }
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["v1", "me"]) => account::me(cloud, &incoming).map(Answer::from),
        ("GET", ["v1", "models"]) => account::models(cloud, &incoming).map(Answer::from),
        ("GET", ["v1", "repositories"]) => account::repositories(cloud, &incoming, false).await.map(Answer::from),
        ("POST", ["v1", "agents"]) => send::create(cloud, incoming).await,
        ("GET", ["v1", "agents"]) => agents::late(cloud, agents::list(cloud, &incoming)).await,
        ("GET", ["v1", "agents", id]) => agents::get(cloud, &incoming, id).map(Answer::from),
        ("DELETE", ["v1", "agents", id]) => agents::delete(cloud, &incoming, id).await.map(Answer::from),
        ("POST", ["v1", "agents", id, "archive"]) => {
            agents::archive(cloud, &incoming, id, true).await.map(Answer::from)
        }
        ("POST", ["v1", "agents", id, "unarchive"]) => {
            agents::archive(cloud, &incoming, id, false).await.map(Answer::from)
        }
        ("GET", ["v1", "agents", id, "usage"]) => agents::usage(cloud, &incoming, id).map(Answer::from),
        ("POST", ["v1", "agents", id, "runs"]) => {
            let id = (*id).to_owned();
            send::followup(cloud, incoming, &id).await
        }
        ("GET", ["v1", "agents", id, "runs"]) => runs::list(cloud, &incoming, id).map(Answer::from),
        ("GET", ["v1", "agents", id, "runs", run]) => runs::get(cloud, &incoming, id, run).map(Answer::from),
        ("POST", ["v1", "agents", id, "runs", run, "cancel"]) => {
            runs::cancel(cloud, &incoming, id, run).map(Answer::from)
        }
        ("GET", ["v1", "agents", id, "runs", run, "stream"]) => {
            let (id, run) = ((*id).to_owned(), (*run).to_owned());
            stream::open(cloud, &incoming, &id, &run).map(Answer::from)
        }
        ("GET", ["v1", "agents", id, "artifacts"]) => artifacts::list(cloud, &incoming, id, false).map(Answer::from),
        ("GET", ["v1", "agents", id, "artifacts", "download"]) => {
            artifacts::download(cloud, &incoming, id, false).map(Answer::from)
        }
        (_, ["v0", ..]) => version_0::answer(cloud, incoming).await,
        _ => Err(unknown(cloud, &incoming)),
    }
}

/// A route nobody serves; asking for it is a mistake of the client.
pub(crate) fn unknown(cloud: &Cloud, incoming: &Incoming) -> Response<Body> {
    cloud.violation(
        incoming.number,
        "unknown-route",
        format!("{} {}", incoming.method, incoming.target),
    );
    answer::unknown_route(incoming.method.as_str(), &incoming.target)
}

/// Refuses query keys that the endpoint does not know (seen live: they are strict).
pub(crate) fn query<'i>(cloud: &Cloud, incoming: &'i Incoming, allowed: &[&str]) -> Checked<Map<String, Value>> {
    let mut found = Map::new();
    for (name, value) in &incoming.query {
        let name: &'i str = name;
        if !allowed.contains(&name) {
            cloud.violation(incoming.number, "unknown-query-key", name);
            return Err(answer::validation(&format!("Unrecognized key(s) in object: '{name}'")));
        }
        if found.insert(name.to_owned(), json!(value)).is_some() {
            cloud.violation(incoming.number, "repeated-query-key", name);
            return Err(answer::validation(&format!(
                "Expected string, received array: '{name}'"
            )));
        }
    }
    Ok(found)
}

/// One page of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) items: Vec<Value>,
    /// Id of the first item of the next page.
    pub(crate) next: Option<String>,
}

/// Cuts a page out of items in order, each with its id; the cursor is the id that starts the page.
pub(crate) fn page(
    cloud: &Cloud,
    incoming: &Incoming,
    query: &Map<String, Value>,
    items: Vec<(String, Value)>,
) -> Checked<Page> {
    let limit = match query.get("limit").and_then(Value::as_str) {
        None => 20,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if (1..=100).contains(&limit) => limit,
            _ => {
                cloud.violation(incoming.number, "limit", text);
                return Err(answer::validation("limit: Number must be between 1 and 100"));
            }
        },
    };
    let start = match query.get("cursor").and_then(Value::as_str) {
        None => 0,
        Some(cursor) => items.iter().position(|(id, _)| id == cursor).ok_or_else(|| {
            cloud.violation(incoming.number, "cursor", cursor);
            answer::validation("cursor: Invalid cursor")
        })?,
    };
    let next = items.get(start + limit).map(|(id, _)| id.clone());
    Ok(Page {
        items: items
            .into_iter()
            .skip(start)
            .take(limit)
            .map(|(_, item)| item)
            .collect(),
        next,
    })
}

/// The body of a page; the end of a list has no `nextCursor` at all.
pub(crate) fn page_body(cloud: &Cloud, name: &str, page: Page) -> Value {
    let mut body = json!({});
    body[name] = Value::Array(page.items);
    if let Some(next) = page.next {
        body["nextCursor"] = json!(next);
    } else if cloud.stands(Fault::NullCursor) {
        cloud.struck.note(Fault::NullCursor);
        body["nextCursor"] = Value::Null;
    }
    body
}

/// Records findings and refuses the request when the API would.
pub(crate) fn refuse_findings(cloud: &Cloud, number: u64, findings: &[Finding]) -> Checked<()> {
    for finding in findings {
        cloud.violation(number, finding.rule, finding.detail.clone());
    }
    let refused: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.refused(cloud.options.strict))
        .map(|finding| finding.detail.as_str())
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(answer::validation(&refused.join("; ")))
    }
}

/// The JSON object of a body or `400 missing_body`.
pub(crate) fn body_object<'i>(cloud: &Cloud, incoming: &'i Incoming) -> Checked<&'i Value> {
    match &incoming.content {
        Content::Json(body) if body.is_object() => Ok(body),
        _ => {
            cloud.violation(incoming.number, "missing-body", "a JSON object is expected as body");
            Err(answer::error(400, "missing_body", "Request body is required"))
        }
    }
}

/// Endpoints that act without a body get none.
pub(crate) fn no_body(cloud: &Cloud, incoming: &Incoming) {
    if !matches!(incoming.content, Content::None) {
        cloud.violation(incoming.number, "body-not-expected", "this endpoint takes no body");
    }
}
