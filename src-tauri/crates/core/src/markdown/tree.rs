//! The parser's events, built into the tree of the page.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

use super::autolink;
use super::sanitize::{append, line};
use crate::links;
use crate::model::{ImageSource, Inline, Item, Node};

/// Containers within containers; what is deeper is put into the deepest one allowed.
const DEPTH_LIMIT: usize = 32;

/// Nodes of one tree; what comes after is left out, with an ellipsis at the end.
const NODE_LIMIT: usize = 20_000;

/// Parses CommonMark with tables, task lists and strikethrough. Never fails and never panics:
/// what is not understood is text. The tree is at most 32 containers deep and holds at most 20,000 nodes.
pub fn parse(text: &str) -> Vec<Node> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut tree = Tree::new();
    for event in Parser::new_ext(text, options) {
        if !tree.take(event) {
            break;
        }
    }
    tree.finish()
}

enum Kind {
    Root,
    Paragraph,
    Heading(u8),
    Quote,
    List(Option<u64>),
    Item,
    Code(String),
    Table,
    Row,
    Cell,
    Emphasis,
    Strong,
    Struck,
    Link(String),
    Image(Option<ImageSource>),
    /// Part of the text without a meaning of its own.
    Plain,
}

struct Frame {
    kind: Kind,
    nodes: Vec<Node>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    rows: Vec<Vec<Vec<Inline>>>,
    cells: Vec<Vec<Inline>>,
    ticked: Option<bool>,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            nodes: Vec::new(),
            inlines: Vec::new(),
            items: Vec::new(),
            rows: Vec::new(),
            cells: Vec::new(),
            ticked: None,
        }
    }

    /// Adds a block; text before it that belongs to no paragraph (a tight list's) becomes one.
    fn push_node(&mut self, node: Node) {
        self.flush();
        self.nodes.push(node);
    }

    fn flush(&mut self) {
        if !self.inlines.is_empty() {
            let content = std::mem::take(&mut self.inlines);
            self.nodes.push(Node::Paragraph { content });
        }
    }
}

struct Tree {
    /// The root at the bottom; never empty until the end.
    frames: Vec<Frame>,
    /// Containers that were begun beyond the depth limit and not ended yet.
    skipped: usize,
    /// Links that are open; an address within one is not a link of its own.
    links: usize,
    /// Nodes that may still be added.
    left: usize,
}

impl Tree {
    fn new() -> Self {
        Self {
            frames: vec![Frame::new(Kind::Root)],
            skipped: 0,
            links: 0,
            left: NODE_LIMIT,
        }
    }

