//! What it costs to send five pictures of 15 MB: memory above the files and time to the last byte, on loopback, beside
//! `curl` with a body made before and the way of the official client (`JSON.stringify` and `fetch`), in one run.
//! `cargo xtask bench body`. Memory is read from `/proc`, so it is measured on Linux only.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measuring program prints, and stops at the first surprise"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use cursor_cloud_agents::{Client, ClientOptions, CreateAgent, Key, Picture, PictureType, Prompt, RetryPolicy, Scheme};
use futures_util::StreamExt;

const ROUNDS: usize = 9;
const PICTURES: usize = 5;
const LARGE: u64 = 15_000_000;
const SMALL: u64 = 1_000;
/// At most so many kB above the files, so many milliseconds, and so many times as long as `curl`.
const LIMITS: (u64, f64, f64) = (2_048, 150.0, 2.0);

const CREATED: &[u8] = br#"{"agent":{"id":"bc-1","status":"ACTIVE"},"run":{"id":"run-1","status":"CREATING"}}"#;
const OFFICIAL: &str = "
const fs = require('node:fs');
const [address, file, count] = process.argv.slice(1);
const image = () => ({ data: fs.readFileSync(file).toString('base64'), mimeType: 'image/png' });
const images = Array.from({ length: Number(count) }, image);
const body = JSON.stringify({ prompt: { text: 'x', images } });
fetch(`${address}/v1/agents`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
";

/// A program that sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Peer {
    Ours,
    Curl,
    Official,
}

impl Peer {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Ours, "Sendoff, streamed from files"),
        (Self::Curl, "curl -T, body made before"),
        (Self::Official, "Node: JSON.stringify and fetch"),
    ];
}

/// What one sending cost.
struct Cost {
    /// Most memory of the process, in kB.
    peak: u64,
    /// From its start to the last byte.
    whole: Duration,
    /// From its connection to the last byte.
    wire: Duration,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, address, file] = words.as_slice()
        && word == "send"
    {
        return send(address, Path::new(file));
    }
    if !cfg!(target_os = "linux") {
        println!("Memory is read from /proc: this is measured on Linux.");
        return;
    }
    let (address, arrived) = sink();
    let small = Files::new("small", SMALL);
    let large = Files::new("large", LARGE);
    println!(
        "{PICTURES} pictures of {LARGE} bytes, {} bytes of body, {ROUNDS} rounds each in turn",
        large.length
    );
    let mut costs = Peer::ALL.map(|_| (Vec::new(), Vec::new()));
    let there = Peer::ALL.map(|(peer, _)| match peer {
        Peer::Ours => true,
        Peer::Curl => answers("curl"),
        Peer::Official => answers("node"),
    });
    for _ in 0..ROUNDS {
        for (place, (peer, _)) in Peer::ALL.into_iter().enumerate().filter(|(place, _)| there[*place]) {
            costs[place].0.push(measure(peer, &address, &small, &arrived));
            costs[place].1.push(measure(peer, &address, &large, &arrived));
        }
    }
    println!(
        "{:<32} {:>14} {:>12} {:>12} {:>12}",
        "sent by", "above, kB", "peak, kB", "wire, ms", "whole, ms"
    );
    let mut walls = Vec::new();
    for ((_, name), (small, large)) in Peer::ALL
        .into_iter()
        .zip(&costs)
        .filter(|(_, (small, _))| !small.is_empty())
    {
        let peak = |costs: &[Cost]| median(costs.iter().map(|cost| cost.peak as f64).collect());
        let time = |of: fn(&Cost) -> Duration| median(large.iter().map(|cost| of(cost).as_secs_f64() * 1e3).collect());
        let (above, wire, whole) = (
            peak(large) - peak(small),
            time(|cost| cost.wire),
            time(|cost| cost.whole),
        );
        println!(
            "{name:<32} {above:>14.0} {:>12.0} {wire:>12.1} {whole:>12.1}",
            peak(large)
        );
        walls.push((above, wire));
    }
    let (kilobytes, milliseconds, times) = LIMITS;
    let (above, wire) = walls[0];
    println!(
        "Limits for Sendoff: {kilobytes} kB above one picture of {SMALL} bytes, {milliseconds} ms on the wire, {times}x curl."
    );
    let mut held = above <= kilobytes as f64 && wire <= milliseconds;
    if there[1] {
        let ratio = wire / walls[1].1;
        println!("Sendoff takes {ratio:.2}x the time of curl on the wire.");
        held &= ratio <= times;
    }
    println!(
        "{}",
        if held {
            "All limits are held."
        } else {
            "A limit is NOT held."
        }
    );
}

