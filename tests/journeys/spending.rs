//! What runs cost: sums that last, estimates, limits, alarms, and an account that is told nothing.

use std::time::Duration;

use practice_cloud::{Fault, Knobs, Options as PracticeOptions};
use sendoff_core::engine::{Need, NoticeKind, Signal, system_clock};
use sendoff_core::model::{
    AgentId, AgentState, AlarmBy, AlarmStop, Change, Estimate, Failure, LimitReached, Limits, RowTarget, RunAlarm,
    Settings, ShotTarget, SpendingRange, SpendingRules, Time, Usage,
};
use tokio::time::timeout;

use crate::stand::Stand;

/// Sends words to a new agent, and gives what it used once that is known.
async fn used(stand: &Stand, text: &str) -> (AgentId, Usage) {
    let agent = stand.launched(text).await;
    let usage = stand
        .until("it is known what it used", |world| {
            let held = &world.agent(&agent)?.agent;
            held.usage.filter(|_| held.state == AgentState::Done)
        })
        .await;
    (agent, usage)
}

/// Sets the rules of spending.
pub(crate) async fn rule(stand: &Stand, spending: SpendingRules) {
    let settings = stand.engine.read(|world| world.settings().clone());
    let settings = Settings { spending, ..settings };
    stand.change(Change::SettingsChange { settings }).await;
}

