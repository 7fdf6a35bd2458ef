//! Plain pixels from a clipboard.

use sendoff_shots::{Finding, Format, LIMITS, Refusal, take_in_pixels, take_in_pixels_with_thumbnail};

use crate::anatomy::{accept, noise, png_chunks, rgba};

#[test]
fn pixels_become_a_png_without_alpha_when_they_are_opaque() {
    let pixels: Vec<u8> = (0..7 * 5)
        .flat_map(|index| [noise(index), noise(index + 99), 3, 255])
        .collect();
    let picture = take_in_pixels(7, 5, pixels.clone()).unwrap();
    assert_eq!(
        (picture.format, picture.width, picture.height, picture.findings.len()),
        (Format::Png, 7, 5, 0)
    );
    assert_eq!(png_chunks(&picture.bytes)[0].1[9], 2, "color type 2: RGB");
    assert_eq!(rgba(&picture.bytes).2.as_flattened(), pixels);
    accept(&picture.bytes);
}

#[test]
fn used_alpha_is_kept_and_empty_alpha_is_filled() {
    let picture = take_in_pixels(2, 1, vec![1, 2, 3, 0, 4, 5, 6, 9]).unwrap();
    assert_eq!(
        (picture.findings.len(), rgba(&picture.bytes).2),
        (0, vec![[1, 2, 3, 0], [4, 5, 6, 9]])
    );
    let (picture, thumbnail) = take_in_pixels_with_thumbnail(2, 1, vec![1, 2, 3, 0, 4, 5, 6, 0], 64).unwrap();
    assert_eq!(picture.findings, [Finding::AlphaWasEmpty]);
    assert_eq!(rgba(&picture.bytes).2, [[1, 2, 3, 255], [4, 5, 6, 255]]);
    assert_eq!(
        rgba(&thumbnail.bytes).2,
        [[1, 2, 3, 255], [4, 5, 6, 255]],
        "the thumbnail shows what was kept"
    );
}

#[test]
fn wrong_dimensions_are_refused() {
    assert_eq!(take_in_pixels(0, 5, Vec::new()), Err(Refusal::Empty));
    assert_eq!(take_in_pixels(5, 0, Vec::new()), Err(Refusal::Empty));
    assert_eq!(
        take_in_pixels(2, 2, vec![0; 15]),
        Err(Refusal::PixelsMismatch {
            expected: 16,
            actual: 15
        })
    );
    let limit = LIMITS.pixels;
    assert_eq!(
        take_in_pixels(8001, 8001, Vec::new()),
        Err(Refusal::TooManyPixels {
            width: 8001,
            height: 8001,
            limit
        })
    );
    assert_eq!(
        take_in_pixels(65_536, 1, Vec::new()),
        Err(Refusal::TooManyPixels {
            width: 65_536,
            height: 1,
            limit
        })
    );
    let huge = Refusal::TooManyPixels {
        width: u32::MAX,
        height: u32::MAX,
        limit,
    };
    assert_eq!(
        take_in_pixels(u32::MAX, u32::MAX, vec![0; 4]),
        Err(huge),
        "the product must not wrap"
    );
}
