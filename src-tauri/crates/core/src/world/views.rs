//! What a view gets: the whole of it for `since = 0` or a page too far behind, else what is newer.

use super::World;
use crate::model::{AgentId, Changes, Update, View};

impl World {
    /// What changed in `view` since revision `since`; none when nothing did.
    pub fn changes(&self, since: u64, view: &View) -> Option<Changes> {
        // A revision from the future belongs to an earlier start of the app.
        let since = if since > self.revision { 0 } else { since };
        let (whole, updates) = match view {
            View::Home => self.home(since),
            View::Draft { id } => self.single(since, self.drafts.get(id), |draft| Update::Draft {
                draft: draft.clone(),
            }),
            View::Launch { id } => self.single(since, self.launches.get(id), |launch| Update::Launch {
                launch: launch.clone(),
            }),
            View::Agent { id } => self.agent_view(since, id),
        };
        (whole || !updates.is_empty()).then_some(Changes {
            revision: self.revision,
            whole,
            updates,
        })
    }

    fn home(&self, since: u64) -> (bool, Vec<Update>) {
        let whole = since == 0 || since < self.rows_gone.floor;
        let since = if whole { 0 } else { since };
        let mut updates = Vec::new();
        if self.accounts.revision > since {
            let (accounts, active) = self.accounts.value.clone();
            let left = active.as_ref().and_then(|active| self.left(active)).map(str::to_owned);
            updates.push(Update::Accounts { accounts, active, left });
        }
        if self.settings.revision > since {
            updates.push(Update::Settings {
                settings: self.settings.value.clone(),
            });
        }
        if self.repositories.revision > since {
            updates.push(Update::Repositories {
                repositories: self.repositories.value.clone(),
            });
        }
        if self.offline.revision > since {
            updates.push(Update::Online { online: self.online() });
        }
        if !whole {
            let gone = self.rows_gone.since(since).filter(|key| !self.rows.contains_key(*key));
            updates.extend(gone.map(|key| Update::RowGone { key: key.clone() }));
        }
        let rows = self.rows.values().filter(|row| row.revision > since);
        updates.extend(rows.map(|row| Update::Row { row: row.value.clone() }));
        (whole, updates)
    }

    fn single<T>(
        &self,
        since: u64,
        held: Option<&super::Stamped<T>>,
        update: impl FnOnce(&T) -> Update,
    ) -> (bool, Vec<Update>) {
        match held {
            Some(held) if held.revision > since => (since == 0, vec![update(&held.value)]),
            Some(_) => (false, Vec::new()),
            // Said once for the snapshot, and once more to a page that still holds it.
            None if since < self.revision => (since == 0, vec![Update::Gone]),
            None => (false, Vec::new()),
        }
    }

    fn agent_view(&self, since: u64, id: &AgentId) -> (bool, Vec<Update>) {
        let (mut whole, mut updates) = self.single(since, self.agents.get(id), |record| Update::Agent {
            agent: record.agent.clone(),
        });
        let Some(transcript) = self.transcripts.get(id) else {
            return (whole, updates);
        };
        if !whole && since < transcript.gone.floor {
            // Too far behind to be told what went: everything again.
            whole = true;
            updates = self
                .agents
                .get(id)
                .map(|record| Update::Agent {
                    agent: record.value.agent.clone(),
                })
                .into_iter()
                .collect();
        }
        if whole {
            let (order, blocks) = transcript.end();
            updates.push(Update::From { order });
            updates.extend(blocks.map(|block| Update::Block { block: block.clone() }));
            return (whole, updates);
        }
        let gone = transcript
            .gone
            .since(since)
            .filter(|id| !transcript.blocks.contains_key(*id));
        updates.extend(gone.map(|id| Update::BlockGone { id: id.clone() }));
        let blocks = transcript.blocks.values().filter(|block| block.revision > since);
        updates.extend(blocks.map(|block| Update::Block {
            block: block.value.clone(),
        }));
        (whole, updates)
    }
}
