//! Each rule once kept and once broken, on a small invented tree.

use super::*;

/// A name and a kind, as `cargo metadata` gives them.
type Named<'a> = (&'a str, Option<&'a str>);

fn metadata(members: &[(&str, &[Named<'_>])]) -> Metadata {
    let mut packages: Vec<Package> = members
        .iter()
        .map(|(name, dependencies)| Package {
            id: format!("id-{name}"),
            name: (*name).to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                })
                .collect(),
        })
        .collect();
    let nodes = packages
        .iter()
        .map(|package| Node {
            id: package.id.clone(),
            dependencies: package
                .dependencies
                .iter()
                .map(|one| format!("id-{}", one.name))
                .collect(),
        })
        .collect();
    packages.push(Package {
        id: "id-tauri".to_owned(),
        name: "tauri".to_owned(),
        dependencies: Vec::new(),
    });
    Metadata {
        workspace_members: members.iter().map(|(name, _)| format!("id-{name}")).collect(),
        packages,
        resolve: Resolve { nodes },
    }
}

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn tauri_may_be_reached_from_the_root_package_only() {
    let kept = metadata(&[
        ("sendoff", &[("tauri", None), ("sendoff-core", None)]),
        ("sendoff-core", &[]),
    ]);
    assert_eq!(tauri_below(&kept), Vec::<String>::new(), "the shell may name it");
    let broken = metadata(&[("sendoff", &[("tauri", None)]), ("sendoff-core", &[("sendoff", None)])]);
    assert_eq!(tauri_below(&broken), ["sendoff-core reaches tauri"], "also by a detour");
}

#[test]
fn a_library_stays_with_its_owner() {
    let kept = metadata(&[
        ("cursor-cloud-agents", &[("reqwest", None)]),
        ("sendoff", &[("arboard", None)]),
    ]);
    assert_eq!(owners(&kept), Vec::<String>::new(), "the owners");
    let broken = metadata(&[("sendoff-core", &[("reqwest", Some("dev"))])]);
    assert_eq!(
        owners(&broken),
        ["sendoff-core depends on reqwest, which belongs to cursor-cloud-agents"],
        "a dependency of its tests counts too"
    );
}

#[test]
fn leaves_do_not_see_each_other() {
    let kept = metadata(&[(
        "cursor-cloud-agents",
        &[("practice-cloud", Some("dev")), ("bytes", None)],
    )]);
    assert_eq!(
        leaves(&kept),
        Vec::<String>::new(),
        "the client's tests may use the practice cloud"
    );
    let broken = metadata(&[
        ("cursor-cloud-agents", &[("practice-cloud", None)]),
        ("sendoff-store", &[("sendoff-shots", Some("dev"))]),
    ]);
    assert_eq!(
        leaves(&broken),
        [
            "cursor-cloud-agents depends on practice-cloud",
            "sendoff-store depends on sendoff-shots"
        ],
        "shared code would hide one misreading twice"
    );
}

#[test]
fn what_must_be_absent_is_found() {
    let cases: [(&str, Vec<String>, usize); 9] = [
        (
            "the core names the shell's framework",
            naming_tauri(&[
                file("src-tauri/crates/core/src/a.rs", "use tauri::Manager;"),
                file("src-tauri/src/lib.rs", "use tauri::Manager;"),
            ]),
            1,
        ),
        (
            "the page asks the framework outside its backend",
            page_imports(&[
                file("ui/src/state/a.ts", "import { invoke } from '@tauri-apps/api/core'"),
                file(
                    "ui/src/backend/tauri.ts",
                    "import { invoke } from '@tauri-apps/api/core'",
                ),
            ]),
            1,
        ),
        (
            "one feature imports another",
            features(&[
                file(
                    "ui/src/features/compose/A.svelte",
                    "import B from '../agents/B.svelte'\nimport C from './C.svelte'",
                ),
                file("ui/src/features/agents/B.svelte", "<p>compose/ is a word</p>"),
            ]),
            1,
        ),
        (
            "markup from outside",
            raw_html(&[file("ui/src/a.svelte", "<p>{@html text}</p>\n<p>{text}</p>")]),
            1,
        ),
        (
            "a lock names a host",
            lock_hosts(&[
                file(
                    "ui/package-lock.json",
                    "      \"resolved\": \"https://example.org/a.tgz\",",
                ),
                file(
                    "Cargo.lock",
                    "source = \"registry+https://github.com/rust-lang/crates.io-index\"",
                ),
                file("Cargo.lock", "source = \"git+https://example.org/a\""),
            ]),
            2,
        ),
        (
            "a path of the machine",
            machine_paths(
                &[file(
                    "a.md",
                    "see /home/ann/sendoff/x\nsee crates/home/ann/x\nsee /home/ben/x",
                )],
                &["/home/ann".to_owned()],
            ),
            1,
        ),
        (
            "a test that is left out",
            left_out(&[
                file("ui/src/a.test.ts", "it.skip('x')\nit('y')"),
                file("tests/journeys/a.rs", "#[ignore]\nlist.iter().skip(1)"),
            ]),
            2,
        ),
        (
            "a long file",
            long_files(&[
                file("a.rs", &"x\n".repeat(851)),
                file("b.rs", &"x\n".repeat(850)),
                file("ui/src/backend/bindings.ts", &"x\n".repeat(900)),
            ]),
            1,
        ),
        (
            "nothing wrong",
            raw_html(&[file("README.md", "{@html is forbidden in the page}")]),
            0,
        ),
    ];
    for (why, violations, count) in cases {
        assert_eq!(violations.len(), count, "{why}: {violations:?}");
    }
}
