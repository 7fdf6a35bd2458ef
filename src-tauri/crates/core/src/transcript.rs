//! The transcript of one run, reduced from the events of its stream: pure, cheap per event, and the same
//! whatever cuts and repetitions the events arrived with.

mod arguments;
mod blocks;
mod calls;
mod command;
mod conversation;
mod delivery;
mod details;
mod documents;
mod kept;
mod narration;
mod oversized;
mod reply;
mod sections;
mod steps;
mod told;
mod wire;

use crate::markdown;
use crate::model::{Block, BlockId, BlockKind, Ending, Failure, RunId, RunState, Step, StepDetail, StepState, Time};

use calls::Calls;
pub use conversation::{ConversationMessage, Speaker, from_conversation, turns};
use delivery::Delivery;
pub(crate) use details::without_escapes;
pub use details::{call_detail, step_calls};
pub use documents::Document;
use documents::Touched;
pub use kept::{KeptEvent, kept};
pub use oversized::reduced;
use reply::Reply;
use told::LEFT_OUT;
pub use told::{Applied, Drained, LastTool, Outcome, RunRecord, SeenEvent};
pub use wire::run_state;

/// The blocks of one run number from its base upwards; bases of runs are this far apart.
pub const ORDERS_PER_RUN: u64 = 1 << 32;

/// What a block is made from.
#[derive(Clone)]
enum Part {
    /// The section with this number of the open stretch of words.
    Section(usize),
    /// Words of a stretch that is closed.
    Words,
    /// Steps, with their calls counted.
    Steps(calls::Group),
    /// A gap, the end, live thinking, or a plan's words: not part of the reply.
    Mark,
}

/// What is known of a block beyond what is shown; its number within the run says which.
#[derive(Clone)]
struct Entry {
    number: u64,
    part: Part,
}

/// What events had built before the record was applied.
struct Snapshot {
    entries: Vec<Entry>,
    blocks: Vec<Block>,
    reply: Reply,
    calls: Calls,
}

/// The transcript of one run. Blocks of the open stretch of words stand at the end, and so does live thinking.
pub struct RunTranscript {
    run: RunId,
    order_base: u64,
    next_number: u64,
    entries: Vec<Entry>,
    blocks: Vec<Block>,
    changed: Touched,
    removed: Vec<BlockId>,
    /// Numbers below this were handed out at least once.
    drained_below: u64,
    delivery: Delivery,
    reply: Reply,
    calls: Calls,
    thinking: bool,
    status: Option<RunState>,
    outcome: Option<Outcome>,
    /// Present while the end comes from the record, not from events.
    before_record: Option<Box<Snapshot>>,
    tokens: u64,
    parsed_bytes: u64,
}

impl RunTranscript {
    /// An empty transcript. Its blocks have orders above `order_base`, which is left for the run's prompt.
    pub fn new(run: RunId, order_base: u64) -> Self {
        Self {
            run,
            order_base,
            next_number: 1,
            entries: Vec::new(),
            blocks: Vec::new(),
            changed: Touched::default(),
            removed: Vec::new(),
            drained_below: 1,
            delivery: Delivery::default(),
            reply: Reply::default(),
            calls: Calls::default(),
            thinking: false,
            status: None,
            outcome: None,
            before_record: None,
            tokens: 0,
            parsed_bytes: 0,
        }
    }

    /// To be called when a stream was opened and before its first event: from then on events may repeat.
    /// `from_start` when it was opened without a resume point.
    pub fn connected(&mut self, from_start: bool) {
        self.delivery.connected(from_start);
    }

    /// The identifier to resume after: the last group of frames sharing one identifier that was handled whole.
    pub fn resume_after(&self) -> Option<&str> {
        self.delivery.resume_after()
    }

