//! Words as outlines, numbers on pins, and emoji: what is shaped, and what of it is drawn.
//!
//! Letters that Inter has are held against exact numbers. Arabic, Chinese and emoji come from the fonts of Debian that
//! the tests ask for (`cargo xtask test` installs them), and are held against what is true of every such font.

use sendoff_shots::{
    Color, MOST_CHARACTERS, MOST_FOREIGN, Mark, Markup, PathStep, Point, Rect, Refusal, TextShape, emoji, flatten,
    flatten_pixels, shape,
};

use crate::anatomy::rgba;
use crate::flattening::{BLACK, RED, only, redact, white};

pub(crate) fn text(x: f64, y: f64, size: f64, text: &str) -> Mark {
    Mark::Text {
        at: Point { x, y },
        text: text.to_owned(),
        size,
        color: RED,
    }
}

pub(crate) fn pin(x: f64, y: f64, size: f64, number: u32) -> Mark {
    Mark::Pin {
        at: Point { x, y },
        number,
        size,
        color: RED,
    }
}

fn shaped(text: &str) -> TextShape {
    shape(text, false).unwrap()
}

fn pieces(shape: &TextShape) -> usize {
    shape
        .outline
        .iter()
        .filter(|step| matches!(step, PathStep::Close))
        .count()
}

/// Left, top, right and bottom of an outline, handles included.
fn sides(outline: &[PathStep]) -> Option<[f64; 4]> {
    let points = outline.iter().flat_map(|step| match *step {
        PathStep::Move { to } | PathStep::Line { to } => vec![to],
        PathStep::Cubic { first, second, to } => vec![first, second, to],
        PathStep::Close => Vec::new(),
    });
    points.map(|at| [at.x, at.y, at.x, at.y]).reduce(|one, other| {
        [
            one[0].min(other[0]),
            one[1].min(other[1]),
            one[2].max(other[2]),
            one[3].max(other[3]),
        ]
    })
}

#[test]
fn a_capital_of_inter_is_its_own_outline_exactly() {
    // In units of the font, 2,048 to the em: the stem, and the line's top 2,025 above the baseline.
    let to = |x: f64, y: f64| Point {
        x: x / 2048.0,
        y: (2025.0 - y) / 2048.0,
    };
    assert_eq!(
        shaped("I"),
        TextShape {
            outline: vec![
                PathStep::Move { to: to(393.0, 1490.0) },
                PathStep::Line { to: to(393.0, 0.0) },
                PathStep::Line { to: to(165.0, 0.0) },
                PathStep::Line { to: to(165.0, 1490.0) },
                PathStep::Close,
            ],
            emoji: Vec::new(),
            width: 558.0 / 2048.0,
            height: 1.25,
        }
    );
}

#[test]
fn lines_stand_one_and_a_quarter_apart_and_begin_at_the_left() {
    let one = shaped("I");
    let three = shaped("I\n\r\nI");
    let lower: Vec<PathStep> = one
        .outline
        .iter()
        .map(|step| {
            let down = |at: Point| Point { x: at.x, y: at.y + 2.5 };
            match *step {
                PathStep::Move { to } => PathStep::Move { to: down(to) },
                PathStep::Line { to } => PathStep::Line { to: down(to) },
                PathStep::Cubic { first, second, to } => PathStep::Cubic {
                    first: down(first),
                    second: down(second),
                    to: down(to),
                },
                PathStep::Close => PathStep::Close,
            }
        })
        .collect();
    assert_eq!(
        three,
        TextShape {
            outline: [one.outline, lower].concat(),
            emoji: Vec::new(),
            width: one.width,
            height: 3.75,
        }
    );
    let empty = TextShape {
        outline: Vec::new(),
        emoji: Vec::new(),
        width: 0.0,
        height: 1.25,
    };
    assert_eq!(shaped(""), empty, "a line without letters is a line");
    assert_eq!(
        shaped("a\u{2028}b\u{85}c\u{7}d"),
        shaped("a b c d"),
        "nothing else begins a line"
    );
}

