//! Every refusal the API is known for, and the question that finds it.

use cursor_cloud_agents::{Client, CreateRun, Delivery, Error, Prompt, Scheme};
use practice_cloud::{Fault, Practice};

use super::support::{client_with, create, finish, practice};

async fn refused(practice: &Practice, client: &Client, fault: Fault) -> Error {
    practice.clear_faults();
    practice.set_fault(fault, 1);
    let error = client.create_agent(&create("Fix the menu")).await.unwrap_err();
    assert_eq!(practice.requests().len(), 1, "{fault:?}: sent once");
    error
}

#[tokio::test]
async fn every_refusal_of_a_launch_has_its_question() {
    type Question = fn(&Error) -> bool;
    let table: [(Fault, u16, Question); 12] = [
        (Fault::CreateConflict, 409, Error::is_id_conflict),
        (Fault::CreateBranchFlake, 400, Error::is_repository_access),
        (Fault::CreateRateLimitShape5, 429, Error::is_rate_limited),
        (Fault::CreateRateLimit, 429, Error::is_rate_limited),
        (Fault::CreateRateLimitDocumented, 429, Error::is_rate_limited),
        (Fault::CreateRateLimitFlat, 429, Error::is_rate_limited),
        (Fault::CreateRateLimitDated, 429, Error::is_rate_limited),
        (Fault::Create401, 401, Error::is_unauthorized),
        (Fault::CreatePlanRequired, 403, Error::is_plan_required),
        (Fault::CreatePrivacyMode, 400, Error::is_privacy_mode),
        (Fault::CreateUsageLimit, 400, Error::is_usage_limit),
        (Fault::CreateIncludedUsage, 429, Error::is_included_usage_exhausted),
    ];
    let questions: Vec<Question> = {
        let mut all: Vec<Question> = table.iter().map(|(_, _, question)| *question).collect();
        all.dedup_by(|a, b| std::ptr::fn_addr_eq(*a, *b));
        all
    };
    for (fault, status, question) in table {
        let (practice, client) = practice().await;
        let error = refused(&practice, &client, fault).await;
        // A limit met inside comes after the request was begun.
        let delivery = if fault == Fault::CreateRateLimitShape5 {
            Delivery::Unknown
        } else {
            Delivery::Answered
        };
        assert_eq!(
            (error.status(), error.delivery(), error.is_recognised()),
            (Some(status), delivery, true),
            "{fault:?}: {error}"
        );
        assert!(question(&error), "{fault:?}: {error}");
        let yes = questions.iter().filter(|question| question(&error)).count();
        assert_eq!(yes, 1, "{fault:?}: only one question is answered with yes");
        assert!(practice.agents().is_empty(), "{fault:?}: it had no effect");
    }
}

#[tokio::test]
async fn a_wait_is_read_from_header_and_body() {
    let (practice, client) = practice().await;
    practice.set_fault(Fault::CreateRateLimitShape5, 1);
    let leaked = client.create_agent(&create("Fix the menu")).await.unwrap_err();
    assert_eq!(leaked.retry_after().map(|wait| wait.as_secs()), Some(60));
    practice.set_fault(Fault::CreateRateLimit, 1);
    let standard = client.create_agent(&create("Fix the menu")).await.unwrap_err();
    assert!(
        standard.retry_after().is_some_and(|wait| wait.as_secs() > 0),
        "{standard}"
    );
    practice.set_fault(Fault::CreateRateLimitDated, 1);
    let dated = client.create_agent(&create("Fix the menu")).await.unwrap_err();
    let wait = dated.retry_after().map(|wait| wait.as_secs());
    assert!(
        wait.is_some_and(|wait| (1..=30).contains(&wait)),
        "a date is as good as seconds: {wait:?}"
    );
}

#[tokio::test]
async fn a_page_of_a_gateway_is_no_word_of_the_service() {
    let (practice, client) = practice().await;
    let error = refused(&practice, &client, Fault::Create403Html).await;
    assert_eq!(
        (
            error.status(),
            error.is_recognised(),
            error.is_plan_required(),
            error.code()
        ),
        (Some(403), false, false, None),
        "it says nothing of the account: {error}"
    );
    assert!(practice.agents().is_empty(), "it had no effect");
}

#[tokio::test]
async fn what_may_have_happened_is_said_to_be_unknown() {
    for (fault, exists) in [
        (Fault::CreateResetBeforeCommit, false),
        (Fault::CreateResetAfterCommit, true),
        (Fault::Create500BeforeCommit, false),
        (Fault::Create500AfterCommit, true),
        (Fault::Create502BeforeCommit, false),
        (Fault::Create502AfterCommit, true),
        (Fault::Create504AfterCommit, true),
        (Fault::CreateTruncatedJson, true),
    ] {
        let (practice, client) = practice().await;
        let error = refused(&practice, &client, fault).await;
        assert_eq!(error.delivery(), Delivery::Unknown, "{fault:?}: {error}");
        assert_eq!(
            practice.agents().len(),
            usize::from(exists),
            "{fault:?}: one cannot tell from outside"
        );
    }
}

#[tokio::test]
async fn a_follow_up_that_may_have_happened_is_unknown_too() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the menu")).await.unwrap();
    finish(&client, &created.agent.id, &created.run.id).await;
    let request = CreateRun {
        prompt: Prompt {
            text: "more".to_owned(),
            images: vec![],
        },
        ..CreateRun::default()
    };
    practice.set_fault(Fault::FollowupResetAfterCommit, 1);
    let error = client.create_run(&created.agent.id, &request).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
    assert_eq!(practice.agents()[0].runs.len(), 2, "it did happen");
}

#[tokio::test]
async fn a_wrong_key_is_said_flatly() {
    let (practice, _) = practice().await;
    let error = client_with(practice.base_url(), "crsr_wrong_wrong_wrong", Scheme::Bearer)
        .me()
        .await
        .unwrap_err();
    assert_eq!(
        (error.is_unauthorized(), error.message()),
        (true, Some("Invalid User API Key"))
    );
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("wrong_wrong"), "the key is in no error: {shown}");
}

#[tokio::test]
async fn a_gateway_that_answers_everything_is_not_the_api() {
    let (practice, client) = practice().await;
    practice.set_fault(Fault::HtmlAnswers, u32::MAX);
    let error = client.me().await.unwrap_err();
    assert_eq!(
        (
            error.status(),
            error.code(),
            error.is_unauthorized(),
            error.is_not_found()
        ),
        (Some(502), None, false, false)
    );
    assert_eq!(practice.requests().len(), 4, "a read is repeated three times");
}
