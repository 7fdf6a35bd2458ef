use practice_cloud::{Options, Practice};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const KEY: &str = "crsr_test";

/// Options for tests: no delays, a known key, no limit on repository lists.
pub(crate) fn quick() -> Options {
    let mut options = Options {
        key: Some(KEY.to_owned()),
        speed: 0.0,
        ..Options::default()
    };
    options.knobs.repositories_per_minute = 0;
    options.knobs.repositories_per_hour = 0;
    options
}

/// An answer read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// False when the connection broke before the body was whole.
    pub(crate) whole: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `(status, code)` of an error in the standard shape.
    pub(crate) fn error(&self) -> (u16, String) {
        let code = self.json()["error"]["code"].as_str().unwrap().to_owned();
        (self.status, code)
    }

    pub(crate) fn frames(&self) -> Vec<Frame> {
        frames(&self.text())
    }
}

/// One server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) id: Option<String>,
    pub(crate) event: String,
    pub(crate) data: String,
}

impl Frame {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

/// Strict parsing of exactly the documented wire format; an unfinished last frame is dropped.
pub(crate) fn frames(text: &str) -> Vec<Frame> {
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    whole
        .split("\n\n")
        .filter(|frame| !frame.is_empty())
        .map(|frame| {
            let field = |name: &str| {
                frame
                    .lines()
                    .find_map(|line| line.strip_prefix(&format!("{name}: ")))
                    .map(str::to_owned)
            };
            Frame {
                id: field("id"),
                event: field("event").unwrap(),
                data: field("data").unwrap(),
            }
        })
        .collect()
}

/// A request to be sent on a connection of its own.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(&'a str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

fn host(address: &str) -> &str {
    address.trim_start_matches("http://")
}

/// Sends a request and reads until the body ends or the connection does. `Err` is a reset before any answer.
pub(crate) async fn send(address: &str, request: Request<'_>) -> std::io::Result<Answer> {
    let mut stream = open(address, request).await?;
    let mut reader = Reader::default();
    let head = reader.head(&mut stream).await?;
    let (body, whole) = reader.body(&mut stream, &head.1).await;
    Ok(Answer {
        status: head.0,
        headers: head.1,
        body,
        whole,
    })
}

pub(crate) async fn open(address: &str, request: Request<'_>) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(host(address)).await?;
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: {}\r\n",
        request.method,
        request.path,
        host(address)
    );
    for (name, value) in &request.headers {
        head.push_str(&[name, ": ", value, "\r\n"].concat());
    }
    if let Some(body) = &request.body {
        head.push_str(&["content-length: ", &body.len().to_string(), "\r\n"].concat());
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    if let Some(body) = &request.body {
        stream.write_all(body).await?;
    }
    Ok(stream)
}

/// Reads a connection piece by piece.
#[derive(Default)]
pub(crate) struct Reader {
    waiting: Vec<u8>,
}

type Head = (u16, Vec<(String, String)>);

impl Reader {
    async fn more(&mut self, stream: &mut TcpStream) -> std::io::Result<bool> {
        let mut piece = vec![0; 16 * 1024];
        let length = stream.read(&mut piece).await?;
        self.waiting.extend_from_slice(&piece[..length]);
        Ok(length > 0)
    }

