//! Marks: kept with their picture at once, drawn into it behind, and never sent before that.

use std::time::Duration;

use sendoff_shots::Markup;
use sendoff_store::BlobHash;

use super::drafts::check_kept;
use super::pictures::{PICTURES, SERVED, shot_of};
use super::{Engine, failures, lock};
use crate::model::{AgentId, Failure, Marked, Original, Shot, ShotId, ShotTarget};

/// How long nobody draws before the marks are drawn into the picture.
const REST: Duration = Duration::from_millis(400);
/// Removed pictures that can be put back.
const REMOVED: usize = 100;

/// Pictures that were removed since the start, the oldest first.
#[derive(Default)]
pub(crate) struct Removed(Vec<(ShotTarget, Shot)>);

impl Removed {
    /// Their blobs.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|(_, shot)| shot.hashes())
    }

    fn keep(&mut self, target: ShotTarget, shot: Shot) {
        self.0.push((target, shot));
        let over = self.0.len().saturating_sub(REMOVED);
        self.0.drain(..over);
    }

    /// Lets go of those that name a picture.
    fn forget(&mut self, hash: &str) {
        self.0.retain(|(_, shot)| shot.hashes().all(|named| named != hash));
    }

    fn take(&mut self, target: &ShotTarget, id: &ShotId) -> Option<Shot> {
        let place = self.0.iter().position(|(of, shot)| of == target && shot.id == *id)?;
        Some(self.0.remove(place).1)
    }
}

impl Engine {
    /// Puts marks on pictures, and the words that speak of them. They are on disk once this answers.
    pub(crate) async fn shot_mark(
        &self,
        target: &ShotTarget,
        marked: Vec<Marked>,
        text: Option<String>,
    ) -> Result<(), Failure> {
        text.as_deref().map_or(Ok(()), check_kept)?;
        for Marked { markup, .. } in &marked {
            markup.check().map_err(|refusal| failures::of_picture(&refusal))?;
        }
        self.shots_edit(target, |shots, words| {
            for Marked { shot, markup } in marked {
                let shot = shots.iter_mut().find(|held| held.id == shot).ok_or(Failure::NotFound)?;
                mark(shot, markup);
            }
            if let Some(text) = text {
                *words = text;
            }
            Ok(())
        })
        .await?;
        self.draw_later(target.clone());
        Ok(())
    }

    /// Draws the marks that were not drawn in when the app was last open.
    pub(crate) fn draw_all_marks(&self) {
        let waits = |shots: &[Shot]| shots.iter().any(|shot| shot.drawing);
        let targets: Vec<ShotTarget> = self.read(|world| {
            let drafts = world.drafts().filter(|draft| waits(&draft.shots));
            let agents = world.agents().filter(|record| waits(&record.agent.answer.shots));
            drafts
                .map(|draft| ShotTarget::Draft(draft.id.clone()))
                .chain(agents.map(|record| ShotTarget::Answer(record.agent.id.clone())))
                .collect()
        });
        for target in targets {
            self.draw_later(target);
        }
    }

    fn draw_later(&self, target: ShotTarget) {
        let engine = self.clone();
        let marks = |shots: &[Shot]| -> Vec<_> {
            shots
                .iter()
                .map(|shot| (shot.id.clone(), shot.markup.clone()))
                .collect()
        };
        let begun = self.shots(&target, marks).unwrap_or_default();
        self.spawn(async move {
            tokio::time::sleep(REST).await;
            let drawn_on = |shots: &[Shot]| {
                let other = |shot: &Shot| {
                    begun
                        .iter()
                        .any(|(id, markup)| *id == shot.id && *markup != shot.markup)
                };
                shots.iter().any(other)
            };
            if engine.shots(&target, drawn_on).unwrap_or_default() {
                // Those marks come with a rest of their own.
                return;
            }
            if let Err(failure) = engine.draw_marks(&target).await {
                // Sending draws them again, and says why it cannot.
                tracing::warn!(?failure, "marks could not be drawn");
            }
        });
    }

    /// Draws the marks into all pictures of a target that wait for it. One at a time, always the latest marks. A picture
    /// that cannot be drawn holds up no other; it is said at the end.
    pub(crate) async fn draw_marks(&self, target: &ShotTarget) -> Result<(), Failure> {
        let _one_at_a_time = self.0.drawing.lock().await;
        let mut refused: Vec<(ShotId, Failure)> = Vec::new();
        loop {
            let waiting = self.shots(target, |shots| {
                let waits = |shot: &&Shot| shot.drawing && refused.iter().all(|(id, _)| *id != shot.id);
                shots.iter().find(waits).cloned()
            })?;
            let Some(waiting) = waiting else {
                return refused.into_iter().next().map_or(Ok(()), |(_, failure)| Err(failure));
            };
            if let Err(failure) = self.draw_into(target, &waiting).await {
                refused.push((waiting.id, failure));
            }
        }
    }

