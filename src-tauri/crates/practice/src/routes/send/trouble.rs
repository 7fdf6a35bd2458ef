//! The faults of creates and follow-ups, and what each answers.

use axum::body::Body;
use axum::http::Response;

use crate::answer::{self, Answer};
use crate::cloud::Cloud;
use crate::fault::Fault;

/// The faults of one kind of sending, in the order in which they are looked at.
pub(super) struct SendFaults {
    pub(super) before: &'static [(Fault, Trouble)],
    pub(super) after: &'static [(Fault, Trouble)],
}

#[derive(Clone, Copy)]
pub(super) enum Trouble {
    Reset,
    Error500,
    Gateway(u16),
    RateLimit,
    RateLimitShape5,
    RateLimitDocumented,
    RateLimitFlat,
    RateLimitDated,
    Unauthorized,
    PlanRequired,
    PrivacyMode,
    UsageLimit,
    IncludedUsage,
    TooLarge,
    Busy,
    IdConflict,
    BranchFlake,
    Delayed,
    Truncated,
    OtherId,
    UnreadableConflict,
}

pub(super) const CREATE: SendFaults = SendFaults {
    before: &[
        (Fault::CreateResetBeforeCommit, Trouble::Reset),
        (Fault::Create401, Trouble::Unauthorized),
        (Fault::CreatePlanRequired, Trouble::PlanRequired),
        (Fault::CreatePrivacyMode, Trouble::PrivacyMode),
        (Fault::Create413, Trouble::TooLarge),
        (Fault::CreateRateLimit, Trouble::RateLimit),
        (Fault::CreateRateLimitShape5, Trouble::RateLimitShape5),
        (Fault::CreateRateLimitDocumented, Trouble::RateLimitDocumented),
        (Fault::CreateRateLimitFlat, Trouble::RateLimitFlat),
        (Fault::CreateRateLimitDated, Trouble::RateLimitDated),
        (Fault::Create403Html, Trouble::Gateway(403)),
        (Fault::Create500BeforeCommit, Trouble::Error500),
        (Fault::Create502BeforeCommit, Trouble::Gateway(502)),
        (Fault::Create503BeforeCommit, Trouble::Gateway(503)),
        (Fault::Create504BeforeCommit, Trouble::Gateway(504)),
        (Fault::CreateUsageLimit, Trouble::UsageLimit),
        (Fault::CreateIncludedUsage, Trouble::IncludedUsage),
        (Fault::CreateConflict, Trouble::IdConflict),
        (Fault::CreateBranchFlake, Trouble::BranchFlake),
    ],
    after: &[
        (Fault::CreateResetAfterCommit, Trouble::Reset),
        (Fault::Create500AfterCommit, Trouble::Error500),
        (Fault::Create502AfterCommit, Trouble::Gateway(502)),
        (Fault::Create503AfterCommit, Trouble::Gateway(503)),
        (Fault::Create504AfterCommit, Trouble::Gateway(504)),
        (Fault::CreateConflictOnRetry, Trouble::UnreadableConflict),
        (Fault::CreateDelayed, Trouble::Delayed),
        (Fault::CreateTruncatedJson, Trouble::Truncated),
        (Fault::CreateOtherId, Trouble::OtherId),
    ],
};

pub(super) const FOLLOWUP: SendFaults = SendFaults {
    before: &[
        (Fault::FollowupResetBeforeCommit, Trouble::Reset),
        (Fault::Followup401, Trouble::Unauthorized),
        (Fault::Followup413, Trouble::TooLarge),
        (Fault::FollowupRateLimit, Trouble::RateLimit),
        (Fault::FollowupRateLimitShape5, Trouble::RateLimitShape5),
        (Fault::Followup500BeforeCommit, Trouble::Error500),
        (Fault::Followup502BeforeCommit, Trouble::Gateway(502)),
        (Fault::Followup503BeforeCommit, Trouble::Gateway(503)),
        (Fault::Followup504BeforeCommit, Trouble::Gateway(504)),
        (Fault::FollowupUsageLimit, Trouble::UsageLimit),
        (Fault::FollowupIncludedUsage, Trouble::IncludedUsage),
        (Fault::FollowupBusy, Trouble::Busy),
    ],
    after: &[
        (Fault::FollowupResetAfterCommit, Trouble::Reset),
        (Fault::Followup500AfterCommit, Trouble::Error500),
        (Fault::Followup502AfterCommit, Trouble::Gateway(502)),
        (Fault::Followup503AfterCommit, Trouble::Gateway(503)),
        (Fault::Followup504AfterCommit, Trouble::Gateway(504)),
        (Fault::FollowupDelayed, Trouble::Delayed),
        (Fault::FollowupTruncatedJson, Trouble::Truncated),
    ],
};

pub(super) fn trouble(cloud: &Cloud, faults: &[(Fault, Trouble)]) -> Option<Trouble> {
    faults
        .iter()
        .find(|(fault, _)| cloud.strikes(*fault))
        .map(|(_, trouble)| *trouble)
}

/// The answer of trouble that needs nothing but itself; `None` for the others.
pub(super) fn plain_answer(cloud: &Cloud, trouble: Trouble) -> Option<Answer> {
    Some(Answer::Response(match trouble {
        Trouble::Reset => return Some(Answer::Cut),
        Trouble::Error500 => answer::error(500, "internal_error", "Internal error"),
        Trouble::Gateway(status) => answer::gateway_page(status),
        Trouble::RateLimit => answer::rate_limited(20, 2, 2),
        Trouble::RateLimitShape5 => answer::leaked_rate_limit(),
        Trouble::RateLimitDocumented => answer::documented_rate_limit(),
        Trouble::RateLimitFlat => answer::flat_rate_limit(),
        Trouble::RateLimitDated => answer::dated_rate_limit(cloud.clock.now_ms()),
        Trouble::Unauthorized => answer::unauthorized(),
        Trouble::PlanRequired => answer::plan_required(),
        Trouble::PrivacyMode => answer::privacy_legacy(),
        Trouble::UsageLimit => answer::usage_limit(),
        Trouble::IncludedUsage => answer::included_usage(),
        Trouble::TooLarge => answer::too_large(),
        Trouble::Busy => busy(),
        Trouble::IdConflict => id_conflict(),
        Trouble::BranchFlake
        | Trouble::Delayed
        | Trouble::Truncated
        | Trouble::OtherId
        | Trouble::UnreadableConflict => return None,
    }))
}

pub(super) fn busy() -> Response<Body> {
    answer::error(409, "agent_busy", "Agent already has an active run")
}

pub(super) fn id_conflict() -> Response<Body> {
    answer::error(409, "agent_id_conflict", "An agent with this id already exists")
}
