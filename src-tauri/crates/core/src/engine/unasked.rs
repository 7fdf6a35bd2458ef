//! What is fetched of what agents left though nobody asked: pictures, behind everything that somebody waits for.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use sendoff_store::ArtifactRow;

use super::results::{Wanted, artifact_of, is_same_file};
use super::{Engine, lock};
use crate::model::{AgentId, Failure, RunId};

/// Pictures up to this size are fetched at once: their links die in 15 minutes.
const AT_ONCE: u64 = 20_000_000;
/// So many bytes of them are fetched unasked for one end; the others when somebody wants to see them.
const UNASKED: u64 = 100_000_000;

impl Engine {
    /// Fetches these one after the other in a task of its own: the agent's task hears what is asked of it meanwhile. What
    /// waits in the queue goes behind them.
    pub(super) fn fetch_unasked(&self, id: &AgentId, rows: Vec<ArtifactRow>) {
        if rows.is_empty() {
            return;
        }
        match lock(&self.0.unasked).entry(id.clone()) {
            Entry::Occupied(mut waiting) => {
                return add(waiting.get_mut(), rows);
            }
            Entry::Vacant(none) => drop(none.insert(rows.into())),
        }
        let (engine, id) = (self.clone(), id.clone());
        self.spawn(async move {
            while let Some(row) = engine.next_unasked(&id) {
                if let Err(failure) = engine.bring_unasked(&id, row).await {
                    tracing::warn!(?failure, "an artifact could not be fetched");
                }
            }
            if let Err(failure) = engine.show_artifacts(&id, &[]).await {
                tracing::warn!(?failure, "artifacts on disk could not be read");
            }
            engine.queue_turn(&id);
        });
    }

    /// Whether something of an agent is being fetched or waits for that.
    pub(super) fn fetches_unasked(&self, id: &AgentId) -> bool {
        lock(&self.0.unasked).contains_key(id)
    }

    /// Those that wait for their turn.
    pub(super) fn waiting_unasked(&self, id: &AgentId) -> Vec<ArtifactRow> {
        let waiting = lock(&self.0.unasked);
        waiting
            .get(id)
            .map_or_else(Vec::new, |rows| rows.iter().cloned().collect())
    }

    /// The next one; with the last gone, the next end begins anew.
    fn next_unasked(&self, id: &AgentId) -> Option<ArtifactRow> {
        let mut waiting = lock(&self.0.unasked);
        let next = waiting.get_mut(id).and_then(VecDeque::pop_front);
        if next.is_none() {
            waiting.remove(id);
        }
        next
    }

    async fn bring_unasked(&self, id: &AgentId, row: ArtifactRow) -> Result<(), Failure> {
        // Somebody may have asked for it meanwhile, and the agent may be gone.
        let row = self.artifact_row(id, Some(&RunId(row.run)), &row.path).await?;
        if row.hash.is_none() {
            self.show_artifacts(id, std::slice::from_ref(&row)).await?;
            let awaited = self.read(|world| world.agent(id).is_some_and(|record| !record.agent.queue.is_empty()));
            let wanted = if awaited { Wanted::Asked } else { Wanted::Unasked };
            self.keep_artifact(id, row, wanted).await?;
        }
        Ok(())
    }
}

fn add(waiting: &mut VecDeque<ArtifactRow>, rows: Vec<ArtifactRow>) {
    for row in rows {
        if !waiting.iter().any(|known| is_same_file(known, &row)) {
            waiting.push_back(row);
        }
    }
}

/// Those that are fetched by themselves, in their order: pictures that are not large, until they are much together.
pub(super) fn fetched_unasked(rows: Vec<ArtifactRow>) -> Vec<ArtifactRow> {
    let mut left = UNASKED;
    let mut fits = |row: &ArtifactRow| {
        let bytes = artifact_of(row)
            .filter(|found| is_picture_name(&found.path) && found.bytes <= AT_ONCE)?
            .bytes;
        left = left.checked_sub(bytes)?;
        Some(())
    };
    rows.into_iter().filter(|row| fits(row).is_some()).collect()
}

fn is_picture_name(path: &str) -> bool {
    let extension = std::path::Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["png", "jpg", "jpeg", "webp", "gif", "bmp"].contains(&extension.to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::accounts::encode;
    use crate::model::Artifact;

    fn row(path: &str, bytes: u64) -> ArtifactRow {
        ArtifactRow {
            account: String::new(),
            agent: String::new(),
            run: String::new(),
            path: path.to_owned(),
            updated_at: String::new(),
            hash: None,
            body: encode(&Artifact {
                path: path.to_owned(),
                bytes,
                picture: None,
                here: false,
                coming: false,
                run: None,
            }),
        }
    }

    fn paths(rows: impl IntoIterator<Item = ArtifactRow>) -> Vec<String> {
        rows.into_iter().map(|row| row.path).collect()
    }

    #[test]
    fn so_much_is_fetched_unasked_and_no_more() {
        let rows = vec![
            row("log.txt", 1),
            row("large.png", AT_ONCE + 1),
            row("one.png", AT_ONCE),
            row("two.png", AT_ONCE),
            row("three.png", AT_ONCE),
            row("four.png", AT_ONCE),
            row("five.png", AT_ONCE - 1),
            row("six.png", AT_ONCE),
            row("small.png", 1),
            row("last.png", 1),
        ];
        let fetched = paths(fetched_unasked(rows));
        assert_eq!(
            fetched,
            ["one.png", "two.png", "three.png", "four.png", "five.png", "small.png"],
            "pictures of 100 MB in all, and what fits beside them"
        );
    }

    #[test]
    fn what_waits_already_is_not_fetched_twice() {
        let mut waiting = VecDeque::from([row("one.png", 1)]);
        let of_another_run = ArtifactRow {
            run: "run-2".to_owned(),
            ..row("one.png", 1)
        };
        add(&mut waiting, vec![row("one.png", 1), row("two.png", 1), of_another_run]);
        assert_eq!(paths(waiting), ["one.png", "two.png", "one.png"]);
    }
}
