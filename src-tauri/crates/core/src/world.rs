//! The only truth the page sees: every entity stamped with the revision of its last change.
//! No clock, no disk, no network. Nothing is pushed: a view asks what changed since a revision.

mod earlier;
mod left;
mod pins;
#[cfg(test)]
mod tests;
mod views;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use crate::model::{
    Account, AccountId, AgentId, Block, BlockId, Draft, DraftId, Launch, LaunchId, Repositories, Row, Settings,
};
use crate::record::{AgentRecord, draft_row, launch_row};

/// How many removals are remembered; a page further behind gets the whole view.
const REMOVALS: usize = 4096;

/// A value and the revision of its last change.
#[derive(Debug, Clone)]
struct Stamped<T> {
    value: T,
    revision: u64,
}

/// The blocks of one agent's transcript.
#[derive(Debug, Default)]
struct Transcript {
    blocks: BTreeMap<BlockId, Stamped<Block>>,
    gone: Removals<BlockId>,
}

/// Keys that are gone, with the revision of their going.
#[derive(Debug)]
struct Removals<K> {
    entries: VecDeque<(u64, K)>,
    /// Below this revision removals may have been forgotten.
    floor: u64,
}

impl<K> Default for Removals<K> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            floor: 0,
        }
    }
}

impl<K> Removals<K> {
    fn push(&mut self, revision: u64, key: K) {
        self.entries.push_back((revision, key));
        while self.entries.len() > REMOVALS {
            if let Some((dropped, _)) = self.entries.pop_front() {
                self.floor = dropped;
            }
        }
    }

    fn since(&self, since: u64) -> impl Iterator<Item = &K> {
        self.entries
            .iter()
            .filter(move |(revision, _)| *revision > since)
            .map(|(_, key)| key)
    }
}

/// Everything there is to see.
#[derive(Debug)]
pub struct World {
    revision: u64,
    accounts: Stamped<(Vec<Account>, Option<AccountId>)>,
    settings: Stamped<Settings>,
    repositories: Stamped<Repositories>,
    /// Accounts whose service cannot be reached; the page sees the active one's.
    offline: Stamped<HashSet<AccountId>>,
    drafts: HashMap<DraftId, Stamped<Draft>>,
    launches: HashMap<LaunchId, Stamped<Launch>>,
    agents: HashMap<AgentId, Stamped<AgentRecord>>,
    transcripts: HashMap<AgentId, Transcript>,
    rows: HashMap<String, Stamped<Row>>,
    rows_gone: Removals<String>,
    /// Identifiers of what the user pinned; see `pins`.
    pins: HashSet<String>,
    /// Keys of the rows that were open last, by account; see `left`.
    left: HashMap<AccountId, String>,
}

impl World {
    /// An empty world.
    pub fn new(settings: Settings) -> Self {
        Self {
            revision: 1,
            accounts: Stamped {
                value: (Vec::new(), None),
                revision: 1,
            },
            settings: Stamped {
                value: settings,
                revision: 1,
            },
            repositories: Stamped {
                value: Repositories::default(),
                revision: 1,
            },
            offline: Stamped {
                value: HashSet::new(),
                revision: 1,
            },
            drafts: HashMap::new(),
            launches: HashMap::new(),
            agents: HashMap::new(),
            transcripts: HashMap::new(),
            rows: HashMap::new(),
            rows_gone: Removals::default(),
            pins: HashSet::new(),
            left: HashMap::new(),
        }
    }

