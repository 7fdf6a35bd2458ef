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
}

/// The memory of one run's stream.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// Hashes of (identifier, kind, place among its kind within the group); 8 bytes an event.
    seen: HashSet<u64>,
    /// Hashes of identifiers alone: whether a replay repeats what is known. Only the first few are needed.
    known: HashSet<u64>,
    /// When the last event was, by its identifier (`<milliseconds>-<n>`, API §7.1).
    latest: u64,
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
    pub(super) fn see(&mut self, id: Option<&str>, kind: &str) -> Seen {
        let id = id.unwrap_or("");
        let time = id.split('-').next().and_then(|time| time.parse().ok()).unwrap_or(0);
        let unknown = std::mem::take(&mut self.replay_begins)
            && !id.is_empty()
            && !self.known.contains(&hash(id))
            && !self.seen.contains(&hash(&(id, kind, 0_u32)));
        let leaves_out = unknown && time > self.latest;
        let identifiers_changed = unknown && !leaves_out;
        if identifiers_changed {
            *self = Self::default();
        }
        self.latest = self.latest.max(time);
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
        }
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

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the first event of a replay from the start, after two events were seen.
    fn replay(first: &str) -> (bool, bool, bool) {
        let mut delivery = Delivery::default();
        delivery.connected(true);
        for id in ["1700000000000-0", "1700000005000-1"] {
            delivery.see(Some(id), "assistant");
        }
        delivery.connected(true);
        let seen = delivery.see(Some(first), "assistant");
        (seen.new, seen.identifiers_changed, seen.leaves_out)
    }

    #[test]
    fn a_replay_that_begins_behind_all_that_is_known_takes_none_of_it_away() {
        assert_eq!(replay("1700000000000-0"), (false, false, false), "the same again");
        assert_eq!(
            replay("1700000005000-1"),
            (false, false, false),
            "the first is not kept any more, the second is"
        );
        assert_eq!(
            replay("1700000004000-7"),
            (true, true, false),
            "before the last that is known: all of it has other identifiers"
        );
        assert_eq!(
            replay("1700000006000-0"),
            (true, false, true),
            "behind it: what lies between is missing, and what is known stays"
        );
        assert_eq!(replay("other"), (true, true, false), "no time is in it");
    }
}
