//! Accounts: connecting, the key's one way in, practice, and what stands in an account's way.

mod keys;
mod owner;

use std::collections::HashMap;
use std::sync::Arc;

use cursor_cloud_agents::{Client, ClientOptions, Key, RetryPolicy, Scheme};
use sendoff_store::AccountRow;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use self::owner::{Owner, account_for, check_access};
use super::{
    Engine, litter, lock,
    mailbox::{AgentMail, LaunchMail},
    mint,
    notices::is_about_account,
};
use crate::machines::follow_up::FollowUpInput;
use crate::model::{Account, AccountId, AccountKind, Failure, KeyPlace, Repositories};

/// The practice account's identifier; there is one.
pub(crate) fn practice_id() -> AccountId {
    AccountId("practice".to_owned())
}

/// Whom practice launches belong to; the names of real users carry their kind in front and are never this.
const PRACTICE_USER: &str = "practice";

/// Clients by account. A key stays in memory inside its client, which wipes it, and nowhere else; that of practice,
/// which opens nothing, is also known to whoever runs practice.
#[derive(Default)]
pub(crate) struct Secrets {
    pub(crate) clients: HashMap<AccountId, Client>,
    /// Held while a key is kept with its account, or one is dropped that no account needs: the one could take the
    /// other's key.
    keys: Arc<tokio::sync::Mutex<()>>,
}

/// An account as kept on disk. Never a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredAccount {
    pub(crate) account: Account,
    /// The user that `/v1/me` named, with the kind of its name in front; launches belong to it.
    pub(crate) user: Option<String>,
}

impl Engine {
    /// Connects an account with a key, or gives the account `replaces` a new one. The key is checked at once.
    /// A key of somebody else replaces none: it is connected as an account of its own, which the answer names.
    ///
    /// With `memory` the key is kept until the app quits and not put into the keychain.
    ///
    /// # Errors
    /// What `/v1/me` or the list of agents refused, or the trouble of keychain or disk; nothing is kept then.
    pub async fn account_connect(
        &self,
        key: &str,
        replaces: Option<AccountId>,
        memory: bool,
    ) -> Result<AccountId, Failure> {
        let key = Key::new(key).map_err(|_| Failure::KeyMalformed)?;
        let last_four = key.last_four();
        let secret = Zeroizing::new(key.expose().as_bytes().to_vec());
        let client = self.client_with(&self.0.options.api_url, key)?;
        let owner = Owner::of(&client).await?;
        let known = {
            let users = lock(&self.0.sync.users);
            account_for(&users, owner.user.as_deref(), replaces.as_ref())
        };
        let before = known.and_then(|id| self.read(|world| world.account(&id).cloned()));
        let older_api = before.as_ref().is_some_and(|account| account.older_api);
        check_access(&client, older_api).await?;
        let id = before
            .as_ref()
            .map_or_else(|| AccountId(mint("account-")), |account| account.id.clone());
        let account = Account {
            id: id.clone(),
            kind: AccountKind::Cursor,
            name: owner.name,
            email: owner.email,
            key: if memory { KeyPlace::Memory } else { KeyPlace::Keychain },
            last_four: Some(last_four),
            older_api,
            // Another key may be told.
            usage_unavailable: false,
            problem: None,
        };
        let kept = self
            .keep(account, owner.user.clone(), (!memory).then_some(secret))
            .await;
        if let Err(failure) = kept {
            if before.is_none() && !memory && failure != Failure::KeychainAbsent {
                // A keychain that did not answer in time may have kept it all the same.
                self.spawn(self.clone().drop_key(id));
            }
            return Err(failure);
        }
        if memory && before.is_some_and(|account| account.key == KeyPlace::Keychain) {
            self.spawn(self.clone().drop_key(id.clone()));
        }
        lock(&self.0.secrets).clients.insert(id.clone(), client);
        self.account_activate(&id).await?;
        self.account_works(&id, owner.user);
        Ok(id)
    }

