//! Bringing something to the front from outside the page: a notice or a tray item that was clicked.

use super::Engine;
use crate::model::{Failure, RowTarget};

impl Engine {
    /// Makes the account of a target the active one, so that the page shows the target among its own.
    /// A target that is gone changes nothing; the page says that it is gone.
    ///
    /// # Errors
    /// The disk's, when the choice cannot be kept.
    pub async fn bring(&self, target: &RowTarget) -> Result<(), Failure> {
        let account = self.read(|world| {
            let account = match target {
                RowTarget::Draft(id) => world.draft(id).map(|draft| draft.account.clone()),
                RowTarget::Launch(id) => world.launch(id).map(|launch| launch.account.clone()),
                RowTarget::Agent(id) => world.agent(id).map(|record| record.agent.account.clone()),
            };
            account.filter(|account| world.active() != Some(account))
        });
        match account {
            Some(account) => self.account_activate(&account).await,
            None => Ok(()),
        }
    }
}
