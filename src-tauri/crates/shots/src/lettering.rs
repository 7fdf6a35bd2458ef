//! The words of marks on the picture: their outlines where they stand, and emoji scaled into it.

use std::collections::HashMap;

use crate::draw::{Area, blend};
use crate::emoji;
use crate::mark::{Color, Mark, Point, Rect};
use crate::outline::{FARTHEST, PathStep, Vector};
use crate::raster::Raster;
use crate::refusal::Refusal;
use crate::text::{Emoji, TextShape, ink_on, pin_label, shape};

/// Words where they are drawn, in pixels of the picture.
pub(crate) struct Words {
    pub(crate) outline: Vec<PathStep>,
    pub(crate) emoji: Vec<Emoji>,
    pub(crate) color: Color,
}

/// The words that a mark has, if any.
pub(crate) fn words_of(mark: &Mark) -> Result<Option<Words>, Refusal> {
    match mark {
        Mark::Text { at, text, size, color } => {
            let Vector(x, y) = at.bounded();
            Ok(Some(placed(
                shape(text, false)?,
                size.min(FARTHEST),
                Point { x, y },
                *color,
            )))
        }
        Mark::Pin {
            at,
            number,
            size,
            color,
        } => {
            let (label, scale) = pin_label(*number, size.min(FARTHEST));
            let label = shape(&label, true)?;
            let Vector(x, y) = at.bounded();
            let middle = label.middle().unwrap_or(Point { x: 0.0, y: 0.0 });
            let corner = Point {
                x: x - scale * middle.x,
                y: y - scale * middle.y,
            };
            Ok(Some(placed(label, scale, corner, ink_on(*color))))
        }
        _ => Ok(None),
    }
}

fn placed(shape: TextShape, scale: f64, to: Point, color: Color) -> Words {
    if scale <= 0.0 {
        return Words {
            outline: Vec::new(),
            emoji: Vec::new(),
            color,
        };
    }
    let outline = shape.outline.into_iter().map(|step| step.placed(scale, to)).collect();
    let emoji = shape
        .emoji
        .into_iter()
        .map(|Emoji { name, area }| Emoji {
            name,
            area: Rect {
                x: to.x + scale * area.x,
                y: to.y + scale * area.y,
                width: scale * area.width,
                height: scale * area.height,
            },
        })
        .collect();
    Words { outline, emoji, color }
}

/// Pictures of emoji that were drawn already.
#[derive(Default)]
pub(crate) struct Pictures(HashMap<String, Option<Raster>>);

impl Pictures {
    /// The most that are held.
    const KEPT: usize = 256;

    pub(crate) fn get(&mut self, name: String) -> Option<&Raster> {
        if self.0.len() >= Self::KEPT && !self.0.contains_key(&name) {
            self.0.clear();
        }
        let picture = |name: &String| emoji::picture(name);
        self.0.entry(name).or_insert_with_key(picture).as_ref()
    }
}

/// Scales a picture of straight RGBA into an area and lays it over the raster. Samples count the less the farther they
/// are from the middle of a pixel, down to nothing at one pixel's, and at least one sample's, distance each way.
pub(crate) fn lay(raster: &mut Raster, picture: &Raster, area: Rect, corner: (usize, usize)) {
    let [left, top, right, bottom] = area.sides();
    let Some(shown) = Area::inside([left, top, right, bottom], corner, raster) else {
        return;
    };
    let columns = weights(
        picture.width,
        (left - corner.0 as f64, right - left),
        shown.left..shown.right,
    );
    let rows = weights(
        picture.height,
        (top - corner.1 as f64, bottom - top),
        shown.top..shown.bottom,
    );
    let source = multiplied(picture);
    let source_width = picture.width as usize;
    // Across first: a row of the picture is needed by more than one row below.
    let across: Vec<Vec<[f32; 4]>> = source
        .chunks_exact(source_width)
        .map(|row| columns.iter().map(|weights| weights.mix(|at| row[at])).collect())
        .collect();
    let channels = raster.channels;
    let row_length = raster.width as usize * channels;
    for (y, weights) in (shown.top..shown.bottom).zip(&rows) {
        let row = &mut raster.samples[y * row_length..][shown.left * channels..shown.right * channels];
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            let [red, green, blue, alpha] = weights.mix(|at| across[at][x]);
            if alpha < 0.5 {
                continue;
            }
            let straight = |sample: f32| (sample * 255.0 / alpha).round().clamp(0.0, 255.0) as u8;
            let color = [straight(red), straight(green), straight(blue)];
            let share = alpha.round() as u8;
            if let Ok(pixel) = <&mut [u8; 4]>::try_from(&mut *pixel) {
                blend(pixel, [color[0], color[1], color[2], 255], share);
            } else if let Ok(pixel) = <&mut [u8; 3]>::try_from(pixel) {
                blend(pixel, color, share);
            }
        }
    }
}

/// Samples with their colors multiplied by alpha: 0 to 255.
fn multiplied(picture: &Raster) -> Vec<[f32; 4]> {
    let multiplied = |[red, green, blue, alpha]: [u8; 4]| {
        let share = f32::from(alpha) / 255.0;
        [
            f32::from(red) * share,
            f32::from(green) * share,
            f32::from(blue) * share,
            f32::from(alpha),
        ]
    };
    picture
        .samples
        .as_chunks::<4>()
        .0
        .iter()
        .map(|pixel| multiplied(*pixel))
        .collect()
}

/// How much of each of some neighbors makes up one pixel. What is outside of the picture is nothing.
struct Weights {
    first: usize,
    shares: Vec<f32>,
}

impl Weights {
    fn mix(&self, sample: impl Fn(usize) -> [f32; 4]) -> [f32; 4] {
        let mut mixed = [0.0; 4];
        for (index, share) in self.shares.iter().enumerate() {
            for (sum, sample) in mixed.iter_mut().zip(sample(self.first + index)) {
                *sum += share * sample;
            }
        }
        mixed
    }
}

/// The weights of `count` samples spread over `(start, length)`, for each of some pixels.
fn weights(count: u32, (start, length): (f64, f64), pixels: std::ops::Range<usize>) -> Vec<Weights> {
    /// A hat wider than this many samples has its area as its sum.
    const FINEST: f64 = 1024.0;
    let scale = f64::from(count) / length;
    // A hat as wide as a pixel, and never narrower than a sample.
    let reach = scale.max(1.0);
    pixels
        .map(|pixel| {
            let middle = (pixel as f64 + 0.5 - start) * scale;
            let first = (middle - reach).floor().clamp(0.0, f64::from(count)) as usize;
            let last = (middle + reach).ceil().clamp(0.0, f64::from(count)) as usize;
            let share = |at: f64| (1.0 - ((at + 0.5 - middle) / reach).abs()).max(0.0);
            // Against all that the hat covers, so that the edges fade into nothing.
            let all = if reach < FINEST {
                let from = (middle - reach).floor() as i64;
                (from..=(middle + reach).ceil() as i64).map(|at| share(at as f64)).sum()
            } else {
                reach
            };
            Weights {
                first,
                shares: (first..last).map(|at| (share(at as f64) / all) as f32).collect(),
            }
        })
        .collect()
}
