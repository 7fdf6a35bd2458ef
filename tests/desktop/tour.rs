//! One walk through every screen and state of the app.

mod desk;

use std::fs;
use std::path::{Path, PathBuf};

use practice_cloud::{Fault, Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{App, Keyring, LONG, Page, SOON, Setting, Stage, Start, screenshot_png};

/// Where pictures go, and how many there are.
struct Album {
    folder: PathBuf,
    count: usize,
}

impl Album {
    /// Keeps a picture of the page once it rests: fonts loaded, pictures drawn, nothing moving.
    async fn keep(&mut self, page: &Page, name: &str) {
        page.until(
            "a page at rest",
            SOON,
            "const moving = document.getAnimations().some((one) => one.effect.getComputedTiming().iterations < 100 \
             && one.playState === 'running');
             if (moving || document.fonts.status !== 'loaded') return false;
             const drawn = [...document.images].map((image) => image.decode().catch(() => null));
             return Promise.all(drawn)
               .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
               .then(() => true)",
        )
        .await;
        self.count += 1;
        let file = self.folder.join(format!("{:02}-{name}.png", self.count));
        fs::write(file, page.photograph().await).expect("a picture can be written");
    }
}

/// Takes all pictures of one look and gives their number.
pub(crate) async fn tour(folder: &Path, dark: bool, scale: u32) -> usize {
    let mut album = Album {
        folder: folder.to_owned(),
        count: 0,
    };
    let stage = Stage::raise(
        "screenshots",
        Setting {
            dark,
            scale,
            tray: false,
            ..Setting::default()
        },
    )
    .await;
    let cloud = Practice::start(Options {
        speed: 4.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    keys(&mut album, &stage, &page, &cloud).await;
    composing(&mut album, &stage, &page).await;
    sending(&mut album, &page).await;
    following(&mut album, &page).await;
    endings(&mut album, &page).await;
    around(&mut album, &stage, &page).await;
    unusual(&mut album, &stage, &page, &cloud).await;
    trouble(&mut album, &stage, &page, cloud).await;
    blocked(&mut album, &stage, page, app).await;
    drop(stage);
    keyless(&mut album, dark, scale).await;
    album.count
}

async fn keys(album: &mut Album, stage: &Stage, page: &Page, cloud: &Practice) {
    page.sees("Show it. Say it. Send it off.", SOON).await;
    album.keep(page, "welcome").await;
    person::connect(page, &format!("crsr_{}", "0".repeat(64))).await;
    page.sees("Cursor doesn’t accept this key", SOON).await;
    album.keep(page, "welcome-key-refused").await;
    person::connect(page, cloud.key()).await;
    person::sees_empty_draft(page).await;
    stage.press("shift+Tab");
    stage.press("Tab");
    album.keep(page, "compose-empty").await;
}

async fn composing(album: &mut Album, stage: &Stage, page: &Page) {
    page.click("Send").await;
    page.click("More ways to add a picture").await;
    album.keep(page, "compose-paste-menu").await;
    stage.press("Escape");
    for seed in [3, 8] {
        stage.copy_picture("image/png", &screenshot_png(1600, 1000, seed)).await;
        page.click("What should change?").await;
        person::paste(stage, page).await;
        let place = if seed == 3 { "Picture 1 of 1" } else { "Picture 2 of 2" };
        page.sees_pictures(place, 1, SOON).await;
    }
    page.write(
        "What should change?",
        "The sign-in form looks broken on narrow windows.\u{E007}Center the button under the fields, same width.\
         \u{E007}The link below is too pale to read.",
    )
    .await;
    album.keep(page, "compose-pictures").await;
    page.click("Send").await;
    page.sees("Choose the repository", SOON).await;
    album.keep(page, "compose-no-repository").await;
    page.click_starting("Repository").await;
    page.control("Find a repository").await;
    album.keep(page, "compose-repositories").await;
    stage.press("Escape");
    person::choose_repository(page, "acme/web").await;
    page.click_starting("Branch").await;
    page.write("Type a branch", "redesign").await;
    album.keep(page, "compose-branch").await;
    stage.press("Escape");
    page.click_starting("Model").await;
    page.control("Find a model").await;
    page.sees("Composer 2.5", SOON).await;
    album.keep(page, "compose-models").await;
    stage.press("Escape");
    desk::marking(album, stage, page).await;
    desk::asking(album, page).await;
}

async fn sending(album: &mut Album, page: &Page) {
    page.click("Send").await;
    page.sees("Sending in", SOON).await;
    album.keep(page, "launch-held").await;
    page.click("Send now").await;
    page.control("Stop").await;
    page.sees("Read ", LONG).await;
    album.keep(page, "agent-working").await;
}

async fn following(album: &mut Album, page: &Page) {
    page.sees("done, pull request ready", LONG).await;
    person::sees_costs(page, 1).await;
    page.sees_pictures("After", 1, LONG).await;
    album.keep(page, "agent-done").await;
    page.run("document.querySelector('[role=region]').scrollTop = 0", Vec::new())
        .await;
    album.keep(page, "agent-done-top").await;
    page.run(
        "[...document.querySelectorAll('button.head')].filter((head) => /Edited|tests/.test(head.textContent)).slice(0, 2).forEach((head) => head.click())",
        Vec::new(),
    )
    .await;
    page.sees("linesRemoved", SOON).await;
    album.keep(page, "agent-steps-unfolded").await;
    page.click("Jump to latest").await;
    page.click_starting("After").await;
    page.control("Previous picture").await;
    album.keep(page, "agent-picture-large").await;
    page.click("Close").await;
    page.click("Compare with yours").await;
    page.control("Where yours ends").await;
    album.keep(page, "agent-compare").await;
    page.click("Difference").await;
    album.keep(page, "agent-compare-difference").await;
    page.click("Close").await;
    page.click("More").await;
    album.keep(page, "agent-menu").await;
    page.click("Delete").await;
    page.sees("The agent and its conversation are deleted", SOON).await;
    album.keep(page, "agent-delete").await;
    page.click("Cancel").await;
}

/// Sends a prompt from a new draft and waits for a sentence.
async fn ending(page: &Page, words: &str, sentence: &str) {
    page.click("New").await;
    person::sees_empty_draft(page).await;
    person::send(page, words).await;
    page.sees(sentence, LONG).await;
}

async fn endings(album: &mut Album, page: &Page) {
    ending(page, "[ask] Round the corners of the cards", "A question for you").await;
    album.keep(page, "agent-asks").await;
    ending(page, "[plan] Move the filters into a side bar", "The plan is ready").await;
    album.keep(page, "agent-plan").await;
    ending(page, "[fail] Swap the icon set", "Stopped early").await;
    album.keep(page, "agent-failed").await;
    ending(page, "[unending] Polish the icons everywhere", "last sign of life").await;
    page.write("Answer", "Then the logo").await;
    page.click("Queue").await;
    page.sees("Sent when this run ends", SOON).await;
    album.keep(page, "agent-queue").await;
    page.click("Stop").await;
    page.sees("Stopped by you", LONG).await;
}

async fn around(album: &mut Album, stage: &Stage, page: &Page) {
    page.click("New").await;
    person::sees_empty_draft(page).await;
    album.keep(page, "list").await;
    page.click_starting("Accounts").await;
    album.keep(page, "accounts").await;
    page.click("Usage").await;
    page.control("Set limits and alarms").await;
    album.keep(page, "usage").await;
    stage.press("Escape");
    page.until_gone("Set limits and alarms").await;
    stage.press("ctrl+comma");
    page.sees("Hold before sending", SOON).await;
    album.keep(page, "settings").await;
    page.click("Balanced").await;
    album.keep(page, "settings-pictures").await;
    page.click("Sharp").await;
    page.click("Close").await;
    page.write("Search", "icons").await;
    page.sees("In conversations", SOON).await;
    album.keep(page, "search").await;
    page.click("Clear the search").await;
    page.click("Filter and sort").await;
    album.keep(page, "filter").await;
    stage.press("Escape");
    stage.press("ctrl+k");
    page.control("What was found").await;
    stage.type_words("cards");
    page.sees("Round the corners", SOON).await;
    album.keep(page, "switcher").await;
    stage.press("Escape");
    page.until_gone("What was found").await;
    stage.close_window("Sendoff");
    page.control("Keep working in the background").await;
    album.keep(page, "close").await;
    stage.press("Escape");
    page.until_gone("Keep working in the background").await;
}

/// An archived agent, the older API, and what cannot be told.
async fn unusual(album: &mut Album, stage: &Stage, page: &Page, cloud: &Practice) {
    ending(page, "Align the prices in the table", "done, pull request ready").await;
    page.click("More").await;
    page.click("Archive").await;
    page.control("Bring back").await;
    album.keep(page, "agent-archived").await;
    page.click("New").await;
    person::sees_empty_draft(page).await;
    person::switch_older_api(stage, page, true).await;
    ending(page, "Center the logo", "done, pull request ready").await;
    album.keep(page, "agent-older-api").await;
    cloud.set_fault(Fault::Create504BeforeCommit, 1);
    ending(page, "Tidy the header", "Finding out whether it arrived").await;
    album.keep(page, "launch-uncertain").await;
    page.control_starting("Don’t send", LONG).await;
    album.keep(page, "launch-decision").await;
    page.click("Don’t send").await;
    page.until_gone("Don’t send").await;
    person::switch_older_api(stage, page, false).await;
    page.click("New").await;
}

async fn trouble(album: &mut Album, stage: &Stage, page: &Page, cloud: Practice) {
    cloud.set_fault(Fault::CreateUsageLimit, 1);
    person::sees_empty_draft(page).await;
    person::send(page, "Fix the footer links").await;
    page.sees("close to your spending limit", SOON).await;
    album.keep(page, "compose-refused").await;
    // The kind that phones make; its bytes tell, whatever the clipboard calls it.
    stage
        .copy_picture("image/png", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
        .await;
    page.click("What should change?").await;
    person::paste(stage, page).await;
    page.sees("HEIC", SOON).await;
    album.keep(page, "compose-picture-refused").await;
    cloud.stop().await.expect("the cloud stops");
    page.click("Send").await;
    page.click("Send now").await;
    page.sees("Waiting for a connection", SOON).await;
    album.keep(page, "launch-waiting").await;
    page.click_starting("Center the logo").await;
    page.write("Answer", "And the favicon").await;
    stage.press("ctrl+Return");
    page.sees("Waiting for a connection", SOON).await;
    album.keep(page, "agent-offline").await;
}

/// The screens that say why nothing can be opened.
async fn blocked(album: &mut Album, stage: &Stage, page: Page, mut app: App) {
    drop(page);
    app.kill();
    let file = stage.data().join("sendoff.sqlite3");
    let mut database = fs::read(&file).expect("the data can be read");
    // The version that the program gives its data (SQLite file format §1.3.17).
    database[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    for (name, bytes, words) in [
        ("blocked-newer", database.as_slice(), "newer"),
        ("blocked-damaged", b"this is no database", "damaged"),
    ] {
        for beside in ["sendoff.sqlite3-wal", "sendoff.sqlite3-shm"] {
            // What stands beside the data would mend it.
            if let Err(error) = fs::remove_file(stage.data().join(beside)) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{beside} can be removed");
            }
        }
        fs::write(&file, bytes).expect("the data can be spoiled");
        let mut app = stage.start(Start::default()).await;
        let page = app.page().await;
        page.sees(words, SOON).await;
        album.keep(&page, name).await;
        drop(page);
        app.kill();
    }
}

/// Without a keychain.
async fn keyless(album: &mut Album, dark: bool, scale: u32) {
    let setting = Setting {
        dark,
        scale,
        keyring: Keyring::Absent,
        ..Setting::default()
    };
    let stage = Stage::raise("screenshots", setting).await;
    let cloud = Practice::start(Options::default())
        .await
        .expect("a practice cloud starts on loopback");
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.sees("This computer has no keychain to keep the key in.", SOON)
        .await;
    album.keep(&page, "welcome-no-keychain").await;
}
