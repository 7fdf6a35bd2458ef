//! What the desk shows against what is sent: marks drawn by the page and by Rust, pixel by pixel.

mod documents;

use documents::{Document, SIZE};
use sendoff_shots::{Color, Mark, Markup, Point, flatten_pixels};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png};
use serde_json::{Value, json};

/// Most that a channel may differ by in a pixel that is alike.
const ALIKE: u8 = 8;
/// Share of the pixels that are alike.
const SHARE: f64 = 0.995;
/// Most that a mark may be displaced by, in pixels.
const DISPLACED: f64 = 0.5;

/// Straight RGBA, row by row.
struct Pixels {
    width: usize,
    samples: Vec<u8>,
}

impl Pixels {
    fn of_png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().expect("a PNG");
        let mut samples = vec![0; reader.output_buffer_size().expect("a size that can be held")];
        let frame = reader.next_frame(&mut samples).expect("its pixels");
        assert_eq!(frame.color_type, png::ColorType::Rgba, "colors, not grays");
        samples.truncate(frame.buffer_size());
        Self {
            width: frame.width as usize,
            samples,
        }
    }

    fn cut(&self, (left, top): (usize, usize), (width, height): (u32, u32)) -> Self {
        let (width, height) = (width as usize, height as usize);
        let rows = (top..top + height).map(|row| {
            let start = (row * self.width + left) * 4;
            &self.samples[start..start + width * 4]
        });
        Self {
            width,
            samples: rows.flatten().copied().collect(),
        }
    }

    /// Saves them beside the logs.
    fn keep(&self, stage: &Stage, name: &str) {
        let file = std::fs::File::create(stage.logs().join(name)).expect("a picture can be kept");
        let mut encoder = png::Encoder::new(file, self.width as u32, (self.samples.len() / 4 / self.width) as u32);
        encoder.set_color(png::ColorType::Rgba);
        let mut writer = encoder.write_header().expect("the header of a picture");
        writer
            .write_image_data(&self.samples)
            .expect("as many pixels as the header says");
    }

    /// Share of the pixels in which no channel differs by more than [`ALIKE`].
    fn alike(&self, other: &Self) -> f64 {
        let pixels = self.samples.chunks_exact(4).zip(other.samples.chunks_exact(4));
        let alike = pixels.filter(|(one, other)| one.iter().zip(*other).all(|(a, b)| a.abs_diff(*b) <= ALIKE));
        alike.count() as f64 / (self.samples.len() / 4) as f64
    }

    fn height(&self) -> usize {
        self.samples.len() / 4 / self.width
    }

    /// The brightness of a pixel; that of the nearest one for a place outside.
    fn at(&self, across: usize, down: usize) -> f64 {
        let at = (down.min(self.height() - 1) * self.width + across.min(self.width - 1)) * 4;
        self.samples[at..at + 3].iter().map(|sample| f64::from(*sample)).sum()
    }

    /// How far, in pixels, this is moved against `other`: the least squares of one step along the slopes of brightness
    /// (Lucas and Kanade, 1981). Across a line it is exact; along one only its ends tell.
    fn displaced(&self, other: &Self) -> f64 {
        let (mut xx, mut xy, mut yy, mut xt, mut yt) = (1.0, 0.0, 1.0, 0.0, 0.0);
        for down in 0..self.height() {
            for across in 0..self.width {
                let moved = self.at(across, down) - other.at(across, down);
                if moved == 0.0 {
                    continue;
                }
                let slope = |next: f64, last: f64| (next - last) / 2.0;
                let x = slope(other.at(across + 1, down), other.at(across.saturating_sub(1), down));
                let y = slope(other.at(across, down + 1), other.at(across, down.saturating_sub(1)));
                (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
                (xt, yt) = (xt + x * moved, yt + y * moved);
            }
        }
        let determinant = xx * yy - xy * xy;
        let (x, y) = ((xt * yy - yt * xy) / determinant, (yt * xx - xt * xy) / determinant);
        x.hypot(y)
    }
}

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
async fn seen(page: &Page, stage: &Stage, draft: &Value, shot: &Value, document: &Document) -> Pixels {
    let markup = json!({ "crop": null, "marks": document });
    let change = json!({
        "change": "shot_mark",
        "target": { "into": "draft", "id": draft },
        "marked": [{ "shot": shot, "markup": markup }],
        "text": null,
    });
    invoke(page, "change", json!({ "change": change })).await;
    page.click("Picture 1 of 1").await;
    let drawn = format!(
        "return document.querySelectorAll('dialog[open] [data-marks] [data-index]').length === {} \
         && document.querySelector('dialog[open] img') !== null",
        document.len()
    );
    page.until("the marks on the desk", SOON, &drawn).await;
    // A picture that is here is decoded first, and painted by the frame after the next.
    let painted = "document.querySelector('dialog[open] img').decode() \
                   .then(() => new Promise(requestAnimationFrame)).then(() => new Promise(requestAnimationFrame))";
    page.answer(painted).await;
    let place = page
        .run(
            "const box = document.querySelector('dialog[open] img').getBoundingClientRect(); \
             return [box.left, box.top, box.width, box.height];",
            Vec::new(),
        )
        .await;
    let number = |index: usize| place[index].as_f64().expect("a number");
    assert_eq!(
        (number(2), number(3)),
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
    screen.cut((number(0) as usize, number(1) as usize), SIZE)
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
    let mut unlike = Vec::new();
    for (number, document) in looked_at() {
        let seen = seen(&page, &stage, &draft, &shot, &document).await;
        let sent = sent(&base, &document);
        let alike = seen.alike(&sent);
        let displaced = seen.displaced(&sent);
        assert!(sent.samples != base.samples, "document {number} draws something");
        if alike < SHARE || displaced > DISPLACED {
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
    app.quit(&stage).await;
}
