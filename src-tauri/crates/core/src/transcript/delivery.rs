//! Which events were seen before, and where to resume. Frames can share an identifier, so one identifier may be cut
//! in half by a lost connection: only a group that was delivered whole moves the resume point.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is known of an event that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Whether it is the first time.
    pub(super) new: bool,
    /// Whether a replay from the start has begun with an identifier never seen, although events were seen before, and
    /// it is not later than all of them.
    pub(super) identifiers_changed: bool,
    /// Whether a replay begins behind all that was seen: the service does not keep what lies between any more.
    pub(super) leaves_out: bool,
    /// Whether it stands beside an event of another kind under the same identifier.
    pub(super) accompanies: bool,
}

/// The memory of one run's stream.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// Hashes of (identifier, kind, place among its kind within the group); 8 bytes an event.
    seen: HashSet<u64>,
    /// Hashes of identifiers alone: whether a replay repeats what is known. Only the first few are needed.
    known: HashSet<u64>,
    /// The last event of all by its identifier, `<milliseconds>-<n>` (API §7.1).
    latest: (u64, u64),
    /// The kind of the first event of all, and how it begins.
    first: Option<(String, String)>,
    /// The group being delivered by this connection.
    group: Option<String>,
    /// How many of each kind this connection has delivered within the group.
    places: Vec<(String, u32)>,
    /// The last group delivered whole.
    resume: Option<String>,
    /// A replay from the start has just begun.
    replay_begins: bool,
}

/// Identifiers remembered to recognize a replay by its first one.
const KNOWN_LIMIT: usize = 64;
/// So many letters of the first event are remembered, and so many bytes of it tell it from others.
const BEGINNING: usize = 200;
const TELLING: usize = 4;

impl Delivery {
    /// A stream was opened: events of the group that was cut come again from its first frame.
    pub(super) fn connected(&mut self, from_start: bool) {
        self.group = None;
        self.places.clear();
        if from_start {
            self.resume = None;
            self.replay_begins = !self.seen.is_empty();
        }
    }

    pub(super) fn resume_after(&self) -> Option<&str> {
        self.resume.as_deref()
    }

    /// The stream said that nothing follows: the group is whole.
    pub(super) fn end(&mut self) {
        if let Some(group) = self.group.clone().filter(|group| !group.is_empty()) {
            self.resume = Some(group);
        }
    }

    /// Notes an event. Events without identifier form one group that lasts as long as the connection.
    pub(super) fn see(&mut self, id: Option<&str>, kind: &str, words: &str) -> Seen {
        let id = id.unwrap_or("");
        let time = time_of(id);
        let unknown = std::mem::take(&mut self.replay_begins)
            && !id.is_empty()
            && !self.known.contains(&hash(id))
            && !self.seen.contains(&hash(&(id, kind, 0_u32)));
        // What begins as all began is all of it under other identifiers.
        let leaves_out = unknown && time > self.latest && !self.begins_so(kind, words);
        let identifiers_changed = unknown && !leaves_out;
        if identifiers_changed {
            *self = Self::default();
        }
        self.latest = self.latest.max(time);
        self.first
            .get_or_insert_with(|| (kind.to_owned(), words.chars().take(BEGINNING).collect()));
        if self.group.as_deref() != Some(id) {
            let whole = self.group.replace(id.to_owned());
            self.places.clear();
            if let Some(whole) = whole.filter(|whole| !whole.is_empty()) {
                self.resume = Some(whole);
            }
        }
        if self.known.len() < KNOWN_LIMIT {
            self.known.insert(hash(id));
        }
        let place = self.place(kind);
        Seen {
            new: self.seen.insert(hash(&(id, kind, place))),
            identifiers_changed,
            leaves_out,
            accompanies: self.places.iter().any(|(known, _)| known != kind),
        }
    }

    /// Whether an event may be the first of all once more: kept words are several events in one.
    fn begins_so(&self, kind: &str, words: &str) -> bool {
        let words: String = words.chars().take(BEGINNING).collect();
        self.first.as_ref().is_some_and(|(of, first)| {
            let shorter = words.len().min(first.len());
            of == kind && shorter >= TELLING && (words.starts_with(first.as_str()) || first.starts_with(&words))
        })
    }

    fn place(&mut self, kind: &str) -> u32 {
        if let Some((_, count)) = self.places.iter_mut().find(|(known, _)| known == kind) {
            *count += 1;
            return *count;
        }
        self.places.push((kind.to_owned(), 0));
        0
    }
}

/// The two numbers of an identifier; zero where there are none.
fn time_of(id: &str) -> (u64, u64) {
    let (time, number) = id.split_once('-').unwrap_or((id, ""));
    (time.parse().unwrap_or(0), number.parse().unwrap_or(0))
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the first event of a replay from the start, after two events were seen.
    fn replay(first: &str, words: &str) -> (bool, bool, bool) {
        let mut delivery = Delivery::default();
        delivery.connected(true);
        for id in ["1700000000000-0", "1700000005000-1"] {
            delivery.see(
                Some(id),
                "assistant",
                if id.ends_with("-0") { "I’ll look" } else { " first." },
            );
        }
        delivery.connected(true);
        let seen = delivery.see(Some(first), "assistant", words);
        (seen.new, seen.identifiers_changed, seen.leaves_out)
    }

    #[test]
    fn a_replay_that_begins_behind_all_that_is_known_takes_none_of_it_away() {
        assert_eq!(
            replay("1700000000000-0", "Done."),
            (false, false, false),
            "the same again"
        );
        assert_eq!(
            replay("1700000005000-1", "Done."),
            (false, false, false),
            "the first is not kept any more, the second is"
        );
        assert_eq!(
            replay("1700000004000-7", "Done."),
            (true, true, false),
            "before the last that is known: all of it has other identifiers"
        );
        assert_eq!(
            replay("1700000006000-0", "Done."),
            (true, false, true),
            "behind it: what lies between is missing, and what is known stays"
        );
        assert_eq!(
            replay("1700000005000-2", "Done."),
            (true, false, true),
            "in the same millisecond"
        );
        assert_eq!(
            replay("1700000006000-0", "I’ll"),
            (true, true, false),
            "it begins as all began: the same under other identifiers"
        );
        assert_eq!(replay("other", "Done."), (true, true, false), "no time is in it");
    }

    #[test]
    fn an_event_beside_another_of_its_identifier_is_told_apart() {
        let mut delivery = Delivery::default();
        delivery.connected(true);
        let mut see = |id, kind| delivery.see(Some(id), kind, "").accompanies;
        let told = [
            see("5-0", "tool_call"),
            see("5-0", "interaction_update"),
            see("5-1", "interaction_update"),
            see("5-1", "interaction_update"),
        ];
        assert_eq!(told, [false, true, false, false], "some updates have no other event");
    }
}
