//! *Capture to agent*: the screen of the X server by keys, and the portal's where the session is one of Wayland; what
//! is refused says which switch to flip.

use std::fs;
use std::path::{Path, PathBuf};

use sendoff_shots::steps::decode;
use sendoff_shots::take_in;
use sendoff_tests::person;
use sendoff_tests::stage::{Page, SOON, ScreenAnswer, Setting, Stage, Start, plain_png, until};
use serde_json::{Value, json};

const PINK: [u8; 3] = [214, 40, 130];
const SCREEN: (u32, u32) = (1400, 940);

/// Has the page note what the shell asks it to open, as the page itself hears it.
async fn listen(page: &Page) {
    let script = "
        const shell = window.__TAURI_INTERNALS__;
        window.heard = [];
        const handler = shell.transformCallback(({ payload }) => { window.heard.push(payload); });
        shell.invoke('plugin:event|listen', { event: 'open', target: { kind: 'Any' }, handler });
    ";
    page.run(script, Vec::new()).await;
}

/// What the page was asked to open last, once that is so many things.
async fn heard(page: &Page, count: usize) -> Value {
    until("the page being asked to open something", SOON, || async {
        let heard = page.run("return window.heard", Vec::new()).await;
        let heard = heard.as_array()?;
        (heard.len() == count).then(|| heard.last().cloned())?
    })
    .await
}

/// The picture that was brought to the desk: taken whole, it is in the draft by its name.
async fn shown(stage: &Stage, page: &Page, name: &str) -> Decoded {
    page.control("Whole picture").await;
    // The window comes back with its picture, and a moment later with the keyboard.
    let ready = "return document.hasFocus() && document.activeElement?.closest('dialog') !== null";
    page.until("the keyboard on the desk", SOON, ready).await;
    stage.press("Return");
    page.click("Done").await;
    page.control(name).await;
    let script = "return document.querySelector(`[aria-label=\"${arguments[0]}\"] img`)?.src.split('?')[0]";
    let address = page.run(script, vec![json!(name)]).await;
    let hash = address.as_str().and_then(|address| address.rsplit('/').next());
    let file = found(&stage.data(), hash.expect("an address with a hash")).expect("the picture is stored");
    Decoded::of(&fs::read(file).expect("a stored picture can be read"))
}

fn found(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            found(&path, name)
        } else {
            (entry.file_name() == name).then_some(path)
        }
    })
}

struct Decoded {
    size: (u32, u32),
    pixels: Vec<u8>,
    channels: usize,
}

impl Decoded {
    /// Of any format: what was taken is packed anew once nobody works on it.
    fn of(bytes: &[u8]) -> Self {
        let picture = take_in(bytes).expect("a picture");
        let pixels = decode(&picture.bytes).expect("its pixels");
        let (width, height) = (picture.width, picture.height);
        Self {
            size: (width, height),
            channels: pixels.len() / (width as usize * height as usize),
            pixels,
        }
    }

    fn at(&self, x: i32, y: i32) -> [u8; 3] {
        let place = y as usize * self.size.0 as usize + x as usize;
        let pixel = &self.pixels[place * self.channels..];
        [pixel[0], pixel[1], pixel[2]]
    }
}

#[tokio::test]
async fn keys_bring_the_screen_without_our_window_into_a_draft() {
    let stage = Stage::raise(
        "keys_bring_the_screen_without_our_window_into_a_draft",
        Setting::default(),
    )
    .await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    listen(&page).await;
    // In the corner: part of it lies below our window, and has to be drawn before the picture is taken.
    let _other = stage
        .show_picture("Elsewhere", &plain_png(500, 400, PINK), 20, 40)
        .await;
    stage.focus("Sendoff");
    let ours = stage.place("Sendoff");
    let other = stage.place("Elsewhere");
    assert_eq!(other[2..], [500, 400], "the other program shows its picture as it is");

    stage.press("ctrl+shift+2");
    let picture = shown(&stage, &page, "Picture 1 of 1").await;
    assert_eq!(picture.size, SCREEN, "the whole screen");
    let [left, top, width, height] = other;
    for (x, y) in [
        (left, top),
        (left + width - 1, top),
        (left, top + height - 1),
        (left + width - 1, top + height - 1),
        (left + width / 2, top + height / 2),
    ] {
        assert_eq!(
            picture.at(x, y),
            PINK,
            "the other window, down to its corner at {x}, {y}"
        );
    }
    let (x, y) = (ours[0] + ours[2] - 40, ours[1] + ours[3] - 40);
    assert_eq!(
        picture.at(x, y),
        [0, 0, 0],
        "where our window was is the bare desktop of this stage"
    );

    let wanted = heard(&page, 1).await;
    assert_eq!(wanted["open"], "capture");
    let window = &wanted["windows"][0];
    let side = |name: &str| window[name].as_i64().expect("a number of pixels");
    let (inner_left, inner_top) = (i64::from(left), i64::from(top));
    let frame = [
        inner_left - side("x"),
        side("x") + side("width") - inner_left - 500,
        inner_top - side("y"),
        side("y") + side("height") - inner_top - 400,
    ];
    assert!(
        frame.iter().all(|edge| (1..=40).contains(edge)) && frame[2] > frame[3],
        "the window with its frame, whose title stands above it: {frame:?} of {window}"
    );
    assert_eq!(wanted["windows"].as_array().map(Vec::len), Some(1), "ours is not there");
    until("our window where it was", SOON, || async {
        (stage.windows("Sendoff") == 1 && stage.place("Sendoff") == ours).then_some(())
    })
    .await;

    // Once more, with our window behind the other one.
    stage.focus("Elsewhere");
    stage.press("ctrl+shift+2");
    let again = heard(&page, 2).await;
    assert_ne!(again["draft"], wanted["draft"], "another draft");
    let picture = shown(&stage, &page, "Picture 1 of 1").await;
    assert_eq!(picture.at(x, y), [0, 0, 0], "and again not our window");

    // And by a command line, as for keys of the desktop's own.
    let start = Start {
        arguments: &["--capture"],
        ..Start::practicing(1.0)
    };
    let mut second = stage.start(start).await;
    assert!(second.ended().await.success(), "the second start hands over");
    let by_command = heard(&page, 3).await;
    assert_eq!(by_command["open"], "capture");
    assert_ne!(by_command["draft"], again["draft"], "each asks once");
}

