//! Where each account was left: the row that was open in it last. A row keeps its key while a launch becomes an agent.

use super::World;
use crate::model::{AccountId, View};

impl World {
    /// The key of the row that was open last in an account; none where that is gone.
    pub fn left(&self, account: &AccountId) -> Option<&str> {
        let key = self.left.get(account)?;
        (self.active() != Some(account) || self.rows.contains_key(key)).then_some(key.as_str())
    }

    /// Notes where an account is left. Nobody is told: the page that opened it knows.
    pub fn set_left(&mut self, account: AccountId, key: String) {
        self.left.insert(account, key);
    }

    /// Account and row of what a view shows; none for the list, and for what is gone.
    pub fn row_of(&self, view: &View) -> Option<(AccountId, String)> {
        match view {
            View::Home => None,
            View::Draft { id } => self.draft(id).map(|draft| (draft.account.clone(), id.0.clone())),
            View::Launch { id } => self.launch(id).map(|launch| (launch.account.clone(), id.0.clone())),
            View::Agent { id } => self
                .agent(id)
                .map(|record| (record.agent.account.clone(), record.row().key)),
        }
    }
}
