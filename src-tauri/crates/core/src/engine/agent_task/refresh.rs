//! Asking the service what an agent's runs are, and following the latest where it is not over.

use cursor_cloud_agents::{AgentId as WireAgent, AgentStatus, Client, Page};
use tokio::time::Instant;

use super::{AgentTask, Begun, FRESH, RETRY_FIRST, settle::messages_of};
use crate::engine::notices::is_about_account;
use crate::engine::runs::{HeldRun, KeptRun, Prompt};
use crate::engine::{Engine, failures, list, shown, standing};
use crate::model::{AccountId, Failure, Run, RunId, RunState};
use crate::transcript::turns;

/// Runs asked for at once; agents rarely have more.
const RUNS: u8 = 100;
/// What stands in for a run with the older API, which has none.
pub(in crate::engine) const OLDER_RUN: &str = "older";

/// Whether an account uses the older API now.
pub(super) fn uses_older_api(engine: &Engine, account: &AccountId) -> bool {
    engine.read(|world| world.account(account).is_some_and(|account| account.older_api))
}

impl AgentTask {
    /// Whether this agent is followed by the older API.
    pub(super) fn older_api(&self) -> bool {
        self.older
    }

    /// The client and the agent's identifier; none while the account has no key.
    pub(super) fn wire(&self) -> Option<(Client, WireAgent)> {
        self.engine
            .agent_client(&self.id)
            .ok()
            .map(|(_, client, wire)| (client, wire))
    }

    /// A run was started from here.
    pub(super) async fn run_started(&mut self, run: RunId) {
        self.engine.account_paid(&self.account).await;
        let here = self.engine.now();
        self.begun = Some(Begun {
            run: run.clone(),
            here,
            there: self.engine.service_time(&self.account),
        });
        let fresh = Run {
            id: run.clone(),
            state: RunState::Creating,
            created_at: here,
            duration: None,
        };
        let sent = self.engine.load_prompt(&self.id, &self.account, &run).await;
        match self.runs.iter_mut().find(|held| held.id == run) {
            // Known from its prompt, which was kept before, or from the list, which knows no pictures.
            Some(held) => {
                held.kept.run.get_or_insert(fresh);
                if let Ok(Some(sent)) = sent {
                    held.kept.prompt = Some(sent);
                }
            }
            None => self.add_run(fresh).await,
        }
        self.problem = None;
        self.engine.stopping_over(&self.id);
        self.show_all().await;
        self.follow(run).await;
    }

    /// A prompt was taken, and it is not known which run it began: the older API names none.
    pub(super) async fn prompted(&mut self) {
        self.engine.account_paid(&self.account).await;
        let older = self.runs.iter_mut().find(|held| held.id.as_str() == OLDER_RUN);
        if let Some(run) = older.and_then(|held| held.kept.run.as_mut()) {
            run.state = RunState::Running;
            self.show().await;
        }
        self.refresh().await;
    }

    /// Adds a run behind the others, with the prompt kept for it.
    async fn add_run(&mut self, run: Run) {
        let prompt = self
            .engine
            .load_prompt(&self.id, &self.account, &run.id)
            .await
            .ok()
            .flatten();
        let place = self.runs.len() as u64;
        let mut held = HeldRun::new(
            run.id.clone(),
            place,
            KeptRun {
                prompt,
                run: Some(run),
                ..KeptRun::default()
            },
        );
        if held.kept.prompt.is_none() && place == 0 {
            held.kept.prompt = self.first_prompt().await;
        }
        if let Err(failure) = self.engine.save_run(&self.id, &self.account, &held).await {
            tracing::warn!(?failure, "a run could not be saved");
        }
        self.runs.push(held);
    }

    /// Asks for the agent and its runs, and follows the latest where it is not over.
    pub(super) async fn refresh(&mut self) {
        self.refreshed = Some(Instant::now());
        self.retry = None;
        let outcome = if self.older_api() {
            self.refresh_older().await
        } else {
            self.refresh_current().await
        };
        match outcome {
            Ok(()) => {
                self.problem = None;
                self.retries = 0;
            }
            Err(Failure::AgentGone) if self.is_gone_by_404() => self.vanish().await,
            // Too new to be known everywhere.
            Err(Failure::AgentGone) => self.try_later(),
            // Asked again once the account works.
            Err(failure) if is_about_account(&failure) => {
                self.refreshed = None;
                self.fail(failure);
            }
            Err(failure) => {
                self.fail(failure);
                self.try_later();
            }
        }
        if self.runs.is_empty() {
            // Nothing of it is known by this version of the API: better what the older one told than nothing.
            self.show_conversation_of_older_api().await;
        } else if !self.older && !self.older_blocks.is_empty() {
            self.older_blocks.clear();
            self.engine.edit(|world| world.drop_transcript(&self.id));
        }
        self.show_all().await;
    }

    fn try_later(&mut self) {
        self.refreshed = None;
        if self.is_needed() {
            self.retry_later(RETRY_FIRST);
        }
    }

    async fn refresh_older(&mut self) -> Result<(), Failure> {
        if self.runs.is_empty() {
            let created_at = self
                .engine
                .read(|world| world.agent(&self.id).map_or(0, |record| record.agent.created_at));
            self.add_run(Run {
                id: OLDER_RUN.into(),
                state: RunState::Running,
                created_at,
                duration: None,
            })
            .await;
        }
        self.show_kept_conversation().await;
        self.follow(OLDER_RUN.into()).await;
        Ok(())
    }

