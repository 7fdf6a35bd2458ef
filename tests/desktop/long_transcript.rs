//! A reply of 100,000 pieces: how it arrives in an open window, how it opens after a restart, and how it scrolls.

use std::time::{Duration, Instant};

use sendoff_tests::person;
use sendoff_tests::stage::{App, Page, SOON, Setting, Stage, Start};
use serde_json::Value;

use crate::figures::Figures;

const OPENINGS: usize = 5;
/// Its last line: the practice cloud writes twenty pieces to a line.
const LAST: &str = "line 5000 ends here.";
/// Where the page is warm: whatever any conversation takes, of pictures of the window and of code, is taken by then.
const WARM: &str = "line 500 ends here.";
/// Garbage comes and goes, so that the least of so many looks counts.
const LOOKS: usize = 10;
/// The service writes for a hundred seconds; a busy machine takes longer.
const WRITTEN: Duration = Duration::from_mins(15);
/// A frame that took longer was dropped, at 60 a second.
const DROPPED: f64 = 25.0;

/// Counts what the page asks of the shell, second by second: every answer is a message.
const COUNT: &str = "
const { fetch } = window;
window.asked = [];
window.fetch = (...call) => {
  if (String(call[0]).startsWith('ipc:')) window.asked.push(performance.now());
  return fetch.apply(window, call);
};
return true;
";

/// The most messages in any one second.
const MOST: &str = "
const { asked } = window;
let [most, from] = [0, 0];
asked.forEach((time, at) => {
  while (asked[from] < time - 1000) from += 1;
  most = Math.max(most, at - from + 1);
});
return [most, asked.length];
";

/// Opens the agent of the first row, and tells how long it takes until its last line is drawn. The app begins where it was
/// left, with that agent: something else is opened first.
const OPEN: &str = "
window.opened = (async () => {
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const said = () => document.querySelector('main')?.textContent.includes(LAST);
  while (!said()) await pause(50);
  [...document.querySelectorAll('aside button')].find((element) => element.textContent.trim().startsWith('New')).click();
  while (said()) await pause(50);
  await pause(500);
  const row = [...document.querySelectorAll('aside [role=option], aside [role=row], aside li, aside a, aside button')]
    .find((element) => element.textContent.includes('Write all of it'));
  const begun = performance.now();
  row.click();
  while (!said()) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - begun;
})();
";

/// Scrolls from the end to the beginning, and tells the times between the frames.
const SCROLL: &str = "
window.scrolled = new Promise((resolve) => {
  const view = [...document.querySelectorAll('main *')].filter((element) => element.scrollHeight > element.clientHeight + 1000)
    .sort((one, other) => other.scrollHeight - one.scrollHeight)[0];
  const times = [];
  let left = 300;
  const frame = (now) => {
    times.push(now);
    left -= 1;
    if (left === 0) resolve(times.slice(1).map((time, at) => time - times[at]));
    else { view.scrollTop -= 240; requestAnimationFrame(frame); }
  };
  view.scrollTop = view.scrollHeight;
  requestAnimationFrame(frame);
});
";

