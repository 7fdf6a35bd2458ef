//! The kept index of repositories: the account's list, agents seen, addresses typed. Works when the list cannot be had.

use std::collections::HashMap;
use std::sync::Mutex;

use sendoff_store::RepositoryRow;
use serde::{Deserialize, Serialize};

use super::{Engine, accounts::encode, aside::put_aside, decode, failures, lock};
use crate::model::{AccountId, Failure, Repositories, Repository, RepositoryOrigin, Time};
use crate::repository_url::normalize;

/// The list may be asked for once a minute and 30 times an hour (API §4); two minutes apart keeps both.
const SPACING: Time = 121_000;
/// Older lists are fetched anew by themselves.
const STALE: Time = 24 * 3_600_000;
/// A list that could not be had is asked for again by itself after this long: it may take tens of seconds each time.
const AGAIN: Time = 15 * 60_000;
/// Branches kept per repository.
const BRANCHES: usize = 50;

/// When each account's list was fetched and asked for.
#[derive(Default)]
pub(crate) struct Listing {
    states: Mutex<HashMap<AccountId, ListState>>,
}

/// How the list of one account stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListState {
    listed_at: Option<Time>,
    asked_at: Option<Time>,
    #[serde(skip)]
    loading: bool,
    #[serde(skip)]
    problem: Option<Failure>,
    #[serde(skip)]
    retry_after: Option<Time>,
}

impl ListState {
    fn refresh_after(&self) -> Option<Time> {
        self.asked_at.map(|asked| asked + SPACING).max(self.retry_after)
    }

    /// Whether the list is fetched without being asked for.
    fn is_due(&self, now: Time) -> bool {
        let old = |at: Option<Time>, age: Time| at.is_none_or(|at| now.saturating_sub(at) > age);
        !self.loading && old(self.listed_at, STALE) && old(self.asked_at, AGAIN)
    }

    /// What the page sees of it, with the repositories that are known.
    fn shown(self, items: Vec<Repository>) -> Repositories {
        Repositories {
            items,
            listed_at: self.listed_at,
            loading: self.loading,
            refresh_after: self.refresh_after(),
            problem: self.problem,
        }
    }
}

impl Engine {
    /// Shows the repositories of the active account, and fetches its list when it was never had or is old.
    pub(crate) async fn show_repositories(&self) {
        let Some(account) = self.read(|world| world.active().cloned()) else {
            return;
        };
        match self.load_repositories(&account).await {
            Ok(repositories) => self.publish_repositories(&account, Some(repositories.items)),
            Err(failure) => tracing::warn!(?failure, "the repositories could not be read"),
        }
        self.list_if_old(&account);
    }

    /// The repositories of an account as kept on disk.
    pub(crate) async fn load_repositories(&self, account: &AccountId) -> Result<Repositories, Failure> {
        let name = account.0.clone();
        let (rows, kept) = self
            .disk(move |store| Ok((store.repositories(&name)?, store.setting(&list_key(&name))?)))
            .await?;
        let state = {
            let mut states = lock(&self.0.listing.states);
            let kept = || kept.and_then(|body| decode(&body, "how a list of repositories stands"));
            states
                .entry(account.clone())
                .or_insert_with(|| kept().unwrap_or_default())
                .clone()
        };
        let mut items = repositories_of(&rows);
        sort(&mut items);
        Ok(state.shown(items))
    }

    /// Fetches the list of the active account when it was never had or is old, as soon as there is a key for it.
    pub(crate) fn list_if_old(&self, account: &AccountId) {
        let active = self.read(|world| world.active() == Some(account));
        // Before it was read from the disk it cannot be said how old it is.
        let due = lock(&self.0.listing.states)
            .get(account)
            .is_some_and(|state| state.is_due(self.now()));
        if active && due && self.client(account).is_some() {
            let engine = self.clone();
            self.spawn(async move {
                if let Err(failure) = engine.repositories_refresh().await {
                    tracing::info!(?failure, "the list of repositories stays as it is");
                }
            });
        }
    }

