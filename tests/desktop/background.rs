//! Without a window: an agent goes on, is told of, and its notification leads back to it.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start, screenshot_png, until};

/// Slow enough that the window is closed before the agent is done.
const PACE: f64 = 2.0;

#[tokio::test]
async fn an_agent_finishes_while_the_window_is_closed() {
    let stage = Stage::raise("an_agent_finishes_while_the_window_is_closed", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    stage.copy_picture("image/png", &screenshot_png(800, 600, 1)).await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 1 of 1", 1, LONG).await;
    person::send(&page, "Center the sign-in button").await;
    page.control("Stop").await;
    stage.tray.expect("1 agent working", SOON).await;
    stage.tray.expect("Center the sign-in button", SOON).await;
    drop(page);
    stage.close_window("Sendoff");
    until("no window and no web process", SOON, || async {
        (stage.windows("Sendoff") == 0 && app.web_processes() == 0).then_some(())
    })
    .await;

    let notice = stage.notices.expect("Done: Center the sign-in button", LONG).await;
    let face = notice.picture.as_deref().map(size_of_png);
    assert_eq!(face, Some((640, 480)), "it shows the picture that was sent, small");
    stage.tray.expect("No agents working", SOON).await;
    stage.notices.click(&notice).await;
    // The driver knows only the first web view of a process; what a later one shows is told by the window's title.
    stage.window("Center the sign-in button – Sendoff").await;
    assert_eq!(stage.notices.all().len(), 1, "told once");
    stage.tray.click("New", SOON).await;
    stage.window("New agent – Sendoff").await;
    stage.close_window("Sendoff");
    stage.no_window("Sendoff").await;
    stage.tray.click("New", SOON).await;
    stage.window("New agent – Sendoff").await;
    app.quit(&stage).await;
}

/// Width and height, as the header of a PNG says (PNG specification, 11.2.1).
fn size_of_png(bytes: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "it is a PNG");
    (number(16), number(20))
}

#[tokio::test]
async fn the_window_comes_back_as_large_as_it_was_left() {
    let stage = Stage::raise("the_window_comes_back_as_large_as_it_was_left", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    let large = |size: [i32; 2]| {
        let stage = &stage;
        until("the window has that size", SOON, move || async move {
            let [_, _, width, height] = stage.place("Sendoff");
            ([width, height] == size).then_some(())
        })
    };
    large([1180, 780]).await;
    stage.resize("Sendoff", 1000, 650);
    large([1000, 650]).await;
    drop(page);
    stage.close_window("Sendoff");
    stage.no_window("Sendoff").await;
    stage.tray.click("New", SOON).await;
    stage.window("Sendoff").await;
    large([1000, 650]).await;
    stage.resize("Sendoff", 900, 600);
    large([900, 600]).await;
    app.quit(&stage).await;

    let mut app = stage.start(Start::practicing(PACE)).await;
    stage.window("Sendoff").await;
    large([900, 600]).await;
    app.quit(&stage).await;
}

fn without_tray() -> Setting {
    Setting {
        tray: false,
        ..Setting::default()
    }
}

#[tokio::test]
async fn a_desktop_that_shows_no_notifications_is_told_of_in_settings() {
    let setting = Setting {
        notices: false,
        ..Setting::default()
    };
    let stage = Stage::raise("a_desktop_that_shows_no_notifications_is_told_of_in_settings", setting).await;
    let mut app = stage.start(Start::practicing(10.0 * PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    person::send(&page, "Center the sign-in button").await;
    // An agent that is looked at is not told of.
    page.click("New").await;
    page.sees("Pull request ready", LONG).await;
    stage.press("ctrl+comma");
    page.sees("Your desktop showed no notification when one was due.", SOON)
        .await;
    app.quit(&stage).await;
}

#[tokio::test]
async fn without_a_tray_closing_asks_once() {
    let stage = Stage::raise("without_a_tray_closing_asks_once", without_tray()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    stage.close_window("Sendoff");
    page.control("Keep working in the background").await;
    stage.press("Escape");
    page.until_gone("Keep working in the background").await;
    assert!(app.runs(), "nothing was decided, so nothing changes");
    stage.close_window("Sendoff");
    page.click("Keep working in the background").await;
    drop(page);
    until("no window", SOON, || async {
        (stage.windows("Sendoff") == 0 && app.web_processes() == 0).then_some(())
    })
    .await;
    assert!(app.runs(), "it works on in the background");

    // Starting it again brings the window of the first back, and the second ends.
    let mut second = stage.start(Start::practicing(PACE)).await;
    assert!(second.ended().await.success(), "the second start hands over");
    stage.window("New agent – Sendoff").await;
    stage.close_window("Sendoff");
    stage.no_window("Sendoff").await;
    assert!(app.runs(), "the answer was kept, and it does not ask again");
}
