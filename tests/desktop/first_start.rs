//! From the first window to a finished agent, a follow-up, and a restart that keeps everything.

use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start, screenshot_png};

#[tokio::test]
async fn practice_paste_send_follow_answer_restart() {
    let stage = Stage::raise("first_start", Setting::default()).await;
    let start = || Start {
        practice_speed: Some(4.0),
        ..Start::default()
    };
    let mut app = stage.start(start()).await;
    let page = app.page().await;

    page.click("Start practicing").await;
    page.control("What should change?").await;
    stage.photograph("1-composer");

    stage.copy_picture("image/png", &screenshot_png(3840, 2160, 1)).await;
    page.click("What should change?").await;
    stage.press("ctrl+v");
    page.sees_pictures("Picture 1 of 1", 1, SOON).await;
    page.write("What should change?", "The blue button is too low. Move it up.")
        .await;
    stage.photograph("2-picture");

    page.click("Repository").await;
    page.write("Find a repository", "https://github.com/acme/web").await;
    stage.photograph("3-repository");
    stage.press("Return");
    page.sees("acme/web", SOON).await;
    page.click("Send").await;
    stage.photograph("4-sent");
    page.click("Send now").await;
    page.sees("Working", SOON).await;
    stage.photograph("5-working");
    let notice = stage.notices.expect("Done", LONG).await;
    println!("{notice:?}");
    stage.photograph("6-done");
    println!("{}", page.words().await);
}
