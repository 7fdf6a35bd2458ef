//! Every call of v1 against the practice cloud, which checks each request against the API's rules.

use std::collections::BTreeSet;

use bytes::Bytes;
use cursor_cloud_agents::{
    AgentFilter, AgentId, AgentStatus, CreateAgent, CreateRun, Dimension, ErrorCode, Event, Mode, ModelChoice, Page,
    Picture, PictureType, Prompt, RunFailure, RunStatus, Scheme,
};
use practice_cloud::{AccountKind, Fault, Options};

use super::support::{PATIENCE, client_with, create, finish, practice, practice_with};

fn prompt(text: &str) -> Prompt {
    Prompt {
        text: text.to_owned(),
        images: vec![],
    }
}

#[tokio::test]
async fn an_agent_lives_from_create_to_delete() {
    let (practice, client) = practice().await;
    let id = AgentId::parse(super::support::AGENT).unwrap();
    let request = CreateAgent {
        agent_id: Some(id.clone()),
        name: Some("Sign-in".to_owned()),
        auto_create_pr: Some(true),
        mode: Some(Mode::Agent),
        ..create("Fix the sign-in form")
    };
    let created = client.create_agent(&request).await.unwrap();
    assert_eq!(
        (&created.agent.id, created.agent.name.as_deref()),
        (&id, Some("Sign-in"))
    );
    assert_eq!(created.run.agent_id.as_ref(), Some(&id));
    assert_eq!(finish(&client, &id, &created.run.id).await, RunStatus::Finished);

    let agent = client.get_agent(&id).await.unwrap();
    assert_eq!(
        (agent.status, agent.repos, agent.auto_create_pr, agent.latest_run_id),
        (
            AgentStatus::Idle,
            request.repos,
            Some(true),
            Some(created.run.id.clone())
        )
    );
    assert!(agent.created_at.unwrap().unix_milliseconds().is_some());

    let follow_up = CreateRun {
        prompt: prompt("And the footer"),
        mode: Some(Mode::Agent),
        ..CreateRun::default()
    };
    let second = client.create_run(&id, &follow_up).await.unwrap();
    assert_eq!(finish(&client, &id, &second.id).await, RunStatus::Finished);
    let runs = client.list_runs(&id, &Page::default()).await.unwrap();
    let listed: BTreeSet<String> = runs.items.iter().map(|run| run.id.to_string()).collect();
    assert_eq!(
        listed,
        BTreeSet::from([created.run.id.to_string(), second.id.to_string()])
    );
    assert!(
        runs.items.iter().all(|run| run.result.is_none()),
        "lists leave the result out"
    );
    assert!(client.get_run(&id, &second.id).await.unwrap().result.is_some());

    let usage = client.usage(&id, None).await.unwrap();
    assert_eq!(usage.runs.len(), 2);
    assert!(usage.total_usage.total_tokens > 0 && usage.cost.is_some());
    assert_eq!(client.usage(&id, Some(&second.id)).await.unwrap().runs.len(), 1);

    client.archive_agent(&id).await.unwrap();
    client.archive_agent(&id).await.unwrap();
    assert_eq!(client.get_agent(&id).await.unwrap().status, AgentStatus::Archived);
    assert!(client.create_run(&id, &follow_up).await.unwrap_err().is_archived());
    let filter = AgentFilter {
        include_archived: Some(false),
        ..AgentFilter::default()
    };
    assert_eq!(
        client.list_agents_where(&filter, &Page::default()).await.unwrap().items,
        []
    );
    client.unarchive_agent(&id).await.unwrap();
    client.delete_agent(&id).await.unwrap();
    assert!(client.get_agent(&id).await.unwrap_err().is_not_found());
    assert_eq!(practice.violations(), [], "every request kept the rules");
}

