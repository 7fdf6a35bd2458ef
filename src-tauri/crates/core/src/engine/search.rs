//! Finding in conversations by words: what is written down of each, and what a person asks for.

use std::sync::Arc;
use std::time::Duration;

use sendoff_store::DocumentRow;

use super::runs::HeldRun;
use super::{Engine, failures};
use crate::markdown;
use crate::model::{AccountId, AgentId, BlockId, Failure, Found, Hit, HitPlace, RunId, SnippetPiece};
use crate::transcript::{Document, ORDERS_PER_RUN, from_conversation};

/// Hits of one answer.
const HITS: usize = 50;
/// A search is over after so long, whatever it found.
const PATIENCE: Duration = Duration::from_millis(150);
/// Between two agents that were there before documents were.
const PAUSE: Duration = Duration::from_millis(50);

/// Documents as they are kept.
pub(super) fn rows(run: &RunId, documents: Vec<Document>) -> Vec<DocumentRow> {
    let row = |document: Document| DocumentRow {
        run: run.0.clone(),
        block: document.block.0,
        at_ms: document.at as i64,
        text: document.text,
    };
    documents.into_iter().map(row).collect()
}

/// The documents of a run that its record holds: what was asked, or the conversation of the older API.
pub(super) fn of_record(held: &HeldRun) -> Vec<DocumentRow> {
    let at = held.kept.run.as_ref().map_or(0, |run| run.created_at);
    let documents = if held.kept.conversation.is_empty() {
        held.prompt_block().iter().map(Document::of).collect()
    } else {
        let blocks = from_conversation(&held.kept.conversation, ORDERS_PER_RUN / 2, at);
        blocks.iter().map(Document::of).collect()
    };
    rows(&held.id, documents)
}

/// All documents of an agent's runs, as they were read from disk.
fn of_runs<'a>(runs: impl IntoIterator<Item = &'a mut HeldRun>) -> Vec<DocumentRow> {
    let mut documents = Vec::new();
    for held in runs {
        documents.extend(of_record(held));
        documents.extend(rows(&held.id, held.transcript.documents()));
    }
    // What has no words now has none to be found by.
    documents.retain(|document| !document.text.is_empty());
    documents
}

impl Engine {
    /// Finds words in what was asked of the active account's agents, what they said and did, and the names of their
    /// files. What is typed is never a language of searching. A newer question overtakes an older one.
    ///
    /// # Errors
    /// When there is no account, or the disk cannot be read.
    pub async fn search(&self, words: String) -> Result<Found, Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let store = Arc::clone(&self.0.store);
        // Not the thread of the disk: a search waits for no writing.
        let found = tokio::task::spawn_blocking(move || store.search(&account.0, &words, HITS, PATIENCE))
            .await
            .map_err(|_| Failure::DataTrouble)?
            .map_err(|error| failures::of_store(&error))?;
        let hits = self.read(|world| {
            let hit = |hit: sendoff_store::Hit| {
                let agent = AgentId(hit.agent);
                // One that is being deleted is not found any more.
                let title = world.agent(&agent)?.agent.title.clone();
                let piece = |piece: sendoff_store::Piece| SnippetPiece {
                    text: markdown::sanitize(&piece.text).into_owned(),
                    found: piece.found,
                };
                Some(Hit {
                    title,
                    agent,
                    run: Some(hit.run).filter(|run| !run.is_empty()).map(RunId),
                    place: if hit.is_file {
                        HitPlace::File { path: hit.place }
                    } else {
                        HitPlace::Block { id: BlockId(hit.place) }
                    },
                    at: u64::try_from(hit.at_ms).unwrap_or(0),
                    snippet: hit.snippet.into_iter().map(piece).collect(),
                })
            };
            found.hits.into_iter().filter_map(hit).collect()
        });
        Ok(Found { hits, cut: found.cut })
    }

    /// Writes down what can be found of an agent whose runs were just read, behind all that is being written, and before
    /// all that comes. What is there already is left.
    pub(super) fn document<'a>(
        &self,
        agent: &AgentId,
        account: &AccountId,
        runs: impl IntoIterator<Item = &'a mut HeldRun>,
    ) {
        let mut runs = runs.into_iter().peekable();
        if runs.peek().is_none() {
            return;
        }
        let documents = of_runs(runs);
        let (agent, account) = (agent.0.clone(), account.0.clone());
        self.0.disk.later(move |store| {
            if let Err(error) = store.put_documents(&account, &agent, &documents) {
                tracing::warn!(
                    ?error,
                    "a conversation is not found by its words until it is opened again"
                );
            }
        });
    }

    /// Writes down what can be found of agents that were there before anything could, one after the other. What is done
    /// is not done again after a restart.
    pub(super) async fn document_all(self) {
        if let Err(failure) = self.disk(sendoff_store::Store::forget_documents_of_nobody).await {
            tracing::warn!(?failure, "words of deleted agents are still on disk");
        }
        loop {
            let next = self.disk(sendoff_store::Store::undocumented).await;
            let Ok(Some((account, agent))) = next else { return };
            let (account, agent) = (AccountId(account), AgentId(agent));
            let mut runs = self.load_runs(&agent, &account).await.unwrap_or_else(|failure| {
                tracing::warn!(?failure, "a conversation is not found by its words until it is opened");
                Vec::new()
            });
            let documents = of_runs(&mut runs);
            let put = self
                .disk(move |store| store.put_documents(&account.0, &agent.0, &documents))
                .await;
            if put.is_err() {
                // The next start goes on.
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use sendoff_store::RunRow;

    use super::*;
    use crate::engine::accounts::encode;
    use crate::engine::runs::{KeptRun, Prompt};
    use crate::engine::tests::{account, engine};

    #[tokio::test]
    async fn a_conversation_of_before_is_found_once_it_was_read_and_not_when_its_agent_goes() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let (account, agent) = (account().id, AgentId("bc-1".to_owned()));
        let kept = KeptRun {
            prompt: Some(Prompt {
                text: "Move the zebrafish\u{202e} left".to_owned(),
                shots: Vec::new(),
                at: 7,
                model: None,
            }),
            ..KeptRun::default()
        };
        engine.save_agent(&agent).await.unwrap();
        let row = RunRow {
            account: account.0.clone(),
            agent: agent.0.clone(),
            id: "run-1".to_owned(),
            created_at_ms: 7,
            body: encode(&kept),
        };
        engine.0.store.put_runs(&[row]).unwrap();
        let search = || engine.search("zebra".to_owned());
        assert_eq!(search().await, Ok(Found::default()), "nothing of it was written yet");

        let mut runs = engine.load_runs(&agent, &account).await.unwrap();
        engine.document(&agent, &account, &mut runs);
        engine.disk(|_| Ok(())).await.unwrap();
        let piece = |text: &str, found: bool| SnippetPiece {
            text: text.to_owned(),
            found,
        };
        let hit = Hit {
            agent: agent.clone(),
            title: String::new(),
            run: Some(RunId("run-1".to_owned())),
            place: HitPlace::Block {
                id: BlockId("run-1:prompt".to_owned()),
            },
            at: 7,
            snippet: vec![
                piece("Move the ", false),
                piece("zebrafish", true),
                // What would turn the line around is seen.
                piece("\u{fffd} left", false),
            ],
        };
        let found = Found {
            hits: vec![hit],
            cut: false,
        };
        assert_eq!(search().await, Ok(found));

        engine.edit(|world| world.remove_agent(&agent));
        assert_eq!(search().await, Ok(Found::default()), "one that is being deleted");
    }
}
