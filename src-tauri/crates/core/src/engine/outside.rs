//! Pictures from elsewhere in an agent's words: fetched when somebody asks for one, decoded and encoded anew, and forgotten.

use std::sync::Arc;

use cursor_cloud_agents::DownloadError;

use super::{Engine, PictureBytes, failures, lock, pictures::WIDTHS};
use crate::links::PICTURE_HOSTS;
use crate::model::{AgentId, Failure, OutsidePicture};

/// The largest that is fetched, in bytes.
const LARGEST: u64 = 16 << 20;

impl Engine {
    /// Fetches a picture from one of the listed hosts, without key, cookie or referrer. What is drawn are pixels encoded
    /// here, never its own bytes; it is held in memory as long as there is room.
    ///
    /// # Errors
    /// Why it cannot be had: `LinkRefused` for any other address.
    pub async fn outside_picture(&self, agent: &AgentId, url: &str) -> Result<OutsidePicture, Failure> {
        let (_, client, _) = self.agent_client(agent)?;
        let mut bytes = Vec::new();
        let fetched = client.download_from(url, &PICTURE_HOSTS, LARGEST, &mut bytes).await;
        fetched.map_err(|error| {
            tracing::warn!(?error, "a picture from elsewhere did not come");
            match error {
                DownloadError::Address => Failure::LinkRefused,
                DownloadError::TooLarge { limit } => Failure::ArtifactTooLarge { limit },
                DownloadError::Connect(_) | DownloadError::TimedOut | DownloadError::Interrupted(_) => Failure::Offline,
                _ => Failure::NotFound,
            }
        })?;
        let made = tokio::task::spawn_blocking(move || {
            let picture = sendoff_shots::take_in(&bytes)?;
            let small = WIDTHS.map(|edge| sendoff_shots::thumbnail(&picture.bytes, edge));
            let [less, more] = small;
            Ok((picture.hash.to_string(), picture.width, picture.height, less?, more?))
        })
        .await
        .map_err(|_| Failure::PictureDamaged)?;
        let (hash, width, height, less, more) = made.map_err(|refusal| failures::of_picture(&refusal))?;
        for (edge, small) in WIDTHS.into_iter().zip([less, more]) {
            let shown = PictureBytes {
                mime: small.format.mime(),
                bytes: Arc::new(small.bytes),
            };
            lock(&self.0.thumbnails).keep((hash.clone(), edge), shown);
        }
        Ok(OutsidePicture { hash, width, height })
    }
}
