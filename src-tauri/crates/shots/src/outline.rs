//! Where a mark draws: closed outlines, filled by the nonzero rule. Rust and the page draw these same paths.

use serde::{Deserialize, Serialize};

use crate::mark::{Mark, Point, Rect};

/// Four cubics with handles of this share of the radius make a circle, to 0.03 % of the radius: 4/3 · (√2 − 1).
const HANDLE: f64 = 0.552_284_749_830_793_6;
/// An arrow's head is this many stroke widths long, and half as wide to each side of the shaft's middle.
const HEAD_WIDTHS: f64 = 4.5;
/// An arrow's head takes at most this share of its length.
const MOST_HEAD: f64 = 0.75;
/// Coordinates and widths beyond this are taken as this: far outside of every picture, and still exact enough inside.
pub(crate) const FARTHEST: f64 = 1_000_000.0;

/// One command of an outline. Each closed piece begins with a move and ends with a close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum PathStep {
    /// Begins a piece.
    Move {
        /// Where.
        to: Point,
    },
    /// A straight line.
    Line {
        /// Its end.
        to: Point,
    },
    /// A cubic Bézier curve.
    Cubic {
        /// Handle of its start.
        first: Point,
        /// Handle of its end.
        second: Point,
        /// Its end.
        to: Point,
    },
    /// A straight line back to where the piece began.
    Close,
}

impl PathStep {
    /// Every point of it, handles included.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        let points = match *self {
            Self::Move { to } | Self::Line { to } => [Some(to), None, None],
            Self::Cubic { first, second, to } => [Some(first), Some(second), Some(to)],
            Self::Close => [None; 3],
        };
        points.into_iter().flatten()
    }

    /// Grown from `(0, 0)` by `scale`, then moved.
    pub(crate) fn placed(self, scale: f64, to: Point) -> Self {
        let place = |point: Point| Point {
            x: to.x + scale * point.x,
            y: to.y + scale * point.y,
        };
        match self {
            Self::Move { to } => Self::Move { to: place(to) },
            Self::Line { to } => Self::Line { to: place(to) },
            Self::Cubic { first, second, to } => Self::Cubic {
                first: place(first),
                second: place(second),
                to: place(to),
            },
            Self::Close => Self::Close,
        }
    }
}

impl Mark {
    /// The outline of what is drawn, in pixels of the whole picture; empty when nothing is.
    ///
    /// `s` is half the stroke width, and a *quarter* about `c` from direction `p` to direction `q` with radius `r` is
    /// the cubic from `c + r·p` to `c + r·q` with the handles `c + r·(p + k·q)` and `c + r·(q + k·p)`, where
    /// `k = 4/3 · (√2 − 1)`. Pieces run right along the bottom and left along the top; holes run the other way.
    ///
    /// * **Line**: a *capsule*. With `u` the direction from `from` to `to` (`(1, 0)` where they are the same point, so
    ///   that a line without length is a disc) and `n = (−u.y, u.x)`: move to `from + s·n`, line to `to + s·n`,
    ///   quarters about `to` from `n` to `u` and from `u` to `−n`, line to `from − s·n`, quarters about `from` from
    ///   `−n` to `−u` and from `−u` to `n`, close.
    /// * **Freehand** and **Highlighter**: a capsule for each two neighboring points that differ, in their order; one
    ///   disc at the first point when there are none.
    /// * **Arrow**: nothing when `from` and `to` are the same point. The head is `h = min(4.5·width, ¾·length)` long
    ///   and reaches `b = h/2` to each side; the shaft reaches `t = b/4.5`, which is `s` unless the arrow is short.
    ///   With `neck = to − h·u`: move to `from + t·n`, lines to `neck + t·n`, `neck + b·n`, `to`, `neck − b·n`,
    ///   `neck − t·n` and `from − t·n`, quarters about `from` from `−n` to `−u` and from `−u` to `n` with radius `t`,
    ///   close.
    /// * **Box**: outside, the rectangle grown by `s` with corners rounded by `s` (the round join): from
    ///   `(left, bottom + s)`, each side and then the quarter behind it, against the clock. Inside, the rectangle
    ///   shrunk by `s` with sharp corners, from its lower left one with the clock; left out when nothing is left of it.
    /// * **Ellipse**: outside, the ellipse with both radii grown by `s`, as four quarters (scaled per axis) from its
    ///   lowest point against the clock. Inside, both radii shrunk by `s`, from its lowest point with the clock; left
    ///   out when one is not above zero.
    /// * **Redact**: the rectangle moved outwards to whole pixels, as four lines from its lower left corner against
    ///   the clock. Nothing is smoothed. One that touches no pixel is empty.
    /// * **Pin**: its disc, as four quarters from its lowest point against the clock. The number on it is shaped
    ///   bold ([`crate::shape`]), at a font size of `0.6·size` for one or two digits and `0.45·size` for more, and
    ///   moved until the middle of the box around its outline (handles included) is the middle of the disc. It is
    ///   white, and `#1b1b1f` where the relative luminance (WCAG) of the disc is above 0.4.
    /// * **Text**: empty. Its shape is grown by `size` and moved to `at`.
    ///
    /// A stroke without width is empty.
    pub fn outline(&self) -> Vec<PathStep> {
        let mut path = PathBuilder(Vec::new());
        match self {
            Self::Line { from, to, width, .. } => path.capsule(from.bounded(), to.bounded(), half(*width)),
            Self::Freehand { points, width, .. } | Self::Highlighter { points, width, .. } => {
                path.stroke(points, half(*width));
            }
            Self::Arrow { from, to, width, .. } => path.arrow(from.bounded(), to.bounded(), width.min(FARTHEST)),
            Self::Box { area, width, .. } => path.frame(area.bounded_sides(), half(*width)),
            Self::Ellipse { area, width, .. } => path.ring(area.bounded_sides(), half(*width)),
            Self::Pin { at, size, .. } => path.disc(at.bounded(), half(*size)),
            Self::Text { .. } => {}
            Self::Redact { area, .. } => {
                let [left, top, right, bottom] = area.bounded_sides();
                let [left, top, right, bottom] = [left.floor(), top.floor(), right.ceil(), bottom.ceil()];
                if left < right && top < bottom {
                    path.polygon([(left, bottom), (right, bottom), (right, top), (left, top)]);
                }
            }
        }
        path.0
    }
}

