//! Ten thousand agents and a database of a gigabyte: the first list, the switcher, the scrolling, a search, an agent.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use practice_cloud::{Options, Practice};
use sendoff_store::{AgentRow, DocumentRow, EventRow, RunRow, Store};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start};
use serde_json::Value;

use crate::figures::Figures;

const AGENTS: usize = 10_000;
/// So many bytes are kept of each, so that all together are a gigabyte.
const KEPT: usize = 100_000;
/// What one event keeps of them.
const BODY: usize = 50_000;
/// DESIGN: from key to paint in the switcher, and for an answer of the search, in milliseconds.
const SWITCHED: f64 = 25.0;
const SEARCHED: f64 = 10.0;
/// What is typed into the switcher, letter by letter.
const TYPED: &str = "sign 7421";
const TOLD: &str = "Center the sign-in button";
/// A frame that took longer was dropped, at 60 a second.
const DROPPED: f64 = 25.0;

/// Types letters into the field that has the keyboard, and tells of each how long it takes until it is drawn. The driver
/// has just asked the page for every name in it, which keeps the page at work: thirty even frames say that it is done.
const TYPE: &str = "
window.typed = (async () => {
  const field = document.activeElement;
  const times = [];
  for (let even = 0, last = performance.now(); even < 30; ) {
    const now = await new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
    even = now - last < 25 ? even + 1 : 0;
    last = now;
  }
  for (const letter of TYPED) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    const begun = performance.now();
    field.value += letter;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push(performance.now() - begun);
  }
  return times;
})();
";

/// Scrolls the list down, and tells the times between the frames.
const SCROLL: &str = "
window.scrolled = new Promise((resolve) => {
  const view = [...document.querySelectorAll('aside, aside *')].sort((one, other) => other.scrollHeight - one.scrollHeight)
    .find((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY));
  const times = [];
  const frame = (now) => {
    times.push(now);
    if (times.length > 300) resolve(times.slice(1).map((time, at) => time - times[at]));
    else { view.scrollTop += 240; requestAnimationFrame(frame); }
  };
  requestAnimationFrame(frame);
});
";

/// Asks the shell for what the field of search asks for, twenty times.
const SEARCH: &str = "
window.searched = (async () => {
  const times = [];
  for (let round = 0; round < 20; round += 1) {
    const begun = performance.now();
    await window.__TAURI_INTERNALS__.invoke('search', { words: ['tests pass', 'zanzibar', 'butto', 'centered'][round % 4] });
    times.push(performance.now() - begun);
  }
  return times;
})();
";

/// Opens the agent of the fifth row that is drawn, and tells how long it takes until its reply is. The app begins with the
/// agent that was open last, of the same words: something else is opened first.
const OPEN: &str = "
window.opened = (async () => {
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const said = () => document.querySelector('main')?.textContent.includes('All 4 tests pass');
  [...document.querySelectorAll('aside button')].find((element) => element.textContent.trim().startsWith('New')).click();
  while (said()) await pause(50);
  await pause(500);
  const row = [...document.querySelectorAll('aside [role=option], aside [role=row]')][5];
  const begun = performance.now();
  (row.querySelector('button, a') ?? row).click();
  while (!said()) await new Promise((resolve) => requestAnimationFrame(resolve));
  await pause(0);
  return performance.now() - begun;
})();
";

