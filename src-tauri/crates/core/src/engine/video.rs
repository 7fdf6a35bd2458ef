//! Films that agents left. They are told by their bytes, whatever their name says; nothing here looks into them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::Engine;
use super::results::SavedArtifact;
use crate::model::{AgentId, Failure, RunId};

/// A film on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedVideo {
    /// Where its bytes lie.
    pub file: PathBuf,
    /// A harmless name, with the ending that its bytes have.
    pub name: String,
}

impl Engine {
    /// A film that an agent left, fetched now if it is not here yet, at most 50 MB; none where its bytes are no film.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact_video(
        &self,
        id: &AgentId,
        run: Option<&RunId>,
        path: &str,
    ) -> Result<Option<SavedVideo>, Failure> {
        film(&self.artifact(id, run, path).await?).await
    }

    /// The same under its own name, for a program of this computer that shows it.
    ///
    /// # Errors
    /// Why it cannot be had; `NotFound` where it is no film.
    pub async fn artifact_video_file(&self, id: &AgentId, run: Option<&RunId>, path: &str) -> Result<PathBuf, Failure> {
        let artifact = self.artifact_file(id, run, path).await?;
        let video = film(&artifact).await?.ok_or(Failure::NotFound)?;
        let (file, name) = (artifact.file, video.name);
        self.copy_of(SavedArtifact { file, name })
            .await
            .ok_or(Failure::SaveFailed)
    }
}

/// What a file is as a film; none where its bytes are none.
pub(super) async fn film(artifact: &SavedArtifact) -> Result<Option<SavedVideo>, Failure> {
    let file = artifact.file.clone();
    let kind = tokio::task::spawn_blocking(move || start_of(&file)).await;
    let Ok(Ok(start)) = kind else {
        return Err(Failure::DataDamaged);
    };
    Ok(ending_of(&start).map(|ending| SavedVideo {
        name: named(&artifact.name, ending),
        file: artifact.file.clone(),
    }))
}

fn start_of(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    std::fs::File::open(file)?.take(64).read_to_end(&mut start)?;
    Ok(start)
}

/// The ending that a film's bytes have: ISO 14496-12 (`ftyp`) or EBML with its document type.
fn ending_of(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        let is_webm = start.windows(4).any(|four| four == b"webm");
        return Some(if is_webm { "webm" } else { "mkv" });
    }
    match (start.get(4..8)?, start.get(8..12)?) {
        (b"ftyp", b"qt  ") => Some("mov"),
        // Pictures have the same container.
        (b"ftyp", b"heic" | b"heix" | b"mif1" | b"avif" | b"avis") => None,
        (b"ftyp", _) => Some("mp4"),
        _ => None,
    }
}

/// The name with this ending and no other.
fn named(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.is_empty() { "film" } else { stem };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_is_told_by_its_bytes_and_named_by_them() {
        let table: [(&[u8], Option<&str>); 8] = [
            (b"\0\0\0\x20ftypisom\0\0\x02\0", Some("mp4")),
            (b"\0\0\0\x14ftypqt  ", Some("mov")),
            (b"\0\0\0\x14ftypheic", None),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", Some("webm")),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", Some("mkv")),
            (b"#!/bin/sh\nrm -rf ~", None),
            (b"[Desktop Entry]", None),
            (b"", None),
        ];
        for (start, expected) in table {
            assert_eq!(ending_of(start), expected, "{start:?}");
        }
        let names = [("tour.mp4", "webm"), ("evil.desktop", "mp4"), ("film", "mov")];
        assert_eq!(
            names.map(|(name, ending)| named(name, ending)),
            ["tour.webm", "evil.mp4", "film.mov"],
            "a program is chosen by what it is, not by what it says"
        );
    }
}
