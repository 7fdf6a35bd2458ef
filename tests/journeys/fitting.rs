//! How light pictures become before they are sent: as is, balanced or small; by the latest choice, each picture whole.

use practice_cloud::Picture;
use sendoff_core::model::{Change, DraftId, Failure, Shot, ShotNote, ShotTarget};
use sendoff_shots::{Color, Fit, Hash, Mark, Markup, Rect, prepare};

use crate::stand::Stand;

const WIDTH: u32 = 3840;
const HEIGHT: u32 = 2160;

/// Numbers that look random, 0 to 7, the same for the same place.
fn grain(index: u32) -> u8 {
    let mixed = index.wrapping_mul(2_654_435_761);
    ((mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 29) as u8
}

/// A screen of 4K as a file: a soft ground with the grain of dithering, which weighs less once it is scaled.
fn screen() -> Vec<u8> {
    let pixel = |index: u32| {
        let (x, y) = (index % WIDTH, index / WIDTH);
        [(x / 16) as u8, (y / 16) as u8, 128 + (grain(index) & 3), 255]
    };
    let pixels = (0..WIDTH * HEIGHT).flat_map(pixel).collect();
    sendoff_shots::take_in_pixels(WIDTH, HEIGHT, pixels).unwrap().bytes
}

fn redaction() -> Markup {
    Markup {
        crop: None,
        marks: vec![Mark::Redact {
            area: Rect {
                x: 100.0,
                y: 90.0,
                width: 1000.0,
                height: 600.0,
            },
            color: Color {
                red: 0,
                green: 0,
                blue: 0,
            },
        }],
    }
}

async fn choose(stand: &Stand, fit: Fit) {
    let mut settings = stand.engine.read(|world| world.settings().clone());
    settings.fit = fit;
    stand.change(Change::SettingsChange { settings }).await;
}

/// A draft with a picture of these bytes.
async fn draft_with(stand: &Stand, file: &[u8]) -> DraftId {
    let draft = stand.draft("Make it blue").await;
    let target = ShotTarget::Draft(draft.clone());
    assert_eq!(
        stand.engine.take_pictures(&target, vec![file.to_vec()]).await,
        (1, vec![])
    );
    draft
}

/// Sends a draft, and gives the pictures that arrived, as hash, size and bytes.
async fn arrived(stand: &Stand, draft: &DraftId) -> Vec<(String, Option<(u32, u32)>, usize)> {
    let launch = stand.send(draft).await;
    let agent = stand.confirmed(&launch).await;
    let agents = stand.practice.agents();
    let sent = agents.iter().find(|held| held.id == agent.as_str()).unwrap();
    let said = |picture: &Picture| (picture.sha256.clone(), picture.pixels, picture.size_bytes);
    sent.runs[0].pictures.iter().map(said).collect()
}

fn expected(file: &[u8], markup: &Markup, fit: Fit) -> (String, Option<(u32, u32)>, usize) {
    let picture = prepare(file, markup, fit).unwrap();
    (
        picture.hash.to_string(),
        Some((picture.width, picture.height)),
        picture.bytes.len(),
    )
}

/// Waits until the first picture of a draft is as wanted.
async fn shot(stand: &Stand, draft: &DraftId, what: &str, wanted: impl Fn(&Shot) -> bool) -> Shot {
    stand
        .until(what, |world| {
            world.draft(draft)?.shots.first().filter(|shot| wanted(shot)).cloned()
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_4k_arrives_as_was_chosen_last() {
    let stand = Stand::new().await;
    stand.connect().await;
    let file = screen();
    let unmarked = Markup::default();
    let sharp = draft_with(&stand, &file).await;
    assert_eq!(
        arrived(&stand, &sharp).await,
        [(Hash::of(&file).to_string(), Some((WIDTH, HEIGHT)), file.len())],
        "byte for byte"
    );

    let balanced = draft_with(&stand, &file).await;
    choose(&stand, Fit::Balanced).await;
    let sent = arrived(&stand, &balanced).await;
    assert_eq!(sent[0].1, Some((1920, 1080)), "half of it, for that is more than 1,568");
    assert_eq!(
        sent,
        [expected(&file, &unmarked, Fit::Balanced)],
        "chosen before it was sent, so it counts"
    );

    choose(&stand, Fit::Small).await;
    let back = draft_with(&stand, &file).await;
    let small = shot(&stand, &back, "it is small", |shot| shot.width == 1024).await;
    assert!(
        matches!(small.notes[..], [ShotNote::Fitted { scaled: true, .. }]),
        "and that is said: {:?}",
        small.notes
    );
    assert_eq!(
        small.original.as_ref().map(|original| (original.width, original.bytes)),
        Some((WIDTH, file.len() as u64)),
        "what was taken in stays"
    );
    let touched = stand.engine.read(|world| world.draft(&back).unwrap().updated_at);
    choose(&stand, Fit::Sharp).await;
    let whole = shot(&stand, &back, "it is whole again", |shot| shot.width == WIDTH).await;
    assert_eq!(
        (whole.hash, whole.original, whole.notes),
        (Hash::of(&file).to_string(), None, vec![]),
        "as if nothing had been chosen"
    );
    assert_eq!(
        stand.engine.read(|world| world.draft(&back).unwrap().updated_at),
        touched,
        "the user did nothing to this draft"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_are_drawn_at_full_size_and_then_scaled() {
    let stand = Stand::new().await;
    stand.connect().await;
    choose(&stand, Fit::Small).await;
    let file = screen();
    let draft = draft_with(&stand, &file).await;
    let id = shot(&stand, &draft, "it is there", |_| true).await.id;
    let markup = redaction();
    let marked = vec![sendoff_core::model::Marked {
        shot: id,
        markup: markup.clone(),
    }];
    let (target, text) = (ShotTarget::Draft(draft.clone()), None);
    stand.change(Change::ShotMark { target, marked, text }).await;
    assert_eq!(arrived(&stand, &draft).await, [expected(&file, &markup, Fit::Small)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_original_leaves_a_drawing_of_full_size() {
    let stand = Stand::new().await;
    stand.connect().await;
    choose(&stand, Fit::Small).await;
    let file = screen();
    let draft = draft_with(&stand, &file).await;
    let id = shot(&stand, &draft, "it is there", |_| true).await.id;
    let target = ShotTarget::Draft(draft.clone());
    let marked = vec![sendoff_core::model::Marked {
        shot: id.clone(),
        markup: redaction(),
    }];
    let mark = Change::ShotMark {
        target: target.clone(),
        marked,
        text: None,
    };
    stand.change(mark).await;
    stand.change(Change::ShotForget { target, shot: id }).await;
    shot(&stand, &draft, "it is small", |shot| shot.width == 1024).await;
    choose(&stand, Fit::Sharp).await;
    let whole = shot(&stand, &draft, "it is whole", |shot| shot.width == WIDTH).await;
    assert_eq!(
        (whole.hash, whole.original),
        (expected(&file, &redaction(), Fit::Sharp).0, None),
        "small was chosen for sending, not for what is left of the picture"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_being_packed_is_sent_whole_and_once() {
    let stand = Stand::new().await;
    stand.connect().await;
    // Eight colors: a palette holds them in a fraction of what three samples a pixel need.
    let pixels = || {
        (0..400 * 300u32).flat_map(|index| {
            [[9, 200, 77], [250, 1, 99]][usize::from(grain(index) & 1)]
                .map(|sample| sample ^ (grain(index) & 6))
                .into_iter()
                .chain([255])
        })
    };
    let loose = sendoff_shots::take_in_pixels(400, 300, pixels().collect()).unwrap();
    let packed = sendoff_shots::tighten(&loose.bytes).unwrap().unwrap();
    let mut drafts = Vec::new();
    for _ in 0..4 {
        let draft = stand.draft("Make it blue").await;
        let target = ShotTarget::Draft(draft.clone());
        stand
            .engine
            .take_pixels(&target, 400, 300, pixels().collect())
            .await
            .unwrap();
        drafts.push(draft);
    }
    // The first is packed: now the others are about to be, and are sent.
    let first = shot(&stand, &drafts[0], "it is packed", |shot| {
        shot.hash == packed.hash.as_str()
    })
    .await;
    assert_eq!(
        (first.bytes, first.mime.as_str(), &first.notes[..]),
        (
            packed.bytes.len() as u64,
            packed.format.mime(),
            &[ShotNote::Fitted {
                from_bytes: loose.bytes.len() as u64,
                to_bytes: packed.bytes.len() as u64,
                lossy: false,
                scaled: false,
            }][..]
        ),
        "and that is said"
    );
    let either = [&loose, &packed].map(|picture| (picture.hash.to_string(), Some((400, 300)), picture.bytes.len()));
    for draft in &drafts {
        let sent = arrived(&stand, draft).await;
        assert!(
            sent.len() == 1 && either.contains(&sent[0]),
            "one or the other: {sent:?}"
        );
        assert_eq!(
            stand.engine.change(Change::DraftSend { draft: draft.clone() }).await,
            Err(Failure::NotFound),
            "it is gone with its launch"
        );
    }
    assert_eq!(stand.practice.agents().len(), 4, "none was sent twice");
    stand.polite();
}
