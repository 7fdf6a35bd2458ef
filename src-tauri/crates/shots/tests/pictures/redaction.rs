//! Redaction is real: what is below it cannot be found in what leaves, by any way of looking.

use png::{BitDepth, ColorType};
use proptest::prelude::*;
use sendoff_shots::{Color, Mark, Markup, Point, Rect, Refusal, flatten};

use crate::anatomy::{accept, contains, encode_png, fixtures, noise, png_chunks, png_kinds, raw_png, upper_bits};
use crate::flattening::rect;
use crate::properties::kind_and_depth;

fn place() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (-20i32..70).prop_map(f64::from),
        3 => -20.0..70.0,
        1 => prop::sample::select(vec![-1e9, 1e9, f64::MAX, f64::MIN]),
    ]
}

fn area() -> impl Strategy<Value = Rect> {
    let edge = || prop_oneof![3 => (-30i32..60).prop_map(f64::from), 3 => -30.0..60.0, 1 => Just(1e9)];
    (place(), place(), edge(), edge()).prop_map(|(x, y, width, height)| rect(x, y, width, height))
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![any::<u8>().prop_map(|gray| [gray; 3]), any::<[u8; 3]>()].prop_map(|[red, green, blue]| Color {
        red,
        green,
        blue,
    })
}

pub(crate) fn redaction() -> impl Strategy<Value = (Rect, Color)> {
    (area(), color())
}

fn point() -> impl Strategy<Value = Point> {
    (place(), place()).prop_map(|(x, y)| Point { x, y })
}

fn stroke() -> impl Strategy<Value = Mark> {
    let points = || prop::collection::vec(point(), 0..6);
    let width = || prop_oneof![Just(0.0), 0.1..12.0, Just(1e9)];
    prop_oneof![
        (point(), point(), color(), width()).prop_map(|(from, to, color, width)| Mark::Arrow {
            from,
            to,
            color,
            width
        }),
        (point(), point(), color(), width()).prop_map(|(from, to, color, width)| Mark::Line { from, to, color, width }),
        (area(), color(), width()).prop_map(|(area, color, width)| Mark::Box { area, color, width }),
        (area(), color(), width()).prop_map(|(area, color, width)| Mark::Ellipse { area, color, width }),
        (points(), color(), width()).prop_map(|(points, color, width)| Mark::Freehand { points, color, width }),
        (points(), color(), width()).prop_map(|(points, color, width)| Mark::Highlighter { points, color, width }),
    ]
}

/// Words of every kind of font, and pins with short and long numbers.
fn words() -> impl Strategy<Value = Mark> {
    let texts = ["Fix this", "按钮", "مرحبا", "ok 😀", "two\nlines ①", ""];
    let size = || prop_oneof![Just(0.0), 4.0..30.0];
    prop_oneof![
        (point(), prop::sample::select(texts.to_vec()), size(), color()).prop_map(|(at, text, size, color)| {
            Mark::Text {
                at,
                text: text.to_owned(),
                size,
                color,
            }
        }),
        (point(), prop_oneof![1u32..120, Just(u32::MAX)], size(), color()).prop_map(|(at, number, size, color)| {
            Mark::Pin {
                at,
                number,
                size,
                color,
            }
        }),
    ]
}

pub(crate) fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        2 => stroke(),
        1 => words(),
        1 => redaction().prop_map(|(area, color)| Mark::Redact { area, color }),
    ]
}

/// Whether a rectangle touches the pixel at `x`, `y`, said in another way than in the crate.
pub(crate) fn touches(area: &Rect, x: usize, y: usize) -> bool {
    let along = |start: f64, length: f64, pixel: usize| {
        let (low, high) = (start.min(start + length), start.max(start + length));
        low < pixel as f64 + 1.0 && high > pixel as f64
    };
    along(area.x, area.width, x) && along(area.y, area.height, y)
}

/// Whether the middle of a pixel is inside a crop.
fn is_kept(crop: Option<&Rect>, x: usize, y: usize) -> bool {
    let along = |start: f64, length: f64, pixel: usize| {
        let middle = pixel as f64 + 0.5;
        start.min(start + length) <= middle && middle < start.max(start + length)
    };
    crop.is_none_or(|crop| along(crop.x, crop.width, x) && along(crop.y, crop.height, y))
}

