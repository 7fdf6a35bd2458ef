//! A conversation as Markdown: what was drawn reads the same in any other program, and no word becomes markup.

use std::fmt::Write as _;

use super::words::moment;
use super::{Conversation, Private, Words};
use crate::model::{BlockKind, Inline, Node};

pub(super) fn write(conversation: &Conversation, words: &Words, private: &Private) -> String {
    let mut out = Out {
        private,
        parts: Vec::new(),
    };
    out.parts
        .push(format!("# {}", out.literal(&conversation.title).replace('\n', " ")));
    let mut about = Vec::new();
    let mut say = |key: &str, value: String| about.push(format!("- {}: {value}", words.of(key)));
    if let Some(repository) = &conversation.repository {
        say("export.repository", out.literal(repository));
    }
    for branch in &conversation.branches {
        say("export.branch", code(&private.clean(branch)));
    }
    for address in &conversation.pull_requests {
        say("export.pull_request", out.literal(address));
    }
    for file in &conversation.files {
        say("export.file", code(&private.clean(&file.name)));
    }
    if conversation.more_files > 0 {
        let count = conversation.more_files.to_string();
        say("export.file", words.with("export.more_files", "count", &count));
    }
    if !about.is_empty() {
        out.parts.push(about.join("\n"));
    }
    let mut steps: Vec<String> = Vec::new();
    for block in &conversation.blocks {
        if !matches!(block.kind, BlockKind::Steps { .. }) && !steps.is_empty() {
            out.parts.push(std::mem::take(&mut steps).join("\n"));
        }
        match &block.kind {
            BlockKind::Prompt { text, shots } => {
                out.parts
                    .push(format!("## {}, {}", words.of("export.you"), moment(block.at)));
                let said = began(&out.literal(text));
                // Lines of their own stay so.
                out.parts.push(quoted(&said.replace('\n', "\\\n")));
                if !shots.is_empty() {
                    let key = if shots.len() == 1 {
                        "export.picture"
                    } else {
                        "export.pictures"
                    };
                    out.parts
                        .push(format!("*{}*", words.with(key, "count", &shots.len().to_string())));
                }
            }
            BlockKind::Words { nodes } => {
                let text = out.nodes(nodes);
                out.parts.push(text);
            }
            BlockKind::Steps { step, .. } => {
                let said = words.step(step);
                let mut line = format!("- {}", out.literal(&said.text));
                if let Some(name) = said.code {
                    let _ = write!(line, " {}", code(&private.clean(&name)));
                }
                if said.added + said.removed > 0 {
                    let _ = write!(line, " (+{} −{})", said.added, said.removed);
                }
                if let Some(ended) = said.ended {
                    let _ = write!(line, " ({})", words.of(ended));
                }
                steps.push(line);
            }
            BlockKind::Ended { ending, duration } => {
                let (said, quote) = words.ending(ending, *duration);
                out.parts.push(format!("*{said}*"));
                if let Some(quote) = quote {
                    out.parts.push(quoted(&began(&out.literal(quote))));
                }
                out.parts.push("---".to_owned());
            }
            BlockKind::Gap => out.parts.push(format!("*{}*", words.of("export.gap"))),
        }
    }
    if !steps.is_empty() {
        out.parts.push(steps.join("\n"));
    }
    let mut text = out.parts.join("\n\n");
    text.push('\n');
    text
}

/// Behind the sign of a quotation.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
    lines.join("\n")
}

/// A fence that the text does not hold itself.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(if longest == 0 { least } else { least.max(longest + 1) })
}

fn code(text: &str) -> String {
    let ticks = fence(text, 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{}{pad}{ticks}", text.replace('\n', " "))
}

/// What would make the beginning of a line something else stands behind a backslash.
fn began(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let bare = line.trim_start_matches([' ', '\t']);
            let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
            // Indented further it would be code.
            if bare.starts_with(['#', '>', '+', '=', '-', '|']) {
                format!("\\{bare}")
            } else if digits > 0 && bare[digits..].starts_with(['.', ')']) {
                format!("{}\\{}", &bare[..digits], &bare[digits..])
            } else {
                bare.to_owned()
            }
        })
        .collect();
    lines.join("\n")
}

