//! Launches that wait for their account, are decided on or pressed twice: each goes once, or its draft comes back.

use std::sync::atomic::{AtomicU64, Ordering};

use practice_cloud::{Fault, Options as PracticeOptions};
use sendoff_core::engine::{Need, NoticeKind, Signal, system_clock};
use sendoff_core::model::{Change, Decision, DraftId, Failure, LaunchId, LaunchState, Time, Waiting};

use crate::stand::Stand;

/// Waits until a launch waits for its account.
async fn waits_for_account(stand: &Stand, launch: &LaunchId) {
    stand
        .until("the launch waits for its account", |world| {
            match &world.launch(launch)?.state {
                LaunchState::Waiting {
                    waiting: Waiting::Account,
                    ..
                } => Some(()),
                _ => None,
            }
        })
        .await;
}

/// How often an agent was asked for.
fn posted(stand: &Stand) -> usize {
    let requests = stand.practice.requests();
    let creates = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path == "/v1/agents");
    creates.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_refused_in_the_middle_of_a_launch_is_replaced_and_the_launch_goes_once() {
    let stand = Stand::new().await;
    stand.connect().await;
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    stand.practice.set_fault(Fault::UnauthorizedFromNow, u32::MAX);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    waits_for_account(&stand, &launch).await;
    let problem = stand
        .engine
        .read(|world| world.account(&account).unwrap().problem.clone());
    assert_eq!(problem, Some(Failure::KeyRefused), "the account says why");
    let refused = posted(&stand);

    stand.practice.clear_faults();
    let same = stand
        .engine
        .account_connect(stand.practice.key(), Some(account.clone()), false)
        .await;
    assert_eq!(same, Ok(account), "a new key for the same account");
    stand.confirmed(&launch).await;
    assert_eq!(posted(&stand) - refused, 1, "the new key sends it once");
    assert_eq!(stand.practice.agents().len(), 1, "one agent was made");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_refused_once_lets_the_launch_go_with_the_next_answer() {
    let stand = Stand::new().await;
    stand.connect().await;
    stand.practice.set_fault(Fault::Create401, 1);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    waits_for_account(&stand, &launch).await;
    stand.change(Change::ListRefresh).await;
    stand.confirmed(&launch).await;
    assert_eq!(posted(&stand), 2, "once refused, once taken");
}

static LATER: AtomicU64 = AtomicU64::new(0);

fn moved_clock() -> Time {
    system_clock() + LATER.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sent_after_a_long_wait_comes_back_as_its_draft() {
    let mut stand = Stand::with_clock(moved_clock).await;
    stand.connect().await;
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    stand.practice.set_fault(Fault::UnauthorizedFromNow, u32::MAX);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    waits_for_account(&stand, &launch).await;
    LATER.store(2 * 3_600_000, Ordering::SeqCst);
    stand.practice.clear_faults();
    stand.change(Change::AccountRetry { account }).await;
    let decision = stand
        .until("it asks whether it is still wanted", |world| {
            match &world.launch(&launch)?.state {
                LaunchState::NeedsDecision { decision } => Some(decision.clone()),
                _ => None,
            }
        })
        .await;
    assert!(matches!(decision, Decision::WaitedLong { .. }), "{decision:?}");
    let need = loop {
        let Signal::Notice { kind, need, .. } = stand.signals.recv().await.unwrap();
        if let (NoticeKind::NeedsYou, Some(Need::Launch { decision, .. })) = (kind, need) {
            break decision;
        }
    };
    assert_eq!(need, decision, "the question is told");
    let back = stand
        .change(Change::LaunchDecide {
            launch,
            decision,
            send: false,
            agent: None,
        })
        .await;
    assert_eq!(back.map(DraftId), Some(draft.clone()), "the answer names the draft");
    let text = stand
        .engine
        .read(|world| world.draft(&draft).map(|draft| draft.text.clone()));
    assert_eq!(text.as_deref(), Some("Make it blue"), "which is there again");
    assert_eq!(stand.practice.agents().len(), 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_send_twice_at_once_makes_one_launch() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    let send = Change::DraftSend { draft: draft.clone() };
    let text = Change::DraftText {
        draft: draft.clone(),
        text: "Make it blue".to_owned(),
    };
    let (first, second, _) = tokio::join!(
        stand.engine.change(send.clone()),
        stand.engine.change(send),
        stand.engine.change(text),
    );
    let taken: Vec<_> = [&first, &second].into_iter().filter(|sent| sent.is_ok()).collect();
    assert_eq!(taken.len(), 1, "one of them: {first:?}, {second:?}");
    let launch = taken[0].clone().unwrap().unwrap();
    stand
        .change(Change::LaunchNow {
            launch: launch.as_str().into(),
        })
        .await;
    stand.confirmed(&launch.as_str().into()).await;
    let stand = stand.restart().await;
    assert_eq!(stand.practice.agents().len(), 1, "one agent was made");
    assert_eq!(
        stand.engine.read(|world| world.draft(&draft).cloned()),
        None,
        "a save that was under way does not bring the draft back"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_joins_a_draft_while_it_is_being_sent_goes_with_it() {
    let stand = Stand::new().await;
    stand.connect().await;
    let mut joined = 0;
    for round in 0..5 {
        let draft = stand.draft("Make it blue").await;
        // Its picture takes a while to be put together.
        stand.picture(&draft).await;
        let text = format!("Make it blue, and the footer too ({round})");
        let write = Change::DraftText {
            draft: draft.clone(),
            text: text.clone(),
        };
        let send = Change::DraftSend { draft: draft.clone() };
        let (launched, written) = tokio::join!(stand.engine.change(send), stand.engine.change(write));
        if written == Err(Failure::NotFound) {
            // It was sent before, and whoever typed is told.
            continue;
        }
        assert_eq!(written, Ok(None), "round {round}: the words are taken");
        joined += 1;
        let launch = LaunchId(launched.unwrap().unwrap());
        let (goes, stays) = stand.engine.read(|world| {
            (
                world.launch(&launch).map(|held| held.text.clone()),
                world.draft(&draft).map(|held| held.text.clone()),
            )
        });
        assert!(
            goes.as_ref() == Some(&text) || stays.as_ref() == Some(&text),
            "round {round}: {text:?} is neither in the launch, {goes:?}, nor in the draft, {stays:?}"
        );
    }
    assert!(joined > 0, "sending takes long enough for words to join");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_launch_is_told_as_not_sent_and_is_over() {
    let mut stand = Stand::over(PracticeOptions {
        speed: 0.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    stand.practice.set_fault(Fault::Create413, 1);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    let Signal::Notice { kind, .. } = stand.signals.recv().await.unwrap();
    assert_eq!(kind, NoticeKind::NotSent, "no agent stopped early: there was none");
    stand
        .until("the draft is back", |world| world.draft(&draft).map(drop))
        .await;
    let stand = stand.restart().await;
    let known = stand
        .engine
        .read(|world| (world.launch(&launch).is_some(), world.draft(&draft).is_some()));
    assert_eq!(known, (false, true), "the launch is over and its draft is here");
}

fn ahead() -> Time {
    system_clock() + 366 * 86_400_000
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_off_by_a_year_does_not_hide_what_the_older_api_made() {
    let stand = Stand::with_clock(ahead).await;
    stand.connect().await;
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    stand
        .change(Change::AccountOlderApi {
            account,
            older_api: true,
        })
        .await;
    stand.practice.set_fault(Fault::CreateResetAfterCommit, 1);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
    assert_eq!(stand.practice.agents().len(), 1, "the one that was made is found");
}
