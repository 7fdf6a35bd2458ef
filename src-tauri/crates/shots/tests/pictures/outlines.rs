//! The outlines of odd and plain marks, kept in a file that the page's tests read too, so that both draw the same.

use sendoff_shots::{Mark, PathStep, Point, Rect};
use serde::Serialize;

use crate::flattening::{BLACK, RED};

/// One entry of the file.
#[derive(Serialize)]
struct Outline {
    mark: Mark,
    steps: Vec<PathStep>,
}

fn marks() -> Vec<Mark> {
    let at = |x, y| Point { x, y };
    let areas = [
        (2.0, 3.0, 20.0, 10.0),
        (22.5, 13.25, -20.0, -10.0),
        (5.0, 5.0, 0.0, 0.0),
        (5.0, 5.0, 30.0, 1.0),
        (-1e9, -1e9, 2e9, 3e9),
        (0.9, 1.1, 0.2, 0.05),
    ];
    let ends = [
        (at(1.0, 2.0), at(31.0, 42.0)),
        (at(31.0, 2.0), at(1.5, 2.0)),
        (at(7.0, 7.0), at(7.0, 7.0)),
        (at(0.0, 0.0), at(0.0, -3.0)),
        (at(-1e12, 5.0), at(1e12, 6.0)),
    ];
    let strokes: [&[(f64, f64)]; 4] = [
        &[],
        &[(3.0, 4.0)],
        &[(3.0, 4.0), (3.0, 4.0), (9.0, 8.0), (9.0, -8.0)],
        &[(-2e9, 1.0), (2e9, 1.0)],
    ];
    let (color, width) = (RED, 4.0);
    let mut marks = Vec::new();
    for (x, y, wide, high) in areas {
        let area = Rect {
            x,
            y,
            width: wide,
            height: high,
        };
        marks.push(Mark::Box { area, color, width });
        marks.push(Mark::Ellipse { area, color, width });
        marks.push(Mark::Redact { area, color: BLACK });
    }
    for (from, to) in ends {
        marks.push(Mark::Arrow { from, to, color, width });
        marks.push(Mark::Line { from, to, color, width });
    }
    for points in strokes {
        let points: Vec<Point> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        marks.push(Mark::Freehand {
            points: points.clone(),
            color,
            width,
        });
        marks.push(Mark::Highlighter { points, color, width });
    }
    for (x, size) in [(10.0, 24.0), (-3e7, 24.0), (10.0, 0.0), (10.0, 1e9)] {
        marks.push(Mark::Pin {
            at: at(x, 12.5),
            number: 1,
            size,
            color,
        });
    }
    let (from, to) = ends[0];
    let width = 0.0;
    let area = Rect {
        x: 1.0,
        y: 1.0,
        width: 9.0,
        height: 9.0,
    };
    marks.extend([
        Mark::Arrow { from, to, color, width },
        Mark::Line { from, to, color, width },
        Mark::Box { area, color, width },
        Mark::Ellipse { area, color, width },
    ]);
    marks
}

/// `SENDOFF_FIXTURES=write` writes the file anew.
#[test]
fn the_outlines_that_the_page_holds_itself_against_are_these() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/outlines.json");
    let lines: Vec<String> = marks()
        .into_iter()
        .map(|mark| {
            let steps = mark.outline();
            serde_json::to_string(&Outline { mark, steps }).unwrap()
        })
        .collect();
    let outlines = format!("[\n{}\n]\n", lines.join(",\n"));
    if std::env::var("SENDOFF_FIXTURES").is_ok_and(|wish| wish == "write") {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &outlines).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == outlines,
        "SENDOFF_FIXTURES=write cargo nextest run -p sendoff-shots outlines"
    );
}
