//! The queue of an agent: whose turn it is, what is held back, and what goes before what.

use sendoff_store::{Store, StoreError};

use super::Engine;
use super::requests::FollowUpRequest;
use crate::machines::follow_up::FollowUpInput;
use crate::model::{AgentId, AgentState, Failure, FollowUp, FollowUpId, FollowUpState};

impl Engine {
    /// Tells those of an agent's queue whether they may go: one at most.
    pub(crate) fn queue_turn(&self, agent: &AgentId) {
        // Another run would write over what this one left before it is here.
        let fetched = !self.fetches_unasked(agent);
        let told = self.read(|world| {
            let record = world.agent(agent)?;
            let queue = &record.agent.queue;
            let free = fetched && !record.is_live() && !matches!(record.agent.state, AgentState::Unknown);
            // What is under way goes on: it may have arrived.
            let goes = turn(queue, &record.agent.held_back)
                .filter(|_| free)
                .map(|held| held.id.clone());
            let held = queue.iter().filter(|held| held.state.blocks());
            Some((held.map(|held| held.id.clone()).collect::<Vec<_>>(), goes))
        });
        let Some((held, goes)) = told else { return };
        for id in held {
            let input = if goes.as_ref() == Some(&id) {
                FollowUpInput::MayGo
            } else {
                FollowUpInput::MustWait
            };
            self.tell_follow_up(&id, input);
        }
    }

    /// Lets what was held back go.
    pub(crate) async fn queue_release(&self, agent: &AgentId) -> Result<(), Failure> {
        self.edit(|world| {
            if let Some(mut record) = world.agent(agent).cloned() {
                record.agent.held_back.clear();
                world.put_agent(record);
            }
        });
        self.queue_turn(agent);
        self.save_agent(agent).await
    }

    /// Takes the turn for a follow-up that is about to be sent, so that from here on nothing goes before it; false
    /// when it is another's.
    pub(crate) fn take_turn(&self, agent: &AgentId, id: &FollowUpId) -> bool {
        self.edit(|world| {
            let Some(mut record) = world.agent(agent).cloned() else {
                return false;
            };
            if turn(&record.agent.queue, &record.agent.held_back).is_none_or(|held| held.id != *id) {
                return false;
            }
            if let Some(held) = record.agent.queue.iter_mut().find(|held| held.id == *id) {
                held.state = FollowUpState::Sending;
            }
            world.put_agent(record);
            true
        })
    }

    /// Moves a follow-up that waits one place. The page sees it before it is on disk, and it is on disk before anything
    /// is sent by it: what is written next of the queue comes after it.
    pub(crate) async fn follow_up_move(&self, agent: &AgentId, id: &FollowUpId, earlier: bool) -> Result<(), Failure> {
        let (engine, of, moved) = (self.clone(), agent.clone(), id.clone());
        let done = self
            .disk(move |store| {
                let Some(other) = engine.follow_up_step(&of, &moved, earlier) else {
                    return Ok(false);
                };
                let swapped = swap(store, &moved, &other);
                if swapped != Ok(true) {
                    engine.follow_up_swap(&of, &moved, &other);
                }
                swapped
            })
            .await;
        self.queue_turn(agent);
        if done? { Ok(()) } else { Err(Failure::TooLate) }
    }

    /// Lets a follow-up and the one beside it change places, if they may; gives the other.
    fn follow_up_step(&self, agent: &AgentId, id: &FollowUpId, earlier: bool) -> Option<FollowUpId> {
        self.edit(|world| {
            let mut record = world.agent(agent)?.clone();
            let (from, to) = places(&record.agent.queue, id, earlier)?;
            let other = record.agent.queue[to].id.clone();
            record.agent.queue.swap(from, to);
            world.put_agent(record);
            Some(other)
        })
    }

    /// Lets two follow-ups change places again, where both are still there.
    fn follow_up_swap(&self, agent: &AgentId, one: &FollowUpId, other: &FollowUpId) {
        self.edit(|world| {
            let mut record = world.agent(agent)?.clone();
            let place = |id: &FollowUpId| record.agent.queue.iter().position(|held| held.id == *id);
            let (one, other) = (place(one)?, place(other)?);
            record.agent.queue.swap(one, other);
            world.put_agent(record);
            Some(())
        });
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
                (None | Some(FollowUpState::Confirmed { .. }), _) => {
                    queue.retain(|held| held.id != *id);
                    record.agent.held_back.retain(|held| held != id);
                }
                (Some(state), Some(held)) => {
                    held.state = state;
                    held.text.clone_from(&request.text);
                }
                (Some(state), None) => queue.push(FollowUp {
                    id: id.clone(),
                    text: request.text.clone(),
                    shots: request.shots.clone(),
                    plan_first: request.plan_first,
                    model: request.model.clone(),
                    state,
                }),
            }
            world.put_agent(record);
        });
    }
}

/// Whose turn it is: one that is under way, wherever it stands, or the first that waits and is not held back. That there is never more than
/// one under way is what makes a newer run its proof.
fn turn<'queue>(queue: &'queue [FollowUp], held_back: &[FollowUpId]) -> Option<&'queue FollowUp> {
    queue
        .iter()
        .find(|held| held.state.blocks() && !held.state.waits())
        .or_else(|| {
            let mut queue = queue.iter();
            queue.find(|held| held.state.waits() && !held_back.contains(&held.id))
        })
}

