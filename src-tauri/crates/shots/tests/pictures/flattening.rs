//! Marks become pixels: known small pictures, crops, and what comes through untouched.

use png::{BitDepth, ColorType};
use sendoff_shots::{Color, Finding, Mark, Markup, Picture, Point, Rect, Refusal, flatten, flatten_pixels};

use crate::anatomy::{accept, encode_png, fixtures, noise, png_chunks, rgba};

pub(crate) const RED: Color = Color {
    red: 250,
    green: 20,
    blue: 40,
};
pub(crate) const BLACK: Color = Color {
    red: 0,
    green: 0,
    blue: 0,
};

pub(crate) fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect { x, y, width, height }
}

pub(crate) fn redact(x: f64, y: f64, width: f64, height: f64) -> Mark {
    Mark::Redact {
        area: rect(x, y, width, height),
        color: BLACK,
    }
}

pub(crate) fn only(mark: Mark) -> Markup {
    Markup {
        crop: None,
        marks: vec![mark],
    }
}

pub(crate) fn crop(x: f64, y: f64, width: f64, height: f64) -> Markup {
    Markup {
        crop: Some(rect(x, y, width, height)),
        marks: Vec::new(),
    }
}

pub(crate) fn white(width: u32, height: u32) -> Vec<u8> {
    let samples = vec![255; (width * height * 3) as usize];
    encode_png(width, height, ColorType::Rgb, BitDepth::Eight, &samples)
}

/// Every pixel different from its neighbors.
pub(crate) fn numbered(width: u32, height: u32) -> Vec<u8> {
    let samples: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [x as u8 * 7, y as u8 * 11, noise(y * width + x)]))
        .collect();
    encode_png(width, height, ColorType::Rgb, BitDepth::Eight, &samples)
}

/// One letter a pixel: `.` white, `#` the color, `?` a mixture.
pub(crate) fn drawn(picture: &Picture, color: Color) -> Vec<String> {
    let (width, _, pixels) = rgba(&picture.bytes);
    pixels
        .chunks(width as usize)
        .map(|row| {
            row.iter()
                .map(|pixel| match *pixel {
                    [255, 255, 255, 255] => '.',
                    [red, green, blue, 255] if [red, green, blue] == [color.red, color.green, color.blue] => '#',
                    _ => '?',
                })
                .collect()
        })
        .collect()
}

#[test]
fn a_box_is_drawn_where_it_says() {
    let mark = Mark::Box {
        area: rect(2.0, 2.0, 4.0, 4.0),
        color: BLACK,
        width: 2.0,
    };
    let picture = flatten(&white(8, 8), &only(mark)).unwrap();
    assert_eq!(
        drawn(&picture, BLACK),
        [
            "........", ".?####?.", ".######.", ".##..##.", ".##..##.", ".######.", ".?####?.", "........",
        ]
    );
    let (_, _, pixels) = rgba(&picture.bytes);
    let corner = 255.0 * (1.0 - std::f64::consts::FRAC_PI_4);
    for index in [9, 14, 49, 54] {
        let sample = f64::from(pixels[index][0]);
        assert!(
            (sample - corner).abs() <= 16.0,
            "{sample}: a quarter of a disc leaves {corner} of white"
        );
    }
}

#[test]
fn a_redaction_covers_every_pixel_that_it_touches() {
    let picture = flatten(&white(6, 5), &only(redact(1.9, 1.01, 2.0, 1.98))).unwrap();
    assert_eq!(
        drawn(&picture, BLACK),
        ["......", ".###..", ".###..", "......", "......"]
    );
    let pulled_up = flatten(&white(6, 5), &only(redact(3.9, 2.99, -2.0, -1.98))).unwrap();
    assert_eq!(
        pulled_up.bytes, picture.bytes,
        "the direction in which it was pulled does not matter"
    );
}

#[test]
fn a_mark_above_a_redaction_shows_on_it_and_one_below_is_gone() {
    let line = Mark::Line {
        from: Point { x: 0.0, y: 1.5 },
        to: Point { x: 6.0, y: 1.5 },
        color: RED,
        width: 1.0,
    };
    let marks = |marks: [Mark; 2]| Markup {
        crop: None,
        marks: marks.to_vec(),
    };
    let above = flatten(&white(6, 3), &marks([redact(2.0, 0.0, 2.0, 3.0), line.clone()])).unwrap();
    let below = flatten(&white(6, 3), &marks([line, redact(2.0, 0.0, 2.0, 3.0)])).unwrap();
    assert_eq!(drawn(&above, RED), ["..??..", "######", "..??.."], "the line crosses");
    assert_eq!(drawn(&above, BLACK), ["..##..", "??????", "..##.."]);
    assert_eq!(drawn(&below, BLACK), ["..##..", "??##??", "..##.."], "the line is cut");
}

