//! Finds what this machine lacks and says the one thing to do about it. On Debian and its kin it
//! asks and runs the one `apt-get` command itself.

use std::io::{IsTerminal, Write};

use crate::command::{answer, command, present, show};

/// What the work at hand needs of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// To build the page and the app, and to open it.
    Run,
    /// That, and the real window of the desktop tests.
    Test,
}

/// The oldest Node that the page's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Packages by what they bring: a compiler, the web view, the tray.
const RUN_PACKAGES: [&str; 4] = [
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
];

/// Programs that make a desktop out of nothing, and the Debian packages that bring them: a driver of the
/// web view, a screen, a window manager, a bus and what speaks on it, a keyring, a clipboard, keys,
/// windows and processes to look at, pictures of what went wrong; and a tracer that makes system calls fail.
const TEST_TOOLS: [(&str, &str); 14] = [
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
    ("openbox", "openbox"),
    ("dbus-daemon", "dbus"),
    ("dbus-send", "dbus"),
    ("gdbus", "libglib2.0-bin"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("xclip", "xclip"),
    ("xdotool", "xdotool"),
    ("wmctrl", "wmctrl"),
    ("xprop", "x11-utils"),
    ("ps", "procps"),
    ("import", "imagemagick"),
    ("strace", "strace"),
];

/// Fonts for words that Inter has no letters for: Arabic, Chinese and emoji.
const TEST_FONTS: [&str; 3] = ["fonts-dejavu-core", "fonts-wqy-microhei", "fonts-noto-color-emoji"];

/// Makes sure that the machine has what `need` asks for. `Err` is one sentence with the fix.
pub(crate) fn prepare(need: Need) -> Result<(), String> {
    node()?;
    if cfg!(target_os = "linux") {
        linux(need)
    } else if cfg!(target_os = "macos") && answer("xcode-select", &["-p"]).is_none() {
        Err("A C compiler is missing: run `xcode-select --install`, then this command again.".to_owned())
    } else {
        // On Windows rustup asks for the C++ build tools itself, and the web view is part of the system.
        // The real window of the tests needs Linux; elsewhere that step is left out.
        Ok(())
    }
}

/// Installs a Cargo tool into Cargo's own folder when it is absent.
pub(crate) fn cargo_tool(name: &str) -> Result<(), String> {
    if present(name) {
        return Ok(());
    }
    println!("Installing {name}; this takes a few minutes, once.");
    // Unoptimized: these tools wait for other programs, and compile twice as fast this way.
    show(&mut crate::command::cargo(["install", "--locked", "--debug", name]))
        .map_err(|error| format!("{error}. Run `cargo install --locked {name}` and look at what it says."))
}

/// The same for a program that something is measured against, as fast as it can be; `name` is its package.
pub(crate) fn cargo_program(program: &str, name: &str) -> Result<(), String> {
    if present(program) {
        return Ok(());
    }
    println!("Installing {name}; this takes a few minutes, once.");
    show(&mut crate::command::cargo(["install", "--locked", name]))
        .map_err(|error| format!("{error}. Run `cargo install --locked {name}` and look at what it says."))
}

fn node() -> Result<(), String> {
    let advice = format!(
        "Install Node {}.{} or newer from https://nodejs.org, then run this command again",
        NODE.0, NODE.1
    );
    let Some(version) = answer("node", &["--version"]) else {
        return Err(format!("Node is missing: {}.", lower(&advice)));
    };
    if version_of(&version).is_none_or(|found| found < NODE) {
        return Err(format!(
            "Node {} is too old: {}.",
            version.trim_start_matches('v'),
            lower(&advice)
        ));
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if answer(npm, &["--version"]).is_none() {
        return Err(format!("npm, which comes with Node, is missing: {}.", lower(&advice)));
    }
    Ok(())
}

fn lower(sentence: &str) -> String {
    sentence.replacen('I', "i", 1)
}

fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

fn linux(need: Need) -> Result<(), String> {
    let lacking: Vec<_> = TEST_TOOLS
        .into_iter()
        .filter(|(program, _)| need == Need::Test && !present(program))
        .collect();
    if !(present("apt-get") && present("dpkg-query")) {
        return elsewhere(&lacking);
    }
    let mut missing: Vec<&str> = RUN_PACKAGES
        .into_iter()
        .chain(TEST_FONTS.into_iter().filter(|_| need == Need::Test))
        .filter(|package| !installed(package))
        .chain(lacking.iter().map(|(_, package)| *package))
        .collect();
    missing.dedup();
    install(&missing)
}

/// Installs Debian packages where this machine has `apt-get` and lacks them; elsewhere nothing is done.
pub(crate) fn debian(packages: &[&str]) -> Result<(), String> {
    if !(present("apt-get") && present("dpkg-query")) {
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().filter(|package| !installed(package)).copied().collect();
    install(&missing)
}

fn install(missing: &[&str]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    let root = answer("id", &["-u"]).as_deref() == Some("0");
    let continuous = std::env::var("CI").is_ok_and(|value| value == "true");
    let lines = apt(missing, root);
    println!(
        "This machine lacks {} system package(s). One command installs them:\n\n    {}\n",
        missing.len(),
        lines.each_ref().map(|line| line.join(" ")).join(" && ")
    );
    if !root && !continuous && !agreed()? {
        return Err("Nothing was installed. Run the command above yourself, then this one again.".to_owned());
    }
    for line in lines {
        show(command(line[0], &line[1..]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

/// The two lines that install packages, as they are shown and as they are run.
fn apt<'a>(packages: &[&'a str], root: bool) -> [Vec<&'a str>; 2] {
    let line = |words: &[&'a str]| {
        let sudo: &[&str] = if root { &[] } else { &["sudo"] };
        [sudo, words].concat()
    };
    let install = ["apt-get", "install", "--yes", "--no-install-recommends"];
    [line(&["apt-get", "update"]), line(&[&install, packages].concat())]
}

/// Other distributions name these packages differently; modules and programs are called the same everywhere.
fn elsewhere(lacking: &[(&str, &str)]) -> Result<(), String> {
    let found = ["webkit2gtk-4.1", "ayatana-appindicator3-0.1"]
        .iter()
        .all(|module| answer("pkg-config", &["--exists", module]).is_some());
    if !found {
        return Err(
            "The development files of WebKitGTK 4.1 or libayatana-appindicator are missing: install them with this \
             system's package manager (https://v2.tauri.app/start/prerequisites lists the names), then run this \
             command again."
                .to_owned(),
        );
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let programs: Vec<&str> = lacking.iter().map(|(program, _)| *program).collect();
    Err(format!(
        "The tests in a real window need programs that are missing: {}. Install them with this system's package \
         manager, then run this command again.",
        programs.join(", ")
    ))
}

fn installed(package: &str) -> bool {
    answer("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package]).as_deref() == Some("installed")
}

fn agreed() -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Run it now? [Y/n] ");
    std::io::stdout().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(|error| error.to_string())?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_run() {
        let packages = ["xvfb", "strace"];
        let shown = |root| apt(&packages, root).map(|line| line.join(" "));
        assert_eq!(
            shown(true),
            [
                "apt-get update",
                "apt-get install --yes --no-install-recommends xvfb strace"
            ],
            "as root"
        );
        assert_eq!(
            shown(false),
            [
                "sudo apt-get update",
                "sudo apt-get install --yes --no-install-recommends xvfb strace"
            ],
            "as anybody else"
        );
    }

    #[test]
    fn node_versions_compare_as_numbers() {
        assert_eq!(version_of("v20.19.4"), Some((20, 19)), "the form that node prints");
        assert!(
            version_of("v20.9.0").is_some_and(|found| found < NODE),
            "9 is less than 19, though not as text"
        );
        assert!(
            version_of("v22.1.0").is_some_and(|found| found >= NODE),
            "a newer major has everything"
        );
        assert_eq!(version_of("unknown"), None, "not a version");
    }
}