    /// Keeps a key in the keychain, where it is to be, and then its account on the disk.
    async fn keep(
        &self,
        account: Account,
        user: Option<String>,
        secret: Option<Zeroizing<Vec<u8>>>,
    ) -> Result<(), Failure> {
        let keys = lock(&self.0.secrets).keys.clone();
        let held = keys.lock().await;
        let stored = secret.is_some();
        if let Some(secret) = secret {
            self.store_key(&account.id, secret).await?;
        }
        self.save_account(account, user).await?;
        drop(held);
        if stored {
            self.spawn(self.clone().drop_keys());
        }
        Ok(())
    }

    fn client_with(&self, url: &str, key: Key) -> Result<Client, Failure> {
        let options = ClientOptions {
            base_url: url.to_owned(),
            key,
            scheme: Scheme::Bearer,
            retry: RetryPolicy::default(),
        };
        Client::new(options).map_err(|error| {
            tracing::error!(%error, "the client could not be built");
            Failure::Offline
        })
    }

    /// Makes an account and its user known to the disk and the page.
    pub(crate) async fn save_account(&self, account: Account, user: Option<String>) -> Result<(), Failure> {
        let known = self.read(|world| world.accounts().to_vec());
        let position = known
            .iter()
            .position(|other| other.id == account.id)
            .unwrap_or(known.len());
        let row = AccountRow {
            id: account.id.0.clone(),
            position: position as u32,
            body: encode(&StoredAccount {
                account: account.clone(),
                user: user.clone(),
            }),
        };
        self.disk(move |store| store.put_account(&row)).await?;
        if let Some(user) = user {
            lock(&self.0.sync.users).insert(account.id.clone(), user);
        }
        self.edit(|world| {
            let mut accounts = world.accounts().to_vec();
            match accounts.iter_mut().find(|other| other.id == account.id) {
                Some(held) => *held = account,
                None => accounts.push(account),
            }
            let active = world.active().cloned();
            world.set_accounts(accounts, active);
        });
        Ok(())
    }

    /// The user an account's key belongs to, as last seen.
    pub(crate) fn user_of(&self, account: &AccountId) -> Option<String> {
        lock(&self.0.sync.users).get(account).cloned()
    }

    /// Starts practicing: the practice account exists and is active afterwards.
    pub(crate) async fn account_practice(&self) -> Result<(), Failure> {
        let id = practice_id();
        self.practice_client().await?;
        if self.read(|world| world.account(&id).is_none()) {
            let account = Account {
                id: id.clone(),
                kind: AccountKind::Practice,
                name: String::new(),
                email: None,
                key: KeyPlace::NotNeeded,
                last_four: None,
                older_api: false,
                usage_unavailable: false,
                problem: None,
            };
            self.save_account(account, Some(PRACTICE_USER.to_owned())).await?;
        }
        self.account_activate(&id).await?;
        self.account_works(&id, Some(PRACTICE_USER.to_owned()));
        Ok(())
    }

    async fn practice_client(&self) -> Result<(), Failure> {
        let endpoint = (self.0.options.practice.start)()
            .await
            .ok_or(Failure::PracticeTrouble)?;
        let key = Key::new(&endpoint.key).map_err(|_| Failure::PracticeTrouble)?;
        let client = self.client_with(&endpoint.url, key)?;
        lock(&self.0.secrets).clients.insert(practice_id(), client);
        Ok(())
    }

    /// Makes an account the active one.
    pub(crate) async fn account_activate(&self, id: &AccountId) -> Result<(), Failure> {
        if self.read(|world| world.account(id).is_none()) {
            return Err(Failure::NotFound);
        }
        let saved = encode(id);
        self.disk(move |store| store.put_setting("active", &saved)).await?;
        // At once with the account: a draft made in between would take another account's repository.
        let repositories = self.load_repositories(id).await?;
        self.edit(|world| {
            let accounts = world.accounts().to_vec();
            world.set_accounts(accounts, Some(id.clone()));
            world.set_repositories(repositories);
        });
        self.show_repositories().await;
        self.sync_soon(id);
        Ok(())
    }

