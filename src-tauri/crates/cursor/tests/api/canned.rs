//! A server that says exactly what it is told, one connection after the other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens on one connection.
#[derive(Clone, Debug)]
pub(super) enum Play {
    /// Read the request, answer, close.
    Answer(Vec<u8>),
    /// Read the request, say nothing, keep the connection.
    Silence,
    /// Read the request, reset.
    Reset,
    /// Read the request with a pause before every four megabytes, answer, close.
    SlowUpload(Duration, Vec<u8>),
    /// Read that many bytes of the body, reset.
    CutUpload(u64),
    /// Read the request, answer the beginning, reset.
    CutAnswer(Vec<u8>),
    /// Read the request, answer, say no more, keep the connection.
    Stall(Vec<u8>),
}

/// A request as it arrived. The body is only measured, so that large ones cost nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) head: String,
    pub(super) body_bytes: u64,
    pub(super) body_sha256: String,
}

impl Seen {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(super) struct Canned {
    pub(super) base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    count: watch::Receiver<usize>,
}

impl Canned {
    pub(super) async fn start(plays: impl IntoIterator<Item = Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (counter, count) = watch::channel(0);
        let plays: Vec<Play> = plays.into_iter().collect();
        let noted = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut kept = Vec::new();
            for play in plays {
                let (mut stream, _) = listener.accept().await.unwrap();
                let limit = if let Play::CutUpload(limit) = play {
                    limit
                } else {
                    u64::MAX
                };
                let pause = if let Play::SlowUpload(pause, _) = play {
                    Some(pause)
                } else {
                    None
                };
                let request = read_request(&mut stream, limit, pause).await;
                noted.lock().unwrap().push(request);
                counter.send_modify(|count| *count += 1);
                match play {
                    Play::Answer(bytes) | Play::SlowUpload(_, bytes) => {
                        stream.write_all(&bytes).await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                    Play::Silence => kept.push(stream),
                    Play::Stall(bytes) => {
                        stream.write_all(&bytes).await.unwrap();
                        kept.push(stream);
                    }
                    Play::Reset | Play::CutUpload(_) => stream.set_zero_linger().unwrap(),
                    Play::CutAnswer(bytes) => {
                        stream.write_all(&bytes).await.unwrap();
                        stream.flush().await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                }
            }
            // The listener closes here: one connection too many is refused and fails its test.
            drop(listener);
            std::future::pending::<()>().await;
        });
        Self { base_url, seen, count }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until that many requests arrived.
    pub(super) async fn received(&self, count: usize) {
        self.count.clone().wait_for(|seen| *seen >= count).await.unwrap();
    }
}

/// Stops a paused clock until it is dropped: it moves by `advance` alone, and not by itself whenever the runtime waits
/// for a socket, which under load it does at any moment.
pub(super) fn stopped_clock() -> std::sync::mpsc::Sender<()> {
    let (guard, dropped) = std::sync::mpsc::channel();
    // A paused clock does not move while a blocking task runs.
    tokio::task::spawn_blocking(move || dropped.recv());
    guard
}

const PAUSE_EVERY: u64 = 1024 * 1024;

async fn read_request(stream: &mut TcpStream, body_limit: u64, pause: Option<Duration>) -> Seen {
    let mut buffer = Vec::new();
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let read = stream.read_buf(&mut buffer).await.unwrap();
        assert!(read > 0, "the client left in the middle of a head");
    };
    let mut seen = Seen {
        head: String::from_utf8(buffer[..end].to_vec()).unwrap(),
        body_bytes: 0,
        body_sha256: String::new(),
    };
    assert_eq!(
        seen.header("transfer-encoding"),
        None,
        "every body has its exact length"
    );
    let length: u64 = seen.header("content-length").map_or(0, |value| value.parse().unwrap());
    let mut digest = Sha256::new();
    let mut paused = 0;
    let mut chunk = buffer.split_off(end + 4);
    loop {
        seen.body_bytes += chunk.len() as u64;
        digest.update(&chunk);
        if seen.body_bytes >= length.min(body_limit) {
            break;
        }
        if let Some(pause) = pause
            && seen.body_bytes / PAUSE_EVERY > paused
        {
            paused = seen.body_bytes / PAUSE_EVERY;
            tokio::time::advance(pause).await;
        }
        chunk.resize(64 * 1024, 0);
        let read = stream.read(&mut chunk).await.unwrap();
        if read == 0 {
            break;
        }
        chunk.truncate(read);
    }
    seen.body_sha256 = format!("{:x}", digest.finalize());
    seen
}

/// An answer with a body and its length.
pub(super) fn answer(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A 200 with JSON.
pub(super) fn json(body: &str) -> Vec<u8> {
    answer("200 OK", &["content-type: application/json; charset=utf-8"], body)
}

/// The head of a stream without a length, and its first bytes.
pub(super) fn stream(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-cursor-stream-retention-seconds: 86400\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
