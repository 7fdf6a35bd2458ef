//! Files that are too large to be kept or shown: they are saved, played and dragged out all the same.

use std::path::PathBuf;
use std::time::Duration;

use practice_cloud::{Fault, Options as PracticeOptions, Told};
use sendoff_core::model::{AgentId, AgentState, Change, Failure, RunId};
use tokio::time::timeout;

use crate::stand::Stand;

/// A little above what is kept.
pub(crate) const BYTES: usize = 50_000_001;
/// A byte above what is fetched at all.
const BEYOND: u32 = 2_000_000_001;

/// A cloud whose agents leave this file.
pub(crate) fn leaving(path: &str, text: String) -> PracticeOptions {
    let artifact = Told::Artifact {
        path: path.to_owned(),
        text,
    };
    PracticeOptions {
        told: vec![vec![artifact]],
        speed: 0.0,
        ..PracticeOptions::default()
    }
}

/// An agent that is done and of which it is known that it left a file, with the run that did.
pub(crate) async fn left(stand: &Stand, path: &str) -> (AgentId, Option<RunId>) {
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
    (agent, run)
}

/// How often a link to a file was asked for.
fn asked(stand: &Stand) -> usize {
    let requests = stand.practice.requests();
    requests.iter().filter(|one| one.path.ends_with("/download")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_above_fifty_megabytes_is_saved_played_and_carried() {
    // The start of an MP4 (ISO 14496-12), under a name that another program would be chosen by.
    let text = format!("\0\0\0\x18ftypmp42{}", "-".repeat(BYTES - 12));
    let path = "artifacts/recording.html";
    let stand = Stand::over(leaving(path, text)).await;
    stand.connect().await;
    let (agent, run) = left(&stand, path).await;
    let run = run.as_ref();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_file_beyond_two_gigabytes_is_refused_before_it_comes() {
    let path = "artifacts/core.dump";
    let stand = Stand::over(leaving(path, "not so much at all".to_owned())).await;
    stand.connect().await;
    let too_large = Failure::ArtifactTooLarge { limit: 2_000_000_000 };
    stand.practice.set_fault(Fault::ArtifactLength, BEYOND);
    let (agent, run) = left(&stand, path).await;
    assert_eq!(
        stand.engine.artifact_file(&agent, run.as_ref(), path).await,
        Err(too_large.clone()),
        "the list says how long it is"
    );
    assert_eq!(asked(&stand), 0, "so that nobody asks for it");

    stand.practice.set_fault(Fault::ArtifactLength, BYTES as u32);
    stand.change(Change::AgentRefresh { agent: agent.clone() }).await;
    stand
        .until("it is listed as shorter", |world| {
            let mut left = world.agent(&agent)?.agent.artifacts.iter();
            left.find(|one| one.bytes == BYTES as u64).map(drop)
        })
        .await;
    stand.practice.set_fault(Fault::ArtifactLength, BEYOND);
    let fetching = stand.engine.artifact_file(&agent, run.as_ref(), path);
    let fetched = timeout(Duration::from_secs(20), fetching).await;
    assert_eq!(fetched, Ok(Err(too_large)), "its own answer says it too");
    let coming = std::fs::read_dir(stand.folder.path().join("coming")).unwrap();
    assert_eq!(
        (stand.practice.struck(Fault::ArtifactLength), coming.count()),
        (1, 0),
        "it was begun once, and nothing of it is here"
    );
    stand.polite();
}
