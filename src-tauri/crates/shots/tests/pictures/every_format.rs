//! Redaction in every format that comes in, generated and real, with words, pins and strokes in the mix.

use image::codecs::{bmp::BmpEncoder, gif::GifEncoder, jpeg::JpegEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, ImageEncoder};
use proptest::prelude::*;
use sendoff_shots::{Color, Format, Mark, Markup, Rect, flatten};

use crate::anatomy::{accept, contains, encode_png, fixtures, noise, png_kinds, raw_png, upper_bits};
use crate::flattening::rect;
use crate::marks::sides;
use crate::properties::kind_and_depth;
use crate::redaction::{mark, redaction, touches};

const WIDTH: u32 = 48;
const HEIGHT: u32 = 32;

/// A file of noise in each format, with a comment or a chunk of its own where the encoder writes one.
fn generated() -> impl Strategy<Value = Vec<u8>> {
    let seed = any::<u32>();
    prop_oneof![
        (kind_and_depth(), seed).prop_map(|((color, depth), seed)| {
            let row = (WIDTH as usize * color.samples() * depth as usize).div_ceil(8);
            encode_png(WIDTH, HEIGHT, color, depth, &noisy(row as u32 * HEIGHT, seed))
        }),
        (seed, any::<bool>(), 40u8..=100).prop_map(|(seed, gray, quality)| {
            let (color, channels) = if gray {
                (ExtendedColorType::L8, 1)
            } else {
                (ExtendedColorType::Rgb8, 3)
            };
            let (mut bytes, samples) = (Vec::new(), noisy(WIDTH * HEIGHT * channels, seed));
            JpegEncoder::new_with_quality(&mut bytes, quality)
                .write_image(&samples, WIDTH, HEIGHT, color)
                .unwrap();
            bytes
        }),
        (seed, any::<bool>()).prop_map(|(seed, alpha)| {
            let (color, channels) = if alpha {
                (ExtendedColorType::Rgba8, 4)
            } else {
                (ExtendedColorType::Rgb8, 3)
            };
            let (mut bytes, samples) = (Vec::new(), noisy(WIDTH * HEIGHT * channels, seed));
            WebPEncoder::new_lossless(&mut bytes)
                .write_image(&samples, WIDTH, HEIGHT, color)
                .unwrap();
            bytes
        }),
        seed.prop_map(|seed| {
            let mut bytes = Vec::new();
            let samples = noisy(WIDTH * HEIGHT * 4, seed)
                .iter()
                .map(|sample| sample | 0x1f)
                .collect::<Vec<_>>();
            let mut encoder = GifEncoder::new(&mut bytes);
            encoder
                .encode(&samples, WIDTH, HEIGHT, ExtendedColorType::Rgba8)
                .unwrap();
            drop(encoder);
            bytes
        }),
        (seed, any::<bool>()).prop_map(|(seed, alpha)| {
            let (color, channels) = if alpha {
                (ExtendedColorType::Rgba8, 4)
            } else {
                (ExtendedColorType::Rgb8, 3)
            };
            let mut bytes = Vec::new();
            let samples = noisy(WIDTH * HEIGHT * channels, seed);
            BmpEncoder::new(&mut bytes)
                .write_image(&samples, WIDTH, HEIGHT, color)
                .unwrap();
            bytes
        }),
    ]
}

fn noisy(length: u32, seed: u32) -> Vec<u8> {
    (0..length).map(|index| noise(index ^ seed)).collect()
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    // CMYK, palettes, interlaced and animated ones, Display P3 and every orientation are among the real files.
    let real: Vec<Vec<u8>> = fixtures().into_iter().map(|(_, bytes)| bytes).collect();
    prop_oneof![2 => generated(), 1 => prop::sample::select(real)]
}

/// What a pixel must be: the fill of a redaction, itself, or anything where a mark is near.
fn expected(before: [u8; 4], marks: &[Mark], reach: &[Option<[f64; 4]>], x: usize, y: usize) -> Option<[u8; 4]> {
    let mut pixel = Some(before);
    for (mark, reach) in marks.iter().zip(reach) {
        match mark {
            Mark::Redact { area, color } if touches(area, x, y) => {
                pixel = Some([color.red, color.green, color.blue, 255]);
            }
            Mark::Redact { .. } => (),
            _ => {
                let near = reach.is_some_and(|[left, top, right, bottom]| {
                    let (x, y) = (x as f64, y as f64);
                    x + 1.0 > left && x < right && y + 1.0 > top && y < bottom
                });
                pixel = pixel.filter(|_| !near);
            }
        }
    }
    pixel
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn inside_is_the_fill_and_far_from_marks_is_the_original(
        file in file(),
        before in prop::collection::vec(mark(), 0..3),
        (area, color) in redaction(),
        after in prop::collection::vec(mark(), 0..3),
    ) {
        let stored = accept(&file);
        let marks = [before, vec![Mark::Redact { area, color }], after].concat();
        let picture = flatten(&stored.bytes, &Markup { crop: None, marks: marks.clone() }).unwrap();
        prop_assert_eq!(picture.format, Format::Png);
        prop_assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
        accept(&picture.bytes);
        // Of a lossy picture the original is what its decoder gives.
        let (width, height, original) = upper_bits(&stored.bytes);
        let empty = original.iter().all(|pixel| pixel[3] == 0);
        let (new_width, new_height, pixels) = upper_bits(&picture.bytes);
        prop_assert_eq!((new_width, new_height), (width, height));
        let reach: Vec<_> = marks.iter().map(sides).collect();
        for (index, (after, before)) in pixels.iter().zip(original).enumerate() {
            let (x, y) = (index % width as usize, index / width as usize);
            let before = if empty { [before[0], before[1], before[2], 255] } else { before };
            if let Some(expected) = expected(before, &marks, &reach, x, y) {
                prop_assert_eq!(*after, expected, "at {}, {}", x, y);
            }
        }
    }

    /// No row of the covered pixels is found in the samples that leave, and no piece of the file in the file.
    #[test]
    fn what_was_there_is_nowhere(file in generated(), left in 0u32..20, top in 0u32..20, fill in any::<[u8; 3]>()) {
        let [red, green, blue] = fill;
        let color = Color { red, green, blue };
        let covered = |area: Rect| {
            let marks = vec![Mark::Redact { area, color }];
            flatten(&file, &Markup { crop: None, marks }).unwrap().bytes
        };
        let (_, _, original) = upper_bits(&file);
        let out = covered(rect(f64::from(left), f64::from(top), 24.0, 12.0));
        let (kind, _, samples) = raw_png(&out);
        let channels = kind.samples();
        for row in original.chunks(WIDTH as usize).skip(top as usize).take(12) {
            let row = &row[left as usize..left as usize + 24];
            let below: Vec<u8> = row.iter().flat_map(|pixel| &pixel[4 - channels.max(3)..][..channels.min(3)]).copied().collect();
            // One color alone, as a picture in black and white may have, is also that of a fill.
            if row.iter().any(|pixel| pixel[..3] != row[0][..3]) {
                prop_assert!(!contains(&samples, &below) && !contains(&out, &below));
            }
        }
        let out = covered(rect(-1.0, -1.0, 99.0, 99.0));
        // Twelve bytes of it are no accident; the first hundred hold headers, which every file of a size shares.
        let found = file[100..file.len() - 12].windows(12).find(|piece| {
            piece.iter().any(|byte| *byte != piece[0]) && contains(&out, piece)
        });
        prop_assert_eq!(found, None);
    }
}
