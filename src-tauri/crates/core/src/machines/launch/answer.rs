//! What an answer of the service proves about a sending: the classification table, as pure functions
//! over status, code and words (API §3). It knows no client crate, so that it can be held against the API's page.

use crate::model::{AgentId, Failure, RunId};

use super::Wire;
use super::candidate::Candidate;

/// How far a request got before it ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// No byte of it left this computer: no network, no name, connection or TLS refused.
    NotSent,
    /// Some or all of it left, and nothing that can be understood came back.
    Unknown,
}

/// An answer other than success, as received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Whether the service itself wrote it. A gateway's page proves nothing but that there was an answer.
    pub recognised: bool,
    /// The `code` of the body, where there was one.
    pub code: Option<String>,
    /// The words of the body: hostile text.
    pub message: String,
    /// Seconds to wait, from `Retry-After` or the body, where given.
    pub retry_after: Option<u64>,
    /// The page that mends it, where given.
    pub help_url: Option<String>,
}

/// What was asked for, as far as a failure names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The repository's address.
    pub repository: Option<&'a str>,
    /// The branch; empty means the default.
    pub branch: &'a str,
    /// The model's identifier.
    pub model: Option<&'a str>,
}

/// What came of a POST: of a new agent or of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostAnswer {
    /// It was done: success, and the body was understood.
    Created {
        /// The agent that the answer names.
        agent: AgentId,
        /// The run that the answer names; the older API names none.
        run: Option<RunId>,
    },
    /// No byte left this computer.
    NotSent,
    /// Nobody can say: cut off, timed out, 408, 5xx, a limit met inside, or a body that cannot be understood.
    Unclear {
        /// The HTTP status, where there was one.
        status: Option<u16>,
        /// In how many seconds to ask again, where given.
        retry_after: Option<u64>,
    },
    /// Not done: the identifier exists already (409 `agent_id_conflict`).
    Taken,
    /// Not done: the agent is at work (409 `agent_busy`); follow-ups only.
    Busy,
    /// Not done: the branch or repository could not be verified. It flakes, so it is tried again a few times.
    Unverified(Failure),
    /// Not done: ask again later.
    RateLimited {
        /// In so many seconds, where given.
        retry_after: Option<u64>,
    },
    /// Not done: the key is not known (401).
    KeyRefused,
    /// Not done, and asking again will not help.
    Refused(Failure),
    /// Nothing was sent, because the request could not be put together as it was written down
    /// (a picture is gone, the hash differs).
    NotBuilt(Failure),
}

/// What came of looking for the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookAnswer {
    /// The agent is there (API v1, get agent).
    Found {
        /// Its latest run, where named.
        run: Option<RunId>,
        /// Its first prompt, when that was asked for and could be read.
        first_message: Option<String>,
    },
    /// It is not there (404).
    Missing,
    /// The agents made since then (older API, list agents).
    Listed(Vec<Candidate>),
    /// The service could not be asked, or did not answer sensibly.
    Unreachable,
    /// Ask again later.
    RateLimited {
        /// In so many seconds, where given.
        retry_after: Option<u64>,
    },
    /// The key or the account was refused.
    Forbidden(Failure),
}

/// What a POST that ended without an answer proves.
pub fn post_without_answer(delivery: Delivery) -> PostAnswer {
    match delivery {
        Delivery::NotSent => PostAnswer::NotSent,
        Delivery::Unknown => PostAnswer::Unclear {
            status: None,
            retry_after: None,
        },
    }
}

/// What a POST answered with something other than success proves (API §3.2, §3.3). `wire`: what is sent with the older
/// API is not safe to send twice, so that it is looked for even after a limit.
pub fn post_refused(refusal: &Refusal, asked: Asked<'_>, wire: Wire) -> PostAnswer {
    let unclear = PostAnswer::Unclear {
        status: Some(refusal.status),
        retry_after: refusal.retry_after,
    };
    match refusal.status {
        // Too large to be taken at all, whoever says so.
        413 | 414 | 431 => PostAnswer::Refused(failure(refusal, asked)),
        _ if !refusal.recognised => unclear,
        401 => PostAnswer::KeyRefused,
        429 if included_usage_gone(refusal) => PostAnswer::Refused(Failure::IncludedUsageGone),
        // A limit met inside, while it was acted on.
        429 if wire == Wire::V0 || refusal.code.as_deref() == Some("resource_exhausted") => unclear,
        429 => PostAnswer::RateLimited {
            retry_after: refusal.retry_after,
        },
        409 => match refusal.code.as_deref() {
            Some("agent_busy") => PostAnswer::Busy,
            Some("agent_archived") => PostAnswer::Refused(Failure::AgentArchived),
            // A conflict without a code can only be the one that creating documents.
            Some("agent_id_conflict") | None => PostAnswer::Taken,
            Some(_) => PostAnswer::Refused(refused(refusal)),
        },
        400 if unverified(refusal) => PostAnswer::Unverified(Failure::RepositoryAccess {
            repository: asked.repository.map(str::to_owned),
            branch: (!asked.branch.is_empty()).then(|| asked.branch.to_owned()),
            help_url: https(refusal.help_url.as_deref()),
        }),
        // The request may have been cut short on its way, or closed before it was acted on.
        408 | 425 | 499 => unclear,
        400..=499 => PostAnswer::Refused(failure(refusal, asked)),
        // Redirects are never followed, and 1xx or 2xx that reach this are not understood.
        _ => unclear,
    }
}

