//! Words as outlines: shaped once, drawn by Rust and the page alike.

use cosmic_text::{
    Attrs, Buffer, CacheKey, CacheKeyFlags, Command, Family, LayoutGlyph, Metrics, Shaping, SubpixelBin, SwashContent,
    SwashImage, Weight, Wrap,
};
use serde::{Deserialize, Serialize};

use crate::emoji::{self, runs};
use crate::fonts::{Fonts, INTER, fonts_for, foreign};
use crate::mark::{Color, Point, Rect};
use crate::outline::{PathBuilder, PathStep, Vector};
use crate::refusal::Refusal;

/// Most characters that are written on one picture together.
pub const MOST_CHARACTERS: usize = 10_000;
/// Most of them that are looked for in the system's fonts: each costs up to a millisecond, for font after font is tried.
pub const MOST_FOREIGN: usize = 1_000;
/// Stands for a letter that no font has.
const NONE: char = '\u{10fffd}';
/// From one line to the next, in sizes of the font.
const LINE: f64 = 1.25;
/// From the top of a line to the foot of its letters: Inter's own, in the middle of the line.
const BASELINE: f64 = f64::midpoint(LINE, (1984.0 - 494.0) / 2048.0);
/// The size that letters are shaped at: whole units of it are exact enough.
const SIZE: f32 = 1024.0;
/// The size that emoji are made at, in pixels.
pub(crate) const EMOJI: f32 = 128.0;
/// Pictures of emoji that are kept at hand.
const KEPT: usize = 256;

/// Words shaped at a font size of 1: everything grows in proportion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TextShape {
    /// The letters, `(0, 0)` being the upper left corner of the first line.
    pub outline: Vec<PathStep>,
    /// The emoji.
    pub emoji: Vec<Emoji>,
    /// Width of the longest line.
    pub width: f64,
    /// Height of all lines.
    pub height: f64,
}

/// One emoji, a picture of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Emoji {
    /// Its name: the picture is served as `shot://localhost/emoji/<name>`.
    pub name: String,
    /// Where it is drawn.
    pub area: Rect,
}

/// Shapes words at a font size of 1, in Inter (weight 500, bold 700) and, for letters that it has not, in the system's
/// fonts.
///
/// Lines begin at the left, also those that are read from the right, and are 1.25 high; `\n` begins one and nothing
/// else does. A letter that no font has is a plain box. Refused beyond [`MOST_CHARACTERS`],
/// and beyond [`MOST_FOREIGN`] of them that Inter has not.
pub fn shape(text: &str, bold: bool) -> Result<TextShape, Refusal> {
    check_words([text].into_iter())?;
    let mut fonts = fonts_for(text);
    let mut shape = TextShape {
        outline: Vec::new(),
        emoji: Vec::new(),
        width: 0.0,
        height: 0.0,
    };
    for line in text.split('\n') {
        let line = one_line(line, |letter| fonts.any_has(letter));
        let baseline = shape.height + BASELINE;
        let width = fonts.line(&line, bold, |fonts, glyph, nth| {
            place(fonts, glyph, &line, nth, baseline, &mut shape);
        });
        shape.width = shape.width.max(width);
        shape.height += LINE;
    }
    Ok(shape)
}

/// Holds all words of a picture against the bounds.
pub(crate) fn check_words<'words>(words: impl Iterator<Item = &'words str> + Clone) -> Result<(), Refusal> {
    let check = |characters: usize, limit: usize| {
        let (characters, limit) = (characters as u64, limit as u64);
        (characters <= limit)
            .then_some(())
            .ok_or(Refusal::TooMuchText { characters, limit })
    };
    check(words.clone().map(|words| words.chars().count()).sum(), MOST_CHARACTERS)?;
    check(words.filter(|words| !words.is_ascii()).map(foreign).sum(), MOST_FOREIGN)
}

/// What is written on a pin, bold, and the size of its font.
///
/// The label is the number in digits, at `0.6·size` where it has one or two and at `0.45·size` where it has more. The
/// middle of the box around its outline, handles included, lies on the middle of the disc. It is white, and `#1b1b1f`
/// where the disc's relative luminance (WCAG) is above 0.4. Nothing is written on a disc without size.
pub(crate) fn pin_label(number: u32, size: f64) -> (String, f64) {
    let label = number.to_string();
    let share = if label.len() > 2 { 0.45 } else { 0.6 };
    (label, share * size)
}

