//! Every call of v0 against the practice cloud.

use bytes::Bytes;
use cursor_cloud_agents::v0::{AgentStatus, FollowUp, LaunchRequest, LaunchSource, LaunchTarget, MessageKind};
use cursor_cloud_agents::{Dimension, Error, Page, Picture, PictureType, Prompt};
use practice_cloud::Fault;

use super::support::{finish, practice};

fn prompt(text: &str) -> Prompt {
    Prompt {
        text: text.to_owned(),
        images: vec![],
    }
}

fn launch(text: &str) -> LaunchRequest {
    LaunchRequest {
        prompt: prompt(text),
        model: None,
        source: LaunchSource::Repository {
            repository: "https://github.com/your-name/your-repo".to_owned(),
            git_ref: Some("main".to_owned()),
        },
        target: None,
    }
}

#[tokio::test]
async fn an_agent_of_v0_lives_from_launch_to_delete() {
    let (practice, client) = practice().await;
    let old = client.v0();
    let png = Bytes::from_static(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82",
    );
    let dimension = Some(Dimension { width: 1, height: 1 });
    let request = LaunchRequest {
        prompt: Prompt {
            text: "Fix the sign-in form".to_owned(),
            images: vec![Picture::Memory {
                content: png,
                mime: PictureType::Png,
                dimension,
            }],
        },
        target: Some(LaunchTarget {
            auto_create_pr: Some(true),
            ..LaunchTarget::default()
        }),
        ..launch("x")
    };
    let launched = old.launch(&request).await.unwrap();
    assert_eq!(
        launched.source.repository.as_deref(),
        Some("https://github.com/your-name/your-repo")
    );
    let first = client.get_agent(&launched.id).await.unwrap().latest_run_id.unwrap();
    finish(&client, &launched.id, &first).await;

    let agent = old.get(&launched.id).await.unwrap();
    assert_eq!(
        (&agent.status, agent.target.auto_create_pr),
        (&AgentStatus::Finished, Some(true))
    );
    assert!(agent.target.branch_name.is_some() && agent.target.url.is_some());
    assert_eq!(old.list(&Page::default()).await.unwrap().items, [agent]);

    let follow_up = FollowUp {
        prompt: prompt("And the footer"),
    };
    old.follow_up(&launched.id, &follow_up).await.unwrap();
    let second = client.get_agent(&launched.id).await.unwrap().latest_run_id.unwrap();
    finish(&client, &launched.id, &second).await;
    let conversation = old.conversation(&launched.id).await.unwrap();
    let asked: Vec<&str> = conversation
        .messages
        .iter()
        .filter(|message| message.kind == MessageKind::User)
        .map(|message| message.text.as_str())
        .collect();
    assert_eq!(asked, ["Fix the sign-in form", "And the footer"]);
    assert!(
        conversation
            .messages
            .iter()
            .any(|message| message.kind == MessageKind::Assistant)
    );

    old.delete(&launched.id).await.unwrap();
    assert!(old.get(&launched.id).await.unwrap_err().is_not_found());
    for gone in [
        old.conversation(&launched.id).await.map(drop).unwrap_err(),
        old.follow_up(&launched.id, &follow_up).await.unwrap_err(),
    ] {
        assert_eq!(
            (gone.status(), gone.is_not_found()),
            (Some(409), true),
            "the older API calls a deleted agent a conflict: {gone}"
        );
    }
    assert_eq!(practice.violations(), [], "every request kept the rules");
}

