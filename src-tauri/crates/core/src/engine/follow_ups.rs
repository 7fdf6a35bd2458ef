//! Follow-ups: queued here until their agent is free, each with a task of its own; the order is kept here.

use std::time::Duration;

use sendoff_store::FollowUpRow;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::drafts::check_length;
use super::follow_up_task::FollowUpTask;
use super::requests::FollowUpRequest;
use super::{Engine, lock, mint};
use crate::machines::follow_up::{FollowUpChoice, FollowUpContent, FollowUpInput, FollowUpMachine, NewFollowUp};
use crate::machines::launch::Wire;
use crate::model::{AgentId, AgentState, Answer, Failure, FollowUp, FollowUpId, FollowUpState};

/// How long an edit or a removal may take: one commit, or a send that is under way.
const SETTLING: Duration = Duration::from_secs(10);

/// The tasks of follow-ups, by identifier.
pub(crate) type FollowUpTasks = std::collections::HashMap<FollowUpId, mpsc::UnboundedSender<FollowUpInput>>;

impl Engine {
    /// Queues the answer as a follow-up. Once this answers, it is on disk.
    pub(crate) async fn follow_up_send(
        &self,
        agent: &AgentId,
        text: String,
        plan_first: bool,
    ) -> Result<FollowUpId, Failure> {
        check_words(&text)?;
        let record = self
            .read(|world| world.agent(agent).cloned())
            .ok_or(Failure::NotFound)?;
        if record.agent.archived {
            return Err(Failure::AgentArchived);
        }
        let account = self
            .read(|world| world.account(&record.agent.account).cloned())
            .ok_or(Failure::NoAccount)?;
        let request = FollowUpRequest {
            text,
            shots: record.agent.answer.shots.clone(),
            plan_first,
            older_api: account.older_api,
        };
        let id = FollowUpId(mint("follow-up-"));
        let machine = FollowUpMachine::new(NewFollowUp {
            id: id.clone(),
            account: account.id.clone(),
            user: self.user_of(&account.id).unwrap_or_default(),
            wire: if account.older_api { Wire::V0 } else { Wire::V1 },
            agent: agent.clone(),
            content: self.follow_up_content(&request).await?,
        });
        let stored = self.follow_up_start(machine, request, FollowUpInput::Begin, None);
        stored.await.unwrap_or(Err(Failure::DataTrouble))?;
        self.answer_edit(agent, |answer| *answer = Answer::default()).await?;
        self.queue_turn(agent);
        Ok(id)
    }

    /// What the machine keeps of a request.
    async fn follow_up_content(&self, request: &FollowUpRequest) -> Result<FollowUpContent, Failure> {
        let body = request.body(&self.0.store)?;
        let body_sha256 = body.sha256().await.map_err(|_| Failure::PictureDamaged)?;
        let stored = serde_json::to_value(request).map_err(|_| Failure::DataTrouble)?;
        Ok(FollowUpContent {
            request: stored,
            body_sha256,
            text: request.text.clone(),
        })
    }

    fn follow_up_start(
        &self,
        machine: FollowUpMachine,
        request: FollowUpRequest,
        first: FollowUpInput,
        position: Option<u32>,
    ) -> oneshot::Receiver<Result<(), Failure>> {
        let (letters, inbox) = mpsc::unbounded_channel();
        lock(&self.0.follow_ups).insert(machine.id().clone(), letters);
        let (task, stored) = FollowUpTask::new(self.clone(), machine, request, inbox, position);
        self.spawn(task.run(first));
        stored
    }

    /// Goes on with the follow-ups found on disk, in their order.
    pub(crate) fn follow_ups_resume(&self, rows: Vec<FollowUpRow>) {
        for row in rows {
            let Ok(machine) = serde_json::from_str::<FollowUpMachine>(&row.body) else {
                tracing::error!(follow_up = %row.id, "a follow-up on disk could not be read");
                continue;
            };
            let Ok(request) = serde_json::from_value::<FollowUpRequest>(machine.content().request.clone()) else {
                tracing::error!(follow_up = %row.id, "a follow-up's request on disk could not be read");
                continue;
            };
            let user = self
                .user_of(machine.account())
                .filter(|_| self.client(machine.account()).is_some());
            drop(self.follow_up_start(machine, request, FollowUpInput::Started { user }, Some(row.position)));
        }
    }

    /// Hands an input to a follow-up's task; gives whether there is one.
    fn tell_follow_up(&self, id: &FollowUpId, input: FollowUpInput) -> bool {
        lock(&self.0.follow_ups)
            .get(id)
            .is_some_and(|letters| letters.send(input).is_ok())
    }

    /// Tells the first follow-up of an agent's queue whether it may go.
    pub(crate) fn queue_turn(&self, agent: &AgentId) {
        let found = self.read(|world| {
            let record = world.agent(agent)?;
            let first = record.agent.queue.iter().find(|held| blocks(&held.state))?;
            let free = !record.is_live() && !matches!(record.agent.state, AgentState::Unknown);
            Some((first.id.clone(), free))
        });
        if let Some((first, free)) = found {
            self.tell_follow_up(
                &first,
                if free {
                    FollowUpInput::MayGo
                } else {
                    FollowUpInput::MustWait
                },
            );
        }
    }

