//! Lost answers, refusals, a service that goes and comes back: nothing is lost, nothing is sent twice.

use practice_cloud::{Fault, Options as PracticeOptions, UsageBlock};
use sendoff_core::engine::system_clock;
use sendoff_core::model::{AgentState, Change, DraftId, Failure, LaunchState};

use crate::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_agent_was_made_is_found_again() {
    let stand = Stand::new().await;
    stand.connect().await;
    stand.practice.set_fault(Fault::CreateResetAfterCommit, 1);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    stand
        .until("it is done", |world| {
            (world.agent(&agent)?.agent.state == AgentState::Done).then_some(())
        })
        .await;
    assert_eq!(
        stand.practice.agents().len(),
        1,
        "the agent was made once, although its answer was lost"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_launch_gives_the_draft_back_whole() {
    let stand = Stand::over(PracticeOptions {
        speed: 0.0,
        usage_block: UsageBlock::Spend,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let before = stand.engine.read(|world| world.draft(&draft).cloned()).unwrap();
    stand.send(&draft).await;
    let back = stand
        .until("the draft is back", |world| {
            world.draft(&draft).filter(|draft| draft.problem.is_some()).cloned()
        })
        .await;
    let expected = sendoff_core::model::Draft {
        problem: Some(Failure::SpendingLimit),
        ..before
    };
    assert_eq!(
        back, expected,
        "words, picture and choices are as they were, with the reason"
    );
    assert_eq!(stand.practice.agents().len(), 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_can_be_taken_back() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    let launch = stand.change(Change::DraftSend { draft: draft.clone() }).await.unwrap();
    let back = stand
        .change(Change::LaunchUndo {
            launch: launch.as_str().into(),
        })
        .await
        .unwrap();
    assert_eq!(DraftId(back), draft, "the same draft comes back");
    let text = stand
        .engine
        .read(|world| world.draft(&draft).map(|draft| draft.text.clone()));
    assert_eq!(text.as_deref(), Some("Make it blue"), "with its words");
    assert_eq!(stand.practice.agents().len(), 0, "nothing left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_launch_survives_a_restart_and_goes() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    let launch = stand.change(Change::DraftSend { draft: draft.clone() }).await.unwrap();
    let sent = system_clock();
    let stand = stand.restart().await;
    let id = launch.as_str().into();
    let until = stand
        .until("it is held", |world| match world.launch(&id)?.state {
            LaunchState::Holding { until } => Some(until),
            _ => None,
        })
        .await;
    assert!(until >= sent + 5_000, "held anew and whole: it can be taken back again");
    let agent = stand.confirmed(&id).await;
    assert_eq!(stand.practice.agents().len(), 1, "it went once, after the restart");
    stand
        .until("it is done", |world| {
            (world.agent(&agent)?.agent.state == AgentState::Done).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_known_is_said_at_once() {
    let stand = Stand::new().await;
    let wrong = format!("crsr_{}", "0".repeat(64));
    let refused = stand.engine.account_connect(&wrong, None, false).await;
    assert_eq!(refused, Err(Failure::KeyRefused), "the service does not know it");
    let malformed = stand.engine.account_connect("  \"\" ", None, false).await;
    assert_eq!(malformed, Err(Failure::KeyMalformed), "this is no key at all");
    assert_eq!(stand.engine.read(|world| world.accounts().len()), 0, "nothing is kept");
    let quoted = format!(" \"{}\"\n", stand.practice.key());
    assert!(
        stand.engine.account_connect(&quoted, None, false).await.is_ok(),
        "quotes and line ends are trimmed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_loses_no_word() {
    let stand = Stand::new().await;
    stand.connect().await;
    stand.practice.set_fault(Fault::StreamDropAfterEvents, 5);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    stand
        .until("it is done", |world| {
            (world.agent(&agent)?.agent.state == AgentState::Done).then_some(())
        })
        .await;
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_engines_never_share_a_folder() {
    let stand = Stand::new().await;
    let second = stand.second().await;
    assert_eq!(second, Some(Failure::DataInUse), "the folder has one owner");
}
