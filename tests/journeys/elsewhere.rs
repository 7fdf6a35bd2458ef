//! What happens to an agent on another computer while this one does not follow it.

use cursor_cloud_agents::{Client, CreateAgent, CreateRun, Prompt};
use practice_cloud::{Fault, Options as PracticeOptions};
use sendoff_core::model::{AgentId, AgentState, BlockKind, Change, Update, View};
use sendoff_core::world::World;

use crate::stand::Stand;

/// Starts another run of an agent, as from another computer.
async fn ask_elsewhere(elsewhere: &Client, agent: &AgentId, words: &str) {
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    let run = CreateRun {
        prompt: prompt(words),
        ..CreateRun::default()
    };
    elsewhere.create_run(&wire, &run).await.unwrap();
}

fn prompt(words: &str) -> Prompt {
    Prompt {
        text: words.to_owned(),
        images: Vec::new(),
    }
}

/// Starts an agent, as from another computer.
async fn begin_elsewhere(elsewhere: &Client, words: &str) -> AgentId {
    let create = CreateAgent {
        prompt: prompt(words),
        ..CreateAgent::default()
    };
    AgentId(elsewhere.create_agent(&create).await.unwrap().agent.id.to_string())
}

/// Opens the page of an agent, and waits until it shows what was asked.
async fn asked(stand: &Stand, agent: &AgentId) -> String {
    let prompt = |update: &Update| match update {
        Update::Block { block } => match &block.kind {
            BlockKind::Prompt { text, .. } => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    stand
        .seen("what was asked", View::Agent { id: agent.clone() }, prompt)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_answered_elsewhere_needs_nobody_after_the_next_start() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[ask] Round the corners").await;
    stand
        .stands(&agent, "it asks", |state| matches!(state, AgentState::Asks { .. }))
        .await;
    let closed = stand.close().await;
    ask_elsewhere(&closed.elsewhere(), &agent, "Twelve pixels").await;
    closed.ended().await;
    let stand = closed.open().await;
    // Its page is never opened, and the list says "finished" as it did before.
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_failed_elsewhere_is_seen_by_the_list() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("Make it blue").await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let closed = stand.close().await;
    ask_elsewhere(&closed.elsewhere(), &agent, "[fail] Make it red").await;
    closed.ended().await;
    let stand = closed.open().await;
    stand
        .stands(&agent, "it failed", |state| matches!(state, AgentState::Failed { .. }))
        .await;
    stand.polite();
}

/// An agent of another computer that is at work and followed, and that does no more until the faults are cleared.
async fn followed_from_elsewhere(stand: &Stand) -> AgentId {
    stand.practice.set_fault(Fault::RunsHeld, 4);
    let agent = begin_elsewhere(&stand.elsewhere(), "Make it blue").await;
    stand.change(Change::ListRefresh).await;
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;
    agent
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_elsewhere_is_shown_while_it_is_at_work() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = followed_from_elsewhere(&stand).await;
    assert_eq!(asked(&stand, &agent).await, "Make it blue", "its page tells it at once");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_elsewhere_is_kept_for_when_the_service_is_away() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = followed_from_elsewhere(&stand).await;
    // It is read to its end while nobody looks, so that what was asked is not fetched for that.
    stand.practice.clear_faults();
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    assert_eq!(asked(&stand, &agent).await, "Make it blue", "its page tells it");
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let stand = closed.open().await;
    assert_eq!(asked(&stand, &agent).await, "Make it blue", "and so does the disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_agent_does_not_come_back_with_a_list_that_was_on_its_way() {
    let mut options = PracticeOptions {
        speed: 0.0,
        ..PracticeOptions::default()
    };
    // In this time it is deleted.
    options.knobs.slow_answer_ms = 1_500;
    let stand = Stand::over(options).await;
    stand.connect().await;
    let deleted = stand.launched("Make it blue").await;
    stand
        .stands(&deleted, "it is done", |state| *state == AgentState::Done)
        .await;
    let other = begin_elsewhere(&stand.elsewhere(), "Make it red").await;
    stand.practice.set_fault(Fault::AgentListSlow, 1);
    stand.change(Change::ListRefresh).await;
    stand
        .eventually("the list is on its way", |stand| {
            stand.practice.struck(Fault::AgentListSlow) > 0
        })
        .await;
    stand.change(Change::AgentDelete { agent: deleted.clone() }).await;
    stand
        .until("the list came", |world| world.agent(&other).map(drop))
        .await;
    let known = |stand: &Stand| {
        let agents = |world: &World| world.agents().map(|record| record.agent.id.clone()).collect::<Vec<_>>();
        stand.engine.read(agents)
    };
    let only = [other];
    assert_eq!(known(&stand), only, "the other came, and no ghost with it");
    let stand = stand.restart().await;
    assert_eq!(known(&stand), only, "nor is there one on disk");
    stand.polite();
}
