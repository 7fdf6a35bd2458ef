//! What is known about a request after everything that can happen to it on the way.

use cursor_cloud_agents::{BuildError, Client, ClientOptions, Delivery, Error, ErrorKind, Key};
use tokio::time::Instant;

use super::canned::{Canned, Play, answer, json};
use super::support::{AT_ONCE, KEY, client, create};

async fn post(play: Play) -> (Error, usize) {
    let server = Canned::start([play]).await;
    let error = client(&server.base_url).create_agent(&create("x")).await.unwrap_err();
    (error, server.seen().len())
}

#[tokio::test]
async fn every_way_to_fail_says_whether_it_can_have_arrived() {
    use Delivery::{Answered, Unknown};
    use ErrorKind::{Interrupted, Refused, Undecodable};
    let busy = r#"{"error":{"code":"agent_id_conflict","message":"taken"}}"#;
    let html = "<html><h1>Bad Gateway</h1></html>";
    let created = r#"{"agent":{"id":"bc-1","status":"ACTIVE"},"run":{"id":"run-1","status":"CREATING"}}"#;
    let half = json(created);
    let half = half[..half.len() - 20].to_vec();
    let table = [
        ("reset after the body", Play::Reset, Interrupted, Unknown, None),
        ("reset in the body", Play::CutUpload(10), Interrupted, Unknown, None),
        (
            "closed without a word",
            Play::CutAnswer(vec![]),
            Interrupted,
            Unknown,
            None,
        ),
        (
            "half a head",
            Play::CutAnswer(b"HTTP/1.1 201 Crea".to_vec()),
            Interrupted,
            Unknown,
            None,
        ),
        ("half a body", Play::CutAnswer(half), Interrupted, Unknown, Some(200)),
        (
            "JSON cut at a true length",
            Play::Answer(json(&created[..30])),
            Undecodable,
            Unknown,
            Some(200),
        ),
        (
            "other JSON",
            Play::Answer(json(r#"{"ok":true}"#)),
            Undecodable,
            Unknown,
            Some(200),
        ),
        (
            "a page with 200",
            Play::Answer(answer("200 OK", &[], html)),
            Undecodable,
            Unknown,
            Some(200),
        ),
        (
            "nonsense instead of HTTP",
            Play::Answer(b"SSH-2.0-x\r\n\r\n".to_vec()),
            Interrupted,
            Unknown,
            None,
        ),
        (
            "refused by the API",
            Play::Answer(answer("409 Conflict", &[], busy)),
            Refused,
            Answered,
            Some(409),
        ),
        (
            "a page with 404",
            Play::Answer(answer("404 Not Found", &[], html)),
            Refused,
            Unknown,
            Some(404),
        ),
        (
            "a page with 413",
            Play::Answer(answer("413 Too Large", &[], html)),
            Refused,
            Answered,
            Some(413),
        ),
        (
            "a page with 502",
            Play::Answer(answer("502 Bad Gateway", &[], html)),
            Refused,
            Unknown,
            Some(502),
        ),
        (
            "408",
            Play::Answer(answer("408 Timeout", &[], busy)),
            Refused,
            Unknown,
            Some(408),
        ),
        (
            "a redirect is not followed",
            Play::Answer(answer("307 Temporary Redirect", &["location: http://127.0.0.1:9/"], "")),
            Refused,
            Unknown,
            Some(307),
        ),
    ];
    for (name, play, kind, delivery, status) in table {
        let (error, requests) = post(play).await;
        assert_eq!(
            (error.kind(), error.delivery(), error.status()),
            (&kind, delivery, status),
            "{name}: {error}"
        );
        assert_eq!(requests, 1, "{name}: a POST is never repeated");
    }
}

#[tokio::test]
async fn nobody_listening_is_offline_and_nothing_was_sent() {
    let server = Canned::start([]).await;
    let client = client(&server.base_url);
    let error = loop {
        // The listener closes by itself; until then the connection is taken and dropped.
        let error = client.create_agent(&create("x")).await.unwrap_err();
        if error.is_offline() {
            break error;
        }
    };
    assert_eq!(
        (error.kind(), error.delivery()),
        (&ErrorKind::Connect, Delivery::NotSent)
    );
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_offline() {
    // `.invalid` is never resolved (RFC 6761).
    let error = client("https://api.invalid")
        .create_agent(&create("x"))
        .await
        .unwrap_err();
    assert_eq!((error.is_offline(), error.delivery()), (true, Delivery::NotSent));
}

#[tokio::test]
async fn a_server_without_a_trusted_certificate_gets_nothing() {
    // It answers in plain text where a TLS handshake is due.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        let _hello = stream.read(&mut [0; 1024]).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = client(&format!("https://127.0.0.1:{port}"))
        .create_agent(&create("x"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.is_offline()),
        (&ErrorKind::Tls, Delivery::NotSent, false)
    );
}

#[tokio::test]
async fn silence_after_a_launch_ends_after_two_minutes() {
    let server = Canned::start([Play::Silence]).await;
    let client = client(&server.base_url);
    let call = tokio::spawn(async move { client.create_agent(&create("x")).await.unwrap_err() });
    server.received(1).await;
    tokio::time::pause();
    let start = Instant::now();
    let error = call.await.unwrap();
    assert_eq!(
        (error.kind(), error.delivery()),
        (&ErrorKind::TimedOut, Delivery::Unknown)
    );
    let waited = start.elapsed().as_secs();
    assert!(
        (118..=121).contains(&waited),
        "a launch may block for a minute; waited {waited} s"
    );
}

#[tokio::test]
async fn an_answer_that_stops_half_way_ends_too() {
    let mut half = json(r#"{"apiKeyName":"ci"}"#);
    half.truncate(half.len() - 5);
    let server = Canned::start([Play::Stall(half)]).await;
    let client = client(&server.base_url);
    let call = tokio::spawn(async move { client.v0().stop(&super::support::agent_id()).await.unwrap_err() });
    server.received(1).await;
    tokio::time::pause();
    let start = Instant::now();
    assert_eq!(call.await.unwrap().kind(), &ErrorKind::TimedOut);
    let waited = start.elapsed().as_secs();
    assert!(
        (38..=41).contains(&waited),
        "an ordinary answer has 40 s; waited {waited} s"
    );
}

#[tokio::test]
async fn an_answer_too_large_is_not_read() {
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 33 * 1024 * 1024);
    let server = Canned::start([Play::Stall(announced.into_bytes())]).await;
    let error = client(&server.base_url).me().await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::TooLarge, "refused by its announced length");
}

#[test]
fn a_base_must_be_secure_or_local() {
    let build = |base_url: &str| {
        Client::new(ClientOptions {
            base_url: base_url.to_owned(),
            key: Key::new(KEY).unwrap(),
            scheme: cursor_cloud_agents::Scheme::Bearer,
            retry: AT_ONCE,
        })
        .map(drop)
    };
    for good in [
        "https://api.cursor.com",
        "https://proxy.example/cursor/",
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://localhost",
    ] {
        assert!(build(good).is_ok(), "{good}");
    }
    for insecure in [
        "http://api.cursor.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "http://192.168.0.1",
    ] {
        assert!(matches!(build(insecure), Err(BuildError::Insecure)), "{insecure}");
    }
    for bad in [
        "",
        "api.cursor.com",
        "https://user:password@api.cursor.com",
        "mailto:a@b.c",
    ] {
        assert!(matches!(build(bad), Err(BuildError::Address)), "{bad}");
    }
}
