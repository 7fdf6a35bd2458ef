//! A long transcript is given in parts: its end first, what comes before when it is asked for.

use super::{Transcript, World};
use crate::markdown;
use crate::model::{AgentId, Block, BlockId, BlockKind, Earlier};

/// The end, which is waited for, begins with the block that makes it this large, in bytes of words: some screens of them.
const END: usize = 16 << 10;
/// The same for a part before it, which is asked for before it is needed.
const PART: usize = 48 << 10;
/// What a block without words counts.
const BARE: usize = 200;
/// Steps in a row stand together and are given together, but not more than so many.
const TOGETHER: usize = 500;

/// How much a block adds to a part.
fn size(block: &Block) -> usize {
    match &block.kind {
        BlockKind::Prompt { text, .. } => BARE + text.len(),
        BlockKind::Words { nodes } => BARE + markdown::words(nodes).len(),
        BlockKind::Steps { .. } | BlockKind::Ended { .. } | BlockKind::Gap => BARE,
    }
}

fn is_steps(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Steps { .. })
}

/// Where the last part of these begins, which is so large. It holds the block of the order `to` where that is given.
fn begin(blocks: &[&Block], large: usize, to: Option<u64>) -> usize {
    let (mut begin, mut sum) = (blocks.len(), 0);
    while begin > 0 && (sum < large || to.is_some_and(|to| blocks[begin].order > to)) {
        begin -= 1;
        sum += size(blocks[begin]);
    }
    let least = begin.saturating_sub(TOGETHER);
    while begin > least && begin < blocks.len() && is_steps(blocks[begin]) && is_steps(blocks[begin - 1]) {
        begin -= 1;
    }
    begin
}

impl Transcript {
    fn in_order(&self) -> Vec<&Block> {
        let mut blocks: Vec<_> = self.blocks.values().map(|block| &block.value).collect();
        blocks.sort_by_key(|block| block.order);
        blocks
    }

    /// Its last part behind all prompts that come before, and the order it begins at.
    pub(super) fn end(&self) -> (u64, impl Iterator<Item = &Block>) {
        let mut blocks = self.in_order();
        let end = blocks.split_off(begin(&blocks, END, None));
        let order = match end.first() {
            Some(first) if !blocks.is_empty() => first.order,
            _ => 0,
        };
        let prompts = blocks
            .into_iter()
            .filter(|block| matches!(block.kind, BlockKind::Prompt { .. }));
        (order, prompts.chain(end))
    }
}

impl World {
    /// The part of a transcript before an order, or all parts back to a block. Nothing where it is not held.
    pub fn earlier(&self, agent: &AgentId, before: u64, to: Option<&BlockId>) -> Earlier {
        let Some(transcript) = self.transcripts.get(agent) else {
            return Earlier {
                blocks: Vec::new(),
                from: before,
            };
        };
        let to = to
            .and_then(|id| transcript.blocks.get(id))
            .map(|block| block.value.order);
        let mut blocks = transcript.in_order();
        blocks.truncate(blocks.partition_point(|block| block.order < before));
        let part = blocks.split_off(begin(&blocks, PART, to));
        Earlier {
            from: part
                .first()
                .filter(|_| !blocks.is_empty())
                .map_or(0, |first| first.order),
            blocks: part.into_iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Inline, Node, Settings, Step, StepDetail, StepState, Update, View};

    fn block(order: u64, kind: BlockKind) -> Block {
        Block {
            id: BlockId(order.to_string()),
            order,
            run: None,
            at: 0,
            kind,
        }
    }

    fn words(order: u64, bytes: usize) -> Block {
        let text = "x".repeat(bytes);
        let content = vec![Inline::Text { text }];
        let nodes = vec![Node::Paragraph { content }];
        block(order, BlockKind::Words { nodes })
    }

    fn prompt(order: u64) -> Block {
        let (text, shots) = ("Do".to_owned(), Vec::new());
        block(order, BlockKind::Prompt { text, shots })
    }

    fn step(order: u64) -> Block {
        let step = Step {
            detail: StepDetail::Waits,
            state: StepState::Done,
        };
        block(
            order,
            BlockKind::Steps {
                step,
                ended_at: None,
                calls: None,
            },
        )
    }

    fn world(blocks: Vec<Block>) -> (World, AgentId) {
        let (mut world, agent) = (World::new(Settings::default()), AgentId("bc-1".to_owned()));
        world.put_blocks(&agent, blocks, Vec::new());
        (world, agent)
    }

    /// The order the transcript is given from, and the orders of what is given, sorted: no order is promised.
    fn first_given(world: &World, agent: &AgentId) -> (Option<u64>, Vec<u64>) {
        let view = View::Agent { id: agent.clone() };
        let changes = world.changes(0, &view).expect("the whole view");
        let mut orders: Vec<u64> = Vec::new();
        let mut from = None;
        for update in &changes.updates {
            match update {
                Update::From { order } => from = Some(*order),
                Update::Block { block } => orders.push(block.order),
                _ => {}
            }
        }
        orders.sort_unstable();
        (from, orders)
    }

    #[test]
    fn a_short_transcript_is_given_whole() {
        let (world, agent) = world(vec![prompt(1), words(2, 900), step(3)]);
        assert_eq!(
            first_given(&world, &agent),
            (Some(0), vec![1, 2, 3]),
            "nothing comes before it"
        );
        let before = world.earlier(&agent, 1, None);
        let nothing = Earlier {
            blocks: Vec::new(),
            from: 0,
        };
        assert_eq!(before, nothing, "and nothing is found there");
    }

    #[test]
    fn a_long_transcript_is_given_from_its_end_in_parts() {
        let (half_of_a_part, half_of_the_end) = (PART / 2 + 1, END / 2 + 1);
        let blocks = vec![
            prompt(1),
            words(2, half_of_a_part),
            words(3, half_of_a_part),
            prompt(4),
            words(5, half_of_the_end),
            words(6, half_of_the_end),
        ];
        let (world, agent) = world(blocks);
        assert_eq!(
            first_given(&world, &agent),
            (Some(5), vec![1, 4, 5, 6]),
            "and all prompts"
        );
        let part = |before, to: Option<&str>| {
            let to = to.map(|id| BlockId(id.to_owned()));
            let earlier = world.earlier(&agent, before, to.as_ref());
            let orders: Vec<_> = earlier.blocks.iter().map(|block| block.order).collect();
            (earlier.from, orders)
        };
        assert_eq!(part(5, None), (2, vec![2, 3, 4]), "what comes before it");
        assert_eq!(part(2, None), (0, vec![1]), "up to the beginning");
        assert_eq!(part(5, Some("2")), (2, vec![2, 3, 4]), "a block of the next part");
        assert_eq!(
            part(5, Some("1")),
            (0, vec![1, 2, 3, 4]),
            "all parts up to one further back"
        );
        assert_eq!(
            part(5, Some("6")),
            (2, vec![2, 3, 4]),
            "one that is there needs no more than others"
        );
        assert_eq!(
            world.earlier(&AgentId("bc-2".to_owned()), 5, None).from,
            5,
            "of what is not held nothing is known"
        );
    }

    #[test]
    fn steps_in_a_row_are_not_cut() {
        let count = 2 * (END / BARE) as u64;
        let mut blocks: Vec<_> = (2..count).map(step).collect();
        blocks.push(prompt(1));
        let (world, agent) = world(blocks);
        assert_eq!(
            first_given(&world, &agent).0,
            Some(2),
            "all of them are one part, though they count as two"
        );
    }
}
