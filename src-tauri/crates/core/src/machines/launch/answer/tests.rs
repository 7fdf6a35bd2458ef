//! The classification table, held against the API's page row by row.

use super::*;

const ASKED: Asked<'static> = Asked {
    repository: Some("https://github.com/acme/web"),
    branch: "main",
    model: Some("fast"),
};

fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    Refusal {
        status,
        recognised: true,
        code: (!code.is_empty()).then(|| code.to_owned()),
        message: message.to_owned(),
        retry_after: None,
        help_url: None,
    }
}

/// A gateway's page.
fn page(status: u16) -> Refusal {
    Refusal {
        recognised: false,
        ..refusal(status, "", "<html><h1>Invalid User API Key</h1></html>")
    }
}

fn access() -> Failure {
    Failure::RepositoryAccess {
        repository: Some("https://github.com/acme/web".into()),
        branch: Some("main".into()),
        help_url: None,
    }
}

fn quoted(status: u16, message: &str) -> PostAnswer {
    PostAnswer::Refused(Failure::Refused {
        status,
        message: message.into(),
    })
}

#[test]
fn what_a_refused_post_proves() {
    let unclear = |status| PostAnswer::Unclear {
        status: Some(status),
        retry_after: None,
    };
    let table = [
        (refusal(401, "error", "Invalid User API Key"), PostAnswer::KeyRefused),
        (
            refusal(403, "plan_required", "Cloud Agent is not available for free users."),
            PostAnswer::Refused(Failure::PlanRequired),
        ),
        (
            refusal(403, "role_forbidden", "no"),
            PostAnswer::Refused(Failure::RoleForbidden),
        ),
        (
            refusal(403, "feature_unavailable", "no"),
            PostAnswer::Refused(Failure::FeatureUnavailable),
        ),
        (
            refusal(
                403,
                "",
                "Storage mode is disabled. Please enable storage in your Cursor settings to use agents via API.",
            ),
            PostAnswer::Refused(Failure::PrivacyMode),
        ),
        (
            refusal(
                400,
                "validation_error",
                "Cloud agent is not supported in Privacy Mode (Legacy). Change it.",
            ),
            PostAnswer::Refused(Failure::PrivacyMode),
        ),
        (
            refusal(400, "usage_limit_exceeded", "Usage-based pricing required."),
            PostAnswer::Refused(Failure::SpendingLimit),
        ),
        (
            refusal(
                429,
                "rate_limit_exceeded",
                "You've used all included Cloud Agent usage: Enable on-demand usage to continue using Cloud Agents",
            ),
            PostAnswer::Refused(Failure::IncludedUsageGone),
        ),
        (
            refusal(429, "rate_limit_exceeded", "slow down"),
            PostAnswer::RateLimited { retry_after: None },
        ),
        (
            Refusal {
                retry_after: Some(60),
                ..refusal(429, "resource_exhausted", "[resource_exhausted] Error")
            },
            PostAnswer::Unclear {
                status: Some(429),
                retry_after: Some(60),
            },
        ),
        (
            refusal(
                400,
                "validation_error",
                "Failed to verify existence of branch 'main' in repository acme/web. Please ensure the branch name is correct.",
            ),
            PostAnswer::Unverified(access()),
        ),
        (
            refusal(400, "", "Failed to determine repository default branch"),
            PostAnswer::Unverified(access()),
        ),
        (refusal(400, "repository_access", "no"), PostAnswer::Refused(access())),
        (
            refusal(400, "integration_not_connected", "no"),
            PostAnswer::Refused(access()),
        ),
        (
            refusal(400, "repository_required", "Repository is required."),
            PostAnswer::Refused(Failure::RepositoryMissing),
        ),
        (
            refusal(400, "invalid_branch_name", "no"),
            PostAnswer::Refused(Failure::BranchMalformed { branch: "main".into() }),
        ),
        (
            refusal(400, "invalid_model", "no"),
            PostAnswer::Refused(Failure::ModelUnavailable {
                model: Some("fast".into()),
            }),
        ),
        (
            refusal(400, "validation_error", "Model 'fast' does not match a known variant"),
            PostAnswer::Refused(Failure::ModelUnavailable {
                model: Some("fast".into()),
            }),
        ),
        (
            refusal(400, "validation_error", "prompt.text is required"),
            quoted(400, "prompt.text is required"),
        ),
        (refusal(413, "", "Payload Too Large"), quoted(413, "Payload Too Large")),
        (
            page(413),
            PostAnswer::Refused(Failure::ServiceTrouble { status: Some(413) }),
        ),
        (page(400), unclear(400)),
        (page(401), unclear(401)),
        (page(403), unclear(403)),
        (page(404), unclear(404)),
        (page(409), unclear(409)),
        (page(429), unclear(429)),
        (
            refusal(404, "agent_not_found", "no"),
            PostAnswer::Refused(Failure::AgentGone),
        ),
        (refusal(409, "agent_id_conflict", "exists"), PostAnswer::Taken),
        (refusal(409, "", "exists"), PostAnswer::Taken),
        (
            refusal(409, "agent_busy", "Agent already has an active run"),
            PostAnswer::Busy,
        ),
        (
            refusal(409, "agent_archived", "no"),
            PostAnswer::Refused(Failure::AgentArchived),
        ),
        (refusal(409, "something_new", "no"), quoted(409, "no")),
        (refusal(408, "", ""), unclear(408)),
        (refusal(499, "client_cancelled", ""), unclear(499)),
        (refusal(500, "internal_error", ""), unclear(500)),
        (refusal(502, "", "<html>Bad Gateway</html>"), unclear(502)),
        (refusal(503, "", ""), unclear(503)),
        (refusal(504, "", ""), unclear(504)),
        (refusal(307, "", ""), unclear(307)),
        (refusal(200, "", "{\"agent\":"), unclear(200)),
    ];
    for (refusal, expected) in table {
        assert_eq!(post_refused(&refusal, ASKED, Wire::V1), expected, "{refusal:?}");
    }
}

