//! What happens when a run ends, and putting the transcript and the agent's standing before the page.

use cursor_cloud_agents::v0::{Conversation, Message, MessageKind};
use tokio::time::Instant;

use super::{AgentTask, Older, refresh::OLDER_RUN};
use crate::engine::{list, shown, standing};
use crate::links;
use crate::machines::notice::{AgentFacts, Known, Standing, Subject, agent_standing};
use crate::machines::watch::Input;
use crate::model::{AgentState, BlockId, BlockKind, Failure, FollowUpState, RunId, RunState, Usage};
use crate::record::is_live;
use crate::transcript::{ConversationMessage, ORDERS_PER_RUN, Speaker, from_conversation};

/// A conversation of the older API. A kind of message that is not known is taken for one of the agent.
pub(super) fn messages_of(conversation: &Conversation) -> Vec<ConversationMessage> {
    let message = |message: &Message| ConversationMessage {
        id: message.id.clone(),
        speaker: if message.kind == MessageKind::User {
            Speaker::User
        } else {
            Speaker::Agent
        },
        text: message.text.clone(),
    };
    conversation.messages.iter().map(message).collect()
}

impl AgentTask {
    /// Fetches artifacts, those that are new left by `run`, and cost; gives what each run used, as far as that is told.
    /// They are worth having and never worth failing for: what does not come is asked for again when the page is opened,
    /// and cost in a while.
    pub(super) async fn fetch_rest(&mut self, run: Option<&RunId>) -> Vec<(RunId, Usage)> {
        if let Err(failure) = self.engine.fetch_artifacts(&self.id, run).await {
            tracing::warn!(?failure, "artifacts could not be fetched");
            self.refreshed = None;
        }
        match self.engine.fetch_usage(&self.id).await {
            Ok(used) => {
                if !self.engine.is_priced(&self.id) {
                    self.engine.fetch_usage_later(&self.id);
                }
                used
            }
            Err(failure) => {
                tracing::warn!(?failure, "what was used could not be fetched");
                self.engine.fetch_usage_later(&self.id);
                self.refreshed = None;
                Vec::new()
            }
        }
    }

    /// Takes the record of a run.
    pub(super) async fn note_record(&mut self, wire: cursor_cloud_agents::Run) {
        let now = self.engine.now();
        let run = standing::run_of(&wire);
        let over = standing::is_over(run.state);
        if let Some(git) = &wire.git {
            self.note_git(git);
        }
        let record = standing::record_of(&wire, now);
        let Some(held) = self.runs.iter_mut().find(|held| held.id == run.id) else {
            return;
        };
        held.kept.failure = (run.state == RunState::Error).then(|| standing::run_failure(record.error.as_deref()));
        held.kept.text = record.text.clone().or(held.kept.text.take());
        held.kept.run = Some(run);
        if over && held.transcript.outcome().is_none() {
            self.ended_record = Some(record);
        }
        self.stale = true;
    }

    fn note_git(&mut self, git: &cursor_cloud_agents::Git) {
        self.engine.edit(|world| {
            let Some(mut record) = world.agent(&self.id).cloned() else {
                return;
            };
            for pushed in &git.branches {
                let branch = pushed.branch.as_deref().map(|branch| shown(branch, 200));
                let pull_request = pushed.pr_url.clone().filter(|url| links::allowed(url).is_some());
                list::note_results(&mut record.agent, branch, pull_request);
            }
            world.put_agent(record);
        });
    }

    /// The run is over: its record closes the transcript, what it left is fetched, and the user is told.
    pub(super) async fn settle(&mut self, run: &RunId) {
        if let Some(record) = self.ended_record.take()
            && let Some(held) = self.runs.iter_mut().find(|held| held.id == *run)
            && held.transcript.outcome().is_none()
        {
            held.end(record);
        }
        self.engine.stopping_over(&self.id);
        self.show().await;
        let latest = self.runs.last().is_some_and(|held| held.id == *run);
        if latest && !self.older_api() {
            self.fetch_agent().await;
            // With all earlier runs read, what is new can only be of this one.
            let sole = self.runs.iter().all(|held| held.kept.settled || held.id == *run);
            let used = self.fetch_rest(Some(run).filter(|_| sole)).await;
            self.used_in_all(run, &used);
        }
        if let Some(held) = self.runs.iter_mut().find(|held| held.id == *run) {
            held.kept.settled = true;
            if let Some(outcome) = held.transcript.outcome()
                && let Some(kept) = &mut held.kept.run
            {
                kept.state = outcome.state;
                kept.duration = outcome.duration.or(kept.duration);
            }
            held.unrecorded = true;
        }
        self.save_events().await;
        self.show().await;
        self.save().await;
        self.engine.queue_turn(&self.id);
    }

