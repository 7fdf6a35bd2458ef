//! The blocks of a transcript: put behind the others, drawn anew, and taken out again.

use std::collections::BTreeSet;

use super::{Calls, Entry, Part, Reply, RunTranscript};
use crate::markdown;
use crate::model::{Block, BlockId, BlockKind, Time};

impl RunTranscript {
    /// Something was missed: puts the text of the result where the words it stands for were.
    pub(super) fn replace_reply(&mut self, text: &str, at: Time) {
        let from = if self.reply.is_longer_than_all(text) {
            0
        } else {
            self.reply_from()
        };
        self.remove_words_from(from);
        self.reply.replace(text);
        for section in 0..self.reply.section_count() {
            self.push(BlockKind::Words { nodes: Vec::new() }, Part::Section(section), at);
        }
    }

    /// The index of the first block of the open stretch of words.
    pub(super) fn reply_from(&self) -> usize {
        self.entries.len() - self.reply.section_count().min(self.entries.len())
    }

    pub(super) fn remove_words_from(&mut self, from: usize) {
        let (entries, blocks) = (self.entries.split_off(from), self.blocks.split_off(from));
        for (entry, block) in entries.into_iter().zip(blocks) {
            if matches!(entry.part, Part::Words | Part::Section(_)) {
                self.forget(entry.number);
            } else {
                self.entries.push(entry);
                self.blocks.push(block);
            }
        }
    }

    /// Takes back what the record had added, because events came after all.
    pub(super) fn take_record_back(&mut self) {
        let Some(before) = self.before_record.take() else {
            return;
        };
        self.outcome = None;
        let known: BTreeSet<u64> = before.entries.iter().map(|entry| entry.number).collect();
        for entry in std::mem::take(&mut self.entries) {
            if !known.contains(&entry.number) {
                self.forget(entry.number);
            }
        }
        self.removed
            .retain(|id| !before.blocks.iter().any(|block| block.id == *id));
        for number in known {
            self.changed.insert(number);
        }
        self.entries = before.entries;
        self.blocks = before.blocks;
        self.reply = before.reply;
        self.calls = before.calls;
    }

    /// Parses the words that changed.
    pub(super) fn render(&mut self) {
        for number in &self.changed.undrawn {
            let Ok(index) = self.entries.binary_search_by_key(number, |entry| entry.number) else {
                continue;
            };
            if let Part::Section(section) = self.entries[index].part
                && let BlockKind::Words { nodes } = &mut self.blocks[index].kind
                && let Some(text) = self.reply.unparsed(section)
            {
                self.parsed_bytes += text.len() as u64;
                *nodes = markdown::parse(&text);
            }
        }
    }

    /// The next words begin a stretch of their own.
    pub(super) fn close_words(&mut self) {
        self.reply.settle();
        if let Some(last) = self.reply.section_count().checked_sub(1) {
            self.change_section(last);
        }
        self.render();
        let from = self.reply_from();
        for entry in &mut self.entries[from..] {
            entry.part = Part::Words;
        }
        self.reply.close();
    }

    pub(super) fn change_section(&mut self, section: usize) {
        if let Some(entry) = self.entries.get(self.reply_from() + section) {
            self.changed.insert(entry.number);
        }
    }

    pub(super) fn push(&mut self, kind: BlockKind, part: Part, at: Time) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.entries.push(Entry { number, part });
        self.blocks.push(Block {
            id: self.block_id(number),
            order: self.order_base + number,
            run: Some(self.run.clone()),
            at,
            kind,
        });
        self.changed.insert(number);
        number
    }

    pub(super) fn block_id(&self, number: u64) -> BlockId {
        BlockId(format!("{}:{number}", self.run))
    }

    pub(super) fn index_of(&self, number: u64) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |entry| entry.number).ok()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.blocks.truncate(length);
        for entry in self.entries.split_off(length.min(self.entries.len())) {
            self.forget(entry.number);
        }
    }

    pub(super) fn forget(&mut self, number: u64) {
        self.changed.gone(number);
        if number < self.drained_below {
            let id = self.block_id(number);
            self.removed.push(id);
        }
    }

    /// Drops everything events had built, keeping the numbering so that no block identifier is used twice.
    pub(super) fn forget_all(&mut self) {
        self.truncate(0);
        self.reply = Reply::default();
        self.calls = Calls::default();
        self.thinking = false;
        self.outcome = None;
        self.before_record = None;
        self.tokens = 0;
    }
}
