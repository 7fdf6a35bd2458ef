use practice_cloud::{Fault, Practice, Status};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::client::{create, delete, ended, get, launch, post, quick};

/// The launch request that must stay expressible exactly.
fn launch_v0() -> Value {
    json!({
        "prompt": {
            "text": "Tidy the login form",
            "images": [{"data": "R0lGODlhAgADAA==", "dimension": {"width": 2, "height": 3}}],
        },
        "source": {"repository": "https://github.com/your-name/your-repo", "ref": "main"},
    })
}

#[tokio::test]
async fn the_same_agent_has_two_faces() {
    let practice = Practice::start(quick()).await.unwrap();
    let answer = post(&practice, "/v0/agents", Some(&launch_v0())).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    assert_eq!(made["status"], "CREATING");
    assert_eq!(
        made["source"],
        json!({"repository": "https://github.com/your-name/your-repo", "ref": "main"})
    );
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(
        made["target"]["url"],
        json!(format!("https://cursor.com/agents?id={id}"))
    );
    let run = practice.agents()[0].runs[0].id.clone();
    ended(&practice, &run).await;
    let path = format!("/v0/agents/{id}");
    let read = get(&practice, &path).await.json();
    assert_eq!(
        (&read["status"], &read["filesChanged"]),
        (&json!("FINISHED"), &json!(3))
    );
    assert!(read["target"]["branchName"].as_str().unwrap().starts_with("cursor/"));
    assert_eq!(get(&practice, "/v0/agents").await.json()["agents"], json!([read]));
    let v1 = get(&practice, &format!("/v1/agents/{id}")).await.json();
    assert_eq!(v1["status"], "IDLE");

    let talk = get(&practice, &format!("{path}/conversation")).await.json();
    let kinds: Vec<&str> = talk["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["user_message", "assistant_message"]);
    let artifacts = get(&practice, &format!("{path}/artifacts")).await.json();
    let absolute = artifacts["artifacts"][1]["absolutePath"].as_str().unwrap().to_owned();
    assert_eq!(absolute, "/opt/cursor/artifacts/after.png");
    let download = format!("{path}/artifacts/download?path={absolute}");
    assert_eq!(get(&practice, &download).await.status, 200);

    let more = json!({"prompt": {"text": "[unending] Bigger"}});
    let answer = post(&practice, &format!("{path}/followup"), Some(&more)).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"id": id})));
    let stopped = post(&practice, &format!("{path}/stop"), None).await;
    assert_eq!((stopped.status, stopped.json()), (200, json!({"id": id})));
    let run = practice.agents()[0].runs[1].id.clone();
    assert_eq!(ended(&practice, &run).await.status, Status::Cancelled);

    let models = get(&practice, "/v0/models").await.json();
    assert!(models["models"].as_array().unwrap().contains(&json!("composer-2.5")));
    let repositories = get(&practice, "/v0/repositories").await.json();
    assert_eq!(
        repositories["repositories"][0],
        json!({"owner": "acme", "name": "web", "repository": "https://github.com/acme/web"})
    );
    assert_eq!(get(&practice, "/v0/me").await.json()["apiKeyName"], "practice");
    assert_eq!(practice.violations(), []);
    practice.stop().await.unwrap();
}

