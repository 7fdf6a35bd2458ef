//! No body is longer than the limit.

use sendoff_store::{
    AccountRow, AgentRow, ArtifactRow, BODY_LIMIT, DraftRow, EventRow, FollowUpRow, FollowUpUpdate, LaunchRow,
    LaunchUpdate, Replaced, RepositoryRow, RunRow, StoreError,
};

use crate::samples::{account, agent, artifact, draft, event, follow_up, launch, repository, run, store};

#[test]
fn a_body_beyond_the_limit_is_refused_everywhere_before_it_is_written() {
    let (_folder, store) = store();
    let long = "x".repeat(BODY_LIMIT + 1);
    let too_large = Err(StoreError::TooLarge {
        limit: BODY_LIMIT as u64,
        length: BODY_LIMIT as u64 + 1,
    });
    store.put_account(&account("work", 0)).unwrap();
    store.queue_launch(&launch("first", None, 1), None).unwrap();
    store
        .queue_follow_up(&follow_up("first", "bc-1", 0), Replaced::Nothing)
        .unwrap();
    let body = || long.clone();
    let outcomes = [
        store.put_setting("key", &long),
        store.put_account(&AccountRow {
            body: body(),
            ..account("home", 0)
        }),
        store.put_draft(&DraftRow {
            body: body(),
            ..draft("draft", 0)
        }),
        store.queue_launch(
            &LaunchRow {
                body: body(),
                ..launch("second", None, 0)
            },
            None,
        ),
        store.queue_launch(
            &LaunchRow {
                request: body(),
                ..launch("second", None, 0)
            },
            None,
        ),
        store.update_launch(
            "first",
            &LaunchUpdate {
                agent: None,
                state: "",
                open: false,
                updated_at_ms: 0,
                body_sha256: None,
                body: &long,
            },
        ),
        store.queue_follow_up(
            &FollowUpRow {
                body: body(),
                ..follow_up("second", "bc-1", 1)
            },
            Replaced::Nothing,
        ),
        store.update_follow_up(
            "first",
            &FollowUpUpdate {
                state: "",
                open: false,
                body: &long,
            },
        ),
        store.put_agents(&[AgentRow {
            body: body(),
            ..agent("work", "bc-1", 0)
        }]),
        store.put_runs(&[RunRow {
            body: body(),
            ..run("work", "bc-1", "run-1", 0)
        }]),
        store.append_events(
            "bc-1",
            "run-1",
            &[EventRow {
                body: body(),
                ..event(0, None)
            }],
        ),
        store.put_repositories(&[RepositoryRow {
            body: body(),
            ..repository("work", "u")
        }]),
        store.put_artifacts(&[ArtifactRow {
            body: body(),
            ..artifact("work", "p", None)
        }]),
    ];
    for (number, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome, too_large, "operation {number}");
    }
    let longest = DraftRow {
        body: "x".repeat(BODY_LIMIT),
        ..draft("longest", 0)
    };
    store.put_draft(&longest).unwrap();
    assert_eq!(
        store.drafts(),
        Ok(vec![longest]),
        "the limit itself is allowed and nothing else was written"
    );
}
