//! What is sent of a picture: made from what was taken in, its marks and what was chosen; and packed tighter once there
//! is time. Sending waits for the first and never for the second.

use std::sync::Arc;
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

    /// Packs the pictures of a target tighter, once nothing was done for a while. One at a time, on a thread that lets
    /// all others go first.
    pub(crate) async fn pack_when_idle(&self, target: &ShotTarget) {
        tokio::time::sleep(IDLE).await;
        let _one_at_a_time = self.0.packing.lock().await;
        // Each look leaves one loose picture less, so this ends.
        while let Some(loose) = self.loose(target) {
            if let Err(failure) = self.pack(target, &loose).await {
                tracing::warn!(?failure, "a picture stays as loose as it is");
                return;
            }
        }
    }

    /// A picture that can be packed. The older API is not told the type of a picture, so PNG stays PNG there.
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
            // Another by now, or sent: what was sent stays as it was sent.
            let same = |shot: &&mut Shot| shot.id == loose.id && shot.hash == loose.hash && shot.markup == loose.markup;
            let Some(shot) = shots.iter_mut().find(same) else {
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
