//! The clipboard, read natively: WebKitGTK does not give pasted pictures to a page.
//! Order: picture files, then words, then a picture. Encoded bytes are passed through where the system gives them.

use std::path::PathBuf;
use std::time::Duration;

use sendoff_core::model::Failure;
use tauri::AppHandle;
use tokio::io::AsyncReadExt;

/// A program that owns the clipboard and has not answered by then is taken for gone.
const PATIENCE: Duration = Duration::from_secs(4);
/// The largest file that is read, in bytes; `shots` refuses it with its size.
const FILE: u64 = 60_000_001;
/// The most files taken from one paste or drop: one more than a prompt takes, so that the refusal is said.
const FILES: usize = 6;

/// What the clipboard holds, in the order of preference.
pub(crate) enum Content {
    /// Files that may be pictures, and a failure for each that could not be read.
    Files(Vec<Vec<u8>>, Vec<Failure>),
    /// Words.
    Text(String),
    /// A picture as pixels, four bytes each.
    Pixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The pixels.
        rgba: Vec<u8>,
    },
}

/// What the clipboard's owner handed over.
enum Offer {
    /// What was copied.
    Content(Content),
    /// Where copied files lie.
    Files(Vec<PathBuf>),
}

/// Reads the clipboard. With `picture`, words are passed over.
pub(crate) async fn read(app: &AppHandle, picture: bool) -> Result<Content, Failure> {
    let offered = tokio::time::timeout(PATIENCE, platform::read(app, picture)).await;
    match offered.unwrap_or(Err(Failure::ClipboardGone))? {
        Offer::Content(content) => Ok(content),
        // A slow disk is no fault of the program that copied.
        Offer::Files(paths) => {
            let (files, failures) = read_files(paths).await;
            Ok(Content::Files(files, failures))
        }
    }
}

/// Reads files the user pasted, dropped or picked; gives the bytes, and a failure for each that could not be read.
pub(crate) async fn read_files(paths: Vec<PathBuf>) -> (Vec<Vec<u8>>, Vec<Failure>) {
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for path in paths.into_iter().take(FILES) {
        match read_file(&path).await {
            Ok(bytes) => files.push(bytes),
            Err(_) => failures.push(Failure::FileUnreadable),
        }
    }
    (files, failures)
}

async fn read_file(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    let file = tokio::fs::File::open(path).await?;
    if !file.metadata().await?.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.take(FILE).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Asks arboard off the threads of async code, one question at a time: it must never be used from two threads at once.
async fn by_arboard<T: Send + 'static>(
    question: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error> + Send + 'static,
) -> Result<T, Failure> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let asked = tokio::task::spawn_blocking(move || {
        // Held by the thread and not by the caller, who may have lost patience while the question is still out.
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        question(&mut arboard::Clipboard::new()?)
    });
    asked
        .await
        .map_err(|_| Failure::ClipboardGone)?
        .map_err(|error| match error {
            arboard::Error::ContentNotAvailable => Failure::ClipboardEmpty,
            _ => Failure::ClipboardGone,
        })
}

/// Pixels by arboard.
async fn pixels() -> Result<Content, Failure> {
    let image = by_arboard(arboard::Clipboard::get_image).await?;
    let size = (u32::try_from(image.width), u32::try_from(image.height));
    let (Ok(width), Ok(height)) = size else {
        return Err(Failure::PictureDamaged);
    };
    Ok(Content::Pixels {
        width,
        height,
        rgba: image.bytes.into_owned(),
    })
}

#[cfg(target_os = "linux")]
mod platform {
    //! GTK's clipboard of our own window: it works under X11 and Wayland alike and gives bytes of any type.

    use gtk::gdk::{Atom, SELECTION_CLIPBOARD};
    use gtk::glib;
    use sendoff_core::model::Failure;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use super::{Content, Offer, pixels};

    /// Picture types by preference.
    const PICTURES: [&str; 5] = ["image/png", "image/webp", "image/jpeg", "image/gif", "image/bmp"];
    const WORDS: [&str; 4] = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING"];

