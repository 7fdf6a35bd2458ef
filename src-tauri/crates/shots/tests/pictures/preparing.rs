//! As light as was chosen: bounds hold, nothing is touched without need, and nothing below a redaction takes part.

use png::{BitDepth, ColorType};
use proptest::prelude::*;
use sendoff_shots::{Color, Finding, Fit, Format, Mark, Markup, Size, flatten, prepare, take_in_pixels, tighten};

use crate::anatomy::{accept, encode_png, noise, rgba};
use crate::flattening::rect;

const NOTHING: Markup = Markup {
    crop: None,
    marks: Vec::new(),
};
const INK: Color = Color {
    red: 12,
    green: 200,
    blue: 90,
};

/// A soft ground with the grain of dithering, which is what makes a screenshot weigh: scaled, it weighs less.
fn screen(width: u32, height: u32) -> Vec<u8> {
    let pixel = |index: u32| {
        let (x, y) = (index % width, index / width);
        [
            (x * 255 / width) as u8,
            (y * 255 / height) as u8,
            128 + (noise(index) & 3),
            255,
        ]
    };
    (0..width * height).flat_map(pixel).collect()
}

fn screenshot(width: u32, height: u32) -> Vec<u8> {
    encode_png(width, height, ColorType::Rgba, BitDepth::Eight, &screen(width, height))
}

fn redact(x: f64, y: f64, width: f64, height: f64) -> Markup {
    Markup {
        crop: None,
        marks: vec![Mark::Redact {
            area: rect(x, y, width, height),
            color: INK,
        }],
    }
}

#[test]
fn the_bounds_are_one_rule_and_text_stays_legible() {
    let edges = [800, 1568, 1569, 2880, 3136, 3840, 5120].map(|edge| Fit::Balanced.bounds(edge).edge);
    assert_eq!(
        edges,
        [1568, 1568, 1568, 1568, 1568, 1920, 2560],
        "1,568 pixels, and never below one pixel for two"
    );
    assert_eq!(
        [800, 3840].map(|edge| Fit::Small.bounds(edge).edge),
        [1024, 1024],
        "small is small"
    );
}

#[test]
fn a_screenshot_is_scaled_without_any_other_loss() {
    let file = screenshot(2400, 1500);
    for (chosen, width, height) in [(Fit::Balanced, 1568, 980), (Fit::Small, 1024, 640)] {
        let prepared = prepare(&file, &NOTHING, chosen).unwrap();
        assert_eq!((prepared.width, prepared.height), (width, height));
        assert_ne!(prepared.format, Format::Jpeg);
        assert_eq!(
            prepared.findings.last(),
            Some(&Finding::Fitted {
                from_bytes: file.len() as u64,
                to_bytes: prepared.bytes.len() as u64,
                from: Size {
                    width: 2400,
                    height: 1500
                },
                to: Size { width, height },
                lossy: false,
            }),
            "what was done is said"
        );
        assert!(prepared.bytes.len() < file.len());
        accept(&prepared.bytes);
    }
}

#[test]
fn sharp_is_as_it_was_flattened() {
    let file = screenshot(2000, 1000);
    assert_eq!(
        prepare(&file, &NOTHING, Fit::Sharp).unwrap().bytes,
        file,
        "byte for byte"
    );
    let marks = redact(3.0, 4.0, 20.0, 10.0);
    assert_eq!(
        prepare(&file, &marks, Fit::Sharp).unwrap(),
        flatten(&file, &marks).unwrap()
    );
}

#[test]
fn scaling_that_saves_nothing_is_not_done() {
    // Two colors: what scaling mixes between them weighs more than it leaves out.
    let bits: Vec<u8> = (0..250 * 1000).map(|index| noise(index) & 0x11).collect();
    let file = encode_png(2000, 1000, ColorType::Grayscale, BitDepth::One, &bits);
    let prepared = prepare(&file, &NOTHING, Fit::Balanced).unwrap();
    assert_eq!((prepared.bytes == file, prepared.findings), (true, vec![]));
}

#[test]
fn noise_is_lossy_only_because_it_must_be_and_that_is_said() {
    let pixels = (0..1200 * 900)
        .flat_map(|index| [noise(index), noise(index + 7), noise(index ^ 0x5555), 255])
        .collect();
    let picture = take_in_pixels(1200, 900, pixels).unwrap();
    let bytes = picture.bytes.len() as u64;
    let small = prepare(&picture.bytes, &NOTHING, Fit::Small).unwrap();
    assert!(bytes > 3_000_000 && small.bytes.len() as u64 <= 500_000);
    let Some(Finding::Fitted {
        from_bytes,
        to_bytes,
        from,
        to,
        lossy,
    }) = small.findings.last()
    else {
        panic!("not said: {:?}", small.findings);
    };
    assert_eq!(
        (*from_bytes, *to_bytes, from.width, to.width, *lossy),
        (bytes, small.bytes.len() as u64, 1200, small.width, true)
    );
}

