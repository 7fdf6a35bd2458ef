//! Calls of tools: which block each is counted in, and how far a block of several is.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::LastTool;
use crate::model::{StepDetail, StepState};

/// All calls of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    /// By the call's identifier: the number of its block, and whether it is under way.
    known: HashMap<String, (u64, bool)>,
    /// The last one started, and what it means for a person.
    last: Option<(String, LastTool)>,
    /// The plan that is shown already.
    plan: Option<String>,
}

impl Calls {
    pub(super) fn last(&self) -> Option<&LastTool> {
        self.last.as_ref().map(|(_, tool)| tool)
    }

    pub(super) fn find(&self, id: &str) -> Option<u64> {
        self.known.get(id).map(|(number, _)| *number)
    }

    pub(super) fn begin(&mut self, id: &str, number: u64, tool: LastTool) {
        self.known.insert(id.to_owned(), (number, true));
        self.last = Some((id.to_owned(), tool));
    }

    /// Whether the call was under way; it is not any more.
    pub(super) fn end(&mut self, id: &str) -> bool {
        self.known
            .get_mut(id)
            .is_some_and(|(_, running)| std::mem::take(running))
    }

    /// Says more of the last call; of others it does not matter.
    pub(super) fn correct_last(&mut self, id: &str, tool: LastTool) {
        if let Some((_, last)) = self.last.as_mut().filter(|(last, _)| last == id) {
            *last = tool;
        }
    }

    /// Whether the plan of this call is still to be shown; it counts as shown.
    pub(super) fn show_plan(&mut self, id: &str) -> bool {
        self.plan.replace(id.to_owned()).is_none_or(|shown| shown != id)
    }
}

/// The calls folded into one block.
#[derive(Debug, Clone)]
pub(super) struct Group {
    running: u32,
    failed: u32,
    total: u32,
    files: HashSet<u64>,
}

impl Group {
    pub(super) fn new(file: Option<&str>) -> Self {
        Self {
            running: 1,
            failed: 0,
            total: 1,
            files: file.map(hash).into_iter().collect(),
        }
    }

    pub(super) fn is_alone(&self) -> bool {
        self.total == 1
    }

    /// The file of the only call became known late.
    pub(super) fn correct_file(&mut self, file: Option<&str>) {
        self.files = file.map(hash).into_iter().collect();
    }

    /// Folds one more call in, if it is of the same kind.
    pub(super) fn join(&mut self, shown: &mut StepDetail, more: &StepDetail, file: Option<&str>) -> bool {
        let folds = match (&mut *shown, more) {
            (StepDetail::Reads { count, name }, StepDetail::Reads { name: last, .. }) => {
                if file.is_none_or(|file| self.files.insert(hash(file))) {
                    *count = count.saturating_add(1);
                }
                if last.is_some() {
                    name.clone_from(last);
                }
                true
            }
            (StepDetail::Searches { count }, StepDetail::Searches { .. }) => {
                *count = count.saturating_add(1);
                true
            }
            (StepDetail::Other { name, count }, StepDetail::Other { name: other, .. }) if name == other => {
                *count = count.saturating_add(1);
                true
            }
            // The same file again; two files of one name are two edits.
            (StepDetail::Edits { .. }, StepDetail::Edits { .. }) => {
                file.is_some_and(|file| self.files.contains(&hash(file)))
            }
            (StepDetail::Browses, StepDetail::Browses)
            | (StepDetail::Captures, StepDetail::Captures)
            | (StepDetail::UsesComputer, StepDetail::UsesComputer)
            | (StepDetail::Plans, StepDetail::Plans)
            | (StepDetail::Delegates, StepDetail::Delegates)
            | (StepDetail::Waits, StepDetail::Waits) => true,
            _ => false,
        };
        if folds {
            self.running += 1;
            self.total += 1;
        }
        folds
    }

    /// One call is over; the state of the block once all are. It failed only if every call in it did.
    pub(super) fn end(&mut self, failed: bool) -> Option<StepState> {
        self.running = self.running.saturating_sub(1);
        self.failed += u32::from(failed);
        (self.running == 0).then(|| self.state())
    }

    /// The run is over; the state of the block if calls were still under way. In a run that came to its own end they are
    /// over too, and their ends were not told.
    pub(super) fn end_all(&mut self, finished: bool) -> Option<StepState> {
        let left = std::mem::take(&mut self.running) > 0;
        left.then(|| if finished { self.state() } else { StepState::Interrupted })
    }

    fn state(&self) -> StepState {
        if self.failed == self.total {
            StepState::Failed
        } else {
            StepState::Done
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
