//! The transcript of the older API: words only (API v0, conversation).

use serde::{Deserialize, Serialize};

use super::sections::Sections;
use crate::markdown;
use crate::model::{Block, BlockId, BlockKind, Time};

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Speaker {
    /// The user.
    User,
    /// The agent.
    Agent,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationMessage {
    /// The API's identifier of the message.
    pub id: String,
    /// Who said it.
    pub speaker: Speaker,
    /// The words: hostile text.
    pub text: String,
}

/// What was asked of a run, and all that was said then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What was asked.
    pub asked: String,
    /// The words of all answers, a paragraph apart.
    pub told: String,
}

/// The turns of a conversation: each begins with the words of the user. What is said before any is of none.
pub fn turns(messages: &[ConversationMessage]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for message in messages {
        match (message.speaker, turns.last_mut()) {
            (Speaker::User, _) => turns.push(Turn {
                asked: message.text.clone(),
                told: String::new(),
            }),
            (Speaker::Agent, Some(turn)) => {
                if !turn.told.is_empty() {
                    turn.told.push_str("\n\n");
                }
                turn.told.push_str(&message.text);
            }
            (Speaker::Agent, None) => {}
        }
    }
    turns
}

/// Blocks of a whole conversation, with orders above `order_base`. Steps are absent: that API does not tell them, and the
/// page says so once. The same messages give the same blocks; more messages only add blocks.
pub fn from_conversation(messages: &[ConversationMessage], order_base: u64, at: Time) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut push = |id: String, kind: BlockKind| {
        let order = order_base + blocks.len() as u64 + 1;
        blocks.push(Block {
            id: BlockId(id),
            order,
            run: None,
            at,
            kind,
        });
    };
    for message in messages {
        match message.speaker {
            Speaker::User => {
                let text = markdown::sanitize(&message.text).into_owned();
                push(
                    format!("{}:prompt", message.id),
                    BlockKind::Prompt {
                        text,
                        shots: Vec::new(),
                    },
                );
            }
            Speaker::Agent => {
                let mut sections = Sections::default();
                sections.push(&message.text);
                for (index, text) in (0..sections.count()).filter_map(|index| Some((index, sections.section(index)?))) {
                    let nodes = markdown::parse(&text);
                    push(format!("{}:{index}", message.id), BlockKind::Words { nodes });
                }
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_belongs_to_what_was_asked_before_it() {
        let message = |(speaker, text): (Speaker, &str)| ConversationMessage {
            id: text.to_owned(),
            speaker,
            text: text.to_owned(),
        };
        let messages = [
            (Speaker::Agent, "Hello"),
            (Speaker::User, "Move it"),
            (Speaker::Agent, "I look."),
            (Speaker::Agent, "Moved."),
            (Speaker::User, "Back"),
        ];
        let turn = |asked: &str, told: &str| Turn {
            asked: asked.to_owned(),
            told: told.to_owned(),
        };
        assert_eq!(
            turns(&messages.map(message)),
            [turn("Move it", "I look.\n\nMoved."), turn("Back", "")],
            "and what nobody asked for is of no turn"
        );
    }
}
