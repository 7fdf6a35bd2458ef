//! An account with the older API: launched, followed by asking, its conversation read, followed up, stopped.

use practice_cloud::{Fault, Status};
use sendoff_core::engine::NoticeKind;
use sendoff_core::model::{
    AgentState, BlockKind, Change, Failure, FollowUpSource, FollowUpState, RowTarget, Update, View,
};
use sendoff_core::world::World;

use crate::stand::Stand;

/// The prompts of a page, in order, with how many pictures each has.
async fn prompts(stand: &Stand, view: &View) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for update in stand.engine.changes(0, view.clone()).await.updates {
        if let Update::Block { block } = update
            && let BlockKind::Prompt { text, shots } = block.kind
        {
            found.push((block.order, text, shots.len()));
        }
    }
    found.sort();
    found.into_iter().map(|(_, text, shots)| (text, shots)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_the_older_api_does_the_main_job() {
    let mut stand = Stand::new().await;
    stand.connect_older().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    let view = View::Agent { id: agent.clone() };
    let target = Some(RowTarget::Agent(agent.clone()));
    let words = |update: &Update| match update {
        Update::Block { block } if matches!(block.kind, BlockKind::Words { .. }) => Some(()),
        _ => None,
    };
    stand.seen("the reply", view.clone(), words).await;
    assert_eq!(
        prompts(&stand, &view).await,
        vec![("Make it blue".to_owned(), 1)],
        "the prompt stands there once, with its picture"
    );
    assert_eq!(
        stand.told().await,
        (NoticeKind::Done, None, target.clone()),
        "its end is told"
    );
    let held = stand.engine.read(|world| world.agent(&agent).cloned()).unwrap();
    assert!(held.agent.older_api, "the page says that there are no steps");

    let mut stand = stand.restart().await;
    let follow_up = |text: &str| Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Words { text: text.to_owned() },
        plan_first: false,
    };
    stand.change(follow_up("Also on phones.")).await;
    let second = |update: &Update| match update {
        Update::Block { block } => match &block.kind {
            BlockKind::Prompt { text, .. } if text.starts_with("Also") => Some(()),
            _ => None,
        },
        _ => None,
    };
    stand.seen("the follow-up", view.clone(), second).await;
    let engine = stand.engine.clone();
    let told = async {
        // A page that is open is asked for more often.
        tokio::select! {
            told = stand.told() => told,
            () = looking(&engine, &view) => unreachable!("it looks for ever"),
        }
    };
    assert_eq!(
        told.await,
        (NoticeKind::Done, None, target),
        "and so is the end of the next"
    );

    stand.change(follow_up("[unending] And the footer.")).await;
    stand
        .stands(&agent, "it works again", |state| {
            matches!(state, AgentState::Working { .. })
        })
        .await;
    stand
        .until("the follow-up is sent", |world| {
            world.agent(&agent)?.agent.queue.is_empty().then_some(())
        })
        .await;
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    let stopped = stand.stands(&agent, "it is stopped", |state| *state == AgentState::Stopped);
    tokio::select! {
        () = stopped => {}
        () = looking(&engine, &view) => unreachable!("it looks for ever"),
    }
    let expected = vec![
        ("Make it blue".to_owned(), 1),
        ("Also on phones.".to_owned(), 0),
        ("[unending] And the footer.".to_owned(), 0),
    ];
    assert_eq!(prompts(&stand, &view).await, expected, "each prompt stands there once");
    stand.polite();
}

async fn looking(engine: &sendoff_core::engine::Engine, view: &View) {
    let mut since = 0;
    loop {
        since = engine.changes(since, view.clone()).await.revision;
    }
}

