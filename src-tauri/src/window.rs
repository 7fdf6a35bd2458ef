//! The one window. It is made when wanted and destroyed when closed; the core goes on without it.

use std::time::Duration;

use sendoff_capture::Area;
use sendoff_core::model::{Change, DraftId, Failure, RowTarget, ShotId, ShotTarget, Taken};
use serde::Serialize;
use tauri::{AppHandle, DragDropEvent, Emitter, Manager, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent};

use crate::state::{Shell, lock, theme};
use crate::{clipboard, close, drag, size};

/// The window's label.
pub(crate) const MAIN: &str = "main";
/// A page that has not painted by then is shown all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the window goes to.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Opening {
    /// An agent, a launch or a draft.
    Target(RowTarget),
    /// Something else.
    Wish(Wish),
}

/// What else the page is asked for, as it reads it: `{"open":"new"}`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "open", rename_all = "camelCase")]
pub(crate) enum Wish {
    /// A new draft.
    New,
    /// A picture of the screen, on the desk.
    Capture {
        /// The draft it is in.
        draft: DraftId,
        /// Which of its pictures it is.
        shot: ShotId,
        /// The windows on it, the topmost first, in pixels of the picture.
        windows: Vec<Area>,
    },
    /// What is open already, with a failure.
    Trouble {
        /// Why what was asked for from outside of the window did not come.
        failure: Failure,
        /// The draft it was for, if one.
        draft: Option<DraftId>,
    },
}

/// What waits for a page that does not listen yet.
#[derive(Debug)]
pub(crate) enum Pending {
    /// The page asks for this first; none is where it was left.
    For(Option<Opening>),
    /// The page listens to events.
    Heard,
}

impl Opening {
    /// Asks for a new draft.
    pub(crate) fn new_draft() -> Self {
        Self::Wish(Wish::New)
    }
}

/// Shows the window, making it if there is none, and takes it where it should go.
pub(crate) fn open(app: &AppHandle, opening: Option<Opening>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let (Some(Opening::Target(target)), Ok(engine)) = (&opening, app.state::<Shell>().engine())
            && let Err(failure) = engine.bring(target).await
        {
            tracing::warn!(
                ?failure,
                "the account of what was clicked could not be made the active one"
            );
        }
        let handle = app.clone();
        // Windows are made on the main thread only.
        let posted = app.run_on_main_thread(move || show(&handle, opening));
        if posted.is_err() {
            tracing::warn!("the main loop is gone");
        }
    });
}

fn show(app: &AppHandle, opening: Option<Opening>) {
    let shell = app.state::<Shell>();
    if let Some(window) = app.get_webview_window(MAIN) {
        // A window manager takes one that comes back for a new one, and finds it a place.
        let place = lock(&shell.place).take();
        let shown = place
            .map_or(Ok(()), |place| window.set_position(place))
            .and_then(|()| window.show())
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be shown");
        }
        match (opening, &mut *lock(&shell.pending)) {
            (Some(opening), Pending::Heard) => tell(app, "open", &opening),
            (Some(opening), waiting) => *waiting = Pending::For(Some(opening)),
            (None, _) => {}
        }
        return;
    }
    *lock(&shell.pending) = Pending::For(opening);
    let wanted = size::wanted(app);
    let built = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Sendoff")
        .inner_size(wanted.width.into(), wanted.height.into())
        .maximized(wanted.maximized)
        .min_inner_size(720.0, 520.0)
        .theme(theme(app))
        .visible(false)
        .on_document_title_changed(|window, title| {
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(%error, "the window keeps its title");
            }
        })
        .on_navigation(|url| {
            // The page itself, by either of the names it has; nothing else is ever shown in this window.
            matches!(
                (url.scheme(), url.host_str()),
                ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
            )
        })
        .build();
    match built {
        Ok(window) => {
            drag::heed(&window);
            insist_on_theme(app);
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(PATIENCE).await;
                ready(&app);
            });
        }
        Err(error) => tracing::error!(%error, "the window could not be made"),
    }
}

/// Shows the look the user chose where the platform draws: the title bar, the lists of drop-downs.
pub(crate) fn show_theme(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let shown = window.set_theme(theme(app)).and_then(|()| match theme(app) {
        // There *none* is light; what the desktop wants is known from now on.
        None if cfg!(target_os = "linux") => window.set_theme(Some(window.theme()?)),
        _ => Ok(()),
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "what the platform draws keeps its look");
    }
}

