//! GIF keeps its first frame without being decoded; a bitmap becomes a PNG.

use sendoff_shots::{Finding, Format, SourceFormat};

use crate::anatomy::{accept, fixture, png_kinds, rgba};

#[test]
fn a_still_gif_loses_only_its_comment() {
    let file = fixture("still.gif");
    let picture = accept(&file);
    assert_eq!(
        (picture.format, picture.findings.as_slice()),
        (Format::Gif, [Finding::MetadataRemoved].as_slice())
    );
    assert_eq!(rgba(&picture.bytes), rgba(&file));
}

#[test]
fn an_animation_keeps_its_first_frame() {
    let picture = accept(&fixture("animated.gif"));
    assert_eq!(
        (picture.format, picture.findings.as_slice()),
        (
            Format::Gif,
            [Finding::MetadataRemoved, Finding::FirstFrameOnly { frames: Some(3) }].as_slice()
        )
    );
    assert_eq!(rgba(&picture.bytes), (24, 16, vec![[250, 30, 30, 255]; 24 * 16]));
    for extension in [0xfe, 0xff, 0x01] {
        assert!(
            !picture.bytes.windows(2).any(|window| window == [0x21, extension]),
            "extension {extension:#x} is gone"
        );
    }
}

#[test]
fn a_gif_without_its_trailer_is_whole() {
    let file = fixture("still.gif");
    let whole = accept(&file);
    assert!(
        accept(&file[..file.len() - 1]).bytes == whole.bytes,
        "some writers leave it off"
    );
    let trailing = accept(&[file.as_slice(), b"SECRET"].concat());
    assert_eq!(
        trailing.findings,
        [Finding::MetadataRemoved, Finding::TrailingBytesRemoved { bytes: 6 }]
    );
    assert!(trailing.bytes == whole.bytes);
}

#[test]
fn a_frame_smaller_than_the_screen_keeps_its_place() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        let frame = image::RgbaImage::from_pixel(3, 2, image::Rgba([200, 10, 10, 255]));
        encoder
            .encode_frame(image::Frame::from_parts(
                frame,
                0,
                0,
                image::Delay::from_numer_denom_ms(0, 1),
            ))
            .unwrap();
    }
    // The logical screen grows to 5 x 4 and the frame moves to (1, 1).
    bytes[6..10].copy_from_slice(&[5, 0, 4, 0]);
    let descriptor = bytes
        .windows(9)
        .position(|window| window == [0x2c, 0, 0, 0, 0, 3, 0, 2, 0])
        .unwrap();
    bytes[descriptor + 1] = 1;
    bytes[descriptor + 3] = 1;
    let picture = accept(&bytes);
    let (width, height, pixels) = rgba(&picture.bytes);
    assert_eq!((width, height), (5, 4));
    let expected = |x: usize, y: usize| {
        if (1..4).contains(&x) && (1..3).contains(&y) {
            [200, 10, 10, 255]
        } else {
            [0; 4]
        }
    };
    let expected: Vec<_> = (0..20).map(|index| expected(index % 5, index / 5)).collect();
    assert_eq!(
        pixels.iter().map(|pixel| pixel[3]).collect::<Vec<_>>(),
        expected.iter().map(|pixel| pixel[3]).collect::<Vec<_>>()
    );
}

#[test]
fn bitmaps_become_png_with_the_same_pixels() {
    for name in ["rgb.bmp", "palette.bmp"] {
        let file = fixture(name);
        let picture = accept(&file);
        assert_eq!(
            (picture.format, picture.findings.as_slice()),
            (
                Format::Png,
                [Finding::Converted {
                    from: SourceFormat::Bmp
                }]
                .as_slice()
            )
        );
        assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
        assert_eq!(rgba(&picture.bytes), rgba(&file), "{name}");
    }
}

/// A bitmap with a version 4 header and an alpha mask, two pixels by one.
fn with_alpha(first: u8, second: u8) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend_from_slice(&130u32.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&122u32.to_le_bytes());
    for number in [
        108u32,
        2,
        1,
        1 | 32 << 16,
        3,
        8,
        0,
        0,
        0,
        0,
        0xff_0000,
        0xff00,
        0xff,
        0xff00_0000,
    ] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.resize(122, 0);
    bytes.extend_from_slice(&[3, 2, 1, first, 6, 5, 4, second]);
    bytes
}

#[test]
fn an_empty_alpha_channel_is_filled() {
    let picture = accept(&with_alpha(0, 0));
    assert_eq!(
        picture.findings,
        [
            Finding::AlphaWasEmpty,
            Finding::Converted {
                from: SourceFormat::Bmp
            }
        ]
    );
    assert_eq!(rgba(&picture.bytes).2, [[1, 2, 3, 255], [4, 5, 6, 255]]);
    let picture = accept(&with_alpha(0, 128));
    assert_eq!(
        picture.findings,
        [Finding::Converted {
            from: SourceFormat::Bmp
        }]
    );
    assert_eq!(
        rgba(&picture.bytes).2,
        [[1, 2, 3, 0], [4, 5, 6, 128]],
        "a used alpha channel is left alone"
    );
}
