//! Which parts of code are of which kind, for coloring: lexical, by `hl-lite`; what it does not know stays plain.

use hl_lite::{Kind, Lang};

use crate::model::{CodeKind, CodeRun};

/// So much of a block is colored, in bytes; what is behind stays plain.
const COLORED: usize = 64 << 10;

/// The parts of a block of code in order, as long as the page counts (UTF-16); together they are its colored beginning.
/// `language` is what stands behind a fence, or the ending of a file's name. Empty where there is nothing to color.
pub fn colors(language: &str, code: &str) -> Vec<CodeRun> {
    let code = &code[..code.floor_char_boundary(COLORED)];
    let language = language.trim();
    let mut runs = Runs(Vec::new());
    if ["diff", "patch", "udiff"].contains(&language.to_ascii_lowercase().as_str()) {
        for line in code.split_inclusive('\n') {
            runs.push(of_diff(line), line);
        }
    } else if let Some(known) = Lang::from_slug(language) {
        for span in hl_lite::highlight(known, code) {
            runs.push(of(span.kind), span.text);
        }
    }
    if runs.0.iter().all(|run| run.0 == CodeKind::Plain) {
        return Vec::new();
    }
    runs.0
}

/// Parts of one kind beside each other are one.
struct Runs(Vec<CodeRun>);

impl Runs {
    fn push(&mut self, kind: CodeKind, text: &str) {
        let length: u32 = text.chars().map(|character| character.len_utf16() as u32).sum();
        match self.0.last_mut() {
            // White space looks the same in every color.
            Some(last) if last.0 == kind || text.trim().is_empty() => last.1 += length,
            _ => self.0.push(CodeRun(kind, length)),
        }
    }
}

fn of(kind: Kind) -> CodeKind {
    match kind {
        Kind::Keyword => CodeKind::Keyword,
        Kind::String => CodeKind::Text,
        Kind::Comment => CodeKind::Comment,
        Kind::Number | Kind::Constant => CodeKind::Number,
        Kind::Type | Kind::Tag => CodeKind::Type,
        Kind::Function => CodeKind::Function,
        Kind::Attribute | Kind::Property => CodeKind::Property,
        _ => CodeKind::Plain,
    }
}

fn of_diff(line: &str) -> CodeKind {
    match line.as_bytes() {
        [b'+', ..] if !line.starts_with("+++ ") => CodeKind::Added,
        [b'-', ..] if !line.starts_with("--- ") => CodeKind::Removed,
        [b'@', b'@', ..] => CodeKind::Comment,
        _ => CodeKind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// The parts in words, for reading.
    fn shown(language: &str, code: &str) -> Vec<(CodeKind, String)> {
        let units: Vec<u16> = code.encode_utf16().collect();
        let mut at = 0;
        let part = |CodeRun(kind, length): CodeRun| {
            let text = String::from_utf16_lossy(&units[at..at + length as usize]);
            at += length as usize;
            (kind, text)
        };
        colors(language, code).into_iter().map(part).collect()
    }

    #[test]
    fn code_is_colored_by_its_language_and_counted_as_the_page_does() {
        let part = |kind, text: &str| (kind, text.to_owned());
        assert_eq!(
            shown("ts", "const a = \"\u{1f600}\"; // x"),
            [
                part(CodeKind::Keyword, "const"),
                part(CodeKind::Plain, " a = "),
                part(CodeKind::Text, "\"\u{1f600}\""),
                part(CodeKind::Plain, "; "),
                part(CodeKind::Comment, "// x"),
            ]
        );
        assert_eq!(
            shown("diff", "@@ -1 +1 @@\n-a\n+b\n c"),
            [
                part(CodeKind::Comment, "@@ -1 +1 @@\n"),
                part(CodeKind::Removed, "-a\n"),
                part(CodeKind::Added, "+b\n"),
                part(CodeKind::Plain, " c"),
            ]
        );
        assert_eq!(shown("brainfuck", "+++"), [], "what is not known stays plain");
        assert_eq!(shown("", "let a"), []);
    }

    #[test]
    fn a_long_block_is_colored_at_its_beginning_and_at_once() {
        let code = "let \"a\" /* { ( [ `${ <b> ''' # ".repeat(100_000);
        for language in [
            "rust",
            "ts",
            "py",
            "html",
            "md",
            "yaml",
            "bash",
            "css",
            "toml",
            "json",
            "dockerfile",
        ] {
            let begun = Instant::now();
            let length: u32 = colors(language, &code).iter().map(|run| run.1).sum();
            let took = begun.elapsed();
            assert!(length as usize <= COLORED, "{language}");
            assert!(
                took < Duration::from_millis(250),
                "{language} took {took:?}, unoptimized"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_it_is_the_parts_are_the_code(
            language in prop::sample::select(vec!["rust", "ts", "jsx", "py", "html", "md", "yaml", "bash", "css", "toml", "json", "docker", "diff"]),
            code in "(\\PC|\n|[\"'`{}<>/*#$\\\\-])*",
        ) {
            let length: u32 = colors(language, &code).iter().map(|run| run.1).sum();
            let whole = code.encode_utf16().count() as u32;
            prop_assert!(length == 0 || length == whole, "{length} of {whole}");
        }
    }
}
