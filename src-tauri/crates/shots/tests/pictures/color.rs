//! Colors come out as sRGB, with the numbers that the definition of Display P3 and of gamma give.

use png::{BitDepth, ColorType};
use sendoff_shots::{Finding, Format, SourceFormat};

use crate::anatomy::{accept, encode_png, fixture, png_kinds, rgba, with_chunk};

const SWATCHES: [[u8; 3]; 6] = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [200, 120, 60],
    [64, 128, 192],
    [128, 128, 128],
];

fn linear(value: f64) -> f64 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn encoded(value: f64) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    };
    (value * 255.0).round() as u8
}

/// Display P3 to sRGB by the published matrix (CSS Color 4, section 10), out-of-gamut values clipped.
fn from_display_p3(color: [u8; 3]) -> [u8; 3] {
    let [red, green, blue] = color.map(|sample| linear(f64::from(sample) / 255.0));
    [
        encoded(1.224_940_2 * red - 0.224_940_2 * green),
        encoded(-0.042_056_96 * red + 1.042_056_96 * green),
        encoded(-0.019_637_55 * red - 0.078_636_05 * green + 1.098_273_6 * blue),
    ]
}

/// The middle of every swatch.
fn swatches(bytes: &[u8]) -> Vec<[u8; 3]> {
    let (width, _, pixels) = rgba(bytes);
    (0..6)
        .map(|index| pixels[8 * width as usize + 8 + 16 * index])
        .map(|[red, green, blue, _]| [red, green, blue])
        .collect()
}

fn assert_near(actual: &[[u8; 3]], expected: &[[u8; 3]], tolerance: u8, what: &str) {
    let near = actual
        .iter()
        .flatten()
        .zip(expected.iter().flatten())
        .all(|(actual, expected)| actual.abs_diff(*expected) <= tolerance);
    assert!(
        near && actual.len() == expected.len(),
        "{what}: {actual:?} is not {expected:?} within {tolerance}"
    );
}

#[test]
fn display_p3_becomes_srgb() {
    let expected = SWATCHES.map(from_display_p3);
    assert!(
        expected[3] != SWATCHES[3],
        "the definition moves colors, so this test can fail"
    );
    for (name, tolerance) in [("p3.png", 1), ("p3.webp", 1), ("p3.jpg", 4)] {
        let picture = accept(&fixture(name));
        assert_eq!(picture.findings[0], Finding::ColorConverted, "{name}");
        assert_near(&swatches(&picture.bytes), &expected, tolerance, name);
        assert_eq!(
            (picture.format, png_kinds(&picture.bytes).join(" ").as_str()),
            (Format::Png, "IHDR IDAT IEND"),
            "{name}"
        );
    }
}

#[test]
fn a_profile_that_is_srgb_needs_nothing() {
    for (name, format) in [("srgb.png", Format::Png), ("srgb.jpg", Format::Jpeg)] {
        let file = fixture(name);
        let picture = accept(&file);
        assert_eq!(
            (picture.format, picture.findings.as_slice()),
            (format, [].as_slice()),
            "{name}: nothing to convert, nothing to say"
        );
        assert_eq!(rgba(&picture.bytes), rgba(&file), "{name}");
        assert!(
            !picture.bytes.windows(11).any(|window| window == b"ICC_PROFILE"),
            "{name}"
        );
    }
}

#[test]
fn gamma_is_applied() {
    let file = encode_png(6, 1, ColorType::Rgb, BitDepth::Eight, SWATCHES.as_flattened());
    let linear_light = accept(&with_chunk(&file, b"gAMA", &100_000u32.to_be_bytes()));
    assert_eq!(linear_light.findings, [Finding::ColorConverted]);
    let expected = SWATCHES.map(|color| color.map(|sample| encoded(f64::from(sample) / 255.0)));
    let actual: Vec<_> = rgba(&linear_light.bytes)
        .2
        .iter()
        .map(|[red, green, blue, _]| [*red, *green, *blue])
        .collect();
    assert_near(&actual, &expected, 1, "gamma 1.0");
    let usual = accept(&with_chunk(&file, b"gAMA", &45_455u32.to_be_bytes()));
    assert!(
        usual.bytes == file && usual.findings.is_empty(),
        "the gamma of sRGB says nothing new"
    );
    let overruled = accept(&with_chunk(
        &with_chunk(&file, b"gAMA", &100_000u32.to_be_bytes()),
        b"sRGB",
        &[0],
    ));
    assert!(
        overruled.bytes == file && overruled.findings.is_empty(),
        "sRGB goes before gamma"
    );
}

