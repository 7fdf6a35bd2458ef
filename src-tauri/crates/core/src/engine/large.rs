//! Files that agents left and that are too large to be kept: they go to the disk in one piece after the other, under their
//! own name among the copies for other programs, and stay there as long as those do.

use std::path::Path;

use cursor_cloud_agents::DownloadError;
use tokio::io::AsyncWriteExt as _;

use super::results::{SavedArtifact, artifact_of, download_failure, file_name};
use super::video::film;
use super::{Engine, copies::touch, failures};
use crate::model::{AgentId, Failure, RunId};

/// The largest file that is fetched at all, in bytes: a disk is not to be filled by a film of a day.
const LARGEST: u64 = 2_000_000_000;

/// A large file that was fetched.
#[derive(Debug)]
pub(super) struct Large {
    /// Agent, run, path and time.
    key: String,
    saved: SavedArtifact,
    /// How long it was then.
    bytes: Option<u64>,
}

impl Engine {
    /// A file that an agent left, however large up to 2 GB, fetched now if it is not here yet.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact_file(&self, id: &AgentId, run: Option<&RunId>, path: &str) -> Result<SavedArtifact, Failure> {
        let row = self.artifact_row(id, run, path).await?;
        let artifact = artifact_of(&row).ok_or(Failure::DataDamaged)?;
        if artifact.bytes <= super::results::ARTIFACT {
            return self.artifact(id, run, path).await;
        }
        if artifact.bytes > LARGEST {
            return Err(Failure::ArtifactTooLarge { limit: LARGEST });
        }
        let key = format!("{id}/{}/{}/{}", row.run, row.path, row.updated_at);
        // One at a time: who asks once more while it comes gets the same.
        let mut large = self.0.large.lock().await;
        if let Some(here) = large.iter().find(|known| known.key == key && is_whole(known)) {
            touch(&here.saved.file);
            return Ok(here.saved.clone());
        }
        let part = self.new_copy_part().await?;
        let placed = async {
            self.download_to(id, path, &part).await?;
            let written = SavedArtifact {
                file: part.clone(),
                name: file_name(path),
            };
            // A program is chosen by a name: that of a film ends as its bytes say.
            let name = film(&written).await?.map_or(written.name, |film| film.name);
            let file = self.place_copy(part.clone(), name.clone()).await?;
            Ok(SavedArtifact { file, name })
        }
        .await;
        match &placed {
            Ok(saved) => {
                large.retain(|known| known.key != key);
                let (bytes, saved) = (length(&saved.file), saved.clone());
                large.push(Large { key, saved, bytes });
            }
            Err(_) => {
                if let Err(error) = tokio::fs::remove_file(&part).await {
                    tracing::warn!(%error, "a part of a large file stays for as long as copies do");
                }
            }
        }
        placed
    }

    async fn download_to(&self, id: &AgentId, path: &str, part: &Path) -> Result<(), Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford(&account).await;
        let link = client
            .artifact_link(&wire, path)
            .await
            .map_err(|error| failures::of_service(&error))?;
        let mut file = tokio::fs::File::create(part).await.map_err(|error| on_disk(&error))?;
        client
            .download_artifact(&link, LARGEST, &mut file)
            .await
            .map_err(|error| match &error {
                DownloadError::Write(error) => on_disk(error),
                _ => download_failure(&error),
            })?;
        file.flush().await.map_err(|error| on_disk(&error))?;
        file.sync_all().await.map_err(|error| on_disk(&error))
    }
}

/// Whether a file is still there as it came; what another program cut or took away is fetched again.
fn is_whole(known: &Large) -> bool {
    known.bytes.is_some() && length(&known.saved.file) == known.bytes
}

fn length(file: &Path) -> Option<u64> {
    std::fs::metadata(file).ok().map(|found| found.len())
}

/// What the user is told of a large file that could not be written.
pub(super) fn on_disk(error: &std::io::Error) -> Failure {
    tracing::warn!(%error, "a large file could not be written");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Failure::DiskFull,
        _ => Failure::SaveFailed,
    }
}
