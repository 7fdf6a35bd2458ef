//! What happens to an agent on another computer while this one does not follow it.

use cursor_cloud_agents::{Client, CreateRun, Prompt};
use sendoff_core::model::{AgentId, AgentState};

use crate::stand::Stand;

/// Starts another run of an agent, as from another computer.
async fn ask_elsewhere(elsewhere: &Client, agent: &AgentId, words: &str) {
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    let run = CreateRun {
        prompt: Prompt {
            text: words.to_owned(),
            images: Vec::new(),
        },
        ..CreateRun::default()
    };
    elsewhere.create_run(&wire, &run).await.unwrap();
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
