//! Where an account was left, on disk: a setting for each account.

use super::Engine;
use crate::model::{AccountId, View};

/// Where it lies for an account.
pub(crate) fn left_key(account: &AccountId) -> String {
    format!("left/{account}")
}

impl Engine {
    /// Notes what was opened, so that its account begins there the next time.
    pub(super) fn note_left(&self, view: &View) {
        let Some((account, key)) = self.read(|world| world.row_of(view)) else {
            return;
        };
        if self.read(|world| world.left(&account) == Some(key.as_str())) {
            return;
        }
        self.edit(|world| world.set_left(account.clone(), key.clone()));
        self.0.disk.later(move |store| {
            if let Err(error) = store.put_setting(&left_key(&account), &key) {
                tracing::warn!(?error, "the next start begins where the last one did");
            }
        });
    }
}
