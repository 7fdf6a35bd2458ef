//! The task of one launch: does what its machine says, one effect after the other, and hands the answers back in.

use std::collections::VecDeque;
use std::time::Duration;

use sendoff_store::{LaunchUpdate, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::{
    Engine, accounts::encode, failures, lock, mailbox::LaunchMail, notices::is_about_account, requests::LaunchRequest,
};
use crate::machines::launch::{Choice, LaunchEffect, LaunchInput, LaunchMachine, Moment, Wire};
use crate::machines::notice::{Known, Need, Standing, Subject};
use crate::model::{Draft, Failure, Launch, LaunchId, LaunchState, ShotTarget};
use crate::world::World;

/// One launch under way.
pub(crate) struct LaunchTask {
    engine: Engine,
    id: LaunchId,
    machine: LaunchMachine,
    request: LaunchRequest,
    created_at: u64,
    inbox: mpsc::UnboundedReceiver<LaunchMail>,
    /// What is asked of the network now.
    pending: Option<oneshot::Receiver<LaunchInput>>,
    wake: Option<Instant>,
    /// Whether its row is on disk.
    stored: bool,
    /// What was known when the user was last told, or not.
    known: Option<Known>,
    /// Who waits for the first commit.
    first: Option<oneshot::Sender<Result<(), Failure>>>,
}

impl LaunchTask {
    /// A task for a launch, and the answer to its first commit.
    pub(crate) fn new(
        engine: Engine,
        id: LaunchId,
        machine: LaunchMachine,
        request: LaunchRequest,
        inbox: mpsc::UnboundedReceiver<LaunchMail>,
        new: bool,
    ) -> (Self, oneshot::Receiver<Result<(), Failure>>) {
        let (first, stored) = oneshot::channel();
        // What was found on disk was told before.
        let known = (!new).then(|| known_of(&id, &machine));
        let created_at = if new { engine.now() } else { machine.queued_at() };
        let task = Self {
            engine,
            id,
            machine,
            request,
            created_at,
            inbox,
            pending: None,
            wake: None,
            stored: !new,
            known,
            first: Some(first),
        };
        (task, stored)
    }

    /// Goes on until the machine is over, or its account is removed.
    pub(crate) async fn run(mut self, first: LaunchInput) {
        self.hand_in(first).await;
        while !self.machine.is_over() && self.is_known() {
            let input = self.next().await;
            match input {
                Some(input) => self.hand_in(input).await,
                None => break,
            }
        }
        lock(&self.engine.0.launches).remove(&self.id);
    }

    /// False once its account was removed: nothing more is done for it, and it is not shown again.
    fn is_known(&self) -> bool {
        lock(&self.engine.0.launches).contains_key(&self.id)
    }

    /// The next thing that happens to it.
    async fn next(&mut self) -> Option<LaunchInput> {
        let wake = self.wake;
        tokio::select! {
            // That the inbox is closed comes before everything else.
            biased;
            letter = self.inbox.recv() => letter.map(input_of),
            answer = answered(&mut self.pending) => {
                self.pending = None;
                Some(answer)
            }
            () = woken(wake) => {
                self.wake = None;
                Some(LaunchInput::Woke)
            }
        }
    }

    /// Hands an input to the machine and does what follows, until nothing more follows at once.
    async fn hand_in(&mut self, input: LaunchInput) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let at = Moment {
                now: self.engine.now(),
                service: self.engine.service_time(self.machine.account()),
                jitter: Engine::jitter(),
            };
            let (machine, effects) = self.machine.clone().step(at, input);
            self.machine = machine;
            for effect in effects {
                if !self.is_known() {
                    return;
                }
                inputs.extend(self.perform(effect).await);
            }
            self.publish();
            self.tell().await;
        }
    }

    /// Tells the user when a decision is needed, or that it was refused. One that was never stored is told by whoever
    /// sent it.
    async fn tell(&mut self) {
        if !self.stored || !self.is_known() {
            return;
        }
        let known = known_of(&self.id, &self.machine);
        if self.known.as_ref() != Some(&known) {
            self.engine.tell(self.known.as_ref(), &known).await;
            self.known = Some(known);
        }
    }

    /// Does one effect. Answers at once where it can; what the network is asked is waited for by `next`.
    async fn perform(&mut self, effect: LaunchEffect) -> Option<LaunchInput> {
        match effect {
            LaunchEffect::Commit => Some(self.commit().await),
            LaunchEffect::Post { .. } => {
                let (engine, machine, request) = (self.engine.clone(), self.machine.clone(), self.request.clone());
                self.pending = Some(
                    self.engine
                        .ask(async move { LaunchInput::Answered(engine.post_launch(&machine, &request).await) }),
                );
                None
            }
            LaunchEffect::Look { first_message } => {
                let (engine, machine) = (self.engine.clone(), self.machine.clone());
                self.pending =
                    Some(self.engine.ask(async move {
                        LaunchInput::Looked(engine.look_for_launch(&machine, first_message).await)
                    }));
                None
            }
            LaunchEffect::LookOlder { since } => {
                let (engine, id, machine) = (self.engine.clone(), self.id.clone(), self.machine.clone());
                self.pending =
                    Some(self.engine.ask(async move {
                        LaunchInput::Looked(engine.look_for_older_launch(&id, &machine, since).await)
                    }));
                None
            }
            LaunchEffect::WakeAfter(wait) => {
                self.wake = Some(Instant::now() + Duration::from_millis(wait));
                None
            }
            LaunchEffect::Adopt { agent, run } => {
                self.engine
                    .adopt_launch(&self.id, &self.machine, &self.request, &agent, run)
                    .await;
                None
            }
            LaunchEffect::GiveDraftBack => self.give_draft_back().await,
            LaunchEffect::Forget => {
                let row = self.id.0.clone();
                if let Err(failure) = self.engine.disk(move |store| store.delete_launch(&row)).await {
                    tracing::warn!(?failure, "a launch that is over stays on disk");
                }
                self.engine.edit(|world| world.remove_launch(&self.id));
                None
            }
            LaunchEffect::TooLate => None,
        }
    }

    /// Stores the machine durably.
    async fn commit(&mut self) -> LaunchInput {
        let outcome = if self.stored {
            self.update().await
        } else {
            self.insert().await
        };
        if let Some(first) = self.first.take() {
            // Whoever sent the draft may have gone; the launch goes on.
            drop(first.send(outcome.clone()));
        }
        match outcome {
            Ok(()) => LaunchInput::Committed,
            Err(failure) => LaunchInput::CommitFailed(failure),
        }
    }

    /// The first commit: the launch comes and its draft goes, in one transaction. The draft leaves the page before
    /// anything else is saved, so that no later save of it brings it back. A draft that is not what was frozen any
    /// more is not sent: what joined it would be lost. One that the user changes while this is written stays beside the
    /// launch.
    async fn insert(&mut self) -> Result<(), Failure> {
        let row = self.engine.launch_row(&self.id, &self.machine, &self.request);
        let frozen = self.request.draft.clone();
        let (engine, launch) = (self.engine.clone(), self.launch());
        let kept = self
            .engine
            .disk(move |store| {
                let changed = |world: &World| {
                    world
                        .draft(&frozen.id)
                        .is_some_and(|draft| !draft.asks_the_same(&frozen))
                };
                if engine.read(changed) {
                    return Ok(false);
                }
                store.queue_launch(&row, Some(&frozen.id.0))?;
                engine.edit(|world| {
                    if let Some(launch) = launch {
                        world.put_launch(launch);
                    }
                    let stays = |draft: &Draft| !draft.shows_the_same(&frozen);
                    if !world.draft(&frozen.id).is_some_and(stays) {
                        world.remove_draft(&frozen.id);
                    }
                });
                Ok(true)
            })
            .await?;
        if !kept {
            return Err(Failure::ChangedMeanwhile);
        }
        self.stored = true;
        Ok(())
    }

    async fn update(&self) -> Result<(), Failure> {
        let (id, machine) = (self.id.0.clone(), self.machine.clone());
        let updated_at_ms = self.engine.now() as i64;
        let saved = self.engine.0.disk.run(move |store| {
            if let Some(held) = store.launch(&id)?
                && serde_json::from_str::<LaunchMachine>(&held.body)
                    .is_ok_and(|held| held.revision() > machine.revision())
            {
                return Err(StoreError::Busy);
            }
            let agent = match machine.wire() {
                Wire::V1 => Some(machine.agent().as_str()),
                Wire::V0 => machine.confirmed().map(super::super::model::ids::AgentId::as_str),
            };
            store.update_launch(
                &id,
                &LaunchUpdate {
                    agent,
                    state: state_name(&machine),
                    open: machine.is_open(),
                    updated_at_ms,
                    body_sha256: Some(machine.body_sha256()),
                    body: &encode(&machine),
                },
            )
        });
        saved.await.map_err(|error| failures::of_store(&error))
    }

    /// Puts the draft back, on disk and before the page.
    async fn give_draft_back(&mut self) -> Option<LaunchInput> {
        let problem = match self.machine.view() {
            Some(LaunchState::Rejected { failure }) => Some(failure),
            _ => None,
        };
        let mut draft = self.request.given_back(problem);
        let id = draft.id.clone();
        if let Some(newer) = self.engine.read(|world| world.draft(&id).cloned()) {
            // It was given back before and could not be saved, or stayed: what was written since is kept.
            draft = Draft {
                problem: draft.problem,
                ..newer
            };
        }
        self.engine.edit(|world| world.put_draft(draft));
        match self.engine.save_draft(&id).await {
            Ok(()) => {
                // Something else may have been chosen for its pictures since it was sent.
                self.engine.draw_later(ShotTarget::Draft(id));
                Some(LaunchInput::DraftGivenBack)
            }
            Err(failure) => {
                // The launch stays on disk with the draft in it; it is given back again at the next start.
                tracing::error!(?failure, "a draft given back could not be saved");
                None
            }
        }
    }

    /// Shows where the launch stands.
    fn publish(&self) {
        if let Some(launch) = self.launch().filter(|_| self.stored) {
            self.engine.edit(|world| {
                if self.is_known() {
                    world.put_launch(launch);
                }
            });
        }
    }

    /// The launch as the page sees it; none once it was taken back.
    fn launch(&self) -> Option<Launch> {
        let state = self.machine.view()?;
        let draft = &self.request.draft;
        Some(Launch {
            id: self.id.clone(),
            account: self.machine.account().clone(),
            draft: draft.id.clone(),
            text: draft.text.clone(),
            shots: draft.shots.clone(),
            repository: draft.repository.clone(),
            branch: draft.branch.clone(),
            model: draft.model.clone(),
            plan_first: draft.plan_first,
            open_pull_request: draft.open_pull_request,
            created_at: self.created_at,
            state,
        })
    }
}

