//! A picture of the screen: into a new draft like the last, into the one it was asked for in, and into none.

use sendoff_core::engine::Screen;
use sendoff_core::model::{Change, DraftId, Failure};

use crate::stand::Stand;

fn screen() -> Screen {
    Screen::Pixels {
        width: 64,
        height: 48,
        rgba: [40, 80, 160, 255].repeat(64 * 48),
    }
}

/// A draft with the sizes of its pictures and where it is to be sent.
type Held = (DraftId, Vec<(u32, u32)>, Option<String>);

fn drafts(stand: &Stand) -> Vec<Held> {
    stand.engine.read(|world| {
        let drafts = world.drafts().map(|draft| {
            let sizes = draft.shots.iter().map(|shot| (shot.width, shot.height)).collect();
            (draft.id.clone(), sizes, draft.repository.clone())
        });
        drafts.collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_goes_into_a_new_draft_like_the_last_one() {
    let stand = Stand::new().await;
    stand.change(Change::AccountPractice).await;
    let sent = stand.draft("Make it blue").await;
    let last = stand
        .engine
        .read(|world| world.draft(&sent).unwrap().repository.clone());
    let launch = stand.send(&sent).await;
    stand.confirmed(&launch).await;

    assert_eq!(stand.engine.check_capture(None), Ok(()));
    let (draft, shot) = stand.engine.take_screen(None, screen()).await.unwrap();
    assert!(last.is_some(), "the draft before had a repository");
    assert_eq!(
        drafts(&stand),
        vec![(draft.clone(), vec![(64, 48)], last)],
        "one new draft, for the last repository"
    );
    let held = stand
        .engine
        .read(|world| world.draft(&draft).unwrap().shots[0].id.clone());
    assert_eq!(held, shot, "and the picture that the desk is told of is in it");
    let stand = stand.restart().await;
    assert_eq!(
        drafts(&stand).iter().map(|(id, ..)| id).collect::<Vec<_>>(),
        vec![&draft],
        "both are on disk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_takes_as_many_as_it_takes() {
    let stand = Stand::new().await;
    stand.change(Change::AccountPractice).await;
    let draft = stand.draft("Make it blue").await;
    for _ in 0..5 {
        assert_eq!(stand.engine.check_capture(Some(&draft)), Ok(()));
        let (into, _) = stand.engine.take_screen(Some(draft.clone()), screen()).await.unwrap();
        assert_eq!(into, draft, "the draft it was asked for in");
    }
    let full = Failure::PicturesTooMany { limit: 5 };
    assert_eq!(
        stand.engine.check_capture(Some(&draft)),
        Err(full.clone()),
        "said before the screen is taken"
    );
    assert_eq!(stand.engine.take_screen(Some(draft.clone()), screen()).await, Err(full));
    assert_eq!(drafts(&stand).len(), 1, "a draft that was there stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_leaves_no_draft() {
    let stand = Stand::new().await;
    assert_eq!(stand.engine.check_capture(None), Err(Failure::NoAccount));
    assert_eq!(stand.engine.take_screen(None, screen()).await, Err(Failure::NoAccount));
    stand.change(Change::AccountPractice).await;
    let before = drafts(&stand);
    for (broken, expected) in [
        (Screen::Encoded(Vec::new()), Failure::PictureEmpty),
        (
            Screen::Encoded(b"\x89PNG\r\n\x1a\n and no more".to_vec()),
            Failure::PictureDamaged,
        ),
        (
            Screen::Pixels {
                width: 64,
                height: 48,
                rgba: vec![0; 7],
            },
            Failure::PictureDamaged,
        ),
    ] {
        let taken = stand.engine.take_screen(None, broken.clone()).await;
        assert_eq!(taken, Err(expected), "{broken:?}");
        assert_eq!(drafts(&stand), before, "{broken:?}: nothing is left of the try");
    }
}
