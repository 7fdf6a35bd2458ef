//! Finds what looks like a key in words, before they are sent. Pure; nothing that is found is kept or told of elsewhere.
//! A word is a run of letters, digits, `-` and `_`: each is looked at once, so the time is linear in the length.

mod around;
mod likeness;
mod table;
#[cfg(test)]
mod tests;

use crate::model::{KeyKind, KeyShape};

/// What lies behind is not looked at: a prompt this long is refused anyway.
const MOST_BYTES: usize = 4 << 20;
/// More are not told of. A log says the same key on every line, and another may stand behind it.
const MOST_FOUND: usize = 5_000;

/// A finding, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: usize,
    to: usize,
    kind: KeyKind,
}

/// Finds at most 5,000 places in the first 4 MiB of `text` that look like a key, in order, none over another.
pub fn find(text: &str) -> Vec<KeyShape> {
    let bytes = text.as_bytes().get(..MOST_BYTES).unwrap_or(text.as_bytes());
    in_units(text, &spans(bytes))
}

/// The words with each place that looks like a key replaced, however many there are, and how many there were.
pub fn replaced(text: &str, with: &str) -> (String, usize) {
    let (mut whole, mut count) = (String::with_capacity(text.len()), 0);
    let mut rest = text;
    while !rest.is_empty() {
        let looked_at = rest.floor_char_boundary(MOST_BYTES);
        let found = spans(&rest.as_bytes()[..looked_at]);
        let mut at = 0;
        for span in &found {
            whole.push_str(rest.get(at..span.from).unwrap_or_default());
            whole.push_str(with);
            at = span.to;
        }
        count += found.len();
        let end = if found.len() < MOST_FOUND {
            looked_at.max(at)
        } else {
            at
        };
        whole.push_str(rest.get(at..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    (whole, count)
}

fn spans(bytes: &[u8]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    // What only its surroundings make a key gives way to what is one by itself.
    let mut last_is_around = false;
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST_FOUND {
        let end = at + run(&bytes[at..], is_word);
        if end == at {
            at += 1;
            continue;
        }
        let by_itself = starts(bytes, at, end).find_map(|start| table::key_at(bytes, start));
        let free = found.last().map_or(0, |last| last.to);
        if let Some(span) = by_itself {
            if last_is_around && span.from < free {
                found.pop();
            }
            found.push(span);
            last_is_around = false;
            at = span.to.max(end);
            continue;
        }
        let around = starts(bytes, at, end).find_map(|start| around::key_at(bytes, start, end));
        at = end;
        if let Some(span) = around.filter(|span| span.from >= free) {
            found.push(span);
            last_is_around = span.kind != KeyKind::PrivateKey;
            if !last_is_around {
                at = span.to.max(end);
            }
        }
    }
    found
}

/// Where a key may begin in a word: at its start, behind dashes that only decorate it, and behind the rest of an escape
/// (`\n`, `%3D`) that ran into it.
fn starts(bytes: &[u8], at: usize, end: usize) -> impl Iterator<Item = usize> {
    let word = &bytes[at..end];
    let decorated = run(word, |byte| matches!(byte, b'-' | b'_'));
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let escape = match (before, word) {
        (Some(b'\\'), [b'n' | b'r' | b't', ..]) => 1,
        (Some(b'%'), [one, other, ..]) if one.is_ascii_hexdigit() && other.is_ascii_hexdigit() => 2,
        _ => 0,
    };
    let behind = |skipped: usize| (skipped > 0 && skipped < word.len()).then_some(at + skipped);
    [Some(at), behind(decorated), behind(escape)].into_iter().flatten()
}

/// How many bytes of its beginning are of one kind.
fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of(**byte)).count()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Counts as the page does. Ordered spans are needed; one walk over the words.
fn in_units(text: &str, spans: &[Span]) -> Vec<KeyShape> {
    let (mut byte, mut unit) = (0, 0_u32);
    let mut units_to = |to: usize| {
        let passed = text.get(byte..to).unwrap_or_default();
        unit = unit.saturating_add(passed.chars().map(|character| character.len_utf16() as u32).sum());
        byte = to;
        unit
    };
    spans
        .iter()
        .map(|span| KeyShape {
            from: units_to(span.from),
            to: units_to(span.to),
            kind: span.kind,
        })
        .collect()
}