/// Waits until so many runs are summed.
pub(crate) async fn summed(stand: &Stand, runs: u64) -> sendoff_core::model::Spending {
    let waiting = async {
        loop {
            let spending = stand.engine.spending(SpendingRange::Week).await.unwrap();
            if spending.total.runs >= runs {
                return spending;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_mins(1), waiting)
        .await
        .expect("what was used is summed")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_runs_cost_is_summed_and_a_restart_keeps_it() {
    let stand = Stand::new().await;
    stand.connect().await;
    let (first, one) = used(&stand, "Make it blue").await;
    let (second, other) = used(&stand, "Make it green, and the border of it too").await;
    let spending = summed(&stand, 2).await;
    let micros = one.micros.unwrap() + other.micros.unwrap();
    assert!(micros > 0, "practice has prices");
    let total = spending.total;
    assert_eq!(
        (
            total.micros,
            total.input + total.output + total.cache_read + total.cache_write,
            total.unpriced
        ),
        (micros, one.tokens + other.tokens, 0),
        "the sums are those of the two"
    );
    assert_eq!(
        (spending.days.len(), spending.days.last().map(|day| day.spent)),
        (7, Some(total)),
        "all of it is of today, the last of seven days"
    );
    let parts = |parts: &[sendoff_core::model::PartSpent]| {
        parts
            .iter()
            .map(|part| (part.of.clone(), part.spent.micros))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (parts(&spending.repositories), parts(&spending.models)),
        (
            vec![(Some("https://github.com/acme/web".to_owned()), micros)],
            vec![(Some(String::new()), micros)]
        ),
        "one repository, and the model that nobody chose"
    );
    let mut agents = parts(&spending.agents);
    agents.sort();
    let mut expected = vec![
        (Some(first.0.clone()), one.micros.unwrap()),
        (Some(second.0.clone()), other.micros.unwrap()),
    ];
    expected.sort();
    assert_eq!(agents, expected, "each agent by itself");
    stand.polite();

    let stand = stand.restart().await;
    assert_eq!(
        stand.engine.spending(SpendingRange::Week).await,
        Ok(spending),
        "nothing is lost"
    );
    stand.insist(Change::AgentDelete { agent: first }).await;
    let after = stand.engine.spending(SpendingRange::Week).await.unwrap();
    assert_eq!(
        after.total, total,
        "the money of a deleted agent was spent all the same"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_runs_make_an_estimate() {
    let stand = Stand::new().await;
    stand.connect().await;
    let mut costs = Vec::new();
    for (text, before) in [
        ("Make it blue", 0),
        ("Make it green", 1),
        ("Round the corners of it", 2),
    ] {
        let draft = stand.draft("Another").await;
        let outlook = stand.engine.outlook(&ShotTarget::Draft(draft.clone())).await.unwrap();
        assert_eq!(outlook.estimate, None, "{before} runs say nothing");
        stand.change(Change::DraftDelete { draft }).await;
        costs.push(used(&stand, text).await.1.micros.unwrap());
        summed(&stand, before + 1).await;
    }
    costs.sort_unstable();
    let draft = stand.draft("Another").await;
    let outlook = stand.engine.outlook(&ShotTarget::Draft(draft.clone())).await.unwrap();
    let estimate = Estimate {
        micros: costs[1],
        runs: 3,
        same_model: true,
    };
    assert_eq!(
        (outlook.estimate, outlook.limits),
        (Some(estimate), Limits::default()),
        "the middle one"
    );
    stand
        .change(Change::DraftRepository {
            draft: draft.clone(),
            repository: Some("acme/elsewhere".to_owned()),
        })
        .await;
    let outlook = stand.engine.outlook(&ShotTarget::Draft(draft.clone())).await.unwrap();
    assert_eq!(outlook.estimate, None, "another repository has another past");
}

/// A clock a year ahead of the service's.
fn next_year() -> Time {
    system_clock() + 31_536_000_000
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_told_once_and_stops_nobody_even_with_a_clock_a_year_off() {
    let mut stand = Stand::with_clock(next_year).await;
    stand.connect().await;
    rule(
        &stand,
        SpendingRules {
            day_limit: Some(1),
            ..SpendingRules::default()
        },
    )
    .await;
    let (agent, first) = used(&stand, "Make it blue").await;
    let mut told = vec![stand.told().await, stand.told().await];
    told.sort_by_key(|(kind, ..)| *kind == NoticeKind::Done);
    assert_eq!(
        told,
        [
            (NoticeKind::NeedsYou, Some(Need::DayLimit), None),
            (NoticeKind::Done, None, Some(RowTarget::Agent(agent)))
        ],
        "the limit and the end"
    );
    let draft = stand.draft("Another").await;
    let outlook = stand.engine.outlook(&ShotTarget::Draft(draft.clone())).await.unwrap();
    let day = LimitReached {
        spent: first.micros.unwrap(),
        limit: 1,
    };
    assert_eq!(
        outlook.limits,
        Limits {
            day: Some(day),
            week: None
        },
        "said before the next is sent, by the day of the service"
    );
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    summed(&stand, 2).await;
    assert_eq!(
        stand.told().await,
        (NoticeKind::Done, None, Some(RowTarget::Agent(agent))),
        "it was sent, and the limit is not told again"
    );
    let rest = timeout(Duration::from_millis(200), stand.signals.recv()).await;
    assert!(rest.is_err(), "nothing more is told: {rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_works_too_long_is_told_once_and_stopped() {
    let mut stand = Stand::over(PracticeOptions {
        speed: 1.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let agent = stand.launched("[slow] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    // Set while it works: it holds for what is under way too.
    rule(
        &stand,
        SpendingRules {
            alarm_seconds: Some(1),
            alarm_stops: true,
            ..SpendingRules::default()
        },
    )
    .await;
    let told = stand.told().await;
    assert_eq!(
        told,
        (
            NoticeKind::NeedsYou,
            Some(Need::Alarm { stopped: true }),
            Some(RowTarget::Agent(agent.clone()))
        ),
        "told, with what was done about it"
    );
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    let (run, alarm) = stand.engine.read(|world| {
        let held = &world.agent(&agent).unwrap().agent;
        (held.runs[0].id.clone(), held.alarm.clone())
    });
    let expected = RunAlarm {
        run,
        by: AlarmBy::Time,
        stop: AlarmStop::Asked,
    };
    assert_eq!(alarm, Some(expected.clone()), "its page says why");
    let mut stand = stand.restart().await;
    let kept = stand
        .engine
        .read(|world| world.agent(&agent).unwrap().agent.alarm.clone());
    assert_eq!(kept, Some(expected), "after a restart too");
    let rest = timeout(Duration::from_millis(200), stand.signals.recv()).await;
    assert!(!matches!(rest, Ok(Some(Signal::Notice { .. }))), "told once: {rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_an_alarm_could_not_stop_is_told_of_and_stopped_later() {
    let stand = Stand::over(PracticeOptions {
        speed: 1.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let agent = stand.launched("[unending] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    let closed = stand.close().await;
    let mut stand = closed
        .open_with(|options| options.stop_patience = Duration::from_secs(1))
        .await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    stand.practice.set_fault(Fault::RunCancel500, 1);
    let stops = SpendingRules {
        alarm_seconds: Some(1),
        alarm_stops: true,
        ..SpendingRules::default()
    };
    rule(&stand, stops).await;
    let told = |stopped| {
        (
            NoticeKind::NeedsYou,
            Some(Need::Alarm { stopped }),
            Some(RowTarget::Agent(agent.clone())),
        )
    };
    assert_eq!(stand.told().await, told(true), "it is to be stopped");
    assert_eq!(stand.told().await, told(false), "it goes on, and that is said");
    let alarm = alarmed(&stand, &agent).map(|alarm| (alarm.by, alarm.stop));
    assert_eq!(alarm, Some((AlarmBy::Time, AlarmStop::Owed)), "on its page too");
    stand
        .stands(&agent, "it is stopped at the next try", |state| {
            *state == AgentState::Stopped
        })
        .await;
    let alarm = alarmed(&stand, &agent).map(|alarm| alarm.stop);
    assert_eq!(alarm, Some(AlarmStop::Asked), "and now that is said");
}

/// A cloud that tells what a run under way uses, which works on for long enough to be stopped.
fn telling() -> PracticeOptions {
    PracticeOptions {
        speed: 1.0,
        knobs: Knobs {
            usage_under_way: true,
            ..Knobs::default()
        },
        ..PracticeOptions::default()
    }
}

/// What is known of the alarm of an agent's only run.
fn alarmed(stand: &Stand, agent: &AgentId) -> Option<RunAlarm> {
    stand.engine.read(|world| world.agent(agent)?.agent.alarm.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_uses_too_many_tokens_is_told_once_and_goes_on() {
    let mut stand = Stand::over(telling()).await;
    stand.connect().await;
    let agent = stand.launched("[slow] Make it blue").await;
    let working = |state: &AgentState| matches!(state, AgentState::Working { .. });
    stand.stands(&agent, "it works", working).await;
    let rules = SpendingRules {
        alarm_tokens: Some(1_000),
        alarm_micros: Some(1_000_000_000),
        ..SpendingRules::default()
    };
    rule(&stand, rules).await;
    assert_eq!(
        stand.told().await,
        (
            NoticeKind::NeedsYou,
            Some(Need::Alarm { stopped: false }),
            Some(RowTarget::Agent(agent.clone()))
        ),
        "told, and that nothing was done about it"
    );
    let run = stand
        .engine
        .read(|world| world.agent(&agent).unwrap().agent.runs[0].id.clone());
    let expected = RunAlarm {
        run,
        by: AlarmBy::Tokens,
        stop: AlarmStop::Nothing,
    };
    assert_eq!(alarmed(&stand, &agent), Some(expected.clone()), "its page says why");
    // Another rule is another look at a run that was told already.
    let stricter = SpendingRules {
        alarm_micros: Some(1),
        alarm_stops: true,
        ..rules
    };
    rule(&stand, stricter).await;
    let rest = timeout(Duration::from_millis(300), stand.signals.recv()).await;
    assert!(rest.is_err(), "a run is told once: {rest:?}");
    assert!(
        stand
            .engine
            .read(|world| working(&world.agent(&agent).unwrap().agent.state)),
        "and nobody stops it for what was told"
    );
    assert_eq!(alarmed(&stand, &agent), Some(expected), "the first alarm stays");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_costs_too_much_is_told_and_stopped() {
    let mut stand = Stand::over(telling()).await;
    stand.connect().await;
    let rules = |micros| SpendingRules {
        alarm_micros: Some(micros),
        alarm_stops: true,
        ..SpendingRules::default()
    };
    let agent = stand.launched("[slow] Make it blue").await;
    stand
        .stands(&agent, "it works", |state| matches!(state, AgentState::Working { .. }))
        .await;
    rule(&stand, rules(1_000_000_000)).await;
    let rest = timeout(Duration::from_millis(300), stand.signals.recv()).await;
    assert!(rest.is_err(), "a thousand dollars are not reached: {rest:?}");
    rule(&stand, rules(1_000)).await;
    assert_eq!(
        stand.told().await,
        (
            NoticeKind::NeedsYou,
            Some(Need::Alarm { stopped: true }),
            Some(RowTarget::Agent(agent.clone()))
        ),
        "a tenth of a cent is"
    );
    stand
        .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
        .await;
    let alarm = alarmed(&stand, &agent).map(|alarm| (alarm.by, alarm.stop));
    assert_eq!(alarm, Some((AlarmBy::Money, AlarmStop::Asked)), "its page says why");
    let spending = summed(&stand, 1).await;
    assert!(
        spending.total.micros > 0,
        "what it cost until then was spent all the same"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_cost_is_told_at_its_end_says_so_on_its_page_alone() {
    let mut stand = Stand::new().await;
    stand.connect().await;
    let rules = SpendingRules {
        alarm_micros: Some(1),
        alarm_stops: true,
        ..SpendingRules::default()
    };
    rule(&stand, rules).await;
    let (agent, _) = used(&stand, "Make it blue").await;
    let alarm = stand
        .until("its page says so", |world| world.agent(&agent)?.agent.alarm.clone())
        .await;
    assert_eq!(
        (alarm.by, alarm.stop),
        (AlarmBy::Money, AlarmStop::Nothing),
        "too late to stop it"
    );
    assert_eq!(
        stand.told().await,
        (NoticeKind::Done, None, Some(RowTarget::Agent(agent))),
        "the end is told as ever"
    );
    let rest = timeout(Duration::from_millis(200), stand.signals.recv()).await;
    assert!(rest.is_err(), "and nothing beside it: {rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_kinds_of_usage_refusal_are_told_apart() {
    for (fault, expected) in [
        (Fault::CreateUsageLimit, Failure::SpendingLimit),
        (Fault::CreateIncludedUsage, Failure::IncludedUsageGone),
    ] {
        let stand = Stand::new().await;
        stand.connect().await;
        stand.practice.set_fault(fault, 1);
        let draft = stand.draft("Make it blue").await;
        stand.send(&draft).await;
        let refused = stand
            .until("it is refused", |world| world.draft(&draft)?.problem.clone())
            .await;
        assert_eq!(refused, expected, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_told_nothing_is_known_until_it_is() {
    let stand = Stand::new().await;
    stand.connect().await;
    stand.practice.set_fault(Fault::Usage403, u32::MAX);
    let agent = stand.launched("Make it blue").await;
    let account = stand.engine.read(|world| world.active().cloned()).unwrap();
    let unavailable = |world: &sendoff_core::world::World| world.account(&account).unwrap().usage_unavailable;
    stand
        .until("the account is known not to be told", |world| {
            unavailable(world).then_some(())
        })
        .await;
    let stand = stand.restart().await;
    assert!(stand.engine.read(unavailable), "a restart knows it");
    let spending = stand.engine.spending(SpendingRange::Month).await.unwrap();
    assert_eq!(
        (spending.total.runs, spending.days.len()),
        (0, 30),
        "nothing is summed, and nothing fails"
    );
    stand.practice.clear_faults();
    stand.insist(Change::AgentRefresh { agent }).await;
    stand
        .until("the account is told again", |world| (!unavailable(world)).then_some(()))
        .await;
    summed(&stand, 1).await;
}
