//! The shapes in which the API answers and fails (API v1, errors; five shapes are seen in the wild).

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderName, Response, StatusCode};
use serde_json::{Value, json};

use crate::clock::http_date;

/// An answer and what happens to its connection.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A normal HTTP answer.
    Response(Response<Body>),
    /// No answer: the connection is reset.
    Cut,
}

impl From<Response<Body>> for Answer {
    fn from(response: Response<Body>) -> Self {
        Self::Response(response)
    }
}

/// Early returns carry the refusal; the happy path carries its value.
pub(crate) type Checked<T> = Result<T, Response<Body>>;

fn build(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(crate) fn json(status: u16, value: &Value) -> Response<Body> {
    build(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        "application/json; charset=utf-8",
        Body::from(value.to_string()),
    )
}

pub(crate) fn html(status: u16, page: String) -> Response<Body> {
    build(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        "text/html; charset=utf-8",
        Body::from(page),
    )
}

pub(crate) fn bytes(status: u16, content_type: &'static str, body: Vec<u8>) -> Response<Body> {
    build(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        content_type,
        Body::from(body),
    )
}

/// Shape 1: `{"error":{"code","message"}}`.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Response<Body> {
    json(status, &json!({"error": {"code": code, "message": message}}))
}

pub(crate) fn validation(message: &str) -> Response<Body> {
    error(400, "validation_error", message)
}

/// Shape 2: what a missing or wrong key really gets.
pub(crate) fn unauthorized() -> Response<Body> {
    json(401, &json!({"code": "error", "message": "Invalid User API Key"}))
}

/// Shape 3: the plain string of v0.
pub(crate) fn v0_error(status: u16, message: &str) -> Response<Body> {
    json(status, &json!({"error": message}))
}

/// The standard shape turned into shape 3, as v0 answers every refusal that it has words of its own for.
/// Other shapes (the flat 401, unknown routes, pages of a gateway, leaks) are the same in both versions.
pub(crate) async fn spelled_as_v0(response: Response<Body>) -> Response<Body> {
    if response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Refusals are bytes in memory: reading them cannot fail.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let standard = serde_json::from_slice::<Value>(&bytes).unwrap_or_default();
    let Some(message) = standard.pointer("/error/message").and_then(Value::as_str) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    // Seen live without the full stop that v1 has.
    let message = match message {
        NO_DEFAULT_BRANCH => message.trim_end_matches('.'),
        other => other,
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json!({"error": message}).to_string()))
}

const NO_DEFAULT_BRANCH: &str = "Failed to determine repository default branch.";

pub(crate) fn no_default_branch() -> Response<Body> {
    validation(NO_DEFAULT_BRANCH)
}

/// Shape 4: the framework's answer to a route nobody serves.
pub(crate) fn unknown_route(method: &str, path_and_query: &str) -> Response<Body> {
    json(
        404,
        &json!({
            "message": format!("Route {method}:{path_and_query} not found"),
            "error": "Not Found",
            "statusCode": 404,
        }),
    )
}

/// Shape 5: an RPC error that leaks through.
pub(crate) fn leaked_rate_limit() -> Response<Body> {
    json(
        429,
        &json!({
            "code": "resource_exhausted",
            "message": "[resource_exhausted] Error",
            "details": [{"debug": {"error": "ERROR_RATE_LIMITED", "details": {
                "title": "GitHub rate limited",
                "isRetryable": true,
                "additionalInfo": {"operation": "getScopedInstallationAccessKey", "retryAfter": "60"},
            }}}],
        }),
    )
}

/// The 429 that the documentation shows.
pub(crate) fn documented_rate_limit() -> Response<Body> {
    json(
        429,
        &json!({"error": "Too Many Requests", "message": "Rate limit exceeded. Please try again later."}),
    )
}

/// A 429 that was seen in the shape of the flat 401.
pub(crate) fn flat_rate_limit() -> Response<Body> {
    json(429, &json!({"code": "error", "message": "Too Many Requests"}))
}

/// The standard 429 with its headers.
pub(crate) fn rate_limited(limit: u32, retry_after_s: u64, reset_s: u64) -> Response<Body> {
    let mut response = error(
        429,
        "rate_limit_exceeded",
        "Rate limit exceeded. Please try again later.",
    );
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
    headers.insert(HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(limit));
    headers.insert(
        HeaderName::from_static("x-ratelimit-remaining"),
        HeaderValue::from_static("0"),
    );
    headers.insert(HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from(reset_s));
    response
}

/// A 429 that names the time when it may be asked again, half a minute from now.
pub(crate) fn dated_rate_limit(now_ms: u64) -> Response<Body> {
    let mut response = flat_rate_limit();
    if let Ok(date) = HeaderValue::from_str(&http_date(now_ms + 30_000)) {
        response.headers_mut().insert(RETRY_AFTER, date);
    }
    response
}

/// What a gateway in front of the API shows when it refuses, or gets no answer.
pub(crate) fn gateway_page(status: u16) -> Response<Body> {
    let title = match status {
        403 => "403 Forbidden",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        _ => "504 Gateway Time-out",
    };
    html(
        status,
        format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
        ),
    )
}

pub(crate) fn plan_required() -> Response<Body> {
    error(
        403,
        "plan_required",
        "Cloud Agent is not available for free users. Please upgrade to Pro.",
    )
}

pub(crate) fn privacy_legacy() -> Response<Body> {
    validation(
        "Cloud agent is not supported in Privacy Mode (Legacy). Switch to another privacy mode in your settings.",
    )
}

pub(crate) fn usage_limit() -> Response<Body> {
    error(
        400,
        "usage_limit_exceeded",
        "Usage-based pricing required. Background Agent requires at least $2 remaining until your hard limit.",
    )
}

pub(crate) fn included_usage() -> Response<Body> {
    error(
        429,
        "rate_limit_exceeded",
        "You've used all included Cloud Agent usage: Enable on-demand usage to continue using Cloud Agents",
    )
}

pub(crate) fn too_large() -> Response<Body> {
    json(
        413,
        &json!({
            "statusCode": 413,
            "code": "FST_ERR_CTP_BODY_TOO_LARGE",
            "error": "Payload Too Large",
            "message": "Request body is too large",
        }),
    )
}

pub(crate) fn branch_not_verified(branch: &str, repository: &str) -> Response<Body> {
    validation(&format!(
        "Failed to verify existence of branch '{branch}' in repository {repository}. Please ensure the branch name is correct."
    ))
}

pub(crate) fn invalid_branch_name(branch: &str) -> Response<Body> {
    error(400, "invalid_branch_name", &format!("Invalid branch name: '{branch}'"))
}

pub(crate) fn pull_not_resolved(address: &str) -> Response<Body> {
    error(
        400,
        "pr_resolution_failed",
        &format!("Failed to resolve pull request {address}"),
    )
}

pub(crate) fn agent_not_found() -> Response<Body> {
    error(404, "agent_not_found", "Agent not found")
}

pub(crate) fn run_not_found() -> Response<Body> {
    error(404, "run_not_found", "Run not found")
}

pub(crate) fn stream_unavailable() -> Response<Body> {
    error(409, "stream_unavailable", "Run stream is no longer available")
}