    /// Forgets an account, its key and what was fetched for it. Drafts of it go to no one and are thrown away with it,
    /// and practice agents with the practice account.
    ///
    /// # Errors
    /// Why the keychain or the disk would not; the account is still there then, and it can be tried again.
    pub(crate) async fn account_remove(&self, id: &AccountId) -> Result<(), Failure> {
        let account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        if account.kind == AccountKind::Cursor {
            // Whatever the account says of its key, an older one may lie in the keychain.
            match self.remove_key(id).await {
                // A keychain that cannot be asked is no reason to keep an account whose key was not to be there, and
                // none that is away can be waited for.
                Err(failure) if account.key != KeyPlace::Keychain || failure == Failure::KeychainAbsent => {
                    self.drop_later(id).await?;
                }
                outcome => outcome?,
            }
        }
        self.forget_agents_of(id);
        if account.kind == AccountKind::Practice {
            (self.0.options.practice.forget)().await?;
        }
        let drafts: Vec<_> = self.read(|world| {
            let drafts = world.drafts().filter(|draft| draft.account == *id);
            drafts.map(|draft| draft.id.clone()).collect()
        });
        let (rows, account) = (drafts.clone(), id.clone());
        self.disk(move |store| {
            for draft in &rows {
                store.delete_draft(&draft.0)?;
            }
            litter::remove_account(store, &account)
        })
        .await?;
        self.forget_sends_of(id);
        lock(&self.0.secrets).clients.remove(id);
        lock(&self.0.sync.users).remove(id);
        let next = self.read(|world| {
            let left = || {
                world
                    .accounts()
                    .iter()
                    .map(|other| &other.id)
                    .filter(|other| *other != id)
            };
            left()
                .find(|other| world.active() == Some(other))
                .or_else(|| left().next())
                .cloned()
        });
        let repositories = match &next {
            Some(next) => self.load_repositories(next).await?,
            None => Repositories::default(),
        };
        let agents = self.edit(|world| {
            // As they are now: a list or an answer may have brought some since the removal began.
            let launches = world.launches().filter(|launch| launch.account == *id);
            let launches: Vec<_> = launches.map(|launch| launch.id.clone()).collect();
            let agents = world.agents().filter(|record| record.agent.account == *id);
            let agents: Vec<_> = agents.map(|record| record.agent.id.clone()).collect();
            for draft in &drafts {
                world.remove_draft(draft);
            }
            for launch in &launches {
                world.remove_launch(launch);
            }
            for agent in &agents {
                world.remove_agent(agent);
            }
            let accounts: Vec<_> = world
                .accounts()
                .iter()
                .filter(|other| other.id != *id)
                .cloned()
                .collect();
            world.set_accounts(accounts, next.clone());
            world.set_repositories(repositories);
            agents
        });
        // A letter that came meanwhile may have started a task again.
        self.forget_agents(&agents);
        let active = encode(&next);
        self.disk(move |store| store.put_setting("active", &active)).await?;
        self.show_repositories().await;
        Ok(())
    }

    /// Uses the older API for an account, or not.
    pub(crate) async fn account_older_api(&self, id: &AccountId, older_api: bool) -> Result<(), Failure> {
        let mut account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        account.older_api = older_api;
        self.save_account(account, self.user_of(id)).await?;
        lock(&self.0.models).remove(id);
        self.mail_followers_of(id, &AgentMail::Rewired);
        self.sync_soon(id);
        Ok(())
    }

    /// Tries an account again: fetches its key if it is not here, and asks the service who it belongs to.
    ///
    /// # Errors
    /// What says nothing of the account, such as a network that is away. What stands in the way of the account itself
    /// is its problem afterwards, and no error.
    pub(crate) async fn account_retry(&self, id: &AccountId) -> Result<(), Failure> {
        let account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        match self.account_try(&account).await {
            Err(failure) if !self.note_account(id, &failure) => Err(failure),
            _ => Ok(()),
        }
    }

