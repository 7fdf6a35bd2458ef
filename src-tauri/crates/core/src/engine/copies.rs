//! Copies of what agents left, under names of their own, for other programs: what one of them does to a copy does not
//! reach what is kept, and a copy that it changed is the user's work and stays.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::Engine;
use super::large::on_disk;
use super::results::SavedArtifact;
use crate::model::{AgentId, Failure, RunId};

/// Where they lie, each in a folder that is called as its bytes are.
const COPIES: &str = "shown";
/// Where large files are written until they are whole.
const COMING: &str = "coming";
/// What is being written is called so.
const PART: &str = ".part";
/// So long a copy stays: a program that was given one may know its place only, and read it again days later.
pub(super) const KEPT: Duration = Duration::from_hours(7 * 24);

impl Engine {
    /// A copy of a file that an agent left, fetched now if it is not here yet.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact_copy(&self, id: &AgentId, run: Option<&RunId>, path: &str) -> Result<PathBuf, Failure> {
        let artifact = self.artifact_file(id, run, path).await?;
        self.copy_of(artifact).await.ok_or(Failure::DragFailed)
    }

    /// A copy under the file's own name; a large file is one already. None where it could not be made.
    pub(super) async fn copy_of(&self, artifact: SavedArtifact) -> Option<PathBuf> {
        if artifact.file.starts_with(self.0.options.data_folder.join(COPIES)) {
            return Some(artifact.file);
        }
        self.copy_under(artifact.file, artifact.name).await
    }

    /// Where a file may be written that becomes a copy, see [`Engine::place_copy`].
    pub(super) async fn new_copy_part(&self) -> Result<PathBuf, Failure> {
        static PARTS: AtomicU64 = AtomicU64::new(0);
        let folder = self.0.options.data_folder.join(COMING);
        tokio::fs::create_dir_all(&folder)
            .await
            .map_err(|error| on_disk(&error))?;
        let number = PARTS.fetch_add(1, Ordering::Relaxed);
        Ok(folder.join(number.to_string()))
    }

    /// Removes what was on its way when the program was quit; at a start, before anything comes.
    pub(super) async fn remove_coming(&self) {
        match tokio::fs::remove_dir_all(self.0.options.data_folder.join(COMING)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "what was on its way stays on disk");
            }
            _ => {}
        }
    }

    /// Makes a copy of what was written, which is moved.
    pub(super) async fn place_copy(&self, part: PathBuf, name: String) -> Result<PathBuf, Failure> {
        let copies = self.0.options.data_folder.join(COPIES);
        match tokio::task::spawn_blocking(move || place(&copies, &part, &name)).await {
            Ok(Ok(file)) => Ok(file),
            failed => {
                tracing::warn!(?failed, "a large file could not be put under its name");
                Err(Failure::SaveFailed)
            }
        }
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

/// A copy of a blob, which is called as its bytes are.
fn copy(copies: &Path, blob: &Path, name: &str) -> io::Result<PathBuf> {
    let hash = blob.file_name().unwrap_or_default().to_string_lossy().into_owned();
    put(copies, &hash, name, |part| std::fs::copy(blob, part).map(drop))
}

/// A copy of what was written to a part, which goes.
fn place(copies: &Path, written: &Path, name: &str) -> io::Result<PathBuf> {
    let hash = digest(written)?;
    let file = put(copies, &hash, name, |part| std::fs::rename(written, part))?;
    if written.try_exists()? {
        std::fs::remove_file(written)?;
    }
    Ok(file)
}

/// The first place that is free, or that holds the very bytes.
fn put(copies: &Path, hash: &str, name: &str, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<PathBuf> {
    let mut folder = copies.join(hash);
    let mut number = 1_u32;
    loop {
        let file = folder.join(name);
        if !file.try_exists()? {
            std::fs::create_dir_all(&folder)?;
            let part = folder.join(PART);
            write(&part)?;
            touch(&part);
            std::fs::rename(&part, &file)?;
            return Ok(file);
        }
        if digest(&file)? == hash {
            touch(&file);
            return Ok(file);
        }
        number += 1;
        folder = copies.join(format!("{hash}-{number}"));
    }
}

/// A copy is as old as when it was last given out: some systems give it the age of what it was made from.
pub(super) fn touch(file: &Path) {
    let touched = std::fs::File::open(file).and_then(|file| file.set_modified(SystemTime::now()));
    if let Err(error) = touched {
        tracing::warn!(%error, "a copy may be removed early");
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
        if is_old && (file.ends_with(PART) || (file.is_file() && digest(&file)? == hash)) {
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
        assert!(second.with_file_name(".part").exists(), "half of one may be on its way");

        let later = now + Duration::from_mins(1);
        remove(&copies, later).unwrap();
        assert_eq!(
            (std::fs::read(&first).unwrap(), second.parent().unwrap().exists()),
            (b"retouched".to_vec(), false),
            "work of the user stays, and nothing else does"
        );
    }

    #[test]
    fn what_was_written_becomes_a_copy_that_is_like_all_others() {
        let folder = tempfile::tempdir().unwrap();
        let copies = folder.path().join("shown");
        let write = |number: u32| {
            let part = folder.path().join(number.to_string());
            std::fs::write(&part, b"a long film").unwrap();
            part
        };
        let part = write(0);
        let placed = place(&copies, &part, "film.mp4").unwrap();
        let hash = format!("{:x}", Sha256::digest(b"a long film"));
        assert_eq!(placed, copies.join(&hash).join("film.mp4"));
        assert!(!part.exists(), "nothing else of it stays");
        let again = write(1);
        assert_eq!(place(&copies, &again, "film.mp4").unwrap(), placed, "the same once");
        assert!(!again.exists());
        remove(&copies, SystemTime::now() + Duration::from_mins(1)).unwrap();
        assert!(!placed.exists(), "it goes as others do");
    }
}
