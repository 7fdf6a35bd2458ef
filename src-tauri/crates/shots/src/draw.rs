//! Marks into pixels: the outline of each is covered tile by tile and laid over the raster where it stands.
//!
//! Pixels that an outline does not touch are not written, so they stay what they were to the last bit, whatever their
//! alpha. Only one raster and one tile of coverage are held.

use crate::coverage::{Coverage, Joined, Piece, TILE};
use crate::lettering::{Pictures, lay, words_of};
use crate::mark::{Color, Mark, Point};
use crate::outline::PathStep;
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::text::Emoji;

/// How far, in pixels, the lines of a curve may be from it.
const FLATNESS: f64 = 1.0 / 32.0;

/// Draws from the lowest mark to the highest on a picture whose upper left pixel is `corner` in the marks' coordinates.
///
/// A redaction writes every pixel it touches, opaque: what was there, picture or mark, is gone. A mark above it is
/// drawn on that fill, so it shows the fill and its own color and nothing else.
pub(crate) fn draw(raster: Raster, marks: &[Mark], corner: (usize, usize)) -> Result<Raster, Refusal> {
    let gray = marks.iter().all(|mark| {
        let Color { red, green, blue } = mark.color();
        // Emoji have colors of their own, and a number is not quite black.
        red == green && green == blue && !matches!(mark, Mark::Text { .. } | Mark::Pin { .. })
    });
    let mut raster = if gray { raster } else { raster.expand_gray() };
    let mut coverage = Coverage::new();
    let mut pictures = Pictures::default();
    for mark in marks {
        match mark {
            Mark::Redact { area, color } => {
                if let Some(area) = Area::inside(area.sides(), corner, &raster) {
                    burn(&mut raster, area, *color);
                }
            }
            _ => {
                // A stroke is many overlapping shapes; everything else is one, with holes.
                let joined = match mark {
                    Mark::Freehand { .. } | Mark::Highlighter { .. } => Joined::EachAlone,
                    _ => Joined::Together,
                };
                let mut paint = |outline: &[PathStep], joined, color| {
                    let look = (color, mark.opacity());
                    cover(&mut raster, outline, joined, look, corner, &mut coverage);
                };
                paint(&mark.outline(), joined, mark.color());
                if let Some(words) = words_of(mark)? {
                    paint(&words.outline, Joined::Together, words.color);
                    for Emoji { name, area } in words.emoji {
                        if let Some(picture) = pictures.get(name) {
                            lay(&mut raster, picture, area, corner);
                        }
                    }
                }
            }
        }
    }
    Ok(raster)
}

/// Whole pixels of a raster.
#[derive(Clone, Copy)]
pub(crate) struct Area {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Area {
    /// Every pixel of the raster that the sides (left, top, right, bottom) touch; `None` when there is none.
    pub(crate) fn inside(sides: [f64; 4], corner: (usize, usize), raster: &Raster) -> Option<Self> {
        let across = |side: f64| (side - corner.0 as f64).clamp(0.0, f64::from(raster.width)) as usize;
        let down = |side: f64| (side - corner.1 as f64).clamp(0.0, f64::from(raster.height)) as usize;
        let area = Self {
            left: across(sides[0].floor()),
            top: down(sides[1].floor()),
            right: across(sides[2].ceil()),
            bottom: down(sides[3].ceil()),
        };
        (area.left < area.right && area.top < area.bottom).then_some(area)
    }
}

/// The color as the first samples of a pixel; alpha comes last where there is one.
fn samples(color: Color, channels: usize) -> [u8; 4] {
    if channels <= 2 {
        [color.red, 255, 255, 255]
    } else {
        [color.red, color.green, color.blue, 255]
    }
}

fn burn(raster: &mut Raster, area: Area, color: Color) {
    match raster.channels {
        1 => burn_rows::<1>(raster, area, color),
        2 => burn_rows::<2>(raster, area, color),
        3 => burn_rows::<3>(raster, area, color),
        _ => burn_rows::<4>(raster, area, color),
    }
}

fn burn_rows<const CHANNELS: usize>(raster: &mut Raster, area: Area, color: Color) {
    let samples = samples(color, CHANNELS);
    let fill: [u8; CHANNELS] = std::array::from_fn(|channel| samples[channel]);
    let pixels = raster.samples.as_chunks_mut::<CHANNELS>().0;
    let rows = pixels.chunks_exact_mut(raster.width as usize);
    for row in rows.take(area.bottom).skip(area.top) {
        row[area.left..area.right].fill(fill);
    }
}

impl Piece {
    fn all(steps: &[PathStep]) -> Vec<Self> {
        let mut pieces: Vec<Self> = Vec::new();
        for step in steps {
            match (step, pieces.last_mut()) {
                (PathStep::Move { to }, _) => pieces.push(Self {
                    corners: vec![*to],
                    sides: [to.x, to.y, to.x, to.y],
                }),
                (PathStep::Line { to }, Some(piece)) => piece.corner(*to),
                (PathStep::Cubic { first, second, to }, Some(piece)) => piece.curve(*first, *second, *to),
                // A polygon closes itself.
                (PathStep::Close, _) | (_, None) => (),
            }
        }
        pieces
    }