#[test]
fn chromaticities_are_applied() {
    let numbers = |points: [u32; 8]| points.iter().flat_map(|point| point.to_be_bytes()).collect::<Vec<_>>();
    let file = encode_png(6, 1, ColorType::Rgb, BitDepth::Eight, SWATCHES.as_flattened());
    let usual = numbers([31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]);
    assert!(
        accept(&with_chunk(&file, b"cHRM", &usual)).bytes == file,
        "the primaries of sRGB say nothing new"
    );
    let p3 = numbers([31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]);
    let picture = accept(&with_chunk(&file, b"cHRM", &p3));
    assert_eq!(picture.findings, [Finding::ColorConverted]);
    let actual: Vec<_> = rgba(&picture.bytes)
        .2
        .iter()
        .map(|[red, green, blue, _]| [*red, *green, *blue])
        .collect();
    assert_near(
        &actual,
        &SWATCHES.map(from_display_p3),
        2,
        "the primaries of Display P3",
    );
}

#[test]
fn code_points_are_applied_or_kept() {
    let file = encode_png(6, 1, ColorType::Rgb, BitDepth::Eight, SWATCHES.as_flattened());
    let p3 = accept(&with_chunk(&file, b"cICP", &[12, 13, 0, 1]));
    assert_eq!(p3.findings, [Finding::ColorConverted]);
    let actual: Vec<_> = rgba(&p3.bytes)
        .2
        .iter()
        .map(|[red, green, blue, _]| [*red, *green, *blue])
        .collect();
    assert_near(&actual, &SWATCHES.map(from_display_p3), 2, "Display P3 by code points");
    let srgb = accept(&with_chunk(&file, b"cICP", &[1, 13, 0, 1]));
    assert!(srgb.bytes == file && srgb.findings.is_empty());
    let high_range = with_chunk(&file, b"cICP", &[9, 16, 0, 1]);
    let kept = accept(&high_range);
    assert!(
        kept.bytes == high_range && kept.findings.is_empty(),
        "BT.2100 PQ stays labeled: nothing here can map its tones"
    );
}

#[test]
fn a_broken_profile_is_said() {
    let file = encode_png(6, 1, ColorType::Rgb, BitDepth::Eight, SWATCHES.as_flattened());
    for payload in [b"SECRET\0\0not deflate".as_slice(), b"", b"SECRET"] {
        let picture = accept_with_unreadable(&with_chunk(&file, b"iCCP", payload));
        assert!(picture.bytes == file);
    }
}

#[test]
fn a_gray_profile_is_not_laid_over_colors() {
    let profile = moxcms::ColorProfile::new_gray_with_gamma(1.0)
        .encode()
        .expect("a profile");
    let mut info = png::Info::with_size(6, 1);
    (info.color_type, info.bit_depth) = (ColorType::Rgb, BitDepth::Eight);
    info.icc_profile = Some(profile.into());
    let mut file = Vec::new();
    let mut writer = png::Encoder::with_info(&mut file, info)
        .and_then(png::Encoder::write_header)
        .expect("a header");
    writer.write_image_data(SWATCHES.as_flattened()).expect("pixels");
    writer.finish().expect("an end");
    let picture = accept(&file);
    assert_eq!(picture.findings, [Finding::ColorsGuessed]);
    let actual: Vec<_> = rgba(&picture.bytes)
        .2
        .iter()
        .map(|[red, green, blue, _]| [*red, *green, *blue])
        .collect();
    assert_eq!(actual, SWATCHES, "one curve says nothing of three channels");
}

fn accept_with_unreadable(bytes: &[u8]) -> sendoff_shots::Picture {
    let picture = accept(bytes);
    assert_eq!(
        picture.findings,
        [Finding::ColorsGuessed],
        "the colors are guessed, and that is said"
    );
    picture
}

#[test]
fn inks_become_rgb() {
    let picture = accept(&fixture("cmyk.jpg"));
    assert_eq!(
        picture.findings,
        [
            Finding::ColorsGuessed,
            Finding::Converted {
                from: SourceFormat::Jpeg
            }
        ]
    );
    assert_near(&swatches(&picture.bytes), &SWATCHES, 3, "cmyk.jpg");
}

#[test]
fn gray_with_gamma_stays_gray() {
    let file = encode_png(
        3,
        1,
        ColorType::GrayscaleAlpha,
        BitDepth::Eight,
        &[0, 255, 128, 77, 255, 0],
    );
    let picture = accept(&with_chunk(&file, b"gAMA", &100_000u32.to_be_bytes()));
    assert_eq!(picture.findings, [Finding::ColorConverted]);
    let middle = encoded(128.0 / 255.0);
    assert_eq!(
        rgba(&picture.bytes).2,
        [[0, 0, 0, 255], [middle, middle, middle, 77], [255, 255, 255, 0]]
    );
}
