//! Faults in the middle of following: whatever a stream does, the page shows the same words once, what waits is sent
//! once, and what the agent leaves is there.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use practice_cloud::{Fault, Knobs, Options as PracticeOptions, Told};
use sendoff_core::model::{AgentId, AgentState, BlockKind, Change, FollowUpSource, StepState, Update, View};
use sendoff_core::world::World;
use tokio::task::JoinSet;

use crate::stand::Stand;

/// Stories of twenty seconds take two.
const QUICK: f64 = 10.0;
/// So many things an agent does until its first steps are shown.
const BEGUN: u32 = 30;

pub(crate) fn quick() -> PracticeOptions {
    PracticeOptions {
        speed: QUICK,
        ..PracticeOptions::default()
    }
}

/// A new agent, once its first step is shown. It does no more until it is let go.
pub(crate) async fn works(stand: &Stand) -> AgentId {
    stand.practice.set_fault(Fault::RunsHeld, BEGUN);
    let agent = stand.launched("Make it blue").await;
    let view = View::Agent { id: agent.clone() };
    stand
        .seen("its first step", view, |update| match update {
            Update::Block { block } if matches!(block.kind, BlockKind::Steps { .. }) => Some(()),
            _ => None,
        })
        .await;
    agent
}

/// Lets go what was held.
pub(crate) fn let_go(stand: &Stand) {
    stand.practice.set_fault(Fault::RunsHeld, 0);
}

/// Waits until so many ends are shown, and gives all that is.
pub(crate) async fn ends(stand: &Stand, agent: &AgentId, count: usize) -> Vec<String> {
    let begun = Instant::now();
    let mut pause = tokio::time::interval(Duration::from_millis(50));
    loop {
        pause.tick().await;
        let said = stand.said(agent).await;
        if said.iter().filter(|line| *line == "Finished").count() == count {
            return said.iter().map(|line| comparable(Fault::StreamStall, line)).collect();
        }
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "{count} ends are shown: {said:#?}"
        );
    }
}

/// What is shown of a run when nothing disturbs it.
pub(crate) async fn undisturbed() -> Vec<String> {
    let stand = Stand::over(quick()).await;
    stand.connect().await;
    let agent = works(&stand).await;
    let_go(&stand);
    ends(&stand, &agent, 1).await
}

/// Waits until both runs are over and what they left is here: what is shown, how many runs there are, and how many of
/// them left a file.
async fn all_of(stand: &Stand, agent: &AgentId) -> (Vec<String>, usize, usize) {
    let over = |world: &World| {
        let held = &world.agent(agent)?.agent;
        let left: BTreeSet<_> = held
            .artifacts
            .iter()
            .filter_map(|artifact| artifact.run.clone())
            .collect();
        let over = held.state == AgentState::Done && held.queue.is_empty() && held.runs.len() == 2 && left.len() == 2;
        over.then_some((held.runs.len(), left.len()))
    };
    let (runs, left) = stand.until("both runs are over and left something", over).await;
    // A run that the next one overtook is read to its end behind it.
    (ends(stand, agent, 2).await, runs, left)
}

/// Has an agent and its runs asked for anew.
async fn asked_anew(stand: &Stand, agent: &AgentId) {
    let path = format!("/v1/agents/{agent}/runs");
    let listed = |stand: &Stand| {
        let requests = stand.practice.requests();
        requests
            .iter()
            .filter(|request| request.path == path && request.status.is_some())
            .count()
    };
    let before = listed(stand);
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    stand
        .eventually("its runs are listed", |stand| listed(stand) > before)
        .await;
}

