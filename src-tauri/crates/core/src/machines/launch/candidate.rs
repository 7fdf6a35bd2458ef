//! Whether an agent found in the list is the one that was sent: the older API gives no identifier to ask for,
//! so repository, branch and first message have to say it.

use serde::{Deserialize, Serialize};

use crate::model::{AgentId, Time};

/// An agent found in the list of the older API. Agents that other launches adopted are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The agent.
    pub agent: AgentId,
    /// When it was made, by the service's clock.
    pub created_at: Time,
    /// Its repository's address, where named.
    pub repository: Option<String>,
    /// The branch it started from, where named.
    pub reference: Option<String>,
    /// The first message of its conversation; none while that cannot be read or is empty.
    pub first_message: Option<String>,
}

/// What was sent, as far as it can be recognized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The repository's address.
    pub repository: Option<String>,
    /// The branch; empty means the default.
    pub branch: String,
    /// The model's identifier; none means the account's default.
    pub model: Option<String>,
    /// The prompt's words.
    pub prompt: String,
}

/// How a list speaks about a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Match {
    /// Nothing in it can be the launch.
    None,
    /// Exactly this one is.
    One(AgentId),
    /// It may be one of these: their conversation cannot be read yet.
    Unread(Vec<AgentId>),
    /// More than one is like it.
    Several(Vec<AgentId>),
}

impl Target {
    /// Compares a list with what was sent at or after `since` (the service's clock, skew already taken off).
    pub(crate) fn find(&self, candidates: &[Candidate], since: Time) -> Match {
        let mut same = Vec::new();
        let mut unread = Vec::new();
        for candidate in candidates {
            if candidate.created_at < since || !self.same_place(candidate) {
                continue;
            }
            match &candidate.first_message {
                Some(message) if same_words(message, &self.prompt) => {
                    same.push(candidate.agent.clone());
                }
                Some(_) => {}
                None => unread.push(candidate.agent.clone()),
            }
        }
        match (same.len(), unread.len()) {
            (0, 0) => Match::None,
            (0, _) => Match::Unread(unread),
            (1, 0) => same.pop().map_or(Match::None, Match::One),
            _ => {
                same.append(&mut unread);
                Match::Several(same)
            }
        }
    }

    fn same_place(&self, candidate: &Candidate) -> bool {
        let repository = match (&self.repository, &candidate.repository) {
            (Some(asked), Some(found)) => same_repository(asked, found),
            _ => true,
        };
        let reference = match &candidate.reference {
            Some(found) => self.branch.is_empty() || *found == self.branch,
            None => true,
        };
        repository && reference
    }
}

/// Equal words; line ends and blanks at the edges do not count, because services trim them.
pub(crate) fn same_words(found: &str, sent: &str) -> bool {
    let mut found = found.trim().lines().map(str::trim_end);
    let mut sent = sent.trim().lines().map(str::trim_end);
    loop {
        match (found.next(), sent.next()) {
            (None, None) => return true,
            (one, other) if one == other => {}
            _ => return false,
        }
    }
}

/// Equal addresses; scheme, `www.`, a trailing slash, `.git` and capitals do not count.
fn same_repository(one: &str, other: &str) -> bool {
    plain_address(one).eq_ignore_ascii_case(plain_address(other))
}

fn plain_address(address: &str) -> &str {
    let address = address.trim();
    let address = address.split_once("://").map_or(address, |(_, remainder)| remainder);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address.trim_end_matches('/');
    address.strip_suffix(".git").unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target {
            repository: Some("https://github.com/acme/web".into()),
            branch: "main".into(),
            model: None,
            prompt: "Make the button blue.\n\nThanks".into(),
        }
    }

    fn candidate(agent: &str) -> Candidate {
        Candidate {
            agent: agent.into(),
            created_at: 1_000,
            repository: Some("github.com/Acme/web.git".into()),
            reference: Some("main".into()),
            first_message: Some("Make the button blue.\r\n\r\nThanks\n".into()),
        }
    }

    #[test]
    fn the_one_that_is_alike_in_everything_is_it() {
        let other_branch = Candidate {
            reference: Some("dev".into()),
            ..candidate("bc-branch")
        };
        let other_words = Candidate {
            first_message: Some("Make it red".into()),
            ..candidate("bc-words")
        };
        let too_old = Candidate {
            created_at: 999,
            ..candidate("bc-old")
        };
        let other_repository = Candidate {
            repository: Some("github.com/acme/api".into()),
            ..candidate("bc-repository")
        };
        let list = [other_branch, other_words, too_old, other_repository, candidate("bc-it")];
        assert_eq!(
            target().find(&list, 1_000),
            Match::One("bc-it".into()),
            "each of the others differs in one thing; address form and line ends do not count"
        );
    }

    #[test]
    fn two_alike_are_not_decided() {
        let list = [candidate("bc-1"), candidate("bc-2")];
        assert_eq!(
            target().find(&list, 0),
            Match::Several(vec!["bc-1".into(), "bc-2".into()]),
            "nothing tells them apart"
        );
    }

    #[test]
    fn an_unread_one_keeps_the_question_open() {
        let unread = Candidate {
            first_message: None,
            ..candidate("bc-young")
        };
        assert_eq!(
            target().find(std::slice::from_ref(&unread), 0),
            Match::Unread(vec!["bc-young".into()]),
            "the conversation of a new agent is empty at first"
        );
        assert_eq!(
            target().find(&[candidate("bc-it"), unread], 0),
            Match::Several(vec!["bc-it".into(), "bc-young".into()]),
            "it could be either"
        );
    }
}
