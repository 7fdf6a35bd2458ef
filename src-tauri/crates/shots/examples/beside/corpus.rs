//! 4K pictures as people paste them, drawn here with real letters, and one of noise; and what is drawn on them.

use sendoff_shots::{Color, Mark, Markup, Point, Rect, flatten_pixels};

use crate::made::{interface, mix};

pub(crate) const WIDTH: u32 = 3840;
pub(crate) const HEIGHT: u32 = 2160;

pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) rgba: Vec<u8>,
}

/// The last one is noise, the worst that an encoder can meet.
pub(crate) fn corpus() -> Vec<Made> {
    let made = |name, rgba| Made { name, rgba };
    vec![
        made("app", interface(WIDTH, HEIGHT)),
        made("editor", editor()),
        made("table", table()),
        made("board", board()),
        made("noise", painted(|x, y| mix(x, y).to_le_bytes())),
    ]
}

/// Source text on dark, with a side bar.
fn editor() -> Vec<u8> {
    let ground = painted(|x, _| if x < 640 { [24, 25, 30, 255] } else { [30, 31, 38, 255] });
    let colors = [[212, 212, 216], [120, 170, 240], [150, 200, 130], [220, 160, 110]];
    let lines = include_str!("corpus.rs").lines().cycle().take(60).enumerate();
    let mut marks: Vec<Mark> = lines
        .flat_map(|(index, line)| {
            let y = 24.0 + 35.0 * index as f64;
            let color = colors[index % colors.len()];
            [
                text(720.0, y, 26.0, line, color),
                text(660.0, y, 22.0, &format!("{}", index + 1), [100; 3]),
            ]
        })
        .collect();
    marks.extend((0..40).map(|index| {
        text(
            40.0,
            40.0 + 48.0 * f64::from(index),
            26.0,
            "src/components/settings.tsx",
            [170; 3],
        )
    }));
    drawn(ground, marks)
}

/// A long list with lines between its rows and round faces.
fn table() -> Vec<u8> {
    let ground = painted(|_, y| if y % 72 < 2 { [230, 231, 235, 255] } else { [255; 4] });
    let marks = (0..30).flat_map(|row| {
        let y = 20.0 + 72.0 * f64::from(row);
        let cell = |x, words: &str| text(x, y, 28.0, words, [40, 42, 50]);
        let [red, green, blue, _] = mix(row, 3).to_le_bytes();
        [
            Mark::Pin {
                at: Point { x: 60.0, y: y + 16.0 },
                number: row + 1,
                size: 44.0,
                color: Color { red, green, blue },
            },
            cell(120.0, "Make the button two pixels wider"),
            cell(1100.0, "running · main · 14 files changed"),
            cell(2100.0, "2026-03-04 17:22"),
            cell(2900.0, &format!("{} ms", mix(row, 9) % 10_000)),
        ]
    });
    drawn(ground, marks.collect())
}

/// Colored cards with gradients on a dotted ground, as design tools show them.
fn board() -> Vec<u8> {
    let ground = painted(|x, y| {
        let (column, row) = (x / 640, y / 540);
        let (inner_x, inner_y) = (x % 640, y % 540);
        if (60..580).contains(&inner_x) && (60..480).contains(&inner_y) {
            let [red, green, blue, _] = mix(column, row).to_le_bytes();
            let shade = (inner_y / 4) as u8;
            [
                red / 2 + shade / 2,
                green / 2 + shade / 2,
                blue / 2 + 60 + shade / 3,
                255,
            ]
        } else if x % 32 < 2 && y % 32 < 2 {
            [210, 211, 216, 255]
        } else {
            [246, 246, 248, 255]
        }
    });
    let marks = (0..24).flat_map(|card| {
        let (x, y) = (f64::from(card % 6) * 640.0, f64::from(card / 6) * 540.0);
        let color = Color {
            red: 255,
            green: 255,
            blue: 255,
        };
        [
            text(x + 90.0, y + 90.0, 44.0, "Sign in", [255; 3]),
            text(x + 90.0, y + 160.0, 26.0, "Welcome back — enter your email", [240; 3]),
            Mark::Box {
                area: Rect {
                    x: x + 90.0,
                    y: y + 240.0,
                    width: 440.0,
                    height: 72.0,
                },
                color,
                width: 3.0,
            },
            Mark::Ellipse {
                area: Rect {
                    x: x + 420.0,
                    y: y + 90.0,
                    width: 90.0,
                    height: 90.0,
                },
                color,
                width: 6.0,
            },
        ]
    });
    drawn(ground, marks.collect())
}

fn text(x: f64, y: f64, size: f64, words: &str, [red, green, blue]: [u8; 3]) -> Mark {
    Mark::Text {
        at: Point { x, y },
        text: words.to_owned(),
        size,
        color: Color { red, green, blue },
    }
}

fn painted(color: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    let pixels = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    pixels
        .flat_map(|(x, y)| {
            let [red, green, blue, _] = color(x, y);
            [red, green, blue, 255]
        })
        .collect()
}

fn drawn(ground: Vec<u8>, marks: Vec<Mark>) -> Vec<u8> {
    let markup = Markup { crop: None, marks };
    flatten_pixels(WIDTH, HEIGHT, ground, &markup)
        .expect("made marks are within the limits")
        .2
}

/// Thirty marks of the kinds that every program here can draw.
pub(crate) fn simple_marks() -> Vec<Mark> {
    let color = Color {
        red: 229,
        green: 57,
        blue: 53,
    };
    let mark = |index: u32| {
        let place = |step: u32, most: u32| f64::from(mix(index, step) % most);
        let area = Rect {
            x: place(0, 2800),
            y: place(1, 1400),
            width: 200.0 + place(2, 800),
            height: 100.0 + place(3, 600),
        };
        let (from, to) = (
            Point { x: area.x, y: area.y },
            Point {
                x: area.x + area.width,
                y: area.y + area.height,
            },
        );
        match index % 6 {
            0 | 3 => Mark::Box {
                area,
                color,
                width: 12.0,
            },
            1 | 4 => Mark::Line {
                from,
                to,
                color,
                width: 12.0,
            },
            2 => Mark::Ellipse {
                area,
                color,
                width: 12.0,
            },
            _ => Mark::Redact { area, color },
        }
    };
    (0..30).map(mark).collect()
}

/// The same marks as the peers are told them: kind, left, top, right, bottom, width, color.
pub(crate) fn told(marks: &[Mark]) -> serde_json::Value {
    let all = marks.iter().filter_map(|mark| {
        let (kind, [x, y, right, bottom], width) = match mark {
            Mark::Box { area, width, .. } => ("box", corners(area), *width),
            Mark::Ellipse { area, width, .. } => ("ellipse", corners(area), *width),
            Mark::Line { from, to, width, .. } => ("line", [from.x, from.y, to.x, to.y], *width),
            Mark::Redact { area, .. } => ("redact", corners(area), 0.0),
            _ => return None,
        };
        let Color { red, green, blue } = mark.color();
        let color = format!("#{red:02x}{green:02x}{blue:02x}");
        // Whole numbers: Pillow takes no others for a width.
        Some(serde_json::json!([
            kind,
            x as i64,
            y as i64,
            right as i64,
            bottom as i64,
            width as i64,
            color
        ]))
    });
    all.collect()
}

fn corners(area: &Rect) -> [f64; 4] {
    [area.x, area.y, area.x + area.width, area.y + area.height]
}