    async fn refresh_current(&mut self) -> Result<(), Failure> {
        let (_, client, wire) = self.engine.agent_client(&self.id)?;
        self.engine.afford(&self.account).await;
        let agent = client.get_agent(&wire).await.map_err(|error| {
            self.engine.note_failure(&self.account, &error);
            failures::of_service(&error)
        })?;
        self.seen = true;
        self.engine.reached(&self.account);
        self.note_agent(&agent);
        self.engine.afford(&self.account).await;
        let page = client.list_runs(
            &wire,
            &Page {
                limit: Some(RUNS),
                cursor: None,
            },
        );
        let mut listed: Vec<Run> = page
            .await
            .map_err(|error| {
                self.engine.note_failure(&self.account, &error);
                failures::of_service(&error)
            })?
            .items
            .iter()
            .map(standing::run_of)
            .collect();
        // The order of the list is not promised.
        listed.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        for run in listed {
            match self.runs.iter_mut().find(|held| held.id == run.id) {
                Some(held) => {
                    let duration = held.kept.run.as_ref().and_then(|kept| kept.duration);
                    held.kept.run = Some(Run {
                        duration: run.duration.or(duration),
                        ..run
                    });
                }
                None => self.add_run(run).await,
            }
        }
        let followed = self.following.as_ref().map(|following| following.run.clone());
        if let Some(held) = self.runs.iter().find(|held| Some(&held.id) == followed.as_ref())
            && let Some(run) = &held.kept.run
        {
            self.hear_record(run.state);
        }
        if self.engine.looked_at(&self.id) {
            self.prompts_asked = None;
            self.fetch_missing_prompts().await;
        }
        // An open run is followed, and one that ended unseen is read to its end in the same way.
        match self.unsettled() {
            Some(run) if self.following.as_ref().is_none_or(|following| following.run != run) => self.follow(run).await,
            Some(_) => {}
            None => drop(self.fetch_rest(None).await),
        }
        Ok(())
    }

    /// Asks for the agent itself: its name, its page and whether it is archived.
    pub(super) async fn fetch_agent(&self) {
        let Some((client, wire)) = self.wire() else { return };
        self.engine.afford(&self.account).await;
        match client.get_agent(&wire).await {
            Ok(agent) => self.note_agent(&agent),
            Err(error) => self.engine.note_failure(&self.account, &error),
        }
    }

    fn note_agent(&self, agent: &cursor_cloud_agents::Agent) {
        self.engine.edit(|world| {
            let Some(mut record) = world.agent(&self.id).cloned() else {
                return;
            };
            if let Some(name) = agent.name.as_deref().filter(|name| !name.trim().is_empty()) {
                record.agent.title = shown(name, 200);
            }
            record.agent.archived = agent.status == AgentStatus::Archived;
            record.agent.web_url = agent.url.clone().or(record.agent.web_url);
            if record.agent.created_at == 0 {
                record.agent.created_at = list::milliseconds(agent.created_at.as_ref());
            }
            world.put_agent(record);
        });
    }

    /// What was asked elsewhere, where that is not known yet.
    pub(super) async fn fetch_missing_prompts(&mut self) {
        let missing = !self.older && self.runs.iter().any(|held| held.kept.prompt.is_none());
        let asked = self.prompts_asked.is_some_and(|at| at.elapsed() < FRESH);
        let Some((client, wire)) = self.wire().filter(|_| missing && !asked) else {
            return;
        };
        if self.following.is_none() {
            self.engine.afford(&self.account).await;
        } else if !self.engine.affords(&self.account) {
            // What is followed does not stand still for it: it is asked for when the page is opened again.
            return;
        }
        self.prompts_asked = Some(Instant::now());
        self.fetch_prompts(&client, &wire).await;
        self.show_all().await;
    }

    /// What was asked elsewhere, and all that was said: runs carry no prompt, the older API's conversation does.
    async fn fetch_prompts(&mut self, client: &Client, wire: &WireAgent) {
        let Ok(conversation) = client.v0().conversation(wire).await else {
            return;
        };
        let turns = turns(&messages_of(&conversation));
        // Only when they can be told apart: one prompt for each run.
        if turns.len() != self.runs.len() {
            return;
        }
        for (held, turn) in self.runs.iter_mut().zip(turns) {
            // While a run is under way, more is said.
            let over = held.kept.run.as_ref().is_some_and(|run| standing::is_over(run.state));
            let told = Some(turn.told).filter(|told| over && !told.trim().is_empty());
            held.unrecorded |= held.kept.prompt.is_none() || told != held.kept.told;
            held.kept.told = told;
            if held.kept.prompt.is_none() {
                let at = held.kept.run.as_ref().map_or(0, |run| run.created_at);
                held.kept.prompt = Some(Prompt {
                    text: shown(&turn.asked, 100_000),
                    shots: Vec::new(),
                    at,
                    model: None,
                });
            }
        }
        self.save_events().await;
    }

    /// The prompt kept for a launch whose run was not known.
    async fn first_prompt(&self) -> Option<Prompt> {
        self.engine
            .load_first_prompt(&self.id, &self.account)
            .await
            .ok()
            .flatten()
    }
}
