//! Large bodies: exact length, exact bytes, hardly any memory, and files that go missing.

use std::path::PathBuf;
use std::time::Duration;

use cursor_cloud_agents::{CreateAgent, Delivery, Dimension, ErrorKind, Picture, PictureType, Prompt};

use tokio::time::Instant;

use super::canned::{Canned, Play, json, stopped_clock};
use super::support::{client, create};

const CREATED: &str = r#"{"agent":{"id":"bc-1","status":"ACTIVE"},"run":{"id":"run-1","status":"CREATING"}}"#;

/// A file of its own for each test, removed at the end of it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: usize) -> Self {
        let path = std::env::temp_dir().join(format!("cursor-cloud-agents-{}-{name}", std::process::id()));
        let content: Vec<u8> = (0..bytes).map(|place| (place % 251) as u8).collect();
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn picture(&self, bytes: u64) -> Picture {
        let dimension = Some(Dimension {
            width: 5120,
            height: 2880,
        });
        Picture::File {
            path: self.0.clone(),
            bytes,
            mime: PictureType::Png,
            dimension,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

fn with(images: Vec<Picture>) -> CreateAgent {
    CreateAgent {
        prompt: Prompt {
            text: "x".to_owned(),
            images,
        },
        ..create("x")
    }
}

/// The most memory this process ever had, in kilobytes.
#[cfg(target_os = "linux")]
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn five_pictures_of_15_mb_are_sent_exactly_and_cost_less_than_2_mb() {
    let server = Canned::start([Play::Answer(json(CREATED)), Play::Answer(json(CREATED))]).await;
    let client = client(&server.base_url);
    let small = Scratch::new("small", 1_000);
    client.create_agent(&with(vec![small.picture(1_000)])).await.unwrap();
    let large = Scratch::new("large", 15_000_000);
    let body = with(vec![large.picture(15_000_000); 5]).body().unwrap();
    let before = peak_memory();
    client.create_agent_with(&body).await.unwrap();
    let grown = peak_memory() - before;
    assert!(grown <= 2_048, "100 MB went out and memory grew by {grown} kB");
    let seen = server.seen().remove(1);
    let expected = (body.len(), body.sha256().await.unwrap());
    assert_eq!(
        (seen.body_bytes, seen.body_sha256.clone()),
        expected,
        "what was hashed is what was sent"
    );
    assert_eq!(seen.header("content-length"), Some(body.len().to_string().as_str()));
    assert!(body.len() > 100_000_000, "five times 20 MB of base64");
}

#[tokio::test]
async fn a_body_can_be_sent_again_byte_for_byte() {
    let server = Canned::start([Play::CutUpload(50_000), Play::Answer(json(CREATED))]).await;
    let file = Scratch::new("again", 200_000);
    let body = with(vec![file.picture(200_000)]).body().unwrap();
    let client = client(&server.base_url);
    assert_eq!(
        client.create_agent_with(&body).await.unwrap_err().delivery(),
        Delivery::Unknown
    );
    client.create_agent_with(&body).await.unwrap();
    let sent = server.seen().remove(1);
    assert_eq!(
        (sent.body_bytes, sent.body_sha256),
        (body.len(), body.sha256().await.unwrap())
    );
}

/// Only the server moves the clock, so its pauses cost nothing: 20 MB in steps of one, eight seconds before each. What
/// the system holds between both ends, some 10 MB, counts as sent: that part takes less than the limit.
#[tokio::test(start_paused = true)]
async fn a_slow_line_may_take_longer_than_the_wait_for_the_answer() {
    let _stopped = stopped_clock();
    let server = Canned::start([Play::SlowUpload(Duration::from_secs(8), json(CREATED))]).await;
    let picture = Picture::Memory {
        content: vec![7; 15_000_000].into(),
        mime: PictureType::Png,
        dimension: None,
    };
    let start = Instant::now();
    client(&server.base_url)
        .create_agent(&with(vec![picture]))
        .await
        .unwrap();
    let elapsed = start.elapsed();
    assert!(
        elapsed > Duration::from_mins(2),
        "the upload took {elapsed:?}, the limit for an answer is two minutes"
    );
}

#[tokio::test]
async fn a_picture_that_is_not_as_said_stops_the_call_before_a_byte() {
    let server = Canned::start([Play::Answer(json(CREATED))]).await;
    let file = Scratch::new("changed", 1_000);
    let gone = Picture::File {
        path: file.0.with_extension("gone"),
        bytes: 1,
        mime: PictureType::Png,
        dimension: None,
    };
    for picture in [file.picture(999), file.picture(1_001), gone] {
        let error = client(&server.base_url)
            .create_agent(&with(vec![picture]))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (&ErrorKind::Picture, Delivery::NotSent)
        );
    }
    assert_eq!(server.seen(), [], "the server never heard of it");
}

#[tokio::test]
async fn an_invalid_request_is_not_sent() {
    let server = Canned::start([Play::Answer(json(CREATED))]).await;
    let error = client(&server.base_url).create_agent(&create(" ")).await.unwrap_err();
    let expected = ErrorKind::InvalidRequest(cursor_cloud_agents::InvalidRequest::EmptyPrompt);
    assert_eq!((error.kind(), error.delivery()), (&expected, Delivery::NotSent));
    assert_eq!(server.seen(), []);
}