fn half(width: f64) -> f64 {
    width.min(FARTHEST) / 2.0
}

impl Point {
    pub(crate) fn bounded(self) -> Vector {
        Vector(self.x.clamp(-FARTHEST, FARTHEST), self.y.clamp(-FARTHEST, FARTHEST))
    }
}

impl Rect {
    fn bounded_sides(self) -> [f64; 4] {
        self.sides().map(|side| side.clamp(-FARTHEST, FARTHEST))
    }
}

/// A place or a direction.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Vector(pub(crate) f64, pub(crate) f64);

impl Vector {
    const RIGHT: Self = Self(1.0, 0.0);
    const DOWN: Self = Self(0.0, 1.0);
    const LEFT: Self = Self(-1.0, 0.0);
    const UP: Self = Self(0.0, -1.0);

    fn plus(self, factor: f64, direction: Self) -> Self {
        Self(self.0 + factor * direction.0, self.1 + factor * direction.1)
    }

    /// A share of the way to another place.
    pub(crate) fn toward_by(self, other: Self, share: f64) -> Self {
        Self(self.0 + share * (other.0 - self.0), self.1 + share * (other.1 - self.1))
    }

    fn reversed(self) -> Self {
        Self(-self.0, -self.1)
    }

    /// A quarter turn from right to down.
    fn turned(self) -> Self {
        Self(-self.1, self.0)
    }

    /// Direction to another place, and how far it is; `None` for the same place.
    fn toward(self, other: Self) -> Option<(Self, f64)> {
        let (x, y) = (other.0 - self.0, other.1 - self.1);
        let length = x.hypot(y);
        (length > 0.0).then(|| (Self(x / length, y / length), length))
    }
}

impl From<Vector> for Point {
    fn from(Vector(x, y): Vector) -> Self {
        Self { x, y }
    }
}

pub(crate) struct PathBuilder(pub(crate) Vec<PathStep>);

impl PathBuilder {
    pub(crate) fn move_to(&mut self, to: Vector) {
        self.0.push(PathStep::Move { to: to.into() });
    }

    pub(crate) fn line_to(&mut self, to: Vector) {
        self.0.push(PathStep::Line { to: to.into() });
    }

    pub(crate) fn cubic(&mut self, first: Vector, second: Vector, to: Vector) {
        self.0.push(PathStep::Cubic {
            first: first.into(),
            second: second.into(),
            to: to.into(),
        });
    }

    pub(crate) fn close(&mut self) {
        self.0.push(PathStep::Close);
    }

    fn quarter(&mut self, center: Vector, from: Vector, to: Vector, radius: f64) {
        self.elliptic_quarter(center, from, to, (radius, radius));
    }

    fn elliptic_quarter(&mut self, center: Vector, from: Vector, to: Vector, radii: (f64, f64)) {
        let place = |direction: Vector| Vector(center.0 + radii.0 * direction.0, center.1 + radii.1 * direction.1);
        self.0.push(PathStep::Cubic {
            first: place(from.plus(HANDLE, to)).into(),
            second: place(to.plus(HANDLE, from)).into(),
            to: place(to).into(),
        });
    }

