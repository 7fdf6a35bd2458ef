//! The geometry of marks: known outlines, and coverage held against the definition of each shape.

use proptest::prelude::*;
use sendoff_shots::{Color, Emoji, Mark, Markup, PathStep, Point, Rect, TextShape, flatten_pixels};

use crate::flattening::{BLACK, RED, rect};

/// The sides of everything that a mark reaches, handles included: its outline, its letters and its emoji.
pub(crate) fn sides(mark: &Mark) -> Option<[f64; 4]> {
    let points: Vec<Point> = mark
        .outline()
        .iter()
        .flat_map(ends)
        .chain(reach_of_words(mark))
        .collect();
    let fold = |of: fn(&Point) -> f64, pick: fn(f64, f64) -> f64| points.iter().map(of).reduce(pick);
    Some([
        fold(|point| point.x, f64::min)?,
        fold(|point| point.y, f64::min)?,
        fold(|point| point.x, f64::max)?,
        fold(|point| point.y, f64::max)?,
    ])
}

fn ends(step: &PathStep) -> Vec<Point> {
    match *step {
        PathStep::Move { to } | PathStep::Line { to } => vec![to],
        PathStep::Cubic { first, second, to } => vec![first, second, to],
        PathStep::Close => Vec::new(),
    }
}

fn reach_of_words(mark: &Mark) -> Vec<Point> {
    let placed = |shape: TextShape, at: Point, size: f64| {
        let corners = shape.emoji.into_iter().flat_map(|Emoji { area, .. }| {
            [
                Point { x: area.x, y: area.y },
                Point {
                    x: area.x + area.width,
                    y: area.y + area.height,
                },
            ]
        });
        let points = shape.outline.iter().flat_map(ends).chain(corners);
        points
            .map(|point| Point {
                x: at.x + size * point.x,
                y: at.y + size * point.y,
            })
            .collect()
    };
    // Marks that far away are drawn at the edge of what can be drawn, and never near a picture.
    let bounded = |at: Point| Point {
        x: at.x.clamp(-1e6, 1e6),
        y: at.y.clamp(-1e6, 1e6),
    };
    match mark {
        Mark::Text { at, text, size, .. } => placed(sendoff_shots::shape(text, false).unwrap(), bounded(*at), *size),
        Mark::Pin { at, number, size, .. } => {
            // A long number reaches over its disc, by its own width at most.
            let label = sendoff_shots::shape(&number.to_string(), true).unwrap();
            let (half, at) = (label.width.max(label.height) * size, bounded(*at));
            vec![
                Point {
                    x: at.x - half,
                    y: at.y - half,
                },
                Point {
                    x: at.x + half,
                    y: at.y + half,
                },
            ]
        }
        _ => Vec::new(),
    }
}

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// As the `d` of an SVG path, rounded to thousandths.
fn described(mark: &Mark) -> String {
    let number = |value: f64| {
        let rounded = (value * 1000.0).round() / 1000.0 + 0.0;
        format!("{rounded}")
    };
    let place = |point: &Point| format!("{} {}", number(point.x), number(point.y));
    let steps: Vec<String> = mark
        .outline()
        .iter()
        .map(|step| match step {
            PathStep::Move { to } => format!("M {}", place(to)),
            PathStep::Line { to } => format!("L {}", place(to)),
            PathStep::Cubic { first, second, to } => format!("C {}, {}, {}", place(first), place(second), place(to)),
            PathStep::Close => "Z".to_owned(),
        })
        .collect();
    steps.join(" ")
}