    /// The revision of the last change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn next(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// The accounts.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts.value.0
    }

    /// One account.
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts().iter().find(|account| account.id == *id)
    }

    /// The active account.
    pub fn active(&self) -> Option<&AccountId> {
        self.accounts.value.1.as_ref()
    }

    /// Replaces the accounts and which is active. Another active account means other rows.
    pub fn set_accounts(&mut self, accounts: Vec<Account>, active: Option<AccountId>) {
        let switched = self.accounts.value.1 != active;
        if (&self.accounts.value.0, &self.accounts.value.1) == (&accounts, &active) {
            return;
        }
        let revision = self.next();
        self.accounts = Stamped {
            value: (accounts, active),
            revision,
        };
        if switched {
            self.offline.revision = revision;
            self.rebuild_rows();
        }
    }

    /// Changes one account in place.
    pub fn edit_account(&mut self, id: &AccountId, edit: impl FnOnce(&mut Account)) {
        let (mut accounts, active) = self.accounts.value.clone();
        if let Some(account) = accounts.iter_mut().find(|account| account.id == *id) {
            edit(account);
            self.set_accounts(accounts, active);
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings.value
    }

    /// Replaces the settings.
    pub fn set_settings(&mut self, settings: Settings) {
        let revision = self.next();
        self.settings = Stamped {
            value: settings,
            revision,
        };
    }

    /// The repositories of the active account.
    pub fn repositories(&self) -> &Repositories {
        &self.repositories.value
    }

    /// Replaces the repositories of the active account.
    pub fn set_repositories(&mut self, repositories: Repositories) {
        if self.repositories.value != repositories {
            let revision = self.next();
            self.repositories = Stamped {
                value: repositories,
                revision,
            };
        }
    }

    /// Whether the active account's service can be reached, as far as known.
    pub fn online(&self) -> bool {
        self.active().is_none_or(|active| self.is_online(active))
    }

    /// Whether an account's service can be reached, as far as known.
    pub fn is_online(&self, account: &AccountId) -> bool {
        !self.offline.value.contains(account)
    }

    /// Says whether an account's service can be reached; gives whether that is news.
    pub fn set_online(&mut self, account: &AccountId, online: bool) -> bool {
        if self.is_online(account) == online {
            return false;
        }
        if online {
            self.offline.value.remove(account);
        } else {
            self.offline.value.insert(account.clone());
        }
        self.offline.revision = self.next();
        true
    }

    /// One draft.
    pub fn draft(&self, id: &DraftId) -> Option<&Draft> {
        self.drafts.get(id).map(|stamped| &stamped.value)
    }

    /// All drafts.
    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.values().map(|stamped| &stamped.value)
    }

    /// Adds or replaces a draft.
    pub fn put_draft(&mut self, draft: Draft) {
        let revision = self.next();
        let (account, row) = (draft.account.clone(), draft_row(&draft));
        self.drafts.insert(draft.id.clone(), Stamped { value: draft, revision });
        self.put_row(&account, row);
    }

    /// Takes a draft out.
    pub fn remove_draft(&mut self, id: &DraftId) {
        if self.drafts.remove(id).is_some() {
            self.next();
            self.remove_row(&id.0);
        }
    }

    /// One launch.
    pub fn launch(&self, id: &LaunchId) -> Option<&Launch> {
        self.launches.get(id).map(|stamped| &stamped.value)
    }

    /// All launches.
    pub fn launches(&self) -> impl Iterator<Item = &Launch> {
        self.launches.values().map(|stamped| &stamped.value)
    }

    /// Adds or replaces a launch.
    pub fn put_launch(&mut self, launch: Launch) {
        if self.launch(&launch.id) == Some(&launch) {
            return;
        }
        let revision = self.next();
        let (account, row, key) = (launch.account.clone(), launch_row(&launch), launch.id.0.clone());
        self.launches.insert(
            launch.id.clone(),
            Stamped {
                value: launch,
                revision,
            },
        );
        match row {
            Some(row) => self.put_row(&account, row),
            // The row of an agent made by this launch has the same key; it is put by the agent.
            None if self.agent_of_launch(&key) => {}
            None => self.remove_row(&key),
        }
    }

    fn agent_of_launch(&self, key: &str) -> bool {
        self.rows
            .get(key)
            .is_some_and(|row| matches!(row.value.target, crate::model::RowTarget::Agent(_)))
    }

    /// Takes a launch out.
    pub fn remove_launch(&mut self, id: &LaunchId) {
        if self.launches.remove(id).is_some() {
            self.next();
            if !self.agent_of_launch(&id.0) {
                self.remove_row(&id.0);
            }
        }
    }

    /// One agent.
    pub fn agent(&self, id: &AgentId) -> Option<&AgentRecord> {
        self.agents.get(id).map(|stamped| &stamped.value)
    }

    /// All agents.
    pub fn agents(&self) -> impl Iterator<Item = &AgentRecord> {
        self.agents.values().map(|stamped| &stamped.value)
    }

    /// Adds or replaces an agent.
    pub fn put_agent(&mut self, record: AgentRecord) {
        if self.agent(&record.agent.id) == Some(&record) {
            return;
        }
        let revision = self.next();
        let (account, row) = (record.agent.account.clone(), record.row());
        let replaced = self.agents.insert(
            record.agent.id.clone(),
            Stamped {
                value: record,
                revision,
            },
        );
        // One that the list brought first is called by its launch once it is known to be of it.
        if let Some(key) = replaced
            .map(|before| before.value.row().key)
            .filter(|key| *key != row.key)
        {
            self.remove_row(&key);
        }
        self.put_row(&account, row);
    }

    /// Adds or replaces an agent as its run was just heard of. While nobody looks at it, a newer sign of life alone is no
    /// change: it comes with the next, or once somebody looks.
    pub fn put_heard_agent(&mut self, mut record: AgentRecord, looked_at: bool) {
        let newest = record.agent.last_sign;
        if let Some(held) = self.agent(&record.agent.id)
            && held.agent.last_sign.is_some()
            && !looked_at
        {
            record.agent.last_sign = held.agent.last_sign;
            if *held == record {
                return;
            }
            record.agent.last_sign = newest;
        }
        self.put_agent(record);
    }

    /// Takes an agent and its transcript out.
    pub fn remove_agent(&mut self, id: &AgentId) {
        if let Some(stamped) = self.agents.remove(id) {
            self.next();
            self.transcripts.remove(id);
            self.remove_row(&stamped.value.row().key);
        }
    }

    /// Whether the transcript of an agent is held.
    pub fn holds_transcript(&self, agent: &AgentId) -> bool {
        self.transcripts.contains_key(agent)
    }

    /// Adds or replaces blocks of an agent's transcript and takes others out.
    pub fn put_blocks(&mut self, agent: &AgentId, blocks: Vec<Block>, gone: Vec<BlockId>) {
        let revision = self.next();
        // A page that saw one held before would never be told what went with it: it is told everything again.
        let transcript = self.transcripts.entry(agent.clone()).or_insert_with(|| Transcript {
            blocks: BTreeMap::new(),
            gone: Removals {
                entries: VecDeque::new(),
                floor: revision,
            },
        });
        for block in blocks {
            if transcript.blocks.get(&block.id).is_none_or(|held| held.value != block) {
                transcript
                    .blocks
                    .insert(block.id.clone(), Stamped { value: block, revision });
            }
        }
        for id in gone {
            if transcript.blocks.remove(&id).is_some() {
                transcript.gone.push(revision, id);
            }
        }
    }

    /// Forgets the transcript of an agent that is not looked at; the disk has it.
    pub fn drop_transcript(&mut self, agent: &AgentId) {
        if self.transcripts.remove(agent).is_some() {
            self.next();
        }
    }

    fn put_row(&mut self, account: &AccountId, mut row: Row) {
        if self.active() != Some(account) {
            return;
        }
        row.pinned = self.is_pinned(&row);
        let revision = self.revision;
        if self.rows.get(&row.key).is_none_or(|held| held.value != row) {
            self.rows.insert(row.key.clone(), Stamped { value: row, revision });
        }
    }

    fn remove_row(&mut self, key: &str) {
        if self.rows.remove(key).is_some() {
            self.rows_gone.push(self.revision, key.to_owned());
        }
    }

    /// Makes all rows anew, for another active account.
    fn rebuild_rows(&mut self) {
        self.rows.clear();
        self.rows_gone = Removals {
            entries: VecDeque::new(),
            floor: self.revision,
        };
        let Some(active) = self.active().cloned() else {
            return;
        };
        let drafts = self.drafts().filter(|draft| draft.account == active).map(draft_row);
        let launches = self
            .launches()
            .filter(|launch| launch.account == active)
            .filter_map(launch_row);
        let agents = self
            .agents()
            .filter(|record| record.agent.account == active)
            .map(AgentRecord::row);
        let revision = self.revision;
        self.rows = drafts
            .chain(launches)
            .chain(agents)
            .map(|mut row| {
                row.pinned = self.is_pinned(&row);
                (row.key.clone(), Stamped { value: row, revision })
            })
            .collect();
    }
}
