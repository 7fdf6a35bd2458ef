//! What happened on another computer and no list tells in full: a question answered there, a run that was started and
//! is over. Each is looked into by asking for the agent.

use super::listed::Listed;
use crate::engine::mailbox::AgentMail;
use crate::engine::{Engine, lock};
use crate::model::{AccountId, AgentId, AgentState};
use crate::record::{AgentRecord, latest_first};

/// So many agents are looked at again at once; the others have their turn when the list comes again.
const AT_ONCE: usize = 4;

impl Engine {
    /// Looks again at the agents of an account that wait for an answer, the newest first: somebody may have answered
    /// elsewhere meanwhile, which no list tells.
    pub(crate) fn look_at_asking(&self, account: &AccountId) {
        let asking: Vec<AgentId> = self.read(|world| {
            let asks = |record: &&AgentRecord| {
                let asks = matches!(record.agent.state, AgentState::Asks { .. } | AgentState::Plan);
                asks && record.agent.account == *account
            };
            let mut records: Vec<_> = world.agents().filter(asks).collect();
            latest_first(&mut records);
            let ids = records.iter().take(AT_ONCE).map(|record| record.agent.id.clone());
            ids.collect()
        });
        for agent in asking {
            self.mail_agent(&agent, AgentMail::Refresh);
        }
    }

    /// Looks into agents of which the list told another end than the one that is known, as [`overtaking`] says. The two
    /// versions of the API may differ for good: each end is looked into once.
    pub(super) fn look_at_overtaken(&self, overtaken: Vec<(AgentId, Option<bool>)>) {
        let mut looked = Vec::new();
        {
            let mut contradicted = lock(&self.0.sync.contradicted);
            for (id, overtaken) in overtaken {
                match overtaken {
                    None => drop(contradicted.remove(&id)),
                    Some(failed) if contradicted.get(&id) != Some(&failed) && looked.len() < AT_ONCE => {
                        contradicted.insert(id.clone(), failed);
                        looked.push(id);
                    }
                    Some(_) => {}
                }
            }
        }
        for id in looked {
            self.mail_agent(&id, AgentMail::Refresh);
        }
    }
}

/// Whether an agent failed, where it came to another end than the one that is known: another run was started elsewhere and
/// is over.
pub(super) fn overtaking(known: &AgentRecord, seen: &Listed) -> Option<bool> {
    let failed = |state: &AgentState| match state {
        AgentState::Failed { .. } => Some(true),
        AgentState::Done | AgentState::Stopped | AgentState::Asks { .. } | AgentState::Plan => Some(false),
        AgentState::Starting | AgentState::Working { .. } | AgentState::Stopping | AgentState::Unknown => None,
    };
    let (before, now) = (failed(&known.agent.state)?, failed(seen.state.as_ref()?)?);
    (before != now).then_some(now)
}