#[test]
fn every_piece_of_an_outline_begins_and_ends() {
    for words in [
        "Make it 2× wider — “please”",
        "مرحبا بالعالم",
        "按钮太小了",
        "\u{10fffe}",
    ] {
        let mut open = false;
        for step in shaped(words).outline {
            match step {
                PathStep::Move { .. } => assert!(!std::mem::replace(&mut open, true), "{words}"),
                PathStep::Close => assert!(std::mem::replace(&mut open, false), "{words}"),
                PathStep::Line { .. } | PathStep::Cubic { .. } => assert!(open, "{words}"),
            }
        }
        assert!(!open, "{words}");
    }
}

#[test]
fn letters_are_kerned_and_bold_ones_are_wider() {
    assert!(shaped("AV").width < shaped("A").width + shaped("V").width - 0.02);
    assert!(shape("Wide", true).unwrap().width > shaped("Wide").width);
}

#[test]
fn arabic_is_joined_and_runs_to_the_left() {
    let [alone, joined] = [shaped("ب"), shaped("ببب")];
    assert!(pieces(&alone) > 0);
    assert!(
        joined.width < 2.5 * alone.width,
        "letters change their form where they meet: {} and {}",
        alone.width,
        joined.width
    );
    // "alef, space, beh": the beh is read last, so it stands at the left.
    let [alef, both] = [shaped("ا"), shaped("ا ب")];
    let beh = sides(&alone.outline).unwrap();
    let first = &both.outline[..alone.outline.len()];
    assert_eq!(
        sides(first).map(|sides| sides[0]),
        Some(beh[0]),
        "the beh begins the line"
    );
    assert!(alef.width < both.width);
    // Digits in it keep their order, and Latin words too.
    let mixed = shaped("ا 12 ok");
    assert_eq!(mixed.emoji, []);
    assert!(mixed.width > shaped("12 ok").width);
}

#[test]
fn chinese_has_its_own_letters() {
    let [one, two] = [shaped("按"), shaped("按钮")];
    assert!(one.width > 0.8 && (two.width - 2.0 * one.width).abs() < 0.01);
    assert!(pieces(&one) > 2, "no box stands in its place: {}", pieces(&one));
}

#[test]
fn a_letter_that_no_font_has_is_a_box() {
    let shape = shaped("\u{10fffe}");
    assert_eq!((pieces(&shape), shape.outline.len()), (2, 10));
    assert_eq!(shaped("\u{200d}\u{fe0f}").outline, [], "signs without a form have none");
}

/// Letters that are looked for one by one are boxes of the same form, among others that are there.
#[test]
fn ideographs_that_no_font_has_are_boxes_beside_those_that_are_there() {
    let nowhere = '\u{3fffd}';
    let [alone, between] = [nowhere.to_string(), format!("按{nowhere}按")].map(|words| shaped(&words));
    assert_eq!((pieces(&alone), alone.outline.len()), (2, 10));
    assert_eq!(alone, shaped("\u{10fffe}"), "as any other");
    let there = shaped("按");
    assert_eq!(between.outline.len(), 2 * there.outline.len() + alone.outline.len());
    assert!(
        (between.width - 2.0 * there.width - alone.width).abs() < 0.01,
        "each keeps its width"
    );
}

#[test]
fn emoji_are_pictures_with_names() {
    let shape = shaped("ok 😀👩\u{200d}💻🇩🇪");
    let names: Vec<&str> = shape.emoji.iter().map(|emoji| emoji.name.as_str()).collect();
    assert_eq!(names, ["1f600", "1f469-200d-1f4bb", "1f1e9-1f1ea"]);
    assert_eq!(shape.outline, shaped("ok ").outline, "they are no letters");
    for emoji in &shape.emoji {
        let Rect { x, y, width, height } = emoji.area;
        assert!(
            width > 0.8 && height > 0.8 && x > 1.0 && y > -0.3 && y + height < 1.6,
            "{emoji:?}"
        );
    }
    let kinds = |words: &str| (shaped(words).emoji.len(), pieces(&shaped(words)) > 0);
    assert_eq!(kinds("❤"), (0, true), "a letter as long as nothing says otherwise");
    assert_eq!(kinds("❤\u{fe0f}"), (1, false));
    assert_eq!(kinds("☕"), (1, false));
    assert_eq!(kinds("1\u{fe0f}\u{20e3}"), (1, false));
    assert_eq!(kinds("👍🏽"), (1, false));
    assert_eq!(kinds("12"), (0, true));
}

