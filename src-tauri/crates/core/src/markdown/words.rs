//! The words of a markdown tree without its form: what is found by.

use super::tree::plain;
use crate::model::{Item, Node};

/// All text of a tree, its blocks on lines of their own.
pub fn words(nodes: &[Node]) -> String {
    let mut text = String::new();
    append(&mut text, nodes);
    text
}

fn line(text: &mut String, words: &str) {
    if !words.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(words);
    }
}

fn append(text: &mut String, nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::Paragraph { content } | Node::Heading { content, .. } => line(text, &plain(content)),
            Node::Code { text: code, .. } => line(text, code.trim_end_matches('\n')),
            Node::List { items, .. } => {
                for Item { content, .. } in items {
                    append(text, content);
                }
            }
            Node::Quote { content } => append(text, content),
            Node::Table { head, rows } => {
                for row in std::iter::once(head).chain(rows) {
                    let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
                    line(text, &cells.join(" "));
                }
            }
            Node::Rule => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_all_there_and_nothing_of_the_form() {
        let nodes = crate::markdown::parse(
            "# Head\n\nSome **bold** `code` and [a link](https://example.com).\n\n- [x] one\n  - two\n\n> said\n\n|a|b|\n|-|-|\n|c|d|\n\n```css\n.x {}\n```",
        );
        assert_eq!(
            words(&nodes),
            "Head\nSome bold code and a link.\none\ntwo\nsaid\na b\nc d\n.x {}"
        );
    }
}