    pub(crate) async fn head(&mut self, stream: &mut TcpStream) -> std::io::Result<Head> {
        let end = loop {
            if let Some(end) = find(&self.waiting, b"\r\n\r\n") {
                break end;
            }
            if !self.more(stream).await? {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        };
        let head = String::from_utf8(self.waiting.drain(..end + 4).collect()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Ok((status.parse().unwrap(), headers))
    }

    async fn body(&mut self, stream: &mut TcpStream, headers: &[(String, String)]) -> (Vec<u8>, bool) {
        let chunked = headers
            .iter()
            .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        if chunked {
            let mut body = Vec::new();
            loop {
                match self.chunk(stream).await {
                    Some(chunk) if chunk.is_empty() => return (body, true),
                    Some(chunk) => body.extend(chunk),
                    None => return (body, false),
                }
            }
        }
        let length: usize = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .map_or(0, |(_, value)| value.parse().unwrap());
        while self.waiting.len() < length {
            if !matches!(self.more(stream).await, Ok(true)) {
                return (std::mem::take(&mut self.waiting), false);
            }
        }
        (self.waiting.drain(..length).collect(), true)
    }

    /// The next chunk, empty at the end; `None` when the connection breaks.
    pub(crate) async fn chunk(&mut self, stream: &mut TcpStream) -> Option<Vec<u8>> {
        loop {
            if let Some(line) = find(&self.waiting, b"\r\n") {
                let size = std::str::from_utf8(&self.waiting[..line]).unwrap();
                let size = usize::from_str_radix(size, 16).unwrap();
                if self.waiting.len() >= line + 2 + size + 2 {
                    let chunk = self.waiting[line + 2..line + 2 + size].to_vec();
                    self.waiting.drain(..line + 2 + size + 2);
                    return Some(chunk);
                }
            }
            if !matches!(self.more(stream).await, Ok(true)) {
                return None;
            }
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

fn bearer() -> (&'static str, String) {
    ("authorization", format!("Bearer {KEY}"))
}

pub(crate) async fn get(practice: &Practice, path: &str) -> Answer {
    let request = Request {
        method: "GET",
        path,
        headers: vec![bearer()],
        body: None,
    };
    send(practice.base_url(), request).await.unwrap()
}

pub(crate) async fn try_post(practice: &Practice, path: &str, body: Option<&Value>) -> std::io::Result<Answer> {
    let mut headers = vec![bearer()];
    if body.is_some() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    let request = Request {
        method: "POST",
        path,
        headers,
        body: body.map(|body| body.to_string().into_bytes()),
    };
    send(practice.base_url(), request).await
}

pub(crate) async fn post(practice: &Practice, path: &str, body: Option<&Value>) -> Answer {
    try_post(practice, path, body).await.unwrap()
}

pub(crate) async fn delete(practice: &Practice, path: &str) -> Answer {
    let request = Request {
        method: "DELETE",
        path,
        headers: vec![bearer()],
        body: None,
    };
    send(practice.base_url(), request).await.unwrap()
}

/// The stream of a run up to its end.
pub(crate) async fn stream(practice: &Practice, agent: &str, run: &str, last_id: Option<&str>) -> Answer {
    let request = stream_request(agent, run, last_id);
    send(
        practice.base_url(),
        Request {
            method: "GET",
            path: &request.0,
            headers: request.1,
            body: None,
        },
    )
    .await
    .unwrap()
}

pub(crate) fn stream_request(agent: &str, run: &str, last_id: Option<&str>) -> (String, Vec<(&'static str, String)>) {
    let mut headers = vec![bearer(), ("accept", "text/event-stream".to_owned())];
    if let Some(last_id) = last_id {
        headers.push(("last-event-id", last_id.to_owned()));
    }
    (format!("/v1/agents/{agent}/runs/{run}/stream"), headers)
}

/// A launch on a known repository.
pub(crate) fn launch(prompt: &str) -> Value {
    json!({
        "prompt": {"text": prompt},
        "repos": [{"url": "https://github.com/acme/web", "startingRef": "main"}],
        "autoCreatePR": true,
    })
}

/// Creates an agent and gives its id and its first run's.
pub(crate) async fn create(practice: &Practice, body: &Value) -> (String, String) {
    let answer = post(practice, "/v1/agents", Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let answer = answer.json();
    let text = |pointer: &str| answer.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    (text("/agent/id"), text("/run/id"))
}

/// Sends a follow-up and gives the run's id.
pub(crate) async fn follow_up(practice: &Practice, agent: &str, body: &Value) -> String {
    let answer = post(practice, &format!("/v1/agents/{agent}/runs"), Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["run"]["id"].as_str().unwrap().to_owned()
}

/// Looks at the run again and again until it has ended.
pub(crate) async fn ended(practice: &Practice, run: &str) -> practice_cloud::RunSnapshot {
    loop {
        let found = practice
            .agents()
            .into_iter()
            .flat_map(|agent| agent.runs)
            .find(|known| known.id == run)
            .unwrap();
        if !found.status.is_active() {
            return found;
        }
        tokio::task::yield_now().await;
    }
}
