//! What agents leave: artifacts, tokens and money; and the models to choose from.

use std::path::PathBuf;

use cursor_cloud_agents::{AgentId as WireAgent, Client};
use sendoff_store::{ArtifactRow, BlobHash};

use super::{Engine, accounts::encode, failures, lock, pictures::shot_of, shown};
use crate::model::{AgentId, Artifact, Failure, Model, ModelParameter, ModelVariant, Usage};

/// The largest artifact that is fetched, in bytes.
const ARTIFACT: u64 = 50_000_000;
/// Pictures up to this size are fetched at once: their links die in 15 minutes.
const AT_ONCE: u64 = 20_000_000;
/// How long a list of models is good for.
const MODELS: u64 = 3_600_000;

/// An artifact on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedArtifact {
    /// Where its bytes lie.
    pub file: PathBuf,
    /// Its own name, without folders and harmless.
    pub name: String,
}

impl Engine {
    /// Fetches the list of an agent's artifacts, and its pictures.
    pub(crate) async fn fetch_artifacts(&self, id: &AgentId) -> Result<(), Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford(&account).await;
        let listed = client
            .list_artifacts(&wire)
            .await
            .map_err(|error| failures::of_service(&error))?;
        let known = self.known_artifacts(id).await?;
        for found in listed {
            let updated_at = found
                .updated_at
                .as_ref()
                .map_or_else(String::new, |time| time.as_str().to_owned());
            if known
                .iter()
                .any(|row| row.path == found.path && row.updated_at == updated_at && row.hash.is_some())
            {
                continue;
            }
            let mut artifact = Artifact {
                path: found.path.clone(),
                bytes: found.size_bytes,
                picture: None,
                here: false,
            };
            let mut hash = None;
            if is_picture_name(&found.path) && artifact.bytes <= AT_ONCE {
                match self.fetch_artifact(&client, &wire, &account, &found.path).await {
                    Ok((stored, picture)) => {
                        artifact.picture = picture;
                        artifact.here = true;
                        hash = Some(stored);
                    }
                    Err(failure) => tracing::warn!(?failure, "an artifact could not be fetched"),
                }
            }
            let row = ArtifactRow {
                account: account.0.clone(),
                agent: id.0.clone(),
                path: found.path,
                updated_at,
                hash,
                body: encode(&artifact),
            };
            self.disk(move |store| store.put_artifacts(&[row])).await?;
        }
        self.show_artifacts(id).await
    }

    /// Puts the artifacts known on disk before the page.
    pub(crate) async fn show_artifacts(&self, id: &AgentId) -> Result<(), Failure> {
        let mut artifacts: Vec<Artifact> = self
            .known_artifacts(id)
            .await?
            .iter()
            .filter_map(|row| serde_json::from_str(&row.body).ok())
            .collect();
        artifacts.sort_by(|a, b| a.path.cmp(&b.path));
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

    /// Fetches one artifact's bytes into a blob; a picture is looked at by its bytes, never by its name.
    async fn fetch_artifact(
        &self,
        client: &Client,
        wire: &WireAgent,
        account: &crate::model::AccountId,
        path: &str,
    ) -> Result<(String, Option<crate::model::Shot>), Failure> {
        self.afford(account).await;
        let link = client
            .artifact_link(wire, path)
            .await
            .map_err(|error| failures::of_service(&error))?;
        let mut bytes = Vec::new();
        client
            .download_artifact(&link, ARTIFACT, &mut bytes)
            .await
            .map_err(|error| {
                tracing::warn!(?error, "an artifact's bytes did not come");
                Failure::AnswerNotUnderstood
            })?;
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
    pub async fn artifact(&self, id: &AgentId, path: &str) -> Result<SavedArtifact, Failure> {
        let row = self
            .known_artifacts(id)
            .await?
            .into_iter()
            .find(|row| row.path == path)
            .ok_or(Failure::NotFound)?;
        let hash = match &row.hash {
            Some(hash) => hash.clone(),
            None => {
                let (account, client, wire) = self.agent_client(id)?;
                let (hash, picture) = self.fetch_artifact(&client, &wire, &account, path).await?;
                let mut artifact: Artifact = serde_json::from_str(&row.body).map_err(|_| Failure::DataDamaged)?;
                artifact.here = true;
                artifact.picture = picture;
                let row = ArtifactRow {
                    hash: Some(hash.clone()),
                    body: encode(&artifact),
                    ..row
                };
                self.disk(move |store| store.put_artifacts(&[row])).await?;
                self.show_artifacts(id).await?;
                hash
            }
        };
        let hash: BlobHash = hash.parse().map_err(|_| Failure::DataDamaged)?;
        Ok(SavedArtifact {
            file: self.0.store.blob_path(&hash),
            name: file_name(path),
        })
    }

    /// Fetches what an agent used, where the account gives it.
    pub(crate) async fn fetch_usage(&self, id: &AgentId) -> Result<(), Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford(&account).await;
        let usage = match client.usage(&wire, None).await {
            Ok(usage) => Usage {
                tokens: usage.total_usage.total_tokens,
                cents: usage
                    .cost
                    .as_ref()
                    .and_then(|cost| cost.charged_cents.or(cost.raw_cost_cents)),
            },
            // Not every account has it (API §8); nothing is shown then.
            Err(error) if matches!(error.status(), Some(403 | 404)) => return Ok(()),
            Err(error) => return Err(failures::of_service(&error)),
        };
        self.edit(|world| {
            if let Some(mut record) = world.agent(id).cloned() {
                record.agent.usage = Some(usage);
                world.put_agent(record);
            }
        });
        Ok(())
    }

    /// Account, client and wire identifier of an agent.
    pub(crate) fn agent_client(&self, id: &AgentId) -> Result<(crate::model::AccountId, Client, WireAgent), Failure> {
        let account = self.read(|world| world.agent(id).map(|record| record.agent.account.clone()));
        let account = account.ok_or(Failure::NotFound)?;
        let client = self.client(&account).ok_or(Failure::KeyRefused)?;
        let wire = WireAgent::parse(id.as_str()).map_err(|_| Failure::NotFound)?;
        Ok((account, client, wire))
    }

    /// The models of the active account, kept for an hour.
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
        let client = self.client(&account).ok_or(Failure::KeyRefused)?;
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

fn is_picture_name(path: &str) -> bool {
    let extension = std::path::Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["png", "jpg", "jpeg", "webp", "gif", "bmp"].contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// The last part of a path without anything that could lead elsewhere.
fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = shown(name, 120)
        .chars()
        .filter(|c| !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .collect();
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() {
        "file".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
