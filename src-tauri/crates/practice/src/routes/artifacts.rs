//! Artifacts: the lists of both versions, expiring links, and the other origin that serves the bytes.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::query;
use crate::answer::{self, Checked};
use crate::clock::{iso, iso_seconds};
use crate::cloud::{Cloud, lock};
use crate::fault::Fault;
use crate::incoming::{Incoming, percent_encode, split_path, split_query};
use crate::picture::hex;
use crate::received::{Authorization, Received};

/// Where artifacts are inside the machine of an agent; v0 names them so.
const ABSOLUTE: &str = "/opt/cursor/";

pub(crate) fn list(cloud: &Cloud, incoming: &Incoming, id: &str, version_0: bool) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let store = cloud.store();
    let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
    let length = cloud.amount(Fault::ArtifactLength);
    let length = |bytes: &[u8]| length.map_or(bytes.len(), |length| length as usize);
    let items: Vec<Value> = agent
        .artifacts
        .iter()
        .take(100)
        .map(|artifact| {
            if version_0 {
                json!({
                    "absolutePath": format!("{ABSOLUTE}{}", artifact.path),
                    "sizeBytes": length(&artifact.bytes),
                    "updatedAt": iso_seconds(artifact.updated_ms),
                })
            } else {
                json!({
                    "path": artifact.path,
                    "sizeBytes": length(&artifact.bytes),
                    "updatedAt": iso(artifact.updated_ms),
                })
            }
        })
        .collect();
    drop(store);
    let mut body = if version_0 {
        json!({"artifacts": items})
    } else {
        json!({"items": items})
    };
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

pub(crate) fn download(cloud: &Cloud, incoming: &Incoming, id: &str, version_0: bool) -> Checked<Response<Body>> {
    let query = query(cloud, incoming, &["path"])?;
    let asked = query.get("path").and_then(Value::as_str).unwrap_or_default();
    let relative = if version_0 {
        asked.strip_prefix(ABSOLUTE).unwrap_or_default()
    } else {
        asked
    };
    let well_formed = relative
        .strip_prefix("artifacts/")
        .is_some_and(|name| !name.is_empty() && name.split('/').all(|part| part != ".."));
    if !well_formed {
        cloud.violation(incoming.number, "artifact-path", asked);
        return Err(answer::validation("path: Must be a path under the artifacts directory"));
    }
    let store = cloud.store();
    let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
    if !agent.artifacts.iter().any(|artifact| artifact.path == relative) {
        return Err(answer::error(404, "artifact_not_found", "Artifact not found"));
    }
    let agent_id = agent.id.clone();
    drop(store);
    let now = cloud.clock.now_ms();
    let expires_ms = if cloud.strikes(Fault::ArtifactLinkExpired) {
        now.saturating_sub(1000)
    } else {
        now + cloud.options.knobs.artifact_ttl_s * 1000
    };
    let path: Vec<String> = relative.split('/').map(percent_encode).collect();
    let url = format!(
        "{}/{agent_id}/{}?X-Amz-Expires={expires_ms}&X-Amz-Signature={}",
        cloud.artifacts_url,
        path.join("/"),
        signature(cloud, &agent_id, relative, expires_ms)
    );
    let mut body = json!({"url": url, "expiresAt": iso(expires_ms)});
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

fn signature(cloud: &Cloud, agent_id: &str, path: &str, expires_ms: u64) -> String {
    let mut hash = Sha256::new();
    for part in [&cloud.link_secret, agent_id, path, &expires_ms.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}

fn denied(message: &str) -> Response<Body> {
    answer::bytes(
        403,
        "application/xml",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        )
        .into_bytes(),
    )
}

/// The other origin: no key may ever arrive here, links die, nothing else is served.
pub(crate) fn serve(cloud: &Cloud, parts: &Parts) -> Response<Body> {
    let query = split_query(parts.uri.query().unwrap_or_default());
    let with_key = parts.headers.contains_key("authorization");
    let number = lock(&cloud.log).enter(Received {
        number: 0,
        at_ms: cloud.clock.now_ms(),
        method: parts.method.to_string(),
        path: format!("{}{}", cloud.artifacts_url, parts.uri.path()),
        query: query
            .iter()
            .filter(|(name, _)| name != "X-Amz-Signature")
            .cloned()
            .collect(),
        headers: parts
            .headers
            .iter()
            .filter(|(name, _)| name.as_str() != "authorization")
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        authorization: if with_key {
            Authorization::Wrong
        } else {
            Authorization::None
        },
        body_bytes: 0,
        body_sha256: None,
        body: None,
        status: None,
    });
    let response = serve_link(cloud, parts, &query, with_key, number);
    lock(&cloud.log).answered(number, Some(response.status().as_u16()));
    response
}

fn serve_link(cloud: &Cloud, parts: &Parts, query: &[(String, String)], with_key: bool, number: u64) -> Response<Body> {
    if with_key {
        cloud.violation(
            number,
            "key-at-artifact-origin",
            "an Authorization header arrived at the artifact origin",
        );
        return answer::bytes(
            400,
            "application/xml",
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>".to_vec(),
        );
    }
    let value = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let segments = split_path(parts.uri.path());
    let Some((agent_id, rest)) = segments.split_first() else {
        return denied("Access Denied");
    };
    let path = rest.join("/");
    let expires_ms: u64 = value("X-Amz-Expires").parse().unwrap_or(0);
    if parts.method != "GET" || value("X-Amz-Signature") != signature(cloud, agent_id, &path, expires_ms) {
        return denied("Access Denied");
    }
    if expires_ms <= cloud.clock.now_ms() {
        return denied("Request has expired");
    }
    let store = cloud.store();
    let artifact = store
        .agent(agent_id)
        .and_then(|agent| agent.artifacts.iter().find(|artifact| artifact.path == path));
    match (artifact, cloud.amount(Fault::ArtifactLength)) {
        (Some(artifact), None) => answer::bytes(200, content_type(&path), artifact.bytes.clone()),
        (Some(artifact), Some(length)) => {
            cloud.struck.note(Fault::ArtifactLength);
            let there = stream::iter([Ok::<_, Infallible>(Bytes::from(artifact.bytes.clone()))]);
            let mut response = Response::new(Body::from_stream(there.chain(stream::pending())));
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
            response
        }
        (None, _) => denied("Access Denied"),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("png") => "image/png",
        Some("log" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