/// A picture on disk, and the whole body made of it.
struct Files {
    folder: PathBuf,
    count: usize,
    length: u64,
}

impl Files {
    fn new(name: &str, bytes: u64) -> Self {
        let folder = std::env::temp_dir().join(format!("sendoff-body-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the pictures can be made");
        let content: Vec<u8> = (0..bytes).map(|place| (place % 251) as u8).collect();
        std::fs::write(folder.join("picture"), content).expect("a picture can be written");
        let count = if bytes == LARGE { PICTURES } else { 1 };
        let body = request(&folder.join("picture"))
            .body()
            .expect("the request is one that the API takes");
        let mut file = std::fs::File::create(folder.join("body")).expect("the body can be written");
        runtime().block_on(async {
            let mut stream = body.stream();
            while let Some(chunk) = stream.next().await {
                file.write_all(&chunk.expect("the picture can be read"))
                    .expect("the body can be written");
            }
        });
        Self {
            folder,
            count,
            length: body.len(),
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// One picture if it is small, else five times the same file.
fn request(picture: &Path) -> CreateAgent {
    let bytes = std::fs::metadata(picture).expect("the picture is there").len();
    let picture = Picture::File {
        path: picture.to_owned(),
        bytes,
        mime: PictureType::Png,
        dimension: None,
    };
    CreateAgent {
        prompt: Prompt {
            text: "x".to_owned(),
            images: vec![picture; if bytes == LARGE { PICTURES } else { 1 }],
        },
        ..CreateAgent::default()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime starts")
}

/// In a process of its own: what is measured.
fn send(address: &str, picture: &Path) {
    let options = ClientOptions {
        base_url: address.to_owned(),
        key: Key::new("crsr_0123456789abcdef0123456789abcdef").expect("a key"),
        scheme: Scheme::Bearer,
        retry: RetryPolicy::default(),
    };
    let client = Client::new(options).expect("a client");
    let body = request(picture).body().expect("the request is one that the API takes");
    runtime()
        .block_on(client.create_agent_with(&body))
        .expect("it is taken");
}

fn measure(peer: Peer, address: &str, files: &Files, arrived: &Receiver<(Instant, Instant)>) -> Cost {
    let picture = files.folder.join("picture");
    let mut command = match peer {
        Peer::Ours => {
            let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
            command.args(["send", address]).arg(&picture);
            command
        }
        Peer::Curl => {
            let mut command = Command::new("curl");
            command
                .args([
                    "--silent",
                    "--request",
                    "POST",
                    "--header",
                    "Expect:",
                    "--header",
                    "Content-Type: application/json",
                ])
                .arg("-T")
                .arg(files.folder.join("body"))
                .arg(format!("{address}/v1/agents"));
            command
        }
        Peer::Official => {
            let mut command = Command::new("node");
            command
                .args(["--eval", OFFICIAL, address])
                .arg(&picture)
                .arg(files.count.to_string());
            command
        }
    };
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child can be asked").is_none() {
        peak = peak.max(highest(&status));
        std::thread::sleep(Duration::from_micros(500));
    }
    let (connected, last) = arrived.recv().expect("the sink lives");
    Cost {
        peak,
        whole: last - begun,
        wire: last - connected,
    }
}

/// The most memory a process ever had, in kB; 0 once it ended.
fn highest(status: &str) -> u64 {
    let status = std::fs::read_to_string(status).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Takes requests one after the other, throws their bodies away, and tells when each began and ended.
fn sink() -> (String, Receiver<(Instant, Instant)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it has an address"));
    let (tell, arrived) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection comes");
            let begun = Instant::now();
            let mut reader = BufReader::with_capacity(256 * 1024, &stream);
            let (mut left, mut line) = (0_u64, String::new());
            loop {
                line.clear();
                reader.read_line(&mut line).expect("a header comes");
                let header = line.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(length) = header.strip_prefix("content-length:") {
                    left = length.trim().parse().expect("a length is a number");
                }
            }
            let mut buffer = vec![0; 256 * 1024];
            while left > 0 {
                let read = reader.read(&mut buffer).expect("the body comes");
                assert!(read > 0, "the body ended {left} bytes early");
                left -= read as u64;
            }
            let last = Instant::now();
            let head = format!(
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                CREATED.len()
            );
            (&stream)
                .write_all(&[head.as_bytes(), CREATED].concat())
                .expect("the answer goes");
            if tell.send((begun, last)).is_err() {
                return;
            }
        }
    });
    (address, arrived)
}

fn answers(program: &str) -> bool {
    let answer = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    answer.is_ok_and(|status| status.success())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