/// Fills the store and measures.
pub(crate) async fn measure() {
    let cloud = Practice::start(Options {
        speed: 0.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let api = cloud.base_url().to_owned();
    let stage = Stage::raise("measure_scale", Setting::default()).await;
    let mut app = stage.start(Start::against(&api)).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    person::send(&page, TOLD).await;
    page.sees("done, pull request ready", LONG).await;
    drop(page);
    app.quit(&stage).await;
    // The service knows one agent of all: it is away while the others are looked at.
    cloud.stop().await.expect("a practice cloud stops");

    let begun = Instant::now();
    let folder = stage.data();
    let bytes = tokio::task::spawn_blocking(move || fill(&folder))
        .await
        .expect("the store is filled");
    println!(
        "{AGENTS} agents, {} MB in {:.0} s",
        bytes / 1_000_000,
        begun.elapsed().as_secs_f64()
    );

    let begun = Instant::now();
    let mut app = stage.start(Start::against(&api)).await;
    let page = app.page().await;
    page.until(
        "a first list",
        LONG,
        "return document.querySelectorAll('aside [role=option], aside [role=row]').length > 5",
    )
    .await;
    println!(
        "start to first list, the driver's way to the page in it: {} ms",
        begun.elapsed().as_millis()
    );

    app.until_idle().await;
    stage.press("ctrl+k");
    page.control("What was found").await;
    page.run(&TYPE.replace("TYPED", &format!("'{TYPED}'")), Vec::new())
        .await;
    let typed = print(&page, "window.typed", "switcher, key to paint", Some(SWITCHED)).await;
    println!("letter by letter: {typed:.0?}");
    println!(
        "plot\tone letter more, 10,000 agents\tSendoff (drawn)\t{:.1}\tms",
        Figures::of(typed).at(0.5)
    );
    fzf();
    stage.press("Escape");
    page.until_gone("What was found").await;
    page.run(SEARCH, Vec::new()).await;
    print(&page, "window.searched", "search, asked and answered", Some(SEARCHED)).await;
    page.run(OPEN, Vec::new()).await;
    let opened = page.answer("window.opened").await;
    println!("opening an agent, row to reply: {opened:.5} ms");
    page.run(SCROLL, Vec::new()).await;
    let frames = print(&page, "window.scrolled", "scrolling the list, between frames", None).await;
    let dropped = frames.iter().filter(|time| **time > DROPPED).count();
    println!("frames longer than {DROPPED} ms: {dropped} of {}", frames.len());
    println!(
        "all processes: {:.1} MB (PSS), of the page {:.1}",
        app.memory(),
        app.memory_of_pages()
    );
    page.control_starting("New", SOON).await;
    drop(page);
    app.quit(&stage).await;
}

/// The same letters by fzf over the same titles, for each letter a search of all: it draws nothing.
fn fzf() {
    let titles: Vec<_> = (0..AGENTS).map(|number| format!("{TOLD} {number}")).collect();
    let titles = titles.join("\n");
    let search = |letters: &str| {
        let mut child = Command::new("fzf")
            .args(["--filter", letters])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let mut input = child.stdin.take()?;
        input.write_all(titles.as_bytes()).ok()?;
        drop(input);
        child.wait().ok()
    };
    let mut times = Vec::new();
    for end in 1..=TYPED.len() {
        let begun = Instant::now();
        if search(&TYPED[..end]).is_none() {
            println!("fzf cannot be had here");
            return;
        }
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    let figures = Figures::of(times);
    figures.print("fzf, the same letters, not drawn");
    println!(
        "plot\tone letter more, 10,000 agents\tfzf (not drawn)\t{:.1}\tms",
        figures.at(0.5)
    );
}

/// Prints what a promise in the page comes to, against a limit of the median.
async fn print(page: &Page, promise: &str, name: &str, limit: Option<f64>) -> Vec<f64> {
    let answer = page.answer(promise).await;
    let times: Vec<f64> = answer
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect();
    let figures = Figures::of(times.clone());
    figures.print(name);
    if let Some(limit) = limit {
        let holds = if figures.at(0.5) <= limit {
            "holds"
        } else {
            "does not hold"
        };
        println!("limit: p50 {limit} ms: {holds}");
    }
    times
}

/// Keeps the one agent ten thousand times, each under its own name; gives the bytes of the database.
fn fill(folder: &std::path::Path) -> u64 {
    let store = Store::open(folder).expect("the store of an app that ended opens");
    let account = store.accounts().expect("accounts")[0].id.clone();
    let agent = store.agents(&account).expect("agents")[0].clone();
    let run = store.runs(&account, &agent.id).expect("runs")[0].clone();
    let events = store.events(&run.id, 0, 10_000).expect("events");
    // Rows are told apart by the launch that made them.
    let launch: Value = serde_json::from_str(&agent.body).expect("an agent's record");
    let launch = launch
        .pointer("/agent/launch")
        .and_then(Value::as_str)
        .expect("its launch")
        .to_owned();
    let reply = "I centered the sign-in button. All 4 tests pass.";
    for number in 0..AGENTS {
        let tail = format!("{number:012x}");
        let own = |id: &str| format!("{}{tail}", &id[..id.len() - tail.len()]);
        let (agent_id, run_id) = (own(&agent.id), own(&run.id));
        let rewrite = |body: &str| {
            body.replace(&agent.id, &agent_id)
                .replace(&run.id, &run_id)
                .replace(&launch, &own(&launch))
                .replace(TOLD, &format!("{TOLD} {number}"))
        };
        let at_ms = run.created_at_ms - number as i64 * 60_000;
        store
            .put_agents(&[AgentRow {
                account: account.clone(),
                id: agent_id.clone(),
                updated_at_ms: at_ms,
                body: rewrite(&agent.body),
            }])
            .expect("an agent is kept");
        store
            .put_run(
                &RunRow {
                    account: account.clone(),
                    agent: agent_id.clone(),
                    id: run_id.clone(),
                    created_at_ms: at_ms,
                    body: rewrite(&run.body),
                },
                &[DocumentRow {
                    run: run_id.clone(),
                    block: "reply".to_owned(),
                    at_ms,
                    text: format!("{reply} Number {number}."),
                }],
            )
            .expect("a run is kept");
        let mut copies: Vec<EventRow> = events
            .iter()
            .map(|event| EventRow {
                body: rewrite(&event.body),
                ..event.clone()
            })
            .collect();
        let mut bytes: usize = copies.iter().map(|event| event.body.len()).sum();
        while bytes < KEPT {
            // A kind of event that nobody knows yet is kept and not drawn.
            let body = format!("{{\"filling\":\"{}\"}}", "x".repeat(BODY.min(KEPT - bytes)));
            bytes += body.len();
            copies.push(EventRow {
                position: copies.len() as u32,
                event_id: None,
                kind: "filling".to_owned(),
                body,
            });
        }
        store
            .append_events(&agent_id, &run_id, &copies)
            .expect("events are kept");
    }
    drop(store);
    std::fs::metadata(folder.join("sendoff.sqlite3")).map_or(0, |file| file.len())
}
