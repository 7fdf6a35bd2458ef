//! Events of a run that speak of one thing: found without reading the others into memory.

use rusqlite::params;

use crate::database::{Store, rows};
use crate::error::StoreError;
use crate::events::EventRow;

impl Store {
    /// The events of one kind in a run of an agent, in order; with `holding` only those whose body holds that text, byte
    /// for byte. At most `limit`, from `position` on.
    pub fn events_of_kind(
        &self,
        agent: &str,
        run: &str,
        kind: &str,
        holding: Option<&str>,
        position: u32,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        self.read(|connection| {
            rows(
                connection,
                "SELECT position, event_id, kind, body FROM events
                 WHERE run = ?1 AND agent = ?2 AND kind = ?3 AND position >= ?4 AND (?5 IS NULL OR instr(body, ?5) > 0)
                 ORDER BY position LIMIT ?6",
                params![run, agent, kind, position, holding, limit],
                EventRow::read,
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_speaks_of_it_is_found_and_only_in_its_run() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let event = |position, kind: &str, body: &str| EventRow {
            position,
            event_id: None,
            kind: kind.to_owned(),
            body: body.to_owned(),
        };
        let events = [
            event(0, "tool_call", "one a"),
            event(1, "assistant", "one a"),
            event(2, "tool_call", "two %"),
            event(3, "tool_call", "three a"),
        ];
        store.append_events("bc-1", "run-1", &events).unwrap();
        store.append_events("bc-1", "run-2", &events[..1]).unwrap();
        let found = |agent, holding, position, limit| {
            let rows = store.events_of_kind(agent, "run-1", "tool_call", holding, position, limit);
            rows.unwrap().into_iter().map(|row| row.position).collect::<Vec<_>>()
        };
        assert_eq!(found("bc-1", None, 0, 9), [0, 2, 3]);
        assert_eq!(found("bc-1", Some("a"), 0, 9), [0, 3]);
        assert_eq!(found("bc-1", Some("%"), 0, 9), [2], "no pattern, but text");
        assert_eq!(found("bc-1", Some("a"), 1, 9), [3]);
        assert_eq!(found("bc-1", None, 0, 2), [0, 2]);
        assert_eq!(found("bc-2", None, 0, 9), [0; 0], "another agent's");
    }
}