#[test]
fn tighter_is_lighter_by_a_tenth_with_the_same_pixels_or_not_at_all() {
    // Eight colors in no order: three channels of each cannot be packed as tightly as its number.
    let colors = |index| [noise(index) & 7, 200, 9, 255];
    let drawn = take_in_pixels(300, 200, (0..300 * 200).flat_map(colors).collect()).unwrap();
    assert!(drawn.loose, "it was encoded here");
    let tighter = tighten(&drawn.bytes).unwrap().unwrap();
    assert!(tighter.bytes.len() * 10 <= drawn.bytes.len() * 9);
    assert_eq!((rgba(&tighter.bytes), tighter.loose), (rgba(&drawn.bytes), false));
    accept(&tighter.bytes);
    let pixels = (0..100 * 100 * 4).map(noise).collect();
    let noisy = take_in_pixels(100, 100, pixels).unwrap();
    assert_eq!(tighten(&noisy.bytes), Ok(None), "noise cannot be packed");
    let deep = encode_png(2, 1, ColorType::Rgb, BitDepth::Sixteen, &[1; 12]);
    assert_eq!(tighten(&deep), Ok(None), "sixteen bits would be lost");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tightening_keeps_every_pixel(
        (width, height) in (1u32..60, 1u32..60), colors in 1u32..400, seed: u32, alpha: bool,
    ) {
        let pixels = (0..width * height)
            .flat_map(|index| {
                let color = ((u32::from(noise(seed ^ (index / 7))) << 4) | (u32::from(noise(index)) & 15)) % colors;
                [color as u8, (color >> 8) as u8, 9, if alpha { noise(color) } else { 255 }]
            })
            .collect();
        let picture = take_in_pixels(width, height, pixels).unwrap();
        if let Some(tighter) = tighten(&picture.bytes).unwrap() {
            prop_assert_eq!(rgba(&tighter.bytes), rgba(&picture.bytes));
            prop_assert!(tighter.bytes.len() * 10 <= picture.bytes.len() * 9);
        }
    }
}

proptest! {
    // Pictures beyond the bounds are large: few, of many shapes.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn bounds_hold_or_nothing_is_done(
        long in 900u32..2600, short in 1u32..300, upright: bool, noisy: bool, small: bool, marked: bool,
    ) {
        let (width, height) = if upright { (short, long) } else { (long, short) };
        let file = if noisy {
            let pixels: Vec<u8> = (0..width * height * 4).map(noise).collect();
            encode_png(width, height, ColorType::Rgba, BitDepth::Eight, &pixels)
        } else {
            screenshot(width, height)
        };
        let marks = if marked { redact(0.0, 0.0, 9.0, 9.0) } else { NOTHING };
        let chosen = if small { Fit::Small } else { Fit::Balanced };
        let whole = flatten(&file, &marks).unwrap();
        let prepared = prepare(&file, &marks, chosen).unwrap();
        let bounds = chosen.bounds(long);
        let longest = prepared.width.max(prepared.height);
        prop_assert!(prepared.bytes.len() as u64 <= bounds.bytes);
        prop_assert!(prepared.bytes.len() <= whole.bytes.len());
        prop_assert!(longest <= bounds.edge || prepared == whole, "{longest}");
        if long <= bounds.edge && whole.bytes.len() as u64 <= bounds.bytes {
            prop_assert_eq!(&prepared, &whole);
            prop_assert!(marked || prepared.bytes == file);
        }
        accept(&prepared.bytes);
    }

    #[test]
    fn nothing_below_a_redaction_takes_part_in_scaling(
        x in 0u32..1500, y in 0u32..90, width in 40u32..600, height in 40u32..120, seed: u32,
    ) {
        let under = |index: u32, [red, green, blue, _]: [u8; 4]| {
            let (left, top) = (index % 1800, index / 1800);
            if (x..x + width).contains(&left) && (y..y + height).contains(&top) {
                [noise(index ^ seed), noise(index + seed % 97), noise(seed), 255]
            } else {
                [red, green, blue, 255]
            }
        };
        let first = screen(1800, 200);
        let second: Vec<u8> = (0..).zip(first.as_chunks::<4>().0).flat_map(|(index, pixel)| under(index, *pixel)).collect();
        let marks = redact(f64::from(x), f64::from(y), f64::from(width), f64::from(height));
        let [first, second] = [first, second].map(|pixels| {
            let file = encode_png(1800, 200, ColorType::Rgba, BitDepth::Eight, &pixels);
            prepare(&file, &marks, Fit::Small).unwrap()
        });
        prop_assert_eq!((first.width, first.height), (1024, 114));
        prop_assert!(first.bytes == second.bytes, "what was there makes no difference to any byte");
        // Pixels of which everything that they are made from was redacted: three of the old ones away from its edge.
        let scale = 1800.0 / 1024.0;
        let inside = |start: u32, length: u32, edge: u32, at: usize| {
            let from = (at as f64 - 1.0) * scale - 2.0;
            let to = (at as f64 + 2.0) * scale + 2.0;
            from >= f64::from(start) && to <= f64::from((start + length).min(edge))
        };
        let pixels = rgba(&first.bytes).2;
        let mut seen = 0;
        for (index, pixel) in pixels.iter().enumerate() {
            if inside(x, width, 1800, index % 1024) && inside(y, height, 200, index / 1024) {
                prop_assert_eq!(pixel, &[12, 200, 90, 255]);
                seen += 1;
            }
        }
        prop_assert!(seen > 0);
        if let Some(tighter) = tighten(&first.bytes).unwrap() {
            prop_assert!(rgba(&tighter.bytes).2 == pixels);
        }
    }
}
