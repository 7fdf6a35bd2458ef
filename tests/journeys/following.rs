//! Ends that happened while nobody looked, refusals that pass, results under the run that left them.

use std::collections::BTreeSet;

use cursor_cloud_agents::{CreateAgent, Prompt};
use practice_cloud::{Fault, Options as PracticeOptions};
use sendoff_core::engine::{Need, NoticeKind};
use sendoff_core::markdown;
use sendoff_core::model::{AgentId, AgentState, BlockKind, Change, Failure, FollowUpSource, RowTarget, Update, View};
use sendoff_core::record::AgentRecord;
use sendoff_core::world::World;

use crate::stand::Stand;

/// A cloud without delays whose runs stand still after their first words, until the faults are cleared.
async fn held() -> Stand {
    let stand = Stand::new().await;
    stand.connect().await;
    stand.practice.set_fault(Fault::RunsHeld, 4);
    stand
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_while_the_service_was_away_is_told_once_it_is_back() {
    let stand = held().await;
    let agent = stand.launched("Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let closed = stand.close().await;
    closed.practice.clear_faults();
    closed.ended().await;
    closed.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let mut stand = closed.open().await;
    stand
        .until("asking for it failed", |world| {
            world.agent(&agent)?.agent.problem.clone()
        })
        .await;
    let state = stand.engine.read(|world| world.agent(&agent).map(AgentRecord::is_live));
    assert_eq!(state, Some(true), "nobody knows better yet");
    stand.practice.clear_faults();
    let told = stand.told().await;
    assert_eq!(
        told,
        (NoticeKind::Done, None, Some(RowTarget::Agent(agent.clone()))),
        "its end is told although nobody asked again"
    );
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_asked_while_the_app_was_closed_is_told_as_one() {
    let stand = held().await;
    let agent = stand.launched("[ask] Which blue?").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let closed = stand.close().await;
    closed.practice.clear_faults();
    closed.ended().await;
    let mut stand = closed.open().await;
    let told = stand.told().await;
    let expected = (
        NoticeKind::NeedsYou,
        Some(Need::Question),
        Some(RowTarget::Agent(agent.clone())),
    );
    assert_eq!(
        told, expected,
        "a record that says finished does not say that it is done"
    );
    stand
        .until("all of it is here", |world| {
            let held = &world.agent(&agent)?.agent;
            (matches!(held.state, AgentState::Asks { .. }) && held.usage.is_some()).then_some(())
        })
        .await;
    assert!(stand.signals.try_recv().is_err(), "and nothing else is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_deleted_elsewhere_at_work_has_failed() {
    let mut stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    stand.elsewhere().delete_agent(&wire).await.unwrap();
    stand.practice.cut_connections();
    let told = stand.told().await;
    assert_eq!(
        told,
        (NoticeKind::Failed, None, Some(RowTarget::Agent(agent.clone()))),
        "it will never end by itself"
    );
    let gone = AgentState::Failed {
        failure: Failure::AgentGone,
    };
    stand
        .stands(&agent, "it is said to be gone", |state| *state == gone)
        .await;
    let ended = |update: &Update| match update {
        Update::Block { block } => matches!(block.kind, BlockKind::Ended { .. }).then_some(()),
        _ => None,
    };
    let view = View::Agent { id: agent.clone() };
    stand
        .seen("and its conversation ends, with no step under way", view, ended)
        .await;
    let stand = stand.restart().await;
    stand
        .stands(&agent, "it is still said to be gone", |state| *state == gone)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_after_a_refusal_that_passed_and_is_told_of_once() {
    let mut stand = held().await;
    let agent = stand.launched("Make it blue").await;
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;
    stand.practice.set_fault(Fault::UnauthorizedFromNow, u32::MAX);
    stand.practice.cut_connections();
    let refused = (NoticeKind::NeedsYou, Some(Need::Account), None);
    assert_eq!(stand.told().await, refused, "the account was refused");
    let mut stand = stand.restart().await;
    let problem = |world: &World| world.accounts().first()?.problem.clone();
    let again = stand.until("it is refused again", problem).await;
    assert_eq!(again, Failure::KeyRefused, "for the same reason");
    stand.practice.clear_faults();
    stand.change(Change::ListRefresh).await;
    let told = stand.told().await;
    assert_eq!(
        told,
        (NoticeKind::Done, None, Some(RowTarget::Agent(agent.clone()))),
        "the same refusal is not told twice, and a list that comes is proof enough to go on"
    );
    assert_eq!(stand.engine.read(problem), None, "nothing stands in the way any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_a_newer_answer_overtook_is_no_news() {
    let mut options = PracticeOptions {
        speed: 0.0,
        ..PracticeOptions::default()
    };
    // In this time the list comes.
    options.knobs.slow_answer_ms = 4_000;
    let mut stand = Stand::over(options).await;
    stand.connect().await;
    stand.practice.set_fault(Fault::RunsHeld, 4);
    let agent = stand.launched("Make it blue").await;
    stand
        .until("it gives signs of life", |world| world.agent(&agent)?.agent.last_sign)
        .await;
    stand.practice.set_fault(Fault::UnauthorizedLate, 1);
    stand.practice.cut_connections();
    let seen = stand.practice.requests().len();
    stand
        .eventually("it is asked for again", |stand| stand.practice.requests().len() > seen)
        .await;
    stand.change(Change::ListRefresh).await;
    stand
        .eventually("the refusal came", |stand| {
            let requests = stand.practice.requests();
            requests.iter().any(|request| request.status == Some(401))
        })
        .await;
    stand.practice.clear_faults();
    assert_eq!(
        stand.told().await,
        (NoticeKind::Done, None, Some(RowTarget::Agent(agent))),
        "the list shows that the key is good, and following goes on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_leaves_stays_with_it() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("Make it blue").await;
    stand
        .until("the first run left its picture", |world| {
            let left = &world.agent(&agent)?.agent.artifacts;
            left.iter().any(|artifact| artifact.picture.is_some()).then_some(())
        })
        .await;
    stand
        .change(Change::FollowUpSend {
            agent: agent.clone(),
            source: FollowUpSource::Words {
                text: "Also on phones.".to_owned(),
            },
            plan_first: false,
        })
        .await;
    let (runs, left) = stand
        .until("both runs left a picture", |world| {
            let held = &world.agent(&agent)?.agent;
            let left: BTreeSet<_> = held
                .artifacts
                .iter()
                .filter(|artifact| artifact.picture.is_some())
                .map(|artifact| artifact.run.clone().map(|run| run.0))
                .collect();
            let runs: BTreeSet<_> = held.runs.iter().map(|run| Some(run.id.0.clone())).collect();
            (left.len() > 1).then_some((runs, left))
        })
        .await;
    assert_eq!(left, runs, "each picture belongs to the run that left it");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_on_disk_when_the_app_quits() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    let step = |update: &Update| match update {
        Update::Block { block } if matches!(block.kind, BlockKind::Steps { .. } | BlockKind::Words { .. }) => Some(()),
        _ => None,
    };
    stand.seen("a step", view.clone(), step).await;
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let stand = closed.open().await;
    stand.seen("the same step without the service", view, step).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_be_read_are_put_aside_and_what_the_service_knows_comes_back() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("Make it blue").await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let text = "Half a sentence".to_owned();
    let half = Change::AnswerText {
        agent: agent.clone(),
        text,
    };
    stand.change(half).await;
    let label = Change::RepositoryLabel {
        url: "https://github.com/acme/web".to_owned(),
        nickname: "The shop".to_owned(),
        color: 1,
    };
    stand.change(label).await;
    let mut broken = Vec::new();
    let break_off = |body: &mut String| {
        body.pop();
        body.clone()
    };
    let stand = stand
        .restart_after(|store| {
            let account = store.accounts().unwrap().remove(0).id;
            let (mut agents, mut runs) = (
                store.agents(&account).unwrap(),
                store.runs(&account, agent.as_str()).unwrap(),
            );
            broken.extend(agents.iter_mut().map(|row| break_off(&mut row.body)));
            broken.extend(runs.iter_mut().map(|row| break_off(&mut row.body)));
            let mut repositories = store.repositories(&account).unwrap();
            repositories.retain(|row| row.url.ends_with("acme/web"));
            broken.extend(repositories.iter_mut().map(|row| break_off(&mut row.body)));
            store.put_repositories(&repositories).unwrap();
            store.put_agents(&agents).unwrap();
            store.put_runs(&runs).unwrap();
        })
        .await;
    assert!(
        broken.len() == 3 && broken[0].contains("Half a sentence") && broken[2].contains("The shop"),
        "an agent with an answer, its run, and a repository with a name: {broken:?}"
    );
    let view = View::Agent { id: agent.clone() };
    stand
        .until("the list has it", |world| world.agent(&agent).map(drop))
        .await;
    let words = |update: &Update| match update {
        Update::Block { block } if matches!(block.kind, BlockKind::Words { .. }) => Some(()),
        _ => None,
    };
    stand.seen("what it said", view, words).await;
    stand
        .until("its repository is known again", |world| {
            let mut items = world.repositories().items.iter();
            items.find(|known| known.url.ends_with("acme/web")).map(drop)
        })
        .await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let mut kept = Vec::new();
    let stand = stand
        .restart_after(|store| kept.extend(store.settings_under("unread/").unwrap()))
        .await;
    kept.sort();
    broken.sort();
    assert_eq!(kept, broken, "every word that was in them is still there");
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    stand.change(Change::AccountRemove { account }).await;
    kept.clear();
    stand
        .restart_after(|store| kept.extend(store.settings_under("unread/").unwrap()))
        .await;
    assert_eq!(kept, Vec::<String>::new(), "it goes with its account");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_list_that_was_interrupted_is_fetched_to_its_end() {
    let stand = Stand::new().await;
    stand.connect().await;
    let closed = stand.close().await;
    let elsewhere = closed.elsewhere();
    for number in 0..101 {
        let words = format!("fail: {number}");
        elsewhere
            .create_agent(&CreateAgent {
                prompt: Prompt {
                    text: words,
                    images: Vec::new(),
                },
                ..CreateAgent::default()
            })
            .await
            .unwrap();
    }
    let known = |count: usize| move |world: &World| (world.agents().count() == count).then_some(());
    // One request a minute is for lists: the first page comes, the second would have to wait.
    let stand = closed.open_within(2).await;
    stand.until("the newest page is known", known(100)).await;
    let stand = stand.restart().await;
    stand.until("all are known", known(101)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_behind_the_window_is_read_when_the_window_comes_to_front() {
    let stand = held().await;
    let agent = stand.launched("Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    stand.engine.changes(0, view.clone()).await;
    stand.practice.clear_faults();
    stand
        .until("it ended unread", |world| world.agent(&agent)?.unread.then_some(()))
        .await;
    // Its page still asks, as one that is open behind another window does.
    stand.engine.changes(0, view).await;
    let engine = stand.engine.clone();
    // The window tells from the main thread, which has no runtime.
    let told = std::thread::spawn(move || engine.set_focused(true)).join();
    assert!(told.is_ok(), "any thread may tell of the focus");
    stand
        .until("it is read", |world| (!world.agent(&agent)?.unread).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_elsewhere_and_is_not_replayed_any_more_is_told_by_the_conversation() {
    let stand = Stand::new().await;
    stand.connect().await;
    let closed = stand.close().await;
    let elsewhere = closed.elsewhere();
    let prompt = Prompt {
        text: "Make it blue".to_owned(),
        images: Vec::new(),
    };
    let create = CreateAgent {
        prompt,
        ..CreateAgent::default()
    };
    let wire = elsewhere.create_agent(&create).await.unwrap().agent.id;
    closed.ended().await;
    let told = elsewhere.v0().conversation(&wire).await.unwrap().messages.pop();
    closed.practice.set_fault(Fault::Stream410, u32::MAX);
    let stand = closed.open().await;
    let agent = AgentId(wire.to_string());
    stand
        .until("it is in the list", |world| world.agent(&agent).map(|_| ()))
        .await;
    let view = View::Agent { id: agent.clone() };
    let seen = |update: &Update| match update {
        Update::Block { block } => matches!(block.kind, BlockKind::Ended { .. }).then_some(()),
        _ => None,
    };
    stand.seen("its end", view, seen).await;
    let told = markdown::words(&markdown::parse(&told.unwrap().text));
    assert_eq!(
        stand.said(&agent).await.join("\n"),
        format!("asked: Make it blue\na gap\n{told}\nFinished"),
        "steps are missing, and it is said"
    );
}
