//! The steps of this crate beside those of other programs, in one run: round after round, each in turn, on the same
//! pictures. `cargo xtask bench shots` makes the others ready and starts it: FOLDER ROUNDS [NAME PROGRAM SCRIPT WORD]…
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program prints, and stops at the first surprise"
)]

mod corpus;
#[path = "../made/mod.rs"]
mod made;
mod peer;
mod plot;
mod report;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use sendoff_shots::{MOST_FOREIGN, Mark, Markup, Point, flatten_pixels, shape, steps, thumbnail};
use serde_json::json;

use corpus::{HEIGHT, Made, WIDTH};
use peer::Peer;
use report::{Report, Row, Taken};

const LONGEST_EDGE: u32 = 640;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [folder, rounds, others @ ..] = words.as_slice() else {
        println!("Start this with `cargo xtask bench shots`.");
        return;
    };
    let folder = Path::new(folder);
    let rounds = rounds.parse().unwrap_or(7).max(3);
    let mut peers = Vec::new();
    for other in others.as_chunks::<4>().0 {
        match Peer::start(other[0], other[1], &other[2..]) {
            Ok(peer) => peers.push(peer),
            Err(error) => println!("{} is left out, for it does not start: {error}.", other[0]),
        }
    }
    let mut report = Report::new(&peers, rounds);
    for made in corpus::corpus() {
        measure(&made, rounds, folder, &mut peers, &mut report);
    }
    report.print();
    let file = folder.join("shots.svg");
    std::fs::write(&file, plot::svg(&report)).expect("the target folder can be written");
    println!("\nThe plot is {}.", file.display());
}

/// Every step on one picture.
fn measure(made: &Made, rounds: usize, folder: &Path, peers: &mut [Peer], report: &mut Report) {
    let Made { name, rgba } = made;
    let rgb: Vec<u8> = rgba
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|pixel| &pixel[..3])
        .copied()
        .collect();
    let png = steps::encode_sent(WIDTH, HEIGHT, rgba.clone()).expect("a made picture");
    let (png_file, rgb_file) = (folder.join("picture.png"), folder.join("picture.rgb"));
    std::fs::write(&png_file, &png).expect("the target folder can be written");
    std::fs::write(&rgb_file, &rgb).expect("the target folder can be written");
    let simple = corpus::simple_marks();
    let question = |step: &str| {
        json!({
            "step": step, "name": name, "png": png_file, "rgb": rgb_file, "width": WIDTH, "height": HEIGHT,
            "edge": LONGEST_EDGE, "marks": corpus::told(&simple),
        })
    };
    for peer in &mut *peers {
        peer.ask(&question("load"))
            .expect("a peer reads what was written for it");
    }

    let mut rows = vec![
        Row::new("decode", name, "decode"),
        Row::new("thumbnail", name, "thumbnail"),
        Row::new("PNG, preview", name, "encode"),
        Row::new("PNG, sent", name, "encode"),
    ];
    // What is drawn on does not matter to the time of drawing.
    if *name == "app" {
        rows.push(Row::new("30 marks", name, "flatten"));
        rows.push(Row::new("30 of all kinds", name, ""));
        rows.push(Row::new("1,000 Chinese", name, ""));
        rows.push(Row::new("1,000 nowhere", name, ""));
        rows.push(Row::new("1,000 emoji", name, ""));
    }
    let simple_markup = Markup {
        crop: None,
        marks: simple.clone(),
    };
    let all_kinds = all_kinds();
    // The first round warms up and is not counted.
    for round in 0..=rounds {
        for row in &mut rows {
            let pixels = || rgba.clone();
            let taken = match row.step {
                "decode" => timed(|| steps::decode(&png), |_| 0),
                "thumbnail" => timed(|| thumbnail(&png, LONGEST_EDGE), |small| small.bytes.len()),
                "PNG, preview" => with(pixels(), |rgba| steps::encode_preview(WIDTH, HEIGHT, rgba), Vec::len),
                "PNG, sent" => with(pixels(), |rgba| steps::encode_sent(WIDTH, HEIGHT, rgba), Vec::len),
                "30 marks" => with(
                    pixels(),
                    |rgba| flatten_pixels(WIDTH, HEIGHT, rgba, &simple_markup),
                    |_| 0,
                ),
                "1,000 Chinese" => timed(|| shape(&letters(0x4e00), false), |_| 0),
                "1,000 nowhere" => timed(|| shape(&letters(0x2_0000), false), |_| 0),
                "1,000 emoji" => timed(|| shape(&emoji(), false), |_| 0),
                _ => with(pixels(), |rgba| flatten_pixels(WIDTH, HEIGHT, rgba, &all_kinds), |_| 0),
            };
            row.add(0, round, taken);
        }
        // Both kinds of PNG are held against the same one of each peer.
        for step in ["decode", "thumbnail", "encode", "flatten"] {
            if rows.iter().any(|row| row.peer_step == step) {
                for index in 0..peers.len() {
                    let which = (index + round) % peers.len();
                    let taken = peers[which].ask(&question(step)).expect("a peer answers");
                    let asked = rows.iter_mut().filter(|row| row.peer_step == step);
                    asked.for_each(|row| row.add(which + 1, round, taken));
                }
            }
        }
    }
    report.rows.append(&mut rows);
}

/// Thirty marks of every kind there is, most of them over half of the picture.
fn all_kinds() -> Markup {
    let mut markup = made::marks(24, f64::from(WIDTH), f64::from(HEIGHT));
    markup.marks.extend((1..=6).map(|number| {
        let at = Point {
            x: 500.0 * f64::from(number),
            y: 700.0,
        };
        let color = made::INK;
        if number % 2 == 0 {
            Mark::Pin {
                at,
                number,
                size: 90.0,
                color,
            }
        } else {
            Mark::Text {
                at,
                text: "This is two pixels too far left".to_owned(),
                size: 60.0,
                color,
            }
        }
    }));
    markup
}

/// As many different letters as may be looked for in the system's fonts.
fn letters(first: u32) -> String {
    (first..).filter_map(char::from_u32).take(MOST_FOREIGN).collect()
}

fn emoji() -> String {
    (0x1_f300..0x1_f600)
        .filter_map(char::from_u32)
        .cycle()
        .take(MOST_FOREIGN)
        .collect()
}

fn timed<T, E: std::fmt::Debug>(step: impl FnOnce() -> Result<T, E>, size: impl FnOnce(&T) -> usize) -> Taken {
    let (start, before) = (Instant::now(), busy());
    let made = black_box(step()).expect("made pictures are within the limits");
    let clock = start.elapsed().as_secs_f64() * 1000.0;
    let busy = before.zip(busy()).map_or(clock, |(before, after)| after - before);
    Taken {
        clock,
        busy,
        bytes: size(&made) as u64,
    }
}

/// Milliseconds that this thread was on a processor, where the system tells.
#[cfg(unix)]
fn busy() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Some(time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6)
}

#[cfg(not(unix))]
fn busy() -> Option<f64> {
    None
}

/// What a step starts from is made before the clock.
fn with<P, T, E: std::fmt::Debug>(
    prepared: P,
    step: impl FnOnce(P) -> Result<T, E>,
    size: impl FnOnce(&T) -> usize,
) -> Taken {
    timed(|| step(prepared), size)
}
