//! The app under test, started as a person starts it. The driver attaches to it from outside, so
//! that it may close its window, be killed and start again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use super::page::Page;
use super::process::Process;
use super::wait::{SOON, until};
use super::{Stage, target_folder};

/// How the app is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Base of the Cursor API; the practice cloud of the app itself needs none.
    pub api: Option<String>,
    /// How fast the agents of the app's own practice cloud work; 1 is real time.
    pub practice_speed: Option<f64>,
    /// Leave the page alone: no driver can attach, and nothing tells the web view that one might.
    pub undriven: bool,
    /// Say that the session is one of Wayland.
    pub wayland: bool,
    /// What stands behind its name on the command line.
    pub arguments: &'static [&'static str],
}

impl Start {
    /// With agents of the app's own practice cloud at this speed; 1 is real time.
    pub fn practicing(speed: f64) -> Self {
        Self {
            practice_speed: Some(speed),
            ..Self::default()
        }
    }

    /// Against a cloud that runs outside the app.
    pub fn against(api: &str) -> Self {
        Self {
            api: Some(api.to_owned()),
            ..Self::default()
        }
    }
}

/// A running app.
pub struct App {
    process: Process,
    inspector: u16,
    environment: Vec<(String, String)>,
    logs: PathBuf,
}

impl App {
    pub(crate) async fn start(stage: &Stage, start: Start) -> Self {
        let inspector = free_port();
        let mut environment = stage.environment().to_vec();
        let mut set = |name: &str, value: String| environment.push((name.to_owned(), value));
        set("SENDOFF_DATA_DIR", stage.data().to_string_lossy().into_owned());
        set("RUST_BACKTRACE", "1".to_owned());
        if let Some(api) = start.api {
            set("SENDOFF_API_URL", api);
        }
        if let Some(speed) = start.practice_speed {
            set("SENDOFF_PRACTICE_SPEED", speed.to_string());
        }
        if start.wayland {
            set("XDG_SESSION_TYPE", "wayland".to_owned());
        }
        if !start.undriven {
            set("TAURI_AUTOMATION", "true".to_owned());
            set("TAURI_WEBVIEW_AUTOMATION", "true".to_owned());
            set("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}"));
        }
        let program = program();
        assert!(
            program.is_file(),
            "{} is not built; `cargo xtask test build` builds it",
            program.display()
        );
        let program = program.to_string_lossy();
        let process = Process::start(&program, start.arguments, &environment, stage.logs());
        Self {
            process,
            inspector,
            environment,
            logs: stage.logs().to_owned(),
        }
    }

    /// Waits for the page and attaches to it.
    pub async fn page(&mut self) -> Page {
        let environment = self.environment.clone();
        let id = self.process.id();
        until("the app's window", SOON, || {
            let ended = self.process.ended();
            let environment = &environment;
            async move {
                assert!(ended.is_none(), "the app ended before it showed a window: {ended:?}");
                super::process::tool(
                    "xdotool",
                    &["search", "--onlyvisible", "--pid", &id.to_string(), "--name", "."],
                    environment,
                )
            }
        })
        .await;
        Page::attach(self.inspector, &self.environment, &self.logs).await
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.process.ended().is_none()
    }

    /// Quits from the tray and waits for the end.
    pub async fn quit(&mut self, stage: &Stage) {
        stage.tray.click("Quit", SOON).await;
        let status = self.ended().await;
        assert!(status.success(), "the app ended with {status}");
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        until("the end of the app", SOON, || {
            let ended = self.process.ended();
            async move { ended }
        })
        .await
    }

    /// Web processes of this app that run now: one while there is a window, none in the tray.
    pub fn web_processes(&self) -> usize {
        let id = self.process.id().to_string();
        super::process::tool("ps", &["--ppid", &id, "-o", "comm="], &self.environment)
            .unwrap_or_default()
            .lines()
            .filter(|name| name.starts_with("WebKitWebProces"))
            .count()
    }

    /// Megabytes of memory of the app and all its processes; what they share counts once (PSS).
    pub fn memory(&self) -> f64 {
        self.processes().iter().map(|id| megabytes(*id)).sum()
    }

    /// Megabytes of memory of the processes that draw its pages (PSS).
    pub fn memory_of_pages(&self) -> f64 {
        let draws = |id: &&u32| {
            let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
            name.starts_with("WebKitWebProc")
        };
        self.processes().iter().filter(draws).map(|id| megabytes(*id)).sum()
    }

    /// Waits until what a start does by itself is over: half a second in which all its processes together were on a
    /// processor for a tenth of it at most (proc(5), `stat`, in hundredths of a second).
    pub async fn until_idle(&self) {
        let busy = || {
            let ticks = |process: &u32| {
                let told = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
                let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace();
                let ticks = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
                ticks.sum::<u64>()
            };
            self.processes().iter().map(ticks).sum::<u64>()
        };
        let mut before = busy();
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let now = busy();
            if now <= before + 5 {
                return;
            }
            before = now;
        }
    }

    /// The app and all processes that it started, by their ids.
    pub fn processes(&self) -> Vec<u32> {
        let mut all = vec![self.process.id()];
        let mut at = 0;
        while let Some(id) = all.get(at) {
            let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
            all.extend(
                children
                    .split_whitespace()
                    .filter_map(|child| child.parse::<u32>().ok()),
            );
            at += 1;
        }
        all
    }
}

fn megabytes(process: u32) -> f64 {
    let all = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = all
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
}

impl Drop for App {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Now, while there still is a window to see.
            super::keyboard::photograph(&self.environment, &self.logs.join("failed.png"));
        }
    }
}

/// The program under test: `SENDOFF_APP`, else the debug build.
pub fn program() -> PathBuf {
    std::env::var_os("SENDOFF_APP").map_or_else(
        || target_folder().join("debug/sendoff"),
        |program| Path::new(&program).to_owned(),
    )
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port of this machine")
        .port()
}