#[test]
fn a_highlighter_lets_two_fifths_of_its_color_over_what_is_below() {
    let points = [(-9.0, 1.5), (9.0, 1.5), (-9.0, 1.5)];
    let mark = Mark::Highlighter {
        points: points.map(|(x, y)| Point { x, y }).to_vec(),
        color: RED,
        width: 9.0,
    };
    let file = encode_png(1, 1, ColorType::Rgb, BitDepth::Eight, &[10, 200, 100]);
    let picture = flatten(&file, &only(mark)).unwrap();
    assert_eq!(
        rgba(&picture.bytes).2,
        [[106, 128, 76, 255]],
        "once, although the stroke goes over the pixel twice"
    );
}

#[test]
fn alpha_stays_and_a_mark_adds_to_it() {
    let file = encode_png(
        3,
        1,
        ColorType::Rgba,
        BitDepth::Eight,
        &[9, 9, 9, 0, 200, 100, 50, 51, 7, 7, 7, 255],
    );
    let mark = Mark::Highlighter {
        points: vec![Point { x: 1.0, y: 0.5 }],
        color: RED,
        width: 1e5,
    };
    let picture = flatten(&file, &only(mark)).unwrap();
    // Two fifths over a fifth: 0.4 + 0.6 * 0.2 = 0.52, of which 0.4 are the mark's color.
    let mixed = |mark: f64, below: f64| ((mark * 0.4 + below * 0.12) / 0.52).round() as u8;
    assert_eq!(
        rgba(&picture.bytes).2,
        [
            [250, 20, 40, 102],
            [mixed(250.0, 200.0), mixed(20.0, 100.0), mixed(40.0, 50.0), 133],
            [104, 12, 20, 255]
        ]
    );
    let untouched = flatten(&file, &only(redact(2.0, 0.0, 1.0, 1.0))).unwrap();
    assert_eq!(
        rgba(&untouched.bytes).2,
        [[9, 9, 9, 0], [200, 100, 50, 51], [0, 0, 0, 255]],
        "straight alpha comes through without rounding, and a redaction is opaque"
    );
}

#[test]
fn empty_alpha_is_filled() {
    for (color, pixels) in [
        (ColorType::Rgba, [1, 2, 3, 0, 4, 5, 6, 0].as_slice()),
        (ColorType::GrayscaleAlpha, &[1, 0, 4, 0]),
    ] {
        let file = encode_png(2, 1, color, BitDepth::Eight, pixels);
        let picture = flatten(&file, &only(redact(1.0, 0.0, 1.0, 1.0))).unwrap();
        let first = if pixels.len() == 8 {
            [1, 2, 3, 255]
        } else {
            [1, 1, 1, 255]
        };
        assert_eq!(rgba(&picture.bytes).2, [first, [0, 0, 0, 255]]);
        assert_eq!(picture.findings, [Finding::AlphaWasEmpty]);
    }
    let file = encode_png(2, 1, ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 0, 4, 5, 6, 9]);
    let picture = flatten(&file, &crop(0.0, 0.0, 1.0, 1.0)).unwrap();
    assert_eq!(
        (rgba(&picture.bytes).2, picture.findings),
        (vec![[1, 2, 3, 0]], Vec::new()),
        "a transparent part of a picture stays transparent"
    );
}

#[test]
fn gray_stays_gray_until_a_color_is_drawn() {
    let file = encode_png(3, 1, ColorType::Grayscale, BitDepth::Eight, &[10, 20, 30]);
    let color_type = |mark: Mark| {
        let picture = flatten(&file, &only(mark)).unwrap();
        (png_chunks(&picture.bytes)[0].1[9], rgba(&picture.bytes).2)
    };
    let pixels = |middle| vec![[10, 10, 10, 255], middle, [30, 30, 30, 255]];
    assert_eq!(color_type(redact(1.0, 0.0, 1.0, 1.0)), (0, pixels([0, 0, 0, 255])));
    let red = Mark::Redact {
        area: rect(1.0, 0.0, 1.0, 1.0),
        color: RED,
    };
    assert_eq!(color_type(red), (2, pixels([250, 20, 40, 255])));
}

#[test]
fn nothing_drawn_gives_back_the_same_bytes() {
    for (name, bytes) in fixtures() {
        let stored = accept(&bytes);
        let whole = crop(-3.0, 0.2, f64::from(stored.width) + 9.0, f64::from(stored.height));
        for markup in [Markup::default(), whole] {
            let picture = flatten(&stored.bytes, &markup).unwrap();
            let expected = Picture {
                findings: Vec::new(),
                loose: false,
                ..stored.clone()
            };
            assert!(picture.bytes == expected.bytes, "{name} must not be encoded again");
            assert_eq!(picture, expected, "{name}");
        }
    }
}

