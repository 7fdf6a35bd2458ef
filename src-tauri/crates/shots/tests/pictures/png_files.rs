//! PNG: clean files come through as they are, and everything but the pixels stays outside.

use png::{BitDepth, ColorType};
use sendoff_shots::{Finding, Format, Refusal, SourceFormat, take_in};

use crate::anatomy::{accept, encode_png, fixture, noise, png_kinds, raw_png, rgba, with_chunk};

/// Every combination that the format allows (W3C PNG, table 9).
const COMBINATIONS: [(ColorType, BitDepth); 15] = [
    (ColorType::Grayscale, BitDepth::One),
    (ColorType::Grayscale, BitDepth::Two),
    (ColorType::Grayscale, BitDepth::Four),
    (ColorType::Grayscale, BitDepth::Eight),
    (ColorType::Grayscale, BitDepth::Sixteen),
    (ColorType::Indexed, BitDepth::One),
    (ColorType::Indexed, BitDepth::Two),
    (ColorType::Indexed, BitDepth::Four),
    (ColorType::Indexed, BitDepth::Eight),
    (ColorType::Rgb, BitDepth::Eight),
    (ColorType::Rgb, BitDepth::Sixteen),
    (ColorType::GrayscaleAlpha, BitDepth::Eight),
    (ColorType::GrayscaleAlpha, BitDepth::Sixteen),
    (ColorType::Rgba, BitDepth::Eight),
    (ColorType::Rgba, BitDepth::Sixteen),
];

#[test]
fn every_color_type_and_depth_comes_through_byte_for_byte() {
    for (color, depth) in COMBINATIONS {
        for (width, height) in [(1, 1), (7, 5), (33, 2)] {
            let row = (width as usize * color.samples() * depth as usize).div_ceil(8);
            let samples: Vec<u8> = (0..(row * height) as u32).map(noise).collect();
            let file = encode_png(width, height as u32, color, depth, &samples);
            let picture = accept(&file);
            assert_eq!(picture.findings, [], "{color:?} {depth:?} has nothing to clean");
            assert!(picture.bytes == file, "{color:?} {depth:?} must not be encoded again");
        }
    }
}

#[test]
fn interlaced_comes_through() {
    let file = fixture("interlaced.png");
    let picture = accept(&file);
    assert_eq!(
        (picture.format, picture.bytes == file, picture.findings.len()),
        (Format::Png, true, 0)
    );
    assert_eq!(
        rgba(&picture.bytes).2,
        rgba(&fixture("orientation-6.png")).2.rotated(32, 48),
        "Adam7 holds the same picture"
    );
}

/// Turns rows of an upright-stored fixture for the comparison above.
trait Rotated {
    fn rotated(&self, width: usize, height: usize) -> Self;
}

impl Rotated for Vec<[u8; 4]> {
    /// A quarter turn clockwise of a picture of `width` by `height`.
    fn rotated(&self, width: usize, height: usize) -> Self {
        (0..width)
            .flat_map(|y| (0..height).map(move |x| (x, y)))
            .map(|(x, y)| self[(height - 1 - x) * width + y])
            .collect()
    }
}

#[test]
fn metadata_goes_and_pixels_stay() {
    let file = fixture("metadata.png");
    let picture = accept(&file);
    assert_eq!(picture.findings, [Finding::MetadataRemoved]);
    assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
    assert_eq!(raw_png(&picture.bytes), raw_png(&file), "not a sample may change");
}

#[test]
fn every_optional_chunk_goes() {
    let file = encode_png(3, 2, ColorType::Rgb, BitDepth::Eight, &[9; 18]);
    let kinds: [&[u8; 4]; 14] = [
        b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"pHYs", b"bKGD", b"hIST", b"sPLT", b"sBIT", b"oFFs", b"prVW",
        b"mkBF", b"caBX",
    ];
    for kind in kinds {
        let picture = accept(&with_chunk(&file, kind, b"SECRET\0of some length"));
        assert_eq!(picture.findings, [Finding::MetadataRemoved], "{}", kind.escape_ascii());
        assert!(picture.bytes == file, "{} leaves no trace", kind.escape_ascii());
    }
}

