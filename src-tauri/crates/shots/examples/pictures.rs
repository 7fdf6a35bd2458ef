//! Prints how long pictures take on this machine: median and 95th percentile of every step, for 4K and 5K pictures
//! that look like a user interface, made here. `cargo run --release -p sendoff-shots --example pictures [runs]`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program prints, and stops at the first surprise"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use sendoff_shots::{
    Color, Mark, Markup, Point, Rect, flatten, flatten_pixels, take_in, take_in_pixels, take_in_pixels_with_thumbnail,
    take_in_with_thumbnail, thumbnail,
};

const LONGEST_EDGE: u32 = 640;

fn main() {
    let runs = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(40)
        .max(3);
    println!(
        "{:<34} {:>9} {:>9} {:>10}  ({runs} runs)",
        "step", "median", "p95", "bytes"
    );
    for (name, width, height) in [("4K", 3840, 2160), ("5K", 5120, 2880)] {
        let rgba = interface(width, height);
        let picture = take_in_pixels(width, height, rgba.clone()).expect("the made picture is within the limits");
        let png = picture.bytes;
        let size = png.len();
        measure(&format!("{name} decode to pixels"), runs, size, || {
            let mut reader = png::Decoder::new(std::io::Cursor::new(&png))
                .read_info()
                .expect("own PNG");
            let mut pixels = vec![0; reader.output_buffer_size().expect("small enough")];
            reader.next_frame(&mut pixels).expect("own PNG");
            black_box(pixels);
        });
        measure(&format!("{name} take_in"), runs, size, || {
            black_box(take_in(&png).expect("own PNG"));
        });
        measure(&format!("{name} take_in_with_thumbnail"), runs, size, || {
            black_box(take_in_with_thumbnail(&png, LONGEST_EDGE).expect("own PNG"));
        });
        measure(&format!("{name} thumbnail"), runs, size, || {
            black_box(thumbnail(&png, LONGEST_EDGE).expect("own PNG"));
        });
        measure_with(
            &format!("{name} encode (take_in_pixels)"),
            runs,
            size,
            || rgba.clone(),
            |rgba| {
                black_box(take_in_pixels(width, height, rgba).expect("within the limits"));
            },
        );
        measure_with(
            &format!("{name} encode and thumbnail"),
            runs,
            size,
            || rgba.clone(),
            |rgba| {
                black_box(take_in_pixels_with_thumbnail(width, height, rgba, LONGEST_EDGE).expect("within the limits"));
            },
        );
        let thirty = marks(30, f64::from(width), f64::from(height));
        for (what, markup) in [
            ("30 marks", &thirty),
            ("10,000 marks", &small_marks(f64::from(width), f64::from(height))),
            ("scribble", &scribble(f64::from(width), f64::from(height))),
        ] {
            measure_with(
                &format!("{name} {what} alone"),
                runs,
                rgba.len(),
                || rgba.clone(),
                |rgba| {
                    black_box(flatten_pixels(width, height, rgba, markup).expect("sound marks"));
                },
            );
        }
        measure(&format!("{name} flatten 30 marks, whole"), runs, size, || {
            black_box(flatten(&png, &thirty).expect("sound marks"));
        });
        measure(&format!("{name} flatten nothing"), runs, size, || {
            black_box(flatten(&png, &Markup::default()).expect("own PNG"));
        });
    }
}

const INK: Color = Color {
    red: 229,
    green: 57,
    blue: 53,
};

/// Of every kind in turn, each over about half of the picture: more than anybody draws.
fn marks(count: u32, width: f64, height: f64) -> Markup {
    let point = |index: u32, step: u32| Point {
        x: f64::from(mix(index, step) % 1000) / 1000.0 * width,
        y: f64::from(mix(index, step + 1000) % 1000) / 1000.0 * height,
    };
    let marks = (0..count).map(|index| {
        let (from, to) = (point(index, 0), point(index, 1));
        let area = Rect {
            x: from.x / 2.0,
            y: from.y / 2.0,
            width: width / 2.0,
            height: height / 2.0,
        };
        let (color, stroke) = (INK, 12.0);
        let pen = |step: u32| Point {
            x: area.x + area.width * f64::from(step) / 400.0,
            y: area.y + area.height * (0.5 + 0.4 * (f64::from(step) / 20.0).sin()),
        };
        match index % 7 {
            0 => Mark::Arrow {
                from,
                to,
                color,
                width: stroke,
            },
            1 => Mark::Box {
                area,
                color,
                width: stroke,
            },
            2 => Mark::Ellipse {
                area,
                color,
                width: stroke,
            },
            3 => Mark::Line {
                from,
                to,
                color,
                width: stroke,
            },
            4 => Mark::Freehand {
                points: (0..=400).map(pen).collect(),
                color,
                width: stroke,
            },
            5 => Mark::Highlighter {
                points: vec![from, to],
                color,
                width: 60.0,
            },
            _ => Mark::Redact { area, color },
        }
    });
    Markup {
        crop: None,
        marks: marks.collect(),
    }
}

