//! Opening: what is on disk becomes the world, and what was under way goes on.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use sendoff_store::Store;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::accounts::StoredAccount;
use super::aside::put_aside;
use super::left::left_key;
use super::pins::PINS;
use super::window_size::{HeldSize, WINDOW_SIZE, WindowSize};
use super::{
    Engine, Inner, Options, Signal, accounts, changes, decode, disk, failures, list, lock, mailbox::AgentMail, marks,
    pictures, repositories,
};
use crate::model::{AccountId, Draft, Failure, Settings};
use crate::record::AgentRecord;
use crate::world::World;

impl Engine {
    /// Opens the data folder and starts. The receiver gets what the shell is to tell the user.
    ///
    /// # Errors
    /// Why the data cannot be opened; nothing was changed then.
    pub async fn open(options: Options) -> Result<(Self, mpsc::UnboundedReceiver<Signal>), Failure> {
        let folder = options.data_folder.clone();
        let store = tokio::task::spawn_blocking(move || Store::open(&folder))
            .await
            .map_err(|_| Failure::DataTrouble)?
            .map_err(|error| failures::of_open(&error))?;
        let store = Arc::new(store);
        let disk = disk::Disk::start(Arc::clone(&store)).map_err(|_| Failure::DataTrouble)?;
        let (signals, told) = mpsc::unbounded_channel();
        let engine = Self(Arc::new(Inner {
            options,
            world: Mutex::new(World::new(Settings::default())),
            revision: watch::Sender::new(0),
            store,
            disk,
            signals,
            secrets: Mutex::new(accounts::Secrets::default()),
            late_usage: Mutex::default(),
            large: tokio::sync::Mutex::default(),
            unasked: Mutex::default(),
            budgets: Mutex::new(HashMap::new()),
            agents: Mutex::new(HashMap::new()),
            launches: Mutex::new(HashMap::new()),
            follow_ups: Mutex::new(HashMap::new()),
            stopping: Mutex::new(HashMap::new()),
            window_size: Mutex::new(HeldSize::of(WindowSize::FIRST, Instant::now())),
            looks: Mutex::new(changes::Looks::default()),
            listing: repositories::Listing::default(),
            sync: list::Sync::default(),
            thumbnails: Mutex::new(pictures::Thumbnails::default()),
            drawings: AtomicU64::default(),
            drawing: tokio::sync::Mutex::default(),
            packing: tokio::sync::Mutex::default(),
            taking: tokio::sync::RwLock::default(),
            removed: Mutex::new(marks::Removed::default()),
            tidying: tokio::sync::Mutex::default(),
            models: Mutex::new(HashMap::new()),
            followers: TaskTracker::new(),
            stop: CancellationToken::new(),
            runtime: tokio::runtime::Handle::current(),
        }));
        engine.load().await?;
        Ok((engine, told))
    }

    /// Reads everything the list needs, then lets tasks go on. Transcripts are read when they are looked at.
    async fn load(&self) -> Result<(), Failure> {
        let found = self
            .disk(|store| {
                let accounts = store.accounts()?;
                let (mut agents, mut left) = (Vec::new(), Vec::new());
                for account in &accounts {
                    agents.extend(store.agents(&account.id)?);
                    let id = AccountId(account.id.clone());
                    left.extend(store.setting(&left_key(&id))?.map(|key| (id, key)));
                }
                Ok((
                    store.setting("settings")?,
                    store.setting("active")?,
                    store.setting(WINDOW_SIZE)?,
                    store.settings_under(PINS)?,
                    left,
                    accounts,
                    store.drafts()?,
                    agents,
                    store.open_launches()?,
                    store.open_follow_ups()?,
                ))
            })
            .await?;
        let (settings, active, window_size, pins, left, accounts, drafts, agents, launches, follow_ups) = found;
        let stored: Vec<StoredAccount> = accounts
            .iter()
            .filter_map(|row| decode(&row.body, "an account"))
            .collect();
        for held in &stored {
            if let Some(user) = &held.user {
                lock(&self.0.sync.users).insert(held.account.id.clone(), user.clone());
            }
        }
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        for row in agents {
            match decode::<AgentRecord>(&row.body, "an agent") {
                Some(record) => records.push(record),
                None => unread.push(row),
            }
        }
        self.agents_aside(unread).await?;
        let settings = match settings {
            Some(body) => {
                let read = decode(&body, "the settings");
                if read.is_none() {
                    // The next change of a setting writes them anew.
                    self.disk(move |store| put_aside(store, "settings", "all", "settings", &body))
                        .await?;
                }
                read
            }
            None => None,
        };
        let window_size = window_size
            .and_then(|body| decode::<WindowSize>(&body, "the size of the window"))
            .filter(WindowSize::is_sound);
        if let Some(size) = window_size {
            *lock(&self.0.window_size) = HeldSize::of(size, Instant::now());
        }
        let active: Option<AccountId> = active.and_then(|body| decode(&body, "which account is active"));
        self.edit(|world| {
            if let Some(settings) = settings {
                world.set_settings(settings);
            }
            world.set_pins(pins, &[]);
            for (account, key) in left {
                world.set_left(account, key);
            }
            for mut draft in drafts.iter().filter_map(|row| decode::<Draft>(&row.body, "a draft")) {
                marks::name(&mut draft.shots);
                world.put_draft(draft);
            }
            for mut record in records {
                record.agent.reconnecting = false;
                record.agent.queue.clear();
                marks::name(&mut record.agent.answer.shots);
                world.put_agent(record);
            }
            let accounts: Vec<_> = stored.iter().map(|held| held.account.clone()).collect();
            let active = active
                .filter(|id| accounts.iter().any(|account| account.id == *id))
                .or_else(|| accounts.first().map(|account| account.id.clone()));
            world.set_accounts(accounts, active);
        });
        self.launches_resume(launches);
        self.follow_ups_resume(follow_ups);
        self.show_repositories().await;
        self.draw_all_marks();
        self.spawn(self.clone().start_accounts());
        self.spawn(self.clone().drop_keys());
        self.spawn(self.clone().keep_lists_fresh());
        self.spawn(self.clone().notice_sleep());
        self.spawn(self.clone().keep_clean());
        self.spawn(self.clone().document_all());
        Ok(())
    }

    /// Makes every account usable; a keychain that does not answer holds up its own account only.
    async fn start_accounts(self) {
        let accounts = self.read(|world| world.accounts().to_vec());
        for account in accounts {
            let engine = self.clone();
            self.spawn(async move {
                let id = account.id.clone();
                engine.account_start(account).await;
                engine.fetch_usage_owed(&id);
                engine.look_at_asking(&id);
                let live: Vec<_> = engine.read(|world| {
                    world
                        .agents()
                        .filter(|record| {
                            record.agent.account == id && (record.is_live() || !record.agent.queue.is_empty())
                        })
                        .map(|record| record.agent.id.clone())
                        .collect()
                });
                for agent in live {
                    engine.mail_agent(&agent, AgentMail::Follow);
                }
            });
        }
    }
}
