//! The task of one follow-up, like that of a launch: does what its machine says and hands the answers back in.

use std::collections::VecDeque;
use std::time::Duration;

use cursor_cloud_agents::v0::MessageKind;
use cursor_cloud_agents::{AgentId as WireAgent, AgentStatus, Client, Page};
use sendoff_store::{FollowUpRow, FollowUpUpdate};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::launch_task::{answered, woken};
use super::mailbox::AgentMail;
use super::requests::FollowUpRequest;
use super::sending::{look_answer, post_answer};
use super::{Engine, accounts::encode, list, lock};
use crate::machines::follow_up::{
    FollowUpEffect, FollowUpInput, FollowUpLook, FollowUpMachine, NoteAnswer, Noted, SeenRun,
};
use crate::machines::launch::{Asked, LookAnswer, Moment, PostAnswer, Wire};
use crate::model::{Failure, FollowUpState, RunId};

/// One follow-up under way.
pub(crate) struct FollowUpTask {
    engine: Engine,
    machine: FollowUpMachine,
    request: FollowUpRequest,
    inbox: mpsc::UnboundedReceiver<FollowUpInput>,
    pending: Option<oneshot::Receiver<FollowUpInput>>,
    wake: Option<Instant>,
    /// Its place on disk, once it is there.
    position: Option<u32>,
    first: Option<oneshot::Sender<Result<(), Failure>>>,
}

impl FollowUpTask {
    /// A task for a follow-up, and the answer to its first commit.
    pub(crate) fn new(
        engine: Engine,
        machine: FollowUpMachine,
        request: FollowUpRequest,
        inbox: mpsc::UnboundedReceiver<FollowUpInput>,
        position: Option<u32>,
    ) -> (Self, oneshot::Receiver<Result<(), Failure>>) {
        let (first, stored) = oneshot::channel();
        (
            Self {
                engine,
                machine,
                request,
                inbox,
                pending: None,
                wake: None,
                position,
                first: Some(first),
            },
            stored,
        )
    }

    /// Goes on until the machine is over.
    pub(crate) async fn run(mut self, first: FollowUpInput) {
        let agent = self.machine.agent().clone();
        self.hand_in(first).await;
        self.engine.queue_turn(&agent);
        while !self.machine.is_over() {
            let wake = self.wake;
            let input = tokio::select! {
                letter = self.inbox.recv() => letter,
                answer = answered(&mut self.pending) => {
                    self.pending = None;
                    Some(answer)
                }
                () = woken(wake) => {
                    self.wake = None;
                    Some(FollowUpInput::Woke)
                }
            };
            match input {
                Some(input) => self.hand_in(input).await,
                None => break,
            }
        }
        lock(&self.engine.0.follow_ups).remove(self.machine.id());
        self.engine.queue_turn(&agent);
    }

