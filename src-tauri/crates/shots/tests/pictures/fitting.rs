//! Too many bytes: lossless first, then quality, then size; and always said.

use sendoff_shots::{Finding, Format, LIMITS, Picture, Refusal, Size, SourceFormat, fit, take_in_pixels};

use crate::anatomy::{accept, encode_png, noise, rgba};

fn fitted(picture: &Picture) -> (u64, u64, Size, Size, bool) {
    match picture.findings.last() {
        Some(Finding::Fitted {
            from_bytes,
            to_bytes,
            from,
            to,
            lossy,
        }) => (*from_bytes, *to_bytes, *from, *to, *lossy),
        other => panic!("not fitted: {other:?}"),
    }
}

#[test]
fn a_picture_that_fits_is_untouched() {
    let picture = take_in_pixels(4, 4, vec![255; 64]).unwrap();
    assert_eq!(fit(picture.clone(), picture.bytes.len() as u64).unwrap(), picture);
}

#[test]
fn lossless_ways_come_first() {
    // Noise in 8 colors, stored as RGBA: a palette or lossless WebP needs a fraction of it.
    let colors = [
        [0, 0, 0],
        [255, 0, 0],
        [9, 200, 3],
        [0, 0, 255],
        [77, 77, 77],
        [250, 250, 9],
        [1, 99, 180],
        [255, 255, 255],
    ];
    let samples: Vec<u8> = (0..300 * 300)
        .flat_map(|index| {
            let [red, green, blue] = colors[usize::from(noise(index) % 8)];
            [red, green, blue, 255]
        })
        .collect();
    let file = encode_png(300, 300, png::ColorType::Rgba, png::BitDepth::Eight, &samples);
    let picture = accept(&file);
    let limit = 60_000;
    assert!(
        picture.bytes.len() as u64 > limit,
        "{} bytes would fit anyway",
        picture.bytes.len()
    );
    let smaller = fit(picture.clone(), limit).unwrap();
    let (from_bytes, to_bytes, from, to, lossy) = fitted(&smaller);
    assert_eq!(
        (from_bytes, to_bytes),
        (picture.bytes.len() as u64, smaller.bytes.len() as u64)
    );
    assert!(to_bytes <= limit && from == to && !lossy);
    assert_eq!(rgba(&smaller.bytes), rgba(&picture.bytes), "lossless means every pixel");
}

fn noisy(width: u32, height: u32, alpha: u8) -> Picture {
    let samples: Vec<u8> = (0..width * height)
        .flat_map(|index| [noise(index), noise(index ^ 0x5555), noise(index + 7), alpha])
        .collect();
    take_in_pixels(width, height, samples).unwrap()
}

#[test]
fn quality_goes_before_size() {
    let picture = noisy(200, 200, 255);
    let smaller = fit(picture.clone(), picture.bytes.len() as u64 * 2 / 3).unwrap();
    let (_, to_bytes, from, to, lossy) = fitted(&smaller);
    assert!(
        lossy && from == to && to_bytes <= picture.bytes.len() as u64 * 2 / 3,
        "noise has no lossless way, but keeps its size"
    );
    assert_eq!(smaller.format, Format::Jpeg);
    assert_eq!(
        smaller.findings[0],
        Finding::Converted {
            from: SourceFormat::Png
        }
    );
    accept(&smaller.bytes);
}

#[test]
fn size_goes_last() {
    let picture = noisy(200, 100, 255);
    let smaller = fit(picture, 4_000).unwrap();
    let (_, to_bytes, from, to, lossy) = fitted(&smaller);
    assert!(lossy && to_bytes <= 4_000);
    assert_eq!(
        from,
        Size {
            width: 200,
            height: 100
        }
    );
    assert!(
        to.width < 200 && to.width.abs_diff(to.height * 2) <= 2,
        "{to:?} keeps the proportions"
    );
    assert_eq!((smaller.width, smaller.height), (to.width, to.height));
}

#[test]
fn transparent_pixels_are_laid_over_white() {
    let picture = noisy(64, 64, 1);
    let smaller = fit(picture, 3_000).unwrap();
    assert!(
        rgba(&smaller.bytes)
            .2
            .iter()
            .all(|pixel| pixel[..3].iter().all(|sample| *sample > 240)),
        "nearly transparent noise is nearly white"
    );
}

#[test]
fn what_cannot_fit_is_said() {
    assert_eq!(fit(noisy(64, 64, 255), 50), Err(Refusal::CannotFit { limit: 50 }));
}

#[test]
fn the_way_in_keeps_to_the_limit() {
    let picture = noisy(2600, 1500, 255);
    let (from_bytes, to_bytes, from, to, lossy) = fitted(&picture);
    assert!(from_bytes > LIMITS.sent_bytes, "{from_bytes}");
    assert!(to_bytes <= LIMITS.sent_bytes && to_bytes == picture.bytes.len() as u64);
    assert_eq!(
        (from, lossy),
        (to, true),
        "pixels are not reduced where quality is enough"
    );
}
