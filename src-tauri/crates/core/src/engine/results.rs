//! What agents leave: artifacts, tokens and money; and the models to choose from.

use std::path::PathBuf;

use cursor_cloud_agents::{AgentId as WireAgent, Client, DownloadError};
use sendoff_store::{ArtifactRow, BlobHash};

use super::{
    Engine, accounts::encode, failures, list::milliseconds, lock, pictures::shot_of, shown, unasked::fetched_unasked,
};
use crate::model::{AgentId, Artifact, Failure, Model, ModelParameter, ModelVariant, Run, RunId, Shot, Time};

/// The largest artifact that is kept and can be shown in the page, in bytes.
pub(super) const ARTIFACT: u64 = 50_000_000;
/// How long a list of models is good for.
const MODELS: u64 = 300_000;

/// An artifact on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedArtifact {
    /// Where its bytes lie.
    pub file: PathBuf,
    /// Its own name, without folders and harmless.
    pub name: String,
}

/// Who wants an artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Somebody asked for it and waits.
    Asked,
    /// Nobody did.
    Unasked,
}

impl Engine {
    /// Fetches the list of an agent's artifacts; its pictures come behind. What is new was left by `run`, or else by the
    /// run of its time.
    pub(crate) async fn fetch_artifacts(&self, id: &AgentId, run: Option<&RunId>) -> Result<(), Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford(&account).await;
        let listed = client
            .list_artifacts(&wire)
            .await
            .map_err(|error| failures::of_service(&error))?;
        let known = self.known_artifacts(id).await?;
        let runs = self.read(|world| {
            world
                .agent(id)
                .map_or_else(Vec::new, |record| record.agent.runs.clone())
        });
        let mut rows = Vec::new();
        for found in listed {
            let updated_at = found
                .updated_at
                .as_ref()
                .map_or_else(String::new, |time| time.as_str().to_owned());
            let held = known
                .iter()
                .find(|row| row.path == found.path && row.updated_at == updated_at);
            if held.is_some_and(|row| row.hash.is_some()) {
                continue;
            }
            let run = match held {
                Some(row) => Some(row.run.clone()).filter(|run| !run.is_empty()).map(RunId),
                None => run
                    .cloned()
                    .or_else(|| run_at(&runs, milliseconds(found.updated_at.as_ref()))),
            };
            let artifact = Artifact {
                path: found.path.clone(),
                bytes: found.size_bytes,
                picture: None,
                here: false,
                coming: false,
                run: run.clone(),
            };
            rows.push(ArtifactRow {
                account: account.0.clone(),
                agent: id.0.clone(),
                run: run.map(|run| run.0).unwrap_or_default(),
                path: found.path,
                updated_at,
                hash: None,
                body: encode(&artifact),
            });
        }
        let all = rows.clone();
        self.disk(move |store| store.put_artifacts(&all)).await?;
        self.fetch_unasked(id, fetched_unasked(rows));
        self.show_artifacts(id, &[]).await
    }

    /// Fetches an artifact's bytes and notes them in its row; gives the blob that holds them.
    pub(super) async fn keep_artifact(
        &self,
        id: &AgentId,
        row: ArtifactRow,
        wanted: Wanted,
    ) -> Result<String, Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        let artifact = artifact_of(&row).ok_or(Failure::DataDamaged)?;
        if artifact.bytes > ARTIFACT {
            return Err(Failure::ArtifactTooLarge { limit: ARTIFACT });
        }
        match wanted {
            Wanted::Asked => self.afford(&account).await,
            Wanted::Unasked => self.afford_behind(&account).await,
        }
        let bytes = fetch_artifact(&client, &wire, &row.path).await?;
        let _kept = self.0.taking.read().await;
        let (hash, picture) = self.store_artifact(bytes).await?;
        let artifact = Artifact {
            picture,
            here: true,
            ..artifact
        };
        let row = ArtifactRow {
            hash: Some(hash.clone()),
            body: encode(&artifact),
            ..row
        };
        self.disk(move |store| store.put_artifacts(&[row])).await?;
        Ok(hash)
    }

    /// Puts the artifacts known on disk before the page; those of `coming` are being fetched, and so are those that are
    /// fetched unasked and wait for their turn.
    pub(crate) async fn show_artifacts(&self, id: &AgentId, coming: &[ArtifactRow]) -> Result<(), Failure> {
        let rows = self.known_artifacts(id).await?;
        let waiting = self.waiting_unasked(id);
        let artifacts: Vec<Artifact> = rows
            .iter()
            .filter_map(|row| {
                let is_coming = row.hash.is_none() && coming.iter().chain(&waiting).any(|next| is_same_file(next, row));
                Some(Artifact {
                    coming: is_coming,
                    ..artifact_of(row)?
                })
            })
            .collect();
        self.edit(|world| {
            if let Some(mut record) = world.agent(id).cloned() {
                record.agent.artifacts = artifacts;
                world.put_agent(record);
            }
        });
        Ok(())
    }

    async fn known_artifacts(&self, id: &AgentId) -> Result<Vec<ArtifactRow>, Failure> {
        let account = self.read(|world| world.agent(id).map(|record| record.agent.account.0.clone()));
        let (account, agent) = (account.ok_or(Failure::NotFound)?, id.0.clone());
        self.disk(move |store| store.artifacts(&account, &agent)).await
    }

    /// Puts an artifact into a blob; a picture is looked at by its bytes, never by its name.
    async fn store_artifact(&self, bytes: Vec<u8>) -> Result<(String, Option<Shot>), Failure> {
        let looked = {
            let bytes = bytes.clone();
            tokio::task::spawn_blocking(move || sendoff_shots::take_in(&bytes)).await
        };
        let stored = self.disk(move |store| store.put_blob(&bytes)).await?;
        let shot = match looked {
            Ok(Ok(picture)) => {
                let shot = shot_of(&picture);
                self.disk(move |store| store.put_blob(&picture.bytes)).await?;
                Some(shot)
            }
            // Not a picture, whatever its name says: it stays a file.
            _ => None,
        };
        Ok((stored.as_str().to_owned(), shot))
    }

    /// An artifact on this computer, fetched now if it is not here yet.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact(&self, id: &AgentId, run: Option<&RunId>, path: &str) -> Result<SavedArtifact, Failure> {
        let row = self.artifact_row(id, run, path).await?;
        let hash = match &row.hash {
            Some(hash) => hash.clone(),
            None => {
                let hash = self.keep_artifact(id, row, Wanted::Asked).await?;
                self.show_artifacts(id, &[]).await?;
                hash
            }
        };
        let hash: BlobHash = hash.parse().map_err(|_| Failure::DataDamaged)?;
        Ok(SavedArtifact {
            file: self.0.store.blob_path(&hash),
            name: file_name(path),
        })
    }

    /// What is known of an artifact.
    pub(super) async fn artifact_row(
        &self,
        id: &AgentId,
        run: Option<&RunId>,
        path: &str,
    ) -> Result<ArtifactRow, Failure> {
        let run = run.map_or("", RunId::as_str);
        let rows = self.known_artifacts(id).await?;
        rows.into_iter()
            .find(|row| row.path == path && row.run == run)
            .ok_or(Failure::NotFound)
    }

    /// Account, client and wire identifier of an agent.
    pub(crate) fn agent_client(&self, id: &AgentId) -> Result<(crate::model::AccountId, Client, WireAgent), Failure> {
        let account = self.read(|world| world.agent(id).map(|record| record.agent.account.clone()));
        let account = account.ok_or(Failure::NotFound)?;
        let client = self.needed_client(&account)?;
        let wire = WireAgent::parse(id.as_str()).map_err(|_| Failure::NotFound)?;
        Ok((account, client, wire))
    }

    /// The models of the active account, kept for five minutes, or until one of them was refused.
    ///
    /// # Errors
    /// Why they cannot be had; the account's default can be chosen all the same.
    pub async fn models(&self) -> Result<Vec<Model>, Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let now = self.now();
        if let Some((at, models)) = lock(&self.0.models).get(&account)
            && now.abs_diff(*at) < MODELS
        {
            return Ok(models.clone());
        }
        let client = self.needed_client(&account)?;
        let older_api = self.read(|world| world.account(&account).is_some_and(|held| held.older_api));
        self.afford(&account).await;
        let models = if older_api {
            let names = client
                .v0()
                .models()
                .await
                .map_err(|error| failures::of_service(&error))?;
            names.into_iter().map(|name| plain_model(&name)).collect()
        } else {
            let found = client.models().await.map_err(|error| failures::of_service(&error))?;
            found.iter().map(model).collect::<Vec<_>>()
        };
        lock(&self.0.models).insert(account, (now, models.clone()));
        Ok(models)
    }
}

