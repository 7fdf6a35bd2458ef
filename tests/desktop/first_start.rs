//! From the first window to a finished agent, a notification, and a restart that keeps everything.

use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start, screenshot_png};

fn start() -> Start {
    Start {
        practice_speed: Some(4.0),
        ..Start::default()
    }
}

#[tokio::test]
async fn a_pasted_picture_and_words_survive_a_kill() {
    let stage = Stage::raise("a_pasted_picture_and_words_survive_a_kill", Setting::default()).await;
    let mut app = stage.start(start()).await;
    let page = app.page().await;
    page.click("Start practicing").await;
    page.control("What should change?").await;
    stage.copy_picture("image/png", &screenshot_png(3840, 2160, 1)).await;
    page.click("What should change?").await;
    stage.press("ctrl+v");
    page.sees_pictures("Picture 1 of 1", 1, SOON).await;
    page.write("What should change?", "The blue button is too low.").await;
    page.sees("Draft, 1 picture", SOON).await;
    page.control_starting("The blue button is too low.", SOON).await;
    app.kill();
    let mut app = stage.start(start()).await;
    let page = app.page().await;
    page.sees("Draft, 1 picture", LONG).await;
    page.sees_pictures("Picture 1 of 1", 1, LONG).await;
}

#[tokio::test]
async fn a_sent_draft_becomes_a_pull_request_and_is_told() {
    let stage = Stage::raise("a_sent_draft_becomes_a_pull_request_and_is_told", Setting::default()).await;
    let mut app = stage.start(start()).await;
    let page = app.page().await;
    page.click("Start practicing").await;
    page.write("What should change?", "The blue button is too low.").await;
    page.click_starting("Repository").await;
    page.write("Find a repository", "acme/web").await;
    page.sees("acme/web", SOON).await;
    stage.press("Return");
    page.control_starting("Repository: acme/web", SOON).await;
    page.click("Send").await;
    page.click("Send now").await;
    stage.notices.expect("Done", LONG).await;
    page.control("Open pull request").await;
    page.sees("Done in", LONG).await;
}
