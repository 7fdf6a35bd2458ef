//! The tray: how many agents wait or work, which, and New, Capture, Open, Quit. It shows what core says and decides nothing.

use std::collections::HashMap;
use std::time::Duration;

use sendoff_core::engine::{AtHand, AtHandState, Engine};
use sendoff_core::model::RowTarget;
use tauri::image::Image;
use tauri::menu::{IconMenuItemBuilder, Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::{TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::capture;
use crate::state::Shell;
use crate::window::{self, Opening};
use crate::words::{word, word_with};

/// The tray's identifier.
const TRAY: &str = "main";
/// Agents named in the menu.
const NAMED: usize = 8;
/// So many of them at most need the user.
const NEEDING: usize = 4;
/// Width and height of a face in the menu, in pixels; twice what a menu shows, for fine screens.
const FACE: u32 = 32;
/// Whether a menu of the tray shows pictures. On Linux it reaches the desktop by libdbusmenu, which passes on those of
/// `GtkImageMenuItem` alone; ours are made otherwise and would be left out.
const SHOWS_FACES: bool = cfg!(not(target_os = "linux"));
/// The menu is made anew at most once in this time.
const PACE: Duration = Duration::from_secs(1);

/// Puts the app into the tray as soon as there is one.
pub(crate) fn start(app: &AppHandle) {
    let handle = app.clone();
    host::when_present(move || {
        if handle.tray_by_id(TRAY).is_none() {
            build(&handle);
        }
    });
}

/// Whether the icon can be seen now, so that a closed window can be opened again from it.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some() && host::shows_icons()
}

fn build(app: &AppHandle) {
    let at_hand = app.state::<Shell>().engine().map(|engine| engine.at_hand());
    let menu = match menu(app, &at_hand.unwrap_or_default(), &Faces::new()) {
        Ok(menu) => menu,
        Err(error) => {
            tracing::warn!(%error, "the tray has no menu");
            return;
        }
    };
    let icon = tauri::include_image!("icons/tray.png");
    let built = TrayIconBuilder::with_id(TRAY)
        .icon(icon)
        .icon_as_template(true)
        .tooltip(word("app.name"))
        .menu(&menu)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::DoubleClick { .. } = event {
                window::open(tray.app_handle(), None);
            }
        })
        .build(app);
    if let Err(error) = built {
        tracing::warn!(%error, "there is no tray");
    }
}

/// Keeps the menu true, from the moment there is something to tell.
pub(crate) fn keep_true(app: AppHandle, engine: Engine) {
    tauri::async_runtime::spawn(async move {
        let mut changed = engine.watch();
        // None where the menu may say something else.
        let mut shown = Some(Vec::new());
        let mut faces = Faces::new();
        loop {
            let at_hand = engine.at_hand();
            if shown.as_ref() != Some(&at_hand) {
                faces = faces_of(&engine, &at_hand, faces).await;
                let drawn = redraw(&app, &at_hand, &faces).await;
                shown = drawn.then_some(at_hand);
            }
            if changed.changed().await.is_err() {
                return;
            }
            tokio::time::sleep(PACE).await;
        }
    });
}

/// The faces that the menu shows, by the hashes of their pictures.
type Faces = HashMap<String, Image<'static>>;

/// The faces of those that are named; what was drawn before is not drawn again.
async fn faces_of(engine: &Engine, at_hand: &[AtHand], mut drawn: Faces) -> Faces {
    let mut faces = Faces::new();
    let faces_shown = if SHOWS_FACES { NAMED } else { 0 };
    for hash in named(at_hand).take(faces_shown).filter_map(|agent| agent.face.as_ref()) {
        if let Some(face) = drawn.remove(hash) {
            faces.insert(hash.clone(), face);
        } else if !faces.contains_key(hash) {
            match engine.icon(hash, FACE).await {
                Ok(icon) => drop(faces.insert(hash.clone(), Image::new_owned(icon.rgba, icon.edge, icon.edge))),
                Err(failure) => tracing::warn!(?failure, "an agent has no face in the tray"),
            }
        }
    }
    faces
}

/// Makes the menu anew, all of it in one turn of the main thread. False where it is as it was before.
async fn redraw(app: &AppHandle, at_hand: &[AtHand], faces: &Faces) -> bool {
    let (tell, told) = tokio::sync::oneshot::channel();
    let (handle, at_hand, faces) = (app.clone(), at_hand.to_vec(), faces.clone());
    let posted = app.run_on_main_thread(move || {
        let drawn = draw(&handle, &at_hand, &faces);
        if let Err(error) = &drawn {
            tracing::warn!(%error, "the tray could not be redrawn");
        }
        // Nobody waits for it when the app ends.
        tell.send(drawn.unwrap_or(false)).ok();
    });
    posted.is_ok() && told.await.unwrap_or(false)
}

/// False where there is no tray yet: one that comes draws what is at hand then.
fn draw(app: &AppHandle, at_hand: &[AtHand], faces: &Faces) -> tauri::Result<bool> {
    let Some(tray) = app.tray_by_id(TRAY) else {
        return Ok(false);
    };
    tray.set_menu(Some(menu(app, at_hand, faces)?))?;
    tray.set_tooltip(Some(headline(at_hand)))?;
    // The count beside the icon, where the platform shows text there.
    let needs = |agent: &&AtHand| agent.state == AtHandState::NeedsYou;
    let working = at_hand.len() - at_hand.iter().filter(needs).count();
    tray.set_title((working > 0).then(|| working.to_string()))?;
    Ok(true)
}

