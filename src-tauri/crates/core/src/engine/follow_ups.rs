//! Follow-ups: queued here until their agent is free, each with a task of its own; the order is kept here.

use std::time::Duration;

use sendoff_store::{AgentRow, FollowUpRow, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::drafts::{agent_row, check_length};
use super::follow_up_task::{FollowUpTask, Place};
use super::launches::FREEZES;
use super::requests::FollowUpRequest;
use super::{Engine, lock, mint};
use crate::machines::follow_up::{FollowUpChoice, FollowUpContent, FollowUpInput, FollowUpMachine, NewFollowUp};
use crate::machines::launch::Wire;
use crate::model::{
    AccountId, AgentId, Answer, Failure, FollowUp, FollowUpId, FollowUpSource, FollowUpState, ShotTarget,
};

/// How long an edit or a removal may take: one commit, or a send that is under way.
const SETTLING: Duration = Duration::from_secs(10);

/// The tasks of follow-ups, by identifier.
pub(crate) type FollowUpTasks = std::collections::HashMap<FollowUpId, FollowUpLetters>;

/// The way to the task of a follow-up.
pub(crate) struct FollowUpLetters {
    pub(crate) account: AccountId,
    pub(crate) agent: AgentId,
    /// Which API it was queued for; an edit stays with it.
    wire: Wire,
    letters: mpsc::UnboundedSender<FollowUpInput>,
}

/// What leaves as a new follow-up comes.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Nothing: the words are a button's.
    Words,
    /// The answer being written, as it was sent.
    Answer(Answer),
    /// A follow-up that was refused.
    FollowUp(FollowUpId),
}

impl Engine {
    /// Queues a follow-up. Once this answers, it is on disk, and an answer that was sent is part of it, with what
    /// joined it until then.
    pub(crate) async fn follow_up_send(
        &self,
        agent: &AgentId,
        source: FollowUpSource,
        plan_first: bool,
    ) -> Result<FollowUpId, Failure> {
        match source {
            FollowUpSource::Answer => {
                for _ in 0..FREEZES {
                    self.draw_marks(&ShotTarget::Answer(agent.clone())).await?;
                    let answer = self
                        .read(|world| world.agent(agent).map(|record| record.agent.answer.clone()))
                        .ok_or(Failure::NotFound)?;
                    let origin = Origin::Answer(answer.clone());
                    let sent = self.follow_up_queue(agent, answer, plan_first, origin).await;
                    if sent != Err(Failure::ChangedMeanwhile) {
                        return sent;
                    }
                }
                Err(Failure::ChangedMeanwhile)
            }
            FollowUpSource::Words { text } => {
                let words = Answer {
                    text,
                    shots: Vec::new(),
                };
                self.follow_up_queue(agent, words, plan_first, Origin::Words).await
            }
        }
    }

    /// Queues a refused follow-up again.
    pub(crate) async fn follow_up_again(
        &self,
        agent: &AgentId,
        id: &FollowUpId,
        text: String,
    ) -> Result<FollowUpId, Failure> {
        let held = self
            .queued(agent, id)
            .filter(|held| matches!(held.state, FollowUpState::Rejected { .. }))
            .ok_or(Failure::TooLate)?;
        let words = Answer {
            text,
            shots: held.shots,
        };
        let origin = Origin::FollowUp(id.clone());
        self.follow_up_queue(agent, words, held.plan_first, origin).await
    }

