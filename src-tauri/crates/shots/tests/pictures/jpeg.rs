//! JPEG: cleaned without another lossy generation.

use sendoff_shots::{Finding, Format, Refusal, SourceFormat, take_in};

use crate::anatomy::{accept, fixture, jpeg_segments, rgba};

/// Tables, frames and scans: what is needed to decode.
fn needed(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xc2 | 0xc4 | 0xda | 0xdb | 0xdd)
}

#[test]
fn metadata_goes_and_pixels_stay() {
    let file = fixture("metadata.jpg");
    let before = jpeg_segments(&file);
    assert!(
        before
            .iter()
            .filter(|(marker, _)| matches!(marker, 0xe1 | 0xfe))
            .count()
            >= 3,
        "the fixture has EXIF, XMP and a comment"
    );
    let picture = accept(&file);
    assert_eq!(
        (picture.format, picture.findings.as_slice()),
        (Format::Jpeg, [Finding::MetadataRemoved].as_slice())
    );
    let after = jpeg_segments(&picture.bytes);
    assert_eq!(
        after[0],
        (0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec()),
        "a bare JFIF header without density"
    );
    let expected: Vec<_> = before.into_iter().filter(|(marker, _)| needed(*marker)).collect();
    assert_eq!(after[1..], expected, "tables, frame and scan are the same bytes");
    assert_eq!(rgba(&picture.bytes), rgba(&file));
}

#[test]
fn progressive_and_gray_come_through() {
    for name in ["progressive.jpg", "gray.jpg"] {
        let file = fixture(name);
        let picture = accept(&file);
        assert_eq!((picture.format, picture.findings.len()), (Format::Jpeg, 0), "{name}");
        assert_eq!(rgba(&picture.bytes), rgba(&file), "{name}");
    }
}

#[test]
fn a_thumbnail_inside_jfif_goes() {
    let file = fixture("gray.jpg");
    let mut payload = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x01".to_vec();
    payload.extend_from_slice(b"SECRET");
    let segment = [&[0xff, 0xe0], &(payload.len() as u16 + 2).to_be_bytes()[..], &payload].concat();
    let rest = 4 + usize::from(u16::from_be_bytes([file[4], file[5]])) - 2 + 2;
    let picture = accept(&[&file[..2], &segment, &file[rest..]].concat());
    assert_eq!(picture.findings, [Finding::MetadataRemoved]);
    assert!(picture.bytes == accept(&file).bytes);
}

#[test]
fn nothing_after_the_end_is_kept() {
    let file = fixture("gray.jpg");
    let second = fixture("metadata.jpg");
    let picture = accept(&[file.clone(), second.clone()].concat());
    assert_eq!(
        picture.findings,
        [Finding::TrailingBytesRemoved {
            bytes: second.len() as u64
        }]
    );
    assert!(
        picture.bytes == accept(&file).bytes,
        "phones put a second picture or a film behind the first"
    );
}

#[test]
fn fill_bytes_and_stray_restart_markers_are_tolerated() {
    let file = fixture("gray.jpg");
    let picture = accept(&[&file[..2], &[0xff, 0xff, 0xff, 0xd0], &file[2..]].concat());
    assert!(picture.bytes == accept(&file).bytes);
}

#[test]
fn unreadable_kinds_are_named() {
    let unsupported = Err(Refusal::UnsupportedVariant {
        format: SourceFormat::Jpeg,
    });
    let file = fixture("gray.jpg");
    let frame = file.windows(2).position(|window| window == [0xff, 0xc0]).unwrap();
    let with = |offset: usize, byte: u8| {
        let mut changed = file.clone();
        changed[frame + offset] = byte;
        take_in(&changed)
    };
    assert_eq!(with(1, 0xc9), unsupported, "arithmetic coding");
    assert_eq!(with(1, 0xc3), unsupported, "lossless JPEG");
    assert_eq!(with(4, 12), unsupported, "twelve bits");
    assert_eq!(with(9, 2), unsupported, "two components");
    let two_frames = [&file[..frame], &file[frame..frame + 13], &file[frame..]].concat();
    assert_eq!(
        take_in(&two_frames),
        Err(Refusal::Damaged {
            format: SourceFormat::Jpeg
        }),
        "the second frame would dodge the limits"
    );
}

#[test]
fn too_many_scans_are_refused() {
    let file = fixture("progressive.jpg");
    let frame = file.windows(2).position(|window| window == [0xff, 0xc2]).unwrap();
    let mut large = file.clone();
    large[frame + 5..frame + 9].copy_from_slice(&[0x1f, 0x40, 0x1f, 0x40]);
    let scan = large.windows(2).rposition(|window| window == [0xff, 0xda]).unwrap();
    let end = large.len() - 2;
    let many = [&large[..scan], &large[scan..end].repeat(40), &large[end..]].concat();
    assert_eq!(
        take_in(&many),
        Err(Refusal::UnsupportedVariant {
            format: SourceFormat::Jpeg
        }),
        "64 million pixels, 40 times over"
    );
}
