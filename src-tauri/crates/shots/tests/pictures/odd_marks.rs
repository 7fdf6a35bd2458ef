//! Marks and pictures that are not as usual: outside, too many, without numbers, not clean, not PNG.

use sendoff_shots::{
    Finding, Format, MOST_MARKS, MOST_POINTS, Mark, Markup, Point, Refusal, SourceFormat, flatten, take_in,
};

use crate::anatomy::{accept, contains, fixture, fixtures, png_kinds, rgba, with_chunk};
use crate::flattening::{BLACK, RED, crop, drawn, numbered, only, rect, redact, white};

#[test]
fn marks_outside_draw_nothing() {
    let far = |x, y| Point { x, y };
    let marks = vec![
        redact(-9.0, -9.0, 9.0, 30.0),
        redact(6.0, 0.0, f64::MAX, f64::MAX),
        redact(3.0, 3.0, 0.0, 2.0),
        Mark::Line {
            from: far(-50.0, 9.0),
            to: far(50.0, 9.0),
            color: RED,
            width: 4.0,
        },
        Mark::Arrow {
            from: far(1e308, 1e308),
            to: far(-1e308, 1e308),
            color: RED,
            width: 1e4,
        },
        Mark::Box {
            area: rect(-9.0, -9.0, 40.0, 40.0),
            color: RED,
            width: 8.0,
        },
        Mark::Ellipse {
            area: rect(f64::MIN, f64::MIN, 1.0, 1.0),
            color: RED,
            width: 8.0,
        },
        Mark::Freehand {
            points: Vec::new(),
            color: RED,
            width: 8.0,
        },
        Mark::Highlighter {
            points: vec![far(f64::MAX, f64::MIN)],
            color: RED,
            width: 8.0,
        },
        Mark::Line {
            from: far(3.0, 3.0),
            to: far(3.0, 3.0),
            color: RED,
            width: 0.0,
        },
        Mark::Arrow {
            from: far(3.0, 3.0),
            to: far(3.0, 3.0),
            color: RED,
            width: 5.0,
        },
    ];
    let file = numbered(6, 5);
    let picture = flatten(&file, &Markup { crop: None, marks }).unwrap();
    assert_eq!(rgba(&picture.bytes), rgba(&file));
    let across = Mark::Line {
        from: far(-1e300, 2.5),
        to: far(1e300, 2.5),
        color: BLACK,
        width: 1.0,
    };
    let picture = flatten(&white(4, 5), &only(across)).unwrap();
    assert_eq!(drawn(&picture, BLACK), ["....", "....", "####", "....", "...."]);
}

#[test]
fn numbers_that_are_none_are_refused() {
    let nan = f64::NAN;
    let point = |x| Point { x, y: 1.0 };
    let unsound = [
        redact(nan, 0.0, 1.0, 1.0),
        redact(0.0, 0.0, f64::INFINITY, 1.0),
        Mark::Line {
            from: point(1.0),
            to: point(nan),
            color: RED,
            width: 1.0,
        },
        Mark::Arrow {
            from: point(f64::NEG_INFINITY),
            to: point(1.0),
            color: RED,
            width: 1.0,
        },
        Mark::Box {
            area: rect(0.0, nan, 1.0, 1.0),
            color: RED,
            width: 1.0,
        },
        Mark::Ellipse {
            area: rect(0.0, 0.0, 1.0, 1.0),
            color: RED,
            width: -1.0,
        },
        Mark::Freehand {
            points: vec![point(1.0), point(nan)],
            color: RED,
            width: 1.0,
        },
        Mark::Highlighter {
            points: vec![point(1.0)],
            color: RED,
            width: nan,
        },
    ];
    for mark in unsound {
        let name = format!("{mark:?}");
        assert_eq!(
            flatten(&white(2, 2), &only(mark)),
            Err(Refusal::MarksUnreadable),
            "{name}"
        );
    }
    assert_eq!(
        flatten(&white(2, 2), &crop(0.0, 0.0, nan, 1.0)),
        Err(Refusal::MarksUnreadable)
    );
}

#[test]
fn a_scribble_over_itself_fills_what_it_covers() {
    // Its lines cross the cuts of one tile 6 million times: they become one shape several times on the way.
    let point = |index: u32| Point {
        x: 20.0 + f64::from(index % 161),
        y: if index.is_multiple_of(2) { 20.0 } else { 180.0 },
    };
    let scribble = Mark::Freehand {
        points: (0..2_000).map(point).collect(),
        color: BLACK,
        width: 4.0,
    };
    let picture = flatten(&white(200, 200), &only(scribble)).unwrap();
    let (_, _, pixels) = rgba(&picture.bytes);
    let is = |(x, y): (usize, usize), level: u8| pixels[y * 200 + x] == [level, level, level, 255];
    let wrong: Vec<_> = (0..200)
        .flat_map(|y| (0..200).map(move |x| (x, y)))
        .filter(|&(x, y)| {
            let within = |least, most| (least..most).contains(&x) && (least..most).contains(&y);
            (within(21, 179) && !is((x, y), 0)) || (!within(17, 183) && !is((x, y), 255))
        })
        .collect();
    assert_eq!(wrong, [], "it is whole inside, and nothing is outside");
}

