//! Files that the pointer carries out of the window. The page says which; where they lie it never learns.

use std::path::{Path, PathBuf};

use sendoff_core::model::Failure;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::state::{Shell, lock};

/// What is carried.
pub(crate) struct Dragged {
    /// The address by which the page's own drag names it.
    named: String,
    file: PathBuf,
}

/// Carries a file from now on; `named` is the address that the page's own drag carries in its place.
pub(crate) async fn start(app: &AppHandle, file: PathBuf, named: String) -> Result<(), Failure> {
    let dragged = Dragged { named, file };
    platform::start(app, &dragged).await?;
    *lock(&app.state::<Shell>().dragged) = Some(dragged);
    Ok(())
}

/// Whether these are what the page itself carries: let go over the page, it is nothing that somebody brings.
pub(crate) fn is_own(app: &AppHandle, paths: &[PathBuf]) -> bool {
    let shell = app.state::<Shell>();
    let dragged = lock(&shell.dragged);
    // Its address may have been told before the file was here.
    let own = |path: &PathBuf, own: &Dragged| *path == own.file || *path == Path::new(&own.named);
    dragged
        .as_ref()
        .is_some_and(|dragged| paths.iter().all(|path| own(path, dragged)))
}

/// Makes a window ready for it.
pub(crate) fn heed(window: &WebviewWindow) {
    platform::heed(window);
}

/// The page's own drag goes on, for only then it sees the button go up; its address becomes the file as it is let go.
#[cfg(target_os = "linux")]
mod platform {
    use gtk::prelude::*;
    use gtk::{SelectionData, glib};
    use sendoff_core::model::Failure;
    use tauri::{AppHandle, Manager, WebviewWindow};

    use super::Dragged;
    use crate::state::{Shell, lock};

    pub(super) async fn start(_: &AppHandle, _: &Dragged) -> Result<(), Failure> {
        Ok(())
    }

    pub(super) fn heed(window: &WebviewWindow) {
        let app = window.app_handle().clone();
        let heeded = window.with_webview(move |view| {
            // After the view's own answer, which it replaces.
            view.inner().connect_local("drag-data-get", true, move |given| {
                if let Some(Ok(selection)) = given.get(2).map(glib::Value::get) {
                    answer(&app, selection);
                }
                None
            });
        });
        if let Err(error) = heeded {
            tracing::warn!(%error, "files cannot be dragged out of the window");
        }
    }

    /// Puts the file in the place of the address that names it.
    fn answer(app: &AppHandle, selection: &SelectionData) {
        let carries = |named: &str| {
            selection.uris().iter().any(|uri| uri.as_str() == named)
                || selection.text().is_some_and(|text| text.as_str() == named)
        };
        let shell = app.state::<Shell>();
        let dragged = lock(&shell.dragged);
        let Some(own) = dragged.as_ref().filter(|own| carries(&own.named)) else {
            return;
        };
        let Ok(uri) = glib::filename_to_uri(&own.file, None) else {
            return;
        };
        if !selection.set_uris(&[&uri]) {
            selection.set_text(&uri);
        }
    }
}

/// Untried: written after the documentation of `drag`. The page stops its own drag here.
#[cfg(not(target_os = "linux"))]
mod platform {
    use sendoff_core::model::Failure;
    use tauri::{AppHandle, Manager, WebviewWindow};

    use super::Dragged;
    use crate::window::MAIN;

    pub(super) async fn start(app: &AppHandle, dragged: &Dragged) -> Result<(), Failure> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (handle, file) = (app.clone(), dragged.file.clone());
        // Drags begin on the main thread only.
        app.run_on_main_thread(move || drop(answer.send(begin(&handle, file))))
            .map_err(|_| Failure::DragFailed)?;
        answered.await.unwrap_or(Err(Failure::DragFailed))
    }

    fn begin(app: &AppHandle, file: std::path::PathBuf) -> Result<(), Failure> {
        let window = app.get_webview_window(MAIN).ok_or(Failure::DragFailed)?;
        let face = drag::Image::File(file.clone());
        let begun = drag::start_drag(
            &window,
            drag::DragItem::Files(vec![file]),
            face,
            |_, _| {},
            drag::Options::default(),
        );
        begun.map_err(|error| {
            tracing::warn!(%error, "a drag did not begin");
            Failure::DragFailed
        })
    }

    pub(super) fn heed(_: &WebviewWindow) {}
}
