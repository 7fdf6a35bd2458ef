//! A clock on the wall that is off by a year, in either direction.

use cursor_cloud_agents::{CreateAgent, Prompt};
use sendoff_core::engine::system_clock;
use sendoff_core::model::{AgentId, AgentState, BlockKind, Change, RunState, Time, Update, View};

use crate::stand::Stand;

const YEAR: Time = 366 * 86_400_000;

fn ahead() -> Time {
    system_clock() + YEAR
}

fn behind() -> Time {
    system_clock() - YEAR
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_off_by_a_year_changes_nothing_of_what_is_followed() {
    for clock in [ahead, behind] {
        let stand = Stand::with_clock(clock).await;
        stand.connect().await;
        let agent = stand.launched("[unending] Make it blue").await;
        stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
        stand
            .until("its record came", |world| {
                let runs = &world.agent(&agent)?.agent.runs;
                (runs.first()?.state == RunState::Running).then_some(())
            })
            .await;
        let since = stand
            .until("it works", |world| match world.agent(&agent)?.agent.state {
                AgentState::Working { since, .. } => Some(since),
                _ => None,
            })
            .await;
        let view = View::Agent { id: agent.clone() };
        let at = stand
            .seen("a step", view, |update| match update {
                Update::Block { block } if matches!(block.kind, BlockKind::Steps { .. }) => Some(block.at),
                _ => None,
            })
            .await;
        let minutes = |time: Time| clock().abs_diff(time) / 60_000;
        assert_eq!(
            (minutes(since), minutes(at)),
            (0, 0),
            "by the clock on the wall it has worked for less than a minute"
        );
        let silence = stand
            .engine
            .read(|world| world.agent(&agent).and_then(|held| held.agent.silence));
        assert_eq!(silence, None, "it is heard of");
        let create = CreateAgent {
            prompt: Prompt {
                text: "Begun elsewhere".to_owned(),
                images: Vec::new(),
            },
            ..CreateAgent::default()
        };
        let other = stand.elsewhere().create_agent(&create).await.unwrap().agent.id;
        stand.change(Change::ListRefresh).await;
        let listed = stand
            .until("what began elsewhere is listed", |world| {
                world.agent(&AgentId(other.to_string())).map(|record| record.row().at)
            })
            .await;
        assert_eq!(minutes(listed), 0, "its row is of now as well");
        stand.change(Change::AgentStop { agent: agent.clone() }).await;
        stand
            .stands(&agent, "it is stopped", |state| *state == AgentState::Stopped)
            .await;
        stand.polite();
    }
}
