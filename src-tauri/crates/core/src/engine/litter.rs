//! What nothing names any more goes: pictures, copies and notices by age, and all that is kept of an agent or an account.

use std::collections::HashSet;
use std::time::Duration;

use sendoff_store::{LaunchRow, Store, StoreError};

use super::{
    Engine,
    aside::{ASIDE, aside_of_account, aside_of_agent},
    copies,
    left::left_key,
    list::complete_key,
    lock,
    pins::{pin_key, pins_of_account},
};
use crate::model::{AccountId, AgentId, Failure, Shot};

/// Pictures that nothing names any more are removed once they are this old, in milliseconds.
const LITTER: u64 = 24 * 3_600_000;
/// Notices are remembered for so long, in milliseconds: nothing that old becomes news again.
const NOTICES: i64 = 180 * 24 * 3_600_000;
/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(24);

impl Engine {
    /// Cleans up at the start and every day.
    pub(crate) async fn keep_clean(self) {
        self.remove_coming().await;
        loop {
            self.clean_up().await;
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Removes pictures that nothing names: neither a draft, an answer, a launch, a follow-up nor an artifact.
    async fn clean_up(&self) {
        let now = self.now() as i64;
        self.remove_copies(copies::KEPT).await;
        let cleaned = self.remove_pictures(LITTER).await;
        let forgotten = self
            .disk(move |store| store.forget_notices(now - NOTICES).map(drop))
            .await;
        if let Err(failure) = cleaned.and(forgotten) {
            tracing::warn!(?failure, "unused pictures stay");
        }
    }

    /// Removes every picture that nothing names, however new: none is being taken in meanwhile.
    pub(crate) async fn remove_unnamed_pictures(&self) -> Result<(), Failure> {
        let _nothing_comes = self.0.taking.write().await;
        self.remove_copies(Duration::ZERO).await;
        self.remove_pictures(0).await
    }

    async fn remove_pictures(&self, older_than: u64) -> Result<(), Failure> {
        let engine = self.clone();
        let now = self.now() as i64;
        self.disk(move |store| {
            let mut keep: HashSet<String> = store.artifact_hashes()?.into_iter().collect();
            // What was given back is the draft's again.
            let given_back = |row: &LaunchRow| !row.open && row.state != "confirmed";
            for row in store.launches()?.into_iter().filter(|row| !given_back(row)) {
                hashes_in(&row.request, &mut keep);
            }
            for row in store.follow_ups()? {
                hashes_in(&row.body, &mut keep);
            }
            for row in store.drafts()? {
                hashes_in(&row.body, &mut keep);
            }
            for body in store.settings_under(ASIDE)? {
                hashes_in(&body, &mut keep);
            }
            for account in store.accounts()? {
                for row in store.agents(&account.id)? {
                    hashes_in(&row.body, &mut keep);
                    for artifact in store.artifacts(&account.id, &row.id)? {
                        hashes_in(&artifact.body, &mut keep);
                    }
                    for run in store.runs(&account.id, &row.id)? {
                        hashes_in(&run.body, &mut keep);
                    }
                }
            }
            let mut held = HashSet::new();
            engine.read(|world| {
                let drafts = world.drafts().flat_map(|draft| &draft.shots);
                let answers = world.agents().flat_map(|record| &record.agent.answer.shots);
                held.extend(drafts.chain(answers).flat_map(Shot::hashes).map(str::to_owned));
            });
            held.extend(lock(&engine.0.removed).hashes().map(str::to_owned));
            keep.extend(held);
            let keep = keep.iter().filter_map(|hash| hash.parse().ok()).collect();
            store.remove_unreferenced(&keep, older_than, now).map(drop)
        })
        .await
    }
}

/// Removes all that is kept of an agent: what was sent to it, what it said and left, and what was told of it.
pub(crate) fn remove_agent(store: &Store, account: &AccountId, agent: &AgentId) -> Result<(), StoreError> {
    let launches = store.launches()?.into_iter();
    for row in launches.filter(|row| row.account == account.0 && row.agent.as_deref() == Some(agent.as_str())) {
        store.delete_setting(&pin_key(account, &row.id))?;
        store.delete_launch(&row.id)?;
    }
    let follow_ups = store.follow_ups()?.into_iter();
    for row in follow_ups.filter(|row| row.account == account.0 && row.agent == agent.0) {
        store.delete_follow_up(&row.id)?;
    }
    store.forget_notices_about(&format!("agent/{agent}/"))?;
    store.delete_settings_under(&aside_of_agent(account, agent))?;
    store.delete_setting(&pin_key(account, &agent.0))?;
    store.delete_agent(&account.0, &agent.0)
}

/// Removes all that is kept of an account, drafts apart.
pub(crate) fn remove_account(store: &Store, account: &AccountId) -> Result<(), StoreError> {
    for row in store.agents(&account.0)? {
        remove_agent(store, account, &AgentId(row.id))?;
    }
    for row in store.launches()?.into_iter().filter(|row| row.account == account.0) {
        store.forget_notices_about(&format!("launch/{}/", row.id))?;
        store.delete_launch(&row.id)?;
    }
    for row in store.follow_ups()?.into_iter().filter(|row| row.account == account.0) {
        store.delete_follow_up(&row.id)?;
    }
    store.forget_notices_about(&format!("account/{account}/"))?;
    store.delete_setting(&complete_key(account))?;
    store.delete_setting(&left_key(account))?;
    store.delete_settings_under(&aside_of_account(account.as_str()))?;
    store.delete_settings_under(&pins_of_account(account))?;
    store.delete_account(&account.0)
}

/// Every hash named anywhere in a JSON text: 64 lower-case hex digits between quotes.
fn hashes_in(text: &str, found: &mut HashSet<String>) {
    for part in text.split('"') {
        if part.len() == 64 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            found.insert(part.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use sendoff_store::{AccountRow, FollowUpRow, Replaced};

    use super::*;

    #[test]
    fn hashes_are_found_wherever_they_stand() {
        let hash = "a1".repeat(32);
        let mut found = HashSet::new();
        hashes_in(
            &format!("{{\"x\":[{{\"hash\":\"{hash}\"}}],\"y\":\"short\"}}"),
            &mut found,
        );
        assert_eq!(found, HashSet::from([hash]), "a picture named anywhere is kept");
    }

    #[test]
    fn nothing_is_kept_of_a_deleted_agent_and_all_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let account = AccountId("account".to_owned());
        store
            .put_account(&AccountRow {
                id: account.0.clone(),
                position: 0,
                body: "{}".to_owned(),
            })
            .unwrap();
        for agent in ["bc-1", "bc-2"] {
            store.queue_launch(&launch(agent), None).unwrap();
            store.queue_follow_up(&follow_up(agent), Replaced::Nothing).unwrap();
            store.remember_notice(&format!("agent/{agent}/run/done"), 1).unwrap();
        }
        remove_agent(&store, &account, &AgentId("bc-1".to_owned())).unwrap();
        let left = |store: &Store| {
            let launches: Vec<_> = store.launches().unwrap().into_iter().map(|row| row.id).collect();
            let follow_ups: Vec<_> = store.follow_ups().unwrap().into_iter().map(|row| row.id).collect();
            let news =
                ["bc-1", "bc-2"].map(|agent| store.remember_notice(&format!("agent/{agent}/run/done"), 2).unwrap());
            (launches, follow_ups, news)
        };
        assert_eq!(
            left(&store),
            (
                vec!["launch-bc-2".to_owned()],
                vec!["follow-up-bc-2".to_owned()],
                [true, false]
            ),
            "only the deleted agent's launch, follow-up and notices are gone, so that their pictures can go"
        );
        store.put_setting(&complete_key(&account), "true").unwrap();
        remove_account(&store, &account).unwrap();
        assert_eq!(
            (left(&store).0, left(&store).1, store.setting(&complete_key(&account))),
            (vec![], vec![], Ok(None)),
            "nothing is left of a removed account"
        );
    }

    fn launch(agent: &str) -> LaunchRow {
        LaunchRow {
            id: format!("launch-{agent}"),
            account: "account".to_owned(),
            agent: Some(agent.to_owned()),
            state: "confirmed".to_owned(),
            open: false,
            created_at_ms: 1,
            updated_at_ms: 1,
            request: "{}".to_owned(),
            body_sha256: None,
            body: "{}".to_owned(),
        }
    }

    fn follow_up(agent: &str) -> FollowUpRow {
        FollowUpRow {
            id: format!("follow-up-{agent}"),
            account: "account".to_owned(),
            agent: agent.to_owned(),
            position: 0,
            state: "confirmed".to_owned(),
            open: false,
            created_at_ms: 1,
            body: "{}".to_owned(),
        }
    }
}
