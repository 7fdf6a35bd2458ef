//! Stopping: what is under way ends at once, or the user is told that it goes on.

use std::time::Duration;

use practice_cloud::{Fault, Status};
use sendoff_core::model::{AgentState, Change, Failure, FollowUpSource, Group, RowState};
use sendoff_core::world::World;

use crate::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait_for_what_else_is_asked() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    // One request a minute: whoever asks how the agent stands waits for the second of two.
    let stand = stand.close().await.open_within(1).await;
    let started = std::time::Instant::now();
    stand.insist(Change::AgentStop { agent: agent.clone() }).await;
    let state = stand
        .engine
        .read(|world| world.agent(&agent).map(|record| record.agent.state.clone()));
    assert_eq!(state, Some(AgentState::Stopping), "the page sees it at once");
    stand
        .eventually("it is stopped at the service", |stand| {
            stand.practice.agents()[0].runs[0].status == Status::Cancelled
        })
        .await;
    assert!(
        started.elapsed() < std::time::Duration::from_secs(30),
        "without waiting for its turn: {:?}",
        started.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn that_stopping_failed_is_told_until_it_works() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    // Nothing is followed after a start at which the service is away.
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let stand = closed.open().await;
    let problem = |world: &World| world.agent(&agent)?.agent.problem.clone();
    stand.until("its state cannot be had", problem).await;
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .until("it is told that it goes on", |world| {
            problem(world).filter(|problem| *problem == Failure::StopFailed)
        })
        .await;

    stand.practice.set_fault(Fault::HtmlAnswers, 0);
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    stand
        .until("it is followed again", |world| problem(world).is_none().then_some(()))
        .await;
    stand.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .until("it is told again", |world| {
            problem(world).filter(|problem| *problem == Failure::StopFailed)
        })
        .await;
    stand.practice.set_fault(Fault::HtmlAnswers, 0);
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    assert_eq!(stand.engine.read(problem), None, "it did stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_does_not_come_is_told_until_it_does() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    let closed = stand.close().await;
    let stand = closed
        .open_with(|options| options.stop_patience = Duration::from_secs(1))
        .await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let problem = |world: &World| world.agent(&agent)?.agent.problem.clone();
    stand.practice.set_fault(Fault::RunsHeld, u32::MAX);
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    let state = stand
        .engine
        .read(|world| world.agent(&agent).map(|record| record.agent.state.clone()));
    assert_eq!(state, Some(AgentState::Stopping), "it is being stopped");
    stand
        .until("it is told that it goes on", |world| {
            problem(world).filter(|problem| *problem == Failure::StopLate)
        })
        .await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    stand.practice.clear_faults();
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    assert_eq!(stand.engine.read(problem), None, "it did stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_held_back_after_a_stop_until_the_user_lets_it_go() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    let works = |state: &AgentState| matches!(state, AgentState::Working { .. });
    stand.stands(&agent, "it works", works).await;
    for text in ["Then the border", "Then the shadow"] {
        let source = FollowUpSource::Words { text: text.to_owned() };
        stand
            .change(Change::FollowUpSend {
                agent: agent.clone(),
                source,
                plan_first: false,
            })
            .await;
    }
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    let held = |world: &World| {
        let held = &world.agent(&agent)?.agent;
        let texts: Vec<_> = held.queue.iter().map(|held| held.text.clone()).collect();
        Some((held.held_back.len(), texts))
    };
    let both = vec!["Then the border".to_owned(), "Then the shadow".to_owned()];
    let stand = stand.restart().await;
    stand
        .until("what waits is there again", |world| {
            held(world).filter(|(_, texts)| *texts == both)
        })
        .await;
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    assert_eq!(
        (stand.engine.read(held), stand.practice.agents()[0].runs.len()),
        (Some((2, both.clone())), 1),
        "nothing was sent by itself, and a restart changes nothing"
    );
    let row = |world: &World| {
        let row = world.agent(&agent)?.row();
        Some((row.group, row.state))
    };
    assert_eq!(
        stand.engine.read(row),
        Some((Group::NeedsYou, RowState::FollowUpHeld)),
        "the list says that it is for the user to let it go"
    );
    // Whoever says something else means that.
    let source = FollowUpSource::Words {
        text: "Only make it round".to_owned(),
    };
    let more = Change::FollowUpSend {
        agent: agent.clone(),
        source,
        plan_first: false,
    };
    stand.change(more).await;
    stand
        .eventually("it is sent", |stand| stand.practice.agents()[0].runs.len() == 2)
        .await;
    stand
        .stands(&agent, "its run is over", |state| {
            !matches!(
                state,
                AgentState::Starting | AgentState::Working { .. } | AgentState::Stopped
            )
        })
        .await;
    assert_eq!(stand.engine.read(held), Some((2, both)), "and what is held back stays");
    stand.change(Change::QueueRelease { agent: agent.clone() }).await;
    stand
        .eventually("both are sent, one after the other", |stand| {
            stand.practice.agents()[0].runs.len() == 4
        })
        .await;
    stand
        .until("nothing is held back any more", |world| {
            held(world).filter(|(held, texts)| *held == 0 && texts.is_empty())
        })
        .await;
}
