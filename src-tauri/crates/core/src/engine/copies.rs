//! Copies of what agents left, under names of their own, for other programs: what one of them does to a copy does not
//! reach what is kept, and a copy that it changed is the user's work and stays.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::Engine;
use crate::model::{AgentId, Failure, RunId};

/// Where they lie, each in a folder that is called as its bytes are.
const COPIES: &str = "shown";
/// So long a copy stays: a program that was given one may know its place only, and read it again days later.
pub(super) const KEPT: Duration = Duration::from_hours(7 * 24);

impl Engine {
    /// A copy of a file that an agent left, fetched now if it is not here yet.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact_copy(&self, id: &AgentId, run: Option<&RunId>, path: &str) -> Result<PathBuf, Failure> {
        let artifact = self.artifact(id, run, path).await?;
        self.copy_under(artifact.file, artifact.name)
            .await
            .ok_or(Failure::DragFailed)
    }

    /// A copy of a blob under a name; none where it could not be made.
    pub(super) async fn copy_under(&self, blob: PathBuf, name: String) -> Option<PathBuf> {
        let copies = self.0.options.data_folder.join(COPIES);
        match tokio::task::spawn_blocking(move || copy(&copies, &blob, &name)).await {
            Ok(Ok(file)) => Some(file),
            failed => {
                tracing::warn!(?failed, "a file could not be put under its name");
                None
            }
        }
    }

    /// Removes those that are so old and as they were made; what another program still has open it keeps until it closes it.
    pub(super) async fn remove_copies(&self, older_than: Duration) {
        let copies = self.0.options.data_folder.join(COPIES);
        let Some(until) = SystemTime::now().checked_sub(older_than) else {
            return;
        };
        match tokio::task::spawn_blocking(move || remove(&copies, until)).await {
            Ok(Ok(())) => {}
            failed => tracing::warn!(?failed, "copies for other programs stay"),
        }
    }
}

/// The first place that is free, or that holds the very bytes.
fn copy(copies: &Path, blob: &Path, name: &str) -> io::Result<PathBuf> {
    let hash = blob.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut folder = copies.join(&hash);
    let mut number = 1_u32;
    loop {
        let file = folder.join(name);
        if !file.try_exists()? {
            std::fs::create_dir_all(&folder)?;
            let part = folder.join(".part");
            std::fs::copy(blob, &part)?;
            std::fs::rename(&part, &file)?;
            return Ok(file);
        }
        if digest(&file)? == hash {
            return Ok(file);
        }
        number += 1;
        folder = copies.join(format!("{hash}-{number}"));
    }
}

/// Removes what was made until then.
fn remove(copies: &Path, until: SystemTime) -> io::Result<()> {
    let folders = match std::fs::read_dir(copies) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        folders => folders?,
    };
    for folder in folders {
        let folder = folder?.path();
        if let Err(error) = remove_in(&folder, until) {
            tracing::warn!(?error, "a copy for another program stays");
        }
    }
    Ok(())
}

/// Removes what is as it was made from the folder of one blob.
fn remove_in(folder: &Path, until: SystemTime) -> io::Result<()> {
    let called = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hash = called.split('-').next().unwrap_or_default();
    let mut emptied = true;
    for file in std::fs::read_dir(folder)? {
        let file = file?.path();
        let is_old = file.metadata()?.modified()? <= until;
        if file.ends_with(".part") || (is_old && file.is_file() && digest(&file)? == hash) {
            std::fs::remove_file(file)?;
        } else {
            emptied = false;
        }
    }
    if emptied {
        std::fs::remove_dir(folder)?;
    }
    Ok(())
}

/// SHA-256 of a file's bytes, as blobs are called.
fn digest(file: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(file)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(piece.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_once_and_stays_for_days_or_if_it_was_changed() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = b"a picture";
        let blob = folder.path().join(format!("{:x}", Sha256::digest(bytes)));
        std::fs::write(&blob, bytes).unwrap();
        let copies = folder.path().join("shown");
        let now = SystemTime::now();
        remove(&copies, now).unwrap();

        let first = copy(&copies, &blob, "page.png").unwrap();
        assert_eq!(
            (first.file_name().unwrap().to_str(), std::fs::read(&first).unwrap()),
            (Some("page.png"), bytes.to_vec())
        );
        assert_eq!(copy(&copies, &blob, "page.png").unwrap(), first, "the same again");

        std::fs::write(&first, b"retouched").unwrap();
        let second = copy(&copies, &blob, "page.png").unwrap();
        assert_eq!(
            (std::fs::read(&second).unwrap(), std::fs::read(&blob).unwrap()),
            (bytes.to_vec(), bytes.to_vec()),
            "what somebody did to a copy reaches neither the next one nor what is kept"
        );

        std::fs::write(second.with_file_name(".part"), b"half").unwrap();
        remove(&copies, now - KEPT).unwrap();
        assert_eq!(std::fs::read(&second).unwrap(), bytes, "a copy of today stays");
        assert!(!second.with_file_name(".part").exists(), "half of one does not");

        let later = now + Duration::from_mins(1);
        remove(&copies, later).unwrap();
        assert_eq!(
            (std::fs::read(&first).unwrap(), second.parent().unwrap().exists()),
            (b"retouched".to_vec(), false),
            "work of the user stays, and nothing else does"
        );
    }
}