#[test]
fn ten_thousand_marks_are_drawn_and_no_more() {
    let mut marks: Vec<Mark> = (0..MOST_MARKS)
        .map(|index| redact((index % 100) as f64, (index / 100) as f64, 1.0, 1.0))
        .collect();
    let picture = flatten(
        &white(100, 101),
        &Markup {
            crop: None,
            marks: marks.clone(),
        },
    )
    .unwrap();
    assert_eq!(
        rgba(&picture.bytes).2.iter().filter(|pixel| pixel[0] == 0).count(),
        MOST_MARKS,
        "each mark is one black pixel"
    );
    marks.push(redact(0.0, 100.0, 1.0, 1.0));
    assert_eq!(
        flatten(&white(100, 101), &Markup { crop: None, marks }),
        Err(Refusal::TooManyMarks {
            marks: MOST_MARKS as u64 + 1,
            points: 0
        })
    );
    let stroke = |count| Mark::Freehand {
        points: vec![Point { x: 1.5, y: 1.5 }; count],
        color: BLACK,
        width: 1e6,
    };
    let picture = flatten(&white(3, 3), &only(stroke(MOST_POINTS))).unwrap();
    assert_eq!(drawn(&picture, BLACK), ["###"; 3]);
    let two = Markup {
        crop: None,
        marks: vec![stroke(MOST_POINTS), stroke(1)],
    };
    assert_eq!(
        flatten(&white(3, 3), &two),
        Err(Refusal::TooManyMarks {
            marks: 2,
            points: MOST_POINTS as u64 + 1
        })
    );
}

#[test]
fn one_pixel_is_enough() {
    let picture = flatten(&white(1, 1), &only(redact(0.3, 0.3, 0.1, 0.1))).unwrap();
    assert_eq!(rgba(&picture.bytes), (1, 1, vec![[0, 0, 0, 255]]));
    let picture = flatten(&white(1, 1), &crop(0.4, 0.4, 0.2, 0.2)).unwrap();
    assert_eq!(rgba(&picture.bytes), (1, 1, vec![[255; 4]]));
}

/// Stored pictures are clean; one that is not leaves clean all the same, and the marks are where the user saw them.
#[test]
fn a_picture_that_was_not_cleaned_is_flattened_upright_and_clean() {
    for (name, bytes) in fixtures() {
        let picture = flatten(&bytes, &only(redact(0.0, 0.0, 5.0, 4.0))).unwrap();
        assert!(!contains(&picture.bytes, b"SECRET"), "{name}");
        assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"], "{name}");
        let stored = flatten(&accept(&bytes).bytes, &only(redact(0.0, 0.0, 5.0, 4.0))).unwrap();
        assert_eq!(rgba(&picture.bytes), rgba(&stored.bytes), "{name}");
    }
    let trailing = [numbered(9, 9), b"SECRET".to_vec()].concat();
    let picture = flatten(&trailing, &Markup::default()).unwrap();
    assert_eq!(picture, take_in(&trailing).unwrap());
    assert_eq!(flatten(b"words", &Markup::default()), take_in(b"words"));
}

#[test]
fn another_format_becomes_a_png_and_that_is_said() {
    for (name, from) in [
        ("animated.gif", SourceFormat::Gif),
        ("lossless.webp", SourceFormat::Webp),
        ("gray.jpg", SourceFormat::Jpeg),
    ] {
        let picture = flatten(&accept(&fixture(name)).bytes, &only(redact(0.0, 0.0, 2.0, 2.0))).unwrap();
        assert_eq!(
            (picture.format, picture.findings),
            (Format::Png, vec![Finding::Converted { from }]),
            "{name}"
        );
    }
}

#[test]
fn a_high_dynamic_range_is_taken_for_srgb_and_that_is_said() {
    let file = with_chunk(&numbered(9, 9), b"cICP", &[9, 16, 0, 1]);
    let stored = accept(&file);
    assert!(contains(&stored.bytes, b"cICP"), "it is kept while nothing is drawn");
    let picture = flatten(&stored.bytes, &only(redact(0.0, 0.0, 2.0, 2.0))).unwrap();
    assert_eq!(picture.findings, [Finding::ColorsGuessed]);
    assert_eq!(png_kinds(&picture.bytes), ["IHDR", "IDAT", "IEND"]);
}

/// A JPEG too large for a lossless copy stays one: near everywhere, and the redaction is solid.
#[test]
fn a_large_jpeg_stays_a_jpeg() {
    let (width, height) = (2400u32, 1500u32);
    let samples: Vec<u8> = (0..width * height)
        .flat_map(|index| [(index / 9000) as u8, 120, 200])
        .collect();
    let mut file = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 95)
        .encode(&samples, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    let stored = accept(&file);
    let picture = flatten(&stored.bytes, &only(redact(800.0, 400.0, 160.0, 80.0))).unwrap();
    assert_eq!((picture.format, picture.findings.len()), (Format::Jpeg, 0));
    let (before, after) = (rgba(&stored.bytes).2, rgba(&accept(&picture.bytes).bytes).2);
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        let (x, y) = (index as u32 % width, index as u32 / width);
        let expected = if (800..960).contains(&x) && (400..480).contains(&y) {
            &[0, 0, 0, 255]
        } else {
            before
        };
        let near = after
            .iter()
            .zip(expected)
            .all(|(one, other)| one.abs_diff(*other) <= 12);
        assert!(near, "{after:?} at {x}, {y} is far from {expected:?}");
    }
}
