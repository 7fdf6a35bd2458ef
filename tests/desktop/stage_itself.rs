//! The stage proves itself: what it claims of keychain, clipboard, notifications and tray holds
//! before any journey relies on it. No app is needed.

use sendoff_tests::stage::{Keyring, Setting, Stage, screenshot_png};

/// Calls a service on the bus of a stage, as any program does; `None` when it answers with an error.
fn call(stage: &Stage, destination: &str, path: &str, method: &str, arguments: &[&str]) -> Option<String> {
    let output = std::process::Command::new("gdbus")
        .args([
            "call",
            "--session",
            "--dest",
            destination,
            "--object-path",
            path,
            "--method",
            method,
        ])
        .args(arguments)
        .env_clear()
        .envs(stage.environment().iter().map(|(name, value)| (name, value)))
        .output()
        .expect("gdbus runs");
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn locked(stage: &Stage) -> Option<bool> {
    let answer = call(
        stage,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets/aliases/default",
        "org.freedesktop.DBus.Properties.Get",
        &["org.freedesktop.Secret.Collection", "Locked"],
    )?;
    Some(answer.contains("true"))
}

#[tokio::test]
async fn the_keychain_is_in_the_state_that_was_asked_for() {
    for (keyring, expected) in [
        (Keyring::Open, Some(false)),
        (Keyring::Locked, Some(true)),
        (Keyring::Absent, None),
    ] {
        let setting = Setting {
            keyring,
            ..Setting::default()
        };
        let stage = Stage::raise("the_keychain_is_in_the_state_that_was_asked_for", setting).await;
        assert_eq!(
            locked(&stage),
            expected,
            "{keyring:?}: whether the default collection is locked"
        );
    }
}

#[tokio::test]
async fn a_copied_picture_is_on_the_clipboard_byte_for_byte() {
    let stage = Stage::raise("a_copied_picture_is_on_the_clipboard_byte_for_byte", Setting::default()).await;
    let picture = screenshot_png(3840, 2160, 1);
    assert!(
        (400_000..2_000_000).contains(&picture.len()),
        "a 4K screenshot of a user interface is below 2 MB, and not empty: {} bytes",
        picture.len()
    );
    stage.copy_picture("image/png", &picture).await;
    let pasted = std::process::Command::new("xclip")
        .args(["-selection", "clipboard", "-target", "image/png", "-out"])
        .env_clear()
        .envs(stage.environment().iter().map(|(name, value)| (name, value)))
        .output()
        .expect("xclip runs");
    assert!(pasted.stdout == picture, "what is pasted is what was copied");
}