    async fn account_try(&self, account: &Account) -> Result<(), Failure> {
        let id = &account.id;
        if account.kind == AccountKind::Practice {
            self.practice_client().await?;
            self.account_works(id, Some(PRACTICE_USER.to_owned()));
            return Ok(());
        }
        if self.client(id).is_none() {
            self.account_key(account).await?;
            // It can be used now; what the service says of it is another matter.
            self.account_works(id, self.user_of(id));
        }
        let client = self.client(id).ok_or(Failure::KeyGone)?;
        let owner = Owner::of(&client).await?;
        check_access(&client, account.older_api).await?;
        self.account_works(id, owner.user);
        Ok(())
    }

    /// Brings an account's key back, from where it lies.
    async fn account_key(&self, account: &Account) -> Result<(), Failure> {
        match account.key {
            KeyPlace::Keychain => self.load_key(account).await,
            // It was gone from the keychain before, and still is.
            KeyPlace::Missing if account.problem == Some(Failure::KeyGone) => Err(Failure::KeyGone),
            // A key kept in memory went with the last run of the app.
            KeyPlace::Memory | KeyPlace::Missing | KeyPlace::NotNeeded => Err(Failure::KeyNeeded),
        }
    }

    /// Makes an account usable at start: key from the keychain, practice cloud started. Says what stands in the way.
    pub(crate) async fn account_start(&self, account: Account) {
        let prepared = match account.kind {
            AccountKind::Practice => self.practice_client().await,
            AccountKind::Cursor => self.account_key(&account).await,
        };
        match prepared {
            Ok(()) => {
                let user = self.user_of(&account.id);
                self.account_works(&account.id, user);
            }
            Err(failure) => self.account_refused(&account.id, failure),
        }
    }

    /// The account answered: whatever waited for it goes on.
    pub(crate) fn account_works(&self, id: &AccountId, user: Option<String>) {
        if let Some(user) = user {
            lock(&self.0.sync.users).insert(id.clone(), user);
        }
        self.note_worked(id);
        self.edit(|world| world.edit_account(id, |account| account.problem = None));
        self.whatever_waits_goes_on(id);
        self.sync_soon(id);
        self.list_if_old(id);
    }

    /// Tells whatever was halted because the account was refused.
    pub(crate) fn whatever_waits_goes_on(&self, id: &AccountId) {
        self.mail_launches(id, &LaunchMail::Account { user: self.user_of(id) });
        self.tell_follow_ups(id, &FollowUpInput::AccountChanged { user: self.user_of(id) });
        let followed: Vec<_> = lock(&self.0.agents).keys().cloned().collect();
        for agent in followed {
            if self.read(|world| world.agent(&agent).is_some_and(|record| record.agent.account == *id)) {
                self.mail_agent(&agent, AgentMail::Account);
            }
        }
    }

    /// Why an account has no key here: what stands in its way, or a keychain that was not heard of yet.
    pub(crate) fn key_absent(&self, id: &AccountId) -> Failure {
        self.read(|world| match world.account(id) {
            None => Failure::NoAccount,
            Some(account) => account.problem.clone().unwrap_or(match account.kind {
                AccountKind::Practice => Failure::PracticeTrouble,
                AccountKind::Cursor => Failure::KeychainSilent,
            }),
        })
    }

    /// Something stands in the way of the account itself; shown with one way on.
    fn account_refused(&self, id: &AccountId, failure: Failure) {
        // That a key kept until the app quits is asked for is what the user chose, and no news.
        let news = failure != Failure::KeyNeeded
            && self.read(|world| world.account(id).is_some_and(|account| account.problem.is_none()));
        self.edit(|world| {
            world.edit_account(id, |account| {
                if matches!(failure, Failure::KeyNeeded | Failure::KeyGone) {
                    account.key = KeyPlace::Missing;
                }
                account.problem = Some(failure.clone());
            });
        });
        if news {
            self.tell_of_account(id, failure);
        }
    }

    /// Notes what a failure says about the account as a whole, and gives whether it says anything. A network that is
    /// away does not.
    pub(crate) fn note_account(&self, id: &AccountId, failure: &Failure) -> bool {
        let whole = is_about_account(failure);
        if whole {
            self.account_refused(id, failure.clone());
        }
        whole
    }
}

/// JSON of a value that has no failing cases.
pub(crate) fn encode(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
