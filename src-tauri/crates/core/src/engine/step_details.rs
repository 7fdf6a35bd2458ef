//! What a step did, for who looks closer: read from the events on disk when it is asked for, and from nothing else.

use std::sync::Arc;

use sendoff_store::StoreError;

use super::{Engine, failures, runs::kept_event};
use crate::model::{AgentId, CallDetail, Failure, RunId, StepCall};
use crate::transcript::{SeenEvent, call_detail, step_calls};

/// Events read from disk at a time.
const BATCH: u32 = 200;
/// Calls that are listed of one step.
const CALLS: u32 = 500;
/// The name of the event (API v1, stream events).
const TOOL_CALL: &str = "tool_call";

impl Engine {
    /// The calls that a step folds, the first of them by its identifier; at most 500. What came in the last two seconds
    /// may not be on disk yet.
    ///
    /// # Errors
    /// When there is no such agent, or the disk cannot be read.
    pub async fn step_calls(
        &self,
        agent: &AgentId,
        run: &RunId,
        first: &str,
        count: u32,
    ) -> Result<Vec<StepCall>, Failure> {
        let first = first.to_owned();
        let events = self.tool_calls(agent, run, None).await?;
        let found = move || step_calls(&events, &first, count.min(CALLS) as usize);
        tokio::task::spawn_blocking(found)
            .await
            .map_err(|_| Failure::DataTrouble)
    }

    /// One call in detail; none where it is not on disk, or not yet.
    ///
    /// # Errors
    /// When there is no such agent, or the disk cannot be read.
    pub async fn step_detail(&self, agent: &AgentId, run: &RunId, call: &str) -> Result<Option<CallDetail>, Failure> {
        let call = call.to_owned();
        let events = self.tool_calls(agent, run, Some(&call)).await?;
        tokio::task::spawn_blocking(move || call_detail(&events, &call))
            .await
            .map_err(|_| Failure::DataTrouble)
    }

    /// The tool calls of a run on disk; only those that may be of one call, where it is named.
    async fn tool_calls(&self, agent: &AgentId, run: &RunId, call: Option<&str>) -> Result<Vec<SeenEvent>, Failure> {
        self.read(|world| world.agent(agent).map(|_| ()))
            .ok_or(Failure::NotFound)?;
        let holding = call.map(as_kept);
        let (agent, run) = (agent.0.clone(), run.0.clone());
        let store = Arc::clone(&self.0.store);
        // Not behind the queue of the disk: it may be long, and what is read is never written again.
        let read = move || {
            let mut events = Vec::new();
            let mut from = 0;
            loop {
                let rows = store.events_of_kind(&agent, &run, TOOL_CALL, holding.as_deref(), from, BATCH)?;
                let read = rows.len();
                from = rows.last().map_or(from, |row| row.position + 1);
                events.extend(
                    rows.into_iter()
                        .filter_map(|row| kept_event(row, true))
                        .map(|kept| kept.first),
                );
                if read < BATCH as usize {
                    return Ok::<_, StoreError>(events);
                }
            }
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| Failure::DataTrouble)?
            .map_err(|error| failures::of_store(&error))
    }
}

/// An identifier as it stands in a row, where events are JSON within JSON. Only a sieve: services may write the same text
/// in other ways, so that what is not plain is not looked for.
fn as_kept(call: &str) -> String {
    let plain = call
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')))
        .max_by_key(|piece| piece.len());
    plain.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use sendoff_store::EventRow;
    use serde_json::json;

    use super::*;
    use crate::engine::tests::engine;
    use crate::model::StepState;

    #[test]
    fn the_sieve_lets_every_spelling_through() {
        let table = [("call-1", "call-1"), ("a/\"long-one\"\n", "long-one"), ("\u{e9}", "")];
        for (call, expected) in table {
            assert_eq!(as_kept(call), expected, "{call:?}");
        }
    }

    #[tokio::test]
    async fn a_call_is_read_from_disk_among_others() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let (agent, run) = (AgentId("bc-1".to_owned()), RunId("run-1".to_owned()));
        engine.save_agent(&agent).await.unwrap();
        let data = |id: &str, status: &str| {
            let call = json!({"callId": id, "name": "shell", "status": status, "args": {"command": id}});
            serde_json::to_string(&(call.to_string(), 7)).unwrap()
        };
        let bodies = (0..300)
            .map(|number| data(&format!("call-{number}"), "running"))
            .chain([
                "broken".to_owned(),
                data("call-7", "completed"),
                data("odd\"é", "error"),
            ]);
        let rows: Vec<EventRow> = (0..)
            .zip(bodies)
            .map(|(position, body)| EventRow {
                position,
                event_id: None,
                kind: TOOL_CALL.to_owned(),
                body,
            })
            .collect();
        engine.0.store.append_events("bc-1", "run-1", &rows).unwrap();

        let state = async |call: &str| {
            let detail = engine.step_detail(&agent, &run, call).await.unwrap();
            detail.map(|detail| detail.state)
        };
        assert_eq!(state("call-7").await, Some(StepState::Done), "and not call-70");
        assert_eq!(state("call-299").await, Some(StepState::Running));
        assert_eq!(state("odd\"é").await, Some(StepState::Failed), "however it is spelled");
        assert_eq!(state("call-300").await, None);
        let ids: Vec<String> = engine
            .step_calls(&agent, &run, "call-198", 4)
            .await
            .unwrap()
            .into_iter()
            .map(|call| call.id)
            .collect();
        assert_eq!(
            ids,
            ["call-198", "call-199", "call-200", "call-201"],
            "over more than one batch"
        );
        let other = AgentId("bc-2".to_owned());
        assert_eq!(
            engine.step_detail(&other, &run, "call-7").await,
            Err(Failure::NotFound),
            "an agent that is gone has nothing to show"
        );
    }
}
