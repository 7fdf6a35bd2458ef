//! EXIF orientations 1 to 8 all come out upright.

use sendoff_shots::{Finding, Format, SourceFormat};

use crate::anatomy::{accept, fixture, rgba};

const BLOCKS: [[[u8; 3]; 3]; 2] = [
    [[250, 30, 30], [30, 250, 30], [30, 30, 250]],
    [[250, 250, 30], [30, 250, 250], [250, 30, 250]],
];

/// Every pixel of the upright picture: 48 by 32 in blocks of 16.
fn assert_upright(bytes: &[u8], tolerance: u8, what: &str) {
    let (width, height, pixels) = rgba(bytes);
    assert_eq!((width, height), (48, 32), "{what}");
    for (index, pixel) in pixels.iter().enumerate() {
        let (x, y) = (index % 48, index / 48);
        let expected = BLOCKS[y / 16][x / 16];
        let near = expected
            .iter()
            .zip(pixel)
            .all(|(expected, actual)| expected.abs_diff(*actual) <= tolerance);
        assert!(near, "{what}: {pixel:?} at ({x}, {y}) is not {expected:?}");
    }
}

#[test]
fn every_orientation_comes_out_upright() {
    for orientation in 1..=8 {
        let name = format!("orientation-{orientation}.jpg");
        let picture = accept(&fixture(&name));
        assert_upright(&picture.bytes, 4, &name);
        if orientation == 1 {
            assert_eq!(
                (picture.format, picture.findings.as_slice()),
                (Format::Jpeg, [Finding::MetadataRemoved].as_slice())
            );
        } else {
            let expected = [
                Finding::MetadataRemoved,
                Finding::Oriented,
                Finding::Converted {
                    from: SourceFormat::Jpeg,
                },
            ];
            assert_eq!(
                (picture.format, picture.findings.as_slice()),
                (Format::Png, expected.as_slice()),
                "{name}"
            );
        }
    }
}

#[test]
fn png_and_webp_can_be_turned_too() {
    let png = accept(&fixture("orientation-6.png"));
    assert_eq!(png.findings, [Finding::MetadataRemoved, Finding::Oriented]);
    assert_upright(&png.bytes, 0, "orientation-6.png");
    let webp = accept(&fixture("orientation-6.webp"));
    assert_eq!(
        webp.findings,
        [
            Finding::MetadataRemoved,
            Finding::Oriented,
            Finding::Converted {
                from: SourceFormat::Webp
            }
        ]
    );
    assert_upright(&webp.bytes, 0, "orientation-6.webp");
}

#[test]
fn a_large_photo_stays_a_jpeg() {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_fn(2400, 1600, |x, y| image::Rgb([(x / 10) as u8, (y / 7) as u8, 90]));
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode_image(&picture)
        .unwrap();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let segment = [&[0xff, 0xe1], &(exif.len() as u16 + 2).to_be_bytes()[..], exif].concat();
    let turned = accept(&[&bytes[..2], &segment, &bytes[2..]].concat());
    assert_eq!(
        (turned.format, turned.width, turned.height),
        (Format::Jpeg, 1600, 2400),
        "a PNG of a photo would be far too large"
    );
    assert_eq!(turned.findings, [Finding::MetadataRemoved, Finding::Oriented]);
}
