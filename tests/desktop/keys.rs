//! Keys: a wrong one, a keychain that is there, absent, locked; and that a key is never on the disk.

use std::fs;
use std::path::Path;

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{Keyring, SOON, Setting, Stage, Start};

async fn cloud() -> Practice {
    Practice::start(Options::default())
        .await
        .expect("a practice cloud starts on loopback")
}

fn with(keyring: Keyring) -> Setting {
    Setting {
        keyring,
        ..Setting::default()
    }
}

/// The files below `folder` that hold these bytes.
fn files_with(folder: &Path, wanted: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the stage can be read") {
            let entry = entry.expect("an entry of a folder can be read");
            let kind = entry.file_type().expect("an entry has a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(bytes) = fs::read(entry.path())
                && bytes.windows(wanted.len()).any(|window| window == wanted)
            {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_wrong_key_is_said_and_a_right_one_is_kept_in_the_keychain() {
    let cloud = cloud().await;
    let stage = Stage::raise("a_wrong_key_is_said", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, &format!("crsr_{}", "0".repeat(64))).await;
    page.sees("Cursor doesn’t accept this key", SOON).await;
    page.click("Use another key").await;
    person::connect(&page, &format!(" \"{}\" ", cloud.key())).await;
    page.control("What should change?").await;
    stage.press("ctrl+comma");
    let last_four = &cloud.key()[cloud.key().len() - 4..];
    page.sees(last_four, SOON).await;
    let shown = page.run("return document.documentElement.outerHTML", Vec::new()).await;
    assert!(
        !shown.to_string().contains(cloud.key()),
        "the page holds no more of a key than its last four"
    );
    drop(page);
    app.quit(&stage).await;

    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    page.control("What should change?").await;
    stage.press("ctrl+comma");
    page.sees(last_four, SOON).await;
    assert_eq!(
        files_with(&stage.data(), cloud.key().as_bytes()),
        Vec::<String>::new(),
        "the key is in no file of the app"
    );
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}

/// Connects where no keychain takes the key, keeps the key in memory, and is asked for it at the next start.
async fn without_a_keychain(name: &str, keyring: Keyring, sentence: &str) {
    let cloud = cloud().await;
    let stage = Stage::raise(name, with(keyring)).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    let asked = std::time::Instant::now();
    person::connect(&page, cloud.key()).await;
    page.sees(sentence, SOON).await;
    let took = asked.elapsed();
    // 5 s for the keychain; the rest is typing 69 keys and asking the cloud twice.
    assert!(
        took.as_secs() < 15,
        "the keychain's state is named soon, not after {took:?}"
    );
    page.click("Keep the key until I quit").await;
    page.control("What should change?").await;
    assert_eq!(
        files_with(stage.home(), cloud.key().as_bytes()),
        Vec::<String>::new(),
        "a key kept in memory is in no file at all"
    );
    drop(page);
    app.quit(&stage).await;

    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    page.sees("The key was kept until you quit", SOON).await;
    page.click("Enter the key").await;
    person::connect(&page, cloud.key()).await;
    page.sees(sentence, SOON).await;
    page.click("Keep the key until I quit").await;
    page.until_gone("Enter the key").await;
}

#[tokio::test]
async fn without_a_keychain_a_key_is_kept_until_the_end() {
    without_a_keychain(
        "without_a_keychain",
        Keyring::Absent,
        "This computer has no keychain to keep the key in.",
    )
    .await;
}

#[tokio::test]
async fn with_a_locked_keychain_a_key_is_kept_until_the_end() {
    without_a_keychain("with_a_locked_keychain", Keyring::Locked, "Your keychain is locked.").await;
}