    /// Puts everything that is known before the page, for a view that was just opened.
    pub(super) async fn show_all(&mut self) {
        if self.engine.looked_at(&self.id) {
            let (mut blocks, mut gone) = (self.older_blocks.clone(), Vec::new());
            for held in &mut self.runs {
                // A conversation of the older API has its prompts.
                if self.older_blocks.is_empty() {
                    blocks.extend(held.prompt_block());
                    blocks.extend_from_slice(held.transcript.blocks());
                }
                gone.extend(held.transcript.drawn());
            }
            self.engine.edit(|world| world.put_blocks(&self.id, blocks, gone));
            if let Err(failure) = self.engine.show_artifacts(&self.id, &[]).await {
                tracing::warn!(?failure, "artifacts on disk could not be read");
            }
        }
        self.show().await;
    }

    /// Puts what changed before the page.
    pub(super) async fn show(&mut self) {
        self.stale = false;
        self.shown = Instant::now();
        let over = self.run_state().is_some_and(standing::is_over);
        if over && matches!(self.problem, Some(Failure::StopFailed | Failure::StopLate)) {
            self.problem = None;
        }
        let held_by_page = self.engine.read(|world| world.holds_transcript(&self.id));
        let (mut changed, mut gone): (Vec<_>, Vec<BlockId>) = (Vec::new(), Vec::new());
        if held_by_page && self.older_blocks.is_empty() {
            let followed = self.following.as_ref().map(|following| &following.run);
            let drawn = self.runs.iter_mut().rev().enumerate();
            for (_, held) in drawn.filter(|(behind, held)| *behind < 2 || followed == Some(&held.id)) {
                let drained = held.transcript.drain();
                changed.extend(drained.changed);
                gone.extend(drained.removed);
            }
        }
        let (catching_up, older_api) = (self.is_catching_up(), self.older_api());
        let state = self.standing();
        let runs = self.runs.iter().filter_map(|held| held.kept.run.clone()).collect();
        let latest = self.runs.last().map(|held| held.id.clone());
        let on_screen = self.engine.on_screen(&self.id);
        let looked_at = self.engine.looked_at(&self.id);
        let now = self.engine.now();
        let edited = self.engine.edit(|world| {
            let Some(mut record) = world.agent(&self.id).cloned() else {
                return false;
            };
            let agent = &mut record.agent;
            let state = if catching_up { agent.state.clone() } else { state };
            let moved = std::mem::discriminant(&agent.state) != std::mem::discriminant(&state);
            // That what is at work has begun to, or is seen to work again after a start of ours, is no news.
            let goes_on = is_live(&agent.state) && is_live(&state);
            if moved && !goes_on && agent.state != AgentState::Unknown {
                record.unread = !on_screen;
                record.touched_at = now;
            }
            if !matches!(state, AgentState::Unknown) {
                agent.state = state;
            }
            agent.last_sign = self.last_sign.or(agent.last_sign);
            agent.silence = self.silence;
            agent.reconnecting = self.reconnecting;
            agent.polled = self.polled;
            agent.older_api = older_api;
            agent.runs = runs;
            agent.problem.clone_from(&self.problem);
            record.latest_run = latest.or(record.latest_run);
            world.put_heard_agent(record, looked_at);
            if !changed.is_empty() || !gone.is_empty() {
                world.put_blocks(&self.id, changed, gone);
            }
            moved
        });
        self.set_alarm();
        if !catching_up {
            self.tell().await;
        }
        if edited {
            self.save().await;
            self.engine.queue_turn(&self.id);
        }
    }

    /// Saves the agent; what cannot be saved now is saved with the next change.
    pub(super) async fn save(&self) {
        if let Err(failure) = self.engine.save_agent(&self.id).await {
            tracing::warn!(?failure, "an agent could not be saved");
        }
    }