#[test]
fn a_line_is_a_capsule() {
    let line = |from, to| Mark::Line {
        from,
        to,
        color: RED,
        width: 4.0,
    };
    assert_eq!(
        described(&line(at(10.0, 10.0), at(20.0, 10.0))),
        "M 10 12 L 20 12 C 21.105 12, 22 11.105, 22 10 C 22 8.895, 21.105 8, 20 8 \
         L 10 8 C 8.895 8, 8 8.895, 8 10 C 8 11.105, 8.895 12, 10 12 Z"
    );
    assert_eq!(
        described(&line(at(5.0, 5.0), at(5.0, 5.0))),
        "M 5 7 L 5 7 C 6.105 7, 7 6.105, 7 5 C 7 3.895, 6.105 3, 5 3 \
         L 5 3 C 3.895 3, 3 3.895, 3 5 C 3 6.105, 3.895 7, 5 7 Z",
        "without length it is a disc"
    );
}

#[test]
fn strokes_are_the_capsules_between_points_that_differ() {
    let (a, b, c) = (at(1.0, 1.0), at(9.0, 3.0), at(4.0, 8.0));
    let line = |from, to| {
        described(&Mark::Line {
            from,
            to,
            color: RED,
            width: 3.0,
        })
    };
    let stroke = |points: &[Point]| Mark::Freehand {
        points: points.to_vec(),
        color: RED,
        width: 3.0,
    };
    assert_eq!(
        described(&stroke(&[a, a, b, c, c])),
        format!("{} {}", line(a, b), line(b, c))
    );
    assert_eq!(described(&stroke(&[a, a])), line(a, a), "a tap is a dot");
    assert_eq!(stroke(&[]).outline(), []);
    let highlighter = Mark::Highlighter {
        points: vec![a, b],
        color: RED,
        width: 3.0,
    };
    assert_eq!(highlighter.outline(), stroke(&[a, b]).outline());
}

#[test]
fn an_arrow_ends_in_its_tip() {
    let arrow = |to| Mark::Arrow {
        from: at(0.0, 0.0),
        to,
        color: RED,
        width: 4.0,
    };
    assert_eq!(
        described(&arrow(at(100.0, 0.0))),
        "M 0 2 L 82 2 L 82 9 L 100 0 L 82 -9 L 82 -2 L 0 -2 C -1.105 -2, -2 -1.105, -2 0 C -2 1.105, -1.105 2, 0 2 Z"
    );
    assert_eq!(
        described(&arrow(at(0.0, 12.0))),
        "M -1 0 L -1 3 L -4.5 3 L 0 12 L 4.5 3 L 1 3 L 1 0 C 1 -0.552, 0.552 -1, 0 -1 C -0.552 -1, -1 -0.552, -1 0 Z",
        "a short one is drawn smaller, with three quarters head"
    );
    assert_eq!(arrow(at(0.0, 0.0)).outline(), []);
}

#[test]
fn a_box_has_round_corners_outside_and_sharp_ones_inside() {
    let frame = |area, width| {
        described(&Mark::Box {
            area,
            color: RED,
            width,
        })
    };
    assert_eq!(
        frame(rect(30.0, 20.0, -20.0, -10.0), 2.0),
        "M 10 21 L 30 21 C 30.552 21, 31 20.552, 31 20 L 31 10 C 31 9.448, 30.552 9, 30 9 \
         L 10 9 C 9.448 9, 9 9.448, 9 10 L 9 20 C 9 20.552, 9.448 21, 10 21 Z M 11 19 L 11 11 L 29 11 L 29 19 Z"
    );
    assert_eq!(
        frame(rect(0.0, 0.0, 20.0, 2.0), 2.0),
        "M 0 3 L 20 3 C 20.552 3, 21 2.552, 21 2 L 21 0 C 21 -0.552, 20.552 -1, 20 -1 \
         L 0 -1 C -0.552 -1, -1 -0.552, -1 0 L -1 2 C -1 2.552, -0.552 3, 0 3 Z",
        "nothing is left inside"
    );
}

