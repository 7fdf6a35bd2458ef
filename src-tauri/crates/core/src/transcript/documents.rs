//! What of a transcript is found by its words: what was asked and said, and of steps what they were about.

use std::collections::BTreeSet;

use super::RunTranscript;
use crate::markdown;
use crate::model::{Block, BlockId, BlockKind, StepDetail, Time};

/// The words of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which block.
    pub block: BlockId,
    /// When it began.
    pub at: Time,
    /// Its words; empty when there are none, or when the block is gone.
    pub text: String,
}

impl Document {
    /// The words of a block as it is now.
    pub fn of(block: &Block) -> Self {
        Self {
            block: block.id.clone(),
            at: block.at,
            text: words(&block.kind),
        }
    }
}

/// Numbers of blocks that changed, for the two that want to know: who draws them, and who writes them down.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    pub(super) undrawn: BTreeSet<u64>,
    pub(super) unwritten: BTreeSet<u64>,
}

impl Touched {
    pub(super) fn insert(&mut self, number: u64) {
        self.undrawn.insert(number);
        self.unwritten.insert(number);
    }

    /// The block is gone: there is nothing to draw, and what was written of it goes.
    pub(super) fn gone(&mut self, number: u64) {
        self.undrawn.remove(&number);
        self.unwritten.insert(number);
    }
}

impl RunTranscript {
    /// The documents that changed or went since this was last called.
    pub fn documents(&mut self) -> Vec<Document> {
        self.render();
        let numbers = std::mem::take(&mut self.changed.unwritten);
        let document = |number| match self.index_of(number) {
            Some(index) => Document::of(&self.blocks[index]),
            None => Document {
                block: self.block_id(number),
                at: 0,
                text: String::new(),
            },
        };
        numbers.into_iter().map(document).collect()
    }

    /// What was given could not be written: all documents are given again.
    pub fn documents_lost(&mut self) {
        let numbers = self.entries.iter().map(|entry| entry.number);
        self.changed.unwritten.extend(numbers);
    }
}

fn words(kind: &BlockKind) -> String {
    match kind {
        BlockKind::Prompt { text, .. } => markdown::sanitize(text).into_owned(),
        BlockKind::Words { nodes } => markdown::words(nodes),
        BlockKind::Steps { step, .. } => match &step.detail {
            StepDetail::Reads { name, .. } | StepDetail::Edits { name, .. } | StepDetail::Deletes { name } => {
                name.clone().unwrap_or_default()
            }
            StepDetail::Tests { command } | StepDetail::Runs { command } => command.clone(),
            StepDetail::Asks { question } => question.clone(),
            StepDetail::Other { name, .. } => name.clone(),
            StepDetail::Thinks
            | StepDetail::Searches { .. }
            | StepDetail::Browses
            | StepDetail::Captures
            | StepDetail::UsesComputer
            | StepDetail::Plans
            | StepDetail::MadePlan
            | StepDetail::Delegates
            | StepDetail::Waits => String::new(),
        },
        BlockKind::Ended { .. } | BlockKind::Gap => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunId;
    use crate::transcript::SeenEvent;

    fn event(id: &str, kind: &str, data: &str) -> SeenEvent {
        SeenEvent {
            id: Some(id.to_owned()),
            kind: kind.to_owned(),
            data: data.to_owned(),
            at: 5,
        }
    }

    fn written(transcript: &mut RunTranscript) -> Vec<(String, String)> {
        let documents = transcript.documents().into_iter();
        documents.map(|document| (document.block.0, document.text)).collect()
    }

    #[test]
    fn each_change_is_written_once_whether_it_is_drawn_or_not() {
        let mut transcript = RunTranscript::new(RunId("run-1".to_owned()), 0);
        transcript.apply(&event("1-0", "assistant", r#"{"text":"Looking at **it**."}"#));
        let call = r#"{"callId":"c","name":"shell","status":"running","args":{"command":"npm test"}}"#;
        transcript.apply(&event("2-0", "tool_call", call));
        let of = |number: u32, text: &str| (format!("run-1:{number}"), text.to_owned());
        drop(transcript.drain());
        assert_eq!(written(&mut transcript), [of(1, "Looking at it."), of(2, "npm test")]);
        assert_eq!(written(&mut transcript), [], "nothing changed since");
        transcript.apply(&event("3-0", "assistant", r#"{"text":"Done"}"#));
        assert_eq!(written(&mut transcript), [of(3, "Done")]);
        transcript.documents_lost();
        assert_eq!(written(&mut transcript).len(), 3, "all of them once more");
        assert_eq!(
            transcript.drain().changed.len(),
            1,
            "what was written is drawn all the same"
        );
    }

    #[test]
    fn a_block_that_goes_takes_its_words_away() {
        let mut transcript = RunTranscript::new(RunId("run-1".to_owned()), 0);
        transcript.apply(&event("1-0", "thinking", "{}"));
        drop(transcript.documents());
        transcript.apply(&event("2-0", "assistant", r#"{"text":"Hello"}"#));
        let of = |number: u32, text: &str| (format!("run-1:{number}"), text.to_owned());
        assert_eq!(written(&mut transcript), [of(1, ""), of(2, "Hello")]);
    }
}
