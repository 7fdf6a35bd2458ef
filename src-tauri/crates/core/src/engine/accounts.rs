//! Accounts: connecting, the key's one way in, practice, and what stands in an account's way.

use std::collections::HashMap;

use cursor_cloud_agents::{Client, ClientOptions, Key, Page, RetryPolicy, Scheme};
use sendoff_secrets::KeychainError;
use sendoff_store::AccountRow;
use serde::{Deserialize, Serialize};

use super::{
    Engine, failures, lock,
    mailbox::{AgentMail, LaunchMail},
    mint, shown,
};
use crate::machines::follow_up::FollowUpInput;
use crate::model::{Account, AccountId, AccountKind, Failure, KeyPlace};

/// The practice account's identifier; there is one.
pub(crate) fn practice_id() -> AccountId {
    AccountId("practice".to_owned())
}

/// Clients by account. A key lives inside its client and nowhere else in memory.
#[derive(Default)]
pub(crate) struct Secrets {
    pub(crate) clients: HashMap<AccountId, Client>,
}

/// An account as kept on disk. Never a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredAccount {
    pub(crate) account: Account,
    /// The user that `/v1/me` named; launches belong to it.
    pub(crate) user: Option<String>,
}

/// Who a key belongs to.
struct Owner {
    name: String,
    email: Option<String>,
    user: Option<String>,
}

impl Engine {
    /// Connects an account with a key, or gives the account `replaces` a new one. The key is checked at once.
    ///
    /// With `memory` the key is kept until the app quits and not put into the keychain.
    ///
    /// # Errors
    /// What `/v1/me` or the list of agents refused, or the keychain's trouble; nothing is kept then.
    pub async fn account_connect(
        &self,
        key: &str,
        replaces: Option<AccountId>,
        memory: bool,
    ) -> Result<AccountId, Failure> {
        let key = Key::new(key).map_err(|_| Failure::KeyMalformed)?;
        let older_api = replaces
            .as_ref()
            .is_some_and(|id| self.read(|world| world.account(id).is_some_and(|account| account.older_api)));
        let last_four = key.last_four();
        let secret = key.expose().as_bytes().to_vec();
        let client = self.client_with(&self.0.options.api_url, key)?;
        let owner = check(&client, older_api).await?;
        let id = replaces
            .or_else(|| self.account_of(&owner))
            .unwrap_or_else(|| AccountId(mint("account-")));
        if !memory {
            self.keychain_store(&id, secret).await?;
        }
        let account = Account {
            id: id.clone(),
            kind: AccountKind::Cursor,
            name: owner.name.clone(),
            email: owner.email.clone(),
            key: if memory { KeyPlace::Memory } else { KeyPlace::Keychain },
            last_four: Some(last_four),
            older_api,
            problem: None,
        };
        lock(&self.0.secrets).clients.insert(id.clone(), client);
        self.save_account(account, owner.user.clone()).await?;
        self.account_activate(&id).await?;
        self.account_works(&id, owner.user);
        Ok(id)
    }