/// What crop and redactions leave of a picture: pixel by pixel, by the rule alone.
fn expected(original: &[u8], crop: Option<&Rect>, redactions: &[(Rect, Color)]) -> Vec<[u8; 4]> {
    let (width, height, mut pixels) = upper_bits(original);
    if pixels.iter().all(|pixel| pixel[3] == 0) {
        for pixel in &mut pixels {
            pixel[3] = 255;
        }
    }
    (0..height as usize)
        .flat_map(|y| (0..width as usize).map(move |x| (x, y)))
        .filter(|(x, y)| is_kept(crop, *x, *y))
        .map(|(x, y)| {
            let top = redactions.iter().rev().find(|(area, _)| touches(area, x, y));
            top.map_or(pixels[y * width as usize + x], |(_, color)| {
                [color.red, color.green, color.blue, 255]
            })
        })
        .collect()
}

fn markup(crop: Option<Rect>, redactions: &[(Rect, Color)]) -> Markup {
    Markup {
        crop,
        marks: redactions
            .iter()
            .map(|&(area, color)| Mark::Redact { area, color })
            .collect(),
    }
}

/// Flattens and holds everything against the rule; `None` where the crop keeps nothing.
fn held_against_the_rule(original: &[u8], crop: Option<Rect>, redactions: &[(Rect, Color)]) -> Option<Vec<u8>> {
    let expected = expected(original, crop.as_ref(), redactions);
    let flattened = flatten(original, &markup(crop, redactions));
    if expected.is_empty() {
        assert_eq!(flattened, Err(Refusal::CropEmpty));
        return None;
    }
    let picture = flattened.unwrap();
    let (_, _, pixels) = upper_bits(&picture.bytes);
    assert_eq!(pixels, expected);
    assert!(!contains(&picture.bytes, b"SECRET"));
    if picture.bytes != original {
        assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
        accept(&picture.bytes);
    }
    Some(picture.bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn outside_is_the_original_and_inside_is_the_fill(
        (color, depth) in kind_and_depth(),
        width in 1u32..50,
        height in 1u32..50,
        seed in any::<u32>(),
        crop in prop::option::weighted(0.4, area()),
        redactions in prop::collection::vec(redaction(), 0..4),
    ) {
        let row = (width as usize * color.samples() * depth as usize).div_ceil(8);
        let samples: Vec<u8> = (0..row as u32 * height).map(|index| noise(index ^ seed)).collect();
        held_against_the_rule(&encode_png(width, height, color, depth, &samples), crop, &redactions);
    }

    #[test]
    fn so_it_is_for_real_files(
        which in any::<prop::sample::Index>(),
        crop in prop::option::weighted(0.4, area()),
        redactions in prop::collection::vec(redaction(), 0..4),
    ) {
        let fixtures = fixtures();
        let stored = accept(&which.get(&fixtures).1);
        held_against_the_rule(&stored.bytes, crop, &redactions);
    }

    /// The strongest way to say it: two pictures that differ only below redactions become the same file, whatever else
    /// is drawn before and after.
    #[test]
    fn what_is_below_has_no_say_in_what_leaves(
        color in prop::sample::select(vec![ColorType::Grayscale, ColorType::Rgb, ColorType::GrayscaleAlpha, ColorType::Rgba]),
        width in 1u32..50,
        height in 1u32..50,
        seed in any::<u32>(),
        crop in prop::option::weighted(0.3, area()),
        before in prop::collection::vec(mark(), 0..4),
        redactions in prop::collection::vec(redaction(), 1..4),
        after in prop::collection::vec(mark(), 0..4),
    ) {
        let channels = color.samples();
        let samples: Vec<u8> = (0..width * height * channels as u32).map(|index| noise(index ^ seed)).collect();
        let mut other = samples.clone();
        for (index, pixel) in other.chunks_exact_mut(channels).enumerate() {
            let (x, y) = (index % width as usize, index / width as usize);
            if redactions.iter().any(|(area, _)| touches(area, x, y)) {
                let colors = if channels.is_multiple_of(2) { channels - 1 } else { channels };
                pixel[..colors].iter_mut().for_each(|sample| *sample = !*sample);
            }
        }
        let redactions = markup(None, &redactions).marks;
        let markup = Markup { crop, marks: [before, redactions, after].concat() };
        let flattened = |samples: &[u8]| flatten(&encode_png(width, height, color, BitDepth::Eight, samples), &markup);
        prop_assert_eq!(flattened(&samples).map(|picture| picture.bytes), flattened(&other).map(|picture| picture.bytes));
    }

    /// No mark writes beyond the sides of its outline.
    #[test]
    fn far_from_marks_every_pixel_is_the_original(
        (color, depth) in kind_and_depth(),
        width in 1u32..50,
        height in 1u32..50,
        seed in any::<u32>(),
        marks in prop::collection::vec(mark(), 1..4),
    ) {
        let row = (width as usize * color.samples() * depth as usize).div_ceil(8);
        let samples: Vec<u8> = (0..row as u32 * height).map(|index| noise(index ^ seed)).collect();
        let file = encode_png(width, height, color, depth, &samples);
        let original = expected(&file, None, &[]);
        let picture = flatten(&file, &Markup { crop: None, marks: marks.clone() }).unwrap();
        let sides: Vec<_> = marks.iter().map(crate::marks::sides).collect();
        for (index, (after, before)) in upper_bits(&picture.bytes).2.iter().zip(&original).enumerate() {
            let (x, y) = ((index % width as usize) as f64, (index / width as usize) as f64);
            let near = sides.iter().flatten().any(|[left, top, right, bottom]| {
                x + 1.0 > *left && x < *right && y + 1.0 > *top && y < *bottom
            });
            prop_assert!(near || after == before, "{:?} became {:?} at {}, {}", before, after, x, y);
        }
    }

    #[test]
    fn the_bytes_below_are_nowhere(
        color in prop::sample::select(vec![ColorType::Grayscale, ColorType::Rgb, ColorType::Rgba]),
        width in 24u32..60,
        height in 4u32..40,
        seed in any::<u32>(),
        left in 0usize..12,
        top in 0usize..3,
        fill in self::color(),
    ) {
        let channels = color.samples();
        let samples: Vec<u8> = (0..width * height * channels as u32).map(|index| noise(index ^ seed)).collect();
        let file = encode_png(width, height, color, BitDepth::Eight, &samples);
        let covered = 12;
        let area = rect(left as f64 + 0.2, top as f64, covered as f64 - 0.4, f64::from(height));
        let picture = flatten(&file, &markup(None, &[(area, fill)])).unwrap();
        let (_, _, kept) = raw_png(&picture.bytes);
        for row in samples.chunks(width as usize * channels).skip(top) {
            let below = &row[left * channels..(left + covered) * channels];
            prop_assert!(!contains(&kept, below) && !contains(&picture.bytes, below));
        }

        // With all of it covered, nothing of the compressed original may be left either.
        let picture = flatten(&file, &markup(None, &[(rect(-1.0, -1.0, 99.0, 99.0), fill)])).unwrap();
        let compressed: Vec<u8> = png_chunks(&file).into_iter().filter(|(kind, _)| kind == "IDAT").flat_map(|(_, data)| data).collect();
        prop_assert!(compressed.windows(8).all(|window| !contains(&picture.bytes, window)));
    }
}

/// Covered as a whole, every real file becomes the same file that a blank picture of its size and
/// channels becomes.
#[test]
fn a_real_file_that_is_covered_leaves_no_trace() {
    let color = Color {
        red: 1,
        green: 2,
        blue: 3,
    };
    let all = markup(None, &[(rect(0.0, 0.0, 1e6, 1e6), color)]);
    for (name, bytes) in fixtures() {
        let stored = accept(&bytes);
        let picture = flatten(&stored.bytes, &all).unwrap();
        let has_alpha = image::load_from_memory(&stored.bytes).unwrap().color().has_alpha();
        let color = if has_alpha { ColorType::Rgba } else { ColorType::Rgb };
        let blank = vec![255; stored.width as usize * stored.height as usize * color.samples()];
        let blank = encode_png(stored.width, stored.height, color, BitDepth::Eight, &blank);
        assert!(picture.bytes == flatten(&blank, &all).unwrap().bytes, "{name}");
        assert!(
            upper_bits(&picture.bytes)
                .2
                .iter()
                .all(|pixel| *pixel == [1, 2, 3, 255]),
            "{name}"
        );
    }
}
