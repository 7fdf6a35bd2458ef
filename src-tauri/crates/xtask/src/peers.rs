//! Makes the programs ready that `cargo xtask bench shots` measures beside us: each in the target folder, and none of
//! them where it cannot be had, which is said.

use std::path::Path;

use crate::command::{answer, command, npm, show};
use crate::{prepare, workspace};

/// Name, program, script and one more word of everything that is at hand, as the program that measures takes them.
pub(crate) fn peers(folder: &Path) -> Result<Vec<[String; 4]>, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let packages = ["python3-venv", "libmagickwand-6.q16-6"];
    if let Err(error) = prepare::debian(&packages) {
        println!("Python or ImageMagick could not be installed: {error}.");
    }
    let script = |name: &str| {
        let scripts = "src-tauri/crates/shots/examples/beside";
        workspace::root()
            .join(scripts)
            .join(name)
            .to_string_lossy()
            .into_owned()
    };
    let python = folder.join(if cfg!(windows) {
        "python/Scripts/python.exe"
    } else {
        "python/bin/python"
    });
    let python = python.to_string_lossy().into_owned();
    let node = folder.join("node").to_string_lossy().into_owned();
    let found = [
        (
            "Pillow",
            module(&python, folder, "PIL", "pillow"),
            [python.clone(), script("pillow.py"), String::new()],
        ),
        (
            "ImageMagick",
            module(&python, folder, "wand.api", "Wand"),
            [python.clone(), script("magick.py"), String::new()],
        ),
        (
            "sharp",
            sharp(&node),
            ["node".to_owned(), script("sharp.mjs"), node.clone()],
        ),
    ];
    let mut peers = Vec::new();
    for (name, ready, [program, script, word]) in found {
        match ready {
            Ok(()) => peers.push([name.to_owned(), program, script, word]),
            Err(error) => println!("{name} is not measured, for it cannot be had here: {error}."),
        }
    }
    Ok(peers)
}

/// A package of Python in a virtual environment of the target folder.
fn module(python: &str, folder: &Path, name: &str, package: &str) -> Result<(), String> {
    let import = format!("import {name}");
    if answer(python, &["-c", &import]).is_some() {
        return Ok(());
    }
    if answer(python, &["-m", "pip", "--version"]).is_none() {
        // By its path where there is one: its `venv` is the one that Debian's package brings.
        let system = if Path::new("/usr/bin/python3").exists() {
            "/usr/bin/python3"
        } else {
            "python3"
        };
        show(command(system, ["-m", "venv"]).arg(folder.join("python")))?;
    }
    show(&mut command(
        python,
        [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
        ],
    ))?;
    // Said here, because what Wand lacks is told only when it is loaded.
    show(&mut command(python, ["-c", &import]))
}

/// sharp from npm, with the library that it brings.
fn sharp(folder: &str) -> Result<(), String> {
    let load = format!("require({:?})", format!("{folder}/node_modules/sharp"));
    if answer("node", &["--eval", &load]).is_some() {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    show(&mut npm(
        folder,
        ["install", "--no-audit", "--no-fund", "--no-save", "sharp"],
    ))?;
    show(&mut command("node", ["--eval", &load]))
}
