//! The main job, from the first window to a restart: practice, a pasted 4K screenshot, words, a repository, the hold,
//! live steps, the notification, the result, a follow-up, and everything there again.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start, screenshot_png, until};

/// Practice agents at this pace are done in a few seconds, and their steps can still be seen.
const PACE: f64 = 6.0;

#[tokio::test]
async fn first_start() {
    let stage = Stage::raise("first_start", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;

    page.sees("Show it. Say it. Send it off.", SOON).await;
    page.click("Start practicing").await;
    page.control("What should change?").await;

    // Pasting is native: a real key in a real window, bytes from a real other program.
    let shot = screenshot_png(3840, 2160, 7);
    stage.copy_picture("image/png", &shot).await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 1 of 1", 1, SOON).await;
    page.write("What should change?", "Center the sign-in button").await;
    person::choose_repository(&page, "acme/web").await;
    page.sees("1 picture, ", SOON).await;

    stage.press("ctrl+Return");
    page.control("Undo").await;
    page.sees("Sending in", SOON).await;
    page.click("Send now").await;

    // It is followed live: steps come while it works, and a person sees what it is doing now.
    page.control("Stop").await;
    page.sees("Read ", LONG).await;
    page.control("Open pull request").await;
    page.sees("done, pull request ready", LONG).await;
    page.sees_pictures("After", 1, SOON).await;
    person::sees_costs(&page, 1).await;
    assert_eq!(
        stage.notices.all(),
        [],
        "nobody is told of what happens before their eyes"
    );

    page.click("Open pull request").await;
    let opened = until("the browser", SOON, || async { stage.opened().first().cloned() }).await;
    let page_of_practice = opened
        .strip_prefix("http://127.0.0.1:")
        .and_then(|rest| rest.split_once('/'));
    assert_eq!(
        page_of_practice.map(|(_, path)| path.trim_end_matches(char::is_numeric)),
        Some("_pages/pull/"),
        "a page of the practice cloud: {opened}"
    );

    page.write("Answer", "Also on phones").await;
    stage.press("ctrl+Return");
    page.sees("Done: Also on phones.", LONG).await;
    page.until_gone("Stop").await;
    // Its picture comes a moment after its end, as its cost does.
    page.sees_pictures("After", 2, LONG).await;
    person::sees_costs(&page, 2).await;
    let told = page.words().await;
    drop(page);
    app.quit(&stage).await;

    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    page.click_starting("Center the sign-in button").await;
    page.sees("Also on phones", SOON).await;
    // Each run has its own under its reply.
    page.sees_pictures("After", 2, SOON).await;
    person::sees_again(&page, &told).await;
}