/// How often the service was asked so.
fn asked(stand: &Stand, path: &str) -> usize {
    let requests = stand.practice.requests();
    requests.iter().filter(|request| request.path == path).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_followed_goes_on_by_the_version_that_the_account_uses() {
    let stand = Stand::new().await;
    stand.connect().await;
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    let agent = stand.launched("[unending] Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;
    let older = |older_api| Change::AccountOlderApi {
        account: account.clone(),
        older_api,
    };
    let told = format!("/v0/agents/{agent}/conversation");
    stand.change(older(true)).await;
    stand
        .eventually("the older API is asked", |stand| asked(stand, &told) > 0)
        .await;
    let by_older = |world: &World| world.agent(&agent)?.agent.older_api.then_some(());
    stand.until("the page says so", by_older).await;
    let prompt = |update: &Update| match update {
        Update::Block { block } if matches!(block.kind, BlockKind::Prompt { .. }) => Some(()),
        _ => None,
    };
    stand.seen("what was asked", view.clone(), prompt).await;
    assert_eq!(
        prompts(&stand, &view).await,
        vec![("[unending] Make it blue".to_owned(), 0)],
        "what was asked stands there once"
    );

    let run = stand.practice.agents()[0].runs[0].id.clone();
    let stream = format!("/v1/agents/{agent}/runs/{run}/stream");
    let before = asked(&stand, &stream);
    stand.change(older(false)).await;
    stand
        .eventually("its stream is open again", |stand| asked(stand, &stream) > before)
        .await;
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    stand.seen("what was asked", view.clone(), prompt).await;
    assert_eq!(
        prompts(&stand, &view).await,
        vec![("[unending] Make it blue".to_owned(), 0)],
        "and still once"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_agent_takes_no_more_words_and_is_no_trouble_of_the_network() {
    let stand = Stand::new().await;
    stand.connect_older().await;
    let agent = stand.launched("Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    let done = |update: &Update| match update {
        Update::Agent { agent } if agent.state == AgentState::Done => Some(()),
        _ => None,
    };
    stand.seen("that it is done", view.clone(), done).await;
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    stand.elsewhere().archive_agent(&wire).await.unwrap();
    let words = Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Words {
            text: "Also on phones.".to_owned(),
        },
        plan_first: false,
    };
    stand.change(words).await;
    let refused = stand
        .until("it is refused", |world| {
            match &world.agent(&agent)?.agent.queue.first()?.state {
                FollowUpState::Rejected { failure } => Some(failure.clone()),
                _ => None,
            }
        })
        .await;
    assert_eq!(refused, Failure::AgentArchived, "it says why, and keeps the words");
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    let archived = |update: &Update| match update {
        Update::Agent { agent } if agent.archived => Some((agent.state.clone(), agent.reconnecting)),
        _ => None,
    };
    assert_eq!(
        stand.seen("that it is archived", view, archived).await,
        (AgentState::Done, false),
        "it is done, and nothing is being mended"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_what_ended_a_moment_before_is_no_failure() {
    let stand = Stand::new().await;
    stand.connect_older().await;
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    stand.elsewhere().v0().stop(&wire).await.unwrap();
    stand
        .eventually("it ended at the service", |stand| {
            stand.practice.agents()[0].runs[0].status == Status::Cancelled
        })
        .await;
    stand.change(Change::AgentStop { agent: agent.clone() }).await;
    stand
        .stands(&agent, "it says what the service says", |state| {
            *state == AgentState::Done
        })
        .await;
    let problem = stand.engine.read(|world| world.agent(&agent)?.agent.problem.clone());
    assert_eq!(problem, None, "it is over, as was asked for");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn its_conversation_is_there_while_the_service_is_away() {
    let stand = Stand::new().await;
    stand.connect_older().await;
    let agent = stand.launched("Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    let reply = |update: &Update| match update {
        Update::Block { block } => match &block.kind {
            BlockKind::Words { nodes } => Some(nodes.clone()),
            _ => None,
        },
        _ => None,
    };
    let told = stand.seen("the reply", view.clone(), reply).await;
    // Seen on the disk: a restart may come before what is shown is kept.
    stand
        .stands(&agent, "its end", |state| matches!(state, AgentState::Done))
        .await;
    stand.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let stand = stand.restart().await;
    assert_eq!(
        stand.seen("the reply without the service", view.clone(), reply).await,
        told,
        "word by word"
    );
    assert_eq!(
        prompts(&stand, &view).await,
        vec![("Make it blue".to_owned(), 0)],
        "below its prompt"
    );

    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    let current = Change::AccountOlderApi {
        account,
        older_api: false,
    };
    stand.change(current).await;
    let stand = stand.restart().await;
    assert_eq!(
        stand.seen("the reply, by the current API", view.clone(), reply).await,
        told,
        "what the older API told is all there is for now"
    );
    stand.practice.set_fault(Fault::HtmlAnswers, 0);
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    let step = |update: &Update| match update {
        Update::Block { block } if matches!(block.kind, BlockKind::Steps { .. }) => Some(()),
        _ => None,
    };
    stand.seen("its steps", view.clone(), step).await;
    assert_eq!(
        prompts(&stand, &view).await,
        vec![("Make it blue".to_owned(), 0)],
        "its runs stand there, and the conversation does not stand beside them"
    );
}