/// The machine's state as the store names it, for whoever looks into the database.
pub(crate) fn state_name(machine: &LaunchMachine) -> &'static str {
    match machine.view() {
        Some(LaunchState::Holding { .. } | LaunchState::Waiting { .. }) => "queued",
        Some(LaunchState::Sending { .. }) => "sending",
        Some(LaunchState::Uncertain { .. }) => "uncertain",
        Some(LaunchState::NeedsDecision { .. }) => "needs_decision",
        Some(LaunchState::Confirmed { .. }) => "confirmed",
        Some(LaunchState::Rejected { .. }) => "rejected",
        None => "taken_back",
    }
}

/// Where a launch stands, as far as notices are concerned.
fn known_of(id: &LaunchId, machine: &LaunchMachine) -> Known {
    Known {
        subject: Subject::Launch { launch: id.clone() },
        standing: match machine.view() {
            Some(LaunchState::NeedsDecision { decision }) => Standing::NeedsYou(Need::Launch {
                decision,
                attempt: machine.attempt(),
            }),
            // What stands in the way of the whole account is told of the account, once.
            Some(LaunchState::Rejected { failure }) if !is_about_account(&failure) => Standing::NotSent,
            _ => Standing::Working,
        },
    }
}

fn input_of(letter: LaunchMail) -> LaunchInput {
    match letter {
        LaunchMail::Undo => LaunchInput::Undo,
        LaunchMail::Now => LaunchInput::SendNow,
        LaunchMail::Online => LaunchInput::Online,
        LaunchMail::Account { user } => LaunchInput::AccountChanged { user },
        LaunchMail::Decided { send, agent } => LaunchInput::Decided(match (agent, send) {
            (Some(agent), _) => Choice::ItIs(agent),
            (None, true) => Choice::Send,
            (None, false) => Choice::GiveBack,
        }),
    }
}

/// Waits for the network's answer; for ever when nothing was asked.
pub(crate) async fn answered<T>(pending: &mut Option<oneshot::Receiver<T>>) -> T {
    if let Some(asked) = pending {
        if let Ok(answer) = asked.await {
            return answer;
        }
        // The engine stops, and this task with it: it is not to be asked again.
        *pending = None;
    }
    std::future::pending().await
}

/// Waits for a point in time; for ever when there is none.
pub(crate) async fn woken(wake: Option<Instant>) {
    match wake {
        Some(wake) => sleep_until(wake).await,
        None => std::future::pending().await,
    }
}
