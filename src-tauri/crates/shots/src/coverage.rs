//! How much of each pixel of a tile an outline covers: exact areas, accumulated from the lines of its pieces.
//!
//! Each line adds the signed area between it and the right edge of its rows; the running sum along a row is then the
//! covered part of a pixel (the method of the stb and font-rs rasterizers; S. Barrett and R. Levien).

use crate::mark::Point;

/// Edge of a tile: its coverage stays in the processor's cache, and a long diagonal passes most of them by.
pub(crate) const TILE: usize = 256;
/// A line that ends at the right edge writes up to one pixel beyond it.
const STRIDE: usize = TILE + 2;

/// One closed piece of an outline as the corners of a polygon, and the sides that they reach.
pub(crate) struct Piece {
    pub(crate) corners: Vec<Point>,
    /// Left, top, right and bottom.
    pub(crate) sides: [f64; 4],
}

/// What the pieces of an outline mean for each other.
#[derive(Clone, Copy)]
pub(crate) enum Joined {
    /// They are one shape: what runs the other way is a hole.
    Together,
    /// Each is a shape: where they overlap they cover no more than the larger share.
    EachAlone,
}

/// The coverage of one tile, and the sums it is made from.
pub(crate) struct Coverage {
    sums: Vec<f32>,
    covered: Vec<u8>,
}

impl Coverage {
    pub(crate) fn new() -> Self {
        Self {
            sums: vec![0.0; STRIDE * TILE],
            covered: vec![0; TILE * TILE],
        }
    }

    /// The rows of the tile, each [`TILE`] pixels out of 255.
    pub(crate) fn rows(&self) -> &[[u8; TILE]] {
        self.covered.as_chunks::<TILE>().0
    }

    /// Fills the tile whose upper left pixel is `corner`, in the coordinates of the pieces. False, with nothing
    /// changed, when no piece comes near it.
    pub(crate) fn fill(
        &mut self,
        pieces: &[Piece],
        joined: Joined,
        corner: (usize, usize),
        size: (usize, usize),
    ) -> bool {
        let corner = (corner.0 as f64, corner.1 as f64);
        let near = |piece: &&Piece| {
            let [left, top, right, bottom] = piece.sides;
            left < corner.0 + size.0 as f64 && right > corner.0 && top < corner.1 + size.1 as f64 && bottom > corner.1
        };
        let mut any = false;
        // A piece winds around nothing outside of its own sides, so those elsewhere are left out.
        for piece in pieces.iter().filter(near) {
            if !any {
                self.covered[..size.1 * TILE].fill(0);
                any = true;
            }
            for (from, to) in piece.lines() {
                let at = |point: Point| (point.x - corner.0, point.y - corner.1);
                self.line(at(from), at(to), size);
            }
            if matches!(joined, Joined::EachAlone) {
                self.take(piece.pixels(corner, size));
            }
        }
        if any && matches!(joined, Joined::Together) {
            self.take([0, 0, size.0, size.1]);
        }
        any
    }

    /// Adds what lies to the right of a line.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), (width, height): (usize, usize)) {
        let (sign, from, to) = if from.1 < to.1 {
            (1.0, from, to)
        } else {
            (-1.0, to, from)
        };
        let (top, bottom) = (from.1.max(0.0), to.1.min(height as f64));
        if top >= bottom {
            return;
        }
        let slope = (to.0 - from.0) / (to.1 - from.1);
        let across = |down: f64| from.0 + (down - from.1) * slope;
        let mut down = top;
        for row in top as usize..bottom.ceil() as usize {
            let next = bottom.min((row + 1) as f64);
            let (start, end) = (across(down), across(next));
            self.row(row, sign * (next - down), (start.min(end), start.max(end)), width);
            down = next;
        }
    }

    /// One row of a line: `share` of the row's height, from `left` to `right`.
    fn row(&mut self, row: usize, share: f64, (left, right): (f64, f64), width: usize) {
        let edge = width as f64;
        let sums = &mut self.sums[row * STRIDE..(row + 1) * STRIDE];
        if right <= 0.0 {
            sums[0] += share as f32;
            return;
        }
        if left >= edge {
            return;
        }
        // What lies beyond the sides of the tile counts whole at the left, and not at all at the right.
        let length = right - left;
        let (mut left, mut right, mut share) = (left, right, share);
        if left < 0.0 || right > edge {
            let rate = share / length;
            sums[0] += (rate * (-left).max(0.0)) as f32;
            (left, right) = (left.max(0.0), right.min(edge));
            share = rate * (right - left);
        }
        let (first, last) = (left as usize, right.ceil() as usize);
        if last <= first + 1 {
            let middle = f64::midpoint(left, right) - first as f64;
            sums[first] += (share * (1.0 - middle)) as f32;
            sums[first + 1] += (share * middle) as f32;
            return;
        }
        // The line crosses pixels: each takes the area to the right of its own part.
        let rate = share / (right - left);
        let mut before = 0.0;
        for pixel in first..last {
            let (enters, leaves) = (left.max(pixel as f64), right.min((pixel + 1) as f64));
            let height = rate * (leaves - enters);
            let inside = height * (1.0 - (f64::midpoint(enters, leaves) - pixel as f64));
            sums[pixel] += (before + inside) as f32;
            before = height - inside;
        }
        sums[last] += before as f32;
    }

    /// Turns the sums of an area into coverage, where it is more than what is there, and empties them.
    fn take(&mut self, [left, top, right, bottom]: [usize; 4]) {
        for row in top..bottom {
            let sums = &mut self.sums[row * STRIDE..(row + 1) * STRIDE];
            let covered = &mut self.covered[row * TILE..(row + 1) * TILE];
            let mut sum = 0.0;
            for (add, covered) in sums[left..right].iter_mut().zip(&mut covered[left..right]) {
                sum += std::mem::take(add);
                *covered = (*covered).max((sum.abs().min(1.0) * 255.0 + 0.5) as u8);
            }
            sums[right..(right + 2).min(STRIDE)].fill(0.0);
        }
    }
}

impl Piece {
    /// Its sides as lines, the last back to the first corner.
    fn lines(&self) -> impl Iterator<Item = (Point, Point)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Left, top, right and bottom of the pixels of the tile that it may touch.
    fn pixels(&self, corner: (f64, f64), size: (usize, usize)) -> [usize; 4] {
        let [left, top, right, bottom] = self.sides;
        let across = |side: f64| (side - corner.0).clamp(0.0, size.0 as f64);
        let down = |side: f64| (side - corner.1).clamp(0.0, size.1 as f64);
        [
            across(left).floor() as usize,
            down(top).floor() as usize,
            across(right).ceil() as usize,
            down(bottom).ceil() as usize,
        ]
    }
}
