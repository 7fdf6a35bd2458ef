//! GETs are repeated, politely and within a budget; nothing else is.

use cursor_cloud_agents::{Me, Scheme};
use tokio::time::Instant;

use super::canned::{Canned, Play, answer, json};
use super::support::{KEY, agent_id, client, client_with};

fn me() -> Play {
    Play::Answer(json(r#"{"apiKeyName":"ci"}"#))
}

fn unavailable() -> Play {
    Play::Answer(answer("503 Service Unavailable", &[], "<html>"))
}

fn expected() -> Me {
    Me {
        api_key_name: Some("ci".to_owned()),
        ..Me::default()
    }
}

#[tokio::test]
async fn a_read_outlives_three_failures_of_any_kind() {
    let server = Canned::start([
        Play::Reset,
        unavailable(),
        Play::CutAnswer(b"HTTP/1.1 2".to_vec()),
        me(),
    ])
    .await;
    assert_eq!(client(&server.base_url).me().await.unwrap(), expected());
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_read_gives_up_after_three_repeats() {
    let server = Canned::start((0..5).map(|_| unavailable())).await;
    let error = client(&server.base_url).me().await.unwrap_err();
    assert_eq!((error.status(), server.seen().len()), (Some(503), 4));
}

#[tokio::test]
async fn repeats_are_drawn_from_a_budget() {
    let server = Canned::start((0..30).map(|_| unavailable())).await;
    let client = client(&server.base_url);
    for _ in 0..6 {
        client.me().await.unwrap_err();
    }
    assert_eq!(
        server.seen().len(),
        6 + 10,
        "six calls and ten repeats, not six times three"
    );
}

#[tokio::test]
async fn a_refusal_and_the_repositories_are_not_repeated() {
    let missing = answer(
        "404 Not Found",
        &[],
        r#"{"error":{"code":"agent_not_found","message":"No"}}"#,
    );
    let server = Canned::start([Play::Answer(missing), unavailable(), me()]).await;
    let client = client(&server.base_url);
    assert!(client.get_agent(&agent_id()).await.unwrap_err().is_not_found());
    assert_eq!(server.seen().len(), 1);
    assert_eq!(client.repositories().await.unwrap_err().status(), Some(503));
    assert_eq!(server.seen().len(), 2, "one call a minute is allowed");
}

#[tokio::test]
async fn deleting_is_not_repeated() {
    let server = Canned::start([unavailable(), me()]).await;
    assert_eq!(
        client(&server.base_url)
            .delete_agent(&agent_id())
            .await
            .unwrap_err()
            .status(),
        Some(503)
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_server_asks_for_is_kept() {
    let limited = answer(
        "429 Too Many Requests",
        &["retry-after: 7"],
        r#"{"code":"error","message":"Too Many Requests"}"#,
    );
    let server = Canned::start([Play::Answer(limited), me()]).await;
    let start = Instant::now();
    assert_eq!(client(&server.base_url).me().await.unwrap(), expected());
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test]
async fn a_long_wait_is_left_to_the_caller() {
    let limited = answer("429 Too Many Requests", &["retry-after: 600"], "{}");
    let server = Canned::start([Play::Answer(limited), me()]).await;
    let error = client(&server.base_url).me().await.unwrap_err();
    assert_eq!(
        (error.retry_after().map(|wait| wait.as_secs()), server.seen().len()),
        (Some(600), 1)
    );
    assert!(error.is_rate_limited());
}

#[tokio::test]
async fn both_schemes_are_spelled_as_documented() {
    for (scheme, expected) in [
        (Scheme::Bearer, format!("Bearer {KEY}")),
        // base64 of the key and a colon
        (
            Scheme::Basic,
            "Basic Y3Jzcl8wMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjo=".to_owned(),
        ),
    ] {
        let server = Canned::start([me()]).await;
        client_with(&server.base_url, KEY, scheme).me().await.unwrap();
        let seen = server.seen();
        assert_eq!(seen[0].header("authorization"), Some(expected.as_str()));
        assert_eq!(seen[0].line(), "GET /v1/me HTTP/1.1");
    }
}

#[tokio::test]
async fn a_call_without_a_body_carries_no_type() {
    let server = Canned::start([Play::Answer(json(r#"{"id":"bc-1"}"#))]).await;
    client(&server.base_url).archive_agent(&agent_id()).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        seen[0].line(),
        format!("POST /v1/agents/{}/archive HTTP/1.1", agent_id())
    );
    assert_eq!((seen[0].header("content-type"), seen[0].body_bytes), (None, 0));
}
