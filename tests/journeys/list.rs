//! How the list is shown, and what is pinned in it: both are as they were left after a restart.

use sendoff_core::model::{
    AgentId, Change, DraftId, Failure, ListFilter, ListGrouping, ListSettings, ListSort, Origin, Row, RowTarget,
    Settings, Standing, Update, View, Within,
};

use crate::stand::Stand;

/// The rows as the page gets them: title, whether pinned, whether started here; by title.
async fn rows(stand: &Stand) -> Vec<(String, bool, bool)> {
    let mut rows: Vec<_> = all(stand)
        .await
        .into_iter()
        .map(|row| (row.title, row.pinned, row.started_here))
        .collect();
    rows.sort();
    rows
}

async fn all(stand: &Stand) -> Vec<Row> {
    let changes = stand.engine.changes(0, View::Home).await;
    let rows = changes.updates.into_iter().filter_map(|update| match update {
        Update::Row { row } => Some(row),
        _ => None,
    });
    rows.collect()
}

async fn pin(stand: &Stand, target: RowTarget, pinned: bool) {
    stand.change(Change::RowPin { target, pinned }).await;
}

fn line(title: &str, pinned: bool) -> (String, bool, bool) {
    (title.to_owned(), pinned, true)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_shown_after_a_restart_as_it_was_left() {
    let stand = Stand::new().await;
    stand.connect().await;
    let list = ListSettings {
        sort: ListSort::Name,
        group_by: ListGrouping::Repository,
        filter: ListFilter {
            standing: Some(Standing::PullRequest),
            repository: Some("https://github.com/acme/gone".to_owned()),
            origin: Some(Origin::Elsewhere),
            within: Some(Within::Week),
        },
    };
    let settings = Settings {
        list: list.clone(),
        ..Settings::default()
    };
    stand.change(Change::SettingsChange { settings }).await;
    let stand = stand.restart().await;
    let mut settings = stand.engine.read(|world| world.settings().clone());
    assert_eq!(settings.list, list, "all that was chosen is kept");
    settings.list.filter.repository = Some("x".repeat(5_000));
    stand.change(Change::SettingsChange { settings }).await;
    assert_eq!(
        stand
            .engine
            .read(|world| world.settings().list.filter.repository.clone()),
        None,
        "an address beyond any bound is not kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_from_before_the_list_had_any_are_read() {
    let stand = Stand::new().await;
    let older = r#"{"theme":"dark","holdSeconds":3}"#;
    let stand = stand
        .restart_after(|store| store.put_setting("settings", older).unwrap())
        .await;
    assert_eq!(
        stand
            .engine
            .read(|world| (world.settings().hold_seconds, world.settings().list.clone())),
        (3, ListSettings::default()),
        "what is absent has its default"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_stays_over_a_restart_and_goes_with_its_draft_to_the_agent() {
    let stand = Stand::new().await;
    stand.connect().await;
    let pinned = stand.draft("Pinned").await;
    let plain = stand.draft("Plain").await;
    pin(&stand, RowTarget::Draft(pinned.clone()), true).await;
    let both = vec![line("Pinned", true), line("Plain", false)];
    assert_eq!(rows(&stand).await, both, "only what was pinned is");
    let stand = stand.restart().await;
    assert_eq!(rows(&stand).await, both, "and after a restart");

    let launch = stand.send(&pinned).await;
    let agent = stand.confirmed(&launch).await;
    let stand = stand.restart().await;
    stand
        .until("the agent is listed", |world| world.agent(&agent).map(|_| ()))
        .await;
    let is_pinned: Vec<_> = all(&stand)
        .await
        .into_iter()
        .filter(|row| row.pinned)
        .map(|row| row.target)
        .collect();
    assert_eq!(
        is_pinned,
        vec![RowTarget::Agent(agent.clone())],
        "the agent has the pin of its draft"
    );

    pin(&stand, RowTarget::Agent(agent), false).await;
    pin(&stand, RowTarget::Draft(plain), true).await;
    let stand = stand.restart().await;
    let titles: Vec<_> = all(&stand)
        .await
        .into_iter()
        .filter(|row| row.pinned)
        .map(|row| row.title)
        .collect();
    assert_eq!(titles, vec!["Plain"], "a pin that was taken away does not come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_taken_back_is_pinned_as_before() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Pinned").await;
    pin(&stand, RowTarget::Draft(draft.clone()), true).await;
    let launch = sendoff_core::model::LaunchId(stand.change(Change::DraftSend { draft: draft.clone() }).await.unwrap());
    assert_eq!(
        rows(&stand).await,
        vec![line("Pinned", true)],
        "the launch that is held has the pin"
    );
    stand.change(Change::LaunchUndo { launch: launch.clone() }).await;
    stand
        .until("the launch has left", |world| {
            world.launch(&launch).is_none().then_some(())
        })
        .await;
    assert_eq!(rows(&stand).await, vec![line("Pinned", true)], "and the draft again");
    pin(&stand, RowTarget::Draft(draft.clone()), false).await;
    assert_eq!(
        rows(&stand).await,
        vec![line("Pinned", false)],
        "until it is taken away"
    );
    stand.change(Change::DraftDelete { draft: draft.clone() }).await;
    let refused = stand
        .engine
        .change(Change::RowPin {
            target: RowTarget::Draft(draft),
            pinned: true,
        })
        .await;
    assert_eq!(refused, Err(Failure::NotFound), "what is gone cannot be pinned");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_pinned() {
    let stand = Stand::new().await;
    stand.connect().await;
    for target in [
        RowTarget::Draft(DraftId("../x".to_owned())),
        RowTarget::Agent(AgentId("bc-none".to_owned())),
    ] {
        let refused = stand.engine.change(Change::RowPin { target, pinned: true }).await;
        assert_eq!(
            refused,
            Err(Failure::NotFound),
            "nothing is written under a made-up name"
        );
    }
}

/// The key of the row that the page is told to begin with.
async fn left(stand: &Stand) -> Option<String> {
    let changes = stand.engine.changes(0, View::Home).await;
    changes.updates.into_iter().find_map(|update| match update {
        Update::Accounts { left, .. } => left,
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_begins_where_it_was_left() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Left for later").await;
    let agent = stand.launched("Make it blue").await;
    let begins = |agent: &AgentId| View::Agent { id: agent.clone() };
    stand.engine.changes(0, begins(&agent)).await;
    stand.engine.changes(0, View::Draft { id: draft.clone() }).await;
    let stand = stand.restart().await;
    assert_eq!(left(&stand).await, Some(draft.0.clone()), "the draft was opened last");
    stand.engine.changes(0, begins(&agent)).await;
    let key = all(&stand)
        .await
        .into_iter()
        .find(|row| row.target == RowTarget::Agent(agent.clone()))
        .map(|row| row.key);
    assert!(key.is_some(), "the agent has a row");
    let stand = stand.restart().await;
    assert_eq!(left(&stand).await, key, "then the agent, by the key of its row");
    stand.engine.changes(0, View::Draft { id: draft.clone() }).await;
    stand.change(Change::DraftDelete { draft }).await;
    let stand = stand.restart().await;
    assert_eq!(left(&stand).await, None, "what is gone is not begun with");
}
