//! What the desk shows against what is sent: marks drawn by the page and by Rust, pixel by pixel.

mod documents;

use documents::{Document, SIZE};
use sendoff_shots::{Color, Mark, Markup, Point, flatten_pixels};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png, until};
use serde_json::{Value, json};

use crate::pixels::Pixels;

/// Share of all pixels that are not alike: every smooth edge has some where two rasterizers round differently.
const UNLIKE: f64 = 0.005;
/// Marks of one picture whose edges may each have that share of it.
const CROWD: usize = 6;
/// Most that a mark may be displaced by, in pixels.
const DISPLACED: f64 = 0.5;

/// Asks Rust as the page does.
async fn invoke(page: &Page, command: &str, arguments: Value) -> Value {
    let call = format!("window.__TAURI_INTERNALS__.invoke('{command}', {arguments})");
    page.answer(&call).await
}

/// The open draft and its first picture.
async fn draft_and_shot(page: &Page) -> (Value, Value) {
    let home = invoke(page, "changes", json!({ "since": 0, "view": { "view": "home" } })).await;
    let updates = home["updates"].as_array().expect("updates");
    let draft = updates
        .iter()
        .find_map(|update| {
            let target = &update["row"]["target"];
            (target["open"] == "draft").then(|| target["id"].clone())
        })
        .expect("a row of the draft");
    let view = json!({ "view": "draft", "id": draft });
    let open = invoke(page, "changes", json!({ "since": 0, "view": view })).await;
    let updates = open["updates"].as_array().expect("updates");
    let shot = updates
        .iter()
        .find_map(|update| update["draft"]["shots"][0]["id"].as_str())
        .expect("its picture");
    (draft, json!(shot))
}

/// What the desk shows of the picture with these marks.
async fn seen(
    page: &Page,
    stage: &Stage,
    (draft, shot): (&Value, &Value),
    (number, document): (usize, &Document),
    last: &mut String,
) -> Pixels {
    let markup = json!({ "crop": null, "marks": document });
    let text = format!("{}document {number}", spoken(document));
    let change = json!({
        "change": "shot_mark",
        "target": { "into": "draft", "id": draft },
        "marked": [{ "shot": shot, "markup": markup }],
        "text": text,
    });
    invoke(page, "change", json!({ "change": change })).await;
    // The desk draws what the page knew when it was opened.
    let told = format!(
        "return document.querySelector('main textarea').value === {}",
        json!(text)
    );
    page.until("the words of the document", SOON, &told).await;
    page.click("Picture 1 of 1").await;
    let drawn = format!(
        "return document.querySelectorAll('dialog[open] [data-marks] [data-index]').length === {} \
         && document.querySelector('dialog[open] img') !== null",
        document.len()
    );
    page.until("the marks on the desk", SOON, &drawn).await;
    // As many marks may still be those of the document before.
    let marks = "document.querySelector('dialog[open] [data-marks]').innerHTML";
    *last = until("other marks than before", SOON, || async {
        let now = page.run(&format!("return {marks}"), Vec::new()).await;
        now.as_str().filter(|now| now != last).map(str::to_owned)
    })
    .await;
    // A picture that is here is decoded first, and painted by the frame after the next.
    let painted = "document.querySelector('dialog[open] img').decode() \
                   .then(() => new Promise(requestAnimationFrame)).then(() => new Promise(requestAnimationFrame))";
    page.answer(painted).await;
    let [left, top, width, height] = person::picture_on_desk(page).await;
    assert_eq!(
        (width, height),
        (f64::from(SIZE.0), f64::from(SIZE.1)),
        "one pixel of the picture is one of the screen"
    );
    let screen = Pixels::of_png(&page.photograph().await);
    stage.press("Escape");
    page.control("Picture 1 of 1").await;
    page.until(
        "a closed desk",
        SOON,
        "return document.querySelector('dialog[open]') === null",
    )
    .await;
    screen.cut((left as usize, top as usize), SIZE)
}