    fn corner(&mut self, corner: Point) {
        self.corners.push(corner);
        self.sides = around(self.sides, [corner.x, corner.y, corner.x, corner.y]);
    }

    /// Straight lines that stay within [`FLATNESS`] of the curve. They are made here and not in the rasterizer, for
    /// that one's own steps depend on where a tile cuts the curve.
    fn curve(&mut self, first: Point, second: Point, to: Point) {
        let Some(&from) = self.corners.last() else {
            return;
        };
        let bend = |a: Point, b: Point, c: Point| (a.x - 2.0 * b.x + c.x).hypot(a.y - 2.0 * b.y + c.y);
        let bend = bend(from, first, second).max(bend(first, second, to));
        // A chord of a curve whose second derivative is at most 6·bend is off by at most 6·bend / (8·lines²).
        let lines = (0.75 * bend / FLATNESS).sqrt().ceil().max(1.0);
        for line in 1..lines as u32 {
            let t = f64::from(line) / lines;
            let u = 1.0 - t;
            let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let mix =
                |a: f64, b: f64, c: f64, d: f64| weights[0] * a + weights[1] * b + weights[2] * c + weights[3] * d;
            self.corner(Point {
                x: mix(from.x, first.x, second.x, to.x),
                y: mix(from.y, first.y, second.y, to.y),
            });
        }
        self.corner(to);
    }
}

/// The sides of two rectangles together.
fn around(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [
        one[0].min(other[0]),
        one[1].min(other[1]),
        one[2].max(other[2]),
        one[3].max(other[3]),
    ]
}

fn cover(
    raster: &mut Raster,
    outline: &[PathStep],
    joined: Joined,
    (color, opacity): (Color, u8),
    corner: (usize, usize),
    coverage: &mut Coverage,
) {
    let pieces = Piece::all(outline);
    let Some(area) = pieces
        .iter()
        .map(|piece| piece.sides)
        .reduce(around)
        .and_then(|sides| Area::inside(sides, corner, raster))
    else {
        return;
    };
    for top in (area.top..area.bottom).step_by(TILE) {
        for left in (area.left..area.right).step_by(TILE) {
            let tile = Area {
                left,
                top,
                right: area.right.min(left + TILE),
                bottom: area.bottom.min(top + TILE),
            };
            let size = (tile.right - tile.left, tile.bottom - tile.top);
            if coverage.fill(&pieces, joined, (corner.0 + left, corner.1 + top), size) {
                blend_tile(raster, tile, coverage, color, opacity);
            }
        }
    }
}

fn blend_tile(raster: &mut Raster, tile: Area, coverage: &Coverage, color: Color, opacity: u8) {
    match raster.channels {
        1 => blend_rows::<1>(raster, tile, coverage, color, opacity),
        2 => blend_rows::<2>(raster, tile, coverage, color, opacity),
        3 => blend_rows::<3>(raster, tile, coverage, color, opacity),
        _ => blend_rows::<4>(raster, tile, coverage, color, opacity),
    }
}

fn blend_rows<const CHANNELS: usize>(raster: &mut Raster, tile: Area, coverage: &Coverage, color: Color, opacity: u8) {
    const RUN: usize = 16;
    let samples = samples(color, CHANNELS);
    let color: [u8; CHANNELS] = std::array::from_fn(|channel| samples[channel]);
    let rows = raster
        .samples
        .as_chunks_mut::<CHANNELS>()
        .0
        .chunks_exact_mut(raster.width as usize);
    let covered = coverage.rows();
    for (row, covered) in rows.take(tile.bottom).skip(tile.top).zip(covered) {
        let row = &mut row[tile.left..tile.right];
        // Most of a large mark is its empty inside: runs of nothing are passed over at once.
        for (pixels, covered) in row.chunks_mut(RUN).zip(covered.as_chunks::<RUN>().0) {
            if u128::from_ne_bytes(*covered) != 0 {
                for (pixel, covered) in pixels.iter_mut().zip(covered) {
                    blend(pixel, color, share(*covered, opacity));
                }
            }
        }
    }
}

/// Coverage times opacity, out of 255, rounded.
fn share(covered: u8, opacity: u8) -> u8 {
    ((u32::from(covered) * u32::from(opacity) + 127) / 255) as u8
}

/// Lays `share` (out of 255) of an opaque color over a pixel with straight alpha, rounded to the nearest.
pub(crate) fn blend<const CHANNELS: usize>(pixel: &mut [u8; CHANNELS], color: [u8; CHANNELS], share: u8) {
    let with_alpha = CHANNELS.is_multiple_of(2);
    let below_alpha = if with_alpha {
        u32::from(pixel[CHANNELS - 1])
    } else {
        255
    };
    match share {
        0 => (),
        255 => *pixel = color,
        _ => {
            // Both weights are out of 255 times 255.
            let above = u32::from(share) * 255;
            let below = below_alpha * (255 - u32::from(share));
            let alpha = above + below;
            let colors = CHANNELS - usize::from(with_alpha);
            for (sample, color) in pixel[..colors].iter_mut().zip(color) {
                *sample = ((u32::from(*sample) * below + u32::from(color) * above + alpha / 2) / alpha) as u8;
            }
            if with_alpha {
                pixel[CHANNELS - 1] = ((alpha + 127) / 255) as u8;
            }
        }
    }
}
