//! Found again: by words of a reply, with keys alone, and by letters of a title.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start};

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

    leads_to(&stage, &page, ["tests", "pass"]).await;
    std::fs::write(stage.logs().join("found.png"), page.photograph().await).expect("a picture can be kept");

    // What an earlier run said, from elsewhere: it stands screens above the end, at which the agent is opened.
    page.write("Answer", "Make the border blue").await;
    stage.press("ctrl+Return");
    person::sees_costs(&page, 2).await;
    page.click("New").await;
    person::sees_empty_draft(&page).await;
    leads_to(&stage, &page, ["colors", "behavior"]).await;

    page.click("New").await;
    person::sees_empty_draft(&page).await;
    stage.press("ctrl+k");
    page.control("What was found").await;
    stage.type_words("center");
    stage.press("Return");
    stage.window("Center the sign-in button – Sendoff").await;
    app.quit(&stage).await;
}

/// Searches two words, opens the first place with the keys, and sees both marked there, in view.
async fn leads_to(stage: &Stage, page: &Page, words: [&str; 2]) {
    page.write("Search", &words.join(" ")).await;
    page.sees("In conversations", SOON).await;
    stage.press("Down");
    page.until(
        "the keyboard on what was found",
        SOON,
        "return document.activeElement?.getAttribute('aria-label') === 'In conversations'",
    )
    .await;
    stage.press("Return");
    let marked = format!(
        "const ranges = [...CSS.highlights.values()].flatMap((highlight) => [...highlight]);
         const words = ranges.map((range) => range.toString().toLowerCase());
         const box = ranges[0]?.getBoundingClientRect();
         return {words:?}.every((word) => words.includes(word)) && box.top > 0 && box.bottom < innerHeight;"
    );
    page.until("the words marked in the reply, in view", SOON, &marked)
        .await;
}
