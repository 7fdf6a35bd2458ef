//! Runs and transcripts on disk: what was asked, every event followed, and how it ended.

use std::collections::HashMap;

use sendoff_store::{EventRow, RunRow, Store, StoreError};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{Engine, accounts::encode, agent_task::refresh::OLDER_RUN, aside::put_aside, decode, search};
use crate::model::{AccountId, AgentId, Block, BlockId, BlockKind, Failure, Run, RunId, Shot, Time};
use crate::transcript::{ConversationMessage, KeptEvent, ORDERS_PER_RUN, RunRecord, RunTranscript, SeenEvent, kept};

/// Events read from disk at a time.
const BATCH: u32 = 2000;
/// Where a prompt lies whose run is not known yet.
const FIRST: &str = "first";

/// What was asked for in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prompt {
    /// The words.
    pub(crate) text: String,
    /// The pictures, when sent from here.
    pub(crate) shots: Vec<Shot>,
    /// When it was sent.
    pub(crate) at: Time,
    /// The model it named, empty for the default of the account; none where it named none.
    #[serde(default)]
    pub(crate) model: Option<String>,
}

/// A run as kept on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct KeptRun {
    /// What was asked, where known.
    pub(crate) prompt: Option<Prompt>,
    /// Its record as last seen.
    pub(crate) run: Option<Run>,
    /// The final words of its record, for when its events cannot be had.
    pub(crate) text: Option<String>,
    /// All that was said, as the older API tells it, for when its events cannot be had.
    pub(crate) told: Option<String>,
    /// Why it failed, where that is known.
    pub(crate) failure: Option<Failure>,
    /// The conversation as the older API told it last, for when it cannot be had.
    pub(crate) conversation: Vec<ConversationMessage>,
    /// Whether it is over and nothing more is to be fetched of it.
    pub(crate) settled: bool,
}

/// A run in memory, with its transcript.
pub(crate) struct HeldRun {
    pub(crate) id: RunId,
    pub(crate) kept: KeptRun,
    pub(crate) transcript: RunTranscript,
    /// How many rows of its events are on disk.
    pub(crate) stored: u32,
    /// Events seen and not yet on disk.
    pub(crate) unsaved: Vec<SeenEvent>,
    /// Whether the service numbered its events anew: those on disk go before another is written.
    pub(crate) renumbered: bool,
    /// Whether its record is to be written behind them.
    pub(crate) unrecorded: bool,
    order: u64,
}

impl HeldRun {
    /// A run at its place in the agent's transcript, counted from 0.
    pub(crate) fn new(id: RunId, place: u64, kept: KeptRun) -> Self {
        let order = place * ORDERS_PER_RUN;
        Self {
            transcript: RunTranscript::new(id.clone(), order),
            id,
            kept,
            stored: 0,
            unsaved: Vec::new(),
            renumbered: false,
            unrecorded: false,
            order,
        }
    }

    /// Takes the record that ends it. Where no event is here, all that the older API tells stands for the words: the
    /// record has only the last.
    pub(crate) fn end(&mut self, mut record: RunRecord) {
        if self.transcript.blocks().is_empty() {
            record.text = self.kept.told.clone().or(record.text);
        }
        self.transcript.apply_record(&record);
    }

    /// Ends it by what is kept of its record, where that is all that tells of its end.
    pub(crate) fn end_as_kept(&mut self, at: Time) {
        if let Some(run) = &self.kept.run {
            let record = RunRecord {
                state: run.state,
                text: self.kept.text.clone(),
                duration: run.duration,
                error: None,
                at,
            };
            self.end(record);
        }
    }

    /// The block of what was asked.
    pub(crate) fn prompt_block(&self) -> Option<Block> {
        let prompt = self.kept.prompt.as_ref()?;
        Some(Block {
            id: BlockId(format!("{}:prompt", self.id)),
            order: self.order,
            run: Some(self.id.clone()),
            at: prompt.at,
            kind: BlockKind::Prompt {
                text: prompt.text.clone(),
                shots: prompt.shots.clone(),
            },
        })
    }
}

