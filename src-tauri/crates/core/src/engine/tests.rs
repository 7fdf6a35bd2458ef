//! An engine for tests of its parts: a folder of its own, one account, one agent, and a service that nobody reaches.

use std::sync::Arc;
use std::time::Duration;

use sendoff_secrets::Keychain;
use sendoff_store::AccountRow;
use tempfile::TempDir;

use super::{Engine, Options, PracticeCall, PracticeCloud, blank_agent, steady_clock, system_clock};
use crate::model::{Account, AccountId, AccountKind, AgentId, Failure, KeyPlace};
use crate::record::AgentRecord;

/// Options over a folder; forgetting practice calls `forget`.
pub(crate) fn options(folder: &TempDir, forget: PracticeCall<Result<(), Failure>>) -> Options {
    Options {
        data_folder: folder.path().to_owned(),
        // Nothing listens there.
        api_url: "http://127.0.0.1:9".to_owned(),
        keychain: Keychain::memory(),
        practice: PracticeCloud {
            start: Arc::new(|| Box::pin(async { None })),
            forget,
        },
        requests_per_minute: 10_000,
        stop_patience: Duration::from_mins(1),
        usage_patience: Duration::from_mins(1),
        clock: system_clock,
        steady: steady_clock,
    }
}

/// The one account.
pub(crate) fn account() -> Account {
    Account {
        id: AccountId("practice".to_owned()),
        kind: AccountKind::Practice,
        name: String::new(),
        email: None,
        key: KeyPlace::NotNeeded,
        last_four: None,
        older_api: false,
        usage_unavailable: false,
        problem: None,
    }
}

/// An agent of the one account.
pub(crate) fn agent(id: &str) -> AgentRecord {
    AgentRecord {
        agent: blank_agent(&account().id, AgentId(id.to_owned()), 0),
        face: None,
        unread: false,
        latest_run: None,
        touched_at: 0,
        settled_run: None,
    }
}

/// An engine with the account and the agent `bc-1`.
pub(crate) async fn engine(folder: &TempDir) -> Engine {
    prepared(options(folder, Arc::new(|| Box::pin(async { Ok(()) })))).await
}

/// The same with these options.
pub(crate) async fn prepared(options: Options) -> Engine {
    let (engine, _) = Engine::open(options).await.unwrap();
    let row = AccountRow {
        id: account().id.0,
        position: 0,
        body: String::new(),
    };
    engine.0.store.put_account(&row).unwrap();
    engine.edit(|world| {
        world.set_accounts(vec![account()], Some(account().id));
        world.put_agent(agent("bc-1"));
    });
    engine
}
