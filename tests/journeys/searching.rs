//! A word of what was asked, said, edited or run leads to its block, also after a restart, until the agent is deleted.

use std::time::Duration;

use sendoff_core::model::{
    AgentId, AgentState, Block, BlockKind, Change, Failure, HitPlace, Inline, Node, StepDetail, Update, View,
};

use crate::stand::Stand;

/// What is asked; its rare word is in no story of the practice cloud.
const PROMPT: &str = "Center the zebrafish sign-in button";

/// One of each kind, and the words that lead to it.
struct Told {
    block: Block,
    words: String,
}

async fn blocks(stand: &Stand, agent: &AgentId) -> Vec<Block> {
    let changes = stand.engine.changes(0, View::Agent { id: agent.clone() }).await;
    let blocks = changes.updates.into_iter().filter_map(|update| match update {
        Update::Block { block } => Some(block),
        _ => None,
    });
    blocks.collect()
}

fn told(blocks: &[Block], what: &str, words: impl Fn(&BlockKind) -> Option<String>) -> Told {
    let found = blocks.iter().find_map(|block| {
        let words = words(&block.kind)?;
        let block = block.clone();
        Some(Told { block, words })
    });
    found.unwrap_or_else(|| panic!("the story has {what}: {blocks:#?}"))
}

/// The first line of a reply, as it stands there.
fn line(kind: &BlockKind) -> Option<String> {
    let BlockKind::Words { nodes } = kind else { return None };
    nodes.iter().find_map(|node| match node {
        Node::Paragraph { content } => match content.first()? {
            Inline::Text { text } if text.len() > 20 => Some(text.trim().to_owned()),
            _ => None,
        },
        _ => None,
    })
}

fn edited(kind: &BlockKind) -> Option<String> {
    match kind {
        BlockKind::Steps { step, .. } => match &step.detail {
            StepDetail::Edits { name, .. } => name.clone(),
            _ => None,
        },
        _ => None,
    }
}

fn command(kind: &BlockKind) -> Option<String> {
    match kind {
        BlockKind::Steps { step, .. } => match &step.detail {
            StepDetail::Tests { command } | StepDetail::Runs { command } => Some(command.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Waits until words lead to a place of an agent: what is followed is written a moment later.
async fn leads(stand: &Stand, words: &str, agent: &AgentId, place: &HitPlace) {
    for _ in 0..200 {
        let found = stand.engine.search(words.to_owned()).await.unwrap();
        let there = found.hits.iter().find(|hit| hit.agent == *agent && hit.place == *place);
        if let Some(hit) = there {
            assert!(
                hit.snippet.iter().any(|piece| piece.found),
                "what was found is marked: {hit:?}"
            );
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{words:?} does not lead to {place:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_lead_to_their_blocks_until_the_agent_is_deleted() {
    let stand = Stand::new().await;
    assert_eq!(stand.engine.search("sign".to_owned()).await, Err(Failure::NoAccount));
    stand.change(Change::AccountPractice).await;
    let agent = stand.launched(PROMPT).await;
    let prompt = HitPlace::Block {
        id: stand
            .seen(
                "what was asked",
                View::Agent { id: agent.clone() },
                |update| match update {
                    Update::Block { block } if matches!(block.kind, BlockKind::Prompt { .. }) => Some(block.id.clone()),
                    _ => None,
                },
            )
            .await,
    };
    leads(&stand, "ZEBRAF", &agent, &prompt).await;
    stand
        .stands(&agent, "it is done", |state| *state == AgentState::Done)
        .await;
    let file = stand
        .until("it left a file", |world| {
            world
                .agent(&agent)?
                .agent
                .artifacts
                .first()
                .map(|file| file.path.clone())
        })
        .await;
    let blocks = blocks(&stand, &agent).await;
    let told = [
        told(&blocks, "a reply", line),
        told(&blocks, "an edited file", edited),
        told(&blocks, "a command", command),
    ];
    let mut all: Vec<(String, HitPlace)> = told
        .iter()
        .map(|told| {
            (
                told.words.clone(),
                HitPlace::Block {
                    id: told.block.id.clone(),
                },
            )
        })
        .collect();
    all.push(("zebrafish button".to_owned(), prompt));
    all.push((file.clone(), HitPlace::File { path: file }));
    for (words, place) in &all {
        leads(&stand, words, &agent, place).await;
    }

    let stand = stand.restart().await;
    for (words, place) in &all {
        leads(&stand, words, &agent, place).await;
    }
    // Opening it again builds its transcript anew, and everything is where it was.
    stand
        .seen("the end", View::Agent { id: agent.clone() }, |update| match update {
            Update::Block { block } => matches!(block.kind, BlockKind::Ended { .. }).then_some(()),
            _ => None,
        })
        .await;
    for (words, place) in &all {
        leads(&stand, words, &agent, place).await;
    }

    stand.change(Change::AgentDelete { agent: agent.clone() }).await;
    for (words, _) in &all {
        let found = stand.engine.search(words.clone()).await.unwrap();
        assert!(found.hits.is_empty(), "{words:?} still leads to {found:?}");
    }
}
