//! The desk by hand: a picture is pasted, redacted, pinned and cropped, and what arrives is looked at pixel by pixel.

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png, until};

use crate::pixels::Pixels;

/// Width and height of the picture.
const SIZE: (u32, u32) = (480, 320);
/// Left, top, right and bottom of what is redacted, in pixels of the picture.
const REDACTED: [usize; 4] = [100, 60, 220, 100];
/// The middle of the pin.
const PIN: (usize, usize) = (330, 200);
/// What is kept of the picture.
const KEPT: [usize; 4] = [60, 40, 420, 280];

/// Where the picture lies on the desk, in CSS pixels; one of them is a pixel of the picture.
async fn corner(page: &Page) -> (f64, f64) {
    page.until(
        "the picture on the desk",
        SOON,
        "const img = document.querySelector('dialog[open] img'); \
         return img?.complete === true && getComputedStyle(img).visibility === 'visible'",
    )
    .await;
    let [left, top, width, height] = person::picture_on_desk(page).await;
    assert_eq!(
        (width, height),
        (f64::from(SIZE.0), f64::from(SIZE.1)),
        "it is shown at its own size"
    );
    (left, top)
}

/// Pulls from one place of the picture to another.
async fn pull(page: &Page, from: (usize, usize), to: (usize, usize)) {
    let (left, top) = corner(page).await;
    let place = |(x, y): (usize, usize)| (left + x as f64, top + y as f64);
    page.drag(place(from), place(to)).await;
}

#[tokio::test]
async fn what_is_marked_by_hand_arrives_as_it_was_seen() {
    let stage = Stage::raise("what_is_marked_by_hand_arrives_as_it_was_seen", Setting::default()).await;
    let cloud = Practice::start(Options {
        speed: 20.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    page.write("What should change?", "The sign-in form").await;
    let picture = screenshot_png(SIZE.0, SIZE.1, 3);
    stage.copy_picture("image/png", &picture).await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 1 of 1", 1, LONG).await;
    page.click("Picture 1 of 1").await;

    corner(&page).await;
    stage.press("r");
    pull(&page, (REDACTED[0], REDACTED[1]), (REDACTED[2], REDACTED[3])).await;
    page.control("Redaction").await;
    stage.press("n");
    pull(&page, PIN, PIN).await;
    page.control("What about ①?").await;
    stage.type_words("too pale");
    stage.press("Return");
    page.control("Pin 1: too pale").await;
    stage.press("c");
    pull(&page, (KEPT[0], KEPT[1]), (KEPT[2], KEPT[3])).await;
    stage.press("Return");
    page.sees(
        "Pin 1 is in your words · 1 redaction, burnt in when sent · Cropped",
        SOON,
    )
    .await;
    std::fs::write(stage.logs().join("desk.png"), page.photograph().await).expect("a picture can be kept");
    page.click("Done").await;
    assert_eq!(
        page.value("What should change?").await,
        "The sign-in form\n① too pale",
        "the pin speaks in the words"
    );
    person::choose_repository(&page, "acme/web").await;
    page.click("Send").await;
    page.click("Send now").await;
    let arrived = until("the picture at the cloud", LONG, || async {
        let agent = cloud.agents().into_iter().next()?;
        let run = agent.runs.into_iter().next()?;
        Some((run.prompt, run.pictures))
    })
    .await;
    let (prompt, pictures) = arrived;
    assert_eq!(prompt, "The sign-in form\n① too pale", "the words");
    assert_eq!(pictures.len(), 1, "and one picture");
    let bytes = std::fs::read(stage.data().join("blobs").join(&pictures[0].sha256)).expect("the bytes that were sent");
    pixels_are_right(&Pixels::of_png(&bytes), &Pixels::of_png(&picture));
    assert_eq!(
        (
            bytes.windows(4).any(|chunk| chunk == b"tEXt" || chunk == b"eXIf"),
            &bytes[bytes.len() - 8..bytes.len() - 4]
        ),
        (false, &b"IEND"[..]),
        "no words beside the pixels, and nothing after their end"
    );
    app.quit(&stage).await;
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}

/// Cropped, black where it was redacted, the pin in its place, and everything else as it was.
fn pixels_are_right(sent: &Pixels, original: &Pixels) {
    let [left, top, right, bottom] = KEPT;
    assert_eq!((sent.width, sent.height()), (right - left, bottom - top), "cropped");
    let (mut fills, mut changed) = (Vec::new(), Vec::new());
    for down in top..bottom {
        for across in left..right {
            let is = sent.pixel(across - left, down - top);
            let redacted = (REDACTED[0]..REDACTED[2]).contains(&across) && (REDACTED[1]..REDACTED[3]).contains(&down);
            let far = across.abs_diff(PIN.0).max(down.abs_diff(PIN.1)) > 40;
            if redacted {
                fills.push(is);
            } else if far && is != original.pixel(across, down) {
                changed.push((across, down));
            }
        }
    }
    fills.sort_unstable();
    fills.dedup();
    assert_eq!(fills, [[0, 0, 0, 255]], "one color and nothing of what was there");
    assert_eq!(changed, [], "what was not marked is what it was");
    let pin = sent.pixel(PIN.0 - left - 8, PIN.1 - top);
    assert_ne!(pin, original.pixel(PIN.0 - 8, PIN.1), "the pin is where it was put");
}
