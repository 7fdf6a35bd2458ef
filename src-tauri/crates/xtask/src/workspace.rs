//! Where things lie in the tree.

use std::path::{Path, PathBuf};

/// The root of the work tree: the folder of the root manifest.
pub(crate) fn root() -> PathBuf {
    // Cargo gives the folder of this crate's manifest when it runs us; three folders up is the root.
    let here =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(3).map_or_else(|| here.clone(), Path::to_path_buf)
}

/// The folder that Cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The app as `run`, `test` and the desktop tests build it.
pub(crate) fn app(release: bool) -> PathBuf {
    program("sendoff", release)
}

/// A program of the workspace, built or not.
pub(crate) fn program(name: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    target()
        .join(profile)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Every file of the project with its path relative to the root, in order: what a checkout holds,
/// without what builds leave behind.
pub(crate) fn files() -> Result<Vec<String>, String> {
    const SKIPPED: [&str; 6] = ["target", "gen", "node_modules", "dist", ".git", ".svelte-kit"];
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|error| error.to_string())?;
            let kind = entry.file_type().map_err(|error| error.to_string())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(relative) = entry.path().strip_prefix(&root)
            {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a project file; `None` for what is not UTF-8, such as a picture.
pub(crate) fn text(relative: &str) -> Option<String> {
    std::fs::read_to_string(root().join(relative)).ok()
}
