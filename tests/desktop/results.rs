//! What an agent left is taken out of the window: dragged into another program, and saved.

use std::path::{Path, PathBuf};

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, until};

const PACE: f64 = 12.0;

/// The middle of something on the page, in pixels of the screen.
async fn place_of(stage: &Stage, page: &Page, selector: &str) -> (i32, i32) {
    let script = format!(
        "const one = document.querySelector({selector:?});
         one.scrollIntoView({{ block: 'center' }});
         const box = one.getBoundingClientRect();
         return [box.left + box.width / 2, box.top + box.height / 2];"
    );
    let inside = page.run(&script, Vec::new()).await;
    let [x, y] = [0, 1].map(|index| inside[index].as_f64().expect("a number") as i32);
    // By the whole title: the system keeps a window of the program's name for drags.
    let [left, top, ..] = stage.place("button – Sendoff");
    (left + x, top + y)
}

/// The file at an address, as it is on disk.
fn file_of(address: &str) -> PathBuf {
    let path = address.strip_prefix("file://").expect("a file of this computer");
    PathBuf::from(path.replace("%20", " "))
}

async fn saved(path: &Path) -> Vec<u8> {
    until("the saved file", SOON, || async { std::fs::read(path).ok() }).await
}

#[tokio::test]
async fn what_an_agent_left_is_taken_out_of_the_window() {
    let stage = Stage::raise("what_an_agent_left_is_taken_out_of_the_window", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    person::send(&page, "Center the sign-in button").await;
    page.sees("done, pull request ready", LONG).await;
    let tile = "li[data-file$='.png'] img";
    page.until(
        "the picture that it left",
        LONG,
        &format!("const image = document.querySelector({tile:?}); return image !== null && image.naturalWidth > 0"),
    )
    .await;

    // Twice: after the first the page is as it was.
    let mut got = Vec::new();
    for _ in 0..2 {
        let from = place_of(&stage, &page, tile).await;
        got.extend(stage.drag_out(from).await);
    }
    let [address, again] = got.as_slice() else {
        panic!("one file was dragged each time: {got:?}");
    };
    assert_eq!(address, again, "the same file has one copy");
    let dragged = file_of(address);
    let bytes = std::fs::read(&dragged).expect("the file that was dragged");
    assert_eq!(
        (
            dragged.file_name().and_then(|name| name.to_str()),
            bytes.starts_with(b"\x89PNG"),
            dragged.starts_with(stage.data())
        ),
        (Some("after.png"), true, true),
        "the other program gets a copy under the file's own name"
    );

    // The same picture is saved; what is saved is what was dragged.
    page.click("After").await;
    page.click("Save").await;
    let to = stage.home().join("kept.png");
    stage.choose_file("Save file", &to).await;
    assert_eq!(saved(&to).await, bytes, "saved as it was dragged");
    page.click("Close").await;

    for (item, name, begins) in [
        ("Save as a web page", "kept.html", "<!doctype html>"),
        ("Save as Markdown", "kept.md", "# "),
    ] {
        page.click("More").await;
        page.click_starting(item).await;
        let to = stage.home().join(name);
        stage.choose_file("Save file", &to).await;
        let text = String::from_utf8(saved(&to).await).expect("words");
        assert!(
            text.starts_with(begins) && text.contains("Center the sign-in button"),
            "the conversation, by itself: {text}"
        );
        std::fs::copy(&to, stage.logs().join(name)).expect("it can be kept to be looked at");
    }
    app.quit(&stage).await;
}
