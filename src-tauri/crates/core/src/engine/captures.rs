//! A picture of the screen becomes a picture of a draft: a new one, unless it was asked for in one.

use super::Engine;
use crate::model::{DraftId, Failure, ShotId, ShotTarget};

/// The screen, as the system gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// Pixels, four bytes each.
    Pixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The pixels, row by row.
        rgba: Vec<u8>,
    },
    /// The bytes of a file.
    Encoded(Vec<u8>),
}

impl Engine {
    /// Whether a picture of the screen would have a place. Asked before it is taken: a desktop may ask its user, and
    /// nobody is asked for nothing.
    ///
    /// # Errors
    /// Why it would not.
    pub fn check_capture(&self, draft: Option<&DraftId>) -> Result<(), Failure> {
        match draft {
            Some(id) => self.check_room(&ShotTarget::Draft(id.clone())),
            None => self.read(|world| world.active().map(drop)).ok_or(Failure::NoAccount),
        }
    }

    /// Takes a picture of the screen into a draft, or into a new one like the last that was sent.
    ///
    /// # Errors
    /// Why not, as the user's failure. No new draft is left then.
    pub async fn take_screen(&self, draft: Option<DraftId>, screen: Screen) -> Result<(DraftId, ShotId), Failure> {
        let (id, made) = match draft {
            Some(id) => (id, false),
            None => (self.draft_create().await?, true),
        };
        let target = ShotTarget::Draft(id.clone());
        let taken = match screen {
            Screen::Pixels { width, height, rgba } => self.take_pixels(&target, width, height, rgba).await,
            Screen::Encoded(bytes) => self.take_encoded(&target, bytes).await,
        };
        match taken {
            Ok(shot) => Ok((id, shot)),
            Err(failure) => {
                if made && let Err(failure) = self.draft_delete(&id).await {
                    tracing::warn!(?failure, "an empty draft stays");
                }
                Err(failure)
            }
        }
    }
}
