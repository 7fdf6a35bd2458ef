//! Thumbnails: the right size, the right colors, never enlarged.

use png::{BitDepth, ColorType};
use sendoff_shots::{Format, take_in_with_thumbnail, thumbnail};

use crate::anatomy::{encode_png, fixtures, rgba};

#[test]
fn every_fixture_has_one_and_it_is_the_same_later() {
    for (name, bytes) in fixtures() {
        let (picture, first) = take_in_with_thumbnail(&bytes, 20).unwrap();
        assert_eq!(
            (first.format, first.width.max(first.height)),
            (Format::Png, 20),
            "{name}"
        );
        let (width, height, _) = rgba(&first.bytes);
        assert_eq!((width, height), (first.width, first.height), "{name}");
        let later = thumbnail(&picture.bytes, 20).unwrap();
        assert_eq!(
            rgba(&later.bytes),
            rgba(&first.bytes),
            "{name}: the stored picture gives the same thumbnail"
        );
    }
}

#[test]
fn sizes_keep_their_proportions() {
    let table = [
        ((100, 50), 10, (10, 5)),
        ((50, 100), 10, (5, 10)),
        ((7, 5), 64, (7, 5)),
        ((1000, 1), 10, (10, 1)),
        ((1, 1000), 10, (1, 10)),
        ((101, 67), 33, (33, 22)),
        ((1, 1), 1, (1, 1)),
        ((3, 3), 0, (1, 1)),
    ];
    for ((width, height), edge, expected) in table {
        let samples = vec![200; width as usize * height as usize];
        let file = encode_png(width, height, ColorType::Grayscale, BitDepth::Eight, &samples);
        let (_, small) = take_in_with_thumbnail(&file, edge).unwrap();
        assert_eq!((small.width, small.height), expected, "{width} x {height} to {edge}");
        assert!(
            rgba(&small.bytes).2.iter().all(|pixel| *pixel == [200, 200, 200, 255]),
            "an even color stays even"
        );
    }
}

#[test]
fn blocks_are_averaged() {
    // Each 2 x 2 block is one color with one odd pixel out.
    let file = encode_png(
        4,
        2,
        ColorType::Grayscale,
        BitDepth::Eight,
        &[0, 100, 40, 40, 100, 200, 40, 0],
    );
    let (_, small) = take_in_with_thumbnail(&file, 2).unwrap();
    assert_eq!(rgba(&small.bytes).2, [[100, 100, 100, 255], [30, 30, 30, 255]]);
}

#[test]
fn a_ramp_stays_a_ramp() {
    // 250 wide to 64: blocks of 3 pixels and a rest, so both steps of the reduction take part.
    let row: Vec<u8> = (0..250).collect();
    let file = encode_png(250, 10, ColorType::Grayscale, BitDepth::Eight, &row.repeat(10));
    let (_, small) = take_in_with_thumbnail(&file, 64).unwrap();
    let (width, _, pixels) = rgba(&small.bytes);
    for (x, pixel) in pixels[..width as usize].iter().enumerate().skip(1).take(62) {
        let expected = (x as f64 + 0.5) * 250.0 / 64.0 - 0.5;
        assert!(
            (f64::from(pixel[0]) - expected).abs() <= 1.5,
            "{} at {x}, expected {expected}",
            pixel[0]
        );
    }
}

#[test]
fn hidden_colors_do_not_bleed() {
    // Opaque black beside transparent white: the mixed pixel must be black, half transparent.
    let samples = [0, 0, 0, 255, 255, 255, 255, 0];
    let file = encode_png(2, 1, ColorType::Rgba, BitDepth::Eight, &samples);
    let (_, small) = take_in_with_thumbnail(&file, 1).unwrap();
    assert_eq!(rgba(&small.bytes).2, [[0, 0, 0, 128]]);
}

#[test]
fn deep_samples_are_read_as_eight_bits() {
    let samples: Vec<u8> = [0x12ff_u16, 0x80ff, 0xffff]
        .iter()
        .flat_map(|sample| sample.to_be_bytes())
        .collect();
    let file = encode_png(1, 1, ColorType::Rgb, BitDepth::Sixteen, &samples);
    let (picture, small) = take_in_with_thumbnail(&file, 8).unwrap();
    assert!(picture.bytes == file, "the picture itself keeps its depth");
    assert_eq!(rgba(&small.bytes).2, [[0x12, 0x80, 0xff, 255]]);
}
