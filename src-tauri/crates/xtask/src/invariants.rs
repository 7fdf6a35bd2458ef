//! The rules of the architecture page that no compiler holds: who may depend on what, and what is
//! absent from the sources. Each rule is a pure function that names its violations.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::command::cargo;
use crate::workspace;

/// One file of the project.
pub(crate) struct File {
    /// Path from the root, with forward slashes.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// The part of `cargo metadata` that the rules read.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// A rule, and each place where it does not hold.
pub(crate) struct Checked {
    /// The rule in words.
    pub(crate) rule: &'static str,
    /// What breaks it; empty when it holds.
    pub(crate) violations: Vec<String>,
}

const ROOT: &str = "sendoff";

/// Libraries with one owner, as the architecture page says.
const OWNED: [(&str, &str); 12] = [
    ("reqwest", "cursor-cloud-agents"),
    ("image", "sendoff-shots"),
    ("resvg", "sendoff-shots"),
    ("cosmic-text", "sendoff-shots"),
    ("keyring", "sendoff-secrets"),
    ("keyring-core", "sendoff-secrets"),
    ("rusqlite", "sendoff-store"),
    ("arboard", ROOT),
    // The screen and its keys: `x11rb` in place of `xcap` on Linux, which needs PipeWire, GBM and libclang there.
    ("x11rb", "sendoff-capture"),
    ("xcap", "sendoff-capture"),
    ("core-graphics", "sendoff-capture"),
    ("tauri-plugin-global-shortcut", ROOT),
];

const LEAVES: [&str; 6] = [
    "cursor-cloud-agents",
    "practice-cloud",
    "sendoff-capture",
    "sendoff-shots",
    "sendoff-secrets",
    "sendoff-store",
];

/// Checks every rule on the tree as it stands.
pub(crate) fn check() -> Result<Vec<Checked>, String> {
    let output = cargo(["metadata", "--format-version", "1", "--all-features"])
        .output()
        .map_err(|error| format!("`cargo metadata` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "`cargo metadata` failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata` said something new: {error}"))?;
    let files: Vec<File> = workspace::files()?
        .into_iter()
        .filter_map(|path| workspace::text(&path).map(|text| File { path, text }))
        .collect();
    Ok(rules(&metadata, &files, &machine_folders()))
}

fn rules(metadata: &Metadata, files: &[File], machine: &[String]) -> Vec<Checked> {
    let checked = |rule, violations| Checked { rule, violations };
    vec![
        checked("nothing below the root package depends on tauri", tauri_below(metadata)),
        checked("each library has its one owner", owners(metadata)),
        checked("leaf crates never see each other", leaves(metadata)),
        checked("no crate below the shell names tauri", naming_tauri(files)),
        checked("only ui/src/backend imports @tauri-apps", page_imports(files)),
        checked("features of the page never import each other", features(files)),
        checked("no HTML from outside is put into the page", raw_html(files)),
        checked("no lock names a download host", lock_hosts(files)),
        checked(
            "no path of this machine stands in the tree",
            machine_paths(files, machine),
        ),
        checked("no test is left out", left_out(files)),
        checked("no source is longer than 850 lines", long_files(files)),
    ]
}

fn members(metadata: &Metadata) -> impl Iterator<Item = &Package> {
    metadata
        .packages
        .iter()
        .filter(|package| metadata.workspace_members.contains(&package.id))
}

fn tauri_below(metadata: &Metadata) -> Vec<String> {
    let names: BTreeMap<&str, &str> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package.name.as_str()))
        .collect();
    let edges: BTreeMap<&str, &[String]> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node.dependencies.as_slice()))
        .collect();
    members(metadata)
        .filter(|package| package.name != ROOT)
        .filter_map(|package| {
            let mut seen = BTreeSet::new();
            let mut ahead = vec![package.id.as_str()];
            while let Some(id) = ahead.pop() {
                if names.get(id) == Some(&"tauri") {
                    return Some(format!("{} reaches tauri", package.name));
                }
                if seen.insert(id) {
                    ahead.extend(
                        edges
                            .get(id)
                            .into_iter()
                            .flat_map(|next| next.iter().map(String::as_str)),
                    );
                }
            }
            None
        })
        .collect()
}

fn owners(metadata: &Metadata) -> Vec<String> {
    let mut violations = Vec::new();
    for package in members(metadata) {
        for dependency in &package.dependencies {
            if let Some((library, owner)) = OWNED.iter().find(|(library, _)| *library == dependency.name)
                && package.name != *owner
            {
                violations.push(format!(
                    "{} depends on {library}, which belongs to {owner}",
                    package.name
                ));
            }
        }
    }
    violations
}

fn leaves(metadata: &Metadata) -> Vec<String> {
    let mut violations = Vec::new();
    for package in members(metadata).filter(|package| LEAVES.contains(&package.name.as_str())) {
        for dependency in &package.dependencies {
            let of_ours = dependency.name == ROOT
                || dependency.name.starts_with("sendoff-")
                || LEAVES.contains(&dependency.name.as_str());
            // The client is tested against the practice cloud, and shares no code with it.
            let client_tests = package.name == "cursor-cloud-agents"
                && dependency.name == "practice-cloud"
                && dependency.kind.as_deref() == Some("dev");
            if of_ours && !client_tests {
                violations.push(format!("{} depends on {}", package.name, dependency.name));
            }
        }
    }
    violations
}

fn lines_with<'a>(
    files: &'a [File],
    chosen: impl Fn(&str) -> bool + 'a,
    broken: impl Fn(&File, &str) -> bool + 'a,
) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| chosen(&file.path)) {
        for (index, line) in file.text.lines().enumerate() {
            if broken(file, line) {
                violations.push(format!(
                    "{}:{}: {}",
                    file.path,
                    index + 1,
                    line.trim().chars().take(120).collect::<String>()
                ));
            }
        }
    }
    violations
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn source(path: &str) -> bool {
    matches!(extension(path), "rs" | "ts" | "svelte" | "mjs" | "js" | "css")
}

fn this_crate(path: &str) -> bool {
    path.starts_with("src-tauri/crates/xtask/")
}

fn naming_tauri(files: &[File]) -> Vec<String> {
    lines_with(
        files,
        |path| path.starts_with("src-tauri/crates/") && extension(path) == "rs" && !this_crate(path),
        |_, line| line.contains("tauri::") || line.contains("tauri_"),
    )
}

fn page_imports(files: &[File]) -> Vec<String> {
    lines_with(
        files,
        |path| path.starts_with("ui/src/") && !path.starts_with("ui/src/backend/"),
        |_, line| line.contains("@tauri-apps/"),
    )
}

fn features(files: &[File]) -> Vec<String> {
    const FOLDER: &str = "ui/src/features/";
    let feature = |path: &str| {
        path.strip_prefix(FOLDER)?
            .split_once('/')
            .map(|(name, _)| name.to_owned())
    };
    let all: BTreeSet<String> = files.iter().filter_map(|file| feature(&file.path)).collect();
    lines_with(
        files,
        |path| path.starts_with(FOLDER) && matches!(extension(path), "ts" | "svelte"),
        |file, line| {
            let own = feature(&file.path);
            let imports =
                line.contains(" from ") || line.contains("import(") || line.trim_start().starts_with("import ");
            imports
                && all.iter().any(|other| {
                    Some(other) != own.as_ref()
                        && (line.contains(&format!("features/{other}/")) || line.contains(&format!("../{other}/")))
                })
        },
    )
}

fn raw_html(files: &[File]) -> Vec<String> {
    lines_with(
        files,
        |path| path.starts_with("ui/src/"),
        |_, line| {
            ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML"]
                .iter()
                .any(|way| line.contains(way))
        },
    )
}

fn lock_hosts(files: &[File]) -> Vec<String> {
    let named = |path: &str, name: &str| path == name || path.ends_with(&format!("/{name}"));
    let mut violations = lines_with(
        files,
        |path| named(path, "package-lock.json"),
        |_, line| line.contains("\"resolved\": \"http"),
    );
    violations.extend(lines_with(
        files,
        |path| named(path, "Cargo.lock"),
        |_, line| {
            line.starts_with("source = ")
                && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
        },
    ));
    violations
}

/// The folders whose names would tell which machine a file was written on.
fn machine_folders() -> Vec<String> {
    let root = workspace::root();
    let mut folders: Vec<String> = [Some(root.as_path()), root.parent()]
        .into_iter()
        .flatten()
        .map(|folder| folder.to_string_lossy().into_owned())
        .collect();
    folders.extend(std::env::var("HOME").ok());
    folders.retain(|folder| folder.len() > 2);
    folders
}

fn machine_paths(files: &[File], folders: &[String]) -> Vec<String> {
    lines_with(
        files,
        |_| true,
        |_, line| {
            folders.iter().any(|folder| {
                let prefix = format!("{folder}/");
                line.match_indices(&prefix).any(|(at, _)| {
                    // The same letters inside a longer path are not a path of the machine.
                    !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_-.~}>/".contains(before))
                })
            })
        },
    )
}

fn left_out(files: &[File]) -> Vec<String> {
    // Written in two parts so that this file does not find itself.
    let marks = [
        concat!("#[", "ignore"),
        concat!(".", "skip("),
        concat!(".", "only("),
        concat!(".", "todo("),
    ];
    let test =
        |path: &str| extension(path) == "rs" || path.contains(".test.") || path.starts_with("tests/") && source(path);
    lines_with(
        files,
        move |path| test(path) && !this_crate(path),
        move |file, line| {
            let rust = extension(&file.path) == "rs";
            // In Rust `.skip(` is an iterator's; in a test of the page it hides a test.
            marks
                .iter()
                .enumerate()
                .any(|(index, mark)| line.contains(mark) && rust == (index == 0))
        },
    )
}

fn long_files(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| source(&file.path) && !file.path.ends_with("bindings.ts"))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            (lines > 850).then(|| format!("{}: {lines} lines", file.path))
        })
        .collect()
}

#[cfg(test)]
#[path = "invariants/tests.rs"]
mod tests;
