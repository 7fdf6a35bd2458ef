//! The main job: a picture and a sentence become an agent, its end is told, its result is here, a follow-up goes on.

use sendoff_core::engine::{NoticeKind, Signal};
use sendoff_core::model::{AgentState, BlockKind, Change, Ending, FollowUpSource, RowTarget, Update, View};

use crate::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_and_a_sentence_become_a_pull_request() {
    let mut stand = Stand::new().await;
    stand.change(Change::AccountPractice).await;
    let draft = stand.draft("Center the sign-in button.\nIt sits too far right.").await;
    stand.picture(&draft).await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    assert_eq!(
        stand.engine.read(|world| world.draft(&draft).cloned()),
        None,
        "a sent draft is part of its launch"
    );

    let view = View::Agent { id: agent.clone() };
    stand
        .seen("the prompt with its picture", view.clone(), |update| match update {
            Update::Block { block } => match &block.kind {
                BlockKind::Prompt { text, shots } if shots.len() == 1 => Some(text.clone()),
                _ => None,
            },
            _ => None,
        })
        .await;
    stand
        .seen("the end", view, |update| match update {
            Update::Block { block } => match &block.kind {
                BlockKind::Ended {
                    ending: Ending::Finished,
                    ..
                } => Some(()),
                _ => None,
            },
            _ => None,
        })
        .await;
    let (pull_requests, pictures) = stand
        .until("the result is here", |world| {
            let held = &world.agent(&agent)?.agent;
            let pictures = held
                .artifacts
                .iter()
                .filter(|artifact| artifact.picture.is_some())
                .count();
            (held.state == AgentState::Done && held.usage.is_some() && pictures > 0)
                .then_some((held.pull_requests.len(), pictures))
        })
        .await;
    assert_eq!(
        (pull_requests, pictures),
        (1, 1),
        "one pull request and one picture of the result"
    );
    let told = stand.signals.recv().await.unwrap();
    let Signal::Notice { kind, target, .. } = told;
    assert_eq!(
        (kind, target),
        (NoticeKind::Done, Some(RowTarget::Agent(agent.clone()))),
        "its end is told once"
    );

    stand
        .change(Change::FollowUpSend {
            agent: agent.clone(),
            source: FollowUpSource::Words {
                text: "Also on phones.".to_owned(),
            },
            plan_first: false,
        })
        .await;
    stand
        .until("the follow-up is done", |world| {
            let held = &world.agent(&agent)?.agent;
            (held.runs.len() == 2 && held.state == AgentState::Done && held.queue.is_empty()).then_some(())
        })
        .await;
    stand.polite();

    let before = stand.engine.read(|world| world.agent(&agent).cloned()).unwrap();
    let stand = stand.restart().await;
    let after = stand.engine.read(|world| world.agent(&agent).cloned()).unwrap();
    assert_eq!(after.agent.title, before.agent.title, "its title is kept");
    let ids = |record: &sendoff_core::record::AgentRecord| -> Vec<_> {
        record.agent.runs.iter().map(|run| run.id.clone()).collect()
    };
    assert_eq!(ids(&after), ids(&before), "its runs are kept");
    let mut prompts = Vec::new();
    stand.practice.cut_connections();
    stand
        .seen(
            "both prompts after a restart",
            View::Agent { id: agent.clone() },
            |update| match update {
                Update::Block { block } => match &block.kind {
                    BlockKind::Prompt { text, .. } if text.starts_with("Also") => Some(()),
                    _ => None,
                },
                _ => None,
            },
        )
        .await;
    let changes = stand.engine.changes(0, View::Agent { id: agent.clone() }).await;
    for update in changes.updates {
        if let Update::Block { block } = update
            && let BlockKind::Prompt { text, shots } = block.kind
        {
            prompts.push((block.order, text, shots.len()));
        }
    }
    prompts.sort();
    let prompts: Vec<_> = prompts.into_iter().map(|(_, text, shots)| (text, shots)).collect();
    let expected = vec![
        ("Center the sign-in button.\nIt sits too far right.".to_owned(), 1),
        ("Also on phones.".to_owned(), 0),
    ];
    assert_eq!(
        prompts, expected,
        "the transcript is on disk, in order, with its pictures"
    );
}