/// The same lines in a bare element over the conversation, scrolled in the same way: what the engine of the page itself
/// takes on this machine.
const BARE: &str = "
window.bare = new Promise((resolve) => {
  const talk = [...document.querySelectorAll('main *')].filter((element) => element.scrollHeight > element.clientHeight + 1000)
    .sort((one, other) => other.scrollHeight - one.scrollHeight)[0];
  const box = talk.getBoundingClientRect();
  const view = document.createElement('div');
  Object.assign(view.style, {
    position: 'fixed', overflow: 'auto', background: 'Canvas', font: '15px/1.6 sans-serif', padding: '0 80px', boxSizing: 'border-box',
    left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px`,
  });
  const line = (talk.querySelector('li') ?? talk.querySelector('p')).textContent;
  for (let number = 0; number < 3_500; number += 1) view.append(Object.assign(document.createElement('p'), { textContent: line }));
  document.body.append(view);
  const times = [];
  let left = 300;
  const frame = (now) => {
    times.push(now);
    left -= 1;
    if (left === 0) { view.remove(); resolve(times.slice(1).map((time, at) => time - times[at])); }
    else { view.scrollTop -= 240; requestAnimationFrame(frame); }
  };
  view.scrollTop = view.scrollHeight;
  requestAnimationFrame(frame);
});
";

/// Measures all three.
pub(crate) async fn measure() {
    let stage = Stage::raise("measure_following", Setting::default()).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    page.run(COUNT, Vec::new()).await;
    person::send(&page, "[huge] Write all of it").await;
    page.sees("line 1 ends here.", SOON).await;
    page.until("counted messages", SOON, "return window.asked.length > 0")
        .await;
    let begun = Instant::now();
    until_said(&page, WARM).await;
    let before = least(&app).await;
    until_said(&page, LAST).await;
    let took = begun.elapsed().as_secs_f64();
    let counted = page.run(MOST, Vec::new()).await;
    let of = |at: usize| counted[at].as_f64().expect("a count");
    println!(
        "100,000 pieces in {took:.0} s: {} messages, at most {} in one second",
        of(1),
        of(0)
    );
    println!("limit 60: {}", held(of(0) <= 60.0));
    let after = least(&app).await;
    let grown = after.0 - before.0;
    println!(
        "from piece 10,000 to the end the page grew from {:.1} by {grown:.1} MB (PSS); limit 20: {}",
        before.0,
        held(grown <= 20.0)
    );
    println!(
        "all processes, with the practice cloud and all it keeps in one of them, grew from {:.1} by {:.1} MB",
        before.1,
        after.1 - before.1
    );
    until_said(&page, "Done in").await;
    drop(page);
    app.quit(&stage).await;

    let mut times = Vec::new();
    for round in 0..OPENINGS {
        let mut app = stage.start(Start::practicing(1.0)).await;
        let page = app.page().await;
        page.sees("Write all of it", SOON).await;
        // The practice cloud, in the same process, reads all it said.
        app.until_idle().await;
        page.run(&OPEN.replace("LAST", &format!("'{LAST}'")), Vec::new()).await;
        times.extend(page.answer("window.opened").await.as_f64());
        if round + 1 == OPENINGS {
            scroll(&page).await;
        }
        end(page, app, &stage).await;
    }
    let opened = Figures::of(times);
    opened.print("100,000 events, row to last line");
    println!("limit: p50 150 ms: {}", held(opened.at(0.5) <= 150.0));
}

async fn scroll(page: &Page) {
    let ours = frames(page, SCROLL, "window.scrolled", "scrolling, between frames").await;
    let bare = frames(
        page,
        BARE,
        "window.bare",
        "a bare element with as many lines, between frames",
    )
    .await;
    println!("p50 of ours to that of a bare element: {:.2}", ours / bare);
}

/// Scrolls and prints the times between frames; gives their median.
async fn frames(page: &Page, script: &str, promise: &str, name: &str) -> f64 {
    page.run(script, Vec::new()).await;
    let frames = page.answer(promise).await;
    let frames: Vec<f64> = frames
        .as_array()
        .expect("times")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    let dropped = 100.0 * frames.iter().filter(|time| **time > DROPPED).count() as f64 / frames.len() as f64;
    let figures = Figures::of(frames);
    figures.print(name);
    println!("frames longer than {DROPPED} ms: {dropped:.1} %");
    figures.at(0.5)
}

/// The memory of the page and of all processes, in megabytes.
async fn least(app: &App) -> (f64, f64) {
    let (mut page, mut all) = (f64::MAX, f64::MAX);
    for _ in 0..LOOKS {
        page = page.min(app.memory_of_pages());
        all = all.min(app.memory());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    (page, all)
}

async fn end(page: Page, mut app: App, stage: &Stage) {
    drop(page);
    app.quit(stage).await;
}

/// Looks once a second: more often would slow the page that is measured.
async fn until_said(page: &Page, words: &str) {
    let begun = Instant::now();
    let script = format!("return document.querySelector('main').textContent.includes('{words}')");
    while page.run(&script, Vec::new()).await != Value::Bool(true) {
        assert!(begun.elapsed() < WRITTEN, "the page never says {words}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn held(holds: bool) -> &'static str {
    if holds { "holds" } else { "does not hold" }
}
