//! An agent that is not heard of any more: quiet after a while, stuck after a long one, working once it is heard.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sendoff_core::engine::steady_clock;
use sendoff_core::model::{AgentId, AgentState, Change, Silence};

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
    let opened = streams(&stand);
    let closed = stand.close().await;
    let stand = closed.open_with(|options| options.steady = leaping_clock).await;
    let working = |state: &AgentState| matches!(state, AgentState::Working { .. });
    stand.stands(&agent, "it works", working).await;
    stand
        .eventually("its stream is open again", |stand| streams(stand) > opened)
        .await;
    let none = stand.engine.read(|world| world.agent(&agent).unwrap().silence());
    assert_eq!(none, None, "nothing is held against it yet");

    AHEAD.store(91, Ordering::SeqCst);
    let quiet = judged(&stand, &agent, "it is quiet after a minute and a half", false).await;
    let tray = |stand: &Stand| stand.engine.working().iter().map(|one| one.silence).collect::<Vec<_>>();
    assert_eq!(tray(&stand), [Some(false)], "the tray says that it is quiet");

    AHEAD.store(11 * 60, Ordering::SeqCst);
    let stuck = judged(&stand, &agent, "it is stuck after ten minutes", true).await;
    assert_eq!(tray(&stand), [Some(true)], "and that it is stuck");
    assert_eq!(stuck.since, quiet.since, "since the same last sign");
    stand
        .stands(&agent, "its record says that it runs, and so it does", working)
        .await;
    stand.polite();
}