/// The older API refuses in words without a code; the same questions find the same trouble.
#[tokio::test]
async fn refusals_in_words_alone_are_understood() {
    type Question = fn(&Error) -> bool;
    let table: [(Fault, u16, Question); 8] = [
        (Fault::CreateBranchFlake, 400, Error::is_repository_access),
        (Fault::CreateRateLimit, 429, Error::is_rate_limited),
        (Fault::CreateRateLimitShape5, 429, Error::is_rate_limited),
        (Fault::Create401, 401, Error::is_unauthorized),
        (Fault::CreatePlanRequired, 403, Error::is_plan_required),
        (Fault::CreatePrivacyMode, 400, Error::is_privacy_mode),
        (Fault::CreateUsageLimit, 400, Error::is_usage_limit),
        (Fault::CreateIncludedUsage, 429, Error::is_included_usage_exhausted),
    ];
    for (fault, status, question) in table {
        let (practice, client) = practice().await;
        practice.set_fault(fault, 1);
        let error = client.v0().launch(&launch("Fix the menu")).await.unwrap_err();
        assert_eq!(
            (error.status(), question(&error)),
            (Some(status), true),
            "{fault:?}: {error}"
        );
    }

    let (practice, client) = practice().await;
    let old = client.v0();
    let follow_up = FollowUp {
        prompt: prompt("And the footer"),
    };
    let launched = old.launch(&launch("[unending] Fix the menu")).await.unwrap();
    let busy = old.follow_up(&launched.id, &follow_up).await.unwrap_err();
    assert!(busy.is_busy(), "{busy}");
    client.archive_agent(&launched.id).await.unwrap();
    let archived = old.follow_up(&launched.id, &follow_up).await.unwrap_err();
    assert!(archived.is_archived(), "{archived}");
    let elsewhere = LaunchRequest {
        source: LaunchSource::Repository {
            repository: "https://github.com/else/where".to_owned(),
            git_ref: None,
        },
        ..launch("Fix the menu")
    };
    let error = old.launch(&elsewhere).await.unwrap_err();
    assert_eq!(
        (error.message(), error.code(), error.is_repository_access()),
        (Some("Failed to determine repository default branch"), None, true)
    );
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_working_agent_is_stopped() {
    let (practice, client) = practice().await;
    practice.set_fault(Fault::RunNeverEnding, 1);
    let launched = client.v0().launch(&launch("Fix the menu")).await.unwrap();
    client.v0().stop(&launched.id).await.unwrap();
    let run = client.get_agent(&launched.id).await.unwrap().latest_run_id.unwrap();
    finish(&client, &launched.id, &run).await;
    assert!(!matches!(
        client.v0().get(&launched.id).await.unwrap().status,
        AgentStatus::Creating | AgentStatus::Running
    ));
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let (practice, client) = practice().await;
    for number in 0..5 {
        client.v0().launch(&launch(&format!("Task {number}"))).await.unwrap();
    }
    let (mut found, mut page) = (
        Vec::new(),
        Page {
            limit: Some(2),
            cursor: None,
        },
    );
    loop {
        let answer = client.v0().list(&page).await.unwrap();
        found.push(answer.items.len());
        let Some(next) = answer.next_cursor else {
            break;
        };
        page.cursor = Some(next);
    }
    assert_eq!(found, [2, 2, 1]);
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_pull_request_has_its_own_list() {
    let (practice, client) = practice().await;
    let old = client.v0();
    let pull = "https://github.com/acme/web/pull/7";
    let on_pull = LaunchRequest {
        source: LaunchSource::PullRequest {
            pr_url: pull.to_owned(),
        },
        ..launch("Fix the menu")
    };
    let wanted = old.launch(&on_pull).await.unwrap();
    old.launch(&launch("Something else")).await.unwrap();
    let listed = old.list_of_pull_request(pull, &Page::default()).await.unwrap().items;
    let ids: Vec<_> = listed.into_iter().map(|agent| agent.id).collect();
    assert_eq!(ids, [wanted.id]);
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn an_account_is_described() {
    let (practice, client) = practice().await;
    let old = client.v0();
    assert_eq!(
        old.me().await.unwrap().user_email.as_deref(),
        Some("robin@practice.example")
    );
    assert!(!old.models().await.unwrap().is_empty());
    let repositories = old.repositories().await.unwrap();
    assert!(
        repositories
            .iter()
            .any(|repository| (repository.owner.as_str(), repository.name.as_str()) == ("acme", "web"))
    );
    assert_eq!(practice.violations(), []);
}
