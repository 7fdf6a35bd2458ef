//! Files that are too large to be kept or shown: they are saved, played and dragged out all the same.

use std::path::PathBuf;

use practice_cloud::{Options as PracticeOptions, Told};
use sendoff_core::model::{AgentState, Failure};

use crate::stand::Stand;

/// A little above what is kept.
const BYTES: usize = 50_000_001;

#[tokio::test(flavor = "multi_thread")]
async fn a_film_above_fifty_megabytes_is_saved_played_and_carried() {
    // The start of an MP4 (ISO 14496-12), under a name that another program would be chosen by.
    let text = format!("\0\0\0\x18ftypmp42{}", "-".repeat(BYTES - 12));
    let path = "artifacts/recording.html";
    let artifact = Told::Artifact {
        path: path.to_owned(),
        text,
    };
    let stand = Stand::over(PracticeOptions {
        told: vec![vec![artifact]],
        speed: 0.0,
        ..PracticeOptions::default()
    })
    .await;
    stand.connect().await;
    let agent = stand.launched("[told] 0").await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let run = stand
        .until("its file is known", |world| {
            let left = &world.agent(&agent)?.agent.artifacts;
            left.iter().find(|one| one.path == path).map(|one| one.run.clone())
        })
        .await;
    let run = run.as_ref();
    let asked = |stand: &Stand| {
        let requests = stand.practice.requests();
        requests.iter().filter(|one| one.path.ends_with("/download")).count()
    };
    assert_eq!(asked(&stand), 0, "nobody asked for it yet");

    let engine = &stand.engine;
    assert_eq!(
        engine.artifact(&agent, run, path).await,
        Err(Failure::ArtifactTooLarge { limit: 50_000_000 }),
        "it is not read into the page"
    );
    let saved = engine.artifact_file(&agent, run, path).await.unwrap();
    let whole = std::fs::read(&saved.file).unwrap();
    assert_eq!(
        (saved.name.as_str(), whole.len(), &whole[4..12]),
        ("recording.mp4", BYTES, b"ftypmp42".as_slice()),
        "all of it, under a name that ends as its bytes say"
    );
    let named = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(named(&saved.file), "recording.mp4");
    let played = engine.artifact_video_file(&agent, run, path).await;
    let carried = engine.artifact_copy(&agent, run, path).await;
    assert_eq!((played, carried), (Ok(saved.file.clone()), Ok(saved.file.clone())));
    assert_eq!(asked(&stand), 1, "it came once");

    std::fs::remove_file(&saved.file).unwrap();
    let again = engine.artifact_file(&agent, run, path).await.unwrap();
    assert_eq!(
        std::fs::read(&again.file).unwrap().len(),
        BYTES,
        "what was taken away comes again"
    );
    assert_eq!(asked(&stand), 2);
    stand.polite();
}
