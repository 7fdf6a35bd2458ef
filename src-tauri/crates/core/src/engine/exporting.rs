//! A conversation as a file to be given away: what is on disk of it, written by `export`.

use std::collections::BTreeMap;

use super::{Engine, results::file_name};
use crate::export::{Conversation, ExportFormat, LeftFile, Picture, Private, Words, write};
use crate::model::{AgentId, Block, BlockKind, Failure, RunId};
use crate::transcript::{ORDERS_PER_RUN, from_conversation};

/// Pictures are that wide at most in a file.
const WIDTH: u32 = 1600;
/// So many names of files are in one; who left more has a gallery for them.
const FILES: usize = 50;
/// Bytes of pictures in one file.
const PICTURES: usize = 48 << 20;

/// A file that is ready to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// A name for it, harmless.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl Engine {
    /// An agent's conversation, or one run of it. What looks like a key is replaced by the word `export.key`, and each of
    /// `folders`, which are the user's own, by `~`.
    ///
    /// # Errors
    /// When there is no such agent or run, or the disk cannot be read.
    pub async fn export(
        &self,
        id: &AgentId,
        run: Option<&RunId>,
        format: ExportFormat,
        words: &Words,
        folders: Vec<String>,
    ) -> Result<ExportedFile, Failure> {
        let agent = self.read(|world| world.agent(id).map(|record| record.agent.clone()));
        let agent = agent.ok_or(Failure::NotFound)?;
        let mut blocks: Vec<Block> = Vec::new();
        for mut held in self.load_runs(id, &agent.account).await? {
            if run.is_some_and(|run| *run != held.id) {
                continue;
            }
            if held.kept.conversation.is_empty() {
                blocks.extend(held.prompt_block());
                blocks.extend_from_slice(held.transcript.blocks());
            } else {
                let at = held.kept.run.as_ref().map_or(agent.created_at, |run| run.created_at);
                blocks.extend(from_conversation(&held.kept.conversation, ORDERS_PER_RUN / 2, at));
            }
        }
        if blocks.is_empty() {
            return Err(Failure::NotFound);
        }
        let private = Private::new(folders, words.of("export.key").to_owned());
        let files = agent.artifacts.into_iter();
        let files = files.filter(|file| run.is_none() || file.run.as_ref() == run);
        let mut files: Vec<LeftFile> = files
            .map(|file| LeftFile {
                name: file.path,
                picture: file.picture.map(|shot| shot.hash),
            })
            .collect();
        let more_files = files.len().saturating_sub(FILES);
        files.truncate(FILES);
        let pictures = match format {
            ExportFormat::Markdown => BTreeMap::new(),
            ExportFormat::Html => self.pictures_of(&blocks, &files).await,
        };
        let conversation = Conversation {
            files,
            more_files,
            repository: agent.repository,
            branches: agent.branches,
            pull_requests: agent.pull_requests.into_iter().map(|pull| pull.url).collect(),
            title: agent.title,
            blocks,
            pictures,
        };
        let name = file_name(&private.clean(&conversation.title).replace(['/', '\\'], " "));
        let words = words.clone();
        let text = tokio::task::spawn_blocking(move || write(&conversation, format, &words, &private))
            .await
            .map_err(|_| Failure::SaveFailed)?;
        Ok(ExportedFile {
            name: format!("{name}.{}", format.ending()),
            text,
        })
    }

    /// The pictures of the user and of the agent, as many as fit; of the user's the others are told of in words.
    async fn pictures_of(&self, blocks: &[Block], files: &[LeftFile]) -> BTreeMap<String, Picture> {
        let shots = blocks.iter().flat_map(|block| match &block.kind {
            BlockKind::Prompt { shots, .. } => shots.as_slice(),
            _ => &[],
        });
        let left = files.iter().filter_map(|file| file.picture.as_ref());
        let wanted: Vec<&String> = shots.map(|shot| &shot.hash).chain(left).collect();
        let (mut pictures, mut bytes) = (BTreeMap::new(), 0);
        for hash in wanted {
            let held = match self.picture(hash, Some(WIDTH)).await {
                Ok(held) => held,
                Err(failure) => {
                    tracing::warn!(?failure, "a picture is not in the export");
                    continue;
                }
            };
            bytes += held.bytes.len();
            if bytes > PICTURES {
                break;
            }
            let picture = Picture {
                mime: held.mime,
                bytes: held.bytes,
            };
            pictures.insert(hash.clone(), picture);
        }
        pictures
    }
}
