//! From the key to a drawn thumbnail, for 4K and 5K screenshots on the clipboard of another program.

use sendoff_tests::person;
use sendoff_tests::stage::{Page, SOON, Setting, Stage, Start, screenshot_png};

use crate::figures::Figures;

const ROUNDS: usize = 30;

/// Notes when the key comes, and when the first frame with the drawn picture is over.
const WATCH: &str = "
window.pasted = null;
let pressed = null;
addEventListener('keydown', (event) => { if (event.key === 'v') pressed = performance.now(); }, { capture: true });
const look = () => {
  const image = document.querySelector('[aria-label=\"Picture 1 of 1\"] img');
  if (pressed !== null && image?.complete && image.naturalWidth > 0) {
    image.decode().then(() => requestAnimationFrame(() => { window.pasted = performance.now() - pressed; }));
    return;
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
return true;
";

/// Measures both sizes.
pub(crate) async fn measure() {
    let stage = Stage::raise("measure_paste", Setting::default()).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    for (name, width, height, limit) in [("4K", 3840, 2160, 100.0), ("5K", 5120, 2880, 150.0)] {
        let mut times = Vec::new();
        let mut bytes = 0;
        for round in 0..ROUNDS {
            let seed = u32::try_from(round).unwrap_or_default();
            // Another picture each time: what was seen before is not read again.
            let picture = screenshot_png(width, height, seed + width);
            bytes = bytes.max(picture.len());
            stage.copy_picture("image/png", &picture).await;
            times.push(paste(&stage, &page).await);
            page.click("Remove picture 1").await;
            page.until_gone("Picture 1 of 1").await;
        }
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

async fn paste(stage: &Stage, page: &Page) -> f64 {
    page.click("What should change?").await;
    page.run(WATCH, Vec::new()).await;
    stage.press("ctrl+v");
    page.until("the thumbnail", SOON, "return window.pasted !== null").await;
    page.run("return window.pasted", Vec::new())
        .await
        .as_f64()
        .expect("a time in milliseconds")
}
