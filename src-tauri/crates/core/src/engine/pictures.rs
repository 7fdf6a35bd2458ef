//! Pictures: taken in once, kept by hash, served as thumbnails.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use sendoff_shots::{Finding, Fit, Icon, Markup, Picture, SourceFormat, TextShape};
use sendoff_store::BlobHash;

use super::{Engine, failures, lock, mint};
use crate::model::{Failure, Shot, ShotId, ShotNote, ShotTarget};

/// The widths that thumbnails are made at; above the last the picture itself is served.
pub(super) const WIDTHS: [u32; 2] = [640, 1600];
/// Bytes of thumbnails kept in memory.
const KEPT: usize = 48 * 1024 * 1024;
/// The largest blob that is served, in bytes.
pub(crate) const SERVED: u64 = 64 * 1024 * 1024;
/// Pictures in one prompt (API §4).
pub(crate) const PICTURES: usize = 5;

/// A picture to be shown.
#[derive(Clone)]
pub struct PictureBytes {
    /// The encoded bytes.
    pub bytes: Arc<Vec<u8>>,
    /// Their type, by the bytes.
    pub mime: &'static str,
}

/// Thumbnails by hash and width, the oldest forgotten first.
#[derive(Default)]
pub(crate) struct Thumbnails {
    held: HashMap<(String, u32), PictureBytes>,
    order: VecDeque<(String, u32)>,
    bytes: usize,
}

impl Thumbnails {
    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn keep(&mut self, key: (String, u32), picture: PictureBytes) {
        self.bytes += picture.bytes.len();
        if let Some(old) = self.held.insert(key.clone(), picture) {
            self.bytes -= old.bytes.len();
        } else {
            self.order.push_back(key);
        }
        while self.bytes > KEPT {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if let Some(gone) = self.held.remove(&oldest) {
                self.bytes -= gone.bytes.len();
            }
        }
    }
}

impl Engine {
    /// Takes encoded pictures in, one after the other, as far as they fit. Gives how many were, and why others not.
    pub async fn take_pictures(&self, target: &ShotTarget, files: Vec<Vec<u8>>) -> (u32, Vec<Failure>) {
        let (mut count, mut refused) = (0, Vec::new());
        for bytes in files {
            match self.take_encoded(target, bytes).await {
                Ok(_) => count += 1,
                Err(failure) => refused.push(failure),
            }
        }
        (count, refused)
    }

    /// Takes raw pixels in, four bytes each, as a clipboard or a screen gives them.
    ///
    /// # Errors
    /// Why not, as the user's failure.
    pub async fn take_pixels(
        &self,
        target: &ShotTarget,
        width: u32,
        height: u32,
        rgba: Vec<u8>,
    ) -> Result<ShotId, Failure> {
        self.take_picture(target, move || {
            sendoff_shots::take_in_pixels_with_thumbnail(width, height, rgba, WIDTHS[0])
        })
        .await
    }

    /// Takes one encoded picture in.
    pub(crate) async fn take_encoded(&self, target: &ShotTarget, bytes: Vec<u8>) -> Result<ShotId, Failure> {
        self.take_picture(target, move || sendoff_shots::take_in_with_thumbnail(&bytes, WIDTHS[0]))
            .await
    }

    async fn take_picture(
        &self,
        target: &ShotTarget,
        take: impl FnOnce() -> Result<(Picture, sendoff_shots::Thumbnail), sendoff_shots::Refusal> + Send + 'static,
    ) -> Result<ShotId, Failure> {
        self.check_room(target)?;
        let taken = tokio::task::spawn_blocking(take)
            .await
            .map_err(|_| Failure::PictureDamaged)?;
        let (picture, thumbnail) = taken.map_err(|refusal| failures::of_picture(&refusal))?;
        let _kept = self.0.taking.read().await;
        let shot = shot_of(&picture);
        let shown = PictureBytes {
            bytes: Arc::new(thumbnail.bytes),
            mime: thumbnail.format.mime(),
        };
        lock(&self.0.thumbnails).keep((shot.hash.clone(), WIDTHS[0]), shown);
        self.disk(move |store| store.put_blob(&picture.bytes)).await?;
        let id = shot.id.clone();
        self.add_shot(target, shot).await?;
        self.draw_later(target.clone());
        Ok(id)
    }

    /// Whether a target takes another picture.
    pub(crate) fn check_room(&self, target: &ShotTarget) -> Result<(), Failure> {
        if self.shots_of(target)? < PICTURES {
            return Ok(());
        }
        Err(Failure::PicturesTooMany { limit: PICTURES as u32 })
    }

