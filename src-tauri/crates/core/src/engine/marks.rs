//! Marks: kept with their picture at once, drawn into it behind, and never sent before that. What is drawn and how
//! light it becomes is in `fitting`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sendoff_shots::{Fit, Markup};

use super::drafts::check_kept;
use super::fitting::as_taken;
use super::pictures::PICTURES;
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
        self.0.drawings.fetch_add(1, Ordering::Relaxed);
        self.draw_later(target.clone());
        Ok(())
    }

    /// Makes all pictures what is to be sent of them: those that were not when the app was last open, and those for
    /// which something else was chosen now.
    pub(crate) fn draw_all_marks(&self) {
        let fit = self.read(|world| world.settings().fit);
        let waits = |shots: &[Shot]| shots.iter().any(|shot| shot.waits(fit) || shot.loose);
        let targets: Vec<ShotTarget> = self.read(|world| {
            let drafts = world.drafts().filter(|draft| waits(&draft.shots));
            let agents = world.agents().filter(|record| waits(&record.agent.answer.shots));
            drafts
                .map(|draft| ShotTarget::Draft(draft.id.clone()))
                .chain(agents.map(|record| ShotTarget::Answer(record.agent.id.clone())))
                .collect()
        });
        let engine = self.clone();
        // One after the other: whoever sends meanwhile waits for one picture, not for all of them.
        self.spawn(async move {
            for target in &targets {
                if let Err(failure) = engine.draw_marks(target).await {
                    tracing::warn!(?failure, "marks could not be drawn");
                }
            }
            for target in &targets {
                engine.pack_when_idle(target).await;
            }
        });
    }

    /// Draws the marks in once the hand rests, and packs pictures tighter once nothing is done any more.
    pub(crate) fn draw_later(&self, target: ShotTarget) {
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
                return;
            }
            engine.pack_when_idle(&target).await;
        });
    }

    /// Makes all pictures of a target what is sent: marks drawn in, as light as was chosen. One at a time, always the
    /// latest marks and the latest choice. A picture
    /// that cannot be drawn holds up no other; it is said at the end.
    pub(crate) async fn draw_marks(&self, target: &ShotTarget) -> Result<(), Failure> {
        let mut refused: Vec<(ShotId, Failure)> = Vec::new();
        loop {
            let _one_at_a_time = self.0.drawing.lock().await;
            let fit = self.read(|world| world.settings().fit);
            let waiting = self.shots(target, |shots| {
                let waits = |shot: &&Shot| shot.waits(fit) && refused.iter().all(|(id, _)| *id != shot.id);
                shots.iter().find(waits).cloned()
            })?;
            let Some(waiting) = waiting else {
                return refused.into_iter().next().map_or(Ok(()), |(_, failure)| Err(failure));
            };
            if let Err(failure) = self.prepare_shot(target, &waiting, fit).await {
                refused.push((waiting.id, failure));
            }
        }
    }

    /// Drops what is below the marks of a picture, and every earlier drawing of it. The drawing is kept at full size,
    /// whatever was chosen for sending: there is nothing else left to choose from.
    pub(crate) async fn shot_forget(&self, target: &ShotTarget, id: &ShotId) -> Result<(), Failure> {
        let drawn = self.draw_marks(target).await;
        let one_at_a_time = self.0.drawing.lock().await;
        let of_id = |shots: &[Shot]| shots.iter().find(|shot| shot.id == *id).cloned();
        let held = self.shots(target, of_id)?.ok_or(Failure::NotFound)?;
        if held.original.is_some() && !held.drawing && held.fit != Fit::Sharp {
            self.prepare_shot(target, &held, Fit::Sharp).await?;
        }
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
        drop(one_at_a_time);
        if let Some(original) = original {
            lock(&self.0.removed).forget(&original.hash);
        }
        let removed = self.remove_unnamed_pictures().await;
        // Last: one that was being made from the original meanwhile goes too.
        lock(&self.0.thumbnails).clear();
        self.draw_later(target.clone());
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
        .await?;
        // Its marks may not be drawn in yet, and something else may have been chosen since.
        self.draw_later(target.clone());
        Ok(())
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
        self.draw_later(target);
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
    let original = shot.original.take().unwrap_or_else(|| Original::from(&*shot));
    if markup == Markup::default() {
        *shot = as_taken(shot.id.clone(), original);
    } else {
        shot.original = Some(original);
        shot.markup = markup;
        shot.drawing = true;
    }
}
