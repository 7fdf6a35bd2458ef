//! From the key to a drawn thumbnail, for 4K and 5K screenshots on the clipboard of another program.

use sendoff_tests::person;
use sendoff_tests::stage::{Page, Setting, Stage, Start, screenshot_png};

use crate::figures::Figures;

const ROUNDS: usize = 30;

/// Notes when the key comes, when the picture is in the page, and when the first frame with it drawn is over.
/// It takes itself out again: what a round leaves would slow the next.
const WATCH: &str = "
let told;
window.pasted = new Promise((resolve) => { told = resolve; });
const over = new AbortController();
let pressed = null;
let placed = null;
const thumbnail = () => document.querySelector('[aria-label=\"Picture 1 of 1\"] img');
const watch = new MutationObserver(() => {
  const image = thumbnail();
  if (pressed === null || image === null) return;
  watch.disconnect();
  over.abort();
  placed = performance.now() - pressed;
  image.decode().then(() => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { told([placed, performance.now() - pressed]); };
    channel.port2.postMessage(null);
  }));
});
watch.observe(document.body, { childList: true, subtree: true });
addEventListener('keydown', (event) => { if (event.key === 'v') pressed = performance.now(); }, { capture: true, signal: over.signal });
";

/// Measures both sizes.
pub(crate) async fn measure() {
    let stage = Stage::raise("measure_paste", Setting::default()).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    for (name, width, height, limit) in [("4K", 3840, 2160, 100.0), ("5K", 5120, 2880, 150.0)] {
        let (mut in_page, mut times) = (Vec::new(), Vec::new());
        let mut bytes = 0;
        for round in 0..ROUNDS {
            let seed = u32::try_from(round).unwrap_or_default();
            // Another picture each time: what was seen before is not read again.
            let picture = screenshot_png(width, height, seed + width);
            bytes = bytes.max(picture.len());
            stage.copy_picture("image/png", &picture).await;
            let (placed, drawn) = paste(&stage, &page).await;
            in_page.push(placed);
            times.push(drawn);
            page.click("Remove picture 1").await;
            page.until_gone("Picture 1 of 1").await;
        }
        Figures::of(in_page).print(&format!("{name}, key to its place in the page"));
        let figures = Figures::of(times);
        figures.print(&format!("{name}, up to {} KB, key to thumbnail", bytes / 1000));
        let holds = if figures.at(0.95) <= limit {
            "holds"
        } else {
            "does not hold"
        };
        println!("limit: p95 {limit} ms: {holds}");
    }
}

/// Milliseconds from the key to the picture's place in the page, and to the frame that shows it.
async fn paste(stage: &Stage, page: &Page) -> (f64, f64) {
    page.click("What should change?").await;
    page.run(WATCH, Vec::new()).await;
    stage.press("ctrl+v");
    let times = page.answer("window.pasted").await;
    let time = |at: usize| times[at].as_f64().expect("a time in milliseconds");
    (time(0), time(1))
}