#[test]
fn a_limit_proves_nothing_about_what_cannot_be_sent_twice() {
    let limited = refusal(429, "rate_limit_exceeded", "slow down");
    assert_eq!(
        post_refused(&limited, ASKED, Wire::V0),
        PostAnswer::Unclear {
            status: Some(429),
            retry_after: None
        },
        "without an identifier of ours it is looked for first"
    );
    let gone = refusal(429, "rate_limit_exceeded", "You've used all included Cloud Agent usage");
    assert_eq!(
        post_refused(&gone, ASKED, Wire::V0),
        PostAnswer::Refused(Failure::IncludedUsageGone),
        "usage that is used up is a plain refusal with either"
    );
}

#[test]
fn what_a_post_without_answer_proves() {
    assert_eq!(
        post_without_answer(Delivery::NotSent),
        PostAnswer::NotSent,
        "no byte left: it can be sent again freely"
    );
    assert_eq!(
        post_without_answer(Delivery::Unknown),
        PostAnswer::Unclear {
            status: None,
            retry_after: None
        },
        "a cut connection says nothing about what was done"
    );
}

#[test]
fn what_a_refused_look_proves() {
    let table = [
        (refusal(404, "agent_not_found", "no"), LookAnswer::Missing),
        (refusal(404, "", "Not found"), LookAnswer::Missing),
        // The agent is there and only its run is not.
        (refusal(404, "run_not_found", "no"), LookAnswer::Unreachable),
        // A wrong base address must not prove that a launch never happened.
        (
            refusal(404, "", "Route GET:/v1/agents/bc-1 not found"),
            LookAnswer::Unreachable,
        ),
        (
            refusal(401, "error", "Invalid User API Key"),
            LookAnswer::Forbidden(Failure::KeyRefused),
        ),
        (
            refusal(403, "plan_required", "no"),
            LookAnswer::Forbidden(Failure::PlanRequired),
        ),
        (
            Refusal {
                retry_after: Some(5),
                ..page(429)
            },
            LookAnswer::RateLimited { retry_after: Some(5) },
        ),
        (page(400), LookAnswer::Unreachable),
        (page(401), LookAnswer::Unreachable),
        (page(403), LookAnswer::Unreachable),
        (page(404), LookAnswer::Unreachable),
        (refusal(500, "", ""), LookAnswer::Unreachable),
        (refusal(400, "validation_error", "no"), LookAnswer::Unreachable),
    ];
    for (refusal, expected) in table {
        assert_eq!(look_refused(&refusal), expected, "{refusal:?}");
    }
}

#[test]
fn words_and_links_of_the_service_are_kept_short_and_safe() {
    let long = Refusal {
        help_url: Some("javascript:alert(1)".into()),
        ..refusal(400, "repository_access", &"x".repeat(10_000))
    };
    assert_eq!(failure(&long, ASKED), access(), "only https addresses are passed on");
    let Failure::Refused { message, .. } = failure(&refusal(418, "", &"é".repeat(10_000)), ASKED) else {
        panic!("an unknown refusal is quoted")
    };
    assert_eq!(message.chars().count(), 500, "cut at whole characters");
    assert_eq!(
        failure(&page(401), ASKED),
        Failure::ServiceTrouble { status: Some(401) },
        "a gateway's page is neither quoted nor believed"
    );
}