#[test]
fn the_picture_of_an_emoji_is_made_from_its_name() {
    let (width, height, pixels) = rgba(&emoji("1f600").unwrap());
    assert!(width.min(height) > 100);
    assert_eq!(pixels[0], [0, 0, 0, 0], "the corner shows what is below");
    let [red, green, blue, alpha] = pixels[(height / 2 * width + width / 2) as usize];
    assert!(alpha == 255 && red > 200 && green > 150 && blue < 140, "a yellow face");
    for none in [
        "",
        "61",
        "zz",
        "1f600.1",
        "1f600-",
        "110000",
        "0",
        "1f600.x",
        "../1f600",
        &"1f600-".repeat(50),
    ] {
        assert_eq!(emoji(none), None, "{none:?}");
    }
}

#[test]
fn words_are_drawn_where_their_outline_is() {
    let picture = flatten(&white(40, 30), &only(text(4.0, 2.0, 20.0, "I"))).unwrap();
    let [left, top, right, bottom] = sides(&shaped("I").outline).unwrap().map(|side| 20.0 * side);
    let (width, _, pixels) = rgba(&picture.bytes);
    for (index, pixel) in pixels.iter().enumerate() {
        let (x, y) = (index as u32 % width, index as u32 / width);
        let covered = |pixel: u32, from: f64, to: f64| {
            (to.min(f64::from(pixel) + 1.0) - from.max(f64::from(pixel))).clamp(0.0, 1.0)
        };
        let share = covered(x, left + 4.0, right + 4.0) * covered(y, top + 2.0, bottom + 2.0);
        let expected = [250.0, 20.0, 40.0].map(|color: f64| 255.0 + share * (color - 255.0));
        for (sample, expected) in pixel.iter().zip(expected) {
            assert!((f64::from(*sample) - expected).abs() < 40.0, "{pixel:?} at {x}, {y}");
        }
    }
}

#[test]
fn emoji_are_drawn_scaled_and_leave_the_rest_alone() {
    for size in [1.5, 12.0, 60.0, 400.0] {
        // The middle of the face is at the middle of the picture.
        let area = shaped("😀").emoji[0].area;
        let corner = |start: f64, length: f64| 32.3 - size * (start + length / 2.0);
        let (x, y) = (corner(area.x, area.width), corner(area.y, area.height));
        let mark = text(x, y, size, "😀");
        let [left, top] = [x + size * area.x, y + size * area.y];
        let [right, bottom] = [left + size * area.width, top + size * area.height];
        let (_, _, pixels) = flatten_pixels(64, 64, vec![255; 64 * 64 * 4], &only(mark)).unwrap();
        let mut yellow = 0;
        for (index, pixel) in pixels.chunks(4).enumerate() {
            let (x, y) = ((index % 64) as f64, (index / 64) as f64);
            let outside = x + 1.0 <= left || x >= right || y + 1.0 <= top || y >= bottom;
            assert!(!outside || pixel == [255; 4], "{pixel:?} at {x}, {y} of size {size}");
            yellow += usize::from(pixel[0] > 200 && pixel[2] < 150);
        }
        let inside = (right.min(64.0) - left.max(0.0)) * (bottom.min(64.0) - top.max(0.0));
        assert!(
            size < 2.0 || yellow as f64 > 0.3 * inside,
            "{yellow} of {inside} at {size}"
        );
    }
}