    /// Puts the index of `account` before the page, if it is the active one.
    fn publish_repositories(&self, account: &AccountId, items: Option<Vec<Repository>>) {
        let state = lock(&self.0.listing.states).get(account).cloned().unwrap_or_default();
        self.edit(|world| {
            if world.active() != Some(account) {
                return;
            }
            let items = items.unwrap_or_else(|| world.repositories().items.clone());
            world.set_repositories(state.shown(items));
        });
    }

    /// Fetches the account's list again, within 1 a minute and 30 an hour.
    ///
    /// # Errors
    /// `RateLimited` when it is too early, else why the list could not be had; the kept index stays.
    pub(crate) async fn repositories_refresh(&self) -> Result<(), Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let client = self.client(&account).ok_or(Failure::NoAccount)?;
        let older_api = self.read(|world| world.account(&account).is_some_and(|held| held.older_api));
        let now = self.now();
        let asked = {
            let mut states = lock(&self.0.listing.states);
            let state = states.entry(account.clone()).or_default();
            if state.loading {
                return Ok(());
            }
            if let Some(after) = state
                .refresh_after()
                .filter(|after| *after > now && *after - now < SPACING * 60)
            {
                return Err(Failure::RateLimited {
                    retry_after: Some((after - now).div_ceil(1000)),
                });
            }
            state.loading = true;
            state.asked_at = Some(now);
            encode(state)
        };
        // On disk before it is asked: the next start of the app must not ask again at once.
        let key = list_key(&account.0);
        if let Err(failure) = self.disk(move |store| store.put_setting(&key, &asked)).await {
            lock(&self.0.listing.states).entry(account).or_default().loading = false;
            return Err(failure);
        }
        self.publish_repositories(&account, None);
        self.afford(&account).await;
        let listed = if older_api {
            let found = client.v0().repositories().await;
            found.map(|known| known.into_iter().map(|known| known.repository).collect::<Vec<_>>())
        } else {
            client
                .repositories()
                .await
                .map(|known| known.into_iter().map(|known| known.url).collect())
        };
        let listed = listed.map_err(|error| failures::of_service(&error));
        let outcome = match &listed {
            Ok(found) => {
                let urls: Vec<String> = found.iter().filter_map(|known| normalize(known).ok()).collect();
                self.merge_repositories(&account, urls, RepositoryOrigin::Listed).await
            }
            Err(failure) => Err(failure.clone()),
        };
        let saved = {
            let mut states = lock(&self.0.listing.states);
            let state = states.entry(account.clone()).or_default();
            state.loading = false;
            state.problem = outcome.as_ref().err().cloned();
            state.retry_after = match &outcome {
                Err(Failure::RateLimited {
                    retry_after: Some(seconds),
                }) => Some(self.now() + seconds * 1000),
                _ => None,
            };
            if listed.is_ok() {
                state.listed_at = Some(self.now());
            }
            encode(state)
        };
        let key = list_key(&account.0);
        if let Err(failure) = self.disk(move |store| store.put_setting(&key, &saved)).await {
            tracing::warn!(?failure, "when the list of repositories was fetched is not kept");
        }
        self.publish_repositories(&account, None);
        outcome
    }

    /// Adds repositories that are not known yet to an account's index.
    pub(crate) async fn merge_repositories(
        &self,
        account: &AccountId,
        urls: Vec<String>,
        origin: RepositoryOrigin,
    ) -> Result<(), Failure> {
        self.change_repositories(account, move |items| {
            for url in urls {
                match items.iter_mut().find(|known| known.url == url) {
                    Some(known) if origin == RepositoryOrigin::Listed => known.origin = origin,
                    Some(_) => {}
                    None => items.push(Repository {
                        color: color_of(&url),
                        url,
                        nickname: String::new(),
                        uses: 0,
                        last_used: None,
                        branches: Vec::new(),
                        origin,
                        reminded: false,
                    }),
                }
            }
        })
        .await
    }

    /// Notes that a repository and branch were sent to.
    pub(crate) async fn use_repository(&self, account: &AccountId, url: &str, branch: &str) -> Result<(), Failure> {
        let (url, branch, now) = (url.to_owned(), branch.to_owned(), self.now());
        self.change_repositories(account, move |items| {
            if let Some(known) = items.iter_mut().find(|known| known.url == url) {
                known.uses = known.uses.saturating_add(1);
                known.last_used = Some(now);
                note_branch(known, &branch);
            }
        })
        .await
    }

    /// Names and colors a repository.
    pub(crate) async fn repository_label(&self, url: &str, nickname: &str, color: u8) -> Result<(), Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let (url, nickname) = (url.to_owned(), nickname.trim().chars().take(60).collect::<String>());
        self.change_repositories(&account, move |items| {
            if let Some(known) = items.iter_mut().find(|known| known.url == url) {
                known.nickname = nickname;
                known.color = color % 12;
            }
        })
        .await
    }

    /// Notes that the user put away the reminder of what pictures show.
    pub(crate) async fn repository_reminded(&self, url: &str) -> Result<(), Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let url = url.to_owned();
        self.change_repositories(&account, move |items| {
            if let Some(known) = items.iter_mut().find(|known| known.url == url) {
                known.reminded = true;
            }
        })
        .await
    }

    /// Changes an account's index on disk, in order, and shows it.
    async fn change_repositories(
        &self,
        account: &AccountId,
        change: impl FnOnce(&mut Vec<Repository>) + Send + 'static,
    ) -> Result<(), Failure> {
        let name = account.0.clone();
        let items = self
            .disk(move |store| {
                let held = store.repositories(&name)?;
                let before = repositories_of(&held);
                let mut items = before.clone();
                change(&mut items);
                let rows: Vec<RepositoryRow> = items
                    .iter()
                    .filter(|item| !before.contains(item))
                    .map(|item| RepositoryRow {
                        account: name.clone(),
                        url: item.url.clone(),
                        body: encode(item),
                    })
                    .collect();
                let unread = held
                    .iter()
                    .filter(|row| before.iter().all(|known| known.url != row.url));
                for row in unread.filter(|row| rows.iter().any(|new| new.url == row.url)) {
                    put_aside(store, &name, "repositories", &row.url, &row.body)?;
                }
                store.put_repositories(&rows)?;
                sort(&mut items);
                Ok(items)
            })
            .await?;
        self.publish_repositories(account, Some(items));
        Ok(())
    }
}