    async fn hand_in(&mut self, input: FollowUpInput) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let at = Moment {
                now: self.engine.now(),
                service: self.engine.now(),
                jitter: Engine::jitter(),
            };
            let (machine, effects) = self.machine.clone().step(at, input);
            self.machine = machine;
            if let Ok(request) = serde_json::from_value(self.machine.content().request.clone()) {
                self.request = request;
            }
            for effect in effects {
                inputs.extend(self.perform(effect).await);
            }
            if self.position.is_some() {
                let (agent, id) = (self.machine.agent(), self.machine.id());
                self.engine
                    .show_follow_up(agent, id, &self.request, self.machine.view());
            }
        }
    }

    async fn perform(&mut self, effect: FollowUpEffect) -> Option<FollowUpInput> {
        match effect {
            FollowUpEffect::Commit => Some(self.commit().await),
            FollowUpEffect::Note => {
                let (engine, machine) = (self.engine.clone(), self.machine.clone());
                self.pending = Some(
                    self.engine
                        .ask(async move { FollowUpInput::Noted(engine.note(&machine).await) }),
                );
                None
            }
            FollowUpEffect::Post { .. } => {
                let (engine, machine, request) = (self.engine.clone(), self.machine.clone(), self.request.clone());
                self.pending = Some(
                    self.engine
                        .ask(async move { FollowUpInput::Answered(engine.post_follow_up(&machine, &request).await) }),
                );
                None
            }
            FollowUpEffect::Look => {
                let (engine, machine) = (self.engine.clone(), self.machine.clone());
                self.pending = Some(
                    self.engine
                        .ask(async move { FollowUpInput::Looked(engine.look_for_follow_up(&machine).await) }),
                );
                None
            }
            FollowUpEffect::WakeAfter(wait) => {
                self.wake = Some(Instant::now() + Duration::from_millis(wait));
                None
            }
            FollowUpEffect::Adopt { run } => {
                self.adopt(run).await;
                None
            }
            FollowUpEffect::Forget => {
                let row = self.machine.id().0.clone();
                if let Err(failure) = self.engine.disk(move |store| store.delete_follow_up(&row)).await {
                    tracing::warn!(?failure, "a follow-up that is over stays on disk");
                }
                None
            }
            FollowUpEffect::TooLate => None,
        }
    }

    /// Its run goes on in the transcript, with what was asked.
    async fn adopt(&self, run: Option<RunId>) {
        let agent = self.machine.agent();
        let (account, request) = (self.machine.account(), &self.request);
        let now = self.engine.now();
        let kept = self
            .engine
            .save_prompt(agent, account, run.as_ref(), &request.text, &request.shots, now)
            .await;
        if let Err(failure) = kept {
            tracing::warn!(?failure, "a prompt could not be saved");
        }
        self.engine
            .mail_agent(agent, run.map_or(AgentMail::Prompted, AgentMail::RunStarted));
    }

    async fn commit(&mut self) -> FollowUpInput {
        let outcome = match self.position {
            Some(_) => self.update().await,
            None => self.insert().await,
        };
        if let Some(first) = self.first.take() {
            drop(first.send(outcome.clone()));
        }
        match outcome {
            Ok(()) => FollowUpInput::Committed,
            Err(failure) => FollowUpInput::CommitFailed(failure),
        }
    }

    async fn insert(&mut self) -> Result<(), Failure> {
        let machine = self.machine.clone();
        let created_at_ms = self.engine.now() as i64;
        let position = self
            .engine
            .disk(move |store| {
                let taken = store.follow_ups()?;
                let last = taken
                    .iter()
                    .filter(|row| row.agent == machine.agent().0)
                    .map(|row| row.position)
                    .max();
                let position = last.map_or(0, |last| last + 1);
                store.queue_follow_up(
                    &FollowUpRow {
                        id: machine.id().0.clone(),
                        account: machine.account().0.clone(),
                        agent: machine.agent().0.clone(),
                        position,
                        state: state_name(&machine).to_owned(),
                        open: true,
                        created_at_ms,
                        body: encode(&machine),
                    },
                    None,
                )?;
                Ok(position)
            })
            .await?;
        self.position = Some(position);
        Ok(())
    }

    async fn update(&self) -> Result<(), Failure> {
        let machine = self.machine.clone();
        self.engine
            .disk(move |store| {
                let open = machine.blocks_queue();
                store.update_follow_up(
                    &machine.id().0,
                    &FollowUpUpdate {
                        state: state_name(&machine),
                        open,
                        body: &encode(&machine),
                    },
                )
            })
            .await
    }
}

