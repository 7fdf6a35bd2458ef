//! Bombs, cut files and other things that are no pictures.

use sendoff_shots::{LIMITS, Refusal, SourceFormat, Unsupported, fit, take_in, thumbnail};

use crate::anatomy::{fixture, fixtures, png_chunk, rgba};

const LIMIT: u64 = LIMITS.pixels;

fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let data = png_chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]);
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(b"IHDR", &header),
        &data,
        &png_chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn bombs_are_refused_by_their_header() {
    let too_many = |width, height| {
        Err(Refusal::TooManyPixels {
            width,
            height,
            limit: LIMIT,
        })
    };
    assert_eq!(take_in(&png_of(30_000, 30_000)), too_many(30_000, 30_000));
    assert_eq!(
        take_in(&png_of(0x7fff_ffff, 0x7fff_ffff)),
        too_many(0x7fff_ffff, 0x7fff_ffff)
    );
    assert_eq!(
        take_in(&png_of(64_000_000, 1)),
        too_many(64_000_000, 1),
        "one row of 256 MB is a bomb too"
    );
    assert_eq!(
        take_in(&png_of(8_000, 8_000)),
        Err(Refusal::Damaged {
            format: SourceFormat::Png
        }),
        "within the limit, but no pixels"
    );

    let mut gif = fixture("still.gif");
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(take_in(&gif), too_many(65_535, 65_535));
    let mut gif = fixture("still.gif");
    let descriptor = gif
        .windows(9)
        .position(|window| window == [0x2c, 0, 0, 0, 0, 48, 0, 32, 0])
        .unwrap();
    gif[descriptor + 5..descriptor + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(
        take_in(&gif),
        too_many(65_535, 65_535),
        "a small screen with a huge frame"
    );

    let mut jpeg = fixture("gray.jpg");
    let frame = jpeg.windows(2).position(|window| window == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(take_in(&jpeg), too_many(65_535, 65_535));

    let mut webp = fixture("metadata.webp");
    webp[24..30].copy_from_slice(&[0xff; 6]);
    assert_eq!(take_in(&webp), too_many(1 << 24, 1 << 24));
    let mut webp = fixture("lossless.webp");
    webp[21..25].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    assert_eq!(take_in(&webp), too_many(16_384, 16_384));

    let mut bmp = fixture("rgb.bmp");
    bmp[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x80]);
    assert_eq!(take_in(&bmp), too_many(0x7fff_ffff, 0x8000_0000));
}

/// A cut file never passes for a whole one.
#[test]
fn every_prefix_of_every_file_is_refused() {
    for (name, bytes) in fixtures() {
        for length in 0..bytes.len() {
            match take_in(&bytes[..length]) {
                Err(_) => (),
                // Cut between two blocks behind its first frame: every pixel that is kept is there.
                Ok(picture) if name.ends_with(".gif") => {
                    assert_eq!(rgba(&picture.bytes), rgba(&take_in(&bytes).unwrap().bytes), "{name}");
                }
                Ok(picture) => panic!(
                    "{name} cut to {length} of {} was taken in: {:?}",
                    bytes.len(),
                    picture.findings
                ),
            }
        }
    }
}

#[test]
fn other_things_are_named() {
    assert_eq!(take_in(b""), Err(Refusal::Empty));
    let unsupported = |kind| Err(Refusal::Unsupported { kind });
    assert_eq!(
        take_in(b"file:///home/me/picture.png\n"),
        unsupported(Unsupported::Text)
    );
    assert_eq!(
        take_in(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        unsupported(Unsupported::Svg)
    );
    assert_eq!(take_in(&[0; 100]), unsupported(Unsupported::Unknown));
    assert_eq!(
        thumbnail(b"plain words", 64).map(|_| ()),
        Err(Refusal::Unsupported {
            kind: Unsupported::Text
        })
    );
}

#[test]
fn too_many_bytes_are_refused_unread() {
    let mut bytes = fixture("rgb.bmp");
    bytes.resize(LIMITS.file_bytes as usize + 1, 0);
    assert_eq!(
        take_in(&bytes),
        Err(Refusal::TooManyBytes {
            bytes: LIMITS.file_bytes + 1,
            limit: LIMITS.file_bytes
        })
    );
}

#[test]
fn a_refusal_is_a_code_with_fields() {
    let json = serde_json::to_string(&take_in(&png_of(30_000, 30_000)).unwrap_err()).unwrap();
    assert_eq!(
        json,
        r#"{"code":"tooManyPixels","width":30000,"height":30000,"limit":64000000}"#
    );
    let json = serde_json::to_string(&take_in(b"%PDF-1.7").unwrap_err()).unwrap();
    assert_eq!(json, r#"{"code":"unsupported","kind":"pdf"}"#);
    let picture = take_in(&fixture("animated.webp")).unwrap();
    let json = serde_json::to_string(&picture.findings).unwrap();
    assert_eq!(
        json,
        r#"[{"code":"metadataRemoved"},{"code":"firstFrameOnly","frames":3},{"code":"converted","from":"webp"}]"#
    );
}

#[test]
fn a_forged_picture_does_not_pass_through_fit() {
    let mut picture = take_in(&fixture("metadata.png")).unwrap();
    picture.bytes.truncate(60);
    assert_eq!(
        fit(picture, 10),
        Err(Refusal::Damaged {
            format: SourceFormat::Png
        })
    );
}