/// One agent with a follow-up that waits while a fault is set and its stream is cut, as asked for.
async fn with(fault: Option<(Fault, u32)>) -> (Vec<String>, usize, usize) {
    let stand = Stand::over(quick()).await;
    stand.connect().await;
    let agent = works(&stand).await;
    let text = "Also on phones.".to_owned();
    stand
        .change(Change::FollowUpSend {
            agent: agent.clone(),
            source: FollowUpSource::Words { text },
            plan_first: false,
        })
        .await;
    if let Some((fault, number)) = fault {
        stand.practice.set_fault(fault, number);
        stand.practice.cut_connections();
    }
    // Asked for while its runs are under way.
    asked_anew(&stand, &agent).await;
    let_go(&stand);
    stand
        .eventually("the second run began", |stand| {
            stand.practice.agents()[0].runs.len() == 2
        })
        .await;
    asked_anew(&stand, &agent).await;
    let all = all_of(&stand, &agent).await;
    if let Some((fault, _)) = fault {
        assert!(stand.practice.struck(fault) > 0, "{fault:?} strikes at all");
    }
    assert_eq!(
        stand
            .practice
            .agents()
            .iter()
            .map(|agent| agent.runs.len())
            .collect::<Vec<_>>(),
        [2],
        "with {fault:?} what waited is sent once"
    );
    stand.polite();
    all
}

fn is_step(line: &str) -> bool {
    line.starts_with("step: ")
}