/// From which place a follow-up goes to which, one earlier or later; none where it or the other is being sent, or there
/// is no other.
fn places(queue: &[FollowUp], id: &FollowUpId, earlier: bool) -> Option<(usize, usize)> {
    let from = queue.iter().position(|held| held.id == *id)?;
    let to = if earlier { from.checked_sub(1)? } else { from + 1 };
    let free = |held: &FollowUp| held.state.waits() || !held.state.blocks();
    (queue[from].state.waits() && free(queue.get(to)?)).then_some((from, to))
}

/// Writes down that two follow-ups change places; false where one was last written down as being sent. A start would
/// look for it among newer runs, and take that of the other for its own.
fn swap(store: &Store, one: &FollowUpId, other: &FollowUpId) -> Result<bool, StoreError> {
    for id in [one, other] {
        let row = store.follow_up(&id.0)?.ok_or(StoreError::Missing)?;
        if !matches!(row.state.as_str(), "queued" | "rejected") {
            return Ok(false);
        }
    }
    store.swap_follow_ups(&one.0, &other.0).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::engine;

    #[tokio::test]
    async fn what_is_held_back_stays_so_though_the_queue_is_shown_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let agent = AgentId("bc-1".to_owned());
        let id = |id: &str| FollowUpId(id.to_owned());
        // As after a start: only the row of the agent says what is held back.
        engine.edit(|world| {
            let mut record = world.agent(&agent).unwrap().clone();
            record.agent.held_back = vec![id("b"), id("c")];
            world.put_agent(record);
        });
        let request = FollowUpRequest {
            text: "Make it blue".to_owned(),
            shots: Vec::new(),
            plan_first: false,
            model: None,
            older_api: false,
        };
        let refused = FollowUpState::Rejected {
            failure: Failure::Offline,
        };
        let course = [
            ("a", Some(refused), vec!["b", "c"], "nothing was sent"),
            (
                "b",
                Some(FollowUpState::Queued),
                vec!["b", "c"],
                "what waits is held back",
            ),
            ("b", None, vec!["c"], "it went"),
        ];
        for (shown, state, held, why) in course {
            engine.show_follow_up(&agent, &id(shown), &request, state);
            let held: Vec<_> = held.into_iter().map(id).collect();
            let kept = engine.read(|world| world.agent(&agent).unwrap().agent.held_back.clone());
            assert_eq!(kept, held, "{why}");
        }
    }

    #[test]
    fn what_is_held_back_lets_what_was_said_since_go_first() {
        let (queued, sending) = (FollowUpState::Queued, FollowUpState::Sending);
        let queue = vec![held("a", queued.clone()), held("b", queued.clone()), held("c", queued)];
        let goes = |queue: &[FollowUp], held_back: &[&str]| {
            let held_back: Vec<_> = held_back.iter().map(|id| FollowUpId((*id).to_owned())).collect();
            turn(queue, &held_back).map(|held| held.id.0.clone())
        };
        assert_eq!(goes(&queue, &[]).as_deref(), Some("a"));
        assert_eq!(goes(&queue, &["a", "b"]).as_deref(), Some("c"), "said after the stop");
        assert_eq!(goes(&queue, &["a", "b", "c"]), None, "nothing goes by itself");
        let under_way = [held("a", sending), queue[2].clone()];
        assert_eq!(goes(&under_way, &["a"]).as_deref(), Some("a"), "it may have arrived");
    }

    fn held(id: &str, state: FollowUpState) -> FollowUp {
        FollowUp {
            id: FollowUpId(id.to_owned()),
            text: id.to_owned(),
            shots: Vec::new(),
            plan_first: false,
            model: None,
            state,
        }
    }

    #[test]
    fn one_that_is_under_way_has_the_turn_and_keeps_its_place() {
        let refused = FollowUpState::Rejected {
            failure: Failure::Offline,
        };
        let waits = FollowUpState::Waiting {
            waiting: crate::model::Waiting::Network,
        };
        let queue = |states: &[&FollowUpState]| -> Vec<FollowUp> {
            let names = ["a", "b", "c"];
            let held = names.iter().zip(states).map(|(id, state)| held(id, (*state).clone()));
            held.collect()
        };
        let (queued, sending) = (&FollowUpState::Queued, &FollowUpState::Sending);
        let (unclear, asks) = (&FollowUpState::Uncertain, &FollowUpState::NeedsDecision);
        // What stands in the queue, whose turn it is, and what "b" may do: go earlier, go later.
        let table = [
            ([queued, &waits, queued], Some("a"), (Some((1, 0)), Some((1, 2)))),
            ([&refused, queued, &refused], Some("b"), (Some((1, 0)), Some((1, 2)))),
            ([sending, queued, queued], Some("a"), (None, Some((1, 2)))),
            ([unclear, queued, queued], Some("a"), (None, Some((1, 2)))),
            // As after a start between two commits: nothing goes before what may have arrived.
            ([queued, queued, asks], Some("c"), (Some((1, 0)), None)),
            ([queued, sending, queued], Some("b"), (None, None)),
            ([queued, &refused, queued], Some("a"), (None, None)),
            ([&refused, &refused, &refused], None, (None, None)),
        ];
        let b = FollowUpId("b".to_owned());
        for (states, goes, moves) in table {
            let queue = queue(&states);
            assert_eq!(turn(&queue, &[]).map(|held| held.text.as_str()), goes, "{states:?}");
            assert_eq!(
                (places(&queue, &b, true), places(&queue, &b, false)),
                moves,
                "{states:?}"
            );
        }
        let queue = queue(&[queued, queued, queued]);
        let [a, c] = ["a", "c"].map(|id| FollowUpId(id.to_owned()));
        assert_eq!(
            (places(&queue, &a, true), places(&queue, &c, false)),
            (None, None),
            "the ends are ends"
        );
    }
}
