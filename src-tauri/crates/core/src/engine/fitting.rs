//! What is sent of a picture: made from what was taken in, its marks and what was chosen; and packed tighter once there
//! is time. Sending waits for the first and never for the second.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sendoff_shots::{Fit, Markup, Refusal};
use sendoff_store::{BlobHash, Store};

use super::pictures::{SERVED, shot_of};
use super::{Engine, failures};
use crate::model::{Failure, Original, Shot, ShotId, ShotNote, ShotTarget};

/// How long after the last drawing pictures are packed tighter: nobody sends it in the next moment then.
const IDLE: Duration = Duration::from_secs(5);

impl Engine {
    /// Makes a picture what is sent.
    pub(crate) async fn prepare_shot(&self, target: &ShotTarget, waiting: &Shot, fit: Fit) -> Result<(), Failure> {
        let source = waiting
            .original
            .as_ref()
            .map_or(&waiting.hash, |original| &original.hash);
        let hash: BlobHash = source.parse().map_err(|_| Failure::PictureDamaged)?;
        let (store, markup) = (Arc::clone(&self.0.store), waiting.markup.clone());
        let picture = tokio::task::spawn_blocking(move || {
            of_blob(&store, &hash, |bytes| sendoff_shots::prepare(bytes, &markup, fit))
        })
        .await
        .map_err(|_| Failure::PictureDamaged)??;
        let made = shot_of(&picture);
        let _kept = self.0.taking.read().await;
        if made.hash != *source {
            self.disk(move |store| store.put_blob(&picture.bytes)).await?;
        }
        self.shots_settle(target, |shots| {
            // Changed meanwhile, or gone: the next look sees it.
            let same = |shot: &&mut Shot| {
                shot.id == waiting.id
                    && shot.hash == waiting.hash
                    && shot.markup == waiting.markup
                    && shot.original == waiting.original
            };
            if let Some(shot) = shots.iter_mut().find(same) {
                *shot = prepared(shot, made, fit);
            }
        })
        .await
    }

    /// Packs the pictures of a target tighter, each once nobody has drawn for a while. One at a time; on Linux, on a
    /// thread that lets all others go first.
    pub(crate) async fn pack_when_idle(&self, target: &ShotTarget) {
        let _one_at_a_time = self.0.packing.lock().await;
        // Each look leaves one loose picture less, so this ends.
        while self.loose(target).is_some() {
            self.rest().await;
            let Some(loose) = self.loose(target) else {
                return;
            };
            if let Err(failure) = self.pack(target, &loose).await {
                tracing::warn!(?failure, "a picture stays as loose as it is");
                return;
            }
        }
    }

    /// Waits until nobody has drawn for a while.
    async fn rest(&self) {
        loop {
            let drawings = self.0.drawings.load(Ordering::Relaxed);
            tokio::time::sleep(IDLE).await;
            if self.0.drawings.load(Ordering::Relaxed) == drawings {
                return;
            }
        }
    }

    /// A picture that can be packed. The older API is not told the type of a picture: what need not change stays PNG
    /// there.
    fn loose(&self, target: &ShotTarget) -> Option<Shot> {
        let (fit, older) = self.read(|world| {
            let account = match target {
                ShotTarget::Draft(id) => world.draft(id).map(|draft| &draft.account),
                ShotTarget::Answer(id) => world.agent(id).map(|record| &record.agent.account),
            };
            let older = account
                .and_then(|id| world.account(id))
                .is_none_or(|account| account.older_api);
            (world.settings().fit, older)
        });
        let of_all = |shots: &[Shot]| shots.iter().find(|shot| shot.loose && !shot.waits(fit)).cloned();
        self.shots(target, of_all).ok().flatten().filter(|_| !older)
    }

    async fn pack(&self, target: &ShotTarget, loose: &Shot) -> Result<(), Failure> {
        let hash: BlobHash = loose.hash.parse().map_err(|_| Failure::PictureDamaged)?;
        let (store, (answer, answered)) = (Arc::clone(&self.0.store), tokio::sync::oneshot::channel());
        std::thread::Builder::new()
            .name("packing".to_owned())
            .spawn(move || {
                let_others_go_first();
                // Who asked may have ended meanwhile.
                drop(answer.send(of_blob(&store, &hash, sendoff_shots::tighten)));
            })
            .map_err(|_| Failure::DataTrouble)?;
        let packed = answered.await.map_err(|_| Failure::PictureDamaged)?;
        let _kept = self.0.taking.read().await;
        // Another by now, forgotten or sent. What is not named any more is not written again: no clean-up is coming.
        let is_loose = |shot: &Shot| shot.id == loose.id && shot.hash == loose.hash && shot.markup == loose.markup;
        if !self
            .shots(target, |shots| shots.iter().any(is_loose))
            .unwrap_or_default()
        {
            return Ok(());
        }
        // What cannot be packed is not tried again.
        let packed = match packed.ok().flatten() {
            Some(picture) => {
                let shot = shot_of(&picture);
                self.disk(move |store| store.put_blob(&picture.bytes)).await?;
                Some(shot)
            }
            None => None,
        };
        self.shots_settle(target, |shots| {
            // Sent meanwhile: what was sent stays as it was sent.
            let Some(shot) = shots.iter_mut().find(|shot| is_loose(shot)) else {
                return;
            };
            shot.loose = false;
            if let Some(packed) = packed {
                let packing = ShotNote::Fitted {
                    from_bytes: shot.bytes,
                    to_bytes: packed.bytes,
                    lossy: false,
                    scaled: false,
                };
                note(&mut shot.notes, packing);
                (shot.hash, shot.mime, shot.bytes) = (packed.hash, packed.mime, packed.bytes);
            }
        })
        .await
    }
}

