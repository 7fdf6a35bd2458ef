//! Keys and their owners, the keychain, switching, removing: no key is replaced or lost that was not meant.

use std::sync::atomic::Ordering;

use practice_cloud::{AccountKind as KeyKind, Fault, Options as PracticeOptions, User};
use sendoff_core::model::{
    Account, AccountId, AgentState, Change, DraftId, Failure, FollowUpSource, KeyPlace, LaunchId,
};
use sendoff_core::secrets::KeychainError;
use sendoff_core::world::World;

use crate::stand::Stand;

/// Another key, as the service makes them.
fn key_of(letter: &str) -> String {
    format!("crsr_{}", letter.repeat(64))
}

/// A cloud without delays that takes this key.
fn cloud(key: &str, kind: KeyKind, user: User) -> PracticeOptions {
    PracticeOptions {
        speed: 0.0,
        key: Some(key.to_owned()),
        account: kind,
        user,
        ..PracticeOptions::default()
    }
}

fn only(world: &World) -> Account {
    assert_eq!(world.accounts().len(), 1, "there is one account");
    world.accounts()[0].clone()
}

fn active(stand: &Stand) -> AccountId {
    stand.engine.read(|world| world.active().cloned()).unwrap()
}

/// The last four characters of the keys, by account.
fn endings(stand: &Stand) -> Vec<(AccountId, Option<String>)> {
    stand.engine.read(|world| {
        let accounts = world.accounts().iter();
        accounts
            .map(|account| (account.id.clone(), account.last_four.clone()))
            .collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_somebody_else_replaces_none() {
    let mut stand = Stand::new().await;
    stand.connect().await;
    let (first, before) = (active(&stand), endings(&stand));
    let other = User {
        id: 7,
        email: "ann@practice.example".to_owned(),
        ..User::default()
    };
    stand.change_cloud(cloud(&key_of("a"), KeyKind::User, other)).await;
    let second = stand
        .engine
        .account_connect(&key_of("a"), Some(first.clone()), false)
        .await
        .unwrap();
    assert_ne!(second, first, "somebody else's key is an account of its own");
    assert_eq!(
        endings(&stand),
        [before, vec![(second, Some("aaaa".to_owned()))]].concat(),
        "the first account keeps its key"
    );
    stand
        .change_cloud(cloud(&key_of("b"), KeyKind::User, User::default()))
        .await;
    let again = stand
        .engine
        .account_connect(&key_of("b"), Some(first.clone()), false)
        .await;
    assert_eq!(
        again,
        Ok(first.clone()),
        "a new key of the same person replaces the old one"
    );
    let kept = stand.keychain.load(&first.0).unwrap().unwrap();
    assert_eq!(kept.expose(), key_of("b").as_bytes(), "in the keychain too");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_only_named_alike_are_not_one_account() {
    let mut stand = Stand::new().await;
    let named = |name: &str| User {
        key_name: name.to_owned(),
        ..User::default()
    };
    let mut ids = Vec::new();
    for (letter, name) in [("a", "ci"), ("b", "ci"), ("c", "practice")] {
        stand
            .change_cloud(cloud(&key_of(letter), KeyKind::Service, named(name)))
            .await;
        ids.push(
            stand
                .engine
                .account_connect(&key_of(letter), None, false)
                .await
                .unwrap(),
        );
    }
    stand.change(Change::AccountPractice).await;
    ids.push(AccountId("practice".to_owned()));
    let known: Vec<_> = endings(&stand).into_iter().map(|(id, _)| id).collect();
    assert_eq!(
        known, ids,
        "two services named ci, one named practice, and practice itself"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_api_does_not_change_whose_a_launch_is() {
    let stand = Stand::new().await;
    stand.connect().await;
    let account = active(&stand);
    let draft = stand.draft("Make it blue").await;
    let launch = LaunchId(stand.change(Change::DraftSend { draft }).await.unwrap());
    let older = Change::AccountOlderApi {
        account: account.clone(),
        older_api: true,
    };
    stand.change(older).await;
    stand.change(Change::AccountRetry { account }).await;
    stand.change(Change::LaunchNow { launch: launch.clone() }).await;
    stand.confirmed(&launch).await;
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_kept_until_quitting_is_asked_for_and_no_notice_is_given() {
    let stand = Stand::new().await;
    let id = stand
        .engine
        .account_connect(stand.practice.key(), None, true)
        .await
        .unwrap();
    let mut stand = stand.restart().await;
    let account = stand
        .until("the key is asked for", |world| {
            world.accounts()[0].problem.as_ref().map(|_| only(world))
        })
        .await;
    assert_eq!(
        (account.key, account.problem),
        (KeyPlace::Missing, Some(Failure::KeyNeeded)),
        "nobody refused the key: it was kept until the app quit"
    );
    assert_eq!(
        stand.engine.models().await,
        Err(Failure::KeyNeeded),
        "whatever needs the key says the same"
    );
    let back = stand
        .engine
        .account_connect(stand.practice.key(), Some(id.clone()), true);
    assert_eq!(back.await, Ok(id), "the same account goes on");
    let account = stand.engine.read(only);
    assert_eq!((account.key, account.problem), (KeyPlace::Memory, None));
    stand.change(Change::DraftCreate).await;
    assert!(
        stand.signals.try_recv().is_err(),
        "what the user chose is no news to be told"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_is_locked_at_the_start_is_tried_again() {
    let stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    let draft = stand.draft("Make it blue").await;
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    let stand = stand.restart().await;
    let locked = stand
        .until("the locked keychain is said", |world| {
            world.accounts()[0].problem.as_ref().map(|_| only(world))
        })
        .await;
    assert_eq!(
        (locked.key, locked.problem),
        (KeyPlace::Keychain, Some(Failure::KeychainLocked)),
        "the key is in the keychain all the same"
    );
    let retry = Change::AccountRetry { account: id };
    stand.change(retry.clone()).await;
    assert_eq!(
        stand.engine.read(only).problem,
        Some(Failure::KeychainLocked),
        "still locked: the account says so, in one place"
    );
    stand.keychain.set_trouble(None);
    stand.change(retry).await;
    assert_eq!(stand.engine.read(only).problem, None, "it can be used again");
    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_removed_with_its_key_or_not_at_all() {
    let stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    let remove = Change::AccountRemove { account: id.clone() };
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    assert_eq!(
        stand.engine.change(remove.clone()).await,
        Err(Failure::KeychainLocked),
        "its key would stay behind"
    );
    assert_eq!(stand.engine.read(only).id, id, "so the account is still here");
    stand.keychain.set_trouble(None);
    stand.change(remove).await;
    assert_eq!(stand.engine.read(|world| world.accounts().len()), 0);
    assert!(stand.keychain.load(&id.0).unwrap().is_none(), "the key went with it");

    stand.connect().await;
    let id = active(&stand);
    stand.keychain.set_trouble(Some(KeychainError::Absent));
    stand.change(Change::AccountRemove { account: id }).await;
    assert_eq!(
        stand.engine.read(|world| world.accounts().len()),
        0,
        "without a keychain there is no key to remove"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_key_is_in_memory_goes_without_the_keychain() {
    let stand = Stand::new().await;
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    let connected = stand.engine.account_connect(stand.practice.key(), None, true).await;
    let id = connected.expect("a key that is kept until the end needs no keychain");
    stand.change(Change::AccountRemove { account: id }).await;
    assert_eq!(
        stand.engine.read(|world| world.accounts().len()),
        0,
        "its key was never to be in the keychain, which cannot be asked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_moves_to_memory_leaves_the_keychain() {
    let stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    let moved = stand
        .engine
        .account_connect(stand.practice.key(), Some(id.clone()), true)
        .await;
    assert_eq!(moved, Ok(id.clone()), "the same account");
    stand
        .eventually("nothing of it is in the keychain", |stand| {
            stand.keychain.load(&id.0).unwrap().is_none()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_a_locked_keychain_held_back_goes_once_it_is_open() {
    let stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    let key = stand.practice.key();
    let moved = stand.engine.account_connect(key, Some(id.clone()), true).await;
    assert_eq!(moved, Ok(id.clone()), "the key is kept in memory");
    stand.change(Change::AccountRemove { account: id.clone() }).await;
    stand.keychain.set_trouble(None);
    assert!(stand.keychain.load(&id.0).unwrap().is_some(), "the keychain kept it");
    let stand = stand.restart().await;
    stand
        .eventually("the key is gone with the next start", |stand| {
            stand.keychain.load(&id.0).unwrap().is_none()
        })
        .await;

    stand.connect().await;
    let id = active(&stand);
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    let moved = stand
        .engine
        .account_connect(stand.practice.key(), Some(id.clone()), true)
        .await;
    assert_eq!(moved, Ok(id.clone()), "the key is kept in memory again");
    stand.keychain.set_trouble(None);
    // The same account goes back to the keychain: its key is needed, and noted or not, it stays.
    let back = stand
        .engine
        .account_connect(stand.practice.key(), Some(id.clone()), false)
        .await;
    assert_eq!(back, Ok(id.clone()), "the key is in the keychain");
    let stand = stand.restart().await;
    stand
        .until("the account can be used", |world| {
            world.accounts()[0].problem.is_none().then_some(())
        })
        .await;
    assert!(
        stand.keychain.load(&id.0).unwrap().is_some(),
        "a key that is needed stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_practice_deletes_its_agents() {
    let stand = Stand::new().await;
    stand.change(Change::AccountPractice).await;
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
    let account = AccountId("practice".to_owned());
    stand.change(Change::AccountRemove { account }).await;
    assert_eq!(stand.forgotten.load(Ordering::SeqCst), 1, "the cloud forgets them");
    assert_eq!(
        stand.engine.read(|world| world.agents().count()),
        0,
        "and nothing of them is shown"
    );
    stand.change(Change::AccountPractice).await;
    assert_eq!(active(&stand).0, "practice", "it can be begun anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_any_length_are_kept_and_only_sending_refuses_too_many() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    let words = "a".repeat(1_000_001);
    let write = |text: String| Change::DraftText {
        draft: draft.clone(),
        text,
    };
    stand.change(write(words.clone())).await;
    let too_long = |characters| {
        Err(Failure::PromptTooLong {
            characters,
            limit: 1_000_000,
        })
    };
    assert_eq!(
        stand.engine.change(write("a".repeat(4_000_001))).await,
        too_long(4_000_001),
        "more than one paste brings"
    );
    let stand = stand.restart().await;
    let kept = stand
        .engine
        .read(|world| world.draft(&draft).map(|held| held.text.clone()));
    assert!(kept == Some(words), "every word is still here after a restart");
    let sent = stand.engine.change(Change::DraftSend { draft: draft.clone() }).await;
    assert_eq!(
        sent,
        too_long(1_000_001),
        "it says how many there are and how many there may be"
    );
}

/// How often the list of repositories was asked for.
fn lists(stand: &Stand) -> usize {
    let requests = stand.practice.requests();
    requests
        .iter()
        .filter(|request| request.path == "/v1/repositories")
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_repositories_that_was_never_had_is_fetched_after_a_restart() {
    let mut stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    let fetched = |world: &World| world.repositories().listed_at.filter(|_| !world.repositories().loading);
    stand.until("the list is here", fetched).await;
    let key = stand.practice.key().to_owned();
    stand.change_cloud(cloud(&key, KeyKind::User, User::default())).await;
    let stand = stand.restart().await;
    stand.change(Change::AccountRetry { account: id.clone() }).await;
    assert_eq!(lists(&stand), 0, "a new list is not fetched again");
    let setting = format!("repositories:{}", id.0);
    let stand = stand
        .restart_after(|store| store.put_setting(&setting, "{}").unwrap())
        .await;
    stand.until("the list is here", fetched).await;
    assert_eq!(lists(&stand), 1, "one that was never had is, once there is a key");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_does_not_ask_for_the_repositories_a_second_time() {
    let stand = Stand::new().await;
    stand.practice.set_fault(Fault::RepositoriesSlow, 1);
    stand.connect().await;
    // The page sees that it is fetched a moment before the service is asked.
    stand
        .eventually("the service is asked for the list", |stand| lists(stand) == 1)
        .await;
    let stand = stand.restart().await;
    let id = active(&stand);
    stand.change(Change::AccountRetry { account: id }).await;
    let asked = stand.engine.change(Change::RepositoriesRefresh).await;
    assert!(
        matches!(asked, Err(Failure::RateLimited { .. })),
        "it was asked for a moment ago, before the restart: {asked:?}"
    );
    assert_eq!(lists(&stand), 1, "and not a second time by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_never_shows_with_the_repositories_of_the_one_before() {
    let stand = Stand::new().await;
    stand.connect().await;
    let id = active(&stand);
    let draft = DraftId(stand.change(Change::DraftCreate).await.unwrap());
    let repository = Some("mine/only".to_owned());
    stand.change(Change::DraftRepository { draft, repository }).await;
    let mine = |world: &World| {
        let mut items = world.repositories().items.iter();
        items.any(|known| known.url.ends_with("mine/only"))
    };
    stand.change(Change::AccountPractice).await;
    let engine = stand.engine.clone();
    let (first, watched) = (
        id.clone(),
        std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true)),
    );
    let goes_on = std::sync::Arc::clone(&watched);
    let follower = std::thread::spawn(move || {
        let mut wrong = 0;
        while goes_on.load(Ordering::SeqCst) {
            wrong += usize::from(engine.read(|world| mine(world) != (world.active() == Some(&first))));
        }
        wrong
    });
    for _ in 0..20 {
        for account in [id.clone(), AccountId("practice".to_owned())] {
            stand.change(Change::AccountActivate { account }).await;
        }
    }
    watched.store(false, Ordering::SeqCst);
    assert_eq!(follower.join().unwrap(), 0, "account and repositories change as one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_typed_is_noted_for_the_account_of_its_draft() {
    let stand = Stand::new().await;
    stand.connect().await;
    let account = active(&stand);
    let draft = DraftId(stand.change(Change::DraftCreate).await.unwrap());
    stand.change(Change::AccountPractice).await;
    let repository = Some("mine/only".to_owned());
    stand.change(Change::DraftRepository { draft, repository }).await;
    let mine = |world: &World| {
        let mut items = world.repositories().items.iter();
        items.any(|known| known.url.ends_with("mine/only"))
    };
    assert!(!stand.engine.read(mine), "it is nothing to the account on screen");
    stand.change(Change::AccountActivate { account }).await;
    assert!(stand.engine.read(mine), "its own account knows it");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_any_more_for_an_account_that_was_removed() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    let follow_up = Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Words {
            text: "And the footer.".to_owned(),
        },
        plan_first: false,
    };
    stand.change(follow_up).await;
    let draft = stand.draft("Make it red").await;
    let launch = LaunchId(stand.change(Change::DraftSend { draft }).await.unwrap());
    let account = active(&stand);
    stand.change(Change::AccountRemove { account }).await;
    let now = Change::LaunchNow { launch: launch.clone() };
    assert_eq!(
        stand.engine.change(now).await,
        Err(Failure::NotFound),
        "nobody works on the launch that was held"
    );
    stand.connect().await;
    stand
        .until("the list is here", |world| world.agent(&agent).map(drop))
        .await;
    let left = stand.engine.read(|world| {
        let queue = world.agent(&agent).map(|record| record.agent.queue.len());
        (world.launch(&launch).is_some(), queue)
    });
    assert_eq!(left, (false, Some(0)), "the same key again brings neither back");
    let stand = stand.restart().await;
    assert_eq!(stand.practice.agents().len(), 1, "and nothing was made");
    assert_eq!(stand.practice.agents()[0].runs.len(), 1, "or said");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_an_account_says_that_it_is_needed_and_not_that_it_was_refused() {
    let stand = Stand::new().await;
    let connected = stand.engine.account_connect(stand.practice.key(), None, true).await;
    assert!(connected.is_ok(), "{connected:?}");
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let stand = stand.restart().await;
    stand.until("the key is asked for", |world| only(world).problem).await;
    assert_eq!(
        stand.engine.models().await,
        Err(Failure::KeyNeeded),
        "nobody refused the key"
    );
    assert_eq!(
        stand.engine.change(Change::AgentStop { agent }).await,
        Err(Failure::KeyNeeded),
        "whoever wants to stop it hears why that cannot be asked for"
    );
}