    async fn draw_into(&self, target: &ShotTarget, waiting: &Shot) -> Result<(), Failure> {
        let original = waiting.original.as_ref().ok_or(Failure::PictureDamaged)?;
        let hash: BlobHash = original.hash.parse().map_err(|_| Failure::PictureDamaged)?;
        let (engine, markup) = (self.clone(), waiting.markup.clone());
        let picture = tokio::task::spawn_blocking(move || {
            let bytes = engine
                .0
                .store
                .read_blob(&hash, SERVED)
                .map_err(|error| failures::of_store(&error))?;
            sendoff_shots::flatten(&bytes, &markup).map_err(|refusal| failures::of_picture(&refusal))
        })
        .await
        .map_err(|_| Failure::PictureDamaged)??;
        let drawn = shot_of(&picture);
        let _kept = self.0.taking.read().await;
        self.disk(move |store| store.put_blob(&picture.bytes)).await?;
        self.shots_edit(target, |shots, _| {
            // Drawn on again meanwhile, or gone: the next look sees it.
            let same = shots
                .iter_mut()
                .find(|shot| shot.id == waiting.id && shot.markup == waiting.markup);
            if let Some(shot) = same {
                *shot = drawn_into(shot, drawn);
            }
            Ok(())
        })
        .await
    }

    /// Drops what is below the marks of a picture, and every earlier drawing of it.
    pub(crate) async fn shot_forget(&self, target: &ShotTarget, id: &ShotId) -> Result<(), Failure> {
        let drawn = self.draw_marks(target).await;
        let original = self
            .shots_edit(target, |shots, _| {
                let shot = shots.iter_mut().find(|shot| shot.id == *id).ok_or(Failure::NotFound)?;
                if shot.drawing {
                    return Err(drawn.err().unwrap_or(Failure::ChangedMeanwhile));
                }
                shot.markup = Markup::default();
                Ok(shot.original.take())
            })
            .await?;
        if let Some(original) = original {
            lock(&self.0.removed).forget(&original.hash);
        }
        let removed = self.remove_unnamed_pictures().await;
        // Last: one that was being made from the original meanwhile goes too.
        lock(&self.0.thumbnails).clear();
        removed
    }

    /// Takes a picture away, so that it can be put back.
    pub(crate) async fn shot_remove(&self, target: &ShotTarget, index: u32) -> Result<(), Failure> {
        let removed = self
            .shots_edit(target, |shots, _| {
                let index = index as usize;
                Ok((index < shots.len()).then(|| shots.remove(index)))
            })
            .await?;
        if let Some(shot) = removed {
            lock(&self.0.removed).keep(target.clone(), shot);
        }
        Ok(())
    }

    /// Puts a removed picture back.
    pub(crate) async fn shot_restore(&self, target: &ShotTarget, id: &ShotId, index: u32) -> Result<(), Failure> {
        if self.shots_of(target)? >= PICTURES {
            return Err(Failure::PicturesTooMany { limit: PICTURES as u32 });
        }
        let shot = lock(&self.0.removed).take(target, id).ok_or(Failure::NotFound)?;
        self.shots_edit(target, |shots, _| {
            shots.insert((index as usize).min(shots.len()), shot);
            Ok(())
        })
        .await
    }

    /// Takes a picture that an agent left into the answer to it.
    pub(crate) async fn shot_from_artifact(&self, agent: &AgentId, hash: &str) -> Result<ShotId, Failure> {
        let target = ShotTarget::Answer(agent.clone());
        if self.shots_of(&target)? >= PICTURES {
            return Err(Failure::PicturesTooMany { limit: PICTURES as u32 });
        }
        let known = self
            .read(|world| {
                let record = world.agent(agent)?;
                let pictures = record
                    .agent
                    .artifacts
                    .iter()
                    .filter_map(|artifact| artifact.picture.as_ref());
                pictures.into_iter().find(|shot| shot.hash == hash).cloned()
            })
            .ok_or(Failure::NotFound)?;
        let id = ShotId(super::mint("shot-"));
        let shot = Shot {
            id: id.clone(),
            ..known
        };
        self.add_shot(&target, shot).await?;
        Ok(id)
    }
}

/// Names pictures that were kept before pictures had names.
pub(crate) fn name(shots: &mut [Shot]) {
    for shot in shots.iter_mut().filter(|shot| shot.id == ShotId::default()) {
        shot.id = ShotId(super::mint("shot-"));
    }
}

/// Puts marks on a picture. Without any it is again what was taken in.
fn mark(shot: &mut Shot, markup: Markup) {
    if shot.markup == markup {
        return;
    }
    let original = shot.original.take().unwrap_or_else(|| Original {
        hash: shot.hash.clone(),
        mime: shot.mime.clone(),
        width: shot.width,
        height: shot.height,
        bytes: shot.bytes,
        notes: shot.notes.clone(),
    });
    if markup == Markup::default() {
        *shot = Shot {
            id: shot.id.clone(),
            hash: original.hash,
            mime: original.mime,
            width: original.width,
            height: original.height,
            bytes: original.bytes,
            notes: original.notes,
            original: None,
            markup,
            drawing: false,
        };
    } else {
        shot.original = Some(original);
        shot.markup = markup;
        shot.drawing = true;
    }
}

/// A picture with its marks drawn in: `drawn` is what is sent.
fn drawn_into(shot: &Shot, drawn: Shot) -> Shot {
    let mut notes = shot
        .original
        .as_ref()
        .map(|original| original.notes.clone())
        .unwrap_or_default();
    for note in drawn.notes {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Shot {
        id: shot.id.clone(),
        notes,
        original: shot.original.clone(),
        markup: shot.markup.clone(),
        drawing: false,
        ..drawn
    }
}