/// As many as there may be, of the size of a word.
fn small_marks(width: f64, height: f64) -> Markup {
    let mut markup = marks(10_000, 120.0, 80.0);
    for (index, mark) in markup.marks.iter_mut().enumerate() {
        let (x, y) = (
            f64::from(mix(index as u32, 5) % 1000) / 1000.0 * width,
            f64::from(mix(index as u32, 6) % 1000) / 1000.0 * height,
        );
        let shift = |point: &mut Point| {
            point.x += x;
            point.y += y;
        };
        match mark {
            Mark::Text { at, .. } | Mark::Pin { at, .. } => shift(at),
            Mark::Arrow { from, to, .. } | Mark::Line { from, to, .. } => [from, to].into_iter().for_each(shift),
            Mark::Box { area, .. } | Mark::Ellipse { area, .. } | Mark::Redact { area, .. } => {
                area.x += x;
                area.y += y;
            }
            Mark::Freehand { points, .. } | Mark::Highlighter { points, .. } => {
                points.truncate(15);
                points.iter_mut().for_each(shift);
            }
        }
    }
    markup
}

/// One stroke with as many points as there may be, all over the picture.
fn scribble(width: f64, height: f64) -> Markup {
    let points = (0..sendoff_shots::MOST_POINTS as u32).map(|step| {
        let turn = f64::from(step) / 50.0;
        Point {
            x: width * (0.5 + 0.5 * (turn * 0.731).sin()),
            y: height * (0.5 + 0.5 * (turn * 0.517).cos()),
        }
    });
    Markup {
        crop: None,
        marks: vec![Mark::Freehand {
            points: points.collect(),
            color: INK,
            width: 8.0,
        }],
    }
}

fn measure(name: &str, runs: usize, bytes: usize, mut step: impl FnMut()) {
    measure_with(name, runs, bytes, || (), |()| step());
}

/// What `prepare` does is not counted.
fn measure_with<T>(name: &str, runs: usize, bytes: usize, mut prepare: impl FnMut() -> T, mut step: impl FnMut(T)) {
    let mut times: Vec<Duration> = (0..=runs)
        .map(|_| {
            let prepared = prepare();
            let start = Instant::now();
            step(prepared);
            start.elapsed()
        })
        .skip(1)
        .collect();
    times.sort_unstable();
    let milliseconds = |index: usize| times[index.min(runs - 1)].as_secs_f64() * 1000.0;
    println!(
        "{name:<34} {:>6.1} ms {:>6.1} ms {bytes:>10}",
        milliseconds(runs / 2),
        milliseconds(runs * 95 / 100)
    );
}

/// Opaque RGBA: a side bar, a gradient header, lines of something like text with soft edges, cards with borders and a
/// patch of noise like a photo.
fn interface(width: u32, height: u32) -> Vec<u8> {
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let [red, green, blue] = color(x, y, width, height);
            rgba.extend_from_slice(&[red, green, blue, 255]);
        }
    }
    rgba
}

fn color(x: u32, y: u32, width: u32, height: u32) -> [u8; 3] {
    let header = height / 20;
    if y < header {
        let shade = (y * 40 / header) as u8;
        return [30 + shade, 34 + shade, 60 + shade];
    }
    if x > width * 5 / 6 && y > height * 5 / 6 {
        let noise = mix(x / 2, y / 2);
        return [
            (noise & 0x7f) as u8,
            80 + (noise >> 8 & 0x3f) as u8,
            90 + (noise >> 16 & 0x3f) as u8,
        ];
    }
    let background: [u8; 3] = if x < width / 5 {
        [244, 245, 248]
    } else {
        [255, 255, 255]
    };
    let border = (x % (width / 4) < 2) || (y % (height / 6) < 2);
    if border {
        return [214, 217, 224];
    }
    // Glyphs of 16 by 32 pixels out of 200 shapes, a third of the lines empty, words of random lengths.
    let (column, line) = (x / 16, y / 32);
    let letter = mix(column, line);
    let shape = mix(letter % 200, 7);
    let empty = line % 3 == 2 || letter.is_multiple_of(6) || column % 80 > 40 + mix(line, 3) % 38;
    let (inner_x, inner_y) = (x % 16, y % 32);
    if empty || !(6..26).contains(&inner_y) || !(2..14).contains(&inner_x) {
        return background;
    }
    let stroke = (shape >> ((inner_x / 3 + inner_y / 5 * 4) % 31)) & 1;
    let soft = mix(shape ^ (inner_x + inner_y * 16), 11) % 48;
    let ink: [u8; 3] = if line % 9 == 1 { [36, 92, 200] } else { [32, 34, 40] };
    let weight = if stroke == 1 {
        255 - soft * u32::from(inner_x.is_multiple_of(3)) * 4
    } else {
        0
    };
    std::array::from_fn(|channel| {
        ((u32::from(ink[channel]) * weight + u32::from(background[channel]) * (255 - weight)) / 255) as u8
    })
}

fn mix(first: u32, second: u32) -> u32 {
    let mut value = first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca77) ^ 0x27d4_eb2f;
    value ^= value >> 15;
    value = value.wrapping_mul(0x2c1b_3c6d);
    value ^ (value >> 13)
}
