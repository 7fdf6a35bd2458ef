//! The shell's one list of commands against the permission file: neither names a command that the other does not.

use std::collections::BTreeSet;

const COMMANDS: &str = include_str!("../../src-tauri/src/commands.rs");
const PERMISSIONS: &str = include_str!("../../src-tauri/permissions/app.toml");

#[test]
fn the_permission_file_lists_exactly_the_commands() {
    let listed = between(COMMANDS, "commands! {", "}");
    let listed: BTreeSet<&str> = listed
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let allowed = between(PERMISSIONS, "commands.allow = [", "]");
    let allowed: BTreeSet<&str> = allowed
        .split(',')
        .map(|name| name.trim().trim_matches('"'))
        .filter(|name| !name.is_empty())
        .collect();
    assert!(listed.len() > 5, "the list was found");
    assert_eq!(
        listed, allowed,
        "a command that is not allowed cannot be called, and one that is gone needs no permission"
    );
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.rfind(start).expect("the list has its beginning") + start.len();
    let length = text[from..].find(end).expect("the list has its end");
    &text[from..from + length]
}