#[tokio::test]
async fn the_portal_gives_the_screen_or_says_which_switch_to_flip() {
    let stage = Stage::raise(
        "the_portal_gives_the_screen_or_says_which_switch_to_flip",
        Setting::default(),
    )
    .await;
    let start = Start {
        wayland: true,
        ..Start::practicing(1.0)
    };
    let mut app = stage.start(start).await;
    let page = app.page().await;
    person::practice(&page).await;
    let capture = async || {
        page.click("More ways to add a picture").await;
        page.click("Capture the screen").await;
    };
    let back = async || {
        until("our window being back", SOON, || async {
            (stage.windows("Sendoff") == 1).then_some(())
        })
        .await;
    };

    capture().await;
    page.sees("This desktop gives Sendoff no picture of the screen.", SOON)
        .await;
    back().await;
    stage.portal.answer_screen(ScreenAnswer::Refused(2)).await;
    page.click("Try again").await;
    page.sees("Your desktop keeps the screen from Sendoff.", SOON).await;
    back().await;

    page.click("Close").await;
    stage.portal.answer_screen(ScreenAnswer::Refused(1)).await;
    let before = stage.portal.asked();
    capture().await;
    until("the portal being asked", SOON, || async {
        (stage.portal.asked() > before).then_some(())
    })
    .await;
    back().await;
    assert!(!page.has("Try again").await, "a no of the user needs no words");

    let file = stage.home().join("Screenshot from today.png");
    let broken = stage.home().join("broken.png");
    fs::write(&broken, "no picture").expect("a file can be written");
    stage.portal.answer_screen(ScreenAnswer::Picture(broken.clone())).await;
    capture().await;
    page.sees("Paste its words into the text instead.", SOON).await;
    back().await;
    page.click("Close").await;

    fs::write(&file, plain_png(640, 360, PINK)).expect("a picture can be written");
    stage.portal.answer_screen(ScreenAnswer::Picture(file.clone())).await;
    capture().await;
    let picture = shown(&stage, &page, "Picture 1 of 1").await;
    assert_eq!((picture.size, picture.at(639, 359)), ((640, 360), PINK));
    assert_eq!(
        (file.exists(), broken.exists()),
        (false, false),
        "what was made for us does not pile up"
    );

    stage.press("ctrl+comma");
    page.sees("Wayland gives no keys to programs.", SOON).await;
    let button = page.control("Keys for Capture to agent").await;
    assert!(
        !button.is_enabled().await.expect("a button"),
        "there is nothing to choose"
    );
}

#[tokio::test]
async fn keys_that_are_taken_are_said_and_others_can_be_chosen() {
    let setting = Setting {
        keys_taken: true,
        ..Setting::default()
    };
    let stage = Stage::raise("keys_that_are_taken_are_said_and_others_can_be_chosen", setting).await;
    let mut app = stage.start(Start::practicing(1.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    page.sees("Another program uses Ctrl Shift 2. Choose another in Settings.", SOON)
        .await;
    page.click("Open settings").await;
    page.click("Keys for Capture to agent").await;
    page.sees("Press the keys", SOON).await;
    stage.press("ctrl+alt+c");
    page.sees("Ctrl Alt C", SOON).await;
    page.sees("whatever program is in front", SOON).await;

    // What was refused leaves the keys that were chosen before.
    page.click("Keys for Capture to agent").await;
    page.sees("Press the keys", SOON).await;
    stage.press("ctrl+shift+2");
    page.click("Close").await;

    stage.press("ctrl+alt+c");
    let picture = shown(&stage, &page, "Picture 1 of 1").await;
    assert_eq!(picture.size, SCREEN);

    stage.press("ctrl+comma");
    page.click("Turn the keys off").await;
    page.until_gone("Turn the keys off").await;
    page.click("Close").await;
    listen(&page).await;
    stage.press("ctrl+alt+c");
    stage.tray.click("Capture to agent", SOON).await;
    heard(&page, 1).await;
    assert_eq!(
        page.run("return window.heard.length", Vec::new()).await,
        1,
        "the tray took the screen, and the keys did not"
    );
}