#[test]
fn a_number_stands_in_the_middle_of_its_disc() {
    for (number, share) in [(1, 0.6), (7, 0.6), (42, 0.6), (100, 0.45), (4_294_967_295, 0.45)] {
        let size = 160.0;
        let (_, _, pixels) = flatten_pixels(
            480,
            480,
            vec![255; 480 * 480 * 4],
            &only(pin(240.0, 240.0, size, number)),
        )
        .unwrap();
        let shape = shape(&number.to_string(), true).unwrap();
        let [left, top, right, bottom] = sides(&shape.outline).unwrap();
        let (half_width, half_height) = ((right - left) / 2.0 * share * size, (bottom - top) / 2.0 * share * size);
        let inked: Vec<(f64, f64)> = pixels
            .chunks(4)
            .enumerate()
            .map(|(index, pixel)| {
                (
                    (index % 480) as f64 + 0.5 - 240.0,
                    (index / 480) as f64 + 0.5 - 240.0,
                    pixel,
                )
            })
            .filter(|(x, y, pixel)| x.hypot(*y) < size / 2.0 - 2.0 && pixel[1] > 150)
            .map(|(x, y, _)| (x, y))
            .collect();
        let reach = |of: fn(&(f64, f64)) -> f64| {
            let all = || inked.iter().map(of);
            (all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max))
        };
        let (wide, high) = (reach(|at| at.0), reach(|at| at.1));
        assert!(
            (high.1 - high.0 - 2.0 * half_height).abs() < 2.5,
            "{number}: {high:?}, {half_height}"
        );
        assert!((high.0 + high.1).abs() < 1.5, "{number}: {high:?}");
        if half_width < size / 2.0 - 4.0 {
            assert!((wide.0 + wide.1).abs() < 1.5, "{number}: {wide:?}");
            assert!(
                (wide.1 - wide.0 - 2.0 * half_width).abs() < 2.5,
                "{number}: {wide:?}, {half_width}"
            );
        }
    }
}

/// The color of the number is told by the relative luminance of the disc; 0.4 lies between grays 168 and 170.
#[test]
fn the_number_is_white_or_nearly_black() {
    for (disc, ink) in [
        ([250, 20, 40], [255, 255, 255]),
        ([255, 220, 0], [27, 27, 31]),
        ([0, 0, 0], [255, 255, 255]),
        ([255, 255, 255], [27, 27, 31]),
        ([168, 168, 168], [255, 255, 255]),
        ([170, 170, 170], [27, 27, 31]),
    ] {
        let [red, green, blue] = disc;
        let color = Color { red, green, blue };
        let mark = Mark::Pin {
            at: Point { x: 50.0, y: 50.0 },
            number: 1,
            size: 100.0,
            color,
        };
        let (_, _, pixels) = flatten_pixels(100, 100, vec![9; 100 * 100 * 4], &only(mark)).unwrap();
        // The middle of a bold 1 is its stem.
        let middle = (55..60)
            .map(|x| &pixels[(50 * 100 + x - 4) * 4..][..3])
            .any(|pixel| pixel == ink);
        assert!(middle, "{disc:?}");
        assert_eq!(&pixels[(50 * 100 + 8) * 4..][..3], disc);
    }
}

#[test]
fn odd_words_draw_nothing_and_fail_nowhere() {
    let far = f64::MAX;
    let marks = vec![
        text(3.0, 3.0, 20.0, ""),
        text(3.0, 3.0, 0.0, "no size"),
        text(far, 3.0, 20.0, "far 😀"),
        text(3.0, -far, 20.0, "far"),
        text(-5e5, 3.0, 20.0, &"very long ".repeat(500)),
        text(3.0, 3.0, 20.0, "\n\n \t \n"),
        pin(3.0, 3.0, 0.0, 1),
        pin(-40.0, 3.0, 20.0, 1),
        pin(far, far, far, u32::MAX),
    ];
    let picture = flatten(&white(8, 8), &Markup { crop: None, marks }).unwrap();
    assert!(rgba(&picture.bytes).2.iter().all(|pixel| *pixel == [255; 4]));
    let huge = flatten(&white(8, 8), &only(text(-4e5, -4e5, far, "😀I"))).unwrap();
    assert_eq!((huge.width, huge.height), (8, 8));
    let one = flatten(&white(1, 1), &only(pin(0.5, 0.5, 9.0, 12))).unwrap();
    assert_eq!((one.width, one.height), (1, 1));
    for size in [f64::NAN, f64::INFINITY, -1.0] {
        for mark in [
            text(1.0, 1.0, size, "a"),
            pin(1.0, 1.0, size, 1),
            pin(f64::NAN, 1.0, 9.0, 1),
        ] {
            assert_eq!(flatten(&white(2, 2), &only(mark)), Err(Refusal::MarksUnreadable));
        }
    }
}

