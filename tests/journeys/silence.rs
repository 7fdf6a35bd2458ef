//! An agent that is not heard of any more: quiet after a while, stuck after a long one, working once it is heard.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sendoff_core::engine::{AtHandState, steady_clock};
use sendoff_core::model::{AgentId, AgentState, BlockKind, Change, Silence, StepDetail, StepState, Update, View};
use sendoff_core::secrets::KeychainError;

use crate::stand::Stand;

/// So far ahead is the steady clock of the engines in this module.
static AHEAD: AtomicU64 = AtomicU64::new(0);

fn leaping_clock() -> Duration {
    steady_clock() + Duration::from_secs(AHEAD.load(Ordering::SeqCst))
}

/// Has the record of an agent asked for, and waits until its silence is judged as wanted: without a heartbeat, and
/// whether it is stuck.
async fn judged(stand: &Stand, agent: &AgentId, what: &str, stuck: bool) -> Silence {
    stand.insist(Change::AgentRefresh { agent: agent.clone() }).await;
    stand
        .until(what, |world| {
            let silence = world.agent(agent)?.silence()?;
            (!silence.beats && silence.stuck == stuck).then_some(silence)
        })
        .await
}

/// Waits until all is told that the story tells before it falls silent: both files are read. What came later would be a
/// sign of life after the leap of the clock.
async fn fallen_silent(stand: &Stand, agent: &AgentId) {
    let last = |update: &Update| match update {
        Update::Block { block } => match &block.kind {
            BlockKind::Steps { step, .. } => {
                let read = matches!(step.detail, StepDetail::Reads { count: 2, .. });
                (read && step.state == StepState::Done).then_some(())
            }
            _ => None,
        },
        _ => None,
    };
    stand
        .seen("both files read", View::Agent { id: agent.clone() }, last)
        .await;
}

/// How often a stream was asked for.
fn streams(stand: &Stand) -> usize {
    let asked = stand.practice.requests();
    asked.iter().filter(|request| request.path.ends_with("/stream")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_not_heard_of_is_quiet_then_stuck_and_the_tray_says_so() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = stand.launched("[silent] Polish the icons").await;
    fallen_silent(&stand, &agent).await;
    let opened = streams(&stand);
    let place = |stand: &Stand| {
        stand.engine.read(|world| {
            let record = world.agent(&agent).unwrap();
            (record.touched_at, record.unread)
        })
    };
    let before = place(&stand);
    // A key that comes late halts its following at first.
    stand.keychain.set_trouble(Some(KeychainError::Locked));
    let closed = stand.close().await;
    let stand = closed.open_with(|options| options.steady = leaping_clock).await;
    let account = stand
        .until("the locked keychain is said", |world| {
            let account = &world.accounts()[0];
            account.problem.as_ref().map(|_| account.id.clone())
        })
        .await;
    stand.insist(Change::AgentRefresh { agent: agent.clone() }).await;
    stand.keychain.set_trouble(None);
    stand.change(Change::AccountRetry { account }).await;
    let working = |state: &AgentState| matches!(state, AgentState::Working { .. });
    stand.stands(&agent, "it works", working).await;
    stand
        .eventually("its stream is open again", |stand| streams(stand) > opened)
        .await;
    let none = stand.engine.read(|world| world.agent(&agent).unwrap().silence());
    assert_eq!(none, None, "nothing is held against it yet");
    assert_eq!(place(&stand), before, "our own start is no news of it");

    AHEAD.store(91, Ordering::SeqCst);
    let quiet = judged(&stand, &agent, "it is quiet after a minute and a half", false).await;
    let tray = |stand: &Stand| stand.engine.at_hand().iter().map(|one| one.state).collect::<Vec<_>>();
    assert_eq!(tray(&stand), [AtHandState::Quiet], "the tray says that it is quiet");

    AHEAD.store(11 * 60, Ordering::SeqCst);
    let stuck = judged(&stand, &agent, "it is stuck after ten minutes", true).await;
    assert_eq!(tray(&stand), [AtHandState::Stuck], "and that it is stuck");
    assert_eq!(stuck.since, quiet.since, "since the same last sign");
    stand
        .stands(&agent, "its record says that it runs, and so it does", working)
        .await;
    stand.polite();
}
