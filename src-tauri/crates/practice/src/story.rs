//! What practice agents do: a story is a list of beats, decided by the prompt alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::options::Told;
use crate::state::{ChangedFile, Failure};

mod builder;
mod chapters;
mod topic;
mod wish;

pub(crate) use chapters::beats;
pub(crate) use topic::{Screen, Topic, title};

/// Which story a run plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Reads, edits, tests, shows the result, opens the pull request.
    Normal,
    /// Ends in ERROR and says why.
    Fail,
    /// Ends in ERROR without a word.
    FailWordless,
    /// Ends with a question.
    Ask,
    /// Ends with a plan.
    Plan,
    /// The normal story over several minutes.
    Slow,
    /// Stops giving any sign of life.
    Silent,
    /// Very many small deltas.
    Huge,
    /// Ends in EXPIRED.
    Expire,
    /// Works and gives signs of life until it is cancelled.
    Unending,
    /// A shorter piece of work on what is there.
    Followup,
    /// Carries a plan out.
    Carry,
    /// Does and says what it was told before it started.
    Told,
}

/// One moment of a story.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Beat {
    /// Pause before it at speed 1.
    pub(crate) after_ms: u64,
    pub(crate) act: Act,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    Text(String),
    Thinking(String),
    ToolStarted(Box<ToolCall>),
    ToolCompleted(Box<ToolCall>),
    /// A file the branch changes from now on.
    Changed(ChangedFile),
    /// The picture of the result.
    KeepPicture,
    KeepText {
        path: String,
        text: String,
    },
    /// Its work is on this branch from now on.
    Branch(String),
    Push,
    OpenPull,
    Planned,
    Silence,
    Wait,
    Finish(String),
    /// Why, if the service says so.
    Fail(Option<Failure>),
    Expire,
}

/// A tool call in both spellings of the stream (simplified and `interaction_update`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolCall {
    pub(crate) call_id: String,
    pub(crate) name: &'static str,
    pub(crate) arguments: Value,
    pub(crate) result: Value,
    pub(crate) mirror_type: &'static str,
    pub(crate) mirror_arguments: Value,
    pub(crate) mirror_value: Value,
}

/// What a story may depend on. All of it is kept, so that a restart tells the same story.
#[derive(Debug, Clone)]
pub(crate) struct Scene<'a> {
    pub(crate) kind: Kind,
    pub(crate) prompt: &'a str,
    /// First prompt of the agent, which names what it is about.
    pub(crate) first_prompt: &'a str,
    pub(crate) pictures: usize,
    pub(crate) repository: Option<&'a str>,
    pub(crate) branch: &'a str,
    /// Address of the pull request, if one is open or will be opened.
    pub(crate) pull_url: Option<String>,
    pub(crate) event_delay_ms: u64,
    pub(crate) huge_deltas: u32,
    /// [`crate::Options::told`]
    pub(crate) told: &'a [Vec<Told>],
}

/// Picks the story: words in brackets first, then the mode, then the place in the conversation.
pub(crate) fn choose(prompt: &str, plan_mode: bool, first: bool, planned_before: bool) -> Kind {
    let lower = prompt.to_lowercase();
    let words = [
        ("fail", Kind::Fail),
        ("ask", Kind::Ask),
        ("plan", Kind::Plan),
        ("slow", Kind::Slow),
        ("silent", Kind::Silent),
        ("huge", Kind::Huge),
        ("expire", Kind::Expire),
        ("unending", Kind::Unending),
        ("told", Kind::Told),
    ];
    let first_word = lower.split_whitespace().next().unwrap_or_default();
    for (word, kind) in words {
        // At the start the word stands alone with a colon ("fail: …"); anywhere else it is in brackets.
        if lower.contains(&format!("[{word}]")) || first_word == format!("{word}:") {
            return kind;
        }
    }
    if plan_mode {
        Kind::Plan
    } else if planned_before {
        Kind::Carry
    } else if first {
        Kind::Normal
    } else {
        Kind::Followup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prompt_chooses_the_story() {
        assert_eq!(choose("Fix it", false, true, false), Kind::Normal);
        assert_eq!(choose("Fix it [FAIL] now", false, true, false), Kind::Fail);
        assert_eq!(choose("slow: fix it", false, true, false), Kind::Slow);
        assert_eq!(
            choose("slow loading page", false, true, false),
            Kind::Normal,
            "an ordinary first word is no command"
        );
        assert_eq!(choose("Fix it", true, true, false), Kind::Plan);
        assert_eq!(
            choose("[ask] Fix it", true, true, false),
            Kind::Ask,
            "brackets win over the mode"
        );
        assert_eq!(choose("Go on", false, false, true), Kind::Carry);
        assert_eq!(choose("Bigger", false, false, false), Kind::Followup);
    }
}
