//! The shell's one list of commands against the permission file and the page: none names one that another does not.

use std::collections::BTreeSet;

const COMMANDS: &str = include_str!("../../src-tauri/src/commands.rs");
const PERMISSIONS: &str = include_str!("../../src-tauri/permissions/app.toml");
const PAGE: &str = include_str!("../../ui/src/backend/tauri.ts");

#[test]
fn the_permission_file_lists_exactly_the_commands() {
    let allowed = between(PERMISSIONS, "commands.allow = [", "]");
    let allowed: BTreeSet<&str> = allowed
        .split(',')
        .map(|name| name.trim().trim_matches('"'))
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(
        commands(),
        allowed,
        "a command that is not allowed cannot be called, and one that is gone needs no permission"
    );
}

#[test]
fn the_page_calls_exactly_the_commands() {
    let called: BTreeSet<&str> = PAGE
        .split("ask<")
        .filter_map(|call| call.split_once(">(\"")?.1.split('"').next())
        .collect();
    assert_eq!(
        commands(),
        called,
        "a misspelled command fails only when it is called, and one that nothing calls is dead"
    );
}

fn commands() -> BTreeSet<&'static str> {
    let listed: BTreeSet<&str> = between(COMMANDS, "commands! {", "}")
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    assert!(listed.len() > 5, "the list was found");
    listed
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.rfind(start).expect("the list has its beginning") + start.len();
    let length = text[from..].find(end).expect("the list has its end");
    &text[from..from + length]
}
