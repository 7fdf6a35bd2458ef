//! Pictures into a draft: pasted, as files, from the picker; refused ones each with a sentence; order by keyboard;
//! all of it there after a kill, and sent in that order.

use std::fs;

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png, until};

/// Offers files as a file manager does, and pastes them.
async fn paste_file(stage: &Stage, page: &Page, name: &str, bytes: &[u8]) {
    let path = stage.home().join(name);
    fs::write(&path, bytes).expect("a file can be written");
    let list = format!("file://{}\r\n", path.display());
    stage.copy_picture("text/uri-list", list.as_bytes()).await;
    page.click("What should change?").await;
    person::paste(stage, page).await;
}

/// The widths of the pictures of the draft, in their order: each test picture has its own.
async fn widths(page: &Page) -> Vec<u64> {
    let script =
        "return Promise.all([...document.querySelectorAll('[aria-label^=\"Picture \"] img')].map(async (image) => {
        const whole = new Image();
        whole.src = image.src.split('?')[0];
        await whole.decode();
        return whole.naturalWidth;
    }))";
    let answer = page.run(script, Vec::new()).await;
    answer
        .as_array()
        .expect("a list of widths")
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .collect()
}

/// A PNG of one color that says it is this large, in a few bytes.
fn bomb() -> Vec<u8> {
    let mut bytes = screenshot_png(8, 8, 1);
    // Width and height stand at fixed places of the header chunk (PNG, 11.2.2); its check sum follows.
    bytes[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The check sum of a PNG chunk (PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            }
        })
    })
}

#[tokio::test]
async fn pictures_come_in_every_way_and_stay_in_order() {
    let cloud = Practice::start(Options {
        speed: 10.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("pictures_come_in_every_way_and_stay_in_order", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    person::sees_empty_draft(&page).await;

    let refused: [(&str, Vec<u8>, &str); 6] = [
        ("empty.png", Vec::new(), "This file is empty."),
        (
            "photo.png",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            "This is a HEIC photo",
        ),
        (
            "drawing.svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
            "vector drawing",
        ),
        ("bomb.png", bomb(), "30,000 × 30,000 pixels"),
        (
            "cut.png",
            screenshot_png(400, 300, 1)[..900].to_vec(),
            "This picture is damaged",
        ),
        ("words.png", b"only words in here".to_vec(), "This is a text file."),
    ];
    for (name, bytes, sentence) in &refused {
        paste_file(&stage, &page, name, bytes).await;
        page.sees(sentence, SOON).await;
    }
    stage.copy_picture("text/html", b"<b>only HTML</b>").await;
    page.click("What should change?").await;
    person::paste(&stage, &page).await;
    page.sees("There’s no picture and no text to paste.", SOON).await;

    // A picture is what its bytes say: this one is a PNG by another name.
    paste_file(&stage, &page, "shot.jpg", &screenshot_png(501, 300, 1)).await;
    page.sees_pictures("Picture 1 of 1", 1, SOON).await;
    stage.copy_picture("image/png", &screenshot_png(502, 300, 2)).await;
    page.click("What should change?").await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 2 of 2", 1, SOON).await;

    // The picker of the system.
    let picked = stage.home().join("PICKED.PNG");
    fs::write(&picked, screenshot_png(503, 300, 3)).expect("a file can be written");
    page.click("Add pictures").await;
    stage.choose_file("Choose pictures", &picked).await;
    page.sees_pictures("Picture 3 of 3", 1, SOON).await;
    // Two files at once from another program, by the pointer.
    let dropped = [(4, "fourth.png"), (5, "fifth.png")].map(|(seed, name)| {
        let path = stage.home().join(name);
        fs::write(&path, screenshot_png(500 + seed, 300, seed)).expect("a file can be written");
        path
    });
    let dropped: Vec<&std::path::Path> = dropped.iter().map(AsRef::as_ref).collect();
    stage.drag_files(&page, "Sendoff", &dropped).await;
    page.sees_pictures("Picture 5 of 5", 1, SOON).await;
    stage.copy_picture("image/png", &screenshot_png(506, 300, 6)).await;
    page.click("What should change?").await;
    person::paste(&stage, &page).await;
    page.sees("An agent takes 5 pictures at most.", SOON).await;
    assert_eq!(
        widths(&page).await,
        [501, 502, 503, 504, 505],
        "in the order in which they came"
    );

    page.run(
        "document.querySelector('[aria-label=\"Picture 1 of 5\"]').focus()",
        Vec::new(),
    )
    .await;
    stage.press("alt+Right");
    until("the first picture in the second place", SOON, || async {
        (widths(&page).await == [502, 501, 503, 504, 505]).then_some(())
    })
    .await;
    page.write("What should change?", "Align the cards").await;
    person::choose_repository(&page, "acme/web").await;
    page.sees("5 pictures, ", SOON).await;
    page.until(
        "saved words",
        SOON,
        "return !document.body.innerText.includes('Not saved yet')",
    )
    .await;
    until("the words on disk", SOON, || async {
        page.control_now("Align the cards. Not sent yet").await.then_some(())
    })
    .await;
    drop(page);
    app.kill();

    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    page.sees_pictures("Picture 5 of 5", 1, SOON).await;
    assert_eq!(
        widths(&page).await,
        [502, 501, 503, 504, 505],
        "after a kill they are as they were"
    );
    assert_eq!(
        page.value("What should change?").await,
        "Align the cards",
        "with the words"
    );
    page.click("Send").await;
    page.click("Send now").await;
    let sent = until("the agent at the cloud", LONG, || async {
        let agents = cloud.agents();
        let pictures = agents.first().map(|agent| agent.pictures.clone())?;
        Some(pictures.into_iter().map(|picture| picture.pixels).collect::<Vec<_>>())
    })
    .await;
    let expected = [502, 501, 503, 504, 505].map(|width| Some((width, 300)));
    assert_eq!(sent, expected, "what arrives is in the order shown");
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
