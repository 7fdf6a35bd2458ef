//! What the user keeps at the top of the list. A pin is an identifier: of a draft, of a launch, or of an agent that
//! was started elsewhere. A row keeps its pin while a draft becomes a launch, and that an agent.

use super::{Stamped, World};
use crate::model::{AccountId, LaunchId, Row, RowTarget};

impl World {
    /// Whether a row is pinned, by its key, what it opens, or the draft it came from.
    pub(super) fn is_pinned(&self, row: &Row) -> bool {
        !self.pins.is_empty() && self.pins_of(row).iter().any(|id| self.pins.contains(id))
    }

    /// The identifiers that pin a row; the first is the one to keep.
    fn pins_of(&self, row: &Row) -> Vec<String> {
        let id = match &row.target {
            RowTarget::Draft(id) => &id.0,
            RowTarget::Launch(id) => &id.0,
            RowTarget::Agent(id) => &id.0,
        };
        let draft = self
            .launch(&LaunchId(row.key.clone()))
            .map(|launch| launch.draft.0.clone());
        [Some(row.key.clone()), Some(id.clone()), draft]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The identifiers that pin what a row of the active account opens, with that account; none where there is no
    /// such row.
    pub fn pins_for(&self, target: &RowTarget) -> Option<(AccountId, Vec<String>)> {
        let row = self.rows.values().find(|held| held.value.target == *target)?;
        Some((self.active()?.clone(), self.pins_of(&row.value)))
    }

    /// Whether an identifier is pinned.
    pub fn has_pin(&self, id: &str) -> bool {
        self.pins.contains(id)
    }

    /// Adds pins, and takes others out.
    pub fn set_pins(&mut self, added: impl IntoIterator<Item = String>, gone: &[String]) {
        for id in gone {
            self.pins.remove(id);
        }
        self.pins.extend(added);
        let revision = self.next();
        let changed: Vec<Row> = self
            .rows
            .values()
            .filter_map(|held| {
                let pinned = self.is_pinned(&held.value);
                (pinned != held.value.pinned).then(|| Row {
                    pinned,
                    ..held.value.clone()
                })
            })
            .collect();
        for row in changed {
            self.rows.insert(row.key.clone(), Stamped { value: row, revision });
        }
    }
}
