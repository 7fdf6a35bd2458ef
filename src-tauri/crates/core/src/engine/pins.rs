//! Pins on disk: one setting for each, so that two at once do not overwrite each other.

use super::Engine;
use crate::model::{AccountId, DraftId, Failure, LaunchId, RowTarget};

/// Where all pins lie.
pub(crate) const PINS: &str = "pin/";

/// Where the pins of an account lie.
pub(crate) fn pins_of_account(account: &AccountId) -> String {
    format!("{PINS}{account}/")
}

/// Where one pin lies.
pub(crate) fn pin_key(account: &AccountId, id: &str) -> String {
    format!("{}{id}", pins_of_account(account))
}

impl Engine {
    /// Keeps a row of the active account at the top of the list, or lets it go back to its place.
    pub(crate) async fn row_pin(&self, target: &RowTarget, pinned: bool) -> Result<(), Failure> {
        let (account, ids) = self.read(|world| world.pins_for(target)).ok_or(Failure::NotFound)?;
        let kept = ids.first().filter(|_| pinned).cloned();
        let (added, gone) = (kept.clone(), ids.clone());
        self.disk(move |store| match kept {
            Some(id) => store.put_setting(&pin_key(&account, &id), &id),
            None => ids
                .iter()
                .try_for_each(|id| store.delete_setting(&pin_key(&account, id))),
        })
        .await?;
        let gone = if pinned { &[][..] } else { &gone };
        self.edit(|world| world.set_pins(added, gone));
        Ok(())
    }

    /// Passes the pin of a draft on to the launch that was made from it. The draft keeps its own: it may come back.
    pub(crate) async fn pin_launch(&self, account: &AccountId, draft: &DraftId, launch: &LaunchId) {
        if !self.read(|world| world.has_pin(&draft.0)) {
            return;
        }
        let (key, id) = (pin_key(account, &launch.0), launch.0.clone());
        if let Err(failure) = self.disk(move |store| store.put_setting(&key, &id)).await {
            tracing::warn!(?failure, "a pin lasts until the next start only");
        }
        self.edit(|world| world.set_pins([launch.0.clone()], &[]));
    }
}
