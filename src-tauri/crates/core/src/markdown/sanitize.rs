//! Takes the characters out of hostile text that reorder it, hide in it, or drive a terminal.

use std::borrow::Cow;

/// Text safe to show: line ends become `\n`, controls become their visible picture, what reorders text becomes `�`,
/// and invisible characters go, except joiners and variation selectors where scripts and emoji need them.
/// Doing it twice changes nothing.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte == b'\n' || byte == b'\t' || (b' '..=b'~').contains(&byte))
    {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    append(&mut clean, text);
    Cow::Owned(clean)
}

/// One line of safe text for titles, file and branch names: white space runs become one space, the ends are trimmed,
/// and from `limit` characters on it is cut with an ellipsis.
pub fn line(text: &str, limit: usize) -> String {
    // A hostile line of a megabyte is not walked to its end for the sake of its first characters.
    let bound = text.floor_char_boundary(limit.saturating_mul(32));
    let clean = sanitize(&text[..bound]);
    let mut line = String::new();
    let mut length = 0;
    let mut longer = bound < text.len();
    'words: for word in clean.split_whitespace() {
        let gap = usize::from(length > 0);
        for character in std::iter::repeat_n(' ', gap).chain(word.chars()) {
            if length == limit {
                longer = true;
                break 'words;
            }
            line.push(character);
            length += 1;
        }
    }
    if longer && limit > 0 {
        if length == limit {
            line.pop();
        }
        line.push('…');
    }
    line
}

/// Appends hostile text to text that is already safe, with an eye on what stands before.
pub(super) fn append(clean: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => clean.push('\n'),
            '\n' | '\t' => clean.push(character),
            '\0'..='\u{1f}' => {
                clean.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'));
            }
            '\u{7f}' => clean.push('\u{2421}'),
            '\u{80}'..='\u{9f}' => clean.push('\u{fffd}'),
            _ if is_bidi(character) => clean.push('\u{fffd}'),
            '\u{200c}' | '\u{200d}' => {
                let needed = clean
                    .chars()
                    .next_back()
                    .is_some_and(|before| !before.is_ascii() && !is_joiner(before) && before != '\u{fffd}');
                if needed {
                    clean.push(character);
                }
            }
            '\u{fe00}'..='\u{fe0f}' => {
                let needed = clean
                    .chars()
                    .next_back()
                    .is_some_and(|before| !before.is_whitespace() && !is_joiner(before) && !is_selector(before));
                if needed {
                    clean.push(character);
                }
            }
            _ if is_invisible(character) => {}
            _ => clean.push(character),
        }
    }
}

/// What reorders text: embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX #9).
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character has no picture of its own, or changes the order of others.
pub fn is_invisible(character: char) -> bool {
    is_bidi(character)
        || is_joiner(character)
        || is_selector(character)
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2060}'..='\u{2065}'
                | '\u{206a}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_or_reorders_is_taken_out_and_scripts_stay_whole() {
        let table = [
            ("plain\ttext\n", "plain\ttext\n"),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
            ("photo\u{202e}gpj.exe", "photo\u{fffd}gpj.exe"),
            ("a\u{200b}d\u{feff}m\u{ad}in", "admin"),
            ("ad\u{200d}min", "admin"),
            ("\u{1b}[31mred\u{7}\u{7f}\u{9b}", "␛[31mred␇␡\u{fffd}"),
            (
                "👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥 1\u{fe0f}\u{20e3}",
                "👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥 1\u{fe0f}\u{20e3}",
            ),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("é\u{200d}\u{200d}\u{200d}x", "é\u{200d}x"),
            ("hi\u{e0068}\u{e0069}", "hi"),
        ];
        for (text, expected) in table {
            assert_eq!(sanitize(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_and_bounded() {
        let table = [
            ("  a \n\n b\t", 10, "a b"),
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("ab cd ef", 5, "ab c…"),
            ("ab cd", 5, "ab cd"),
            ("", 5, ""),
            ("ab", 0, ""),
        ];
        for (text, limit, expected) in table {
            assert_eq!(line(text, limit), expected, "{text:?} in {limit}");
        }
    }

    proptest! {
        #[test]
        fn sanitizing_is_idempotent_and_leaves_nothing_that_reorders(text in "\\PC*|.*|[\u{0}-\u{2ff}\u{2000}-\u{206f}\u{fe00}-\u{feff}]*") {
            let once = sanitize(&text).into_owned();
            prop_assert_eq!(sanitize(&once).into_owned(), once.clone());
            prop_assert!(!once.chars().any(|c| is_bidi(c) || (c.is_control() && c != '\n' && c != '\t')));
        }

        #[test]
        fn a_line_never_exceeds_its_limit(text in ".*", limit in 0usize..40) {
            let line = line(&text, limit);
            prop_assert!(line.chars().count() <= limit);
            prop_assert!(!line.contains('\n'));
        }
    }
}
