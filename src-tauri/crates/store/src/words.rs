//! Words of a text, cut and folded in one way for the index, for the question and for the marks in what was found.
//! Case, accents and the width of letters do not matter. Where words are written without spaces between them, each
//! sign is a word, and a word of several signs is found as signs in a row. Pure.

use std::ops::Range;

use icu_normalizer::DecomposingNormalizer;
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::{CanonicalCombiningClassMap, CanonicalCombiningClassMapBorrowed};

/// Bytes of a folded word that count; what is longer is no word anyone types.
const LONGEST: usize = 64;

const NORMALIZER: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfkd();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMap::new();

/// Whether it belongs to the letter before it: an accent, a point, a vowel sign.
fn is_mark(character: char) -> bool {
    CLASSES.get_u8(character) != 0
}

/// Whether words of its script stand without spaces between them: Han, kana, Thai, Lao, Burmese, Khmer.
pub(crate) fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

fn fold(character: char, folded: &mut String) {
    for part in NORMALIZER.normalize_iter(std::iter::once(character)) {
        if matches!(part, 'ß' | 'ẞ') {
            folded.push_str("ss");
        } else if part.is_alphanumeric() && !is_mark(part) {
            folded.extend(part.to_lowercase());
        }
    }
}

/// Calls back with each word: where it stands in the text, in bytes, and how it reads folded.
pub(crate) fn each_word(text: &str, mut take: impl FnMut(Range<usize>, &str)) {
    let mut folded = String::new();
    let mut from = 0;
    let end = |folded: &mut String, range: Range<usize>, take: &mut dyn FnMut(Range<usize>, &str)| {
        if !folded.is_empty() {
            take(range, folded.as_str());
            folded.clear();
        }
    };
    for (at, character) in text.char_indices() {
        let ascii = character.is_ascii();
        let letter = character.is_alphanumeric();
        if !letter && (ascii || !is_mark(character)) {
            end(&mut folded, from..at, &mut take);
        } else if letter && !ascii && stands_alone(character) {
            end(&mut folded, from..at, &mut take);
            folded.push(character);
            end(&mut folded, at..at + character.len_utf8(), &mut take);
        } else {
            if folded.is_empty() {
                from = at;
            }
            if folded.len() >= LONGEST {
                continue;
            }
            if ascii {
                folded.push(character.to_ascii_lowercase());
            } else {
                fold(character, &mut folded);
            }
        }
    }
    end(&mut folded, from..text.len(), &mut take);
}

/// The words of a text with one space between them: what the index is fed.
pub(crate) fn fed(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    each_word(text, |_, word| {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    });
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_folded_in_one_way() {
        let table = [
            ("", ""),
            ("Fix the LOGIN-form!", "fix the login form"),
            ("src/login_form.css", "src login form css"),
            ("Größe café CAFE\u{301} ÅNGSTRÖM", "große cafe cafe angstrom"),
            ("ＬＯＧＩＮ ﬁle", "login file"),
            ("登录 button", "登 录 button"),
            ("ログイン画面", "ロ グ イ ン 画 面"),
            ("שלום עולם", "שלום עולם"),
            ("a\0b\u{202e}c", "a b c"),
            ("\u{301}", ""),
            ("한국어 앱", "한국어 앱"),
            ("x1 2y", "x1 2y"),
        ];
        for (text, expected) in table {
            let mut folded = String::new();
            fold_whole(expected, &mut folded);
            assert_eq!(fed(text), folded, "{text:?}");
        }
    }

    /// Hangul folds to its parts, which nobody would write into a table.
    fn fold_whole(text: &str, folded: &mut String) {
        for character in text.chars() {
            if character == ' ' || stands_alone(character) {
                folded.push(character);
            } else {
                fold(character, folded);
            }
        }
    }

    #[test]
    fn a_word_says_where_it_stands() {
        let text = "Ein Größen-Test: 登录";
        let mut places = Vec::new();
        each_word(text, |range, _| places.push(&text[range]));
        assert_eq!(places, ["Ein", "Größen", "Test", "登", "录"]);
    }

    #[test]
    fn what_is_no_word_anyone_types_is_cut() {
        let long = "x".repeat(5_000);
        assert_eq!(fed(&long).len(), LONGEST);
    }
}