/// How many wait for the user, how many work, and how many of them are not heard of: the worse of the two kinds.
fn headline(at_hand: &[AtHand]) -> String {
    let count = |state| at_hand.iter().filter(|agent| agent.state == state).count();
    let needing = count(AtHandState::NeedsYou);
    let title = match at_hand.len() - needing {
        0 => word("tray.working_none").to_owned(),
        1 => word("tray.working_one").to_owned(),
        count => word_with("tray.working_many", "count", &count.to_string()),
    };
    let with = |words, count: usize| word_with(words, "count", &count.to_string()).replace("{title}", &title);
    let title = match (count(AtHandState::Stuck), count(AtHandState::Quiet)) {
        (0, 0) => title.clone(),
        (0, quiet) => with("tray.with_quiet", quiet),
        (stuck, _) => with("tray.with_stuck", stuck),
    };
    let needs = match needing {
        0 => return title,
        1 => word("tray.needs_one").to_owned(),
        count => word_with("tray.needs_many", "count", &count.to_string()),
    };
    if needing == at_hand.len() {
        needs
    } else {
        format!("{needs}, {title}")
    }
}

fn menu(app: &AppHandle, at_hand: &[AtHand], faces: &Faces) -> tauri::Result<Menu<Wry>> {
    let headline = MenuItemBuilder::with_id("headline", headline(at_hand))
        .enabled(false)
        .build(app)?;
    let mut builder = MenuBuilder::new(app).item(&headline);
    for agent in named(at_hand) {
        let (id, title) = (format!("agent:{}", agent.agent), entry(agent));
        builder = match agent.face.as_ref().and_then(|hash| faces.get(hash)) {
            Some(face) => builder.item(&IconMenuItemBuilder::with_id(id, title).icon(face.clone()).build(app)?),
            None => builder.text(id, title),
        };
    }
    builder
        .separator()
        .text("new", word("tray.new"))
        .text("capture", word("tray.capture"))
        .text("open", word("tray.open"))
        .text("quit", word("tray.quit"))
        .build()
}

/// Those that are named: a few that need the user leave room for those at work.
fn named(at_hand: &[AtHand]) -> impl Iterator<Item = &AtHand> {
    let needs = |agent: &&AtHand| agent.state == AtHandState::NeedsYou;
    let needing = at_hand.iter().filter(needs).take(NEEDING);
    let working = at_hand.iter().filter(move |agent| !needs(agent));
    needing.chain(working).take(NAMED)
}

/// An agent as the menu names it.
fn entry(agent: &AtHand) -> String {
    let title = short(&agent.title);
    let words = match agent.state {
        AtHandState::Working => return title,
        AtHandState::NeedsYou => "tray.needs",
        AtHandState::Reconnecting => "tray.reconnecting",
        AtHandState::Quiet => "tray.quiet",
        AtHandState::Stuck => "tray.stuck",
    };
    word_with(words, "title", &title)
}

/// A title fit for a menu; an ampersand would mark a key there.
fn short(title: &str) -> String {
    let title = if title.is_empty() { word("tray.untitled") } else { title };
    let mut text: String = title.chars().take(48).collect();
    if text.len() < title.len() {
        text.push('…');
    }
    text.replace('&', "&&")
}

fn chosen(app: &AppHandle, item: &str) {
    match item {
        "new" => window::open(app, Some(Opening::new_draft())),
        // The menu itself is still on the screen.
        "capture" => capture::start(app, None, true),
        "open" => window::open(app, None),
        "quit" => app.exit(0),
        agent => {
            if let Some(id) = agent.strip_prefix("agent:") {
                window::open(app, Some(Opening::Target(RowTarget::Agent(id.into()))));
            }
        }
    }
}

#[cfg(target_os = "linux")]
mod host {
    //! Whether there is a tray: its library, and somebody on the session bus who shows icons.

    use gtk::gio;
    use gtk::glib::{ToVariant, Variant};

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    /// Calls back each time a tray comes to the session, now or later.
    /// Creating an icon without the library panics, so it is looked for first.
    pub(super) fn when_present(appeared: impl Fn() + Send + Sync + 'static) {
        if has_library() {
            // Watched as long as the app runs. What vanishes is asked for when it matters, by `shows_icons`.
            let _watch = gio::bus_watch_name(
                gio::BusType::Session,
                WATCHER,
                gio::BusNameWatcherFlags::NONE,
                move |_, _, _| appeared(),
                |_, _| {},
            );
        }
    }

    /// Whether somebody shows icons now. Waits a second at most.
    pub(super) fn shows_icons() -> bool {
        has_host().unwrap_or(false)
    }

    fn has_library() -> bool {
        const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
        // SAFETY: loading runs the library's initializers, as the tray itself does a moment later.
        #[expect(unsafe_code, reason = "there is no safe way to ask whether a library can be loaded")]
        NAMES
            .iter()
            .any(|name| unsafe { libloading::Library::new(name) }.is_ok())
    }

    /// StatusNotifierItem specification: a watcher owns the name, and says whether a host is registered.
    fn has_host() -> Option<bool> {
        let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE).ok()?;
        let arguments: Variant = (WATCHER, "IsStatusNotifierHostRegistered").to_variant();
        let answer = bus
            .call_sync(
                Some(WATCHER),
                "/StatusNotifierWatcher",
                "org.freedesktop.DBus.Properties",
                "Get",
                Some(&arguments),
                None,
                gio::DBusCallFlags::NO_AUTO_START,
                1000,
                gio::Cancellable::NONE,
            )
            .ok()?;
        answer.child_value(0).as_variant()?.get::<bool>()
    }
}

#[cfg(not(target_os = "linux"))]
mod host {
    /// macOS and Windows always have a place for the icon.
    pub(super) fn when_present(appeared: impl Fn()) {
        appeared();
    }

    pub(super) fn shows_icons() -> bool {
        true
    }
}
