//! Marks on pictures: kept with the draft, drawn in before it is sent, forgotten when asked.

use sendoff_core::model::{AgentState, Change, DraftId, Failure, Marked, Shot, ShotId, ShotTarget};
use sendoff_shots::{Color, Mark, Markup, Point, Rect, flatten};

use crate::stand::Stand;

const BLACK: Color = Color {
    red: 0,
    green: 0,
    blue: 0,
};

fn redaction() -> Mark {
    Mark::Redact {
        area: Rect {
            x: 8.0,
            y: 8.0,
            width: 16.0,
            height: 8.0,
        },
        color: BLACK,
    }
}

fn markup(marks: Vec<Mark>) -> Markup {
    Markup { crop: None, marks }
}

fn shots(stand: &Stand, draft: &DraftId) -> Vec<Shot> {
    stand.engine.read(|world| world.draft(draft).unwrap().shots.clone())
}

fn mark(draft: &DraftId, shot: &ShotId, markup: Markup) -> Change {
    Change::ShotMark {
        target: ShotTarget::Draft(draft.clone()),
        marked: vec![Marked {
            shot: shot.clone(),
            markup,
        }],
        text: None,
    }
}

/// Waits until the marks of the first picture are drawn in, and gives it.
async fn drawn(stand: &Stand, draft: &DraftId) -> Shot {
    stand
        .until("the marks are drawn in", |world| {
            world.draft(draft)?.shots.first().filter(|shot| !shot.drawing).cloned()
        })
        .await
}