/// The color of the number on a disc.
pub(crate) fn ink_on(disc: Color) -> Color {
    let linear = |sample: u8| {
        let share = f64::from(sample) / 255.0;
        if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * linear(disc.red) + 0.7152 * linear(disc.green) + 0.0722 * linear(disc.blue);
    let [red, green, blue] = if luminance > 0.4 { [27, 27, 31] } else { [255; 3] };
    Color { red, green, blue }
}

/// Every other sign that could begin a line becomes a space, and a letter that no font has becomes [`NONE`].
fn one_line(line: &str, mut any_has: impl FnMut(char) -> bool) -> String {
    line.strip_suffix('\r')
        .unwrap_or(line)
        .chars()
        .map(|letter| match letter {
            '\u{2028}' | '\u{2029}' => ' ',
            letter if letter.is_control() => ' ',
            letter if is_alone(letter) && !any_has(letter) => NONE,
            letter => letter,
        })
        .collect()
}

/// Whether a letter is a word of its own to whoever breaks lines: ideographs, syllables and pictures. Every font would
/// be asked anew to shape each one that is nowhere, which takes milliseconds; [`NONE`] is asked for once a row of them.
fn is_alone(letter: char) -> bool {
    matches!(
        letter,
        '\u{3400}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{17000}'..='\u{18d8f}' | '\u{1b000}'..='\u{1b2ff}' | '\u{1f000}'..='\u{1faff}' | '\u{20000}'..='\u{3ffff}'
    )
}

/// Adds one glyph to a shape.
fn place(fonts: &mut Fonts, glyph: &LayoutGlyph, line: &str, nth: usize, baseline: f64, shape: &mut TextShape) {
    let size = f64::from(SIZE);
    let left = f64::from(glyph.x) / size + f64::from(glyph.x_offset);
    let baseline = baseline + f64::from(glyph.y) / size - f64::from(glyph.y_offset);
    let width = f64::from(glyph.w) / size;
    if glyph.glyph_id == 0 {
        missing(left, baseline, width, &mut shape.outline);
        return;
    }
    if let Some(image) = fonts.picture(glyph) {
        let shown = image.placement;
        let unit = f64::from(EMOJI);
        shape.emoji.push(Emoji {
            name: emoji::name(&line[glyph.start..glyph.end], nth),
            area: Rect {
                x: left + f64::from(shown.left) / unit,
                y: baseline - f64::from(shown.top) / unit,
                width: f64::from(shown.width) / unit,
                height: f64::from(shown.height) / unit,
            },
        });
        return;
    }
    let key = key(glyph, SIZE);
    let commands = fonts.glyphs.get_outline_commands_uncached(&mut fonts.system, key);
    match commands {
        Some(commands) if !commands.is_empty() => trace(&commands, left, baseline, &mut shape.outline),
        // A font that has a sign, but in a form that is not known here.
        _ if line[glyph.start..glyph.end]
            .chars()
            .any(|letter| !emoji::is_silent(letter)) =>
        {
            missing(left, baseline, width, &mut shape.outline);
        }
        _ => (),
    }
}

/// The plain box in place of a letter: as high as a capital, its border a sixteenth of the font's size.
fn missing(left: f64, baseline: f64, width: f64, outline: &mut Vec<PathStep>) {
    const BORDER: f64 = 0.0625;
    let [left, top, right, bottom] = [left + BORDER, baseline - 0.727, left + width - BORDER, baseline];
    if right - left <= 2.0 * BORDER {
        return;
    }
    let mut path = PathBuilder(std::mem::take(outline));
    path.polygon([(left, bottom), (right, bottom), (right, top), (left, top)]);
    let [left, top, right, bottom] = [left + BORDER, top + BORDER, right - BORDER, bottom - BORDER];
    path.polygon([(left, bottom), (left, top), (right, top), (right, bottom)]);
    *outline = path.0;
}

/// Commands of a font, which look up from the baseline, as steps.
fn trace(commands: &[Command], left: f64, baseline: f64, outline: &mut Vec<PathStep>) {
    let size = f64::from(SIZE);
    let mut path = PathBuilder(std::mem::take(outline));
    let mut open = false;
    let mut last = Vector(left, baseline);
    for command in commands {
        let at = |x: f32, y: f32| Vector(left + f64::from(x) / size, baseline - f64::from(y) / size);
        match command {
            Command::MoveTo(to) => {
                if open {
                    path.close();
                }
                (open, last) = (true, at(to.x, to.y));
                path.move_to(last);
            }
            Command::LineTo(to) => {
                last = at(to.x, to.y);
                path.line_to(last);
            }
            Command::QuadTo(handle, to) => {
                let (handle, to) = (at(handle.x, handle.y), at(to.x, to.y));
                path.cubic(last.toward_by(handle, 2.0 / 3.0), to.toward_by(handle, 2.0 / 3.0), to);
                last = to;
            }
            Command::CurveTo(first, second, to) => {
                last = at(to.x, to.y);
                path.cubic(at(first.x, first.y), at(second.x, second.y), last);
            }
            Command::Close => {
                if open {
                    path.close();
                }
                open = false;
            }
        }
    }
    if open {
        path.close();
    }
    *outline = path.0;
}

fn key(glyph: &LayoutGlyph, size: f32) -> CacheKey {
    CacheKey {
        font_id: glyph.font_id,
        glyph_id: glyph.glyph_id,
        font_size_bits: size.to_bits(),
        x_bin: SubpixelBin::Zero,
        y_bin: SubpixelBin::Zero,
        font_weight: glyph.font_weight,
        flags: CacheKeyFlags::DISABLE_HINTING,
    }
}

impl Fonts {
    /// Gives every glyph of a line, and which of the glyphs of its letters it is, from 0; then the width of the line.
    pub(crate) fn line(&mut self, line: &str, bold: bool, mut each: impl FnMut(&mut Self, &LayoutGlyph, usize)) -> f64 {
        let plain = Attrs::new()
            .family(Family::Name(INTER))
            .weight(if bold { Weight::BOLD } else { Weight::NORMAL });
        let family = self.emoji.clone();
        let colored = family
            .as_deref()
            .map_or_else(|| plain.clone(), |family| Attrs::new().family(Family::Name(family)));
        let spans = runs(line).map(|(run, is_emoji)| (run, if is_emoji { colored.clone() } else { plain.clone() }));
        let mut buffer = Buffer::new_empty(Metrics::new(SIZE, SIZE));
        buffer.set_size(None, None);
        buffer.set_wrap(Wrap::None);
        buffer.set_rich_text(spans, &plain, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.system, false);
        let mut width = 0.0;
        for run in buffer.layout_runs() {
            width = f64::max(width, f64::from(run.line_w) / f64::from(SIZE));
            let mut before = (usize::MAX, usize::MAX, 0);
            for glyph in run.glyphs {
                let nth = if (before.0, before.1) == (glyph.start, glyph.end) {
                    before.2 + 1
                } else {
                    0
                };
                before = (glyph.start, glyph.end, nth);
                each(self, glyph, nth);
            }
        }
        width
    }

    /// The picture of a glyph, where it is one: straight RGBA, at a font size of [`EMOJI`].
    pub(crate) fn picture(&mut self, glyph: &LayoutGlyph) -> Option<&SwashImage> {
        let font = self.system.get_font(glyph.font_id, glyph.font_weight)?;
        let layered = font.as_swash().color_palettes().next().is_some();
        if !layered && font.as_swash().color_strikes().next().is_none() {
            return None;
        }
        let key = key(glyph, EMOJI);
        if self.glyphs.image_cache.len() > KEPT {
            self.glyphs.image_cache.clear();
        }
        let (system, glyphs) = (&mut self.system, &mut self.glyphs);
        if !glyphs.image_cache.contains_key(&key) {
            let mut image = glyphs.get_image_uncached(system, key);
            if let (true, Some(image)) = (layered, image.as_mut()) {
                // Layers of color come laid over nothing, their colors multiplied by alpha.
                emoji::unmultiply(&mut image.data);
            }
            glyphs.image_cache.insert(key, image);
        }
        glyphs.image_cache.get(&key)?.as_ref().filter(|image| {
            image.content == SwashContent::Color && image.placement.width > 0 && image.placement.height > 0
        })
    }
}

impl TextShape {
    /// The middle of the box around the outline, handles included; none without an outline.
    pub(crate) fn middle(&self) -> Option<Point> {
        let points = || self.outline.iter().flat_map(PathStep::points);
        let middle = |of: fn(&Point) -> f64| {
            let least = points().map(|point| of(&point)).reduce(f64::min)?;
            let most = points().map(|point| of(&point)).reduce(f64::max)?;
            Some(least.midpoint(most))
        };
        Some(Point {
            x: middle(|point| point.x)?,
            y: middle(|point| point.y)?,
        })
    }
}
