//! Frames while a mark is dragged over a 5K picture, beside the same picture with a plain box that follows the pointer:
//! what this WebKit and this screen give to anybody.

use std::f64::consts::TAU;

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png};

use crate::figures::Figures;

const ROUNDS: usize = 5;
/// Places of the pointer in one drag.
const STEPS: usize = 180;
/// A frame that took longer was dropped, at 60 a second.
const DROPPED: f64 = 25.0;

/// Tells the time between the frames from the press of the pointer to its release.
const FRAMES: &str = "
window.frames = new Promise((resolve) => {
  const times = [];
  let down = false;
  const frame = (now) => { if (down) { times.push(now); requestAnimationFrame(frame); } };
  addEventListener('pointerdown', () => { down = true; requestAnimationFrame(frame); }, { capture: true, once: true });
  addEventListener('pointerup', () => {
    down = false;
    resolve(times.slice(1).map((time, at) => time - times[at]));
  }, { capture: true, once: true });
});
";

/// The picture as large as it is on the desk, and a box over it; nothing else is in the page.
const PLAIN: &str = "
const image = document.querySelector('dialog[open] img');
const place = image.getBoundingClientRect();
const plain = document.createElement('dialog');
plain.id = 'plain';
plain.style.cssText = 'position:fixed;inset:0;width:100vw;height:100vh;max-width:none;max-height:none;border:0;padding:0;margin:0';
const copy = document.createElement('img');
copy.src = image.src;
copy.draggable = false;
copy.style.cssText = `position:absolute;left:${place.left}px;top:${place.top}px;width:${place.width}px;height:${place.height}px`;
const box = document.createElement('div');
box.style.cssText = 'position:absolute;left:0;top:0;width:120px;height:60px;border:4px solid red;pointer-events:none';
plain.append(copy, box);
plain.addEventListener('pointermove', (event) => { box.style.transform = `translate(${event.clientX}px,${event.clientY}px)`; });
document.body.append(plain);
plain.showModal();
return copy.decode().then(() => true);
";

/// Measures both.
pub(crate) async fn measure() {
    let stage = Stage::raise("measure_desk", Setting::default()).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    stage.copy_picture("image/png", &screenshot_png(5120, 2880, 7)).await;
    page.click("What should change?").await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 1 of 1", 1, LONG).await;
    page.click("Picture 1 of 1").await;
    page.until(
        "the picture on the desk",
        SOON,
        "const img = document.querySelector('dialog[open] img'); \
         return img?.complete === true && getComputedStyle(img).visibility === 'visible'",
    )
    .await;
    let [left, top, width, height] = person::picture_on_desk(&page).await;
    let middle = (left + width / 2.0, top + height / 2.0);
    stage.press("b");
    page.drag((middle.0 - 60.0, middle.1 - 30.0), (middle.0 + 60.0, middle.1 + 30.0))
        .await;
    page.control("Box").await;
    // The pen's width is what a box can be taken by.
    stage.press("v");
    let taken = (middle.0 - 60.0, middle.1);
    let ours = rounds(&stage, &page, taken).await;
    page.run(PLAIN, Vec::new()).await;
    let plain = rounds(&stage, &page, taken).await;
    let (dropped, plain_dropped) = (share(&ours), share(&plain));
    Figures::of(ours).print("5K, a box dragged, between frames");
    Figures::of(plain).print("5K, a plain page, between frames");
    println!("frames longer than {DROPPED} ms: {dropped:.1} % here, {plain_dropped:.1} % in the plain page");
    println!(
        "limit: 60 frames a second: {}",
        if dropped < 1.0 { "holds" } else { "does not hold" }
    );
}

/// The times between frames of several drags.
async fn rounds(stage: &Stage, page: &Page, from: (f64, f64)) -> Vec<f64> {
    let [left, top, ..] = stage.place("Sendoff");
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        page.run(FRAMES, Vec::new()).await;
        // Once around, and back to where it began, so that the next round finds it there.
        let path: Vec<(i32, i32)> = (0..=STEPS)
            .map(|step| {
                let angle = TAU * step as f64 / STEPS as f64;
                let (across, down) = (from.0 + 120.0 * angle.sin(), from.1 + 80.0 * (1.0 - angle.cos()));
                (left + across.round() as i32, top + down.round() as i32)
            })
            .collect();
        stage.pull(&path);
        let frames = page.answer("window.frames").await;
        let frames = frames.as_array().expect("times between frames");
        times.extend(frames.iter().filter_map(serde_json::Value::as_f64));
    }
    times
}

/// Percent of the frames that were dropped.
fn share(times: &[f64]) -> f64 {
    let dropped = times.iter().filter(|time| **time > DROPPED).count();
    100.0 * dropped as f64 / times.len().max(1) as f64
}