    /// Passes something on to all follow-ups of an account.
    pub(crate) fn tell_follow_ups(&self, account: &crate::model::AccountId, input: &FollowUpInput) {
        let ids: Vec<FollowUpId> = self.read(|world| {
            let agents = world.agents().filter(|record| record.agent.account == *account);
            agents
                .flat_map(|record| record.agent.queue.iter().map(|held| held.id.clone()))
                .collect()
        });
        for id in ids {
            self.tell_follow_up(&id, input.clone());
        }
    }

    /// Shows where a follow-up stands; with none it is taken out of the queue.
    pub(crate) fn show_follow_up(
        &self,
        agent: &AgentId,
        id: &FollowUpId,
        request: &FollowUpRequest,
        state: Option<FollowUpState>,
    ) {
        self.edit(|world| {
            let Some(mut record) = world.agent(agent).cloned() else {
                return;
            };
            let queue = &mut record.agent.queue;
            match (state, queue.iter_mut().find(|held| held.id == *id)) {
                // Once confirmed, its run shows it.
                (None | Some(FollowUpState::Confirmed { .. }), _) => queue.retain(|held| held.id != *id),
                (Some(state), Some(held)) => {
                    held.state = state;
                    held.text.clone_from(&request.text);
                }
                (Some(state), None) => queue.push(FollowUp {
                    id: id.clone(),
                    text: request.text.clone(),
                    shots: request.shots.clone(),
                    plan_first: request.plan_first,
                    state,
                }),
            }
            world.put_agent(record);
        });
    }

    /// Edits a follow-up that waits.
    pub(crate) async fn follow_up_edit(&self, agent: &AgentId, id: &FollowUpId, text: String) -> Result<(), Failure> {
        check_words(&text)?;
        let held = self.queued(agent, id).ok_or(Failure::TooLate)?;
        let older_api = self.read(|world| world.agent(agent).is_some_and(|record| record.agent.older_api));
        let request = FollowUpRequest {
            text: text.clone(),
            shots: held.shots,
            plan_first: held.plan_first,
            older_api,
        };
        let content = self.follow_up_content(&request).await?;
        if !self.tell_follow_up(id, FollowUpInput::Edit(content)) {
            return Err(Failure::TooLate);
        }
        self.settled(agent, id, |held| {
            held.is_none_or(|held| held.text == text || !waits(&held.state))
        })
        .await?;
        match self.queued(agent, id) {
            Some(held) if held.text == text => Ok(()),
            _ => Err(Failure::TooLate),
        }
    }

    /// Removes a follow-up that waits or was refused.
    pub(crate) async fn follow_up_remove(&self, agent: &AgentId, id: &FollowUpId) -> Result<(), Failure> {
        let held = self.queued(agent, id).ok_or(Failure::NotFound)?;
        if matches!(held.state, FollowUpState::Rejected { .. }) {
            let row = id.0.clone();
            self.disk(move |store| store.delete_follow_up(&row)).await?;
            self.edit(|world| {
                if let Some(mut record) = world.agent(agent).cloned() {
                    record.agent.queue.retain(|held| held.id != *id);
                    world.put_agent(record);
                }
            });
            self.queue_turn(agent);
            return Ok(());
        }
        if !waits(&held.state) || !self.tell_follow_up(id, FollowUpInput::Remove) {
            return Err(Failure::TooLate);
        }
        self.settled(agent, id, |held| held.is_none_or(|held| !waits(&held.state)))
            .await?;
        if self.queued(agent, id).is_none() {
            Ok(())
        } else {
            Err(Failure::TooLate)
        }
    }

    /// Passes on whether an uncertain follow-up is sent again.
    pub(crate) fn follow_up_decide(&self, agent: &AgentId, id: &FollowUpId, send: bool) -> Result<(), Failure> {
        let held = self.queued(agent, id).ok_or(Failure::NotFound)?;
        let choice = if send {
            FollowUpChoice::Send
        } else {
            FollowUpChoice::Drop
        };
        let asked = matches!(held.state, FollowUpState::NeedsDecision);
        if asked && self.tell_follow_up(id, FollowUpInput::Decided(choice)) {
            Ok(())
        } else {
            Err(Failure::TooLate)
        }
    }

    fn queued(&self, agent: &AgentId, id: &FollowUpId) -> Option<FollowUp> {
        self.read(|world| {
            world
                .agent(agent)?
                .agent
                .queue
                .iter()
                .find(|held| held.id == *id)
                .cloned()
        })
    }

    /// Waits until what is queued is as wanted.
    async fn settled(
        &self,
        agent: &AgentId,
        id: &FollowUpId,
        wanted: impl Fn(Option<&FollowUp>) -> bool,
    ) -> Result<(), Failure> {
        let mut changed = self.watch();
        let waiting = async {
            loop {
                changed.mark_unchanged();
                if wanted(self.queued(agent, id).as_ref()) || changed.changed().await.is_err() {
                    return;
                }
            }
        };
        timeout(SETTLING, waiting).await.map_err(|_| Failure::TooLate)
    }
}

/// Whether it can still be edited and removed.
fn waits(state: &FollowUpState) -> bool {
    matches!(state, FollowUpState::Queued | FollowUpState::Waiting { .. })
}

/// Whether the ones behind it have to wait.
fn blocks(state: &FollowUpState) -> bool {
    !matches!(state, FollowUpState::Confirmed { .. } | FollowUpState::Rejected { .. })
}

fn check_words(text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Err(Failure::PromptEmpty);
    }
    check_length(text)
}
