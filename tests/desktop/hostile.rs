//! An agent that attacks: what it says and what its files are called is words on the screen and nothing else.

mod documents;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, until};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// Documents in one reply.
const TOGETHER: usize = 125;
/// Steps up a conversation that the page is asked for at once: a script is given up after half a minute.
const STEPS: usize = 25;
const WATCH: &str = include_str!("hostile/watch.js");

/// What the page asks the shell while somebody reads: nothing here changes, opens or sends anything.
const READING: [&str; 3] = ["changes", "code_colors", "transcript_earlier"];

/// Counts who connects to the address that it gives.
async fn listen() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port has an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (format!("http://{address}"), count)
}

/// Documents in all: every kind many times; twenty times as many with `SENDOFF_FULL`.
fn documents() -> usize {
    if std::env::var_os("SENDOFF_FULL").is_some() {
        5_000
    } else {
        250
    }
}

/// What was wrong so far: elements and addresses that must not be there, and scripts that ran.
async fn wrong(page: &Page) -> Value {
    page.run("return [[...window.wrong], window.ran]", Vec::new()).await
}

/// Reads the whole conversation from its end to its beginning; the documents with these numbers are in it.
async fn read_all(page: &Page, numbers: std::ops::Range<usize>) {
    let expected: BTreeSet<u64> = numbers.map(|number| number as u64).collect();
    let start = std::time::Instant::now();
    loop {
        let answer = page.answer(&format!("window.walk({STEPS})")).await;
        assert_eq!(
            wrong(page).await,
            json!([[], []]),
            "the words of an agent are only words"
        );
        let seen: BTreeSet<u64> = answer[1]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        let missing: Vec<_> = expected.difference(&seen).collect();
        if answer[0] == json!(0) && missing.is_empty() {
            return;
        }
        assert!(
            start.elapsed() < LONG * 2,
            "these documents are never drawn: {missing:?}"
        );
    }
}

/// The watch itself sees what it must: planted, told, and forgotten again.
async fn watch_sees(page: &Page) {
    let plant = "const here = document.createElement('p');
        here.innerHTML = '<a href=\"java\\nscript:0\" onclick=\"0\">x</a><iframe></iframe><svg><use href=\"#x\"/></svg>';
        document.querySelector('main').append(here);
        window.planted = new Promise((resolve) => setTimeout(() => {
          here.remove(); const wrong = [...window.wrong].sort(); window.wrong.clear(); resolve(wrong); }));";
    page.run(plant, Vec::new()).await;
    let expected = json!(["<iframe>", "<use>", "a href java\nscript:0", "a onclick", "use href #x"]);
    assert_eq!(
        page.answer("window.planted").await,
        expected,
        "the watch sees what is planted"
    );
}

#[tokio::test]
async fn what_an_agent_says_is_only_words() {
    let (address, connections) = listen().await;
    drop(
        TcpStream::connect(address.trim_start_matches("http://"))
            .await
            .expect("the canary listens"),
    );
    until("the canary counts", SOON, || async {
        (connections.swap(0, Ordering::SeqCst) == 1).then_some(())
    })
    .await;

    let all = documents();
    let starts: Vec<usize> = (0..all).step_by(TOGETHER).collect();
    let cloud = Practice::start(Options {
        speed: 0.0,
        told: starts
            .iter()
            .map(|first| documents::told(*first, TOGETHER, &address))
            .collect(),
        knobs: person::listing_freely(),
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("what_an_agent_says_is_only_words", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    page.run(WATCH, Vec::new()).await;
    watch_sees(&page).await;
    let windows = stage.windows("");
    let here = page.run("return location.href", Vec::new()).await;

    for (number, first) in starts.iter().enumerate() {
        if number > 0 {
            page.click("New").await;
            page.control("What should change?").await;
        }
        // The name of the agent comes from the prompt.
        let prompt = format!("[told] {number} <img src={address}/name onerror=ran.push(-5)>");
        person::send(&page, &prompt).await;
        page.sees("Done in", LONG).await;
        page.sees("page.png", LONG).await;
        page.run("window.asked.clear()", Vec::new()).await;
        read_all(&page, *first..first + TOGETHER).await;
        let asked = page.run("return [...window.asked.keys()]", Vec::new()).await;
        let asked: Vec<_> = asked
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let unexpected: Vec<_> = asked.iter().filter(|command| !READING.contains(command)).collect();
        assert!(unexpected.is_empty(), "reading asks the shell only to read: {asked:?}");
    }

    // A page that calls itself a picture is a file, and shown as the text that it is.
    page.click("Jump to latest").await;
    page.click("View page.png").await;
    page.sees("<!doctype html><body onload", SOON).await;
    page.click("Close").await;

    assert_eq!(
        wrong(&page).await,
        json!([[], []]),
        "the words of an agent are only words"
    );
    assert_eq!(
        page.run("return location.href", Vec::new()).await,
        here,
        "the page stays where it is"
    );
    assert_eq!(stage.opened(), [""; 0], "nothing is opened in the browser");
    assert_eq!(stage.windows(""), windows, "no window is opened");
    assert_eq!(
        connections.load(Ordering::SeqCst),
        0,
        "nobody asks for an address of a document"
    );
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
