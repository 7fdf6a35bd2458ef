//! Costs that are told late: they are asked for again in a while, after a restart too, and not for ever.

use std::time::Duration;

use practice_cloud::{Fault, Knobs, Options as PracticeOptions, Practice};
use sendoff_core::engine::system_clock;
use sendoff_core::model::{AgentId, AgentState, AlarmBy, AlarmStop, Change, SpendingRules, Time};
use tokio::time::timeout;

use crate::spending::{rule, summed};
use crate::stand::Stand;

const DAY: Time = 86_400_000;
/// A patience that ends in no test.
const LONG: Duration = Duration::from_hours(1);
/// So many requests are made in a minute; half of them are not enough for all that a run needs.
const BUDGET: usize = 8;
/// One that ends soon.
const SHORT: Duration = Duration::from_millis(100);

fn two_days_later() -> Time {
    system_clock() + 2 * DAY
}

fn nine_days_later() -> Time {
    system_clock() + 9 * DAY
}

/// An agent that is done, and of which it is known what it used, but not what it cost.
async fn unpriced(stand: &Stand, text: &str) -> AgentId {
    let agent = stand.launched(text).await;
    let cost = stand
        .until("what it used is told", |world| {
            let held = &world.agent(&agent)?.agent;
            let usage = held.usage.filter(|_| held.state == AgentState::Done)?;
            Some(usage.micros)
        })
        .await;
    assert_eq!(cost, None, "but not what it cost");
    agent
}

/// How often it was asked what an agent used.
fn asked(practice: &Practice, agent: &AgentId) -> usize {
    let path = format!("/v1/agents/{agent}/usage");
    let requests = practice.requests();
    requests.iter().filter(|request| request.path == path).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_cost_is_asked_for_again_when_it_is_told_late() {
    // Two seconds after the end, by a service that does all else twenty times as fast.
    let late = PracticeOptions {
        speed: 20.0,
        knobs: Knobs {
            usage_delay_ms: 40_000,
            ..Knobs::default()
        },
        ..PracticeOptions::default()
    };
    for restarted in [false, true] {
        let stand = Stand::over(late.clone()).await;
        stand.connect().await;
        let patience = Duration::from_millis(if restarted { 3_600_000 } else { 450 });
        let stand = stand
            .close()
            .await
            .open_with(|options| options.usage_patience = patience)
            .await;
        let rules = SpendingRules {
            alarm_micros: Some(1),
            ..SpendingRules::default()
        };
        rule(&stand, rules).await;
        let agent = stand.launched("Make it blue").await;
        stand
            .stands(&agent, "it is done", |state| *state == AgentState::Done)
            .await;
        let micros = |stand: &Stand| stand.engine.read(|world| world.agent(&agent)?.agent.usage?.micros);
        assert_eq!(micros(&stand), None, "its cost is not told yet");
        let soon = Duration::from_millis(450);
        let stand = if restarted {
            stand
                .close()
                .await
                .open_with(|options| options.usage_patience = soon)
                .await
        } else {
            stand
        };
        let cost = stand
            .until("its cost is known", |world| world.agent(&agent)?.agent.usage?.micros)
            .await;
        assert!(cost > 0, "practice has prices");
        let total = summed(&stand, 1).await.total;
        assert_eq!((total.micros, total.unpriced), (cost, 0), "and it is part of the sums");
        let alarm = stand
            .until("its page says that it was too much", |world| {
                world.agent(&agent)?.agent.alarm.clone()
            })
            .await;
        assert_eq!((alarm.by, alarm.stop), (AlarmBy::Money, AlarmStop::Nothing));
        stand.polite();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cost_that_is_owed_is_asked_for_at_a_start_for_eight_days() {
    let stand = Stand::new().await;
    stand.connect().await;
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::CostMissing, u32::MAX);
    let stand = closed.open_with(|options| options.usage_patience = LONG).await;
    let first = unpriced(&stand, "Make it blue").await;
    let stand = stand
        .close()
        .await
        .open_with(|options| {
            options.usage_patience = LONG;
            options.clock = two_days_later;
        })
        .await;
    let second = unpriced(&stand, "Make it red").await;
    let closed = stand.close().await;
    closed.practice.clear_faults();
    let both = |practice: &Practice| (asked(practice, &first), asked(practice, &second));
    let before = both(&closed.practice);
    let stand = closed
        .open_with(|options| {
            options.usage_patience = SHORT;
            options.clock = nine_days_later;
        })
        .await;
    let cost = stand
        .until("the cost of a week ago is known", |world| {
            world.agent(&second)?.agent.usage?.micros
        })
        .await;
    assert!(cost > 0, "practice has prices");
    // Asked for at the same time, the other would have come by the time of some more requests.
    stand.change(Change::AgentRefresh { agent: second.clone() }).await;
    stand
        .eventually("its page was refreshed", |stand| {
            both(&stand.practice).1 >= before.1 + 2
        })
        .await;
    assert_eq!(
        both(&stand.practice).0,
        before.0,
        "of nine days ago nothing is asked any more"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_cost_leaves_half_of_the_budget_to_who_waits() {
    let stand = Stand::new().await;
    stand.connect().await;
    let closed = stand.close().await;
    closed.practice.set_fault(Fault::CostMissing, u32::MAX);
    let stand = closed
        .open_with(|options| {
            options.requests_per_minute = BUDGET;
            options.usage_patience = Duration::from_millis(1);
        })
        .await;
    let agent = unpriced(&stand, "Make it blue").await;
    let again = stand.eventually("it is asked again", |stand| asked(&stand.practice, &agent) > 1);
    let again = timeout(Duration::from_millis(500), again).await;
    assert!(again.is_err(), "more than half of the minute's requests are made");
    let models = timeout(Duration::from_secs(10), stand.engine.models()).await;
    assert!(
        models.is_ok_and(|models| models.is_ok()),
        "and who waits for something gets it"
    );
    stand.polite();
}
