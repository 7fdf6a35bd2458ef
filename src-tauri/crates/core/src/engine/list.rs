//! The list of agents: fetched page by page within the budget, merged into what is known, kept on disk.
//! Rows come from v0, which gives status, repository, branch and pull request in one call; v1 is the fallback.

mod elsewhere;
mod listed;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use cursor_cloud_agents::{Client, Cursor, Error, Page};
use sendoff_store::AgentRow;
use tokio::time::Instant;

use self::elsewhere::overtaking;
use self::listed::{Listed, by_v0, by_v1, merged, record_of};
pub(crate) use self::listed::{blank_agent, milliseconds, note_results};
use super::{Engine, accounts::encode, answers, failures, lock, mailbox::AgentMail, notices::is_about_money};
use crate::model::{AccountId, AgentId, AgentState, Failure, RepositoryOrigin};

/// How often the list is fetched while it is in view.
const IN_VIEW: Duration = Duration::from_mins(1);
/// How often in the tray.
const HIDDEN: Duration = Duration::from_mins(5);
/// While the list does not come it is asked for after so long, then after twice as long each time.
const AGAIN: Duration = Duration::from_secs(10);
/// Agents per page (API §5.2).
const PAGE: u8 = 100;
/// Pages fetched the first time; 10,000 agents.
const PAGES: usize = 100;

/// How the lists of the accounts stand, and who their keys belong to.
#[derive(Default)]
pub(crate) struct Sync {
    pub(crate) users: Mutex<HashMap<AccountId, String>>,
    states: Mutex<HashMap<AccountId, SyncState>>,
    /// Agents deleted from here: a page of the list that was on its way names them still.
    deleted: Mutex<Vec<AgentId>>,
    /// Whether the list last told of a failure, of agents of which another end was known here.
    contradicted: Mutex<HashMap<AgentId, bool>>,
}

#[derive(Default)]
struct SyncState {
    running: bool,
    /// Whether the list came once since the start.
    answered: bool,
    /// When the account was last known to work.
    worked: Option<Instant>,
    /// Asked for again while it ran.
    again: bool,
    fetched: Option<Instant>,
    failures: u32,
}

impl Engine {
    /// Fetches the list of an account soon, unless that is under way.
    pub(crate) fn sync_soon(&self, account: &AccountId) {
        {
            let mut states = lock(&self.0.sync.states);
            let state = states.entry(account.clone()).or_default();
            if state.running {
                state.again = true;
                return;
            }
            state.running = true;
        }
        let (engine, account) = (self.clone(), account.clone());
        self.spawn(async move {
            loop {
                let outcome = engine.sync(&account).await;
                let again = {
                    let mut states = lock(&engine.0.sync.states);
                    let state = states.entry(account.clone()).or_default();
                    state.fetched = Some(Instant::now());
                    state.failures = if outcome.is_ok() {
                        0
                    } else {
                        state.failures.saturating_add(1)
                    };
                    state.running = std::mem::take(&mut state.again);
                    state.running
                };
                if !again {
                    return;
                }
            }
        });
    }

    /// Fetches lists when they are due: the active account's each minute in view, all others every five.
    pub(crate) async fn keep_lists_fresh(self) {
        loop {
            tokio::time::sleep(Duration::from_secs(10)).await;
            let (accounts, active) = self.read(|world| {
                (
                    world
                        .accounts()
                        .iter()
                        .map(|account| account.id.clone())
                        .collect::<Vec<_>>(),
                    world.active().cloned(),
                )
            });
            let in_view = self.list_in_view();
            for account in accounts.into_iter().filter(|account| self.client(account).is_some()) {
                let pace = if in_view && active.as_ref() == Some(&account) {
                    IN_VIEW
                } else {
                    HIDDEN
                };
                let online = self.read(|world| world.is_online(&account));
                let due = lock(&self.0.sync.states).get(&account).is_none_or(|state| {
                    let pace = if online && state.failures == 0 {
                        pace
                    } else {
                        pace.min(AGAIN * 2_u32.pow(state.failures.min(4)))
                    };
                    state.fetched.is_none_or(|fetched| fetched.elapsed() >= pace)
                });
                if due {
                    self.sync_soon(&account);
                }
                self.list_if_old(&account);
            }
        }
    }