struct Out<'a> {
    private: &'a Private,
    parts: Vec<String>,
}

impl Out<'_> {
    /// Text that reads as itself.
    fn literal(&self, text: &str) -> String {
        let mut plain = String::with_capacity(text.len());
        for character in self.private.clean(text).chars() {
            if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '&' | '!') {
                plain.push('\\');
            }
            plain.push(character);
        }
        plain
    }

    fn line(&self, content: &[Inline]) -> String {
        let mut line = String::new();
        for piece in content {
            match piece {
                Inline::Text { text } => line.push_str(&self.literal(text)),
                Inline::Code { text } => line.push_str(&code(&self.private.clean(text))),
                Inline::Emphasis { content } => {
                    let _ = write!(line, "*{}*", self.line(content));
                }
                Inline::Strong { content } => {
                    let _ = write!(line, "**{}**", self.line(content));
                }
                Inline::Struck { content } => {
                    let _ = write!(line, "~~{}~~", self.line(content));
                }
                Inline::Link { url, content } => match self.private.address(url) {
                    Some(url) => {
                        let _ = write!(
                            line,
                            "[{}](<{}>)",
                            self.line(content),
                            url.replace(['<', '>', '\\'], "")
                        );
                    }
                    None => line.push_str(&self.line(content)),
                },
                Inline::Image { alt, .. } => line.push_str(&self.literal(alt)),
                Inline::Break => line.push_str("\\\n"),
            }
        }
        line
    }

    fn nodes(&self, nodes: &[Node]) -> String {
        let each: Vec<String> = nodes.iter().map(|node| self.node(node)).collect();
        each.join("\n\n")
    }

    fn node(&self, node: &Node) -> String {
        match node {
            Node::Paragraph { content } => began(&self.line(content)),
            Node::Heading { level, content } => {
                // The headings of the file are above those of what was said.
                let sign = "#".repeat(usize::from(*level).clamp(1, 4) + 2);
                format!("{sign} {}", self.line(content).replace("\\\n", " ").replace('\n', " "))
            }
            Node::Code { language, text } => {
                let text = self.private.clean(text);
                let ticks = fence(&text, 3);
                let language: String = language
                    .chars()
                    .filter(|c| c.is_alphanumeric() || "+#-_.".contains(*c))
                    .collect();
                format!("{ticks}{language}\n{}\n{ticks}", text.trim_end_matches('\n'))
            }
            Node::List { start, items } => {
                let lines: Vec<String> = items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| {
                        let sign = start.map_or_else(
                            || "- ".to_owned(),
                            |start| format!("{}. ", start.saturating_add(place as u64)),
                        );
                        let ticked = match item.ticked {
                            None => "",
                            Some(true) => "[x] ",
                            Some(false) => "[ ] ",
                        };
                        let content = self
                            .nodes(&item.content)
                            .replace('\n', &format!("\n{}", " ".repeat(sign.len())));
                        format!("{sign}{ticked}{content}")
                    })
                    .collect();
                lines.join("\n")
            }
            Node::Quote { content } => quoted(&self.nodes(content)),
            Node::Table { head, rows } => {
                let row = |cells: &[Vec<Inline>]| {
                    let cells: Vec<String> = cells
                        .iter()
                        .map(|cell| {
                            self.line(cell)
                                .replace("\\\n", " ")
                                .replace('\n', " ")
                                .replace('|', "\\|")
                        })
                        .collect();
                    format!("| {} |", cells.join(" | "))
                };
                let mut lines = vec![row(head), format!("|{}", " --- |".repeat(head.len()))];
                lines.extend(rows.iter().map(|cells| row(cells)));
                lines.join("\n")
            }
            Node::Rule => "---".to_owned(),
        }
    }
}