/// Words that speak of every pin: one that they leave out is ringed on the desk.
fn spoken(document: &Document) -> String {
    let pins = document.iter().filter_map(|mark| match mark {
        Mark::Pin { number, .. } => Some(*number),
        _ => None,
    });
    let character = |number: u32| {
        let point = match number {
            1..=20 => 0x2460 + number - 1,
            21..=35 => 0x3251 + number - 21,
            36..=50 => 0x32b1 + number - 36,
            _ => return format!("({number})"),
        };
        char::from_u32(point).map_or_else(String::new, String::from)
    };
    pins.flat_map(|number| [character(number), " here\n".to_owned()])
        .collect()
}

/// What is sent of it.
fn sent(base: &Pixels, document: &Document) -> Pixels {
    let markup = Markup {
        crop: None,
        marks: document.clone(),
    };
    let (width, _, samples) =
        flatten_pixels(SIZE.0, SIZE.1, base.samples.clone(), &markup).expect("marks that can be drawn");
    Pixels {
        width: width as usize,
        samples,
    }
}

/// Every document with `SENDOFF_FULL`, else some of every kind.
fn looked_at() -> Vec<(usize, Document)> {
    let all = documents::all().into_iter().enumerate();
    if std::env::var_os("SENDOFF_FULL").is_some() {
        all.collect()
    } else {
        all.step_by(4).collect()
    }
}

#[test]
fn a_mark_that_is_moved_is_found_to_be() {
    let base = Pixels::of_png(&screenshot_png(SIZE.0, SIZE.1, 3));
    let line = |by: f64| {
        sent(
            &base,
            &vec![Mark::Line {
                from: Point { x: 100.0, y: 60.0 + by },
                to: Point {
                    x: 300.0,
                    y: 200.0 + by,
                },
                color: Color {
                    red: 215,
                    green: 38,
                    blue: 61,
                },
                width: 9.0,
            }],
        )
    };
    assert!(line(0.0).displaced(&line(0.0)) < 0.01, "it is where it is");
    assert!(line(0.2).displaced(&line(0.0)) < DISPLACED, "a little is nothing");
    assert!(line(1.0).displaced(&line(0.0)) > DISPLACED, "a pixel is too much");
}

#[tokio::test]
async fn what_is_seen_is_what_is_sent() {
    let stage = Stage::raise("what_is_seen_is_what_is_sent", Setting::default()).await;
    let mut app = stage.start(Start::practicing(20.0)).await;
    let page = app.page().await;
    person::practice(&page).await;
    let picture = screenshot_png(SIZE.0, SIZE.1, 3);
    stage.copy_picture("image/png", &picture).await;
    person::paste(&stage, &page).await;
    page.sees_pictures("Picture 1 of 1", 1, LONG).await;
    let (draft, shot) = draft_and_shot(&page).await;
    let base = Pixels::of_png(&picture);
    let (mut unlike, mut last) = (Vec::new(), String::new());
    let (mut all, mut count) = (0.0, 0.0);
    for (number, document) in looked_at() {
        let seen = seen(&page, &stage, (&draft, &shot), (number, &document), &mut last).await;
        let sent = sent(&base, &document);
        let alike = seen.alike(&sent);
        let displaced = seen.displaced(&sent);
        assert!(sent.samples != base.samples, "document {number} draws something");
        all += alike;
        count += 1.0;
        if 1.0 - alike > UNLIKE * document.len().min(CROWD) as f64 || displaced > DISPLACED {
            seen.keep(&stage, &format!("{number}-seen.png"));
            sent.keep(&stage, &format!("{number}-sent.png"));
            unlike.push(format!(
                "{number}: {alike:.4} alike, displaced by {displaced:.2}: {document:?}"
            ));
        }
    }
    assert_eq!(
        unlike,
        Vec::<String>::new(),
        "each mark looks the same, and where it is"
    );
    let share = all / count;
    eprintln!("{count} documents: {share:.5} of their pixels are alike");
    assert!(share >= 1.0 - UNLIKE, "over all documents {share} are alike");
    app.quit(&stage).await;
}