#[test]
fn a_crop_keeps_the_pixels_whose_middle_is_inside() {
    let file = numbered(20, 12);
    let (_, _, pixels) = rgba(&file);
    let table = [
        (rect(3.0, 2.0, 5.0, 4.0), (3, 2, 5, 4)),
        (rect(8.0, 6.0, -5.0, -4.0), (3, 2, 5, 4)),
        (rect(3.4, 2.5, 4.3, 3.2), (3, 2, 5, 4)),
        (rect(-40.0, -40.0, 42.0, 41.0), (0, 0, 2, 1)),
        (rect(19.0, 11.0, 1e300, 1e300), (19, 11, 1, 1)),
        (rect(-1e308, 4.0, 1.7e308, 1.0), (0, 4, 20, 1)),
    ];
    for (area, (left, top, width, height)) in table {
        let markup = Markup {
            crop: Some(area),
            marks: Vec::new(),
        };
        let picture = flatten(&file, &markup).unwrap();
        let expected: Vec<_> = (top..top + height)
            .flat_map(|y| (left..left + width).map(move |x| y * 20 + x))
            .map(|index| pixels[index])
            .collect();
        assert_eq!(
            rgba(&picture.bytes),
            (width as u32, height as u32, expected),
            "{area:?}"
        );
    }
    for nothing in [
        rect(20.0, 0.0, 5.0, 5.0),
        rect(3.0, 3.0, 0.0, 4.0),
        rect(3.6, 3.0, 0.8, 1.0),
    ] {
        let markup = Markup {
            crop: Some(nothing),
            marks: vec![redact(0.0, 0.0, 2.0, 2.0)],
        };
        assert_eq!(
            flatten(&file, &markup),
            Err(Refusal::CropEmpty),
            "{nothing:?} keeps nothing"
        );
    }
}

#[test]
fn marks_stay_at_their_place_of_the_picture_when_it_is_cropped() {
    let marks = vec![
        redact(2.0, 3.0, 4.5, 20.0),
        Mark::Ellipse {
            area: rect(4.0, 2.0, 9.0, 7.0),
            color: RED,
            width: 1.5,
        },
        Mark::Arrow {
            from: Point { x: 18.0, y: 0.5 },
            to: Point { x: 7.5, y: 9.0 },
            color: RED,
            width: 2.0,
        },
    ];
    let whole = flatten(
        &numbered(20, 12),
        &Markup {
            crop: None,
            marks: marks.clone(),
        },
    )
    .unwrap();
    let (_, _, pixels) = rgba(&whole.bytes);
    let markup = Markup {
        crop: Some(rect(5.0, 4.0, 11.0, 6.0)),
        marks,
    };
    let cropped = flatten(&numbered(20, 12), &markup).unwrap();
    let expected: Vec<_> = (4..10).flat_map(|y| pixels[y * 20 + 5..y * 20 + 16].to_vec()).collect();
    let (width, height, cropped) = rgba(&cropped.bytes);
    assert_eq!((width, height), (11, 6));
    for (index, (pixel, expected)) in cropped.iter().zip(&expected).enumerate() {
        let near = pixel
            .iter()
            .zip(expected)
            .all(|(one, other)| one.abs_diff(*other) <= 24);
        assert!(near, "pixel {index} is {pixel:?} and not {expected:?}");
    }
}

#[test]
fn plain_pixels_are_flattened_the_same_way() {
    let file = numbered(20, 12);
    let markup = Markup {
        crop: Some(rect(2.0, 3.0, 10.0, 5.0)),
        marks: vec![
            redact(3.0, 4.0, 4.0, 2.0),
            Mark::Line {
                from: Point { x: 0.0, y: 0.0 },
                to: Point { x: 20.0, y: 9.0 },
                color: RED,
                width: 3.0,
            },
        ],
    };
    let picture = flatten(&file, &markup).unwrap();
    let (_, _, pixels) = rgba(&file);
    let (width, height, samples) = flatten_pixels(20, 12, pixels.as_flattened().to_vec(), &markup).unwrap();
    let (expected_width, expected_height, expected) = rgba(&picture.bytes);
    assert_eq!((width, height), (expected_width, expected_height));
    assert_eq!(samples, expected.as_flattened());
    assert_eq!(
        flatten_pixels(2, 2, vec![0; 15], &Markup::default()),
        Err(Refusal::PixelsMismatch {
            expected: 16,
            actual: 15
        })
    );
}
