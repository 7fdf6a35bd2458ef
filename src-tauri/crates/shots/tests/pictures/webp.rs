//! WebP: cleaned at the level of its chunks.

use sendoff_shots::{Finding, Format, Refusal, SourceFormat, take_in};

use crate::anatomy::{accept, fixture, rgba, webp_kinds};

#[test]
fn metadata_goes_and_pixels_stay() {
    for (name, kinds) in [
        ("metadata.webp", ["VP8X", "VP8 "].as_slice()),
        ("alpha.webp", &["VP8X", "ALPH", "VP8 "]),
    ] {
        let file = fixture(name);
        let picture = accept(&file);
        assert_eq!(
            (picture.format, picture.findings.as_slice()),
            (Format::Webp, [Finding::MetadataRemoved].as_slice()),
            "{name}"
        );
        assert_eq!(webp_kinds(&picture.bytes), kinds, "{name}");
        assert_eq!(
            picture.bytes[20] & !0x10,
            0,
            "only the flag for alpha may be left in {name}"
        );
        assert_eq!(rgba(&picture.bytes), rgba(&file), "{name}");
    }
}

#[test]
fn a_clean_file_comes_through_byte_for_byte() {
    let file = fixture("lossless.webp");
    let picture = accept(&file);
    assert_eq!((picture.bytes == file, picture.findings.len()), (true, 0));
}

#[test]
fn nothing_after_the_end_is_kept() {
    let file = fixture("lossless.webp");
    let picture = accept(&[file.as_slice(), b"SECRET"].concat());
    assert_eq!(
        (picture.bytes == file, picture.findings.as_slice()),
        (true, [Finding::TrailingBytesRemoved { bytes: 6 }].as_slice())
    );
}

#[test]
fn an_animation_keeps_its_first_frame() {
    let picture = accept(&fixture("animated.webp"));
    assert_eq!(
        picture.findings,
        [
            Finding::MetadataRemoved,
            Finding::FirstFrameOnly { frames: Some(3) },
            Finding::Converted {
                from: SourceFormat::Webp
            }
        ]
    );
    assert_eq!(picture.format, Format::Png);
    assert_eq!(rgba(&picture.bytes), (24, 16, vec![[250, 30, 30, 255]; 24 * 16]));
}

#[test]
fn dimensions_that_disagree_are_damaged() {
    let mut file = fixture("metadata.webp");
    file[24] += 1;
    assert_eq!(
        take_in(&file),
        Err(Refusal::Damaged {
            format: SourceFormat::Webp
        }),
        "the canvas is wider than the picture"
    );
}
