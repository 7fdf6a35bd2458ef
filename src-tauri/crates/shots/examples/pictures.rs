//! Prints how long pictures take on this machine: median and 95th percentile of every step, for 4K and 5K pictures
//! that look like a user interface, made here. `cargo run --release -p sendoff-shots --example pictures [runs]`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program prints, and stops at the first surprise"
)]

mod made;

use std::hint::black_box;
use std::time::{Duration, Instant};

use sendoff_shots::{
    Mark, Markup, Point, flatten, flatten_pixels, take_in, take_in_pixels, take_in_pixels_with_thumbnail,
    take_in_with_thumbnail, thumbnail,
};

use made::{INK, interface, marks, mix};

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