/// Legacy v0, launch, `autoBranch`: it counts with a pull request only.
#[tokio::test]
async fn without_a_branch_of_its_own_the_pull_request_is_worked_on() {
    let practice = Practice::start(quick()).await.unwrap();
    let pull = "https://github.com/acme/web/pull/7";
    let made = async |source: Value, target: Value| {
        let body = json!({"prompt": {"text": "Tidy the footer"}, "source": source, "target": target});
        let made = post(&practice, "/v0/agents", Some(&body)).await.json();
        let id = made["id"].as_str().unwrap().to_owned();
        let run = practice.agents().pop().unwrap().runs[0].id.clone();
        ended(&practice, &run).await;
        let target = get(&practice, &format!("/v0/agents/{id}")).await.json()["target"].clone();
        let branch = target["branchName"].as_str().unwrap_or_default().to_owned();
        (branch, target.get("prUrl").cloned())
    };
    assert_eq!(
        made(json!({"prUrl": pull}), json!({"autoBranch": false})).await,
        ("pull-7-head".to_owned(), Some(json!(pull)))
    );
    for (source, target) in [
        (json!({"prUrl": pull}), json!({})),
        (
            json!({"repository": "https://github.com/acme/web", "ref": "main"}),
            json!({"autoBranch": false}),
        ),
    ] {
        let (branch, own) = made(source, target).await;
        assert!(branch.starts_with("cursor/tidy-the-footer-"), "{branch}");
        assert_eq!(own, None);
    }
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn an_agent_of_v1_can_be_read_by_v0() {
    let practice = Practice::start(quick()).await.unwrap();
    let (id, run) = create(&practice, &launch("[ask] header")).await;
    ended(&practice, &run).await;
    let talk = get(&practice, &format!("/v0/agents/{id}/conversation")).await.json();
    assert_eq!(talk["messages"][0]["text"], "[ask] header");
    assert_eq!(
        get(&practice, "/v0/agents/bc-00000000-0000-4000-8000-000000000000")
            .await
            .json(),
        json!({"error": "Agent not found"}),
        "v0 errors are plain strings"
    );
    practice.stop().await.unwrap();
}

/// API, errors, shape 3: every refusal of v0 but the flat 401.
#[tokio::test]
async fn refusals_are_plain_strings() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[unending] header")).await;
    let path = format!("/v0/agents/{agent}");
    let more = json!({"prompt": {"text": "more"}});
    let absent = "/v0/agents/bc-00000000-0000-4000-8000-000000000000";
    let mut elsewhere = launch_v0();
    elsewhere["source"] = json!({"repository": "https://github.com/else/where"});
    let said = async |method: &str, path: &str, body: Option<&Value>| {
        let answer = match method {
            "GET" => get(&practice, path).await,
            "DELETE" => delete(&practice, path).await,
            _ => post(&practice, path, body).await,
        };
        (answer.status, answer.json())
    };
    let words = |status: u16, words: &str| (status, json!({"error": words}));
    let followup = format!("{path}/followup");
    let before = [
        (
            said("POST", "/v0/agents", Some(&elsewhere)).await,
            words(400, "Failed to determine repository default branch"),
        ),
        (
            said("POST", "/v0/agents", Some(&json!({"prompt": {"text": "x"}}))).await,
            words(400, "source: Required"),
        ),
        (
            said("GET", "/v0/agents/bc-1", None).await,
            words(400, "Invalid agent id"),
        ),
        (said("DELETE", absent, None).await, words(404, "Agent not found")),
        (
            said("POST", &format!("{absent}/followup"), Some(&more)).await,
            words(404, "Agent not found"),
        ),
        (
            said("POST", &followup, Some(&more)).await,
            words(409, "Agent already has an active run"),
        ),
        (
            said("GET", &format!("{absent}/artifacts"), None).await,
            words(404, "Agent not found"),
        ),
        (
            said(
                "GET",
                &format!("{path}/artifacts/download?path=/opt/cursor/artifacts/none.png"),
                None,
            )
            .await,
            words(404, "Artifact not found"),
        ),
    ];
    for (answer, expected) in before {
        assert_eq!(answer, expected);
    }
    post(&practice, &format!("/v1/agents/{agent}/runs/{run}/cancel"), None).await;
    ended(&practice, &run).await;
    assert_eq!(said("DELETE", &path, None).await, (200, json!({"id": agent})));
    for (answer, expected, why) in [
        (said("GET", &path, None).await, words(404, "Agent not found"), "a read"),
        (
            said("GET", &format!("{path}/conversation"), None).await,
            words(409, "Agent has been deleted"),
            "its words",
        ),
        (
            said("POST", &followup, Some(&more)).await,
            words(409, "Agent has been deleted"),
            "more words",
        ),
    ] {
        assert_eq!(answer, expected, "{why} of a deleted agent");
    }
    practice.set_fault(Fault::UnauthorizedFromNow, 1);
    assert_eq!(
        said("GET", "/v0/me", None).await,
        (401, json!({"code": "error", "message": "Invalid User API Key"})),
        "the flat 401 is the same in both versions"
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn the_end_is_told_to_a_webhook_with_a_signature() {
    let hook = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let practice = Practice::start(quick()).await.unwrap();
    let mut body = launch_v0();
    let url = format!("http://{}/hook", hook.local_addr().unwrap());
    body["webhook"] = json!({"url": url, "secret": "s".repeat(32)});
    let made = post(&practice, "/v0/agents", Some(&body)).await.json();
    let (mut call, _) = hook.accept().await.unwrap();
    let mut bytes = Vec::new();
    let (head, sent) = loop {
        let mut piece = [0; 4096];
        let length = call.read(&mut piece).await.unwrap();
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        if let Some((head, sent)) = text.split_once("\r\n\r\n")
            && let Ok(sent) = serde_json::from_str::<Value>(sent)
        {
            break (head.to_owned(), sent);
        }
    };
    call.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .await
        .unwrap();
    assert!(head.contains("X-Webhook-Event: statusChange"));
    assert!(head.contains("X-Webhook-Signature: sha256="));
    assert_eq!(
        (&sent["event"], &sent["id"], &sent["status"]),
        (&json!("statusChange"), &made["id"], &json!("FINISHED"))
    );
    assert!(sent["summary"].as_str().unwrap().contains("The sign-in form is tidy"));
    practice.stop().await.unwrap();
}
