//! A conversation as one page of HTML: its policy lets nothing be loaded and nothing run, and every word is escaped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};

use super::words::moment;
use super::{Conversation, Picture, Private, Words};
use crate::model::{BlockKind, Inline, Node, Shot};

const STYLE: &str = include_str!("page.css");

pub(super) fn write(conversation: &Conversation, words: &Words, private: &Private) -> String {
    let mut out = Out {
        words,
        private,
        conversation,
        page: String::new(),
    };
    // The policy names the style by its hash, so that no other style is taken.
    let style = BASE64.encode(Sha256::digest(STYLE.as_bytes()));
    out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-");
    out.raw(&style);
    out.raw("'; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    out.text(&conversation.title);
    out.raw("</title>\n<style>");
    out.raw(STYLE);
    out.raw("</style>\n</head>\n<body>\n<main>\n<h1 dir=\"auto\">");
    out.text(&conversation.title);
    out.raw("</h1>\n");
    out.about();
    out.blocks();
    out.left();
    out.raw("</main>\n</body>\n</html>\n");
    out.page
}

struct Out<'a> {
    words: &'a Words,
    private: &'a Private,
    conversation: &'a Conversation,
    page: String,
}

impl Out<'_> {
    fn raw(&mut self, html: &str) {
        self.page.push_str(html);
    }

    /// Text, whatever it holds.
    fn text(&mut self, text: &str) {
        for character in self.private.clean(text).chars() {
            match character {
                '&' => self.page.push_str("&amp;"),
                '<' => self.page.push_str("&lt;"),
                '>' => self.page.push_str("&gt;"),
                '"' => self.page.push_str("&quot;"),
                '\'' => self.page.push_str("&#39;"),
                other => self.page.push(other),
            }
        }
    }

    fn element(&mut self, name: &str, text: &str) {
        self.raw(&format!("<{name}>"));
        self.text(text);
        // What follows the name are attributes.
        self.raw(&format!("</{}>", name.split(' ').next().unwrap_or(name)));
    }

    fn about(&mut self) {
        let conversation = self.conversation;
        let mut lines: Vec<(&str, &str)> = Vec::new();
        lines.extend(
            conversation
                .repository
                .iter()
                .map(|url| ("export.repository", url.as_str())),
        );
        lines.extend(
            conversation
                .branches
                .iter()
                .map(|name| ("export.branch", name.as_str())),
        );
        lines.extend(
            conversation
                .pull_requests
                .iter()
                .map(|url| ("export.pull_request", url.as_str())),
        );
        let files = conversation.files.iter();
        lines.extend(files.map(|file| ("export.file", file.name.as_str())));
        let count = conversation.more_files.to_string();
        let more = self.words.with("export.more_files", "count", &count);
        if conversation.more_files > 0 {
            lines.push(("export.file", &more));
        }
        if lines.is_empty() {
            return;
        }
        self.raw("<dl>");
        for (key, value) in lines {
            self.element("dt", self.words.of(key));
            self.raw("<dd>");
            self.link(value, |out| out.text(value));
            self.raw("</dd>");
        }
        self.raw("</dl>\n");
    }

    /// A link, where the address may be one and holds nothing private.
    fn link(&mut self, url: &str, content: impl FnOnce(&mut Self)) {
        let allowed = crate::links::allowed(url).filter(|link| self.private.address(&link.url).is_some());
        let Some(link) = allowed else {
            content(self);
            return;
        };
        self.raw("<a rel=\"noopener noreferrer\" href=\"");
        self.text(&link.url);
        self.raw("\">");
        content(self);
        self.raw("</a>");
    }

    fn blocks(&mut self) {
        let conversation = self.conversation;
        let mut in_steps = false;
        for block in &conversation.blocks {
            let is_step = matches!(block.kind, BlockKind::Steps { .. });
            if is_step != in_steps {
                self.raw(if is_step { "<ul class=\"steps\">\n" } else { "</ul>\n" });
                in_steps = is_step;
            }
            match &block.kind {
                BlockKind::Prompt { text, shots } => {
                    self.raw("<section class=\"you\">\n");
                    let said = format!("{}, {}", self.words.of("export.you"), moment(block.at));
                    self.element("h2", &said);
                    self.pictures(shots);
                    self.element("p class=\"said\" dir=\"auto\"", text);
                    self.raw("\n</section>\n");
                }
                BlockKind::Words { nodes } => {
                    self.raw("<div class=\"reply\" dir=\"auto\">\n");
                    self.nodes(nodes);
                    self.raw("</div>\n");
                }
                BlockKind::Steps { step, .. } => {
                    let said = self.words.step(step);
                    self.raw("<li>");
                    self.text(&said.text);
                    if let Some(name) = said.code {
                        self.raw(" ");
                        self.element("code", &name);
                    }
                    if said.added + said.removed > 0 {
                        self.raw(&format!(" <ins>+{}</ins> <del>−{}</del>", said.added, said.removed));
                    }
                    if let Some(ended) = said.ended {
                        self.raw(" ");
                        self.element("em", self.words.of(ended));
                    }
                    self.raw("</li>\n");
                }
                BlockKind::Ended { ending, duration } => {
                    let (said, quote) = self.words.ending(ending, *duration);
                    self.element("p class=\"ended\"", &said);
                    if let Some(quote) = quote {
                        self.element("blockquote", quote);
                    }
                    self.raw("\n");
                }
                BlockKind::Gap => self.element("p class=\"ended\"", self.words.of("export.gap")),
            }
        }
        if in_steps {
            self.raw("</ul>\n");
        }
    }

    /// The pictures that the agent left, each with its name.
    fn left(&mut self) {
        let conversation = self.conversation;
        for file in &conversation.files {
            let picture = file.picture.as_ref().and_then(|hash| conversation.pictures.get(hash));
            if let Some(picture) = picture {
                self.element("p class=\"ended\"", &file.name);
                self.picture(picture);
            }
        }
    }

    fn picture(&mut self, picture: &Picture) {
        self.raw(&format!("<img alt=\"\" src=\"data:{};base64,", picture.mime));
        BASE64.encode_string(picture.bytes.as_slice(), &mut self.page);
        self.raw("\">\n");
    }

    fn pictures(&mut self, shots: &[Shot]) {
        let conversation = self.conversation;
        for shot in shots {
            match conversation.pictures.get(&shot.hash) {
                Some(picture) => self.picture(picture),
                None => self.element("p class=\"ended\"", &self.words.with("export.picture", "count", "1")),
            }
        }
    }

    fn line(&mut self, content: &[Inline]) {
        for piece in content {
            match piece {
                Inline::Text { text } => self.text(text),
                Inline::Code { text } => self.element("code", text),
                Inline::Emphasis { content } => self.around("em", content),
                Inline::Strong { content } => self.around("strong", content),
                Inline::Struck { content } => self.around("s", content),
                Inline::Link { url, content } => self.link(url, |out| out.line(content)),
                // Nothing is loaded from elsewhere, not even by who reads this.
                Inline::Image { alt, .. } => self.element("em", alt),
                Inline::Break => self.raw("<br>"),
            }
        }
    }

    fn around(&mut self, name: &str, content: &[Inline]) {
        self.raw(&format!("<{name}>"));
        self.line(content);
        self.raw(&format!("</{name}>"));
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Paragraph { content } => self.around("p", content),
                Node::Heading { level, content } => {
                    let level = level.clamp(&1, &4) + 2;
                    self.around(&format!("h{level}"), content);
                }
                Node::Code { text, .. } => {
                    self.raw("<pre dir=\"ltr\">");
                    self.element("code", text);
                    self.raw("</pre>");
                }
                Node::List { start, items } => {
                    let name = if start.is_some() { "ol" } else { "ul" };
                    match start {
                        Some(start) => self.raw(&format!("<ol start=\"{start}\">")),
                        None => self.raw("<ul>"),
                    }
                    for item in items {
                        self.raw("<li>");
                        match item.ticked {
                            None => {}
                            Some(true) => self.raw("☑ "),
                            Some(false) => self.raw("☐ "),
                        }
                        self.nodes(&item.content);
                        self.raw("</li>");
                    }
                    self.raw(&format!("</{name}>"));
                }
                Node::Quote { content } => {
                    self.raw("<blockquote>");
                    self.nodes(content);
                    self.raw("</blockquote>");
                }
                Node::Table { head, rows } => {
                    self.raw("<table><thead><tr>");
                    for cell in head {
                        self.around("th", cell);
                    }
                    self.raw("</tr></thead><tbody>");
                    for row in rows {
                        self.raw("<tr>");
                        for cell in row {
                            self.around("td", cell);
                        }
                        self.raw("</tr>");
                    }
                    self.raw("</tbody></table>");
                }
                Node::Rule => self.raw("<hr>"),
            }
            self.raw("\n");
        }
    }
}
