//! The README names every control that the tests find: who changes a name in the page sees here what depends on it.

use std::collections::BTreeSet;

const README: &str = include_str!("README.md");
const SOURCES: [&str; 23] = [
    include_str!("answers.rs"),
    include_str!("background.rs"),
    include_str!("capture.rs"),
    include_str!("connection.rs"),
    include_str!("desk.rs"),
    include_str!("drag_on_desk.rs"),
    include_str!("finding.rs"),
    include_str!("first_start.rs"),
    include_str!("hostile.rs"),
    include_str!("keyboard.rs"),
    include_str!("in_tray.rs"),
    include_str!("keys.rs"),
    include_str!("killed.rs"),
    include_str!("older_api.rs"),
    include_str!("paste_to_thumbnail.rs"),
    include_str!("person.rs"),
    include_str!("pictures.rs"),
    include_str!("reading.rs"),
    include_str!("results.rs"),
    include_str!("stories.rs"),
    include_str!("tour.rs"),
    include_str!("tour/desk.rs"),
    include_str!("what_is_seen.rs"),
];
/// The gestures of a page that take a name, up to the name's first quote.
const GESTURES: [&str; 9] = [
    ".click(\"",
    ".click_starting(\"",
    ".control(\"",
    ".control_starting(\"",
    ".clear(\"",
    ".value(\"",
    ".write(\"",
    ".until_gone(\"",
    ".has(\"",
];

fn used() -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for source in SOURCES {
        // What goes to the tray is no control of the page.
        let source = source.replace("stage.tray.click(\"", "");
        let source: &'static str = Box::leak(source.into_boxed_str());
        for gesture in GESTURES {
            for (at, _) in source.match_indices(gesture) {
                let name = &source[at + gesture.len()..];
                names.insert(&name[..name.find('"').expect("a name ends")]);
            }
        }
    }
    names
}

#[test]
fn the_readme_names_every_control_that_is_used() {
    let used: BTreeSet<&str> = used()
        .into_iter()
        // Rows and options are called by the words of the test itself.
        .filter(|name| !name.starts_with("Center the") && !name.contains("acme/web"))
        .collect();
    assert!(used.len() > 20, "the gestures were found: {used:?}");
    let missing: Vec<&str> = used
        .into_iter()
        .filter(|name| !README.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "these controls are not in the README");
}
