//! The words of a run: stretches between steps, of which only the last is open.

use std::borrow::Cow;

use super::sections::Sections;

/// Beyond this an open section is parsed again only when it grew by an eighth, so that one endless line stays cheap.
const LAZY_ABOVE: usize = 32 * 1024;

#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    /// The words of all closed stretches.
    before: String,
    /// Where the last of them begins.
    last_start: usize,
    open: Sections,
    /// The length each section of the open stretch was last parsed at.
    parsed: Vec<usize>,
    /// Whether the open stretch is complete.
    settled: bool,
}

impl Reply {
    pub(super) fn push(&mut self, text: &str) {
        self.settled = false;
        self.open.push(text);
        self.parsed.resize(self.open.count(), 0);
    }

    pub(super) fn section_count(&self) -> usize {
        self.open.count()
    }

    /// All words.
    pub(super) fn whole(&self) -> String {
        let mut whole = String::with_capacity(self.before.len() + self.open.text().len());
        whole.push_str(&self.before);
        whole.push_str(self.open.text());
        whole
    }

    /// The words of the last stretch.
    pub(super) fn last(&self) -> &str {
        if self.open.count() > 0 {
            self.open.text()
        } else {
            &self.before[self.last_start..]
        }
    }

    /// A section, if it is worth parsing again; it counts as parsed.
    pub(super) fn unparsed(&mut self, section: usize) -> Option<Cow<'_, str>> {
        let text = self.open.section(section)?;
        let parsed = self.parsed.get_mut(section)?;
        let is_growing = section + 1 == self.open.count() && !self.settled;
        let waits = is_growing && text.len() > LAZY_ABOVE && text.len() < *parsed + *parsed / 8;
        if text.len() == *parsed || waits {
            return None;
        }
        *parsed = text.len();
        Some(text)
    }

    /// Nothing is added to the open stretch any more.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// Closes the stretch; the next words open another.
    pub(super) fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        if open.count() > 0 {
            self.last_start = self.before.len();
        }
        self.before.push_str(open.text());
        self.parsed.clear();
        self.settled = false;
    }

    /// Whether a result's text says nothing new. It is the whole reply or its last stretch; the API does not say which.
    pub(super) fn has_all_of(&self, text: &str) -> bool {
        let text = text.trim();
        let open = self.open.text().trim_end();
        if open.len() >= text.len() {
            return open.ends_with(text);
        }
        self.before.len() + open.len() >= text.len() && self.whole().trim_end().ends_with(text)
    }

    /// Whether a result's text can only be the whole reply.
    pub(super) fn is_longer_than_all(&self, text: &str) -> bool {
        text.len() >= self.before.len() + self.open.text().len()
    }

    /// Whether the open stretch is but the beginning of a result's text.
    pub(super) fn is_cut_from(&self, text: &str) -> bool {
        let open = self.open.text().trim();
        !open.is_empty() && text.trim_start().starts_with(open)
    }

    /// Forgets the open stretch.
    pub(super) fn clear_open(&mut self) {
        self.open = Sections::default();
        self.parsed.clear();
    }

    /// Replaces the open stretch by a result's text; everything, when that text can only be the whole reply.
    pub(super) fn replace(&mut self, text: &str) {
        if self.is_longer_than_all(text) {
            self.before.clear();
            self.last_start = 0;
        }
        self.clear_open();
        self.push(text);
        self.settle();
    }
}
