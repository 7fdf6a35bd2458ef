//! The overrides for tests lure no key elsewhere: what they may not say ends the start before there is a window.

use std::process::Command;

use sendoff_tests::stage::program;

/// `EX_USAGE` (sysexits.h).
const USAGE: i32 = 64;

/// How the app ends that is started with these overrides and nothing to draw on.
fn ends(overrides: &[(&str, &str)]) -> Option<i32> {
    let mut app = Command::new(program());
    app.env_clear().envs(overrides.iter().copied());
    app.output().expect("the app starts").status.code()
}

#[test]
fn an_address_of_the_api_is_taken_only_with_data_of_its_own() {
    let folder = std::env::temp_dir().join("sendoff-overrides");
    let folder = folder.to_string_lossy();
    let near = ("SENDOFF_API_URL", "http://127.0.0.1:8787");
    assert_eq!(
        ends(&[near]),
        Some(USAGE),
        "the user's own keys would go to that address"
    );
    assert_eq!(
        ends(&[near, ("SENDOFF_DATA_DIR", "try")]),
        Some(USAGE),
        "a relative folder is no folder of its own"
    );
    assert_eq!(
        ends(&[("SENDOFF_API_URL", "http://example.com"), ("SENDOFF_DATA_DIR", &folder)]),
        Some(USAGE),
        "another computer is never believed"
    );
    assert_ne!(
        ends(&[near, ("SENDOFF_DATA_DIR", &folder)]),
        Some(USAGE),
        "this computer, with data of its own, is what tests use: only the screen is missing"
    );
}