#[test]
fn an_ellipse_is_eight_quarters() {
    let ring = |area, width| {
        described(&Mark::Ellipse {
            area,
            color: RED,
            width,
        })
    };
    assert_eq!(
        ring(rect(0.0, 0.0, 20.0, 10.0), 2.0),
        "M 10 11 C 16.075 11, 21 8.314, 21 5 C 21 1.686, 16.075 -1, 10 -1 \
         C 3.925 -1, -1 1.686, -1 5 C -1 8.314, 3.925 11, 10 11 Z \
         M 10 9 C 5.029 9, 1 7.209, 1 5 C 1 2.791, 5.029 1, 10 1 C 14.971 1, 19 2.791, 19 5 C 19 7.209, 14.971 9, 10 9 Z"
    );
    assert_eq!(
        ring(rect(4.0, 4.0, 0.0, 0.0), 2.0),
        "M 4 5 C 4.552 5, 5 4.552, 5 4 C 5 3.448, 4.552 3, 4 3 C 3.448 3, 3 3.448, 3 4 C 3 4.552, 3.448 5, 4 5 Z",
        "one without size is a disc"
    );
}

#[test]
fn a_redaction_is_whole_pixels() {
    let outline = |area| described(&Mark::Redact { area, color: BLACK });
    assert_eq!(outline(rect(1.9, 3.0, 2.2, 0.5)), "M 1 4 L 5 4 L 5 3 L 1 3 Z");
    assert_eq!(outline(rect(2.0, 3.0, 0.0, 5.0)), "", "it touches no pixel");
}

#[test]
fn marks_are_data() {
    let markup = Markup {
        crop: Some(rect(1.0, 2.0, 3.0, 4.0)),
        marks: vec![
            Mark::Freehand {
                points: vec![at(0.5, 1.0)],
                color: RED,
                width: 3.0,
            },
            Mark::Redact {
                area: rect(0.0, 0.0, 1.0, 1.0),
                color: BLACK,
            },
        ],
    };
    let json = serde_json::to_string(&markup).unwrap();
    assert_eq!(
        json,
        r#"{"crop":{"x":1.0,"y":2.0,"width":3.0,"height":4.0},"marks":[{"kind":"freehand","points":[{"x":0.5,"y":1.0}],"color":{"red":250,"green":20,"blue":40},"width":3.0},{"kind":"redact","area":{"x":0.0,"y":0.0,"width":1.0,"height":1.0},"color":{"red":0,"green":0,"blue":0}}]}"#
    );
    assert_eq!(serde_json::from_str::<Markup>(&json).unwrap(), markup);
}

const EDGE: u32 = 32;

fn distance_to_segment(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let squared = dx * dx + dy * dy;
    let along = if squared == 0.0 {
        0.0
    } else {
        (((point.x - from.x) * dx + (point.y - from.y) * dy) / squared).clamp(0.0, 1.0)
    };
    (point.x - from.x - along * dx).hypot(point.y - from.y - along * dy)
}

fn in_ellipse(point: Point, area: &Rect, grown: f64) -> bool {
    let (x_radius, y_radius) = (area.width / 2.0 + grown, area.height / 2.0 + grown);
    let (x, y) = (
        point.x - area.x - area.width / 2.0,
        point.y - area.y - area.height / 2.0,
    );
    x_radius > 0.0 && y_radius > 0.0 && (x / x_radius).powi(2) + (y / y_radius).powi(2) < 1.0
}

