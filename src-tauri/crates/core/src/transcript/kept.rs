//! Events as they are kept: pieces of words that came in a row lie together with all their identifiers, so that a long
//! run is few rows to read and what was delivered before is still known.

use super::{RunTranscript, SeenEvent, event_time, wire};
use crate::model::Time;

/// Words that lie together at most, in bytes.
const WORDS: usize = 64 << 10;
/// Events that lie together at most.
const EVENTS: usize = 512;
/// Time within which they happened, in milliseconds: a part of the transcript is dated no less exactly than that.
const SPAN: Time = 1_000;

/// An event, or pieces of words that lie together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// The event; with the words of the others behind its own, in the shape the service gives them.
    pub first: SeenEvent,
    /// The identifiers of the others, in order.
    pub others: Vec<Option<String>>,
}

/// Puts events together to be kept. Nothing that a transcript is built from is lost.
pub fn kept(events: &[SeenEvent]) -> Vec<KeptEvent> {
    let mut kept: Vec<KeptEvent> = Vec::new();
    let mut words: Option<String> = None;
    for event in events {
        let piece = piece(event);
        if let (Some(last), Some(words), Some(piece)) = (kept.last_mut(), words.as_mut(), piece.as_deref())
            && last.first.kind == event.kind
            && last.others.len() + 1 < EVENTS
            && words.len() + piece.len() <= WORDS
            && event_time(&last.first).abs_diff(event_time(event)) < SPAN
        {
            words.push_str(piece);
            last.others.push(event.id.clone());
            continue;
        }
        close(&mut kept, words.take());
        words = piece;
        kept.push(KeptEvent {
            first: event.clone(),
            others: Vec::new(),
        });
    }
    close(&mut kept, words);
    kept
}