    /// Takes one event. Cheap: nothing is parsed as markdown before the blocks are asked for.
    pub fn apply(&mut self, event: &SeenEvent) -> Applied {
        let payload = match event.kind.as_str() {
            "heartbeat" => return Applied::default(),
            LEFT_OUT if event.id.is_none() => {
                self.leave_out(event.at);
                return Applied::default();
            }
            "status" => {
                if let Some(state) = wire::status(&event.data) {
                    self.status = Some(state);
                }
                return Applied::default();
            }
            "error" if event.id.is_none() => return Applied::default(),
            // All other updates repeat what the simple events say (API v1, stream events).
            "interaction_update" => wire::turn_tokens(&event.data),
            _ => None,
        };
        let kind = if payload.is_some() {
            "turn-ended"
        } else {
            event.kind.as_str()
        };
        let words = match kind {
            "assistant" | "thinking" => wire::text(&event.data).unwrap_or_default(),
            _ => std::borrow::Cow::Borrowed(event.data.as_str()),
        };
        let seen = self.delivery.see(event.id.as_deref(), kind, &words);
        if seen.identifiers_changed {
            self.forget_all();
        }
        if seen.leaves_out {
            self.leave_out(event_time(event));
        }
        let repeats = kind == "interaction_update" && seen.accompanies;
        let mut applied = Applied {
            // It is not kept: read once more after a restart, it must not pass for something new.
            new: seen.new && !repeats,
            keep: false,
            rebuilt: seen.identifiers_changed,
            leaves_out: seen.leaves_out,
        };
        if kind == "done" {
            self.delivery.end();
        }
        if !applied.new {
            return applied;
        }
        let at = event_time(event);
        applied.keep = true;
        match kind {
            "assistant" => {
                if let Some(text) = wire::text(&event.data) {
                    self.say(&text, at);
                }
            }
            "thinking" => self.think(at),
            "tool_call" => {
                if let Some(call) = wire::tool_call(&event.data) {
                    self.tool_call(&call, at);
                }
            }
            "turn-ended" => self.tokens = self.tokens.saturating_add(payload.unwrap_or(0)),
            "result" => {
                if let Some(result) = wire::result(&event.data) {
                    self.take_record_back();
                    self.finish(
                        result.state,
                        result.text.as_deref(),
                        result.duration,
                        result.error.as_deref(),
                        at,
                    );
                }
            }
            "done" => {}
            _ => applied.keep = false,
        }
        applied
    }

    /// Says that steps are missing here.
    fn leave_out(&mut self, at: Time) {
        self.close_words();
        self.end_thinking();
        self.push(BlockKind::Gap, Part::Mark, at);
    }

    /// Takes the record of the run, once it is terminal and no more events come. Where the stream did not tell the end,
    /// a gap says that steps are missing, and the record's text stands for the words.
    pub fn apply_record(&mut self, record: &RunRecord) {
        if matches!(record.state, RunState::Creating | RunState::Running) {
            return;
        }
        if self.outcome.is_some() && self.before_record.is_none() {
            return;
        }
        self.take_record_back();
        self.end_thinking();
        self.render();
        self.before_record = Some(Box::new(Snapshot {
            entries: self.entries.clone(),
            blocks: self.blocks.clone(),
            reply: self.reply.clone(),
            calls: self.calls.clone(),
        }));
        let text = record.text.as_deref();
        let is_complete = !self.blocks.is_empty() && text.is_none_or(|text| self.reply.has_all_of(text));
        if !is_complete {
            if text.is_some_and(|text| self.reply.is_cut_from(text)) {
                self.remove_words_from(self.reply_from());
                self.reply.clear_open();
            } else {
                self.close_words();
            }
            self.push(BlockKind::Gap, Part::Mark, record.at);
        }
        self.finish(record.state, text, record.duration, record.error.as_deref(), record.at);
    }

    /// The blocks by ascending order, as of now.
    pub fn blocks(&mut self) -> &[Block] {
        self.render();
        &self.blocks
    }

    /// The blocks that changed or went since this was last called.
    pub fn drain(&mut self) -> Drained {
        self.render();
        let mut changed = Vec::with_capacity(self.changed.undrawn.len());
        for number in std::mem::take(&mut self.changed.undrawn) {
            if let Some(index) = self.index_of(number) {
                changed.push(self.blocks[index].clone());
            }
        }
        self.drained_below = self.next_number;
        Drained {
            changed,
            removed: std::mem::take(&mut self.removed),
        }
    }

    /// All blocks as they are now are drawn: of none of them is told again before it changes. Gives those that went since
    /// this was last asked, which a page that is open already may still show.
    pub fn drawn(&mut self) -> Vec<BlockId> {
        self.render();
        self.changed.undrawn.clear();
        self.drained_below = self.next_number;
        std::mem::take(&mut self.removed)
    }