/// What a row says of an event beside its identifier and name: its data, when it arrived, and the identifiers of those
/// that lie with it.
#[derive(Serialize, Deserialize)]
struct EventBody(String, Time, #[serde(default)] Vec<Option<String>>);

/// The same of a run that is over: it is not followed again, so that nobody asks which events were there before.
#[derive(Deserialize)]
struct PastEventBody(String, Time, #[serde(default)] IgnoredAny);

/// An event that was kept, of a run that is over without the identifiers of those that lie with it; none where the row
/// cannot be read.
pub(crate) fn kept_event(row: EventRow, over: bool) -> Option<KeptEvent> {
    let (data, at, others) = if over {
        let PastEventBody(data, at, _) = decode(&row.body, "an event")?;
        (data, at, Vec::new())
    } else {
        let EventBody(data, at, others) = decode(&row.body, "an event")?;
        (data, at, others)
    };
    let first = SeenEvent {
        id: row.event_id,
        kind: row.kind,
        data,
        at,
    };
    Some(KeptEvent { first, others })
}

fn event_row(position: u32, KeptEvent { first, others }: KeptEvent) -> EventRow {
    EventRow {
        position,
        event_id: first.id,
        kind: first.kind,
        body: encode(&EventBody(first.data, first.at, others)),
    }
}

/// Whether a row holds a prompt whose run is not known, and no run.
fn is_prompt_alone(id: &str) -> bool {
    id.strip_prefix(FIRST)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// What a row says of its run. One that cannot be read is put aside, for it is written anew.
fn kept_run(store: &Store, row: &RunRow) -> Result<KeptRun, StoreError> {
    match decode(&row.body, "a run") {
        Some(kept) => Ok(kept),
        None => put_aside(store, &row.account, &row.agent, &row.id, &row.body).map(|_| KeptRun::default()),
    }
}

impl Engine {
    /// Keeps what was asked, so that the transcript shows it with its pictures.
    pub(crate) async fn save_prompt(
        &self,
        agent: &AgentId,
        account: &AccountId,
        run: Option<&RunId>,
        prompt: Prompt,
    ) -> Result<(), Failure> {
        let at = prompt.at;
        let prompt = Prompt {
            shots: prompt.shots.iter().map(Shot::as_sent).collect(),
            ..prompt
        };
        let (account, agent) = (account.0.clone(), agent.0.clone());
        let run = run.map(|run| run.0.clone());
        self.disk(move |store| {
            let rows = store.runs(&account, &agent)?;
            // The older API names no runs: what comes after the first is told apart by its time.
            let id = run.unwrap_or_else(|| {
                let taken = rows.iter().any(|row| row.id == FIRST);
                if taken {
                    format!("{FIRST}-{at}")
                } else {
                    FIRST.to_owned()
                }
            });
            let held = rows.into_iter().find(|row| row.id == id);
            // One that is told late began when it did.
            let created_at_ms = held.as_ref().map_or(at as i64, |row| row.created_at_ms);
            let mut kept = held.map_or(Ok(KeptRun::default()), |row| kept_run(store, &row))?;
            kept.prompt = Some(prompt);
            let held = HeldRun::new(RunId(id), 0, kept);
            let documents = search::of_record(&held);
            let row = RunRow {
                account,
                agent,
                id: held.id.0,
                created_at_ms,
                body: encode(&held.kept),
            };
            store.put_run(&row, &documents)
        })
        .await
    }

    /// The prompt kept for a launch whose run was not known.
    pub(crate) async fn load_first_prompt(
        &self,
        agent: &AgentId,
        account: &AccountId,
    ) -> Result<Option<Prompt>, Failure> {
        let (account, agent) = (account.0.clone(), agent.0.clone());
        let rows = self.disk(move |store| store.runs(&account, &agent)).await?;
        let first = rows.into_iter().find(|row| row.id == FIRST);
        Ok(first
            .and_then(|row| serde_json::from_str::<KeptRun>(&row.body).ok())
            .and_then(|kept| kept.prompt))
    }

    /// All prompts kept for an agent whose runs are not known, oldest first.
    pub(crate) async fn load_prompts(&self, agent: &AgentId, account: &AccountId) -> Result<Vec<Prompt>, Failure> {
        let (account, agent) = (account.0.clone(), agent.0.clone());
        let rows = self.disk(move |store| store.runs(&account, &agent)).await?;
        let kept = rows.iter().filter(|row| is_prompt_alone(&row.id));
        let mut prompts: Vec<Prompt> = kept
            .filter_map(|row| serde_json::from_str::<KeptRun>(&row.body).ok()?.prompt)
            .collect();
        prompts.sort_by_key(|prompt| prompt.at);
        Ok(prompts)
    }

    /// The prompt kept for a run.
    pub(crate) async fn load_prompt(
        &self,
        agent: &AgentId,
        account: &AccountId,
        run: &RunId,
    ) -> Result<Option<Prompt>, Failure> {
        let (account, agent, run) = (account.0.clone(), agent.0.clone(), run.0.clone());
        let rows = self.disk(move |store| store.runs(&account, &agent)).await?;
        let kept = rows
            .into_iter()
            .find(|row| row.id == run)
            .and_then(|row| serde_json::from_str::<KeptRun>(&row.body).ok());
        Ok(kept.and_then(|kept| kept.prompt))
    }

    /// The models that the prompts of an agent's runs named, where they named one.
    pub(crate) async fn models_named(
        &self,
        agent: &AgentId,
        account: &AccountId,
    ) -> Result<HashMap<String, String>, Failure> {
        let (account, agent) = (account.0.clone(), agent.0.clone());
        let rows = self.disk(move |store| store.runs(&account, &agent)).await?;
        let named = rows.into_iter().filter_map(|row| {
            let model = serde_json::from_str::<KeptRun>(&row.body).ok()?.prompt?.model?;
            Some((row.id, model))
        });
        Ok(named.collect())
    }

    /// Saves a run's record. A prompt that is on disk stays: it was kept when it was sent, with its pictures, and
    /// whoever follows the run may have read only its words from the service before the launch was found again.
    pub(crate) async fn save_run(&self, agent: &AgentId, account: &AccountId, held: &HeldRun) -> Result<(), Failure> {
        let (account, agent, id) = (account.0.clone(), agent.0.clone(), held.id.0.clone());
        let kept = held.kept.clone();
        self.disk(move |store| {
            let known = store.runs(&account, &agent)?.into_iter().find(|row| row.id == id);
            let known = known.map_or(Ok(KeptRun::default()), |row| kept_run(store, &row))?;
            let prompt = known.prompt.or(kept.prompt);
            let held = HeldRun::new(RunId(id), 0, KeptRun { prompt, ..kept });
            let documents = search::of_record(&held);
            let row = RunRow {
                account,
                agent,
                id: held.id.0,
                created_at_ms: held.kept.run.as_ref().map_or(0, |run| run.created_at) as i64,
                body: encode(&held.kept),
            };
            store.put_run(&row, &documents)
        })
        .await
    }

    /// Reads an agent's runs from disk, oldest first, with their transcripts built.
    pub(crate) async fn load_runs(&self, agent: &AgentId, account: &AccountId) -> Result<Vec<HeldRun>, Failure> {
        let (account, agent) = (account.0.clone(), agent.0.clone());
        let now = self.now();
        let mut kept: Vec<(String, KeptRun)> = self
            .disk(move |store| {
                let rows = store.runs(&account, &agent)?.into_iter();
                rows.map(|row| Ok((row.id.clone(), kept_run(store, &row)?))).collect()
            })
            .await?;
        // The prompt of a launch whose run was not known belongs to the oldest run that has none.
        let first = kept
            .iter()
            .position(|(id, _)| id == FIRST)
            .map(|place| kept.remove(place).1);
        kept.retain(|(id, _)| !is_prompt_alone(id));
        if let (Some(first), Some((_, oldest))) = (first, kept.first_mut())
            && oldest.prompt.is_none()
        {
            oldest.prompt = first.prompt;
        }
        let mut runs = Vec::new();
        for (place, (id, kept)) in kept.into_iter().enumerate() {
            let mut held = HeldRun::new(RunId(id), place as u64, kept);
            self.load_events(&mut held).await?;
            if held.kept.settled && held.id.as_str() != OLDER_RUN && held.transcript.outcome().is_none() {
                held.end_as_kept(now);
            }
            runs.push(held);
        }
        Ok(runs)
    }

    async fn load_events(&self, held: &mut HeldRun) -> Result<(), Failure> {
        loop {
            let (run, from) = (held.id.0.clone(), held.stored);
            let batch = self.disk(move |store| store.events(&run, from, BATCH)).await?;
            let read = batch.len() as u32;
            for row in batch {
                if let Some(event) = kept_event(row, held.kept.settled) {
                    held.transcript.restore(&event);
                }
            }
            held.stored += read;
            if read < BATCH {
                return Ok(());
            }
        }
    }

    /// Appends the events that are not on disk yet, with what is found by their words. Those that cannot be written stay with the run: a later one on disk
    /// would hide that they are missing. What is on disk with other numbers goes first, or it would be read with them.
    pub(crate) async fn store_events(&self, agent: &AgentId, held: &mut HeldRun) -> Result<(), Failure> {
        let documents = search::rows(&held.id, held.transcript.documents());
        if held.unsaved.is_empty() && !held.renumbered && documents.is_empty() {
            return Ok(());
        }
        let (agent, run, renumbered) = (agent.0.clone(), held.id.0.clone(), held.renumbered);
        let from = if renumbered { 0 } else { held.stored };
        let rows: Vec<EventRow> = (from..)
            .zip(kept(&held.unsaved))
            .map(|(position, event)| event_row(position, event))
            .collect();
        let stored = from + rows.len() as u32;
        let saved = self
            .disk(move |store| store.put_events(&agent, &run, renumbered, &rows, &documents))
            .await;
        if let Err(failure) = saved {
            held.transcript.documents_lost();
            return Err(failure);
        }
        held.stored = stored;
        held.renumbered = false;
        held.unsaved.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::{account, engine};

    #[tokio::test]
    async fn events_that_were_numbered_anew_replace_those_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let (account, agent) = (account().id, AgentId("bc-1".to_owned()));
        let seen = |id: &str| SeenEvent {
            id: Some(id.to_owned()),
            kind: "assistant".to_owned(),
            data: "{}".to_owned(),
            at: 1,
        };
        let mut held = HeldRun::new(RunId("run-1".to_owned()), 0, KeptRun::default());
        held.unsaved = vec![seen("old-1"), seen("old-2")];
        engine.save_agent(&agent).await.unwrap();
        engine.save_run(&agent, &account, &held).await.unwrap();
        engine.store_events(&agent, &mut held).await.unwrap();

        held.renumbered = true;
        held.unsaved = vec![seen("new-1")];
        engine.store_events(&agent, &mut held).await.unwrap();
        held.unsaved = vec![seen("new-2")];
        engine.store_events(&agent, &mut held).await.unwrap();
        let kept: Vec<_> = engine.0.store.events("run-1", 0, 10).unwrap();
        let kept: Vec<_> = kept.into_iter().map(|row| (row.position, row.event_id)).collect();
        assert_eq!(
            kept,
            [(0, Some("new-1".to_owned())), (1, Some("new-2".to_owned()))],
            "a start reads each once"
        );
    }
}