#[tokio::test]
async fn a_run_is_cancelled_once() {
    let (practice, client) = practice().await;
    practice.set_fault(Fault::RunNeverEnding, 1);
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let (agent, run) = (created.agent.id, created.run.id);
    let follow_up = CreateRun {
        prompt: prompt("more"),
        ..CreateRun::default()
    };
    assert!(client.create_run(&agent, &follow_up).await.unwrap_err().is_busy());
    practice.set_fault(Fault::RunCancel500, 1);
    assert_eq!(
        client.cancel_run(&agent, &run).await.unwrap_err().status(),
        Some(500),
        "not repeated by itself"
    );
    client.cancel_run(&agent, &run).await.unwrap();
    assert_eq!(finish(&client, &agent, &run).await, RunStatus::Cancelled);
    assert!(
        client
            .cancel_run(&agent, &run)
            .await
            .unwrap_err()
            .is_run_not_cancellable()
    );
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_failure_is_told_in_the_words_of_the_server() {
    let (practice, client) = practice().await;
    let told = async |text: &str| {
        let created = client.create_agent(&create(text)).await.unwrap();
        let (agent, run) = (created.agent.id, created.run.id);
        assert_eq!(finish(&client, &agent, &run).await, RunStatus::Error, "{text}");
        client.get_run(&agent, &run).await.unwrap().error
    };
    let why = RunFailure {
        message: Some(
            "The project could not be built: src/styles/tokens.css is missing, so there is nothing to test the change against."
                .to_owned(),
        ),
        code: Some("build_failed".to_owned()),
    };
    assert_eq!(told("[fail] Fix the menu").await, Some(why));
    practice.set_fault(Fault::RunErrorWithoutText, 1);
    assert_eq!(told("Fix the menu").await, None, "most failures come without a word");
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn one_identifier_makes_one_agent() {
    let (practice, client) = practice().await;
    let request = CreateAgent {
        agent_id: AgentId::parse(super::support::AGENT).ok(),
        ..create("Fix the menu")
    };
    let body = request.body().unwrap();
    client.create_agent_with(&body).await.unwrap();
    assert!(client.create_agent_with(&body).await.unwrap_err().is_id_conflict());
    assert_eq!(practice.agents().len(), 1);
    let sent: Vec<Option<String>> = practice
        .requests()
        .into_iter()
        .map(|request| request.body_sha256)
        .collect();
    let digest = body.sha256().await.unwrap();
    assert_eq!(
        sent,
        [Some(digest.clone()), Some(digest)],
        "the digest is that of what arrived"
    );
}

#[tokio::test]
async fn pictures_arrive_as_they_are() {
    let (practice, client) = practice().await;
    // The smallest PNG: one grey pixel.
    let png = Bytes::from_static(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82",
    );
    let picture = Picture::Memory {
        content: png.clone(),
        mime: PictureType::Png,
        dimension: Some(Dimension { width: 1, height: 1 }),
    };
    let images = vec![picture; 5];
    let request = CreateAgent {
        prompt: Prompt {
            text: "Look".to_owned(),
            images,
        },
        ..create("x")
    };
    client.create_agent(&request).await.unwrap();
    let pictures = &practice.agents()[0].pictures;
    let sizes: Vec<(usize, Option<(u32, u32)>)> = pictures
        .iter()
        .map(|picture| (picture.size_bytes, picture.pixels))
        .collect();
    assert_eq!(sizes, vec![(png.len(), Some((1, 1))); 5]);
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_picture_can_be_given_by_its_address() {
    let (practice, client) = practice().await;
    let address = "https://example.com/mock.webp";
    let dimension = Some(Dimension { width: 8, height: 6 });
    let request = CreateAgent {
        prompt: Prompt {
            text: "Look".to_owned(),
            images: vec![Picture::Url {
                url: address.to_owned(),
                dimension,
            }],
        },
        ..create("x")
    };
    let created = client.create_agent(&request).await.unwrap();
    assert_eq!(
        finish(&client, &created.agent.id, &created.run.id).await,
        RunStatus::Finished
    );
    let sent = practice.requests()[0].body.clone().unwrap();
    assert_eq!(
        sent["prompt"],
        serde_json::json!({"text": "Look", "images": [{"url": address, "dimension": {"width": 8, "height": 6}}]}),
        "neither a type nor data goes with an address"
    );
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_plan_waits_for_a_follow_up_in_agent_mode() {
    let (practice, client) = practice().await;
    let request = CreateAgent {
        mode: Some(Mode::Plan),
        auto_create_pr: Some(true),
        ..create("Tidy the settings page")
    };
    let created = client.create_agent(&request).await.unwrap();
    let id = created.agent.id;
    let mut stream = client.stream_run(&id, &created.run.id, None).await.unwrap();
    let mut tools = Vec::new();
    while let Some(event) = stream.next(PATIENCE).await.unwrap() {
        if let Event::ToolCall(call) = event.event {
            tools.push(call.name);
        }
    }
    assert_eq!(tools.last().map(String::as_str), Some("create_plan"), "{tools:?}");
    let run = client.get_run(&id, &created.run.id).await.unwrap();
    assert_eq!((run.status, run.git), (RunStatus::Finished, None), "nothing was pushed");

    let follow_up = |text: &str, mode: Option<Mode>| CreateRun {
        prompt: prompt(text),
        mode,
        ..CreateRun::default()
    };
    let mut pushed = Vec::new();
    for (text, mode) in [("Hm", None), ("Do it", Some(Mode::Agent))] {
        let run = client.create_run(&id, &follow_up(text, mode)).await.unwrap();
        assert_eq!(finish(&client, &id, &run.id).await, RunStatus::Finished, "{text}");
        let run = client.get_run(&id, &run.id).await.unwrap();
        pushed.push(run.git.is_some_and(|git| git.branches[0].pr_url.is_some()));
    }
    assert_eq!(pushed, [false, true], "without a mode it stays a plan");
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn a_follow_up_switches_the_model_for_good() {
    let (practice, client) = practice().await;
    let models = client.models().await.unwrap();
    let [first, second] = ["composer-2.5", "claude-haiku-4-5"].map(|id| {
        let found = models.iter().find(|model| model.id == id);
        found.unwrap_or_else(|| panic!("{id} is listed")).default_choice()
    });
    let request = CreateAgent {
        model: Some(first.clone()),
        ..create("Fix the menu")
    };
    let created = client.create_agent(&request).await.unwrap();
    let id = created.agent.id;
    finish(&client, &id, &created.run.id).await;
    let in_use = || practice.agents()[0].model.clone().unwrap();
    let mut used = vec![in_use()];
    for model in [None, Some(second.clone()), None] {
        let follow_up = CreateRun {
            prompt: prompt("more"),
            model,
            ..CreateRun::default()
        };
        let run = client.create_run(&id, &follow_up).await.unwrap();
        finish(&client, &id, &run.id).await;
        used.push(in_use());
    }
    let expected = [&first, &first, &second, &second].map(|choice| serde_json::to_value(choice).unwrap());
    assert_eq!(used, expected, "a switch lasts for the runs after it");
    let unknown = CreateRun {
        prompt: prompt("more"),
        model: Some(ModelChoice {
            id: "none-such".to_owned(),
            settings: vec![],
        }),
        ..CreateRun::default()
    };
    let error = client.create_run(&id, &unknown).await.unwrap_err();
    assert_eq!(
        (error.status(), error.code()),
        (Some(400), Some(&ErrorCode::ValidationError)),
        "a follow-up has no code of its own for it"
    );
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let (practice, client) = practice().await;
    let mut created = BTreeSet::new();
    for number in 0..7 {
        created.insert(
            client
                .create_agent(&create(&format!("Task {number}")))
                .await
                .unwrap()
                .agent
                .id,
        );
    }
    for end in [None, Some(Fault::NullCursor)] {
        if let Some(fault) = end {
            practice.set_fault(fault, u32::MAX);
        }
        let (mut found, mut pages, mut page) = (
            Vec::new(),
            0,
            Page {
                limit: Some(3),
                cursor: None,
            },
        );
        loop {
            let answer = client.list_agents(&page).await.unwrap();
            pages += 1;
            found.extend(answer.items.into_iter().map(|agent| agent.id));
            let Some(next) = answer.next_cursor else {
                break;
            };
            page.cursor = Some(next);
        }
        assert_eq!((pages, found.len()), (3, 7), "seven by three, none twice");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), created);
    }
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn answers_may_say_more_or_less_than_documented() {
    let (practice, client) = practice().await;
    for fault in [
        Fault::ExtraFields,
        Fault::NameMissing,
        Fault::OldActive,
        Fault::CostMissing,
        Fault::NullCursor,
    ] {
        practice.set_fault(fault, u32::MAX);
    }
    practice.set_fault(Fault::RunNeverEnding, 1);
    let created = client.create_agent(&create("Fix the menu")).await.unwrap();
    assert_eq!(created.agent.name, None);
    assert_eq!(client.get_agent(&created.agent.id).await.unwrap().name, None);
    assert_eq!(client.usage(&created.agent.id, None).await.unwrap().cost, None);
    assert_eq!(client.list_agents(&Page::default()).await.unwrap().next_cursor, None);
    client.me().await.unwrap();
    client.models().await.unwrap();
    client.repositories().await.unwrap();
}

#[tokio::test]
async fn an_account_is_described() {
    let (practice, client) = practice().await;
    let me = client.me().await.unwrap();
    assert_eq!(
        (me.user_id.as_deref(), me.user_email.as_deref()),
        (Some("405041965"), Some("robin@practice.example"))
    );
    let models = client.models().await.unwrap();
    let chosen = models
        .iter()
        .find(|model| !model.variants.is_empty())
        .unwrap()
        .default_choice();
    client
        .create_agent(&CreateAgent {
            model: Some(chosen),
            ..create("Fix the menu")
        })
        .await
        .unwrap();
    let repositories = client.repositories().await.unwrap();
    assert!(
        repositories
            .iter()
            .any(|repository| repository.url == "https://github.com/acme/web")
    );
    let basic = client_with(practice.base_url(), practice.key(), Scheme::Basic);
    assert_eq!(basic.me().await.unwrap(), me, "both schemes are the same account");
    assert_eq!(practice.violations(), []);
    let (_practice, service) = practice_with(Options {
        account: AccountKind::Service,
        ..Options::default()
    })
    .await;
    let me = service.me().await.unwrap();
    assert_eq!((me.user_id, me.user_email), (None, None));
    assert!(me.api_key_name.is_some());
}