    /// What the agent does now, or did last; none while it writes.
    pub fn now_step(&self) -> Option<Step> {
        if self.outcome.is_some() {
            return None;
        }
        let steps = |block: &Block| match &block.kind {
            BlockKind::Steps { step, .. } => Some(step.clone()),
            _ => None,
        };
        let running = self
            .blocks
            .iter()
            .rev()
            .take(64)
            .filter_map(steps)
            .find(|step| step.state == StepState::Running);
        running.or_else(|| self.blocks.last().and_then(steps))
    }

    /// The last tool that was started.
    pub fn last_tool(&self) -> Option<&LastTool> {
        self.calls.last()
    }

    /// The last state a `status` frame named.
    pub fn status(&self) -> Option<RunState> {
        self.status
    }

    /// How it ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// All words of the run, byte for byte.
    pub fn text(&self) -> String {
        self.reply.whole()
    }

    /// The words since the last step: the final reply, once it ended.
    pub fn reply(&self) -> &str {
        self.reply.last()
    }

    /// Tokens used, as far as the stream told.
    pub fn tokens(&self) -> u64 {
        self.tokens
    }

    /// How many bytes of markdown were parsed so far: what streaming costs beyond one parse.
    pub fn parsed_bytes(&self) -> u64 {
        self.parsed_bytes
    }

    fn say(&mut self, text: &str, at: Time) {
        self.take_record_back();
        let before = self.reply.section_count();
        self.reply.push(text);
        let after = self.reply.section_count();
        if after > before {
            self.end_thinking();
        }
        if before > 0 {
            self.change_section(before - 1);
        }
        for section in before..after {
            self.push(BlockKind::Words { nodes: Vec::new() }, Part::Section(section), at);
        }
    }

    fn think(&mut self, at: Time) {
        if self.thinking || self.outcome.is_some() {
            return;
        }
        self.close_words();
        let step = Step {
            detail: StepDetail::Thinks,
            state: StepState::Running,
        };
        let steps = BlockKind::Steps {
            step,
            ended_at: None,
            calls: None,
        };
        self.push(steps, Part::Mark, at);
        self.thinking = true;
    }

    /// Thinking is shown while it lasts and leaves no block, so that the steps around it stay together.
    fn end_thinking(&mut self) {
        if std::mem::take(&mut self.thinking) {
            self.truncate(self.entries.len().saturating_sub(1));
        }
    }

    fn finish(&mut self, state: RunState, text: Option<&str>, duration: Option<u64>, error: Option<&str>, at: Time) {
        self.end_thinking();
        if let Some(text) = text.filter(|text| !self.reply.has_all_of(text)) {
            self.replace_reply(text, at);
        }
        self.close_words();
        self.end_steps(state == RunState::Finished, at);
        let ending = match state {
            RunState::Finished => match self.calls.last() {
                Some(LastTool::Asked { .. } | LastTool::Planned) => Ending::Asked,
                Some(LastTool::Other { .. }) | None => Ending::Finished,
            },
            RunState::Cancelled => Ending::Cancelled,
            RunState::Expired => Ending::Failed {
                failure: Failure::RunExpired,
            },
            RunState::Creating | RunState::Running | RunState::Error => {
                let message = error
                    .map(|text| markdown::line(text, 500))
                    .filter(|text| !text.is_empty());
                Ending::Failed {
                    failure: Failure::RunFailed { message },
                }
            }
        };
        self.outcome = Some(Outcome {
            state,
            ending: ending.clone(),
            duration,
        });
        self.push(BlockKind::Ended { ending, duration }, Part::Mark, at);
    }
}

/// When an event happened: its identifier begins with milliseconds (API v1, stream events), which stay the same when
/// it is delivered again. Never later than it arrived, nor much earlier than a stream is kept: then one of the two clocks
/// is wrong, and what is shown is by the one of this computer.
fn event_time(event: &SeenEvent) -> Time {
    const KEPT: Time = 7 * 86_400_000;
    let told = event
        .id
        .as_deref()
        .and_then(|id| id.split('-').next())
        .and_then(|text| text.parse::<Time>().ok());
    match told {
        Some(told) if (event.at.saturating_sub(KEPT)..=event.at).contains(&told) => told,
        _ => event.at,
    }
}
