//! Text of any length, cut to what a page can show, made safe, and counted.

use std::borrow::Cow;

use crate::markdown;
use crate::model::{Clip, ClipCut, DiffLine};

/// Lines of one change.
const LINES: usize = 4000;
/// Bytes that a line is counted for besides its own.
const LINE: usize = 24;

/// How many bytes of text may still be shown.
pub(super) struct Budget {
    left: usize,
    spent: usize,
}

impl Budget {
    pub(super) fn new(left: usize) -> Self {
        Self { left, spent: 0 }
    }

    /// A budget within this one; [`Budget::spent`] takes what it used.
    pub(super) fn part(&self, limit: usize) -> Self {
        Self::new(self.left.min(limit))
    }

    pub(super) fn spent(&mut self, part: &Self) {
        self.take(part.spent);
    }

    fn take(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
        self.spent += bytes;
    }

    /// As much of a text as there is room for, safe to show.
    pub(super) fn clip(&mut self, text: &str) -> Clip {
        let shown = text.floor_char_boundary(self.left);
        self.take(shown);
        Clip {
            text: markdown::sanitize(&text[..shown]).into_owned(),
            cut: (shown < text.len()).then_some(ClipCut {
                shown: shown as u64,
                bytes: text.len() as u64,
            }),
        }
    }

    /// As many lines as there is room for, and whether there were more.
    pub(super) fn lines(&mut self, lines: Vec<DiffLine>) -> (Vec<DiffLine>, bool) {
        let mut shown = Vec::new();
        for line in lines {
            let bytes = line.text.len() + LINE;
            if bytes > self.left || shown.len() == LINES {
                return (shown, true);
            }
            self.take(bytes);
            shown.push(DiffLine {
                text: markdown::sanitize(&line.text).replace('\n', " "),
                ..line
            });
        }
        (shown, false)
    }
}

/// What a terminal would have shown: colors and moves of its cursor are taken out (ECMA-48, control sequences).
pub(crate) fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let sequence = &rest[at + 1..];
        let length = match sequence.as_bytes().first() {
            Some(b'[') => sequence
                .bytes()
                .skip(1)
                .position(|byte| (b'@'..=b'~').contains(&byte))
                .map(|end| end + 2),
            // A title of the window, or a link.
            Some(b']') => sequence.find('\u{7}').map(|end| end + 1),
            Some(b'(' | b')') => Some(sequence.char_indices().nth(2).map_or(sequence.len(), |(at, _)| at)),
            _ => None,
        };
        // One that does not end is shown for what it is.
        let Some(length) = length.filter(|length| *length <= 4096) else {
            plain.push('\u{1b}');
            rest = sequence;
            continue;
        };
        rest = &sequence[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_does_not_show_is_not_shown() {
        let table = [
            ("\u{1b}[32mok\u{1b}[0m", "ok"),
            ("\u{1b}[2K\u{1b}[1Gdone", "done"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}(Btext", "text"),
            ("no end \u{1b}[", "no end \u{1b}["),
            ("\u{1b}", "\u{1b}"),
            ("plain", "plain"),
        ];
        for (text, expected) in table {
            assert_eq!(without_escapes(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_clip_is_never_longer_than_there_is_room_for(text in ".*", more in ".*", room in 0usize..60) {
            let mut budget = Budget::new(room);
            let clips = [budget.clip(&text), budget.clip(&more)];
            let shown: usize = clips.iter().zip([&text, &more]).map(|(clip, whole)| {
                clip.cut.map_or(whole.len(), |cut| cut.shown as usize)
            }).sum();
            prop_assert!(shown <= room);
        }

        #[test]
        fn taking_escapes_out_never_fails(text in "(\\PC|\u{1b}|\\[|\\]|\\(|m|\u{7})*") {
            let _ = without_escapes(&text);
        }
    }
}
