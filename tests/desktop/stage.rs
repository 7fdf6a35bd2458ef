//! A private desktop for one test: screen, window manager, session bus, keyring, clipboard,
//! notifications, tray and portal, in a home folder of its own. Everything ends with the stage.

mod app;
mod bus;
mod clipboard;
mod drag;
mod keyboard;
mod keyring;
mod notices;
mod page;
mod picture;
mod portal;
mod process;
mod tray;
mod wait;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use app::{App, Start, program};
pub use keyring::Keyring;
pub use notices::{Notice, Notices};
pub use page::Page;
pub use picture::{plain_png, screenshot_png};
pub use portal::{Portal, ScreenAnswer};
pub use tray::Tray;
pub use wait::{LONG, SOON, until};

use process::Process;

/// What the desktop around the app is like.
#[derive(Clone, Debug)]
pub struct Setting {
    /// State of the system keychain.
    pub keyring: Keyring,
    /// Whether somebody shows tray icons.
    pub tray: bool,
    /// Whether somebody shows notifications.
    pub notices: bool,
    /// Whether the desktop prefers dark windows.
    pub dark: bool,
    /// Pixels per point: 1 or 2.
    pub scale: u32,
    /// Whether the desktop itself has the keys of Capture.
    pub keys_taken: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            keyring: Keyring::Open,
            tray: true,
            notices: true,
            dark: false,
            scale: 1,
            keys_taken: false,
        }
    }
}

/// The private desktop. Fields end in the order in which they stand: listeners before their bus.
pub struct Stage {
    /// Notifications shown so far.
    pub notices: Notices,
    /// The tray, and what stands in it.
    pub tray: Tray,
    /// The portal, and what it says of the screen.
    pub portal: Portal,
    setting: Setting,
    name: String,
    logs: PathBuf,
    environment: Vec<(String, String)>,
    keyring: Option<Process>,
    _window_manager: Process,
    _screen: Process,
    _bus: Process,
    home: TempDir,
}

impl Stage {
    /// Raises the stage of the test `name`; its logs stand in `target/desktop/<name>/`.
    pub async fn raise(name: &str, setting: Setting) -> Self {
        let logs = target_folder().join("desktop").join(name);
        if logs.exists() {
            fs::remove_dir_all(&logs).expect("the logs of the last time can be removed");
        }
        fs::create_dir_all(&logs).expect("a folder for logs can be made");
        let home = tempfile::Builder::new()
            .prefix("sendoff-")
            .tempdir()
            .expect("a home folder can be made");
        let mut environment = base_environment(home.path(), &setting);

        let (bus, address) = bus::start(home.path(), &logs);
        environment.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address.clone()));
        let (screen, display) = screen(&logs, setting.scale);
        environment.push(("DISPLAY".to_owned(), display));
        let keys = home.path().join("keys.xml");
        fs::write(&keys, if setting.keys_taken { TAKEN } else { FREE }).expect("a configuration can be written");
        let keys = keys.to_string_lossy();
        let arguments = ["--sm-disable", "--config-file", &keys];
        let window_manager = Process::start("openbox", &arguments, &environment, &logs);

        let portal = Portal::start(&address, setting.dark).await;
        let notices = Notices::start(&address, setting.notices).await;
        let tray = Tray::start(&address, setting.tray).await;
        let keyring = keyring::start(setting.keyring, &environment, &logs).await;
        keyboard::wait_for_window_manager(&environment).await;
        Self {
            notices,
            tray,
            portal,
            setting,
            name: name.to_owned(),
            logs,
            environment,
            keyring,
            _window_manager: window_manager,
            _screen: screen,
            _bus: bus,
            home,
        }
    }

    /// Starts the app on this stage.
    pub async fn start(&self, start: Start) -> App {
        App::start(self, start).await
    }

    /// The folder that the app is told to keep its data in.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The home folder of this desktop's user.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where logs and pictures of this test are kept.
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// What the desktop is like.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The environment of every program on this desktop.
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// Puts an encoded picture on the clipboard, as a screenshot tool does.
    pub async fn copy_picture(&self, media_type: &str, bytes: &[u8]) {
        clipboard::offer(self, media_type, bytes).await;
    }

    /// Puts words on the clipboard.
    pub async fn copy_words(&self, words: &str) {
        clipboard::offer(self, "UTF8_STRING", words.as_bytes()).await;
    }

    /// Drags from a place of the screen into another program's window; gives the addresses of files that it got.
    pub async fn drag_out(&self, from: (i32, i32)) -> Vec<String> {
        drag::out(self, from).await
    }

    /// Drags files from another program's window into the middle of the window whose title holds `window`.
    pub async fn drag_files(&self, page: &Page, window: &str, paths: &[&Path]) {
        drag::files(self, page, window, paths).await;
    }

    /// Names a file in the system's picker whose title holds `title`, and waits until it closed.
    pub async fn choose_file(&self, title: &str, path: &Path) {
        self.window(title).await;
        self.focus(title);
        // A path is taken from the clipboard: typed keys may come before the picker's field is there.
        self.copy_words(&path.to_string_lossy()).await;
        self.press("ctrl+l");
        self.press("ctrl+a");
        self.press("ctrl+v");
        let mut looks = 0;
        until("the picker taking the path", SOON, || {
            // The picker reads the folder first, and until then Return does nothing.
            looks += 1;
            let open = self.windows(title) > 0;
            if open && looks % 20 == 0 {
                self.press("Return");
            }
            async move { (!open).then_some(()) }
        })
        .await;
    }

    /// Shows a picture in another program's window, at this place of the screen, until it is dropped.
    pub async fn show_picture(&self, title: &str, png: &[u8], left: u32, top: u32) -> Shown {
        let file = self.home().join(title);
        fs::write(&file, png).expect("a picture can be written");
        let place = format!("+{left}+{top}");
        let arguments = ["-title", title, "-geometry", &place, &format!("png:{}", file.display())];
        let process = Process::start("display", &arguments, &self.environment, &self.logs);
        self.window(title).await;
        Shown { _process: process }
    }

    /// Where the inside of the window whose title holds `title` is: left, top, width and height in pixels of the screen.
    pub fn place(&self, title: &str) -> [i32; 4] {
        keyboard::place(&self.environment, title)
    }

    /// Makes the window whose title holds `title` so large, in pixels of the screen.
    pub fn resize(&self, title: &str, width: i32, height: i32) {
        keyboard::resize(&self.environment, title, width, height);
    }

    /// Presses a key combination in the focused window, in xdotool's spelling: `ctrl+v`.
    pub fn press(&self, keys: &str) {
        keyboard::press(&self.environment, keys);
    }

    /// Pulls the real pointer along places of the screen, the button held, sixty a second.
    pub fn pull(&self, path: &[(i32, i32)]) {
        keyboard::pull(&self.environment, path);
    }

    /// Types into what has the keyboard, by real keys.
    pub fn type_words(&self, words: &str) {
        keyboard::type_words(&self.environment, words);
    }

    /// Gives the keyboard to the window whose title holds `title`.
    pub fn focus(&self, title: &str) {
        keyboard::focus(&self.environment, title);
    }

    /// Asks the window whose title holds `title` to close, as its close button does.
    pub fn close_window(&self, title: &str) {
        keyboard::close_window(&self.environment, title);
    }

    /// How many visible windows have a title that holds `title`.
    pub fn windows(&self, title: &str) -> usize {
        keyboard::windows(&self.environment, title).len()
    }

    /// Waits for a visible window with this title.
    pub async fn window(&self, title: &str) {
        until(&format!("a window called {title:?}"), SOON, || async {
            (self.windows(title) > 0).then_some(())
        })
        .await;
    }

    /// Waits until no visible window has a title that holds `title`.
    pub async fn no_window(&self, title: &str) {
        until(&format!("no window called {title:?}"), SOON, || async {
            (self.windows(title) == 0).then_some(())
        })
        .await;
    }

    /// The addresses that were opened in the browser.
    pub fn opened(&self) -> Vec<String> {
        let opened = fs::read_to_string(self.home.path().join(OPENED)).unwrap_or_default();
        opened.lines().map(str::to_owned).collect()
    }

    /// Ends the keychain, as when its daemon crashes.
    pub fn end_keyring(&mut self) {
        self.keyring = None;
    }

    /// Saves a picture of the whole screen beside the logs.
    pub fn photograph(&self, name: &str) {
        keyboard::photograph(&self.environment, &self.logs.join(format!("{name}.png")));
    }
}