    pub(super) async fn read(app: &AppHandle, picture: bool) -> Result<Offer, Failure> {
        let offered = targets(app).await?;
        let has = |name: &str| offered.iter().any(|offer| offer == name);
        if has("text/uri-list") {
            let list = contents(app, "text/uri-list").await?;
            let paths = files_of(&String::from_utf8_lossy(&list));
            if !paths.is_empty() {
                return Ok(Offer::Files(paths));
            }
        }
        if !picture && let Some(kind) = WORDS.into_iter().find(|kind| has(kind)) {
            let text = contents(app, kind).await?;
            if !text.is_empty() {
                let text = match kind {
                    // ISO Latin-1 (ICCCM §2.6.2): each byte is the code point of its character.
                    "STRING" => text.into_iter().map(char::from).collect(),
                    _ => String::from_utf8_lossy(&text).into_owned(),
                };
                return Ok(Offer::Content(Content::Text(text)));
            }
        }
        if let Some(kind) = PICTURES.into_iter().find(|kind| has(kind)) {
            let bytes = contents(app, kind).await?;
            return if bytes.is_empty() {
                pixels().await.map(Offer::Content)
            } else {
                Ok(Offer::Content(Content::Files(vec![bytes], Vec::new())))
            };
        }
        Err(Failure::ClipboardEmpty)
    }

    /// Local files of a `text/uri-list` (RFC 2483 §5).
    fn files_of(list: &str) -> Vec<std::path::PathBuf> {
        list.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| glib::filename_from_uri(line.trim()).ok())
            .filter(|(_, host)| host.as_ref().is_none_or(|host| host.is_empty() || host == "localhost"))
            .map(|(path, _)| path)
            .collect()
    }

    /// The types the clipboard offers.
    async fn targets(app: &AppHandle) -> Result<Vec<String>, Failure> {
        let (answer, answered) = oneshot::channel();
        on_main(app, move || {
            let clipboard = gtk::Clipboard::get(&SELECTION_CLIPBOARD);
            let answer = std::cell::Cell::new(Some(answer));
            clipboard.request_contents(&Atom::intern("TARGETS"), move |_, selection| {
                let names = selection
                    .targets()
                    .unwrap_or_default()
                    .iter()
                    .map(|atom| atom.name().to_string())
                    .collect();
                if let Some(answer) = answer.take() {
                    drop(answer.send(names));
                }
            });
        })?;
        answered.await.map_err(|_| Failure::ClipboardGone)
    }

    /// The bytes of one offered type.
    async fn contents(app: &AppHandle, kind: &'static str) -> Result<Vec<u8>, Failure> {
        let (answer, answered) = oneshot::channel();
        on_main(app, move || {
            let clipboard = gtk::Clipboard::get(&SELECTION_CLIPBOARD);
            let answer = std::cell::Cell::new(Some(answer));
            clipboard.request_contents(&Atom::intern(kind), move |_, selection| {
                if let Some(answer) = answer.take() {
                    // A negative length is how GTK says that the owner did not deliver.
                    let bytes = (selection.length() >= 0).then(|| selection.data());
                    drop(answer.send(bytes));
                }
            });
        })?;
        answered.await.ok().flatten().ok_or(Failure::ClipboardGone)
    }

    fn on_main(app: &AppHandle, work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
        app.run_on_main_thread(work).map_err(|_| Failure::ClipboardGone)
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    //! arboard: files, words, pixels.

    use sendoff_core::model::Failure;
    use tauri::AppHandle;

    use super::{Content, Offer, by_arboard, pixels};

    pub(super) async fn read(_app: &AppHandle, picture: bool) -> Result<Offer, Failure> {
        let (files, text) = by_arboard(move |clipboard| {
            let files = clipboard.get().file_list().unwrap_or_default();
            let text = if picture || !files.is_empty() {
                None
            } else {
                clipboard.get_text().ok()
            };
            Ok((files, text))
        })
        .await?;
        if !files.is_empty() {
            return Ok(Offer::Files(files));
        }
        match text.filter(|text| !text.is_empty()) {
            Some(text) => Ok(Offer::Content(Content::Text(text))),
            None => pixels().await.map(Offer::Content),
        }
    }
}