    /// Takes an answer of the older API: the agent's status and its conversation.
    pub(super) async fn older_arrived(&mut self, answer: Result<Older, cursor_cloud_agents::Error>) {
        let (agent, conversation) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.engine.note_failure(&self.account, &error);
                let failure = self.record_failure(&error);
                self.hand_in(Input::RecordFailed(failure)).await;
                return;
            }
        };
        self.seen = true;
        self.engine.reached(&self.account);
        let state = self.older_state(standing::older_run_state(&agent.status));
        if let Some(conversation) = &conversation {
            self.note_conversation(conversation).await;
        }
        let pull_request = agent.target.pr_url.clone().filter(|url| links::allowed(url).is_some());
        let branch = agent.target.branch_name.as_deref().map(|branch| shown(branch, 200));
        self.engine.edit(|world| {
            if let Some(mut record) = world.agent(&self.id).cloned() {
                record.agent.archived = conversation.is_none();
                list::note_results(&mut record.agent, branch, pull_request);
                world.put_agent(record);
            }
        });
        if let Some(held) = self.runs.last_mut()
            && let Some(run) = &mut held.kept.run
        {
            run.state = state;
        }
        self.last_sign = Some(self.engine.now());
        self.show().await;
        self.hand_in(Input::Record(state)).await;
    }

    /// How far it is: the older API says of what was stopped that it finished (API §12).
    fn older_state(&self, told: RunState) -> RunState {
        let known = self
            .runs
            .last()
            .and_then(|held| held.kept.run.as_ref())
            .map(|run| run.state);
        if told == RunState::Finished && (self.engine.is_stopping(&self.id) || known == Some(RunState::Cancelled)) {
            RunState::Cancelled
        } else {
            told
        }
    }

    /// Keeps a conversation of the older API and puts it before the page; it has words and no steps.
    pub(super) async fn note_conversation(&mut self, conversation: &Conversation) {
        let messages = messages_of(conversation);
        if let Some(held) = self.runs.last_mut().filter(|held| held.kept.conversation != messages) {
            held.kept.conversation.clone_from(&messages);
            let held = &*held;
            if let Err(failure) = self.engine.save_run(&self.id, &self.account, held).await {
                tracing::warn!(?failure, "a conversation is not kept for when the service is away");
            }
        }
        self.show_conversation(&messages).await;
    }

    /// Puts the conversation that was kept before the page, until the service tells it.
    pub(super) async fn show_kept_conversation(&mut self) {
        let kept = self.runs.last().map(|held| held.kept.conversation.clone());
        if let Some(messages) = kept.filter(|messages| self.older_blocks.is_empty() && !messages.is_empty()) {
            self.show_conversation(&messages).await;
        }
    }

    /// Puts what the older API told before the page, kept from when the account used it.
    pub(super) async fn show_conversation_of_older_api(&mut self) {
        let runs = match self.engine.load_runs(&self.id, &self.account).await {
            Ok(runs) => runs,
            Err(failure) => {
                tracing::warn!(?failure, "an agent's runs could not be read");
                return;
            }
        };
        let told = runs.into_iter().find(|held| held.id.as_str() == OLDER_RUN);
        if let Some(held) = told.filter(|held| !held.kept.conversation.is_empty()) {
            self.show_conversation(&held.kept.conversation).await;
        }
    }

    async fn show_conversation(&mut self, messages: &[ConversationMessage]) {
        let mut blocks = from_conversation(messages, ORDERS_PER_RUN / 2, self.engine.now());
        // What was sent from here has its pictures here.
        let mut sent = self
            .engine
            .load_prompts(&self.id, &self.account)
            .await
            .unwrap_or_else(|failure| {
                tracing::warn!(?failure, "pictures sent before are not shown");
                Vec::new()
            });
        for block in &mut blocks {
            if let BlockKind::Prompt { text, shots } = &mut block.kind
                && let Some(place) = sent.iter().position(|prompt| prompt.text.trim() == text.trim())
            {
                let prompt = sent.remove(place);
                *shots = prompt.shots;
                block.at = prompt.at;
            }
        }
        if self.engine.read(|world| world.holds_transcript(&self.id)) {
            let gone: Vec<BlockId> = self
                .older_blocks
                .iter()
                .filter(|old| !blocks.iter().any(|new| new.id == old.id))
                .map(|old| old.id.clone())
                // The prompt alone stood there until the conversation came.
                .chain(self.runs.iter().filter_map(|held| Some(held.prompt_block()?.id)))
                .collect();
            self.engine
                .edit(|world| world.put_blocks(&self.id, blocks.clone(), gone));
        }
        self.older_blocks = blocks;
    }

    /// Tells the user, on edges only and never twice.
    async fn tell(&mut self) {
        let queue = self
            .engine
            .read(|world| world.agent(&self.id).map(|record| record.agent.queue.clone()))
            .unwrap_or_default();
        let standing = match (self.runs.last(), self.run_state()) {
            (Some(held), Some(state)) => agent_standing(AgentFacts {
                run: state,
                last_tool: held.transcript.last_tool(),
                answered: queue
                    .iter()
                    .any(|held| !matches!(held.state, FollowUpState::Rejected { .. })),
            }),
            (None, _) if self.gone => Standing::Failed,
            _ => return,
        };
        let run = match self.runs.last() {
            // The older API has no runs; its prompts tell one piece of work from the next, and
            // which one it works on is certain only once it is done.
            Some(held) if held.id.as_str() == OLDER_RUN => {
                let over = standing != Standing::Working;
                over.then(|| RunId(format!("{OLDER_RUN}-{}", self.older_prompts())))
            }
            Some(held) => Some(held.id.clone()),
            None => self.engine.read(|world| world.agent(&self.id)?.latest_run.clone()),
        };
        let subject = Subject::Agent {
            agent: self.id.clone(),
            run,
        };
        let known = Known { subject, standing };
        if self.known.as_ref() != Some(&known) {
            self.engine.tell(self.known.as_ref(), &known).await;
            self.known = Some(known);
        }
    }

    /// How many prompts the conversation of the older API has; at least the one that made the agent.
    fn older_prompts(&self) -> usize {
        let prompts = self.older_blocks.iter();
        prompts
            .filter(|block| matches!(block.kind, BlockKind::Prompt { .. }))
            .count()
            .max(1)
    }

    /// Says what went wrong with the last thing asked of this agent.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.problem = Some(failure);
        self.stale = true;
    }
}