    /// Takes one event; false once the tree is full.
    fn take(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(_) => self.close(),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) | Event::Html(text) => {
                self.text(&text);
            }
            Event::InlineHtml(text) => {
                if matches!(text.as_ref(), "<br>" | "<br/>" | "<br />") {
                    self.inline(Inline::Break);
                } else {
                    self.text(&text);
                }
            }
            Event::Code(code) => {
                let mut text = String::new();
                append(&mut text, &code);
                self.inline(Inline::Code { text });
            }
            Event::FootnoteReference(name) => self.text(&name),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.node(Node::Rule),
            Event::TaskListMarker(ticked) => {
                if let Some(item) = self
                    .frames
                    .iter_mut()
                    .rev()
                    .find(|frame| matches!(frame.kind, Kind::Item))
                {
                    item.ticked = Some(ticked);
                }
            }
        }
        self.left > 0
    }

    fn open(&mut self, tag: Tag<'_>) {
        if self.skipped > 0 || self.frames.len() > DEPTH_LIMIT {
            self.skipped += 1;
            return;
        }
        self.left = self.left.saturating_sub(1);
        let kind = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(level_number(level)),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
                Kind::Code(line(language.split([' ', ',', '{']).next().unwrap_or(""), 40))
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(String::new()),
            Tag::List(start) => Kind::List(start),
            Tag::Item => Kind::Item,
            Tag::Table(_) => Kind::Table,
            Tag::TableHead | Tag::TableRow => Kind::Row,
            Tag::TableCell => Kind::Cell,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Struck,
            Tag::Link { dest_url, .. } => {
                self.links += 1;
                Kind::Link(links::allowed(&dest_url).map(|link| link.url).unwrap_or_default())
            }
            Tag::Image { dest_url, .. } => Kind::Image(links::picture(&dest_url)),
            _ => Kind::Plain,
        };
        self.frames.push(Frame::new(kind));
    }

    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            // Words of separate containers must not run together where the containers are gone.
            self.text(" ");
            return;
        }
        if self.frames.len() < 2 {
            return;
        }
        if let Some(frame) = self.frames.pop() {
            self.end(frame);
        }
    }

    fn end(&mut self, mut frame: Frame) {
        let content = std::mem::take(&mut frame.inlines);
        match frame.kind {
            Kind::Paragraph => {
                let content = self.linked(content);
                self.node(Node::Paragraph { content });
            }
            Kind::Heading(level) => {
                let content = self.linked(content);
                self.node(Node::Heading { level, content });
            }
            Kind::Code(language) => {
                let text = plain(&content);
                self.node(Node::Code { language, text });
            }
            Kind::Quote => {
                frame.inlines = content;
                frame.flush();
                self.node(Node::Quote { content: frame.nodes });
            }
            Kind::List(start) => self.node(Node::List {
                start,
                items: frame.items,
            }),
            Kind::Item => {
                frame.inlines = self.linked(content);
                frame.flush();
                let item = Item {
                    ticked: frame.ticked,
                    content: frame.nodes,
                };
                if let Some(list) = self.frames.last_mut() {
                    list.items.push(item);
                }
            }
            Kind::Table => {
                let mut rows = frame.rows.into_iter();
                let head = rows.next().unwrap_or_default();
                self.node(Node::Table {
                    head,
                    rows: rows.collect(),
                });
            }
            Kind::Row => {
                if let Some(table) = self.frames.last_mut() {
                    table.rows.push(frame.cells);
                }
            }
            Kind::Cell => {
                let content = self.linked(content);
                if let Some(row) = self.frames.last_mut() {
                    row.cells.push(content);
                }
            }
            Kind::Emphasis => {
                let content = self.linked(content);
                self.inline(Inline::Emphasis { content });
            }
            Kind::Strong => {
                let content = self.linked(content);
                self.inline(Inline::Strong { content });
            }
            Kind::Struck => {
                let content = self.linked(content);
                self.inline(Inline::Struck { content });
            }
            Kind::Link(url) => {
                self.links = self.links.saturating_sub(1);
                if url.is_empty() {
                    for piece in content {
                        match piece {
                            Inline::Text { text } => self.text(&text),
                            other => self.inline(other),
                        }
                    }
                } else {
                    self.inline(Inline::Link { url, content });
                }
            }
            Kind::Image(source) => self.inline(Inline::Image {
                alt: line(&plain(&content), 300),
                source,
            }),
            Kind::Plain | Kind::Root => {
                for piece in content {
                    self.inline(piece);
                }
                for node in frame.nodes {
                    self.node(node);
                }
            }
        }
    }

    /// Puts links where bare addresses stand, unless the whole is within a link.
    fn linked(&self, content: Vec<Inline>) -> Vec<Inline> {
        if self.links > 0 {
            return content;
        }
        let mut linked = Vec::with_capacity(content.len());
        for piece in content {
            match piece {
                Inline::Text { text } => autolink::split(text, &mut linked),
                other => linked.push(other),
            }
        }
        linked
    }

    fn text(&mut self, text: &str) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        if let Some(Inline::Text { text: last }) = frame.inlines.last_mut() {
            append(last, text);
            return;
        }
        let mut clean = String::with_capacity(text.len());
        append(&mut clean, text);
        if !clean.is_empty() {
            self.inline(Inline::Text { text: clean });
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.left = self.left.saturating_sub(1);
        if let Some(frame) = self.frames.last_mut() {
            frame.inlines.push(inline);
        }
    }

    fn node(&mut self, node: Node) {
        self.left = self.left.saturating_sub(1);
        if let Some(frame) = self.frames.last_mut() {
            frame.push_node(node);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        let full = self.left == 0;
        self.skipped = 0;
        while self.frames.len() > 1 {
            self.close();
        }
        let Some(mut root) = self.frames.pop() else {
            return Vec::new();
        };
        root.flush();
        if full {
            let content = vec![Inline::Text { text: "…".to_owned() }];
            root.nodes.push(Node::Paragraph { content });
        }
        root.nodes
    }
}

/// The text of a line without its form.
pub(super) fn plain(content: &[Inline]) -> String {
    let mut text = String::new();
    for piece in content {
        match piece {
            Inline::Text { text: piece } | Inline::Code { text: piece } => text.push_str(piece),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Struck { content }
            | Inline::Link { content, .. } => text.push_str(&plain(content)),
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break => text.push('\n'),
        }
    }
    text
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
