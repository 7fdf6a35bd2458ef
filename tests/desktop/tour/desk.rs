//! The desk with every tool, and what is said of keys and removed pictures.

use sendoff_tests::person;
use sendoff_tests::stage::{Page, SOON, Stage};

use super::Album;

/// Pulls across the picture; places are shares of its width and height.
async fn pull(page: &Page, from: (f64, f64), to: (f64, f64)) {
    let [left, top, width, height] = person::picture_on_desk(page).await;
    let place = |(x, y): (f64, f64)| (left + x * width, top + y * height);
    page.drag(place(from), place(to)).await;
}

/// Marks the first of two pictures with everything there is.
pub(super) async fn marking(album: &mut Album, stage: &Stage, page: &Page) {
    page.click("Picture 1 of 2").await;
    let here = "const img = document.querySelector('dialog[open] img'); \
                return img?.complete === true && getComputedStyle(img).visibility === 'visible'";
    page.until("the picture on the desk", SOON, here).await;
    album.keep(page, "desk").await;
    for (key, name, from, to) in [
        ("a", "arrow", (0.45, 0.3), (0.58, 0.7)),
        ("b", "box", (0.59, 0.72), (0.81, 0.86)),
        ("o", "ellipse", (0.25, 0.2), (0.45, 0.34)),
        ("l", "line", (0.25, 0.45), (0.44, 0.45)),
        ("h", "highlighter", (0.25, 0.56), (0.5, 0.56)),
        ("p", "pen", (0.25, 0.66), (0.4, 0.62)),
        ("r", "redact", (0.62, 0.15), (0.9, 0.22)),
    ] {
        stage.press(key);
        pull(page, from, to).await;
        album.keep(page, &format!("desk-{name}")).await;
    }
    stage.press("t");
    pull(page, (0.25, 0.76), (0.25, 0.76)).await;
    stage.type_words("Same width as the fields");
    album.keep(page, "desk-text-writing").await;
    stage.press("Escape");
    album.keep(page, "desk-text").await;
    stage.press("n");
    pull(page, (0.86, 0.79), (0.86, 0.79)).await;
    page.control("What about ①?").await;
    stage.type_words("too far left");
    album.keep(page, "desk-pin-writing").await;
    stage.press("Return");
    pull(page, (0.2, 0.27), (0.2, 0.27)).await;
    page.control("What about ②?").await;
    stage.press("Escape");
    album.keep(page, "desk-pins").await;
    stage.press("c");
    pull(page, (0.18, 0.1), (0.95, 0.92)).await;
    album.keep(page, "desk-crop").await;
    stage.press("Return");
    page.sees("Cropped", SOON).await;
    album.keep(page, "desk-cropped").await;
    page.click("Done").await;
    page.control("Picture 1 of 2").await;
    album.keep(page, "compose-marked").await;
}

/// What looks like a key, and a picture that was taken away.
pub(super) async fn asking(album: &mut Album, page: &Page) {
    let key = format!("ghp_{}", "x9Kd2mQ7LrT4vWz8".repeat(3));
    page.write("What should change?", &format!("\u{E007}It fails with {}", &key[..40]))
        .await;
    page.control("It is fine").await;
    album.keep(page, "compose-key").await;
    page.click("Remove").await;
    page.until_gone("It is fine").await;
    page.click("Remove picture 2").await;
    page.sees("Picture removed", SOON).await;
    album.keep(page, "compose-removed").await;
    page.click("Undo").await;
    page.control("Picture 2 of 2").await;
}
