//! The largest screens there are: 8K is taken in, marked and sent like any other.

use png::{BitDepth, ColorType};
use sendoff_shots::{Format, LIMITS, Markup, Refusal, flatten, take_in_pixels, take_in_with_thumbnail};

use crate::anatomy::{encode_png, raw_png};
use crate::flattening::{only, redact};
use crate::words::pin;

#[test]
fn eight_k_is_taken_in_marked_and_sent() {
    let (width, height) = (7680u32, 4320u32);
    let samples: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [(x / 64) as u8, (y / 32) as u8, 200]))
        .collect();
    let file = encode_png(width, height, ColorType::Rgb, BitDepth::Eight, &samples);
    let (stored, small) = take_in_with_thumbnail(&file, 640).unwrap();
    assert_eq!(
        (stored.format, stored.width, stored.height, stored.findings.len()),
        (Format::Png, width, height, 0)
    );
    assert_eq!((small.width, small.height), (640, 360));
    let mut markup = only(redact(7000.0, 4000.0, 500.0, 300.0));
    markup.marks.push(pin(100.0, 100.0, 80.0, 1));
    let picture = flatten(&stored.bytes, &markup).unwrap();
    assert!(picture.bytes.len() as u64 <= LIMITS.sent_bytes);
    let (_, _, marked) = raw_png(&picture.bytes);
    let at = |x: usize, y: usize| (y * width as usize + x) * 3;
    assert_eq!(marked[at(7250, 4150)..][..3], [0; 3], "burnt in");
    assert_eq!(
        marked[at(3840, 2160)..][..3],
        samples[at(3840, 2160)..][..3],
        "elsewhere it is the original"
    );
}

#[test]
fn beyond_the_limit_the_size_is_said() {
    let (width, height) = (10_000, 6_401);
    let refused = Refusal::TooManyPixels {
        width,
        height,
        limit: LIMITS.pixels,
    };
    assert_eq!(take_in_pixels(width, height, Vec::new()), Err(refused.clone()));
    let header = |bytes: &mut Vec<u8>| {
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc32fast::hash(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    };
    let mut file = encode_png(1, 1, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3]);
    header(&mut file);
    assert_eq!(
        flatten(&file, &Markup::default()),
        Err(refused),
        "told by the header alone"
    );
}