/// A window of another program.
pub struct Shown {
    _process: Process,
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "{}: logs, and a picture of the screen if the app was running, are in {}",
                self.name,
                self.logs.display()
            );
        }
    }
}

/// No keys of the desktop's own.
const FREE: &str = r#"<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard/></openbox_config>"#;
/// The keys with which Capture begins.
const TAKEN: &str = r#"<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard><keybind key="C-S-2">
<action name="Execute"><command>true</command></action></keybind></keyboard></openbox_config>"#;

fn base_environment(home: &Path, setting: &Setting) -> Vec<(String, String)> {
    let folder = |name: &str| {
        let path = home.join(name);
        fs::create_dir_all(&path).expect("a folder of the home can be made");
        path.to_string_lossy().into_owned()
    };
    let runtime = folder("runtime");
    let programs = folder("programs");
    browser(Path::new(&programs), &home.join(OPENED));
    // The bus and the keyring refuse a runtime folder that others can enter.
    set_private(Path::new(&runtime));
    let mut environment: Vec<(String, String)> = [
        ("HOME", home.to_string_lossy().into_owned()),
        ("XDG_RUNTIME_DIR", runtime),
        ("XDG_DATA_HOME", folder("share")),
        ("XDG_CONFIG_HOME", folder("config")),
        ("XDG_CACHE_HOME", folder("cache")),
        (
            "PATH",
            format!("{programs}:{}", std::env::var("PATH").unwrap_or_default()),
        ),
        ("LANG", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("XDG_CURRENT_DESKTOP", "stage".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    if setting.scale > 1 {
        environment.push(("GDK_SCALE".to_owned(), setting.scale.to_string()));
    }
    if setting.dark {
        environment.push(("GTK_THEME".to_owned(), "Adwaita:dark".to_owned()));
    }
    environment
}

fn set_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("a folder of our own can be closed");
}

/// A screen in memory, large enough for the window and its neighbours.
fn screen(logs: &Path, scale: u32) -> (Process, String) {
    let size = format!("{}x{}x24", 1400 * scale, 940 * scale);
    let mut screen = Process::start_speaking(
        "Xvfb",
        &["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"],
        &[],
        logs,
    );
    let display = screen.first_line();
    (screen, format!(":{display}"))
}

/// Where the browser of this desktop notes what it was asked to open, in the home folder.
const OPENED: &str = "opened";

/// A browser that only notes addresses.
fn browser(programs: &Path, opened: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let program = programs.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" >> '{}'\n", opened.display());
    fs::write(&program, script).expect("a program can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("and be run");
}

/// The folder that Cargo builds into.
fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    )
}
