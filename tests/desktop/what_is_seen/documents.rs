//! Marks of every kind in many shapes, always the same ones.

use sendoff_shots::{Color, Mark, Point, Rect};

/// Width and height of the picture that they are drawn on.
pub(super) const SIZE: (u32, u32) = (900, 560);

const COLORS: [Color; 4] = [
    color(215, 38, 61),
    color(61, 78, 216),
    color(255, 200, 0),
    color(18, 18, 20),
];

/// Sizes in pixels that are not whole on purpose.
const WIDTHS: [f64; 3] = [2.0, 4.5, 9.0];

/// Words in scripts that are written differently.
const WORDS: [&str; 6] = [
    "Move this left",
    "Too pale.\nToo small.",
    "Größe ändern – ¿ahora?",
    "أصغر من ذلك",
    "这里要对齐",
    "Ship it 🎉",
];

const fn color(red: u8, green: u8, blue: u8) -> Color {
    Color { red, green, blue }
}

const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

const fn area(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect { x, y, width, height }
}

/// One document: what is drawn, from below to above.
pub(super) type Document = Vec<Mark>;

/// Every document; those with one mark first.
pub(super) fn all() -> Vec<Document> {
    let mut documents = Vec::new();
    for (index, from, to) in [
        (0, at(40.0, 40.0), at(300.0, 200.0)),
        (1, at(400.5, 60.25), at(120.0, 250.0)),
        (2, at(200.0, 280.0), at(200.0, 60.0)),
        (3, at(60.0, 160.0), at(420.0, 160.5)),
        (4, at(100.0, 100.0), at(110.0, 104.0)),
        (5, at(-30.0, 100.0), at(240.0, 170.0)),
    ] {
        let (color, width) = look(index);
        documents.push(vec![Mark::Arrow { from, to, color, width }]);
        documents.push(vec![Mark::Line { from, to, color, width }]);
    }
    for (index, area) in [
        area(60.0, 50.0, 200.0, 120.0),
        area(320.5, 240.25, -180.0, -140.5),
        area(10.0, 150.0, 460.0, 6.0),
        area(200.0, 100.0, 3.0, 3.0),
        area(380.0, 200.0, 200.0, 200.0),
        area(120.3, 80.7, 90.4, 160.1),
    ]
    .into_iter()
    .enumerate()
    {
        let (color, width) = look(index);
        documents.push(vec![Mark::Box { area, color, width }]);
        documents.push(vec![Mark::Ellipse { area, color, width }]);
        documents.push(vec![Mark::Redact { area, color: COLORS[3] }]);
    }
    for (index, points) in strokes().into_iter().enumerate() {
        let (color, width) = look(index);
        documents.push(vec![Mark::Freehand {
            points: points.clone(),
            color,
            width,
        }]);
        documents.push(vec![Mark::Highlighter {
            points,
            color: COLORS[2],
            width: width * 4.0,
        }]);
    }
    for (index, words) in WORDS.into_iter().enumerate() {
        let color = COLORS[index % COLORS.len()];
        let text = words.to_owned();
        documents.push(vec![Mark::Text {
            at: at(40.0, 90.5),
            text: text.clone(),
            size: 28.0,
            color,
        }]);
        documents.push(vec![Mark::Text {
            at: at(61.3, 180.2),
            text,
            size: 17.5,
            color,
        }]);
    }
    for (index, size) in [22.0, 28.0, 36.5, 64.0].into_iter().enumerate() {
        documents.push(vec![pin(200.25, 150.0, 1, size, COLORS[index])]);
    }
    // A draft numbers its pins from 1 without holes.
    for count in [2, 12, 52, 104] {
        let place = |number: u32| {
            pin(
                f64::from(number % 13) * 35.0 + 25.5,
                f64::from(number / 13) * 35.0 + 25.0,
                number,
                30.0,
                COLORS[0],
            )
        };
        documents.push((1..=count).map(place).collect());
    }
    let single: Vec<Mark> = documents
        .iter()
        .filter(|marks| marks.len() == 1)
        .flatten()
        .cloned()
        .collect();
    let numberless: Vec<Mark> = single
        .into_iter()
        .filter(|mark| !matches!(mark, Mark::Pin { .. }))
        .collect();
    for start in [0, 7, 19, 30] {
        documents.push(numberless.iter().skip(start).step_by(9).cloned().collect());
    }
    documents
}

fn pin(x: f64, y: f64, number: u32, size: f64, color: Color) -> Mark {
    Mark::Pin {
        at: at(x, y),
        number,
        size,
        color,
    }
}

fn look(index: usize) -> (Color, f64) {
    (COLORS[index % COLORS.len()], WIDTHS[index % WIDTHS.len()])
}

/// A wave, a corner, a loop and a dot.
fn strokes() -> [Vec<Point>; 4] {
    let wave = (0..60).map(|step| {
        let x = f64::from(step) * 6.0 + 50.0;
        at(x, 150.0 + 40.0 * (x / 35.0).sin())
    });
    let loops = (0..80).map(|step| {
        let angle = f64::from(step) / 8.0;
        at(240.0 + 90.0 * angle.cos() + angle * 4.0, 160.0 + 70.0 * angle.sin())
    });
    [
        wave.collect(),
        vec![at(80.0, 60.0), at(80.0, 240.0), at(380.0, 240.0)],
        loops.collect(),
        vec![at(240.0, 160.0)],
    ]
}