fn plain_model(name: &str) -> Model {
    let name = shown(name, 100);
    let variant = ModelVariant {
        name: name.clone(),
        parameters: Vec::new(),
        default: true,
    };
    Model {
        id: name.clone(),
        name,
        description: None,
        variants: vec![variant],
    }
}

fn model(found: &cursor_cloud_agents::Model) -> Model {
    let mut variants: Vec<ModelVariant> = found
        .variants
        .iter()
        .map(|variant| ModelVariant {
            name: shown(&variant.display_name, 100),
            parameters: variant
                .settings
                .iter()
                .map(|setting| ModelParameter {
                    id: setting.id.clone(),
                    value: setting.value.clone(),
                })
                .collect(),
            default: variant.is_default,
        })
        .collect();
    if variants.is_empty() {
        variants.push(ModelVariant {
            name: shown(&found.display_name, 100),
            parameters: Vec::new(),
            default: true,
        });
    }
    Model {
        id: found.id.clone(),
        name: shown(&found.display_name, 100),
        description: found.description.as_deref().map(|text| shown(text, 300)),
        variants,
    }
}

/// Fetches one artifact's bytes.
async fn fetch_artifact(client: &Client, wire: &WireAgent, path: &str) -> Result<Vec<u8>, Failure> {
    let link = client
        .artifact_link(wire, path)
        .await
        .map_err(|error| failures::of_service(&error))?;
    let mut bytes = Vec::new();
    client
        .download_artifact(&link, ARTIFACT, &mut bytes)
        .await
        .map_err(|error| download_failure(&error))?;
    Ok(bytes)
}