/// What a GET answered with something other than success proves.
pub fn look_refused(refusal: &Refusal) -> LookAnswer {
    match refusal.status {
        429 => LookAnswer::RateLimited {
            retry_after: refusal.retry_after,
        },
        _ if !refusal.recognised => LookAnswer::Unreachable,
        404 if refusal.code.as_deref() != Some("run_not_found") && !route_missing(refusal) => LookAnswer::Missing,
        401 => LookAnswer::Forbidden(Failure::KeyRefused),
        403 => LookAnswer::Forbidden(failure(refusal, Asked::default())),
        400 if privacy_mode(refusal) => LookAnswer::Forbidden(Failure::PrivacyMode),
        _ => LookAnswer::Unreachable,
    }
}

/// The failure that a refused request is told as, where neither waiting nor repeating helps (API §3.2).
pub fn failure(refusal: &Refusal, asked: Asked<'_>) -> Failure {
    if !refusal.recognised && refusal.status != 429 {
        // A gateway's page is not for reading.
        return Failure::ServiceTrouble {
            status: Some(refusal.status),
        };
    }
    if privacy_mode(refusal) {
        return Failure::PrivacyMode;
    }
    match (refusal.status, refusal.code.as_deref()) {
        (401, _) => Failure::KeyRefused,
        (_, Some("plan_required")) => Failure::PlanRequired,
        (_, Some("usage_limit_exceeded")) => Failure::SpendingLimit,
        (429, _) if included_usage_gone(refusal) => Failure::IncludedUsageGone,
        (429, _) => Failure::RateLimited {
            retry_after: refusal.retry_after,
        },
        (_, Some("role_forbidden")) => Failure::RoleForbidden,
        (_, Some("feature_unavailable")) => Failure::FeatureUnavailable,
        (_, Some("repository_required")) => Failure::RepositoryMissing,
        (_, Some("repository_access" | "integration_not_connected")) => Failure::RepositoryAccess {
            repository: asked.repository.map(str::to_owned),
            branch: (!asked.branch.is_empty()).then(|| asked.branch.to_owned()),
            help_url: https(refusal.help_url.as_deref()),
        },
        (_, Some("invalid_branch_name")) => Failure::BranchMalformed {
            branch: asked.branch.to_owned(),
        },
        (_, Some("invalid_model")) => Failure::ModelUnavailable {
            model: asked.model.map(str::to_owned),
        },
        (400, _) if model_unavailable(refusal) => Failure::ModelUnavailable {
            model: asked.model.map(str::to_owned),
        },
        (_, Some("agent_not_found")) => Failure::AgentGone,
        (409, Some("agent_archived")) => Failure::AgentArchived,
        (409, Some("agent_busy")) => Failure::AgentBusy,
        (500..=599, _) => Failure::ServiceTrouble {
            status: Some(refusal.status),
        },
        _ => refused(refusal),
    }
}

/// How much of the service's own words is kept.
const QUOTED: usize = 500;

fn refused(refusal: &Refusal) -> Failure {
    Failure::Refused {
        status: refusal.status,
        message: refusal.message.chars().take(QUOTED).collect(),
    }
}

fn unverified(refusal: &Refusal) -> bool {
    refusal.message.contains("Failed to verify existence of branch")
        || refusal.message.contains("Failed to verify existence of commit")
        || refusal
            .message
            .contains("Failed to determine repository default branch")
}

fn included_usage_gone(refusal: &Refusal) -> bool {
    refusal
        .message
        .to_ascii_lowercase()
        .contains("included cloud agent usage")
        || refusal.message.to_ascii_lowercase().contains("enable on-demand usage")
}

fn privacy_mode(refusal: &Refusal) -> bool {
    refusal.message.contains("Privacy Mode (Legacy)") || refusal.message.contains("Storage mode is disabled")
}

fn model_unavailable(refusal: &Refusal) -> bool {
    refusal.message.starts_with("Model '")
        && (refusal.message.contains("does not match a known variant")
            || refusal.message.contains("is not available or invalid"))
}

/// A 404 for an address that the service does not have says nothing about the agent (API §3.1, shape 4).
fn route_missing(refusal: &Refusal) -> bool {
    refusal.code.is_none() && refusal.message.starts_with("Route ") && refusal.message.ends_with(" not found")
}

fn https(url: Option<&str>) -> Option<String> {
    url.filter(|url| url.starts_with("https://")).map(str::to_owned)
}

#[cfg(test)]
mod tests;
