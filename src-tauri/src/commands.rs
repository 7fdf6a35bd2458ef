//! What the page may ask. Two kinds only: changes (one closed list in core, one command) and questions.
//! Besides these stand the commands for which this computer is needed: clipboard, picker, links, window.

use std::path::{Path, PathBuf};

use sendoff_core::engine::Engine;
use sendoff_core::export::{ExportFormat, Words};
use sendoff_core::model::{
    AccountId, AgentId, BlockId, CallDetail, Change, Changes, CodeRun, DraftId, Earlier, Failure, FileText, Found,
    KeyShape, Model, Outlook, OutsidePicture, RunId, ShotTarget, Spending, SpendingRange, StepCall, Taken, TextShape,
    View,
};
use tauri::ipc::Invoke;
use tauri::{AppHandle, Manager as _, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use crate::state::{Shell, data_folder, lock, start, theme};
use crate::words::{table, word};
use crate::{capture, clipboard, drag, shortcut, window};

/// The one list of commands: the handler here, the permission file, and the test that holds them together.
macro_rules! commands {
    ($($name:ident),* $(,)?) => {
        /// Hands a call of the page to its command.
        pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

commands! {
    change,
    changes,
    account_connect,
    shot_paste,
    shot_pick,
    screen_capture,
    shortcut_change,
    shortcut_trouble,
    notice_trouble,
    text_shape,
    models,
    spending,
    outlook,
    key_shapes,
    search,
    step_calls,
    step_detail,
    code_colors,
    outside_picture,
    conversation_export,
    artifact_save,
    artifact_drag,
    artifact_text,
    transcript_earlier,
    artifact_video,
    artifact_play,
    link_open,
    window_opening,
    window_ready,
    window_close,
    data_open,
    app_quit,
}

/// Changes something. Answers with an identifier or nothing; the result arrives by the feed.
#[tauri::command]
async fn change(app: AppHandle, shell: State<'_, Shell>, change: Change) -> Result<Option<String>, Failure> {
    let shown = theme(&app);
    let answer = shell.engine()?.change(change).await?;
    if theme(&app) != shown {
        window::show_theme(&app);
    }
    Ok(answer)
}

/// Waits for what changed in a view.
#[tauri::command]
async fn changes(shell: State<'_, Shell>, since: u64, view: View) -> Result<Changes, Failure> {
    Ok(shell.engine()?.changes(since, view).await)
}

/// Connects an account. The key comes this way once and never goes back.
#[tauri::command]
async fn account_connect(
    shell: State<'_, Shell>,
    key: String,
    account: Option<AccountId>,
    memory: bool,
) -> Result<AccountId, Failure> {
    shell.engine()?.account_connect(&key, account, memory).await
}

/// Pastes into a draft or an answer: picture files, then words, then a picture.
#[tauri::command]
async fn shot_paste(
    app: AppHandle,
    shell: State<'_, Shell>,
    target: ShotTarget,
    picture: bool,
) -> Result<Taken, Failure> {
    let engine = shell.engine()?;
    match clipboard::read(&app, picture).await? {
        clipboard::Content::Text(text) => Engine::take_words(text),
        clipboard::Content::Files(files, mut unreadable) => {
            let (count, mut refused) = engine.take_pictures(&target, files).await;
            refused.append(&mut unreadable);
            Ok(Taken::Pictures { count, refused })
        }
        clipboard::Content::Pixels { width, height, rgba } => {
            engine.take_pixels(&target, width, height, rgba).await?;
            Ok(Taken::Pictures {
                count: 1,
                refused: Vec::new(),
            })
        }
    }
}

/// Endings of picture files; the picker of GTK takes them to the letter.
const PICTURES: [&str; 12] = [
    "png", "jpg", "jpeg", "webp", "gif", "bmp", "PNG", "JPG", "JPEG", "WEBP", "GIF", "BMP",
];

/// Lets the user pick picture files.
#[tauri::command]
async fn shot_pick(app: AppHandle, shell: State<'_, Shell>, target: ShotTarget) -> Result<Taken, Failure> {
    let engine = shell.engine()?;
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(word("dialog.pictures"))
        .add_filter(word("dialog.pictures_kind"), &PICTURES)
        // What a file is, is told by its bytes: a name without an ending may be a picture all the same.
        .add_filter(word("dialog.all_files"), &["*"])
        .pick_files(move |picked| drop(answer.send(picked)));
    let Ok(Some(picked)) = answered.await else {
        return Ok(Taken::Nothing);
    };
    let paths = picked.into_iter().filter_map(|file| file.into_path().ok()).collect();
    let (files, mut unreadable) = clipboard::read_files(paths).await;
    let (count, mut refused) = engine.take_pictures(&target, files).await;
    refused.append(&mut unreadable);
    Ok(Taken::Pictures { count, refused })
}

/// Takes the screen, into a draft or a new one. The page hears of it as of a wish from outside.
#[tauri::command]
fn screen_capture(app: AppHandle, draft: Option<DraftId>) {
    capture::start(&app, draft, false);
}

/// Takes other keys for that, whatever program is in front, or none.
#[tauri::command]
async fn shortcut_change(app: AppHandle, shortcut: Option<String>) -> Result<(), Failure> {
    shortcut::change(&app, shortcut).await
}

/// Why the keys of the settings cannot be had; none where they can.
#[tauri::command]
fn shortcut_trouble(shell: State<'_, Shell>) -> Option<Failure> {
    lock(&shell.shortcut_trouble).clone()
}

/// Why the last notification was not shown; none where it was.
#[tauri::command]
fn notice_trouble(shell: State<'_, Shell>) -> Option<Failure> {
    lock(&shell.notice_trouble).clone()
}

/// Words as outlines, at a font size of 1.
#[tauri::command]
async fn text_shape(shell: State<'_, Shell>, text: String, bold: bool) -> Result<TextShape, Failure> {
    shell.engine()?.text_shape(text, bold).await
}

/// The models of the active account.
#[tauri::command]
async fn models(shell: State<'_, Shell>) -> Result<Vec<Model>, Failure> {
    shell.engine()?.models().await
}

/// What the active account used.
#[tauri::command]
async fn spending(shell: State<'_, Shell>, range: SpendingRange) -> Result<Spending, Failure> {
    shell.engine()?.spending(range).await
}

/// What may be said of a draft or an answer before it is sent: what it usually costs, and the limits that were reached.
#[tauri::command]
async fn outlook(shell: State<'_, Shell>, target: ShotTarget) -> Result<Outlook, Failure> {
    shell.engine()?.outlook(&target).await
}

/// Where words look as if a key stood in them. Away from the thread of the window: they may be long.
#[tauri::command(async)]
fn key_shapes(text: String) -> Vec<KeyShape> {
    sendoff_core::key_shapes::find(&text)
}

/// Finds words in conversations of the active account.
#[tauri::command]
async fn search(shell: State<'_, Shell>, words: String) -> Result<Found, Failure> {
    shell.engine()?.search(words).await
}

/// The calls that a step of a conversation folds.
#[tauri::command]
async fn step_calls(
    shell: State<'_, Shell>,
    agent: AgentId,
    run: RunId,
    first: String,
    count: u32,
) -> Result<Vec<StepCall>, Failure> {
    shell.engine()?.step_calls(&agent, &run, &first, count).await
}

/// One call in detail: command, output, change, arguments.
#[tauri::command]
async fn step_detail(
    shell: State<'_, Shell>,
    agent: AgentId,
    run: RunId,
    call: String,
) -> Result<Option<CallDetail>, Failure> {
    shell.engine()?.step_detail(&agent, &run, &call).await
}

/// Which parts of code are of which kind. Away from the thread of the window.
#[tauri::command(async)]
fn code_colors(language: String, code: String) -> Vec<CodeRun> {
    sendoff_core::markdown::colors(&language, &code)
}

/// Fetches a picture from elsewhere in an agent's words, from a listed host only.
#[tauri::command]
async fn outside_picture(shell: State<'_, Shell>, agent: AgentId, url: String) -> Result<OutsidePicture, Failure> {
    shell.engine()?.outside_picture(&agent, &url).await
}

/// Saves a conversation, or one run of it, as a file of its own, where the user says.
#[tauri::command]
async fn conversation_export(
    app: AppHandle,
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    format: ExportFormat,
) -> Result<bool, Failure> {
    let words = Words::new(table());
    let folders = [app.path().home_dir().ok(), data_folder(&app).ok()];
    let folders = folders
        .into_iter()
        .flatten()
        .map(|folder| folder.to_string_lossy().into_owned())
        .collect();
    let file = shell
        .engine()?
        .export(&agent, run.as_ref(), format, &words, folders)
        .await?;
    let Some(to) = place_for(&app, file.name).await? else {
        return Ok(false);
    };
    write_whole(file.text.as_bytes(), &to)
        .await
        .map_err(|_| Failure::SaveFailed)?;
    Ok(true)
}

/// Asks where a file is to be saved; none when the user closed the dialog.
async fn place_for(app: &AppHandle, name: String) -> Result<Option<PathBuf>, Failure> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(word("dialog.save"))
        .set_file_name(name)
        .save_file(move |picked| drop(answer.send(picked)));
    let Ok(Some(picked)) = answered.await else {
        return Ok(None);
    };
    picked.into_path().map(Some).map_err(|_| Failure::SaveFailed)
}

/// Saves a file the agent left, where the user says.
#[tauri::command]
async fn artifact_save(
    app: AppHandle,
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    path: String,
) -> Result<bool, Failure> {
    let artifact = shell.engine()?.artifact_file(&agent, run.as_ref(), &path).await?;
    let Some(to) = place_for(&app, artifact.name).await? else {
        return Ok(false);
    };
    copy_whole(&artifact.file, &to)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Failure::DiskFull,
            _ => Failure::SaveFailed,
        })?;
    Ok(true)
}

