//! Splits growing markdown into top-level sections, so that only the last one grows. A cut depends on the text alone,
//! never on the pieces it arrived in. Reference links across sections are not resolved: agents do not write them.

use std::borrow::Cow;

/// From this size on a section is split at the next line that allows it: what grows is sent anew each time, and drawn
/// as a whole. Between two lines of words or two items of a list that hardly shows.
const SIZE_LIMIT: usize = 4 * 1024;
/// The same for code, where each part gets a frame of its own.
const CODE_LIMIT: usize = 16 * 1024;

/// What the open section is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum State {
    /// Ends at a blank line: paragraphs, tables, quotations.
    #[default]
    Paragraph,
    /// Goes on after a blank line with items and indented text.
    List,
    /// Goes on until its fence is closed.
    Fence { mark: u8, length: usize },
    /// Goes on with indented lines.
    Indented,
    /// Complete: a heading or a closed fence.
    Closed,
}

#[derive(Debug, Clone)]
struct Section {
    start: usize,
    /// The line that opens the fence this section continues.
    prefix: Option<String>,
}

/// Growing text and its sections.
#[derive(Debug, Clone, Default)]
pub(super) struct Sections {
    text: String,
    sections: Vec<Section>,
    state: State,
    /// Where the last, unfinished line begins.
    line_start: usize,
    /// Whether it is known to which section that line belongs.
    decided: bool,
    /// Whether the line before it was blank.
    after_blank: bool,
}

impl Sections {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn count(&self) -> usize {
        self.sections.len()
    }

    /// The text of one section without the blank lines after it.
    pub(super) fn section(&self, index: usize) -> Option<Cow<'_, str>> {
        let section = self.sections.get(index)?;
        let end = self.sections.get(index + 1).map_or(self.text.len(), |next| next.start);
        let text = self.text[section.start..end].trim_end_matches(['\n', '\r', ' ']);
        Some(match &section.prefix {
            None => Cow::Borrowed(text),
            Some(prefix) => Cow::Owned(format!("{prefix}\n{text}")),
        })
    }

    pub(super) fn push(&mut self, piece: &str) {
        let mut from = self.text.len();
        self.text.push_str(piece);
        while let Some(found) = self.text[from..].find('\n') {
            let end = from + found;
            self.line(end, true);
            self.line_start = end + 1;
            from = end + 1;
        }
        if !self.decided && self.line_start < self.text.len() {
            self.line(self.text.len(), false);
        }
    }

    /// Looks at the line that begins at `line_start`.
    fn line(&mut self, end: usize, complete: bool) {
        let whole = self.text[self.line_start..end].trim_end_matches('\r');
        let bare = whole.trim_start_matches([' ', '\t']);
        let indent = indent(whole);
        if bare.is_empty() {
            if complete {
                self.after_blank = true;
                self.decided = false;
            }
            return;
        }
        if !self.decided {
            let Some(begins) = self.begins(bare, indent, complete) else {
                return;
            };
            self.decided = true;
            if begins {
                let prefix = self.prefix();
                self.sections.push(Section {
                    start: self.line_start,
                    prefix,
                });
                if !matches!(self.state, State::Fence { .. }) {
                    self.state = State::Paragraph;
                }
            }
        }
        if complete {
            self.advance(end);
            self.decided = false;
            self.after_blank = false;
        }
    }

    /// Whether the line begins a section; none while more of it has to be seen.
    fn begins(&self, bare: &str, indent: usize, complete: bool) -> Option<bool> {
        let Some(section) = self.sections.last() else {
            return Some(true);
        };
        let limit = match self.state {
            State::Fence { .. } | State::Indented => CODE_LIMIT,
            _ => SIZE_LIMIT,
        };
        let full = self.line_start - section.start > limit;
        let first = bare.as_bytes()[0];
        let may_interrupt = matches!(first, b'#' | b'`' | b'~');
        match &self.state {
            State::Closed => Some(true),
            State::Fence { mark, length } => {
                if !full {
                    return Some(false);
                }
                complete.then(|| !closes(bare, *mark, *length))
            }
            State::Indented if indent >= 4 => Some(full),
            State::Indented => Some(true),
            State::List if self.after_blank || full => {
                if indent >= 2 {
                    return Some(false);
                }
                match marker(bare, complete) {
                    None => None,
                    Some(true) => Some(full),
                    Some(false) if self.after_blank => Some(true),
                    Some(false) => interrupts(bare, complete),
                }
            }
            State::List if may_interrupt && indent < 2 => interrupts(bare, complete),
            State::Paragraph if self.after_blank || (full && first != b'|') => Some(true),
            State::Paragraph if may_interrupt && indent < 4 => interrupts(bare, complete),
            State::List | State::Paragraph => Some(false),
        }
    }

    /// The opening line to repeat when a fence is split.
    fn prefix(&self) -> Option<String> {
        let State::Fence { .. } = self.state else {
            return None;
        };
        let section = self.sections.last()?;
        if section.prefix.is_some() {
            return section.prefix.clone();
        }
        self.text[section.start..].lines().next().map(str::to_owned)
    }

    /// Learns what the section is from a complete line.
    fn advance(&mut self, end: usize) {
        let whole = self.text[self.line_start..end].trim_end_matches('\r');
        let bare = whole.trim_start_matches([' ', '\t']);
        let is_first = self
            .sections
            .last()
            .is_some_and(|section| section.start == self.line_start);
        match self.state {
            State::Fence { mark, length } => {
                if closes(bare, mark, length) {
                    self.state = State::Closed;
                }
            }
            State::Paragraph => {
                if marker(bare, true) == Some(true) {
                    self.state = State::List;
                } else if is_first {
                    self.state = match fence(bare) {
                        _ if indent(whole) >= 4 => State::Indented,
                        Some((mark, length)) => State::Fence { mark, length },
                        None if is_heading(bare) => State::Closed,
                        None => State::Paragraph,
                    };
                }
            }
            State::List | State::Indented | State::Closed => {}
        }
    }
}