/// Whether a point belongs to a mark, by what the shape is and not by its outline.
fn belongs(mark: &Mark, point: Point) -> bool {
    match mark {
        Mark::Line { from, to, width, .. } => distance_to_segment(point, *from, *to) < width / 2.0,
        Mark::Freehand { points, width, .. } | Mark::Highlighter { points, width, .. } => points
            .windows(2)
            .any(|pair| distance_to_segment(point, pair[0], pair[1]) < width / 2.0),
        Mark::Box { area, width, .. } => {
            let [left, top] = [area.x, area.y];
            let [right, bottom] = [left + area.width, top + area.height];
            let corners = [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
            (0..4).any(|side| distance_to_segment(point, corners[side], corners[(side + 1) % 4]) < width / 2.0)
        }
        Mark::Ellipse { area, width, .. } => {
            in_ellipse(point, area, width / 2.0) && !in_ellipse(point, area, -width / 2.0)
        }
        Mark::Arrow { from, to, width, .. } => {
            let length = (to.x - from.x).hypot(to.y - from.y);
            let head = (4.5 * width).min(0.75 * length);
            let (ux, uy) = ((to.x - from.x) / length, (to.y - from.y) / length);
            let before_tip = (to.x - point.x) * ux + (to.y - point.y) * uy;
            let aside = ((point.x - to.x) * uy - (point.y - to.y) * ux).abs();
            let in_head = before_tip <= head && aside < before_tip / 2.0;
            let shaft = head / 9.0;
            in_head
                || (before_tip >= head && aside < shaft && before_tip <= length)
                || (before_tip > length && (point.x - from.x).hypot(point.y - from.y) < shaft)
        }
        Mark::Pin { at, size, .. } => (point.x - at.x).hypot(point.y - at.y) < size / 2.0,
        Mark::Text { .. } | Mark::Redact { .. } => unreachable!("these are held against their own rules"),
    }
}

fn shape() -> impl Strategy<Value = Mark> {
    let point = || (-6.0..38.0, -6.0..38.0).prop_map(|(x, y)| at(x, y));
    let area =
        || (-6.0..30.0, -6.0..30.0, 0.0..24.0, 0.0..24.0).prop_map(|(x, y, width, height)| rect(x, y, width, height));
    let (color, width) = (BLACK, || 1.0..9.0);
    prop_oneof![
        (point(), point(), width()).prop_map(move |(from, to, width)| Mark::Arrow { from, to, color, width }),
        (point(), point(), width()).prop_map(move |(from, to, width)| Mark::Line { from, to, color, width }),
        (area(), width()).prop_map(move |(area, width)| Mark::Box { area, color, width }),
        (area(), width()).prop_map(move |(area, width)| Mark::Ellipse { area, color, width }),
        (prop::collection::vec(point(), 2..7), width()).prop_map(move |(points, width)| Mark::Freehand {
            points,
            color,
            width
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn coverage_is_what_the_shape_covers(mark in shape()) {
        // The rasterizer looks at four places a pixel each way, so an edge may be off by an eighth of a pixel.
        const STEPS: u32 = 16;
        let white = vec![255; (EDGE * EDGE * 4) as usize];
        let markup = Markup { crop: None, marks: vec![mark.clone()] };
        let (_, _, pixels) = flatten_pixels(EDGE, EDGE, white, &markup).unwrap();
        let mut far = 0.0;
        for (index, pixel) in pixels.chunks(4).enumerate() {
            let (x, y) = (index as u32 % EDGE, index as u32 / EDGE);
            let middle = |pixel: u32, step: u32| f64::from(pixel) + (f64::from(step) + 0.5) / f64::from(STEPS);
            let inside = (0..STEPS * STEPS)
                .filter(|step| belongs(&mark, at(middle(x, step % STEPS), middle(y, step / STEPS))))
                .count();
            let difference = (inside as f64 / f64::from(STEPS * STEPS) - f64::from(255 - pixel[0]) / 255.0).abs();
            prop_assert!(difference <= 0.3, "pixel {}, {} is off by {}", x, y, difference);
            far += difference;
        }
        prop_assert!(far / f64::from(EDGE * EDGE) <= 0.02, "{} pixels too much or too little", far);
    }
}

/// The color of a mark is what its pixels have, whatever the channels.
#[test]
fn colors_are_written_as_they_are() {
    let color = Color {
        red: 1,
        green: 128,
        blue: 254,
    };
    let mark = Mark::Line {
        from: at(0.0, 0.5),
        to: at(1.0, 0.5),
        color,
        width: 5.0,
    };
    let markup = Markup {
        crop: None,
        marks: vec![mark],
    };
    assert_eq!(
        flatten_pixels(1, 1, vec![9, 9, 9, 9], &markup),
        Ok((1, 1, vec![1, 128, 254, 255]))
    );
}