/// On Linux what the builder was told is not shown, and whenever the desktop turns light or dark, so does the window.
fn insist_on_theme(app: &AppHandle) {
    if cfg!(target_os = "linux") && theme(app).is_some() {
        show_theme(app);
    }
}

/// What the page opens first. From now on it hears of more by events.
pub(crate) fn opening(app: &AppHandle) -> Option<Opening> {
    let shell = app.state::<Shell>();
    let mut pending = lock(&shell.pending);
    match std::mem::replace(&mut *pending, Pending::Heard) {
        Pending::For(opening) => opening,
        Pending::Heard => None,
    }
}

/// Has the page ask what closing means; false when it does not listen.
pub(crate) fn ask_close(app: &AppHandle) -> bool {
    let hears = matches!(*lock(&app.state::<Shell>().pending), Pending::Heard);
    if hears {
        tell(app, "close-asked", &());
    }
    hears
}

/// Takes the window off the screen for a moment; false where it was not on it.
pub(crate) fn hide(app: &AppHandle) -> bool {
    let Some(window) = app.get_webview_window(MAIN) else {
        return false;
    };
    if !window.is_visible().unwrap_or(false) || window.is_minimized().unwrap_or(false) {
        return false;
    }
    *lock(&app.state::<Shell>().place) = window.outer_position().ok();
    window.hide().is_ok()
}

/// Closes the window; the app goes on.
pub(crate) fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the window did not close");
    }
}

/// The page painted: shows the window.
pub(crate) fn ready(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let hidden = app.state::<Shell>().capturing.try_lock().is_err();
    if !hidden
        && !window.is_visible().unwrap_or(true)
        && let Err(error) = window.show().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// What happens to the window.
pub(crate) fn event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } if !close::may_close(app) => {
            api.prevent_close();
        }
        WindowEvent::Focused(focused) => {
            if *focused {
                insist_on_theme(app);
            }
            focus(app, *focused);
        }
        WindowEvent::Resized(_) => size::note(window),
        WindowEvent::Destroyed => {
            size::keep(app);
            focus(app, false);
        }
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => drop_in(app, paths.clone()),
        _ => {}
    }
}

fn focus(app: &AppHandle, focused: bool) {
    if let Ok(engine) = app.state::<Shell>().engine() {
        engine.set_focused(focused);
    }
}

/// Takes dropped files in, where nothing open takes them into a new draft. The paths come from the system, not from the
/// page.
fn drop_in(app: &AppHandle, paths: Vec<std::path::PathBuf>) {
    // Every drop is answered: the page waits for it before it sends.
    if drag::is_own(app, &paths) {
        return tell(app, "shots-taken", &Taken::Nothing);
    }
    let Ok(engine) = app.state::<Shell>().engine() else {
        return tell(app, "shots-taken", &Taken::Nothing);
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let target = match engine.drop_target() {
            Some(target) => target,
            None => match engine.change(Change::DraftCreate).await {
                Ok(Some(id)) => {
                    let id = DraftId(id);
                    open(&app, Some(Opening::Target(RowTarget::Draft(id.clone()))));
                    ShotTarget::Draft(id)
                }
                // Before there is an account the first window asks for one, and has no place for pictures.
                Ok(None) | Err(Failure::NoAccount) => return tell(&app, "shots-taken", &Taken::Nothing),
                Err(failure) => {
                    let refused = vec![failure];
                    return tell(&app, "shots-taken", &Taken::Pictures { count: 0, refused });
                }
            },
        };
        let (files, mut unreadable) = clipboard::read_files(paths).await;
        let (count, mut refused): (u32, Vec<Failure>) = engine.take_pictures(&target, files).await;
        refused.append(&mut unreadable);
        tell(&app, "shots-taken", &Taken::Pictures { count, refused });
    });
}

/// Tells the page something that happens a few times a day. Everything frequent is pulled by the page.
fn tell<T: Serialize + Clone>(app: &AppHandle, event: &str, payload: &T) {
    if let Err(error) = app.emit_to(MAIN, event, payload.clone()) {
        tracing::warn!(%error, event, "the page could not be told");
    }
}
