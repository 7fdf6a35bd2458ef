//! The two loopback servers and what every request passes through before a route sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::response::IntoResponse;

use crate::answer::{self, Answer};
use crate::cloud::{Cloud, lock};
use crate::connection::Peer;
use crate::fault::Fault;
use crate::incoming::{Content, Incoming, MAX_BODY_BYTES, authorization, read_content, split_path, split_query};
use crate::received::{Authorization, Received};
use crate::routes;

/// Bodies above this are parsed on a blocking thread, so that streams go on meanwhile.
const PARSED_IN_PLACE: usize = 256 * 1024;

pub(crate) fn api(cloud: Arc<Cloud>) -> Router {
    Router::new().fallback(handle_api).with_state(cloud)
}

pub(crate) fn artifacts(cloud: Arc<Cloud>) -> Router {
    Router::new().fallback(handle_artifact).with_state(cloud)
}

async fn handle_api(
    State(cloud): State<Arc<Cloud>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response<Body> {
    let cut = Arc::clone(&peer.cut);
    match answer_api(&cloud, peer, request).await {
        Answer::Response(response) => response,
        Answer::Cut => {
            cut.now();
            // Never sent: the connection fails before hyper can write it.
            ().into_response()
        }
    }
}

async fn answer_api(cloud: &Arc<Cloud>, peer: Peer, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let segments = split_path(&path);
    let query = split_query(parts.uri.query().unwrap_or_default());
    let authorization = authorization(&parts.headers, &cloud.key);
    let first = segments.first().map_or("", String::as_str);
    let version_0 = first == "v0";
    if first == "_pages" {
        return routes::pages::answer(cloud, &parts.method, &segments).into();
    }
    // A body that ends before the length it was announced with was cut short by its sender, who is gone.
    let announced = body.size_hint().exact();
    let bytes = to_bytes(body, MAX_BODY_BYTES).await;
    if first == "_practice" {
        if !matches!(authorization, Authorization::Bearer | Authorization::Basic) {
            return answer::unauthorized().into();
        }
        let body = bytes.unwrap_or_default();
        return routes::practice::answer(cloud, &parts.method, &path, &segments, &body).into();
    }

    let fits = announced.is_some_and(|length| length <= MAX_BODY_BYTES as u64);
    let (too_large, cut_short) = (bytes.is_err() && !fits, bytes.is_err() && fits);
    let bytes = bytes.unwrap_or_default();
    let body_bytes = bytes.len();
    let (content, pictures, body_sha256) = if body_bytes > PARSED_IN_PLACE {
        match tokio::task::spawn_blocking(move || read_content(&bytes)).await {
            Ok(read) => read,
            Err(_) => return answer::error(500, "internal_error", "Internal error").into(),
        }
    } else {
        read_content(&bytes)
    };
    let received = Received {
        number: 0,
        at_ms: cloud.clock.now_ms(),
        method: parts.method.to_string(),
        path: path.clone(),
        query: query.clone(),
        headers: parts
            .headers
            .iter()
            .filter(|(name, _)| name.as_str() != "authorization")
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        authorization,
        body_bytes,
        body_sha256: body_sha256.clone(),
        body: match &content {
            Content::Json(body) => Some(body.clone()),
            _ => None,
        },
        status: None,
    };
    let number = lock(&cloud.log).enter(received);
    let incoming = Incoming {
        number,
        method: parts.method,
        target: parts
            .uri
            .path_and_query()
            .map_or_else(|| path.clone(), ToString::to_string),
        path,
        segments,
        query,
        headers: parts.headers,
        content,
        pictures,
        body_sha256,
        peer,
    };
    let answer = if too_large {
        cloud.violation(number, "body-too-large", format!("over {MAX_BODY_BYTES} bytes"));
        answer::too_large().into()
    } else if cut_short {
        Answer::Cut
    } else {
        answer_checked(cloud, incoming, authorization).await
    };
    let answer = match answer {
        Answer::Response(response) if version_0 => answer::spelled_as_v0(response).await.into(),
        other => other,
    };
    let status = match &answer {
        Answer::Response(response) => Some(response.status().as_u16()),
        Answer::Cut => None,
    };
    lock(&cloud.log).answered(number, status);
    answer
}

/// The order of checks: faults that hit everything, key, plan, then the route.
async fn answer_checked(cloud: &Arc<Cloud>, incoming: Incoming, authorization: Authorization) -> Answer {
    check_manners(cloud, &incoming);
    if cloud.strikes(Fault::HtmlAnswers) {
        return answer::gateway_page(502).into();
    }
    if incoming.path == "/auth/exchange_user_api_key" {
        // The official SDK asks this first and goes on after a 404.
        return answer::unknown_route(incoming.method.as_str(), &incoming.target).into();
    }
    if !matches!(authorization, Authorization::Bearer | Authorization::Basic)
        || cloud.strikes(Fault::UnauthorizedFromNow)
    {
        return answer::unauthorized().into();
    }
    if cloud.strikes(Fault::UnauthorizedLate) {
        cloud.slow_answer().await;
        return answer::unauthorized().into();
    }
    if !cloud.options.plan_ok || cloud.strikes(Fault::PlanRequired) {
        return answer::plan_required().into();
    }
    if matches!(incoming.content, Content::None)
        && incoming.header("content-type").is_some()
        && incoming.method != "GET"
    {
        return answer::json(
            400,
            &serde_json::json!({
                "statusCode": 400,
                "code": "FST_ERR_CTP_EMPTY_JSON_BODY",
                "error": "Bad Request",
                "message": "Body cannot be empty when content-type is set to 'application/json'",
            }),
        )
        .into();
    }
    match routes::answer(cloud, incoming).await {
        Ok(answer) => answer,
        Err(refusal) => refusal.into(),
    }
}

/// Rules of transport that hold for every request.
fn check_manners(cloud: &Cloud, incoming: &Incoming) {
    let content_type = incoming.header("content-type");
    match (&incoming.content, content_type) {
        (Content::None, Some(content_type)) => cloud.violation(
            incoming.number,
            "content-type-without-body",
            format!("Content-Type: {content_type} on an empty body"),
        ),
        (Content::Json(_) | Content::Unparsable, found)
            if found.is_none_or(|found| !found.starts_with("application/json")) =>
        {
            cloud.violation(
                incoming.number,
                "content-type-missing",
                format!("a body needs application/json, found {found:?}"),
            );
        }
        _ => {}
    }
    if !matches!(incoming.content, Content::None) && matches!(incoming.method.as_str(), "GET" | "DELETE") {
        cloud.violation(incoming.number, "body-not-expected", "this method takes no body");
    }
    if incoming.header("transfer-encoding").is_some() && incoming.method == "POST" {
        cloud.violation(
            incoming.number,
            "length-missing",
            "bodies are sent with an exact Content-Length",
        );
    }
}

async fn handle_artifact(State(cloud): State<Arc<Cloud>>, request: Request) -> Response<Body> {
    let (parts, _body) = request.into_parts();
    routes::artifacts::serve(&cloud, &parts)
}