/// The words of an event that is nothing but a piece of them.
fn piece(event: &SeenEvent) -> Option<String> {
    match event.kind.as_str() {
        "assistant" | "thinking" => wire::text(&event.data).map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

fn close(kept: &mut [KeptEvent], words: Option<String>) {
    if let (Some(last), Some(words)) = (kept.last_mut(), words)
        && !last.others.is_empty()
    {
        last.first.data = serde_json::json!({ "text": words }).to_string();
    }
}

impl RunTranscript {
    /// Takes what was kept, in the order it was kept in: the same as the events it was made from, but for when a part
    /// began, which may be a second earlier.
    pub fn restore(&mut self, kept: &KeptEvent) {
        self.apply(&kept.first);
        for id in &kept.others {
            self.delivery.see(id.as_deref(), &kept.first.kind, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Block, BlockKind, RunId};

    fn event(id: u64, kind: &str, data: &str) -> SeenEvent {
        SeenEvent {
            id: Some(format!("{}-0", 1_700_000_000_000 + id)),
            kind: kind.to_owned(),
            data: data.to_owned(),
            at: 1_700_000_900_000,
        }
    }

    fn said(id: u64, text: &str) -> SeenEvent {
        event(id, "assistant", &serde_json::json!({ "text": text }).to_string())
    }

    #[test]
    fn pieces_of_words_lie_together_and_nothing_else_does() {
        let call = event(3, "tool_call", r#"{"callId":"1","name":"read","status":"running"}"#);
        let events = [
            said(0, "One "),
            said(1, "two"),
            event(2, "thinking", r#"{"text":"hm"}"#),
            call.clone(),
            said(4, "late"),
            said(1_003, "r"),
            said(1_004, ""),
            event(1_005, "assistant", "broken"),
        ];
        let alone = |event: SeenEvent| KeptEvent {
            first: event,
            others: Vec::new(),
        };
        let id = |event: &SeenEvent| event.id.clone();
        let expected = [
            KeptEvent {
                first: said(0, "One two"),
                others: vec![id(&events[1])],
            },
            alone(events[2].clone()),
            alone(call),
            KeptEvent {
                first: said(4, "later"),
                others: vec![id(&events[5])],
            },
            alone(events[6].clone()),
            alone(events[7].clone()),
        ];
        assert_eq!(
            kept(&events),
            expected,
            "a second after the first piece a new row begins, and what cannot be read stays as it came"
        );
    }

    #[test]
    fn a_row_is_bounded() {
        let events: Vec<_> = (0..1_030).map(|_| said(0, "x")).collect();
        let sizes: Vec<_> = kept(&events).iter().map(|kept| kept.others.len() + 1).collect();
        assert_eq!(sizes, [512, 512, 6], "by its events");
        let events: Vec<_> = (0..5).map(|_| said(0, &"x".repeat(30 << 10))).collect();
        let sizes: Vec<_> = kept(&events).iter().map(|kept| kept.others.len() + 1).collect();
        assert_eq!(sizes, [2, 2, 1], "by its words");
    }

    /// Blocks without when they began, which the property speaks of apart.
    fn undated(blocks: &[Block]) -> Vec<Block> {
        let blocks = blocks.iter().cloned();
        blocks.map(|block| Block { at: 0, ..block }).collect()
    }

    fn some_event() -> impl Strategy<Value = (u8, u64, &'static str)> {
        let words = prop::sample::select(vec!["a", "é ", "\n", "\n\n", "- b", "```\n", "", "# c\n"]);
        (0..7_u8, 0..700_u64, words)
    }

    #[test]
    fn steps_that_are_missing_are_missing_after_a_restart() {
        let mut live = RunTranscript::new(RunId("run-1".to_owned()), 0);
        live.connected(true);
        let (first, later) = (said(0, "Looking."), said(5_000, "Done."));
        live.apply(&first);
        live.connected(true);
        let applied = live.apply(&later);
        assert_eq!(
            (applied.leaves_out, applied.keep, applied.rebuilt),
            (true, true, false),
            "the service keeps nothing of what lies between"
        );
        let mut restored = RunTranscript::new(RunId("run-1".to_owned()), 0);
        for kept in kept(&[first, SeenEvent::left_out(1_700_000_900_000), later]) {
            restored.restore(&kept);
        }
        assert_eq!(undated(restored.blocks()), undated(live.blocks()));
        let gaps = live.blocks().iter().filter(|block| block.kind == BlockKind::Gap);
        assert_eq!(
            (gaps.count(), live.blocks().len()),
            (1, 3),
            "one gap between what is known"
        );
    }

    proptest! {
        #[test]
        fn what_is_restored_is_what_was_seen(
            events in prop::collection::vec(some_event(), 0..60),
            flushes in prop::collection::vec(1..20_usize, 1..10),
            named in prop::bool::weighted(0.9),
        ) {
            let mut time = 0;
            let events: Vec<SeenEvent> = events.iter().enumerate().map(|(number, (kind, later, text))| {
                time += later * u64::from(*kind % 2);
                let mut event = match kind {
                    0 => event(time, "thinking", &serde_json::json!({ "text": text }).to_string()),
                    1 => event(time, "tool_call", &serde_json::json!({
                        "callId": format!("call-{}", number / 3),
                        "name": "read_file",
                        "status": if number % 2 == 0 { "running" } else { "completed" },
                    }).to_string()),
                    _ => said(time, text),
                };
                event.id = event.id.filter(|_| named);
                event
            }).collect();
            let mut live = RunTranscript::new(RunId("run-1".to_owned()), 0);
            let seen: Vec<_> = events.iter().filter(|event| live.apply(event).keep).cloned().collect();
            let mut restored = RunTranscript::new(RunId("run-1".to_owned()), 0);
            let (mut from, mut flushes) = (0, flushes.into_iter().cycle());
            while from < seen.len() {
                let to = seen.len().min(from + flushes.next().unwrap());
                for kept in kept(&seen[from..to]) {
                    restored.restore(&kept);
                }
                from = to;
            }
            prop_assert_eq!(undated(restored.blocks()), undated(live.blocks()));
            for (block, other) in live.blocks().iter().zip(restored.blocks()) {
                prop_assert!(other.at <= block.at && block.at - other.at < SPAN, "dated within a second");
            }
            prop_assert_eq!(restored.resume_after(), live.resume_after());
            prop_assert_eq!(restored.text(), live.text());
            live.connected(false);
            restored.connected(false);
            for event in &events {
                prop_assert_eq!(restored.apply(event), live.apply(event), "the same is known to be seen");
            }
        }
    }
}
