//! The task of one follow-up, like that of a launch: does what its machine says and hands the answers back in.

use std::collections::VecDeque;
use std::time::Duration;

use sendoff_store::{FollowUpRow, FollowUpUpdate, Replaced};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::follow_ups::Origin;
use super::launch_task::{answered, woken};
use super::mailbox::AgentMail;
use super::requests::FollowUpRequest;
use super::runs::Prompt;
use super::{Engine, accounts::encode, lock, notices::is_about_account};
use crate::machines::follow_up::{FollowUpEffect, FollowUpInput, FollowUpMachine, NoteAnswer};
use crate::machines::launch::Moment;
use crate::machines::notice::{Known, Need, Standing, Subject};
use crate::model::{Failure, FollowUpState, RunId};

/// Where a follow-up is kept.
#[derive(Debug)]
pub(crate) enum Place {
    /// Not yet on disk; its first commit takes away what it comes from.
    New(Origin),
    /// It has its row.
    OnDisk,
}

/// One follow-up under way.
pub(crate) struct FollowUpTask {
    engine: Engine,
    machine: FollowUpMachine,
    request: FollowUpRequest,
    inbox: mpsc::UnboundedReceiver<FollowUpInput>,
    pending: Option<oneshot::Receiver<FollowUpInput>>,
    wake: Option<Instant>,
    place: Place,
    /// What was known when the user was last told, or not.
    known: Option<Known>,
    first: Option<oneshot::Sender<Result<(), Failure>>>,
    /// Whether what was asked could not be put into the transcript.
    unkept: bool,
}

impl FollowUpTask {
    /// A task for a follow-up, and the answer to its first commit.
    pub(crate) fn new(
        engine: Engine,
        machine: FollowUpMachine,
        request: FollowUpRequest,
        inbox: mpsc::UnboundedReceiver<FollowUpInput>,
        place: Place,
    ) -> (Self, oneshot::Receiver<Result<(), Failure>>) {
        let (first, stored) = oneshot::channel();
        // What was found on disk was told before.
        let known = matches!(place, Place::OnDisk).then(|| known_of(&machine));
        (
            Self {
                engine,
                machine,
                request,
                inbox,
                pending: None,
                wake: None,
                place,
                known,
                first: Some(first),
                unkept: false,
            },
            stored,
        )
    }