/// Makes something of a stored picture.
fn of_blob<T>(store: &Store, hash: &BlobHash, make: impl FnOnce(&[u8]) -> Result<T, Refusal>) -> Result<T, Failure> {
    let bytes = store
        .read_blob(hash, SERVED)
        .map_err(|error| failures::of_store(&error))?;
    make(&bytes).map_err(|refusal| failures::of_picture(&refusal))
}

/// Lowers the priority of this thread, where a thread has one of its own.
fn let_others_go_first() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 15) {
        tracing::warn!(?error, "packing goes on at the priority of everything else");
    }
}

/// A picture as it was taken in.
pub(crate) fn as_taken(id: ShotId, original: Original) -> Shot {
    Shot {
        id,
        hash: original.hash,
        mime: original.mime,
        width: original.width,
        height: original.height,
        bytes: original.bytes,
        notes: original.notes,
        original: None,
        markup: Markup::default(),
        drawing: false,
        fit: Fit::Sharp,
        loose: original.loose,
    }
}

/// A picture of which `made` is sent.
fn prepared(shot: &Shot, made: Shot, fit: Fit) -> Shot {
    let original = shot.original.clone().unwrap_or_else(|| Original::from(shot));
    if made.hash == original.hash && shot.markup == Markup::default() {
        let taken = as_taken(shot.id.clone(), original);
        return Shot { fit, ..taken };
    }
    let mut notes = original.notes.clone();
    for found in made.notes {
        note(&mut notes, found);
    }
    Shot {
        id: shot.id.clone(),
        notes,
        original: Some(original),
        markup: shot.markup.clone(),
        drawing: false,
        fit,
        ..made
    }
}

/// Says something of a picture, each thing once: made lighter twice is made lighter.
fn note(notes: &mut Vec<ShotNote>, mut found: ShotNote) {
    if let ShotNote::Fitted {
        from_bytes,
        lossy,
        scaled,
        ..
    } = &mut found
    {
        notes.retain(|held| match held {
            ShotNote::Fitted {
                from_bytes: before,
                lossy: was_lossy,
                scaled: was_scaled,
                ..
            } => {
                *from_bytes = *before;
                *lossy |= was_lossy;
                *scaled |= was_scaled;
                false
            }
            _ => true,
        });
    }
    if !notes.contains(&found) {
        notes.push(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::engine;
    use crate::model::AgentId;

    #[tokio::test]
    async fn what_was_forgotten_while_it_was_packed_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        // Two colors in no order: a palette holds them in a fraction.
        let pixel = |index: u32| [(index.wrapping_mul(2_654_435_761) >> 24) as u8 & 128, 9, 9, 255];
        let pixels = (0..64 * 64).flat_map(pixel).collect();
        let picture = sendoff_shots::take_in_pixels(64, 64, pixels).unwrap();
        let packed = sendoff_shots::tighten(&picture.bytes).unwrap().unwrap();
        let loose = Shot {
            id: ShotId("shot-1".to_owned()),
            ..shot_of(&picture)
        };
        let store = Arc::clone(&engine.0.store);
        store.put_blob(&picture.bytes).unwrap();
        let agent = AgentId("bc-1".to_owned());
        let target = ShotTarget::Answer(agent.clone());
        let has = |hash: &sendoff_shots::Hash| store.read_blob(&hash.to_string().parse().unwrap(), SERVED).is_ok();

        engine.pack(&target, &loose).await.unwrap();
        assert!(!has(&packed.hash), "nobody names it, and no clean-up would come");

        engine
            .answer_edit(&agent, |answer| answer.shots = vec![loose.clone()])
            .await
            .unwrap();
        engine.pack(&target, &loose).await.unwrap();
        assert!(has(&packed.hash), "as long as it is there it is packed");
    }
}