/// Repositories as kept on disk; a row that is not understood stays there and is left out.
fn repositories_of(rows: &[RepositoryRow]) -> Vec<Repository> {
    rows.iter()
        .filter_map(|row| decode(&row.body, "a repository"))
        .collect()
}

fn list_key(account: &str) -> String {
    format!("repositories:{account}")
}

/// Puts a branch first among those seen.
fn note_branch(known: &mut Repository, branch: &str) {
    if !branch.is_empty() {
        known.branches.retain(|other| other != branch);
        known.branches.insert(0, branch.to_owned());
        known.branches.truncate(BRANCHES);
    }
}

/// Most used first, then latest, then by address.
fn sort(items: &mut [Repository]) {
    items.sort_by(|a, b| (b.uses, b.last_used, &a.url).cmp(&(a.uses, a.last_used, &b.url)));
}

/// A color that stays the same for an address.
fn color_of(url: &str) -> u8 {
    (url.bytes()
        .fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
        % 12) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::{account, engine};
    use crate::model::Change;

    #[tokio::test]
    async fn a_reminder_that_was_put_away_stays_away_for_its_repository() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let id = account().id;
        let url = |name: &str| format!("https://github.com/acme/{name}");
        // As an older version wrote it.
        let older = RepositoryRow {
            account: id.0.clone(),
            url: url("web"),
            body: format!(
                r#"{{"url":"{}","nickname":"","color":1,"uses":0,"lastUsed":null,"branches":[],"origin":"typed"}}"#,
                url("web")
            ),
        };
        engine.0.store.put_repositories(&[older]).unwrap();
        engine
            .merge_repositories(&id, vec![url("docs")], RepositoryOrigin::Typed)
            .await
            .unwrap();
        engine
            .change(Change::RepositoryReminded { url: url("web") })
            .await
            .unwrap();
        let kept = engine.load_repositories(&id).await.unwrap().items;
        let kept: Vec<_> = kept.into_iter().map(|known| (known.url, known.reminded)).collect();
        assert_eq!(kept, [(url("docs"), false), (url("web"), true)], "read from the disk");
    }
}