fn indent(line: &str) -> usize {
    let mut indent = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => indent += 1,
            b'\t' => indent += 4 - indent % 4,
            _ => break,
        }
    }
    indent
}

/// Whether a line ends a paragraph without a blank line before it: a heading or a fence.
fn interrupts(bare: &str, complete: bool) -> Option<bool> {
    if !matches!(bare.as_bytes()[0], b'#' | b'`' | b'~') {
        return Some(false);
    }
    complete.then(|| is_heading(bare) || fence(bare).is_some())
}

fn is_heading(bare: &str) -> bool {
    let rest = bare.trim_start_matches('#');
    let level = bare.len() - rest.len();
    (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// The fence a line opens: its character and length.
fn fence(bare: &str) -> Option<(u8, usize)> {
    let mark = *bare.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = bare.bytes().take_while(|byte| *byte == mark).count();
    let is_code_in_line = mark == b'`' && bare[length..].contains('`');
    (length >= 3 && !is_code_in_line).then_some((mark, length))
}

fn closes(bare: &str, mark: u8, length: usize) -> bool {
    let found = bare.bytes().take_while(|byte| *byte == mark).count();
    found >= length && bare[found..].trim().is_empty()
}

/// Whether a line begins an item of a list; none while more of it has to be seen.
fn marker(bare: &str, complete: bool) -> Option<bool> {
    let bytes = bare.as_bytes();
    let after = match bytes[0] {
        b'-' | b'*' | b'+' => 1,
        b'0'..=b'9' => {
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match bytes.get(digits) {
                Some(b'.' | b')') if digits <= 9 => digits + 1,
                None if !complete && digits <= 9 => return None,
                _ => return Some(false),
            }
        }
        _ => return Some(false),
    };
    match bytes.get(after) {
        Some(b' ' | b'\t') => Some(true),
        Some(_) => Some(false),
        None => complete.then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(pieces: &[&str]) -> Vec<String> {
        let mut sections = Sections::default();
        for piece in pieces {
            sections.push(piece);
        }
        (0..sections.count())
            .filter_map(|index| sections.section(index))
            .map(Cow::into_owned)
            .collect()
    }

    #[test]
    fn sections_are_the_blocks_a_reader_sees() {
        let table: [(&str, &[&str]); 12] = [
            ("one line", &["one line"]),
            ("\n\n one\ntwo\n\n\nthree", &[" one\ntwo", "three"]),
            ("# Head\ntext\n## Next\n", &["# Head", "text", "## Next"]),
            ("a\n```rust\nx\n\ny\n```\nb", &["a", "```rust\nx\n\ny\n```", "b"]),
            ("~~~\n```\n\n~~~~\nb", &["~~~\n```\n\n~~~~", "b"]),
            ("```a``` is code\nstill", &["```a``` is code\nstill"]),
            (
                "- a\n\n- b\n\n  more\n1. c\n\nend",
                &["- a\n\n- b\n\n  more\n1. c", "end"],
            ),
            ("- a\n\n**bold**", &["- a", "**bold**"]),
            ("text\n- a\n\n- b\n", &["text\n- a\n\n- b"]),
            ("|a|b|\n|-|-|\n|1|2|\n\nend", &["|a|b|\n|-|-|\n|1|2|", "end"]),
            ("    code\n\n    more\ntext", &["    code\n\n    more", "text"]),
            ("a\r\n\r\nb\r\n", &["a", "b"]),
        ];
        for (text, expected) in table {
            assert_eq!(split(&[text]), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_without_an_end_are_split_between_two_of_them() {
        let line = "0123456789abcde\n";
        let sizes: Vec<_> = split(&[&line.repeat(600)]).iter().map(String::len).collect();
        assert_eq!(
            sizes,
            [4_111, 4_111, 1_375],
            "9.4 KB of words at a little over 4 KB each, without the last break"
        );
    }

    #[test]
    fn a_long_list_is_split_between_two_items() {
        let table = [
            ("- 0123456789abc\n", [4_111, 4_111, 1_375]),
            ("12. 456789abcde\n", [4_111, 4_111, 1_375]),
        ];
        for (item, expected) in table {
            let sizes: Vec<_> = split(&[&item.repeat(600)]).iter().map(String::len).collect();
            assert_eq!(sizes, expected, "9.4 KB of {item:?} at a little over 4 KB each");
        }
    }

    #[test]
    fn a_long_fence_is_split_and_opened_again() {
        let line = "0123456789abcdef\n";
        let text = format!("```js\n{}```\nend", line.repeat(2000));
        let parts = split(&[&text]);
        assert_eq!(parts.len(), 4, "34 KB of code at 16 KB each, and the end");
        assert!(
            parts[1].starts_with("```js\n0123") && parts[2].ends_with("\n```"),
            "each part is a fence of its own"
        );
        assert_eq!(parts[3], "end");
    }

    proptest! {
        #[test]
        fn sections_do_not_depend_on_the_pieces(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "a", " ", "\n", "\n\n", "- ", "1. ", "12", "# ", "#", "```", "`", "~~~", "    ", "|", "> ", "*", "é", "\r\n",
                ]),
                0..60,
            ),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let text = words.concat();
            let mut places: Vec<usize> = cuts.iter().map(|cut| text.floor_char_boundary(cut.index(text.len() + 1))).collect();
            places.extend([0, text.len()]);
            places.sort_unstable();
            let pieces: Vec<&str> = places.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
            prop_assert_eq!(split(&pieces), split(&[&text]));
        }
    }
}