/// Lets the pointer carry a file the agent left out of the window. `named` is what the page's own drag calls it.
#[tauri::command]
async fn artifact_drag(
    app: AppHandle,
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    path: String,
    named: String,
) -> Result<(), Failure> {
    let file = shell.engine()?.artifact_copy(&agent, run.as_ref(), &path).await?;
    drag::start(&app, file, named).await
}

/// The beginning of a file the agent left; none where it is not text.
#[tauri::command]
async fn artifact_text(
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    path: String,
) -> Result<Option<FileText>, Failure> {
    shell.engine()?.artifact_text(&agent, run.as_ref(), &path).await
}

/// The part of a transcript before an order, or all parts back to a block.
#[tauri::command]
async fn transcript_earlier(
    shell: State<'_, Shell>,
    agent: AgentId,
    before: u64,
    to: Option<BlockId>,
) -> Result<Earlier, Failure> {
    Ok(shell.engine()?.earlier(&agent, before, to.as_ref()))
}

/// The bytes of a film that the agent left, at most 50 MB and as they are; none where it is no film. WebKitGTK plays
/// nothing from a scheme of our own, so the page plays them from a blob.
#[tauri::command]
async fn artifact_video(
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    path: String,
) -> Result<tauri::ipc::Response, Failure> {
    let bytes = match shell.engine()?.artifact_video(&agent, run.as_ref(), &path).await? {
        Some(video) => tokio::fs::read(video.file).await.map_err(|_| Failure::DataDamaged)?,
        None => Vec::new(),
    };
    Ok(tauri::ipc::Response::new(bytes))
}

