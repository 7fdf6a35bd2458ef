//! What holds for every picture and for any bytes.

use png::{BitDepth, ColorType};
use proptest::prelude::*;
use sendoff_shots::{Finding, take_in, take_in_with_thumbnail};

use crate::anatomy::{accept, encode_png, png_chunk, png_kinds, raw_png};

pub(crate) fn kind_and_depth() -> impl Strategy<Value = (ColorType, BitDepth)> {
    prop_oneof![
        Just((ColorType::Grayscale, BitDepth::One)),
        Just((ColorType::Grayscale, BitDepth::Eight)),
        Just((ColorType::Grayscale, BitDepth::Sixteen)),
        Just((ColorType::Indexed, BitDepth::Four)),
        Just((ColorType::Indexed, BitDepth::Eight)),
        Just((ColorType::Rgb, BitDepth::Eight)),
        Just((ColorType::GrayscaleAlpha, BitDepth::Eight)),
        Just((ColorType::Rgba, BitDepth::Eight)),
        Just((ColorType::Rgba, BitDepth::Sixteen)),
    ]
}

/// Any chunk that a reader may skip, but those that say something about color or animation.
fn private_chunk() -> impl Strategy<Value = Vec<u8>> {
    ("[a-z][a-zA-Z][A-Z][a-zA-Z]", prop::collection::vec(any::<u8>(), 0..60))
        .prop_filter("has a meaning", |(kind, _)| {
            ![
                "tRNS", "iCCP", "sRGB", "gAMA", "cHRM", "cICP", "acTL", "fcTL", "fdAT", "eXIf",
            ]
            .contains(&kind.as_str())
        })
        .prop_map(|(kind, payload)| {
            let kind: [u8; 4] = kind.as_bytes().try_into().unwrap();
            png_chunk(&kind, &[b"SECRET", payload.as_slice()].concat())
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_png_keeps_its_pixels_and_nothing_else(
        (color, depth) in kind_and_depth(),
        width in 1u32..50,
        height in 1u32..50,
        seed in prop::collection::vec(any::<u8>(), 1..80),
        early in prop::collection::vec(private_chunk(), 0..4),
        late in prop::collection::vec(private_chunk(), 0..4),
        trailing in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let row = (width as usize * color.samples() * depth as usize).div_ceil(8);
        let samples: Vec<u8> = seed.iter().copied().cycle().take(row * height as usize).collect();
        let clean = encode_png(width, height, color, depth, &samples);
        let end = clean.len() - 12;
        let file = [&clean[..33], &early.concat(), &clean[33..end], &late.concat(), &clean[end..], &trailing].concat();
        let picture = accept(&file);
        prop_assert!(picture.bytes == clean);
        prop_assert_eq!(raw_png(&picture.bytes), raw_png(&file));
        prop_assert!(png_kinds(&picture.bytes).iter().all(|kind| ["IHDR", "PLTE", "IDAT", "IEND"].contains(&kind.as_str())));
        let mut expected = Vec::new();
        if !early.is_empty() || !late.is_empty() {
            expected.push(Finding::MetadataRemoved);
        }
        if !trailing.is_empty() {
            expected.push(Finding::TrailingBytesRemoved { bytes: trailing.len() as u64 });
        }
        prop_assert_eq!(picture.findings, expected);
    }

    #[test]
    fn any_bytes_are_answered(
        prefix in prop::sample::select(vec![
            b"".as_slice(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x40\0\0\0WEBPVP8L", b"GIF89a", b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        edge in any::<u32>(),
    ) {
        let bytes = [prefix, &bytes].concat();
        let alone = take_in(&bytes);
        let with_thumbnail = take_in_with_thumbnail(&bytes, edge);
        prop_assert_eq!(alone, with_thumbnail.map(|(picture, _)| picture));
    }
}
