//! Streams that are refused around the end of a run: what they still have is waited for, and read once they are let
//! through.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use practice_cloud::{Fault, Status};
use sendoff_core::engine::steady_clock;

use crate::faulty::{ends, let_go, quick, undisturbed, works};
use crate::stand::Stand;

/// So many seconds later the stream may be asked for.
const LATER: u32 = 6;
/// So many seconds are given to a stream that says nothing.
const BACKLOG: u64 = 90;
/// So far ahead is the steady clock of the engine that waits, in seconds.
static AHEAD: AtomicU64 = AtomicU64::new(0);

fn leaping_clock() -> Duration {
    steady_clock() + Duration::from_secs(AHEAD.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_refused_beyond_the_end_is_read_once_it_is_not() {
    let expected = undisturbed().await;
    let stand = Stand::over(quick()).await;
    stand.connect().await;
    let agent = works(&stand).await;
    stand.practice.set_fault(Fault::StreamRefused, u32::MAX);
    stand.practice.cut_connections();
    let_go(&stand);
    let refused = |stand: &Stand| {
        let requests = stand.practice.requests();
        requests.iter().filter(|request| request.status == Some(503)).count()
    };
    let mut pause = tokio::time::interval(Duration::from_millis(50));
    let begun = Instant::now();
    while refused(&stand) < 4 || stand.practice.agents()[0].runs[0].status != Status::Finished {
        pause.tick().await;
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "it ends, and is asked for meanwhile"
        );
    }
    let reconnects = stand
        .engine
        .read(|world| world.agent(&agent).map(|held| held.agent.reconnecting));
    assert_eq!(reconnects, Some(true), "trouble of seconds is shown");
    stand.practice.clear_faults();
    assert_eq!(ends(&stand, &agent, 1).await, expected, "nothing lost, nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_to_be_asked_for_later_is_waited_for_beyond_the_end() {
    let expected = undisturbed().await;
    let stand = Stand::over(quick()).await;
    stand.connect().await;
    let agent = works(&stand).await;
    let closed = stand.close().await;
    closed.practice.clear_faults();
    closed.ended().await;
    // The record says first that the run is over; only then the stream says when it may be asked for.
    closed.practice.set_fault(Fault::StreamWarmup409, 1);
    closed.practice.set_fault(Fault::StreamRateLimit, LATER);
    let stand = closed.open_with(|options| options.steady = leaping_clock).await;
    stand
        .until("the refusal is shown after a while", |world| {
            world.agent(&agent)?.agent.reconnecting.then_some(())
        })
        .await;
    // When it is to come again, the time that is given to a stream that says nothing is over.
    AHEAD.store(BACKLOG - u64::from(LATER) + 2, Ordering::SeqCst);
    stand.practice.clear_faults();
    assert_eq!(ends(&stand, &agent, 1).await, expected, "nothing lost, nothing twice");
    let requests = stand.practice.requests();
    let mut asked = requests.iter().filter(|request| request.path.ends_with("/stream"));
    let refused = asked.by_ref().find(|request| request.status == Some(429));
    let after = asked.next();
    let waited = after.zip(refused).map(|(after, refused)| after.at_ms - refused.at_ms);
    assert!(
        waited.is_some_and(|waited| waited >= 1_000 * u64::from(LATER)),
        "it came again when it was told to: {waited:?}"
    );
    stand.polite();
}
