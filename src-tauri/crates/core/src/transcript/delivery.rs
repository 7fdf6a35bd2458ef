//! Which events were seen before, and where to resume. Frames can share an identifier, so one identifier may be cut
//! in half by a lost connection: only a group that was delivered whole moves the resume point.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is known of an event that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Whether it is the first time.
    pub(super) new: bool,
    /// Whether a replay from the start has begun with an identifier never seen, although events were seen before.
    pub(super) identifiers_changed: bool,
}

/// The memory of one run's stream.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// Hashes of (identifier, kind, place among its kind within the group); 8 bytes an event.
    seen: HashSet<u64>,
    /// Hashes of identifiers alone: whether a replay repeats what is known. Only the first few are needed.
    known: HashSet<u64>,
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
        let identifiers_changed =
            std::mem::take(&mut self.replay_begins) && !id.is_empty() && !self.known.contains(&hash(id));
        if identifiers_changed {
            *self = Self::default();
        }
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