    /// Fetches an account's list: to its end when that was not reached before, else until a page holds nothing new.
    async fn sync(&self, account: &AccountId) -> Result<(), Failure> {
        let Some(client) = self.client(account) else {
            return Ok(());
        };
        let complete = complete_key(account);
        let mut is_complete = {
            let key = complete.clone();
            self.disk(move |store| store.setting(&key)).await?.is_some()
        };
        let was_complete = is_complete;
        let mut cursor = None;
        for _ in 0..PAGES {
            let fetched = self.page(account, &client, cursor.take()).await;
            self.note_reach(account, &fetched);
            let (listed, next) = match fetched {
                Ok(page) => page,
                Err(error) => {
                    self.note_failure(account, &error);
                    return Err(failures::of_service(&error));
                }
            };
            let news = self.read(|world| listed.iter().any(|seen| world.agent(&seen.id).is_none()));
            let next = next.filter(|_| news || !was_complete);
            if next.is_some() && std::mem::take(&mut is_complete) {
                // Until the end is reached: what lies between would be missed if this were interrupted.
                let key = complete.clone();
                self.disk(move |store| store.delete_setting(&key)).await?;
            }
            self.merge_listed(account, listed).await?;
            if self.read(|world| world.account(account).is_none()) {
                return Ok(());
            }
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        if !is_complete {
            self.disk(move |store| store.put_setting(&complete, "true")).await?;
        }
        self.list_answered(account).await;
        Ok(())
    }

    /// One page of the list, by v0 or, where that is not to be had, by v1.
    async fn page(
        &self,
        account: &AccountId,
        client: &Client,
        cursor: Option<Cursor>,
    ) -> Result<(Vec<Listed>, Option<Cursor>), Error> {
        let asked = Page {
            limit: Some(PAGE),
            cursor,
        };
        self.afford_behind(account).await;
        match client.v0().list(&asked).await {
            Ok(page) => Ok((page.items.iter().filter_map(by_v0).collect(), page.next_cursor)),
            Err(error) if matches!(error.status(), Some(403 | 404 | 410 | 501)) => {
                self.afford_behind(account).await;
                let page = client.list_agents(&asked).await?;
                Ok((page.items.iter().filter_map(by_v1).collect(), page.next_cursor))
            }
            Err(error) => Err(error),
        }
    }

    /// The list came: the account is not refused any more, and whatever was halted by that goes on.
    async fn list_answered(&self, account: &AccountId) {
        let problem = self.read(|world| world.account(account)?.problem.clone());
        // The list answers although money is short: only a new run shows that it is not any more.
        if problem.as_ref().is_some_and(is_about_money) {
            return;
        }
        self.note_worked(account);
        let first = {
            let mut states = lock(&self.0.sync.states);
            !std::mem::replace(&mut states.entry(account.clone()).or_default().answered, true)
        };
        if first || problem.is_some() {
            self.forget_account_notices(account, false).await;
        }
        if problem.is_some() {
            self.account_works(account, self.user_of(account));
        }
    }

    /// Notes that an agent is deleted.
    pub(crate) fn note_deleted(&self, agent: &AgentId) {
        lock(&self.0.sync.deleted).push(agent.clone());
    }

    /// Notes that the account works now: a refusal of anything asked before is no news.
    pub(crate) fn note_worked(&self, account: &AccountId) {
        lock(&self.0.sync.states).entry(account.clone()).or_default().worked = Some(Instant::now());
    }

    /// Whether the account was known to work after a moment.
    pub(crate) fn worked_since(&self, account: &AccountId, moment: Option<std::time::Instant>) -> bool {
        let worked = lock(&self.0.sync.states).get(account).and_then(|state| state.worked);
        worked
            .zip(moment)
            .is_some_and(|(worked, moment)| worked.into_std() > moment)
    }

    /// Notes whether the service could be reached.
    fn note_reach<T>(&self, account: &AccountId, answer: &Result<T, Error>) {
        if answer.as_ref().is_err_and(answers::is_offline) {
            self.edit(|world| world.set_online(account, false));
        } else {
            self.reached(account);
        }
    }

    /// Merges a page of the list.
    async fn merge_listed(&self, account: &AccountId, mut listed: Vec<Listed>) -> Result<(), Failure> {
        for seen in listed.iter_mut().filter(|seen| seen.created_at > 0) {
            seen.created_at = self.by_this_clock(account, seen.created_at);
        }
        let urls: Vec<String> = listed.iter().filter_map(|seen| seen.repository.clone()).collect();
        {
            let deleted = lock(&self.0.sync.deleted);
            listed.retain(|seen| !deleted.contains(&seen.id));
        }
        let (mut news, mut live, mut touched, mut overtaken) = (false, Vec::new(), Vec::new(), Vec::new());
        self.edit(|world| {
            // Removed while its list was on its way.
            if world.account(account).is_none() {
                return;
            }
            for seen in listed {
                let held = world.agent(&seen.id).cloned();
                if held.as_ref().is_some_and(|record| record.agent.account != *account) {
                    continue;
                }
                news |= held.is_none();
                overtaken.extend(
                    held.as_ref()
                        .map(|record| (record.agent.id.clone(), overtaking(record, &seen))),
                );
                let working = matches!(seen.state, Some(AgentState::Starting | AgentState::Working { .. }));
                let record = match held.clone() {
                    Some(record) => merged(record, seen),
                    None => record_of(account, seen),
                };
                if working || record.is_live() {
                    live.push(record.agent.id.clone());
                }
                if held.as_ref() != Some(&record) {
                    touched.push(record.clone());
                    world.put_agent(record);
                }
            }
        });
        let rows: Vec<AgentRow> = touched
            .iter()
            .map(|record| AgentRow {
                account: record.agent.account.0.clone(),
                id: record.agent.id.0.clone(),
                updated_at_ms: record.touched_at as i64,
                body: encode(record),
            })
            .collect();
        if !rows.is_empty() {
            self.disk(move |store| store.put_agents(&rows)).await?;
        }
        if news {
            self.merge_repositories(account, urls, RepositoryOrigin::Seen).await?;
        }
        for id in live {
            self.mail_agent(&id, AgentMail::Follow);
        }
        self.look_at_overtaken(overtaken);
        Ok(())
    }
}

/// Where it is kept that the list of an account was fetched to its end, and nothing is missing since.
pub(crate) fn complete_key(account: &AccountId) -> String {
    format!("list-complete/{account}")
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::engine::tests::{account, agent, engine, options, prepared};

    #[tokio::test]
    async fn a_list_that_comes_after_its_account_was_removed_brings_nothing_back() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let listed = || {
            vec![Listed {
                id: AgentId("bc-2".to_owned()),
                title: String::new(),
                repository: None,
                branch: None,
                pushed: None,
                pull_request: None,
                web_url: None,
                state: None,
                archived: None,
                created_at: 0,
            }]
        };
        let known = |engine: &Engine| {
            let mut known: Vec<_> =
                engine.read(|world| world.agents().map(|record| record.agent.id.0.clone()).collect());
            known.sort();
            known
        };
        engine.merge_listed(&account().id, listed()).await.unwrap();
        assert_eq!(known(&engine), ["bc-1", "bc-2"], "the list of a known account is taken");
        engine.account_remove(&account().id).await.unwrap();
        engine.merge_listed(&account().id, listed()).await.unwrap();
        assert_eq!(known(&engine), [""; 0], "no ghosts");
    }

    #[tokio::test]
    async fn what_comes_while_an_account_is_removed_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let removing: Arc<OnceLock<Engine>> = Arc::default();
        let held = Arc::clone(&removing);
        let meanwhile = move || {
            let engine = held.get().cloned();
            Box::pin(async move {
                let engine = engine.unwrap();
                engine.edit(|world| world.put_agent(agent("bc-2")));
                for id in ["bc-1", "bc-2"] {
                    engine.mail_agent(&AgentId(id.to_owned()), AgentMail::Looked);
                }
                Ok(())
            }) as Pin<Box<dyn Future<Output = _> + Send>>
        };
        let engine = prepared(options(&folder, Arc::new(meanwhile))).await;
        assert!(removing.set(engine.clone()).is_ok(), "once");
        engine.account_remove(&account().id).await.unwrap();
        assert_eq!(engine.read(|world| world.agents().count()), 0, "no agent is left");
        let tasks: Vec<_> = lock(&engine.0.agents).keys().cloned().collect();
        assert_eq!(tasks, [], "and no task that nobody would end");
    }
}