/// A line as it is shown, whatever the branch is called; of a step whose result the service left out only which it is.
fn comparable(fault: Fault, line: &str) -> String {
    match fault {
        Fault::StreamTruncatedResult if is_step(line) => line.split(' ').take(2).collect(),
        _ if is_step(line) && line.contains("git push") => "step: Runs git push".to_owned(),
        _ => line.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_stream_does_the_same_is_shown() {
    let expected = with(None).await;
    assert!(
        expected.0.iter().any(|line| is_step(line)) && !expected.0.iter().any(|line| line == "a gap"),
        "steps and words: {expected:#?}"
    );
    let faults = [
        (Fault::StreamEofBeforeDone, 2),
        (Fault::StreamDropAfterEvents, 25),
        (Fault::StreamDuplicateOnResume, u32::MAX),
        (Fault::StreamHalfFrame, 3),
        (Fault::StreamUnknownEvent, u32::MAX),
        (Fault::StreamUnknownStatus, u32::MAX),
        (Fault::StreamTruncatedResult, u32::MAX),
        (Fault::StreamSplitCharacters, u32::MAX),
        (Fault::StreamUnavailableInBand, 2),
        (Fault::StreamWarmup409, 2),
        (Fault::NullCursor, u32::MAX),
        (Fault::ExtraFields, u32::MAX),
        (Fault::OldActive, u32::MAX),
        (Fault::RunListLag, 2),
        (Fault::NameMissing, u32::MAX),
        (Fault::Usage403, u32::MAX),
        (Fault::CostMissing, u32::MAX),
        (Fault::ArtifactLinkExpired, 2),
    ];
    let mut tried = JoinSet::new();
    for (fault, number) in faults {
        tried.spawn(async move { (fault, with(Some((fault, number))).await) });
    }
    while let Some(tried) = tried.join_next().await {
        let (fault, (shown, runs, left)) = tried.unwrap();
        assert_eq!((runs, left), (2, 2), "with {fault:?}");
        // How many lines an edit has stands in its result.
        let told = |lines: &[String]| lines.iter().map(|line| comparable(fault, line)).collect::<Vec<_>>();
        assert_eq!(told(&shown), told(&expected.0), "with {fault:?} as without");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_stream_is_gone_the_end_is_shown_with_all_that_was_said() {
    let expected = with(None).await.0;
    let (said, runs, left) = with(Some((Fault::Stream410, u32::MAX))).await;
    assert_eq!((runs, left), (2, 2), "the queue went on, and what both left is here");
    assert!(
        said.iter().any(|line| line == "a gap"),
        "it is said that steps are missing: {said:#?}"
    );
    let words = |lines: &[String]| {
        let words = lines.iter().rev().filter(|line| !is_step(line) && *line != "a gap");
        words.take(4).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        words(&said),
        words(&expected),
        "the last words and the end are all there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_fell_silent_is_noticed_and_nothing_is_lost() {
    let expected = undisturbed().await;
    let stand = Stand::over(PracticeOptions {
        knobs: Knobs {
            // Half a second, in which heartbeats come.
            boot_ms: 5_000,
            heartbeat_first_ms: 50,
            heartbeat_every_ms: 50,
            ..Knobs::default()
        },
        ..quick()
    })
    .await;
    stand.connect().await;
    let agent = works(&stand).await;
    let opened = |stand: &Stand| {
        let requests = stand.practice.requests();
        requests
            .iter()
            .filter(|request| request.path.ends_with("/stream"))
            .count()
    };
    let before = opened(&stand);
    stand.practice.set_fault(Fault::StreamStall, 1);
    let_go(&stand);
    let begun = Instant::now();
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    while opened(&stand) == before {
        pause.tick().await;
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "a silent link is never noticed: {:#?}",
            stand.said(&agent).await
        );
    }
    let noticed = begun.elapsed();
    assert!(
        stand.practice.struck(Fault::StreamStall) > 0,
        "it is silent by the fault"
    );
    stand.practice.clear_faults();
    assert!(
        (Duration::from_secs(35)..Duration::from_secs(50)).contains(&noticed),
        "three heartbeats of 15 s at most are waited for: {noticed:?}"
    );
    stand.practice.cut_connections();
    assert_eq!(ends(&stand, &agent, 1).await, expected, "nothing lost, nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_output_is_too_large_ends_all_the_same() {
    let output = "All work and no play.\n".repeat(300_000);
    let command = |command: &str, output: String| Told::Command {
        command: command.to_owned(),
        output,
    };
    let stand = Stand::over(PracticeOptions {
        told: vec![vec![
            command("npm run large", output[..2 << 20].to_owned()),
            command("npm run huge", output),
            Told::Words("That was much.".to_owned()),
        ]],
        speed: 0.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let agent = stand.launched("[told] 0").await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let view = View::Agent { id: agent.clone() };
    stand
        .seen("its end", view.clone(), |update| match update {
            Update::Block { block } if matches!(block.kind, BlockKind::Ended { .. }) => Some(()),
            _ => None,
        })
        .await;
    let changes = stand.engine.changes(0, view).await;
    let steps: Vec<_> = changes
        .updates
        .into_iter()
        .filter_map(|update| match update {
            Update::Block { block } => match block.kind {
                BlockKind::Steps { step, calls, .. } => Some((block.run?, step.state, calls?.first)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let states: Vec<_> = steps.iter().map(|(_, state, _)| *state).collect();
    assert_eq!(states, [StepState::Done, StepState::Done], "neither waits for its end");
    for (run, _, call) in &steps {
        let mut detail = None;
        while detail.is_none() {
            detail = stand.engine.step_detail(&agent, run, call).await.unwrap();
            tokio::task::yield_now().await;
        }
        let detail = detail.unwrap();
        assert_eq!(
            (detail.state, detail.withheld, detail.parts.len()),
            (StepState::Done, true, 2),
            "its command and how it was run, and that its output was left out: {detail:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_agents_are_followed_within_the_budget_of_a_minute() {
    let stand = Stand::over(quick()).await;
    stand.connect().await;
    let stand = stand.close().await.open_within(20).await;
    let before = stand.practice.requests().len();
    let begun = Instant::now();
    let mut agents = Vec::new();
    for number in 0..30 {
        agents.push(stand.launched(&format!("Make it blue, and {number}")).await);
    }
    for agent in &agents {
        stand
            .stands(agent, "it is done", |state| *state == AgentState::Done)
            .await;
    }
    let took = begun.elapsed();
    assert!(
        took < Duration::from_secs(55),
        "their ends are told by their streams, not by questions that wait for the next minute: {took:?}"
    );
    let asked = stand
        .practice
        .requests()
        .split_off(before)
        .into_iter()
        .filter(|request| {
            request.method == "GET" && request.path.starts_with("/v") && !request.path.ends_with("/stream")
        })
        .map(|request| request.path)
        .collect::<Vec<_>>();
    assert!(
        (1..=20).contains(&asked.len()),
        "at most twenty questions in this minute: {asked:#?}"
    );
}