    /// The account already connected for the same person.
    fn account_of(&self, owner: &Owner) -> Option<AccountId> {
        let user = owner.user.as_ref()?;
        lock(&self.0.sync.users)
            .iter()
            .find(|(_, known)| *known == user)
            .map(|(id, _)| id.clone())
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
    async fn save_account(&self, account: Account, user: Option<String>) -> Result<(), Failure> {
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
                problem: None,
            };
            self.save_account(account, Some("practice".to_owned())).await?;
        }
        self.account_activate(&id).await?;
        self.account_works(&id, Some("practice".to_owned()));
        Ok(())
    }

    async fn practice_client(&self) -> Result<(), Failure> {
        let endpoint = (self.0.options.practice)().await.ok_or(Failure::PracticeTrouble)?;
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
        self.edit(|world| {
            let accounts = world.accounts().to_vec();
            world.set_accounts(accounts, Some(id.clone()));
        });
        self.show_repositories().await;
        self.sync_soon(id);
        Ok(())
    }

    /// Forgets an account, its key and what was fetched for it. Drafts of it go to no one and are thrown away with it.
    pub(crate) async fn account_remove(&self, id: &AccountId) -> Result<(), Failure> {
        let account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        if account.key == KeyPlace::Keychain {
            let (keychain, name) = (self.0.options.keychain.clone(), id.0.clone());
            let removed = tokio::task::spawn_blocking(move || keychain.remove(&name)).await;
            match removed {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(failures::of_keychain(&error)),
                Err(_) => return Err(Failure::KeychainTrouble),
            }
        }
        self.forget_agents_of(id);
        let (drafts, launches, agents) = self.read(|world| {
            (
                world
                    .drafts()
                    .filter(|draft| draft.account == *id)
                    .map(|draft| draft.id.clone())
                    .collect::<Vec<_>>(),
                world
                    .launches()
                    .filter(|launch| launch.account == *id)
                    .map(|launch| launch.id.clone())
                    .collect::<Vec<_>>(),
                world
                    .agents()
                    .filter(|record| record.agent.account == *id)
                    .map(|record| record.agent.id.clone())
                    .collect::<Vec<_>>(),
            )
        });
        let (rows, account_row) = ((drafts.clone(), launches.clone()), id.0.clone());
        self.disk(move |store| {
            for draft in &rows.0 {
                store.delete_draft(&draft.0)?;
            }
            for launch in &rows.1 {
                store.delete_launch(&launch.0)?;
            }
            store.delete_account(&account_row)
        })
        .await?;
        lock(&self.0.secrets).clients.remove(id);
        lock(&self.0.sync.users).remove(id);
        self.edit(|world| {
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
            let active = match world.active() {
                Some(active) if active != id => Some(active.clone()),
                _ => accounts.first().map(|account| account.id.clone()),
            };
            world.set_accounts(accounts, active);
        });
        let active = self.read(|world| encode(&world.active()));
        self.disk(move |store| store.put_setting("active", &active)).await?;
        self.show_repositories().await;
        Ok(())
    }

    /// Uses the older API for an account, or not.
    pub(crate) async fn account_older_api(&self, id: &AccountId, older_api: bool) -> Result<(), Failure> {
        let mut account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        account.older_api = older_api;
        self.save_account(account, self.user_of(id)).await?;
        self.sync_soon(id);
        Ok(())
    }

    /// Tries an account again: fetches its key if it is not here, and asks the service who it belongs to.
    pub(crate) async fn account_retry(&self, id: &AccountId) -> Result<(), Failure> {
        let account = self.read(|world| world.account(id).cloned()).ok_or(Failure::NotFound)?;
        let outcome = self.account_try(&account).await;
        if let Err(failure) = &outcome {
            self.account_refused(id, failure.clone());
        }
        outcome
    }

    async fn account_try(&self, account: &Account) -> Result<(), Failure> {
        let id = &account.id;
        if account.kind == AccountKind::Practice {
            self.practice_client().await?;
            self.account_works(id, Some("practice".to_owned()));
            return Ok(());
        }
        if self.client(id).is_none() {
            self.load_key(account).await?;
        }
        let client = self.client(id).ok_or(Failure::KeyRefused)?;
        let owner = check(&client, account.older_api).await?;
        self.account_works(id, owner.user);
        Ok(())
    }

    /// Fetches an account's key from the keychain into its client.
    async fn load_key(&self, account: &Account) -> Result<(), Failure> {
        let (keychain, name) = (self.0.options.keychain.clone(), account.id.0.clone());
        let loaded = tokio::task::spawn_blocking(move || keychain.load(&name)).await;
        let secret = match loaded {
            Ok(Ok(Some(secret))) => secret,
            Ok(Ok(None)) => {
                self.edit(|world| world.edit_account(&account.id, |held| held.key = KeyPlace::Missing));
                return Err(Failure::KeyRefused);
            }
            Ok(Err(error)) => return Err(failures::of_keychain(&error)),
            Err(_) => return Err(Failure::KeychainTrouble),
        };
        let text = std::str::from_utf8(secret.expose()).map_err(|_| Failure::KeyMalformed)?;
        let key = Key::new(text).map_err(|_| Failure::KeyMalformed)?;
        let client = self.client_with(&self.0.options.api_url, key)?;
        lock(&self.0.secrets).clients.insert(account.id.clone(), client);
        Ok(())
    }

    async fn keychain_store(&self, id: &AccountId, secret: Vec<u8>) -> Result<(), Failure> {
        let (keychain, name) = (self.0.options.keychain.clone(), id.0.clone());
        let stored = tokio::task::spawn_blocking(move || {
            let outcome = keychain.store(&name, &secret);
            drop(zeroed(secret));
            outcome
        })
        .await;
        match stored {
            Ok(outcome) => outcome.map_err(|error: KeychainError| failures::of_keychain(&error)),
            Err(_) => Err(Failure::KeychainTrouble),
        }
    }

    /// Makes an account usable at start: key from the keychain, practice cloud started. Says what stands in the way.
    pub(crate) async fn account_start(&self, account: Account) {
        let prepared = match (account.kind, account.key) {
            (AccountKind::Practice, _) => self.practice_client().await,
            (_, KeyPlace::Keychain) => self.load_key(&account).await,
            // A key kept in memory went with the last run of the app.
            _ => {
                self.edit(|world| world.edit_account(&account.id, |held| held.key = KeyPlace::Missing));
                Err(Failure::KeyRefused)
            }
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
        if let Some(user) = user.clone() {
            lock(&self.0.sync.users).insert(id.clone(), user);
        }
        self.edit(|world| world.edit_account(id, |account| account.problem = None));
        self.mail_launches(id, &LaunchMail::Account { user });
        self.tell_follow_ups(id, &FollowUpInput::AccountChanged { user: self.user_of(id) });
        let followed: Vec<_> = lock(&self.0.agents).keys().cloned().collect();
        for agent in followed {
            if self.read(|world| world.agent(&agent).is_some_and(|record| record.agent.account == *id)) {
                self.mail_agent(&agent, AgentMail::Account);
            }
        }
        self.sync_soon(id);
    }

    /// The service refused the account itself; shown with one way on.
    pub(crate) fn account_refused(&self, id: &AccountId, failure: Failure) {
        let new = self.read(|world| world.account(id).is_some_and(|account| account.problem.is_none()));
        self.edit(|world| world.edit_account(id, |account| account.problem = Some(failure)));
        if new {
            self.tell_of_account(id);
        }
    }

    /// Notes what an answer says about the account as a whole.
    pub(crate) fn note_account(&self, id: &AccountId, failure: &Failure) {
        let whole = matches!(
            failure,
            Failure::KeyRefused | Failure::PlanRequired | Failure::PrivacyMode
        );
        if whole {
            self.account_refused(id, failure.clone());
        }
    }
}