/// What the page sees of an artifact on disk.
pub(super) fn artifact_of(row: &ArtifactRow) -> Option<Artifact> {
    serde_json::from_str(&row.body).ok()
}

/// What the user is told of a download that failed.
pub(super) fn download_failure(error: &DownloadError) -> Failure {
    tracing::warn!(?error, "an artifact's bytes did not come");
    match error {
        DownloadError::TooLarge { limit } => Failure::ArtifactTooLarge { limit: *limit },
        DownloadError::Connect(_) | DownloadError::TimedOut | DownloadError::Interrupted(_) => Failure::Offline,
        _ => Failure::AnswerNotUnderstood,
    }
}

/// Whether both rows are of one file of one run.
pub(super) fn is_same_file(one: &ArtifactRow, other: &ArtifactRow) -> bool {
    one.path == other.path && one.run == other.run
}

/// The run that was under way at a time: the last one made by then, or the first.
fn run_at(runs: &[Run], at: Time) -> Option<RunId> {
    let made = runs.iter().rev().find(|run| run.created_at <= at);
    made.or(runs.first()).map(|run| run.id.clone())
}

/// So many bytes a name may have: file systems allow 255, and endings come behind it.
const NAME: usize = 200;

/// A name cut to so many bytes, its ending kept.
fn within(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    };
    let end = stem.floor_char_boundary(most - ending.len());
    format!("{}{ending}", stem.get(..end).unwrap_or_default())
}

/// The last part of a path without anything that could lead elsewhere, with room for more endings.
pub(super) fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = shown(name, usize::MAX)
        .chars()
        .filter(|c| !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .collect();
    let name = within(name.trim_start_matches('.').trim(), NAME);
    match name.trim_end() {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunState;

    #[test]
    fn a_file_of_unknown_run_belongs_to_the_run_of_its_time() {
        let run = |id: &str, created_at| Run {
            id: id.into(),
            state: RunState::Finished,
            created_at,
            duration: None,
        };
        let runs = [run("one", 10), run("two", 20)];
        let found: Vec<_> = [5, 10, 19, 20, 99]
            .map(|at| run_at(&runs, at))
            .into_iter()
            .flatten()
            .collect();
        let expected: Vec<RunId> = ["one", "one", "one", "two", "two"].map(RunId::from).into();
        assert_eq!(found, expected, "the last run made by then, or the first");
        assert_eq!(run_at(&[], 5), None, "no run, no place");
    }

    #[test]
    fn a_saved_file_has_a_harmless_name() {
        let cases = [
            ("artifacts/after.png", "after.png"),
            ("artifacts/../../.bashrc", "bashrc"),
            ("a\\b\\c:d?.txt", "cd.txt"),
            ("artifacts/", "file"),
        ];
        for (path, expected) in cases {
            assert_eq!(
                file_name(path),
                expected,
                "{path} must not lead out of the chosen folder"
            );
        }
    }

    #[test]
    fn a_name_has_room_for_its_endings_in_every_script() {
        let cases = [
            ("图".repeat(300), "图".repeat(66)),
            (
                format!("{}.html", "图".repeat(300)),
                format!("{}.html", "图".repeat(65)),
            ),
            (format!("{}.md", "🦀".repeat(90)), format!("{}.md", "🦀".repeat(49))),
            (format!("{} {}", "a".repeat(199), "b".repeat(9)), "a".repeat(199)),
            (
                format!("1.{}", "long words behind a dot ".repeat(20)),
                format!("1.{}", "long words behind a dot ".repeat(20))[..200]
                    .trim_end()
                    .to_owned(),
            ),
            ("out/after.png".to_owned(), "after.png".to_owned()),
        ];
        for (path, expected) in cases {
            let name = file_name(&path);
            assert!(format!("{name}.html.99.part").len() < 255, "{path}");
            assert_eq!(name, expected, "{path}");
        }
    }
}