    /// Goes on until the machine is over, or its agent or account is removed.
    pub(crate) async fn run(mut self, first: FollowUpInput) {
        let agent = self.machine.agent().clone();
        self.hand_in(first).await;
        self.engine.queue_turn(&agent);
        while !self.machine.is_over() && self.is_known() {
            let wake = self.wake;
            let input = tokio::select! {
                // That the inbox is closed comes before everything else.
                biased;
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

    /// False once its agent or account was removed: nothing more is done for it.
    fn is_known(&self) -> bool {
        lock(&self.engine.0.follow_ups).contains_key(self.machine.id())
    }

    async fn hand_in(&mut self, input: FollowUpInput) {
        let mut inputs = VecDeque::from([input]);
        if matches!(inputs.front(), Some(FollowUpInput::Noted(NoteAnswer::Idle(_))))
            && !self.engine.take_turn(self.machine.agent(), self.machine.id())
        {
            inputs.push_front(FollowUpInput::MustWait);
        }
        while let Some(input) = inputs.pop_front() {
            let at = Moment {
                now: self.engine.now(),
                service: self.engine.service_time(self.machine.account()),
                jitter: Engine::jitter(),
            };
            let (machine, effects) = self.machine.clone().step(at, input);
            self.machine = machine;
            if let Ok(request) = serde_json::from_value(self.machine.content().request.clone()) {
                self.request = request;
            }
            for effect in effects {
                if !self.is_known() {
                    return;
                }
                inputs.extend(self.perform(effect).await);
            }
            if matches!(self.place, Place::OnDisk) {
                let (agent, id) = (self.machine.agent(), self.machine.id());
                self.engine
                    .show_follow_up(agent, id, &self.request, self.machine.view());
                self.tell().await;
            }
        }
    }

    /// Tells the user when a decision is needed, or that it was refused.
    async fn tell(&mut self) {
        let known = known_of(&self.machine);
        if self.known.as_ref() != Some(&known) {
            self.engine.tell(self.known.as_ref(), &known).await;
            self.known = Some(known);
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
            // What was asked lasts in this row alone: it is adopted again at the next start.
            FollowUpEffect::Forget if self.unkept => None,
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
    async fn adopt(&mut self, run: Option<RunId>) {
        let agent = self.machine.agent();
        let (account, request) = (self.machine.account(), &self.request);
        let prompt = Prompt {
            text: request.text.clone(),
            shots: request.shots.clone(),
            at: self.engine.now(),
            model: request.model.as_ref().map(|model| model.id.clone()),
        };
        let kept = self.engine.save_prompt(agent, account, run.as_ref(), prompt).await;
        if let Err(failure) = kept {
            tracing::warn!(?failure, "a prompt could not be saved");
            self.unkept = true;
        }
        self.engine
            .mail_agent(agent, run.map_or(AgentMail::Prompted, AgentMail::RunStarted));
    }

    async fn commit(&mut self) -> FollowUpInput {
        let outcome = match &self.place {
            Place::OnDisk => self.update().await,
            Place::New(origin) => self.insert(origin.clone()).await,
        };
        if let Some(first) = self.first.take() {
            drop(first.send(outcome.clone()));
        }
        match outcome {
            Ok(()) => FollowUpInput::Committed,
            Err(failure) => FollowUpInput::CommitFailed(failure),
        }
    }

    /// The first commit: the follow-up comes and what it was made from goes, in one transaction. The page sees both
    /// before anything else is saved, so that no later save brings back what left.
    async fn insert(&mut self, origin: Origin) -> Result<(), Failure> {
        let (engine, machine, request) = (self.engine.clone(), self.machine.clone(), self.request.clone());
        let created_at_ms = self.engine.now() as i64;
        let kept = self
            .engine
            .disk(move |store| {
                let taken = store.follow_ups()?;
                let last = taken
                    .iter()
                    .filter(|row| row.agent == machine.agent().0)
                    .map(|row| row.position)
                    .max();
                let row = FollowUpRow {
                    id: machine.id().0.clone(),
                    account: machine.account().0.clone(),
                    agent: machine.agent().0.clone(),
                    position: last.map_or(0, |last| last + 1),
                    state: state_name(&machine).to_owned(),
                    open: true,
                    created_at_ms,
                    body: encode(&machine),
                };
                match &origin {
                    Origin::Words => store.queue_follow_up(&row, Replaced::Nothing)?,
                    Origin::FollowUp(refused) => store.queue_follow_up(&row, Replaced::FollowUp(&refused.0))?,
                    Origin::Answer(sent) => match engine.without_answer(machine.agent(), sent)? {
                        Some(agent) => store.queue_follow_up(&row, Replaced::Answer(&agent))?,
                        // What joined it would be lost, or it would be sent again with that.
                        None => return Ok(false),
                    },
                }
                engine.take_origin(machine.agent(), &origin);
                engine.show_follow_up(machine.agent(), machine.id(), &request, machine.view());
                Ok(true)
            })
            .await?;
        if !kept {
            return Err(Failure::ChangedMeanwhile);
        }
        self.place = Place::OnDisk;
        Ok(())
    }

    async fn update(&self) -> Result<(), Failure> {
        let machine = self.machine.clone();
        self.engine
            .disk(move |store| {
                store.update_follow_up(
                    &machine.id().0,
                    &FollowUpUpdate {
                        state: state_name(&machine),
                        open: machine.is_open(),
                        body: &encode(&machine),
                    },
                )
            })
            .await
    }
}

/// Where a follow-up stands, as far as notices are concerned.
fn known_of(machine: &FollowUpMachine) -> Known {
    Known {
        subject: Subject::FollowUp {
            agent: machine.agent().clone(),
            follow_up: machine.id().clone(),
        },
        standing: match machine.view() {
            Some(FollowUpState::NeedsDecision) => Standing::NeedsYou(Need::FollowUp {
                attempt: machine.attempt(),
            }),
            // What stands in the way of the whole account is told of the account, once.
            Some(FollowUpState::Rejected { failure }) if !is_about_account(&failure) => Standing::NotSent,
            _ => Standing::Working,
        },
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