#[test]
fn transparency_of_palette_and_key_stays() {
    let indexed = encode_png(4, 1, ColorType::Indexed, BitDepth::Two, &[0b0001_1011]);
    let after_palette = indexed.windows(4).position(|window| window == b"IDAT").unwrap() - 4;
    let transparency = crate::anatomy::png_chunk(b"tRNS", &[0, 128]);
    let file = [&indexed[..after_palette], &transparency, &indexed[after_palette..]].concat();
    let picture = accept(&file);
    assert!(picture.bytes == file);
    assert_eq!(
        rgba(&picture.bytes).2.iter().map(|pixel| pixel[3]).collect::<Vec<_>>(),
        [0, 128, 255, 255]
    );
}

#[test]
fn a_suggested_palette_of_a_true_color_picture_goes() {
    let file = encode_png(3, 2, ColorType::Rgb, BitDepth::Eight, &[9; 18]);
    let picture = accept(&with_chunk(&file, b"PLTE", b"SECRET"));
    assert_eq!(
        (picture.findings.as_slice(), picture.bytes == file),
        ([Finding::MetadataRemoved].as_slice(), true)
    );
}

/// CVE-2023-21036: a cropped screenshot written over the uncropped one kept the rest of it behind IEND.
#[test]
fn nothing_after_the_end_is_kept() {
    let cropped = encode_png(3, 2, ColorType::Rgb, BitDepth::Eight, &[9; 18]);
    let uncropped = encode_png(
        64,
        64,
        ColorType::Rgb,
        BitDepth::Eight,
        &(0..64 * 64 * 3).map(noise).collect::<Vec<_>>(),
    );
    let tail = &uncropped[cropped.len()..];
    let picture = accept(&[&cropped, tail].concat());
    assert_eq!(
        picture.findings,
        [Finding::TrailingBytesRemoved {
            bytes: tail.len() as u64
        }]
    );
    assert!(picture.bytes == cropped);
}

#[test]
fn an_animation_keeps_its_first_frame() {
    let picture = accept(&fixture("animated.png"));
    assert_eq!(picture.findings, [Finding::FirstFrameOnly { frames: Some(3) }]);
    assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
    assert_eq!(rgba(&picture.bytes), (24, 16, vec![[250, 30, 30, 255]; 24 * 16]));
}

#[test]
fn broken_files_are_damaged() {
    let damaged = Err(Refusal::Damaged {
        format: SourceFormat::Png,
    });
    let good = encode_png(3, 2, ColorType::Rgb, BitDepth::Eight, &[9; 18]);
    let end = good.len() - 12;
    let mut flipped = good.clone();
    flipped[end - 1] ^= 1;
    assert_eq!(
        take_in(&flipped),
        damaged,
        "a wrong check sum of the pixels, which themselves decode"
    );
    let mut zero_wide = good.clone();
    zero_wide.splice(
        8..33,
        crate::anatomy::png_chunk(b"IHDR", &[0, 0, 0, 0, 0, 0, 0, 2, 8, 2, 0, 0, 0]),
    );
    assert_eq!(take_in(&zero_wide), damaged, "no width");
    let mut taller = good.clone();
    taller.splice(
        8..33,
        crate::anatomy::png_chunk(b"IHDR", &[0, 0, 0, 3, 0, 0, 0, 3, 8, 2, 0, 0, 0]),
    );
    assert_eq!(
        take_in(&taller),
        damaged,
        "a row is missing although every check sum is right"
    );
    assert_eq!(
        take_in(&[&good[..33], &good[good.len() - 12..]].concat()),
        damaged,
        "no pixels at all"
    );
    assert_eq!(
        take_in(&with_chunk(&good, b"NEWx", b"")),
        Err(Refusal::UnsupportedVariant {
            format: SourceFormat::Png
        }),
        "an unknown critical chunk changes what the picture means"
    );
    let apple = [&good[..8], &crate::anatomy::png_chunk(b"CgBI", &[0; 4]), &good[8..]].concat();
    assert_eq!(
        take_in(&apple),
        Err(Refusal::UnsupportedVariant {
            format: SourceFormat::Png
        })
    );
}
