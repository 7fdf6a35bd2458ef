//! Finds bare web addresses in plain text, which agents write more often than links.

use crate::links;
use crate::model::Inline;

/// Splits text at the web addresses in it. Text without one comes back as it is.
pub(super) fn split(text: String, into: &mut Vec<Inline>) {
    let mut rest = text.as_str();
    if !rest.contains("://") {
        into.push(Inline::Text { text });
        return;
    }
    let mut plain = String::new();
    while let Some((before, address, after)) = next(rest) {
        plain.push_str(before);
        if let Some(link) = links::allowed(address) {
            if !plain.is_empty() {
                into.push(Inline::Text {
                    text: std::mem::take(&mut plain),
                });
            }
            let content = vec![Inline::Text {
                text: address.to_owned(),
            }];
            into.push(Inline::Link { url: link.url, content });
        } else {
            plain.push_str(address);
        }
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        into.push(Inline::Text { text: plain });
    }
}

/// The next thing that looks like an address: what stands before it, itself, and the rest.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("http") {
        let start = from + found;
        let candidate = &text[start..];
        let begins_word = text[..start]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric());
        if begins_word && (candidate.starts_with("https://") || candidate.starts_with("http://")) {
            let end = candidate
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|'))
                .unwrap_or(candidate.len());
            let address = without_tail(&candidate[..end]);
            return Some((&text[..start], address, &candidate[address.len()..]));
        }
        from = start + 4;
    }
    None
}

/// Leaves out the punctuation of the sentence around an address, and a bracket that was opened before it.
fn without_tail(address: &str) -> &str {
    let mut address = address;
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let shorter = match shorter.chars().next_back() {
            Some(')') if shorter.matches(')').count() > shorter.matches('(').count() => &shorter[..shorter.len() - 1],
            Some(']') if shorter.matches(']').count() > shorter.matches('[').count() => &shorter[..shorter.len() - 1],
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_addresses_become_links_without_the_punctuation_around_them() {
        let text = |text: &str| Inline::Text { text: text.into() };
        let link = |url: &str| Inline::Link {
            url: url.into(),
            content: vec![text(url)],
        };
        let table = [
            ("none here", vec![text("none here")]),
            (
                "see https://a.example/b.",
                vec![text("see "), link("https://a.example/b"), text(".")],
            ),
            (
                "(https://a.example/b_(c))",
                vec![text("("), link("https://a.example/b_(c)"), text(")")],
            ),
            ("xhttps://a.example/", vec![text("xhttps://a.example/")]),
            ("https://u@a.example/ x", vec![text("https://u@a.example/ x")]),
            ("ftp://a.example", vec![text("ftp://a.example")]),
        ];
        for (given, expected) in table {
            let mut found = Vec::new();
            split(given.to_owned(), &mut found);
            assert_eq!(found, expected, "{given}");
        }
    }
}