impl Engine {
    /// What the agent looks like before a follow-up is sent.
    async fn note(&self, machine: &FollowUpMachine) -> NoteAnswer {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return NoteAnswer::Forbidden(Failure::KeyRefused);
        };
        self.afford(machine.account()).await;
        if machine.wire() == Wire::V0 {
            return match client.v0().conversation(&wire).await {
                Ok(conversation) => {
                    let count = conversation
                        .messages
                        .iter()
                        .filter(|message| message.kind == MessageKind::User)
                        .count();
                    NoteAnswer::Idle(Noted {
                        latest: None,
                        user_messages: count as u32,
                    })
                }
                Err(error) => noted(look_answer(&error)),
            };
        }
        let agent = match client.get_agent(&wire).await {
            Ok(agent) => agent,
            Err(error) => return noted(look_answer(&error)),
        };
        if agent.status == AgentStatus::Archived {
            return NoteAnswer::Gone(Failure::AgentArchived);
        }
        let Some(latest) = agent.latest_run_id else {
            return NoteAnswer::Idle(Noted::default());
        };
        self.afford(machine.account()).await;
        match client.get_run(&wire, &latest).await {
            Ok(run) if run.status.is_terminal() => NoteAnswer::Idle(Noted {
                latest: Some(RunId(latest.as_str().to_owned())),
                user_messages: 0,
            }),
            Ok(_) => NoteAnswer::Busy,
            Err(error) => noted(look_answer(&error)),
        }
    }

    /// Posts a follow-up, exactly as it was written down.
    async fn post_follow_up(&self, machine: &FollowUpMachine, request: &FollowUpRequest) -> PostAnswer {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return PostAnswer::KeyRefused;
        };
        let body = match request.body(&self.0.store) {
            Ok(body) => body,
            Err(failure) => return PostAnswer::NotBuilt(failure),
        };
        match body.sha256().await {
            Ok(digest) if digest == machine.content().body_sha256 => {}
            _ => return PostAnswer::NotBuilt(Failure::DataDamaged),
        }
        let agent = machine.agent().clone();
        let posted = match machine.wire() {
            Wire::V1 => client
                .create_run_with(&wire, &body)
                .await
                .map(|run| Some(RunId(run.id.as_str().to_owned()))),
            Wire::V0 => client.v0().follow_up_with(&wire, &body).await.map(|()| None),
        };
        match posted {
            Ok(run) => PostAnswer::Created { agent, run },
            Err(error) => {
                self.note_failure(machine.account(), &error);
                post_answer(&error, Asked::default())
            }
        }
    }

    /// Looks whether a follow-up arrived.
    async fn look_for_follow_up(&self, machine: &FollowUpMachine) -> FollowUpLook {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return FollowUpLook::Forbidden(Failure::KeyRefused);
        };
        self.afford(machine.account()).await;
        let looked = match machine.wire() {
            Wire::V1 => client
                .list_runs(
                    &wire,
                    &Page {
                        limit: Some(20),
                        cursor: None,
                    },
                )
                .await
                .map(|page| {
                    let seen = page.items.iter().map(|run| SeenRun {
                        run: RunId(run.id.as_str().to_owned()),
                        created_at: list::milliseconds(run.created_at.as_ref()),
                    });
                    FollowUpLook::Runs(seen.collect())
                }),
            Wire::V0 => client.v0().conversation(&wire).await.map(|conversation| {
                let said = conversation
                    .messages
                    .into_iter()
                    .filter(|message| message.kind == MessageKind::User);
                FollowUpLook::Messages(said.map(|message| message.text).collect())
            }),
        };
        match looked {
            Ok(look) => look,
            Err(error) => {
                self.note_failure(machine.account(), &error);
                match look_answer(&error) {
                    LookAnswer::Missing => FollowUpLook::Gone(Failure::AgentGone),
                    LookAnswer::RateLimited { retry_after } => FollowUpLook::RateLimited { retry_after },
                    LookAnswer::Forbidden(failure) => FollowUpLook::Forbidden(failure),
                    LookAnswer::Unreachable | LookAnswer::Found { .. } | LookAnswer::Listed(_) => {
                        FollowUpLook::Unreachable
                    }
                }
            }
        }
    }

    fn follow_up_client(&self, machine: &FollowUpMachine) -> Option<(Client, WireAgent)> {
        let client = self.client(machine.account())?;
        Some((client, WireAgent::parse(machine.agent().as_str()).ok()?))
    }
}

/// A failed look before sending.
fn noted(answer: LookAnswer) -> NoteAnswer {
    match answer {
        LookAnswer::Missing => NoteAnswer::Gone(Failure::AgentGone),
        LookAnswer::RateLimited { retry_after } => NoteAnswer::RateLimited { retry_after },
        LookAnswer::Forbidden(failure) => NoteAnswer::Forbidden(failure),
        LookAnswer::Unreachable | LookAnswer::Found { .. } | LookAnswer::Listed(_) => NoteAnswer::Unreachable,
    }
}

fn state_name(machine: &FollowUpMachine) -> &'static str {
    match machine.view() {
        Some(FollowUpState::Queued | FollowUpState::Waiting { .. }) => "queued",
        Some(FollowUpState::Sending) => "sending",
        Some(FollowUpState::Uncertain) => "uncertain",
        Some(FollowUpState::NeedsDecision) => "needs_decision",
        Some(FollowUpState::Confirmed { .. }) => "confirmed",
        Some(FollowUpState::Rejected { .. }) => "rejected",
        None => "removed",
    }
}
