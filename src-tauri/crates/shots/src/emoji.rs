//! Emoji: which signs are pictures, the names these go by, and the pictures themselves.

use crate::encode::{self, Effort};
use crate::fonts;
use crate::raster::Raster;

/// Signs that are pictures unless something behind them says otherwise (`Emoji_Presentation` of Unicode), below U+1F000.
const PICTURES: [(char, char); 45] = [
    ('\u{231a}', '\u{231b}'),
    ('\u{23e9}', '\u{23ec}'),
    ('\u{23f0}', '\u{23f0}'),
    ('\u{23f3}', '\u{23f3}'),
    ('\u{25fd}', '\u{25fe}'),
    ('\u{2614}', '\u{2615}'),
    ('\u{2648}', '\u{2653}'),
    ('\u{267f}', '\u{267f}'),
    ('\u{2693}', '\u{2693}'),
    ('\u{26a1}', '\u{26a1}'),
    ('\u{26aa}', '\u{26ab}'),
    ('\u{26bd}', '\u{26be}'),
    ('\u{26c4}', '\u{26c5}'),
    ('\u{26ce}', '\u{26ce}'),
    ('\u{26d4}', '\u{26d4}'),
    ('\u{26ea}', '\u{26ea}'),
    ('\u{26f2}', '\u{26f3}'),
    ('\u{26f5}', '\u{26f5}'),
    ('\u{26fa}', '\u{26fa}'),
    ('\u{26fd}', '\u{26fd}'),
    ('\u{2705}', '\u{2705}'),
    ('\u{270a}', '\u{270b}'),
    ('\u{2728}', '\u{2728}'),
    ('\u{274c}', '\u{274c}'),
    ('\u{274e}', '\u{274e}'),
    ('\u{2753}', '\u{2755}'),
    ('\u{2757}', '\u{2757}'),
    ('\u{2795}', '\u{2797}'),
    ('\u{27b0}', '\u{27b0}'),
    ('\u{27bf}', '\u{27bf}'),
    ('\u{2b1b}', '\u{2b1c}'),
    ('\u{2b50}', '\u{2b50}'),
    ('\u{2b55}', '\u{2b55}'),
    ('\u{1f004}', '\u{1f004}'),
    ('\u{1f0cf}', '\u{1f0cf}'),
    ('\u{1f18e}', '\u{1f18e}'),
    ('\u{1f191}', '\u{1f19a}'),
    ('\u{1f1e6}', '\u{1f1ff}'),
    ('\u{1f201}', '\u{1f201}'),
    ('\u{1f21a}', '\u{1f21a}'),
    ('\u{1f22f}', '\u{1f22f}'),
    ('\u{1f232}', '\u{1f23a}'),
    ('\u{1f250}', '\u{1f251}'),
    ('\u{1f300}', '\u{1f6ff}'),
    ('\u{1f7e0}', '\u{1faff}'),
];
const AS_PICTURE: char = '\u{fe0f}';
const AS_LETTER: char = '\u{fe0e}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
/// Most signs that one emoji is made of: a flag of a region is longer than any family.
const LONGEST: usize = 32;

/// Whether a sign only changes the one before it, or is empty.
pub(crate) fn is_silent(sign: char) -> bool {
    sign.is_whitespace()
        || follows(sign)
        || matches!(
            sign,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether a sign belongs to the emoji before it.
fn follows(sign: char) -> bool {
    matches!(sign, AS_PICTURE | JOINER | KEYCAP | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

fn is_picture(sign: char, next: Option<char>) -> bool {
    match next {
        Some(AS_PICTURE) => true,
        Some(AS_LETTER) => false,
        _ => PICTURES.iter().any(|(first, last)| (*first..=*last).contains(&sign)),
    }
}

/// A line as the stretches that are emoji (`true`) and those that are not.
pub(crate) fn runs(line: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut signs = rest.char_indices().peekable();
        let mut kind = None;
        let mut end = rest.len();
        let mut joined = false;
        while let Some((place, sign)) = signs.next() {
            let next = signs.peek().map(|(_, next)| *next);
            let belongs = kind == Some(true) && (follows(sign) || joined);
            let is_emoji = belongs || is_picture(sign, next);
            if *kind.get_or_insert(is_emoji) != is_emoji {
                end = place;
                break;
            }
            joined = sign == JOINER;
        }
        let (run, after) = rest.split_at(end);
        rest = after;
        Some((run, kind?))
    })
}

/// The name of the picture of an emoji: its signs in hexadecimal, and which of its pictures it is unless the first.
pub(crate) fn name(signs: &str, nth: usize) -> String {
    let signs: Vec<String> = signs.chars().map(|sign| format!("{:x}", u32::from(sign))).collect();
    let signs = signs.join("-");
    if nth == 0 { signs } else { format!("{signs}.{nth}") }
}

/// What a name says: the signs, and which of their pictures.
fn read(name: &str) -> Option<(String, usize)> {
    let (signs, nth) = name.split_once('.').unwrap_or((name, "0"));
    if signs.len() > LONGEST * 7 {
        return None;
    }
    let signs = signs
        .split('-')
        .map(|sign| u32::from_str_radix(sign, 16).ok().and_then(char::from_u32))
        .collect::<Option<String>>()?;
    (signs.chars().count() <= LONGEST).then_some((signs, nth.parse().ok()?))
}

/// The picture of an emoji as a PNG, by the name that [`crate::shape`] gave it: the one that [`crate::flatten`] draws.
/// `None` for a name that is none, and where no font has it.
pub fn emoji(name: &str) -> Option<Vec<u8>> {
    encode::png(&picture(name)?, Effort::Display)
}

/// The picture of an emoji: straight RGBA.
pub(crate) fn picture(name: &str) -> Option<Raster> {
    let (signs, nth) = read(name)?;
    if signs.chars().any(char::is_control) {
        return None;
    }
    let mut found = None;
    fonts::all().line(&signs, false, |fonts, glyph, glyph_nth| {
        if found.is_none() && glyph_nth == nth && glyph.start == 0 && glyph.end == signs.len() {
            found = fonts.picture(glyph).map(|image| Raster {
                width: image.placement.width,
                height: image.placement.height,
                channels: 4,
                samples: image.data.clone(),
            });
        }
    });
    found
}

/// Colors that were multiplied by alpha become straight.
pub(crate) fn unmultiply(samples: &mut [u8]) {
    for [color @ .., alpha] in samples.as_chunks_mut::<4>().0 {
        if *alpha > 0 {
            for sample in color {
                *sample = (u32::from(*sample) * 255 / u32::from(*alpha)).min(255) as u8;
            }
        }
    }
}