    async fn follow_up_queue(
        &self,
        agent: &AgentId,
        words: Answer,
        plan_first: bool,
        origin: Origin,
    ) -> Result<FollowUpId, Failure> {
        check_words(&words.text)?;
        // What was refused goes again as it was, whatever was chosen since.
        let fit = self.read(|world| world.settings().fit);
        if matches!(origin, Origin::Answer(_)) && words.shots.iter().any(|shot| shot.waits(fit)) {
            return Err(Failure::ChangedMeanwhile);
        }
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
            text: words.text,
            shots: words.shots,
            plan_first,
            // The older API takes none.
            model: record.agent.model.filter(|_| !account.older_api),
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
        let stored = self.follow_up_start(machine, request, FollowUpInput::Begin, Place::New(origin));
        stored.await.unwrap_or(Err(Failure::DataTrouble))?;
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
        place: Place,
    ) -> oneshot::Receiver<Result<(), Failure>> {
        let (letters, inbox) = mpsc::unbounded_channel();
        let way = FollowUpLetters {
            account: machine.account().clone(),
            agent: machine.agent().clone(),
            wire: machine.wire(),
            letters,
        };
        lock(&self.0.follow_ups).insert(machine.id().clone(), way);
        let (task, stored) = FollowUpTask::new(self.clone(), machine, request, inbox, place);
        self.spawn(task.run(first));
        stored
    }