/// Who the key belongs to, and whether it can do anything: some accounts pass `/v1/me` and fail every other call.
async fn check(client: &Client, older_api: bool) -> Result<Owner, Failure> {
    if older_api {
        let me = client.v0().me().await.map_err(|error| failures::of_service(&error))?;
        client
            .v0()
            .list(&Page {
                limit: Some(1),
                cursor: None,
            })
            .await
            .map_err(|error| failures::of_service(&error))?;
        return Ok(Owner {
            name: shown(me.api_key_name.as_deref().unwrap_or_default(), 80),
            email: me.user_email.clone(),
            user: me.user_email.or(me.api_key_name),
        });
    }
    let me = client.me().await.map_err(|error| failures::of_service(&error))?;
    client
        .list_agents(&Page {
            limit: Some(1),
            cursor: None,
        })
        .await
        .map_err(|error| failures::of_service(&error))?;
    let person = [me.user_first_name.clone(), me.user_last_name.clone()];
    let person = person
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let name = if person.is_empty() {
        me.api_key_name.clone().unwrap_or_default()
    } else {
        person
    };
    Ok(Owner {
        name: shown(&name, 80),
        email: me.user_email.clone(),
        user: me.user_id.or(me.user_email).or(me.api_key_name),
    })
}

/// Overwrites a key before its memory is given back.
fn zeroed(mut secret: Vec<u8>) -> Vec<u8> {
    secret.fill(0);
    std::hint::black_box(secret)
}

/// JSON of a value that has no failing cases.
pub(crate) fn encode(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
