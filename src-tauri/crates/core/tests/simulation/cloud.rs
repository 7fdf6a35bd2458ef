//! The fake service. It ignores idempotency keys, knows an agent only by its identifier, and shows new ones late.

use sendoff_core::machines::launch::{Candidate, LookAnswer};
use sendoff_core::model::AgentId;

/// What an agent was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    /// The identifier given; none with the older API.
    pub(crate) agent: Option<AgentId>,
    /// Fingerprint of the remaining body.
    pub(crate) content: String,
    /// The prompt.
    pub(crate) words: &'static str,
}

/// An agent on the service.
#[derive(Debug, Clone)]
pub(crate) struct CloudAgent {
    pub(crate) agent: AgentId,
    pub(crate) user: String,
    pub(crate) words: &'static str,
    /// Made by a request of the launch under test.
    pub(crate) ours: bool,
    pub(crate) created_at: u64,
    pub(crate) visible_at: u64,
    pub(crate) readable_at: u64,
}

/// The service.
#[derive(Debug, Default)]
pub(crate) struct Cloud {
    pub(crate) agents: Vec<CloudAgent>,
    minted: u32,
}

impl Cloud {
    /// Creates, or says that the identifier is taken.
    pub(crate) fn create(
        &mut self,
        body: &Body,
        user: &str,
        ours: bool,
        now: u64,
        lag: u64,
        conversation_lag: u64,
    ) -> Option<AgentId> {
        let agent = if let Some(agent) = &body.agent {
            if self.agents.iter().any(|known| known.agent == *agent) {
                return None;
            }
            agent.clone()
        } else {
            self.minted += 1;
            AgentId(format!("bc-cloud-{}", self.minted))
        };
        self.agents.push(CloudAgent {
            agent: agent.clone(),
            user: user.to_owned(),
            words: body.words,
            ours,
            created_at: now,
            visible_at: now + lag,
            readable_at: now + lag + conversation_lag,
        });
        Some(agent)
    }

    /// How many agents the launch made.
    pub(crate) fn ours(&self) -> usize {
        self.agents.iter().filter(|agent| agent.ours).count()
    }

    /// Whether the launch made this one.
    pub(crate) fn is_ours(&self, agent: &AgentId) -> bool {
        self.agents.iter().any(|known| known.ours && known.agent == *agent)
    }

    /// Get an agent (API v1).
    pub(crate) fn get(&self, agent: &AgentId, user: &str, now: u64, first_message: bool) -> LookAnswer {
        match self
            .agents
            .iter()
            .find(|known| known.agent == *agent && known.user == user && known.visible_at <= now)
        {
            None => LookAnswer::Missing,
            Some(known) => LookAnswer::Found {
                run: None,
                first_message: (first_message && known.readable_at <= now).then(|| known.words.to_owned()),
            },
        }
    }

    /// List agents (older API).
    pub(crate) fn list(&self, since: u64, epoch: u64, user: &str, now: u64) -> LookAnswer {
        LookAnswer::Listed(
            self.agents
                .iter()
                .filter(|known| known.user == user && known.visible_at <= now && epoch + known.created_at >= since)
                .map(|known| Candidate {
                    agent: known.agent.clone(),
                    created_at: epoch + known.created_at,
                    repository: Some("https://github.com/acme/web".to_owned()),
                    reference: Some("main".to_owned()),
                    first_message: (known.readable_at <= now).then(|| known.words.to_owned()),
                })
                .collect(),
        )
    }
}
