//! How much of each pixel of a tile an outline covers: exact areas, accumulated from the lines of its pieces.
//!
//! Each line adds the signed area between it and the right edge of its rows; the running sum along a row is then the
//! covered part of a pixel (the method of the stb and font-rs rasterizers; S. Barrett and R. Levien). Where shapes
//! overlap, areas would count twice: there each row is cut into sixteen, and each cut into what is inside.

use crate::mark::Point;

/// Edge of a tile: its coverage stays in the processor's cache, and a long diagonal passes most of them by.
pub(crate) const TILE: usize = 256;
/// Cuts of a row where shapes overlap.
const CUTS: usize = 16;
/// Crossings that are held before those of shapes over each other become one: a scribble may cross each cut a million
/// times, and leaves a few spans.
const MOST_CROSSINGS: usize = 1 << 20;
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
    /// Each is a shape of its own, and they may overlap.
    EachAlone,
}

/// The coverage of one tile, and the sums it is made from.
pub(crate) struct Coverage {
    sums: Vec<f32>,
    covered: Vec<u8>,
    /// Where lines cross cuts: the cut, the place along it, and the way of the line.
    crossings: Vec<(u32, f32, i8)>,
    /// How many of them are united next.
    unite_at: usize,
}

/// What is inside along one cut: the cut, from where to where, and the way of the line that enters.
type Span = (u32, f32, f32, i8);

impl Coverage {
    pub(crate) fn new() -> Self {
        Self {
            sums: vec![0.0; STRIDE * TILE],
            covered: vec![0; TILE * TILE],
            crossings: Vec::new(),
            unite_at: MOST_CROSSINGS,
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
            any = true;
            for (from, to) in piece.lines() {
                let at = |point: Point| (point.x - corner.0, point.y - corner.1);
                match joined {
                    Joined::Together => self.line(at(from), at(to), size),
                    Joined::EachAlone => self.cross(at(from), at(to), size.1),
                }
            }
            // Only between pieces: half of a closed line encloses nothing.
            if self.crossings.len() > self.unite_at {
                self.unite();
            }
        }
        if any {
            self.add_spans(size.0);
            self.take(size);
        }
        any
    }

    /// Notes where a line crosses the cuts.
    fn cross(&mut self, from: (f64, f64), to: (f64, f64), height: usize) {
        let (way, from, to) = if from.1 < to.1 { (1, from, to) } else { (-1, to, from) };
        let cut = |down: f64| (down * CUTS as f64 - 0.5).ceil().clamp(0.0, (height * CUTS) as f64) as u32;
        let slope = (to.0 - from.0) / (to.1 - from.1);
        for cut in cut(from.1)..cut(to.1) {
            let down = (f64::from(cut) + 0.5) / CUTS as f64;
            self.crossings
                .push((cut, (from.0 + (down - from.1) * slope) as f32, way));
        }
    }

    /// Calls `each` with what is inside along each cut, and forgets the crossings.
    fn spans(&mut self, mut each: impl FnMut(&mut Self, Span)) {
        let mut crossings = std::mem::take(&mut self.crossings);
        crossings.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let (mut winding, mut entered) = (0_i32, (0.0_f32, 0_i8));
        for (cut, across, way) in crossings.drain(..) {
            let before = winding;
            winding += i32::from(way);
            if before == 0 {
                entered = (across, way);
            } else if winding == 0 {
                each(self, (cut, entered.0, across, entered.1));
            }
        }
        // Its room serves the next tile.
        if self.crossings.is_empty() {
            self.crossings = crossings;
        }
    }

    /// Keeps of the crossings those where a span begins or ends.
    fn unite(&mut self) {
        self.spans(|coverage, (cut, since, across, way)| {
            coverage.crossings.extend([(cut, since, way), (cut, across, -way)]);
        });
        self.unite_at = MOST_CROSSINGS.max(self.crossings.len() * 2);
    }

    /// Adds what is inside along each cut.
    fn add_spans(&mut self, width: usize) {
        self.spans(|coverage, (cut, since, across, _)| {
            let row = cut as usize / CUTS;
            let sums = &mut coverage.sums[row * STRIDE..(row + 1) * STRIDE];
            for (edge, share) in [(since, 1.0 / CUTS as f32), (across, -1.0 / CUTS as f32)] {
                let edge = edge.clamp(0.0, width as f32);
                let pixel = edge as usize;
                let inside = edge - pixel as f32;
                sums[pixel] += share * (1.0 - inside);
                sums[pixel + 1] += share * inside;
            }
        });
        self.unite_at = MOST_CROSSINGS;
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
        for (sum, pixel) in sums[first..last].iter_mut().zip(first..) {
            let (enters, leaves) = (left.max(pixel as f64), right.min((pixel + 1) as f64));
            let height = rate * (leaves - enters);
            let inside = height * (1.0 - (f64::midpoint(enters, leaves) - pixel as f64));
            *sum += (before + inside) as f32;
            before = height - inside;
        }
        sums[last] += before as f32;
    }

    /// Turns the sums into coverage, and empties them.
    fn take(&mut self, (width, height): (usize, usize)) {
        let rows = self
            .sums
            .chunks_exact_mut(STRIDE)
            .zip(self.covered.chunks_exact_mut(TILE));
        for (sums, covered) in rows.take(height) {
            let mut sum = 0.0;
            for (add, covered) in sums.iter().zip(&mut covered[..width]) {
                sum += add;
                *covered = (f32::min(f32::abs(sum), 1.0) * 255.0 + 0.5) as u8;
            }
            covered[width..].fill(0);
            sums.fill(0.0);
        }
    }
}

impl Piece {
    /// Its sides as lines, the last back to the first corner.
    fn lines(&self) -> impl Iterator<Item = (Point, Point)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }
}