async fn bytes(stand: &Stand, hash: &str) -> Option<Vec<u8>> {
    let picture = stand.engine.picture(hash, None).await.ok()?;
    Some(picture.bytes.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_the_picture_with_its_marks_drawn_in() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft).remove(0);
    let marks = Markup {
        crop: Some(Rect {
            x: 4.0,
            y: 4.0,
            width: 40.0,
            height: 30.0,
        }),
        marks: vec![redaction()],
    };
    stand.change(mark(&draft, &taken.id, marks.clone())).await;
    // Sent at once: it is not sent as it was before it was marked.
    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
    let original = bytes(&stand, &taken.hash).await.unwrap();
    let expected = flatten(&original, &marks).unwrap();
    let agents = stand.practice.agents();
    let arrived: Vec<_> = agents[0].runs[0]
        .pictures
        .iter()
        .map(|picture| (picture.sha256.clone(), picture.pixels))
        .collect();
    assert_eq!(
        arrived,
        [(expected.hash.to_string(), Some((40, 30)))],
        "cropped and redacted, and nothing else beside it"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_survive_a_restart_and_a_launch_that_is_taken_back() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft).remove(0);
    let marks = markup(vec![redaction()]);
    let words = Change::ShotMark {
        target: ShotTarget::Draft(draft.clone()),
        marked: vec![Marked {
            shot: taken.id.clone(),
            markup: marks.clone(),
        }],
        text: Some("Make it blue\n① here".to_owned()),
    };
    stand.change(words).await;
    let stand = stand.restart().await;
    let held = drawn(&stand, &draft).await;
    let text = stand.engine.read(|world| world.draft(&draft).unwrap().text.clone());
    assert_eq!(
        (&held.id, &held.markup, text.as_str()),
        (&taken.id, &marks, "Make it blue\n① here"),
        "the marks and the words that speak of them"
    );
    assert_ne!(held.hash, taken.hash, "drawn in by itself after the restart");
    let launch = stand.change(Change::DraftSend { draft: draft.clone() }).await.unwrap();
    let back = stand
        .change(Change::LaunchUndo {
            launch: launch.as_str().into(),
        })
        .await
        .unwrap();
    assert_eq!(
        shots(&stand, &DraftId(back)),
        [held],
        "given back with its marks, which can still be changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_marks_it_is_again_the_picture_that_was_taken_in() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft);
    stand
        .change(mark(&draft, &taken[0].id, markup(vec![redaction()])))
        .await;
    drawn(&stand, &draft).await;
    stand.change(mark(&draft, &taken[0].id, Markup::default())).await;
    assert_eq!(shots(&stand, &draft), taken, "undone to the last bit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_original_is_nowhere_and_what_is_sent_stays() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft).remove(0);
    let line = Mark::Line {
        from: Point { x: 1.0, y: 1.0 },
        to: Point { x: 30.0, y: 30.0 },
        color: BLACK,
        width: 2.0,
    };
    stand.change(mark(&draft, &taken.id, markup(vec![line.clone()]))).await;
    let earlier = drawn(&stand, &draft).await;
    stand
        .change(mark(&draft, &taken.id, markup(vec![line, redaction()])))
        .await;
    let forget = Change::ShotForget {
        target: ShotTarget::Draft(draft.clone()),
        shot: taken.id.clone(),
    };
    stand.change(forget).await;
    let left = shots(&stand, &draft).remove(0);
    assert_eq!(
        (left.original, left.markup, left.drawing),
        (None, Markup::default(), false),
        "there is nothing below it any more"
    );
    assert!(bytes(&stand, &left.hash).await.is_some(), "what is sent stays");
    for gone in [&taken.hash, &earlier.hash] {
        assert_eq!(
            bytes(&stand, gone).await,
            None,
            "neither the original nor an earlier drawing of it"
        );
    }
    let launch = stand.send(&draft).await;
    stand.confirmed(&launch).await;
    assert_eq!(
        stand.practice.agents()[0].runs[0].pictures[0].sha256,
        left.hash,
        "and it is sent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_picture_comes_back_to_its_place_with_its_marks() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    for _ in 0..3 {
        stand.picture(&draft).await;
    }
    let id = shots(&stand, &draft)[1].id.clone();
    stand.change(mark(&draft, &id, markup(vec![redaction()]))).await;
    stand
        .until("the marks are drawn in", |world| {
            let shots = &world.draft(&draft)?.shots;
            shots.iter().all(|shot| !shot.drawing).then_some(())
        })
        .await;
    let before = shots(&stand, &draft);
    stand
        .change(Change::DraftShotRemove {
            draft: draft.clone(),
            index: 1,
        })
        .await;
    assert_eq!(shots(&stand, &draft).len(), 2, "it is gone");
    let restore = Change::ShotRestore {
        target: ShotTarget::Draft(draft.clone()),
        shot: id,
        index: 1,
    };
    stand.change(restore.clone()).await;
    assert_eq!(shots(&stand, &draft), before, "whole, where it was");
    assert_eq!(stand.engine.change(restore).await, Err(Failure::NotFound), "once only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_removed_before_its_marks_were_drawn_gets_them_when_it_is_back() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft).remove(0);
    stand.change(mark(&draft, &taken.id, markup(vec![redaction()]))).await;
    let remove = Change::DraftShotRemove {
        draft: draft.clone(),
        index: 0,
    };
    stand.change(remove).await;
    // Marked later, so by then the rest of the first has passed too.
    let other = stand.draft("Make it red").await;
    stand.picture(&other).await;
    let beside = shots(&stand, &other).remove(0);
    stand.change(mark(&other, &beside.id, markup(vec![redaction()]))).await;
    drawn(&stand, &other).await;
    let restore = Change::ShotRestore {
        target: ShotTarget::Draft(draft.clone()),
        shot: taken.id,
        index: 0,
    };
    stand.change(restore).await;
    assert_ne!(drawn(&stand, &draft).await.hash, taken.hash, "its face is redacted");
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_that_cannot_be_drawn_are_refused_and_change_nothing() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let taken = shots(&stand, &draft);
    let many = markup(vec![redaction(); 10_001]);
    assert!(
        stand.engine.change(mark(&draft, &taken[0].id, many)).await.is_err(),
        "too many"
    );
    let two = Change::ShotMark {
        target: ShotTarget::Draft(draft.clone()),
        marked: vec![
            Marked {
                shot: taken[0].id.clone(),
                markup: markup(vec![redaction()]),
            },
            Marked {
                shot: "shot-unknown".into(),
                markup: markup(vec![redaction()]),
            },
        ],
        text: Some("Other words".to_owned()),
    };
    assert_eq!(
        stand.engine.change(two).await,
        Err(Failure::NotFound),
        "one of them is not there"
    );
    let text = stand.engine.read(|world| world.draft(&draft).unwrap().text.clone());
    assert_eq!(
        (shots(&stand, &draft), text.as_str()),
        (taken, "Make it blue"),
        "both or none"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_picture_is_marked_and_sent_as_the_answer() {
    let stand = Stand::new().await;
    stand.connect().await;
    let draft = stand.draft("Make it blue").await;
    stand.picture(&draft).await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let artifact = stand
        .until("its picture is here", |world| {
            let artifacts = &world.agent(&agent)?.agent.artifacts;
            artifacts.iter().find_map(|artifact| artifact.picture.clone())
        })
        .await;
    let target = ShotTarget::Answer(agent.clone());
    let id = ShotId(
        stand
            .change(Change::ShotFromArtifact {
                agent: agent.clone(),
                hash: artifact.hash.clone(),
            })
            .await
            .unwrap(),
    );
    let marks = markup(vec![redaction()]);
    let marked = vec![Marked {
        shot: id,
        markup: marks.clone(),
    }];
    let text = Some("Not like this".to_owned());
    stand.change(Change::ShotMark { target, marked, text }).await;
    let send = Change::FollowUpSend {
        agent: agent.clone(),
        source: sendoff_core::model::FollowUpSource::Answer,
        plan_first: false,
    };
    stand.change(send).await;
    stand
        .eventually("the answer arrived", |stand| stand.practice.agents()[0].runs.len() == 2)
        .await;
    let original = bytes(&stand, &artifact.hash).await.unwrap();
    let expected = flatten(&original, &marks).unwrap().hash.to_string();
    let run = &stand.practice.agents()[0].runs[1];
    assert_eq!(
        (run.prompt.as_str(), run.pictures[0].sha256.as_str()),
        ("Not like this", expected.as_str()),
        "its own picture, marked"
    );
}