    pub(crate) fn polygon(&mut self, corners: [(f64, f64); 4]) {
        for (index, (x, y)) in corners.into_iter().enumerate() {
            if index == 0 {
                self.move_to(Vector(x, y));
            } else {
                self.line_to(Vector(x, y));
            }
        }
        self.close();
    }

    fn capsule(&mut self, from: Vector, to: Vector, half: f64) {
        if half <= 0.0 {
            return;
        }
        let along = from.toward(to).map_or(Vector::RIGHT, |(along, _)| along);
        let across = along.turned();
        self.move_to(from.plus(half, across));
        self.line_to(to.plus(half, across));
        self.quarter(to, across, along, half);
        self.quarter(to, along, across.reversed(), half);
        self.line_to(from.plus(-half, across));
        self.quarter(from, across.reversed(), along.reversed(), half);
        self.quarter(from, along.reversed(), across, half);
        self.close();
    }

    fn stroke(&mut self, points: &[Point], half: f64) {
        for pair in points.windows(2) {
            if let [from, to] = pair
                && from.bounded() != to.bounded()
            {
                self.capsule(from.bounded(), to.bounded(), half);
            }
        }
        if let (true, Some(point)) = (self.0.is_empty(), points.first()) {
            self.capsule(point.bounded(), point.bounded(), half);
        }
    }

    fn arrow(&mut self, from: Vector, to: Vector, width: f64) {
        let Some((along, length)) = from.toward(to).filter(|_| width > 0.0) else {
            return;
        };
        let across = along.turned();
        let head = (HEAD_WIDTHS * width).min(MOST_HEAD * length);
        let barb = head / 2.0;
        let shaft = barb / HEAD_WIDTHS;
        let neck = to.plus(-head, along);
        self.move_to(from.plus(shaft, across));
        self.line_to(neck.plus(shaft, across));
        self.line_to(neck.plus(barb, across));
        self.line_to(to);
        self.line_to(neck.plus(-barb, across));
        self.line_to(neck.plus(-shaft, across));
        self.line_to(from.plus(-shaft, across));
        self.quarter(from, across.reversed(), along.reversed(), shaft);
        self.quarter(from, along.reversed(), across, shaft);
        self.close();
    }

    fn frame(&mut self, [left, top, right, bottom]: [f64; 4], half: f64) {
        if half <= 0.0 {
            return;
        }
        self.move_to(Vector(left, bottom + half));
        self.line_to(Vector(right, bottom + half));
        self.quarter(Vector(right, bottom), Vector::DOWN, Vector::RIGHT, half);
        self.line_to(Vector(right + half, top));
        self.quarter(Vector(right, top), Vector::RIGHT, Vector::UP, half);
        self.line_to(Vector(left, top - half));
        self.quarter(Vector(left, top), Vector::UP, Vector::LEFT, half);
        self.line_to(Vector(left - half, bottom));
        self.quarter(Vector(left, bottom), Vector::LEFT, Vector::DOWN, half);
        self.close();
        let [left, top, right, bottom] = [left + half, top + half, right - half, bottom - half];
        if left < right && top < bottom {
            self.polygon([(left, bottom), (left, top), (right, top), (right, bottom)]);
        }
    }

    fn ring(&mut self, [left, top, right, bottom]: [f64; 4], half: f64) {
        use Vector as V;
        if half <= 0.0 {
            return;
        }
        let center = V(left.midpoint(right), top.midpoint(bottom));
        let radii = ((right - left) / 2.0, (bottom - top) / 2.0);
        self.ellipse(
            center,
            (radii.0 + half, radii.1 + half),
            [V::DOWN, V::RIGHT, V::UP, V::LEFT],
        );
        if radii.0 > half && radii.1 > half {
            self.ellipse(
                center,
                (radii.0 - half, radii.1 - half),
                [V::DOWN, V::LEFT, V::UP, V::RIGHT],
            );
        }
    }

    fn disc(&mut self, center: Vector, radius: f64) {
        use Vector as V;
        if radius > 0.0 {
            self.ellipse(center, (radius, radius), [V::DOWN, V::RIGHT, V::UP, V::LEFT]);
        }
    }

    fn ellipse(&mut self, center: Vector, radii: (f64, f64), directions: [Vector; 4]) {
        let [first, second, third, fourth] = directions;
        self.move_to(Vector(center.0 + radii.0 * first.0, center.1 + radii.1 * first.1));
        for (from, to) in [(first, second), (second, third), (third, fourth), (fourth, first)] {
            self.elliptic_quarter(center, from, to, radii);
        }
        self.close();
    }
}