    /// The bytes of a picture, as wide as asked for or a little wider; without a width, as stored.
    ///
    /// # Errors
    /// `NotFound` for an unknown or malformed hash.
    pub async fn picture(&self, hash: &str, width: Option<u32>) -> Result<PictureBytes, Failure> {
        let hash: BlobHash = hash.parse().map_err(|_| Failure::NotFound)?;
        let bucket = width.and_then(|width| WIDTHS.into_iter().find(|held| *held >= width));
        if let Some(bucket) = bucket {
            let key = (hash.as_str().to_owned(), bucket);
            if let Some(held) = lock(&self.0.thumbnails).held.get(&key) {
                return Ok(held.clone());
            }
        }
        let store = Arc::clone(&self.0.store);
        let name = hash.as_str().to_owned();
        // Reading a picture does not wait behind the disk's queue: blobs never change.
        let made = tokio::task::spawn_blocking(move || -> Result<PictureBytes, Failure> {
            let bytes = store
                .read_blob(&hash, SERVED)
                .map_err(|error| failures::of_store(&error))?;
            let mime = mime_of(&bytes).ok_or(Failure::NotFound)?;
            match bucket {
                None => Ok(PictureBytes {
                    bytes: Arc::new(bytes),
                    mime,
                }),
                Some(edge) => {
                    let small =
                        sendoff_shots::thumbnail(&bytes, edge).map_err(|refusal| failures::of_picture(&refusal))?;
                    Ok(PictureBytes {
                        bytes: Arc::new(small.bytes),
                        mime: small.format.mime(),
                    })
                }
            }
        })
        .await
        .map_err(|_| Failure::PictureDamaged)??;
        if let Some(bucket) = bucket {
            lock(&self.0.thumbnails).keep((name, bucket), made.clone());
        }
        Ok(made)
    }

    /// The middle of a picture as pixels, for the tray.
    ///
    /// # Errors
    /// `NotFound` for an unknown or malformed hash.
    pub async fn icon(&self, hash: &str, edge: u32) -> Result<Icon, Failure> {
        let small = self.picture(hash, Some(WIDTHS[0])).await?;
        tokio::task::spawn_blocking(move || sendoff_shots::icon(&small.bytes, edge))
            .await
            .map_err(|_| Failure::PictureDamaged)?
            .map_err(|refusal| failures::of_picture(&refusal))
    }

    /// A file with a small copy of a picture, for a program that shows it. It goes once it is a day old.
    pub(crate) async fn face_file(&self, hash: &str) -> Option<PathBuf> {
        let stored = async {
            let small = self.picture(hash, Some(WIDTHS[0])).await?;
            self.disk(move |store| store.put_blob(&small.bytes)).await
        };
        match stored.await {
            Ok(stored) => Some(self.0.store.blob_path(&stored)),
            Err(failure) => {
                tracing::warn!(?failure, "a notice has no picture");
                None
            }
        }
    }
}

/// The longest name of an emoji that is looked at.
const NAME: usize = 256;

impl Engine {
    /// Words as outlines at a font size of 1. The first that Inter has not waits for the system's fonts to be read.
    ///
    /// # Errors
    /// `MarksTooMuchText` beyond what one picture takes.
    pub async fn text_shape(&self, text: String, bold: bool) -> Result<TextShape, Failure> {
        tokio::task::spawn_blocking(move || sendoff_shots::shape(&text, bold))
            .await
            .map_err(|_| Failure::MarksUnreadable)?
            .map_err(|refusal| failures::of_picture(&refusal))
    }

    /// The picture of an emoji in shaped words, by its name there.
    ///
    /// # Errors
    /// `NotFound` for a name that is none, and where no font has it.
    pub async fn emoji(&self, name: String) -> Result<PictureBytes, Failure> {
        if name.len() > NAME {
            return Err(Failure::NotFound);
        }
        let made = tokio::task::spawn_blocking(move || sendoff_shots::emoji(&name)).await;
        let bytes = made.ok().flatten().ok_or(Failure::NotFound)?;
        Ok(PictureBytes {
            bytes: Arc::new(bytes),
            mime: "image/png",
        })
    }
}

/// A picture as the page sees it.
pub(crate) fn shot_of(picture: &Picture) -> Shot {
    Shot {
        id: ShotId(mint("shot-")),
        hash: picture.hash.to_string(),
        mime: picture.format.mime().to_owned(),
        width: picture.width,
        height: picture.height,
        bytes: picture.bytes.len() as u64,
        notes: picture.findings.iter().filter_map(note_of).collect(),
        original: None,
        markup: Markup::default(),
        drawing: false,
        fit: Fit::Sharp,
        loose: picture.loose,
    }
}

/// The type of a stored picture, by its bytes; none for what is not shown.
fn mime_of(bytes: &[u8]) -> Option<&'static str> {
    match sendoff_shots::sniff(bytes).ok()? {
        SourceFormat::Png => Some("image/png"),
        SourceFormat::Jpeg => Some("image/jpeg"),
        SourceFormat::Webp => Some("image/webp"),
        SourceFormat::Gif => Some("image/gif"),
        SourceFormat::Bmp | SourceFormat::Pixels => None,
    }
}

/// What the user should know of a finding.
fn note_of(finding: &Finding) -> Option<ShotNote> {
    match finding {
        Finding::MetadataRemoved | Finding::TrailingBytesRemoved { .. } => Some(ShotNote::MetadataRemoved),
        Finding::FirstFrameOnly { .. } => Some(ShotNote::FirstFrameOnly),
        Finding::ColorConverted => Some(ShotNote::ColorConverted),
        Finding::ColorsGuessed => Some(ShotNote::ColorsGuessed),
        Finding::Converted { .. } => Some(ShotNote::Converted),
        Finding::Fitted {
            from_bytes,
            to_bytes,
            from,
            to,
            lossy,
        } => Some(ShotNote::Fitted {
            from_bytes: *from_bytes,
            to_bytes: *to_bytes,
            lossy: *lossy,
            scaled: from != to,
        }),
        _ => None,
    }
}