/// Shows a film that the agent left in the system's player.
#[tauri::command]
async fn artifact_play(
    app: AppHandle,
    shell: State<'_, Shell>,
    agent: AgentId,
    run: Option<RunId>,
    path: String,
) -> Result<(), Failure> {
    let file = shell.engine()?.artifact_video_file(&agent, run.as_ref(), &path).await?;
    app.opener()
        .open_path(file.to_string_lossy(), None::<&str>)
        .map_err(|error| {
            tracing::warn!(%error, "no player opened");
            Failure::PlayerMissing
        })
}

/// Copies beside the target and takes its place then: a full disk costs nothing that was there.
async fn copy_whole(from: &Path, to: &Path) -> std::io::Result<()> {
    put_whole(&mut tokio::fs::File::open(from).await?, to).await
}

/// The same with bytes.
async fn write_whole(mut bytes: &[u8], to: &Path) -> std::io::Result<()> {
    put_whole(&mut bytes, to).await
}

async fn put_whole(source: &mut (impl tokio::io::AsyncRead + Unpin), to: &Path) -> std::io::Result<()> {
    let (part, mut target) = new_beside(to).await?;
    let copied = async {
        tokio::io::copy(source, &mut target).await?;
        target.sync_all().await?;
        tokio::fs::rename(&part, to).await
    }
    .await;
    if copied.is_err()
        && let Err(error) = tokio::fs::remove_file(&part).await
    {
        tracing::warn!(%error, "what was written of a file could not be removed");
    }
    copied
}

/// A new file beside another, under a name that nothing has: a folder of downloads has unfinished files of its own.
async fn new_beside(to: &Path) -> std::io::Result<(PathBuf, tokio::fs::File)> {
    let mut number = 0_u32;
    loop {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{number}.part"));
        let part = to.with_file_name(name);
        match tokio::fs::File::create_new(&part).await {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 100 => number += 1,
            made => return Ok((part, made?)),
        }
    }
}

/// Opens a link in the browser, if it may be opened.
#[tauri::command]
async fn link_open(app: AppHandle, shell: State<'_, Shell>, url: String) -> Result<(), Failure> {
    let practice = shell.practice.base().await;
    let link = sendoff_core::links::may_open(&url, practice.as_deref()).ok_or(Failure::LinkRefused)?;
    app.opener().open_url(link.url, None::<&str>).map_err(|error| {
        tracing::warn!(%error, "no browser opened");
        Failure::BrowserMissing
    })
}

/// What the page opens first: what was clicked before it listened.
#[tauri::command]
fn window_opening(app: AppHandle) -> Option<window::Opening> {
    window::opening(&app)
}

/// The page painted: the window may be seen.
#[tauri::command]
fn window_ready(app: AppHandle) {
    window::ready(&app);
}

/// Closes the window; what works goes on without it.
#[tauri::command]
fn window_close(app: AppHandle) {
    window::close(&app);
}

/// Tries to open the data again; with `aside` a damaged database is put aside and a new one begun.
#[tauri::command]
async fn data_open(app: AppHandle, shell: State<'_, Shell>, aside: bool) -> Result<(), Failure> {
    if shell.engine().is_ok() {
        return Ok(());
    }
    if aside {
        sendoff_core::set_data_aside(&data_folder(&app)?)?;
    }
    start(&app).await;
    shell.engine().map(|_| ())
}

/// Quits, with the tray.
#[tauri::command]
fn app_quit(app: AppHandle) {
    app.exit(0);
}