#[test]
fn too_many_words_are_refused_before_they_are_shaped() {
    let half = "x".repeat(MOST_CHARACTERS / 2);
    let two = |more: &str| Markup {
        crop: None,
        marks: vec![
            text(0.0, 0.0, 1.0, &half),
            text(0.0, 0.0, 1.0, &format!("{half}{more}")),
        ],
    };
    assert_eq!(two("").check(), Ok(()));
    let refused = Refusal::TooMuchText {
        characters: MOST_CHARACTERS as u64 + 1,
        limit: MOST_CHARACTERS as u64,
    };
    assert_eq!(two("é").check(), Err(refused.clone()), "letters are counted, not bytes");
    assert_eq!(flatten(&white(2, 2), &two("é")), Err(refused.clone()));
    assert_eq!(shape(&format!("{half}{half}é"), false), Err(refused));
}

/// Letters that are looked for in the system's fonts take long, so there may be fewer; a picture is answered in about a
/// second.
#[test]
fn too_many_letters_that_inter_has_not_are_refused_before_they_are_shaped() {
    let letters = |count: u32| (0x4e00..0x4e00 + count).filter_map(char::from_u32).collect::<String>();
    let refused = |characters| {
        Err(Refusal::TooMuchText {
            characters,
            limit: MOST_FOREIGN as u64,
        })
    };
    assert_eq!(shape(&letters(10_000), false).map(|_| ()), refused(10_000));
    let most = letters(MOST_FOREIGN as u32);
    let marks = |more: &str| Markup {
        crop: None,
        marks: vec![text(0.0, 0.0, 1.0, &most), text(0.0, 0.0, 1.0, more)],
    };
    assert_eq!(marks("and what Inter has: é, ×").check(), Ok(()));
    assert_eq!(
        marks("钮").check(),
        refused(MOST_FOREIGN as u64 + 1),
        "all words of a picture count together"
    );
}

/// What is written on a redaction shows the fill and the words, whatever was below.
#[test]
fn words_over_a_redaction_show_nothing_of_the_picture() {
    let marks = || {
        vec![
            redact(0.0, 0.0, 99.0, 99.0),
            text(2.0, 2.0, 14.0, "ok 😀"),
            pin(20.0, 30.0, 18.0, 3),
        ]
    };
    let drawn = |samples: u8| {
        let below = (0..60 * 60 * 4)
            .map(|at: usize| (at as u8).wrapping_mul(samples))
            .collect();
        flatten_pixels(
            60,
            60,
            below,
            &Markup {
                crop: None,
                marks: marks(),
            },
        )
        .unwrap()
    };
    assert_eq!(drawn(1), drawn(77));
    assert_ne!(drawn(1).2, [[0, 0, 0, 255]; 60 * 60].concat(), "they are drawn");
    assert_eq!(BLACK.red, 0);
}

/// A pin whose spot was cut away is neither drawn nor an error, and one that is cut through is drawn as far as it is left.
#[test]
fn a_pin_on_a_spot_that_was_cropped_away_draws_nothing() {
    let crop = Some(Rect {
        x: 0.0,
        y: 0.0,
        width: 30.0,
        height: 30.0,
    });
    let cropped = |marks| flatten(&white(60, 60), &Markup { crop, marks }).unwrap();
    let plain = cropped(Vec::new());
    assert_eq!(
        cropped(vec![pin(45.0, 45.0, 20.0, 1)]),
        plain,
        "all of its disc is outside"
    );
    let cut = cropped(vec![pin(30.0, 15.0, 20.0, 1)]);
    let whole = flatten(&white(60, 60), &only(pin(30.0, 15.0, 20.0, 1))).unwrap();
    let (_, _, whole) = rgba(&whole.bytes);
    let left: Vec<_> = (0..30).flat_map(|y| whole[y * 60..y * 60 + 30].to_vec()).collect();
    assert_eq!(rgba(&cut.bytes), (30, 30, left), "as much as is left of it");
}
