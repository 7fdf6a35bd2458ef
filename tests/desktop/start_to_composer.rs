//! From the start of the process to a window that shows a composer, beside a bare web view with the very same page.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sendoff_tests::person;
use sendoff_tests::stage::{Setting, Stage, Start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::figures::Figures;

const ROUNDS: usize = 30;
/// The title that the page gives its window once the composer is there.
const SHOWN: &str = "New agent – Sendoff";
/// DESIGN: at most so long, and at most so many times a bare web view.
const LIMIT: f64 = 400.0;
const RATIO: f64 = 1.25;
/// WebKitGTK's own small browser, where Debian puts it.
const BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// Measures both in turn, so that a busy moment hits both.
pub(crate) async fn measure() {
    let stage = Stage::raise("measure_start", Setting::default()).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    drop(page);
    app.quit(&stage).await;
    let app = std::env::var("SENDOFF_APP").expect("SENDOFF_APP names the program");
    let address = serve(Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist")).await;
    let address = format!("{address}/?scene=empty");
    let data = ("SENDOFF_DATA_DIR", stage.data().to_string_lossy().into_owned());
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(round(&stage, &app, &[], std::slice::from_ref(&data)));
        if Path::new(BROWSER).exists() {
            bare.push(round(&stage, BROWSER, &[&address], &[]));
        }
    }
    let ours = Figures::of(ours);
    ours.print("Sendoff, start to composer");
    println!("limit: p50 {LIMIT} ms: {}", held(ours.at(0.5) <= LIMIT));
    if bare.is_empty() {
        println!("no bare web view to compare with on this machine");
        return;
    }
    let bare = Figures::of(bare);
    bare.print("MiniBrowser, the same page");
    let ratio = ours.at(0.5) / bare.at(0.5);
    println!("ratio {ratio:.2}, limit {RATIO}: {}", held(ratio <= RATIO));
}

fn held(holds: bool) -> &'static str {
    if holds { "holds" } else { "does not hold" }
}

/// Starts a program and gives the milliseconds until its window tells that the composer is there.
fn round(stage: &Stage, program: &str, arguments: &[&str], more: &[(&str, String)]) -> f64 {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(stage.environment().iter().map(|(name, value)| (name, value)))
        .envs(more.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let took = loop {
        if stage.windows(SHOWN) > 0 {
            break begun.elapsed();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{program} shows no composer");
    };
    end(&mut child);
    while stage.windows(SHOWN) > 0 {
        std::thread::yield_now();
    }
    took.as_secs_f64() * 1000.0
}

fn end(child: &mut Child) {
    child.kill().expect("a running program can be killed");
    child.wait().expect("a killed program can be waited for");
}

/// Serves the built page on loopback, for the browser.
async fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port has an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let folder = folder.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let line = String::from_utf8_lossy(&request[..read]).into_owned();
                let path = line.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
                let path = if path == "/" {
                    "index.html"
                } else {
                    path.trim_start_matches('/')
                };
                let body = std::fs::read(folder.join(path)).unwrap_or_default();
                let kind = match path.rsplit('.').next() {
                    Some("html") => "text/html",
                    Some("js") => "text/javascript",
                    Some("css") => "text/css",
                    Some("woff2") => "font/woff2",
                    _ => "application/octet-stream",
                };
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                // A browser that is gone wants no answer.
                drop(stream.write_all(head.as_bytes()).await);
                drop(stream.write_all(&body).await);
            });
        }
    });
    format!("http://{address}")
}
