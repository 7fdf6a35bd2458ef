//! Found again: by words of a reply, with keys alone, and by letters of a title.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start};

const PACE: f64 = 6.0;

#[tokio::test]
async fn what_was_said_is_found_and_marked_where_it_stands() {
    let stage = Stage::raise("what_was_said_is_found_and_marked_where_it_stands", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    person::send(&page, "Center the sign-in button").await;
    page.sees("done, pull request ready", LONG).await;
    page.click("New").await;
    person::sees_empty_draft(&page).await;

    page.write("Search", "tests pass").await;
    page.sees("In conversations", SOON).await;
    stage.press("Down");
    page.until(
        "the keyboard on what was found",
        SOON,
        "return document.activeElement?.getAttribute('aria-label') === 'In conversations'",
    )
    .await;
    stage.press("Return");
    page.until(
        "the words marked in the reply, in view",
        SOON,
        "const ranges = [...CSS.highlights.values()].flatMap((highlight) => [...highlight]);
         const words = ranges.map((range) => range.toString().toLowerCase());
         const box = ranges[0]?.getBoundingClientRect();
         return words.includes('tests') && words.includes('pass') && box.top > 0 && box.bottom < innerHeight;",
    )
    .await;
    std::fs::write(stage.logs().join("found.png"), page.photograph().await).expect("a picture can be kept");

    page.click("New").await;
    person::sees_empty_draft(&page).await;
    stage.press("ctrl+k");
    page.control("What was found").await;
    stage.type_words("center");
    stage.press("Return");
    stage.window("Center the sign-in button – Sendoff").await;
    app.quit(&stage).await;
}
