//! Keeping the store in a file: read at start, written before a change is answered for, and at the end.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cloud::Cloud;
use crate::state::{Status, Store};

/// The data file could not be read as a store and now has another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// Where the damaged file was put.
    pub kept_as: PathBuf,
    /// What was wrong with it.
    pub reason: String,
}

/// Reads the store; a missing file is an empty one, a damaged file is set aside.
pub(crate) fn read(path: &Path) -> io::Result<(Store, Option<Damaged>)> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((Store::default(), None));
        }
        Err(error) => return Err(error),
    };
    match serde_json::from_slice::<Store>(&bytes) {
        Ok(store) => Ok((store, None)),
        Err(error) => {
            let kept_as = set_aside(path)?;
            let damaged = Damaged {
                kept_as,
                reason: error.to_string(),
            };
            Ok((Store::default(), Some(damaged)))
        }
    }
}

/// Renames to the first free `<name>.damaged-<n>`.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let target = PathBuf::from(name);
        if !target.try_exists()? {
            std::fs::rename(path, &target)?;
            return Ok(target);
        }
        number += 1;
    }
}

/// Writes beside the file and renames, so that a reader sees the old or the new whole.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, path)
}

fn snapshot(cloud: &Cloud) -> Option<Vec<u8>> {
    let store = cloud.store();
    match serde_json::to_vec(&*store) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            tracing::error!(%error, "the store could not be written as JSON");
            None
        }
    }
}

/// Writes what there is now.
pub(crate) fn save(cloud: &Cloud, path: &Path) -> io::Result<()> {
    match snapshot(cloud) {
        Some(bytes) => write(path, &bytes),
        None => Ok(()),
    }
}

/// Writes after changes until the cloud is gone. The whole store is written each time, so a run at work
/// costs one writing every now and then and not one for each of its words.
pub(crate) async fn keep_saved(cloud: Arc<Cloud>, path: PathBuf) {
    let gather = Duration::from_millis(cloud.options.knobs.save_after_ms);
    let mut changes = cloud.changes.subscribe();
    while changes.changed().await.is_ok() {
        tokio::select! {
            () = tokio::time::sleep(gather) => {}
            () = cloud.save_soon.notified() => {}
        }
        let written = *changes.borrow_and_update();
        let (source, target) = (Arc::clone(&cloud), path.clone());
        match tokio::task::spawn_blocking(move || save(&source, &target)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the practice data was not written"),
            Err(error) => tracing::error!(%error, "writing the practice data failed"),
        }
        cloud.saved.send_replace(written);
    }
}

/// Runs that were active when the store was written, as (agent, run).
pub(crate) fn active_runs(store: &Store) -> Vec<(String, String)> {
    store
        .agents
        .iter()
        .filter(|agent| !agent.deleted)
        .flat_map(|agent| {
            agent
                .runs
                .iter()
                .filter(|run| matches!(run.status, Status::Creating | Status::Running))
                .map(|run| (agent.id.clone(), run.id.clone()))
        })
        .collect()
}

/// Bytes as base64 text.
pub(crate) mod base64_bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}
