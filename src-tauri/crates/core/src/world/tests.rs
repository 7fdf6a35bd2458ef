//! What a page is told, and what it is not.

use super::*;
use crate::model::{AccountKind, Changes, KeyPlace, Update, View};

fn account(id: &str) -> Account {
    Account {
        id: id.into(),
        kind: AccountKind::Cursor,
        name: id.to_owned(),
        email: None,
        key: KeyPlace::Keychain,
        last_four: None,
        older_api: false,
        usage_unavailable: false,
        problem: None,
    }
}

#[test]
fn a_page_that_comes_back_to_a_transcript_held_anew_gets_all_of_it_and_nothing_that_went() {
    let mut world = World::new(Settings::default());
    let agent = AgentId::from("bc-1");
    let view = View::Agent { id: agent.clone() };
    world.put_agent(AgentRecord {
        agent: crate::engine::blank_agent(&"one".into(), agent.clone(), 0),
        face: None,
        unread: false,
        latest_run: None,
        touched_at: 0,
        settled_run: None,
    });
    let block = |id: &str| Block {
        id: id.into(),
        order: 0,
        run: None,
        at: 0,
        kind: crate::model::BlockKind::Prompt {
            text: id.to_owned(),
            shots: Vec::new(),
        },
    };
    world.put_blocks(&agent, vec![block("old")], Vec::new());
    let seen = world.revision();
    world.drop_transcript(&agent);
    world.put_blocks(&agent, vec![block("new")], Vec::new());
    let changes = world.changes(seen, &view).unwrap();
    let blocks: Vec<_> = changes
        .updates
        .into_iter()
        .filter_map(|update| match update {
            Update::Block { block } => Some(block),
            _ => None,
        })
        .collect();
    assert_eq!(
        (changes.whole, blocks),
        (true, vec![block("new")]),
        "it was never told that the old one went, so it begins anew"
    );
}

#[test]
fn an_agent_has_one_row_whoever_brought_it_first() {
    let mut world = World::new(Settings::default());
    world.set_accounts(vec![account("one")], Some("one".into()));
    let mut record = AgentRecord {
        agent: crate::engine::blank_agent(&"one".into(), "bc-1".into(), 0),
        face: None,
        unread: false,
        latest_run: None,
        touched_at: 0,
        settled_run: None,
    };
    // The list of the service, which knows no launches, may be faster than the launch that made it.
    world.put_agent(record.clone());
    let seen = world.revision();
    record.agent.launch = Some("launch-1".into());
    world.put_agent(record);
    let keys = |changes: Changes| -> Vec<String> {
        let rows = changes.updates.into_iter().filter_map(|update| match update {
            Update::Row { row } => Some(row.key),
            Update::RowGone { key } => Some(format!("not {key}")),
            _ => None,
        });
        rows.collect()
    };
    assert_eq!(
        keys(world.changes(0, &View::Home).unwrap()),
        ["launch-1"],
        "one agent, one row"
    );
    assert_eq!(
        keys(world.changes(seen, &View::Home).unwrap()),
        ["not bc-1", "launch-1"],
        "and a page that saw the first is told that it went"
    );
}

#[test]
fn the_page_sees_whether_the_active_account_is_reached() {
    let mut world = World::new(Settings::default());
    let accounts = vec![account("one"), account("two")];
    world.set_accounts(accounts.clone(), Some("one".into()));
    let mut since = world.revision();
    let mut told = |world: &World| {
        let changes = world.changes(since, &View::Home);
        since = world.revision();
        changes
            .into_iter()
            .flat_map(|changes| changes.updates)
            .find_map(|update| match update {
                Update::Online { online } => Some(online),
                _ => None,
            })
    };
    assert!(world.set_online(&"two".into(), false), "it is news that it is away");
    assert!(!world.set_online(&"two".into(), false), "once");
    assert_eq!(
        told(&world),
        Some(true),
        "another account's trouble is not the active one's"
    );
    world.set_accounts(accounts.clone(), Some("two".into()));
    assert_eq!(told(&world), Some(false), "the page sees the account it switched to");
    world.set_online(&"one".into(), true);
    assert_eq!(
        told(&world),
        None,
        "one that answers does not hide that the other is away"
    );
    assert!(world.set_online(&"two".into(), true), "it is back");
    assert_eq!(told(&world), Some(true), "and the page sees it");
}

#[test]
fn a_heartbeat_is_a_change_only_while_somebody_looks() {
    let mut world = World::new(Settings::default());
    let heard = |at| {
        let mut agent = crate::engine::blank_agent(&"one".into(), "bc-1".into(), 0);
        agent.last_sign = Some(at);
        AgentRecord {
            agent,
            face: None,
            unread: false,
            latest_run: None,
            touched_at: 0,
            settled_run: None,
        }
    };
    world.put_heard_agent(heard(1), false);
    let first = world.revision();
    for at in 2..=101 {
        world.put_heard_agent(heard(at), false);
    }
    assert_eq!(world.revision() - first, 0, "a hundred heartbeats wake nobody");
    let view = View::Agent { id: "bc-1".into() };
    assert_eq!(world.changes(first, &view), None, "and bring no page anything");
    let mut moved = heard(102);
    moved.agent.polled = true;
    world.put_heard_agent(moved.clone(), false);
    assert_eq!(
        (world.revision() - first, world.agent(&"bc-1".into())),
        (1, Some(&moved)),
        "what is a change takes the newest sign along"
    );
    world.put_heard_agent(heard(103), true);
    world.put_heard_agent(heard(104), true);
    assert_eq!(world.revision() - first, 3, "whoever looks sees each");
}