    /// Shows the follow-ups found on disk in their order, and goes on with them. They are the queue: what an agent's
    /// row says of it is older.
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
            self.show_follow_up(machine.agent(), machine.id(), &request, machine.view());
            drop(self.follow_up_start(machine, request, FollowUpInput::Started { user }, Place::OnDisk));
        }
    }

    /// Hands an input to a follow-up's task; gives whether there is one.
    pub(super) fn tell_follow_up(&self, id: &FollowUpId, input: FollowUpInput) -> bool {
        lock(&self.0.follow_ups)
            .get(id)
            .is_some_and(|way| way.letters.send(input).is_ok())
    }

    /// Passes something on to all follow-ups of an account.
    pub(crate) fn tell_follow_ups(&self, account: &AccountId, input: &FollowUpInput) {
        for way in lock(&self.0.follow_ups).values().filter(|way| way.account == *account) {
            // One that just ended needs no telling.
            drop(way.letters.send(input.clone()));
        }
    }

    /// The row of an agent without the answer that was sent; none where the answer is another by now.
    ///
    /// # Errors
    /// The answer is empty, for it was sent already, or the agent is gone.
    pub(crate) fn without_answer(&self, agent: &AgentId, sent: &Answer) -> Result<Option<AgentRow>, StoreError> {
        let mut record = self
            .read(|world| world.agent(agent).cloned())
            .filter(|record| record.agent.answer != Answer::default())
            .ok_or(StoreError::Missing)?;
        if record.agent.answer != *sent {
            return Ok(None);
        }
        record.agent.answer = Answer::default();
        Ok(Some(agent_row(&record)))
    }

    /// What a follow-up came from leaves the page. What joined an answer while it was written to the disk stays, and
    /// is saved by whoever added it.
    pub(crate) fn take_origin(&self, agent: &AgentId, origin: &Origin) {
        self.edit(|world| {
            let Some(mut record) = world.agent(agent).cloned() else {
                return;
            };
            match origin {
                Origin::Words => return,
                Origin::Answer(sent) => take_sent(&mut record.agent.answer, sent),
                Origin::FollowUp(id) => record.agent.queue.retain(|held| held.id != *id),
            }
            world.put_agent(record);
        });
    }

    /// Edits a follow-up that waits.
    pub(crate) async fn follow_up_edit(&self, agent: &AgentId, id: &FollowUpId, text: String) -> Result<(), Failure> {
        check_words(&text)?;
        let held = self.queued(agent, id).ok_or(Failure::TooLate)?;
        let wire = lock(&self.0.follow_ups)
            .get(id)
            .map(|way| way.wire)
            .ok_or(Failure::TooLate)?;
        let request = FollowUpRequest {
            text: text.clone(),
            shots: held.shots,
            plan_first: held.plan_first,
            model: held.model,
            older_api: wire == Wire::V0,
        };
        let content = self.follow_up_content(&request).await?;
        if !self.tell_follow_up(id, FollowUpInput::Edit(content)) {
            return Err(Failure::TooLate);
        }
        self.settled(agent, id, |held| {
            held.is_none_or(|held| held.text == text || !held.state.waits())
        })
        .await?;
        match self.queued(agent, id) {
            Some(held) if held.text == text => {
                self.forget_edited(agent, id).await;
                Ok(())
            }
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
        if !held.state.waits() || !self.tell_follow_up(id, FollowUpInput::Remove) {
            return Err(Failure::TooLate);
        }
        self.settled(agent, id, |held| held.is_none_or(|held| !held.state.waits()))
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

    /// What a follow-up was being changed to is what it says now.
    async fn forget_edited(&self, agent: &AgentId, id: &FollowUpId) {
        let forgotten = self.edit(|world| {
            let mut record = world.agent(agent)?.clone();
            record.agent.edited.take_if(|edited| edited.follow_up == *id)?;
            world.put_agent(record);
            Some(())
        });
        if forgotten.is_some()
            && let Err(failure) = self.save_agent(agent).await
        {
            tracing::warn!(
                ?failure,
                "that nothing is being changed any more is written down with the next change"
            );
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

/// Takes what was sent out of an answer. Words that were changed stay whole; a picture that was packed meanwhile goes.
fn take_sent(answer: &mut Answer, sent: &Answer) {
    if answer.text == sent.text {
        answer.text.clear();
    }
    for shot in &sent.shots {
        if let Some(place) = answer.shots.iter().position(|held| held.shows_the_same(shot)) {
            answer.shots.remove(place);
        }
    }
}

fn check_words(text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Err(Failure::PromptEmpty);
    }
    check_length(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::engine;
    use sendoff_shots::Markup;

    use crate::model::{Shot, ShotId};

    fn shot(hash: &str) -> Shot {
        Shot {
            id: ShotId(format!("shot-{hash}")),
            hash: hash.to_owned(),
            mime: "image/png".to_owned(),
            width: 1,
            height: 1,
            bytes: 1,
            notes: Vec::new(),
            original: None,
            markup: Markup::default(),
            drawing: false,
            fit: sendoff_shots::Fit::Sharp,
            loose: false,
        }
    }

    fn answer(text: &str, shots: &[&str]) -> Answer {
        Answer {
            text: text.to_owned(),
            shots: shots.iter().map(|hash| shot(hash)).collect(),
        }
    }

    #[tokio::test]
    async fn an_answer_that_changed_is_frozen_again_and_nothing_of_the_old_one_is_queued() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let agent = AgentId("bc-1".to_owned());
        let (frozen, now) = (answer("Make it blue", &[]), answer("Make it blue", &["a"]));
        engine
            .answer_edit(&agent, |answer| answer.clone_from(&now))
            .await
            .unwrap();
        let sent = engine
            .follow_up_queue(&agent, frozen.clone(), false, Origin::Answer(frozen))
            .await;
        assert_eq!(sent, Err(Failure::ChangedMeanwhile), "it is to be frozen again");
        let (left, queued) = engine.read(|world| {
            let held = &world.agent(&agent).unwrap().agent;
            (held.answer.clone(), held.queue.clone())
        });
        assert_eq!((left, queued), (now, Vec::new()), "all is where it was");
        assert_eq!(
            engine.0.store.follow_ups().unwrap(),
            Vec::new(),
            "and nothing is on disk"
        );
    }

    #[test]
    fn what_was_sent_leaves_an_answer_and_what_joined_it_stays() {
        let sent = answer("Make it blue", &["a", "b"]);
        let table = [
            (sent.clone(), answer("", &[]), "nothing joined it"),
            (
                answer("Make it blue", &["a", "b", "c"]),
                answer("", &["c"]),
                "a picture joined it",
            ),
            (
                answer("Make it blue", &["b", "a", "a"]),
                answer("", &["a"]),
                "in another order, and one twice",
            ),
            (
                Answer {
                    shots: vec![
                        Shot {
                            hash: "packed".to_owned(),
                            bytes: 0,
                            ..shot("a")
                        },
                        shot("b"),
                    ],
                    ..sent.clone()
                },
                answer("", &[]),
                "packed tighter while it was written to the disk",
            ),
            (
                answer("Make it red", &["a", "b"]),
                answer("Make it red", &[]),
                "other words stay whole",
            ),
        ];
        for (mut held, left, why) in table {
            take_sent(&mut held, &sent);
            assert_eq!(held, left, "{why}");
        }
    }
}
