//! What was followed can be looked at closely and given away: a step in detail, a picture from elsewhere, a file without key or folder.

use sendoff_core::export::{ExportFormat, Words};
use sendoff_core::model::{
    AgentId, AgentState, Block, BlockKind, CallPart, DiffSign, Failure, RunId, StepDetail, Update, View,
};

use crate::stand::Stand;

/// An agent that is done, and read to its end.
async fn done(stand: &Stand, prompt: &str) -> AgentId {
    stand.connect().await;
    let agent = stand.launched(prompt).await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let view = View::Agent { id: agent.clone() };
    stand
        .seen("all of it", view, |update| match update {
            Update::Block { block } if matches!(block.kind, BlockKind::Ended { .. }) => Some(()),
            _ => None,
        })
        .await;
    // What it used is asked for once its last word is on disk.
    stand
        .until("all of it is on disk", |world| {
            world.agent(&agent)?.agent.usage.map(drop)
        })
        .await;
    agent
}

async fn blocks(stand: &Stand, agent: &AgentId) -> Vec<Block> {
    let changes = stand.engine.changes(0, View::Agent { id: agent.clone() }).await;
    let blocks = changes.updates.into_iter().filter_map(|update| match update {
        Update::Block { block } => Some(block),
        _ => None,
    });
    let mut blocks: Vec<Block> = blocks.collect();
    blocks.sort_by_key(|block| block.order);
    blocks
}

/// The first step that does this: its run, its first call, and how many it has.
fn step(blocks: &[Block], does: impl Fn(&StepDetail) -> bool) -> (RunId, String, u32) {
    let found = blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Steps {
            step,
            calls: Some(calls),
            ..
        } if does(&step.detail) => Some((block.run.clone()?, calls.first.clone(), calls.count)),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no such step: {blocks:#?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_looked_at_closely_also_after_a_restart() {
    let stand = Stand::new().await;
    let agent = done(&stand, "Make it blue").await;
    let held = blocks(&stand, &agent).await;
    let (run, edit, count) = step(&held, |detail| matches!(detail, StepDetail::Edits { .. }));
    let (_, tests, _) = step(&held, |detail| {
        matches!(detail, StepDetail::Tests { .. } | StepDetail::Runs { .. })
    });
    // Closing writes down what came last.
    let stand = stand.close().await.open().await;
    let listed = stand.engine.step_calls(&agent, &run, &edit, count).await.unwrap();
    assert_eq!(
        (listed.len() as u32, listed[0].id.as_str()),
        (count, edit.as_str()),
        "all that the step folds"
    );
    let detail = stand.engine.step_detail(&agent, &run, &edit).await.unwrap().unwrap();
    let signs: Vec<DiffSign> = detail
        .parts
        .iter()
        .flat_map(|part| match part {
            CallPart::Diff { lines, .. } => lines.iter().map(|line| line.sign).collect(),
            _ => Vec::new(),
        })
        .collect();
    assert!(
        signs.contains(&DiffSign::Added) && signs.contains(&DiffSign::Removed),
        "an edit shows its lines: {detail:#?}"
    );
    let detail = stand.engine.step_detail(&agent, &run, &tests).await.unwrap().unwrap();
    let has = |wanted: fn(&CallPart) -> bool| detail.parts.iter().any(wanted);
    assert!(
        has(|part| matches!(part, CallPart::Command { .. }))
            && has(|part| matches!(part, CallPart::Output { .. }))
            && has(|part| matches!(part, CallPart::ExitCode { .. })),
        "a command shows what it wrote and how it ended: {detail:#?}"
    );
    let other = RunId("run-of-nobody".to_owned());
    assert_eq!(stand.engine.step_detail(&agent, &other, &edit).await, Ok(None));
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_leaves_as_a_file_without_key_and_folder() {
    let stand = Stand::new().await;
    let key = format!("crsr_{}", "0a1b2c3d".repeat(8));
    let agent = done(&stand, &format!("Make <b>it</b> blue in /home/anna/site with {key}")).await;
    let run = stand
        .until("its run", |world| {
            Some(world.agent(&agent)?.agent.runs.first()?.id.clone())
        })
        .await;
    let words = Words::new([("export.key".to_owned(), "[key]".to_owned())]);
    let folders = || vec!["/home/anna".to_owned()];
    let export = async |run: Option<&RunId>, format| stand.engine.export(&agent, run, format, &words, folders()).await;
    for format in [ExportFormat::Markdown, ExportFormat::Html] {
        let file = export(None, format).await.unwrap();
        assert!(
            file.name.ends_with(format.ending()) && !file.name.contains('/'),
            "{}",
            file.name
        );
        assert!(
            !file.text.contains("0a1b2c3d") && !file.text.contains("/home/anna") && file.text.contains("~/site with"),
            "neither leaves: {}",
            file.text
        );
        let words_stay_words = match format {
            ExportFormat::Markdown => file.text.contains("\\<b>it\\</b>"),
            ExportFormat::Html => file.text.contains("&lt;b&gt;it&lt;/b&gt;") && !file.text.contains("<script"),
        };
        assert!(words_stay_words, "{}", file.text);
        // The title may be told anew meanwhile.
        let said = |text: &str| text.split_once("export.you").map(|(_, said)| said.to_owned());
        let only = export(Some(&run), format).await.unwrap();
        assert_eq!(said(&only.text), said(&file.text), "its only run is all of it");
    }
    let other = RunId("run-of-nobody".to_owned());
    assert_eq!(
        export(Some(&other), ExportFormat::Html).await,
        Err(Failure::NotFound),
        "no empty file"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_from_elsewhere_comes_only_from_listed_hosts() {
    let stand = Stand::new().await;
    let agent = done(&stand, "Make it blue").await;
    let path = stand
        .until("a picture of its own", |world| {
            let left = &world.agent(&agent)?.agent.artifacts;
            left.iter()
                .find(|one| one.picture.is_some())
                .map(|one| one.path.clone())
        })
        .await;
    let wire = cursor_cloud_agents::AgentId::parse(agent.as_str()).unwrap();
    // The origin of artifacts refuses whoever brings a key, and says so to `polite`.
    let link = stand.elsewhere().artifact_link(&wire, &path).await.unwrap();
    let shown = stand.engine.outside_picture(&agent, &link.url).await.unwrap();
    let drawn = stand.engine.picture(&shown.hash, Some(1600)).await.unwrap();
    assert!(
        shown.width > 0 && shown.height > 0 && drawn.mime.starts_with("image/"),
        "what came is drawn by its hash: {shown:?}"
    );
    assert_eq!(
        stand
            .engine
            .outside_picture(&agent, &link.url.replace(".png", ".gif"))
            .await,
        Err(Failure::NotFound),
        "what is refused there is not there"
    );
    for address in [
        "https://evil.example/a.png?secret",
        "http://raw.githubusercontent.com/a.png",
        "file:///etc/passwd",
        "nonsense",
    ] {
        assert_eq!(
            stand.engine.outside_picture(&agent, address).await,
            Err(Failure::LinkRefused),
            "{address}"
        );
    }
    stand.polite();
}
