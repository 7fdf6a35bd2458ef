use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use practice_cloud::{AccountKind, Fault, Options, Picture, Practice, UsageBlock};
use serde_json::{Value, json};

use crate::client::{KEY, Request, create, ended, get, launch, post, quick, send};

/// A GIF header of 2 by 3 pixels: enough to be looked at.
const GIF: &[u8] = b"GIF89a\x02\x00\x03\x00";

fn with(pointer: &str, value: Value) -> Value {
    let mut body = launch("Tidy");
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    body
}

fn image(value: Value) -> Value {
    with("/prompt/images", json!([value]))
}

/// A launch with a remote server of tools that has one more field.
fn remote(key: &str, value: Value) -> Value {
    let mut server = json!({"name": "a", "url": "https://mcp.example.com"});
    server[key] = value;
    with("/mcpServers", json!([server]))
}

fn subagent(model: Value) -> Value {
    let subagent = json!({"name": "critic", "description": "d", "prompt": "p", "model": model});
    with("/customSubagents", json!([subagent]))
}

async fn rules(practice: &Practice, body: &Value) -> (u16, Vec<String>) {
    let before = practice.violations().len();
    let answer = post(practice, "/v1/agents", Some(body)).await;
    let found = practice.violations();
    let rules = found[before..].iter().map(|found| found.rule.clone());
    (answer.status, rules.collect())
}

#[tokio::test]
async fn bad_creates_are_refused_and_recorded() {
    let practice = Practice::start(quick()).await.unwrap();
    let gif = STANDARD.encode(GIF);
    let id = "bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11";
    let mut with_variables = with("/agentId", json!(id));
    with_variables["envVars"] = json!({"A": "b"});
    let table = [
        (with("/prompt/text", json!("")), "schema"),
        (json!({"repos": []}), "schema"),
        (with("/surprise", json!(1)), "unknown-body-key"),
        (with("/prompt/surprise", json!(1)), "unknown-body-key"),
        (with("/name", Value::Null), "null-value"),
        (with("/name", json!("x".repeat(101))), "schema"),
        (with("/mode", json!("ask")), "schema"),
        (with("/autoCreatePR", json!("yes")), "schema"),
        (with("/repos/0", json!({"startingRef": "main"})), "schema"),
        (with("/agentId", json!("bc-nope")), "schema"),
        (with_variables, "schema"),
        (
            with(
                "/model",
                json!({"id": "composer-2.5", "params": [{"id": "fast", "value": true}]}),
            ),
            "schema",
        ),
        (
            with("/mcpServers", json!([{"name": "a", "command": "x", "cwd": "/"}])),
            "unknown-body-key",
        ),
        (with("/mcpServers", json!([{"name": "a"}])), "schema"),
        (
            with("/mcpServers", json!([{"name": "a", "command": "x", "args": "y"}])),
            "schema",
        ),
        (
            with("/mcpServers", json!([{"name": "a", "command": "x", "args": [1]}])),
            "schema",
        ),
        (
            with("/mcpServers", json!([{"name": "a", "command": "x", "env": {"A": 1}}])),
            "schema",
        ),
        (
            with("/mcpServers", json!([{"name": "a", "command": "x", "type": "http"}])),
            "schema",
        ),
        (remote("headers", json!({"A": 1})), "schema"),
        (remote("headers", json!([])), "schema"),
        (remote("type", json!("stdio")), "schema"),
        (remote("url", json!("https://user@mcp.example.com")), "schema"),
        (remote("auth", json!({"CLIENT_SECRET": "x"})), "schema"),
        (remote("auth", json!({"CLIENT_ID": "x", "scopes": "all"})), "schema"),
        (remote("auth", json!({"clientId": "x"})), "unknown-body-key"),
        (subagent(json!(1)), "schema"),
        (subagent(json!({"params": []})), "schema"),
        (subagent(json!({"id": "x", "speed": 1})), "unknown-body-key"),
        (image(json!({"data": gif})), "schema"),
        (image(json!({"data": gif, "mimeType": "image/bmp"})), "schema"),
        (image(json!({"data": gif, "mimeType": "image/png"})), "picture-type"),
        (
            image(json!({"data": STANDARD.encode("text"), "mimeType": "image/png"})),
            "picture-type",
        ),
        (
            image(json!({"data": format!("data:image/gif;base64,{gif}"), "mimeType": "image/gif"})),
            "picture-data",
        ),
        (
            image(json!({"data": "not base64!", "mimeType": "image/gif"})),
            "picture-data",
        ),
        (image(json!({"url": "ftp://example.com/a.png"})), "schema"),
        (
            image(json!({"url": "https://example.com/a.png", "mimeType": "image/png"})),
            "schema",
        ),
        (
            with(
                "/prompt/images",
                json!(vec![json!({"url": "https://example.com/a.png"}); 6]),
            ),
            "schema",
        ),
    ];
    for (body, rule) in table {
        let (status, found) = rules(&practice, &body).await;
        assert_eq!(
            (status, found.contains(&rule.to_owned())),
            (400, true),
            "{body}: {found:?}"
        );
    }
    let lie = image(json!({"data": gif, "mimeType": "image/gif", "dimension": {"width": 3, "height": 3}}));
    assert_eq!(
        rules(&practice, &lie).await,
        (201, vec!["picture-dimension".to_owned()]),
        "a hint that is wrong is bad manners only"
    );
    let alone = {
        let mut body = with("/skipReviewerRequest", json!(true));
        body["autoCreatePR"] = json!(false);
        body
    };
    assert_eq!(
        rules(&practice, &alone).await,
        (201, vec!["skip-reviewer-alone".to_owned()]),
        "nobody can be asked to review what is not opened"
    );
    for body in [
        remote("type", json!("sse")),
        remote(
            "auth",
            json!({"CLIENT_ID": "x", "CLIENT_SECRET": "y", "scopes": ["all"]}),
        ),
        subagent(json!("inherit")),
        subagent(json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "true"}]})),
        with("/skipReviewerRequest", json!(true)),
    ] {
        assert_eq!(rules(&practice, &body).await, (201, Vec::new()), "{body}");
    }
    let truth = image(json!({"data": gif, "mimeType": "image/gif", "dimension": {"width": 2, "height": 3}}));
    assert_eq!(rules(&practice, &truth).await, (201, Vec::new()));
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn lenient_mode_only_records_unknown_keys_and_nulls() {
    let options = Options {
        strict: false,
        ..quick()
    };
    let practice = Practice::start(options).await.unwrap();
    let mut body = with("/surprise", json!(1));
    body["name"] = Value::Null;
    assert_eq!(
        rules(&practice, &body).await,
        (201, vec!["null-value".to_owned(), "unknown-body-key".to_owned()])
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_right_but_impossible_is_refused_without_a_violation() {
    let practice = Practice::start(quick()).await.unwrap();
    let refused = async |body: Value| post(&practice, "/v1/agents", Some(&body)).await;
    let unknown = refused(with("/model", json!({"id": "gpt-2"}))).await;
    assert_eq!(unknown.error(), (400, "invalid_model".to_owned()));
    let variant = json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "maybe"}]});
    let variant = refused(with("/model", variant)).await;
    assert!(variant.text().contains("does not match a known variant"));
    let elsewhere = json!([{"url": "https://github.com/else/where", "startingRef": "main"}]);
    let elsewhere = refused(with("/repos", elsewhere)).await;
    assert_eq!(
        elsewhere.json()["error"]["message"],
        "Failed to verify existence of branch 'main' in repository else/where. Please ensure the branch name is correct."
    );
    let branch = refused(with("/repos/0/startingRef", json!("my branch"))).await;
    assert_eq!(
        branch.json()["error"],
        json!({"code": "invalid_branch_name", "message": "Invalid branch name: 'my branch'"})
    );
    for pull in [
        "https://github.com/acme/web/pulls",
        "https://github.com/acme/app/pull/3",
    ] {
        let answer = refused(with("/repos/0/prUrl", json!(pull))).await;
        assert_eq!(answer.error(), (400, "pr_resolution_failed".to_owned()), "{pull}");
    }
    let mut ignored = with("/repos/0/startingRef", json!("my branch"));
    ignored["repos"][0]["prUrl"] = json!("https://github.com/acme/web/pull/3");
    assert_eq!(refused(ignored).await.status, 201, "a pull request has its own branch");
    let metadata = refused(with("/metadata", json!({"a": "b"}))).await;
    assert_eq!(metadata.error(), (403, "feature_unavailable".to_owned()));
    let machine = json!({"prompt": {"text": "x"}, "env": {"type": "machine"}});
    assert_eq!(refused(machine).await.error(), (400, "repository_required".to_owned()));
    let none = refused(json!({"prompt": {"text": "x"}})).await;
    assert_eq!(none.status, 201, "an agent without repository");
    assert_eq!(practice.violations(), []);
    practice.stop().await.unwrap();
}

/// Seen live: three times the same launch with the same key made three agents.
#[tokio::test]
async fn an_idempotency_key_is_ignored() {
    let practice = Practice::start(quick()).await.unwrap();
    let body = launch("Tidy").to_string().into_bytes();
    let mut made = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let request = Request {
            method: "POST",
            path: "/v1/agents",
            headers: vec![
                ("authorization", format!("Bearer {KEY}")),
                ("content-type", "application/json".to_owned()),
                ("idempotency-key", "the-same".to_owned()),
            ],
            body: Some(body.clone()),
        };
        let answer = send(practice.base_url(), request).await.unwrap();
        assert_eq!(answer.status, 201);
        made.insert(answer.json()["agent"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!((made.len(), practice.agents().len()), (3, 3));
    practice.stop().await.unwrap();
}

/// API, rate limits: a 429 has four known bodies, and only the standard one has headers.
#[tokio::test]
async fn too_many_requests_are_told_in_four_ways() {
    let practice = Practice::start(quick()).await.unwrap();
    for (fault, body, headers) in [
        (
            Fault::CreateRateLimit,
            json!({"error": {"code": "rate_limit_exceeded", "message": "Rate limit exceeded. Please try again later."}}),
            true,
        ),
        (
            Fault::CreateRateLimitDocumented,
            json!({"error": "Too Many Requests", "message": "Rate limit exceeded. Please try again later."}),
            false,
        ),
        (
            Fault::CreateRateLimitFlat,
            json!({"code": "error", "message": "Too Many Requests"}),
            false,
        ),
    ] {
        practice.set_fault(fault, 1);
        let answer = post(&practice, "/v1/agents", Some(&launch("Tidy"))).await;
        assert_eq!(
            (answer.status, answer.json(), answer.header("retry-after").is_some()),
            (429, body, headers),
            "{fault:?}"
        );
    }
    practice.set_fault(Fault::CreateRateLimitShape5, 1);
    let leaked = post(&practice, "/v1/agents", Some(&launch("Tidy"))).await.json();
    assert_eq!(
        leaked["details"][0]["debug"]["details"]["additionalInfo"]["retryAfter"],
        "60"
    );
    assert!(practice.agents().is_empty());
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn transport_has_rules_too() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[ask] header")).await;
    ended(&practice, &run).await;
    let request = async |method: &str, path: &str, headers: &[(&'static str, &str)], body: Option<&str>| {
        let mut all = vec![("authorization", format!("Bearer {KEY}"))];
        all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let request = Request {
            method,
            path,
            headers: all,
            body: body.map(|body| body.as_bytes().to_vec()),
        };
        send(practice.base_url(), request).await.unwrap().status
    };
    let archive = format!("/v1/agents/{agent}/archive");
    let json_type = [("content-type", "application/json")];
    assert_eq!(request("POST", &archive, &json_type, None).await, 400);
    assert_eq!(request("POST", "/v1/agents", &[], Some("{}")).await, 400);
    assert_eq!(request("POST", "/v1/agents", &json_type, Some("{")).await, 400);
    assert_eq!(request("GET", "/v1/agents?status=IDLE", &[], None).await, 400);
    assert_eq!(request("GET", "/v1/agents?limit=0", &[], None).await, 400);
    assert_eq!(request("GET", "/v1/agents?limit=101", &[], None).await, 400);
    assert_eq!(request("GET", "/v1/nope", &[], None).await, 404);
    assert_eq!(request("GET", "/v1/agents/bc-1", &[], None).await, 400);
    let stream = format!("/v1/agents/{agent}/runs/{run}/stream");
    assert_eq!(request("GET", &stream, &[], None).await, 200);
    let path = format!("/v1/agents/{agent}/artifacts/download?path=%2Fopt%2Fcursor%2Fartifacts%2Fafter.png");
    assert_eq!(request("GET", &path, &[], None).await, 400);
    let found: Vec<String> = practice.violations().into_iter().map(|found| found.rule).collect();
    assert_eq!(
        found,
        [
            "content-type-without-body",
            "content-type-missing",
            "schema",
            "missing-body",
            "unknown-query-key",
            "limit",
            "limit",
            "unknown-route",
            "agent-id-format",
            "stream-accept",
            "artifact-path",
        ]
    );
    let nope = get(&practice, "/v1/nope?x=1").await.json();
    assert_eq!(
        nope,
        json!({"message": "Route GET:/v1/nope?x=1 not found", "error": "Not Found", "statusCode": 404})
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn an_id_reused_with_another_body_is_recorded() {
    let practice = Practice::start(quick()).await.unwrap();
    let id = json!("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11");
    let (first, mut second) = (with("/agentId", id.clone()), with("/agentId", id));
    assert_eq!(rules(&practice, &first).await, (201, Vec::new()));
    assert_eq!(rules(&practice, &first).await, (409, Vec::new()));
    second["prompt"]["text"] = json!("Something else");
    assert_eq!(
        rules(&practice, &second).await,
        (409, vec!["agent-id-reused".to_owned()])
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn keys_plans_and_money_are_checked() {
    let practice = Practice::start(quick()).await.unwrap();
    for value in [None, Some("Bearer nope".to_owned())] {
        let request = Request {
            method: "GET",
            path: "/v1/me",
            headers: value.map(|value| ("authorization", value)).into_iter().collect(),
            body: None,
        };
        let answer = send(practice.base_url(), request).await.unwrap();
        assert_eq!(
            (answer.status, answer.json()),
            (401, json!({"code": "error", "message": "Invalid User API Key"}))
        );
    }
    let basic = format!("Basic {}", STANDARD.encode(format!("{KEY}:")));
    let request = Request {
        method: "GET",
        path: "/v1/me",
        headers: vec![("authorization", basic)],
        body: None,
    };
    assert_eq!(send(practice.base_url(), request).await.unwrap().status, 200);
    practice.stop().await.unwrap();

    for (block, error) in [
        (UsageBlock::Spend, (400, "usage_limit_exceeded")),
        (UsageBlock::Included, (429, "rate_limit_exceeded")),
    ] {
        let options = Options {
            usage_block: block,
            account: AccountKind::Service,
            ..quick()
        };
        let practice = Practice::start(options).await.unwrap();
        let answer = post(&practice, "/v1/agents", Some(&launch("x"))).await;
        assert_eq!(answer.error(), (error.0, error.1.to_owned()));
        let me = get(&practice, "/v1/me").await.json();
        assert_eq!(me.get("userEmail"), None, "a service account is nobody");
        practice.stop().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn repositories_may_be_read_once_a_minute_and_thirty_times_an_hour() {
    let mut options = quick();
    options.knobs.repositories_per_minute = 1;
    options.knobs.repositories_per_hour = 30;
    let practice = Practice::start(options).await.unwrap();
    assert_eq!(get(&practice, "/v1/repositories").await.status, 200);
    let refused = get(&practice, "/v0/repositories").await;
    assert_eq!(
        (refused.status, refused.json()),
        (429, json!({"error": "Rate limit exceeded. Please try again later."}))
    );
    assert_eq!(refused.header("x-ratelimit-limit"), Some("1"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    for _ in 1..30 {
        tokio::time::advance(std::time::Duration::from_secs(61)).await;
        assert_eq!(get(&practice, "/v1/repositories").await.status, 200);
    }
    tokio::time::advance(std::time::Duration::from_secs(61)).await;
    let refused = get(&practice, "/v1/repositories").await;
    assert_eq!(refused.header("x-ratelimit-limit"), Some("30"));
    practice.stop().await.unwrap();
}

/// Five pictures of 15 MB are the most the API takes; only their records stay.
#[tokio::test]
async fn the_largest_launch_is_accepted_and_not_kept() {
    let practice = Practice::start(quick()).await.unwrap();
    let mut bytes = GIF.to_vec();
    bytes.resize(15_000_000, 7);
    let data = STANDARD.encode(&bytes);
    let images = vec![json!({"data": data, "mimeType": "image/gif"}); 5];
    let (_, run) = create(&practice, &with("/prompt/images", json!(images))).await;
    ended(&practice, &run).await;
    let received = &practice.requests()[0];
    assert!(received.body_bytes > 100_000_000);
    assert!(
        received.body.as_ref().unwrap().to_string().len() < 5000,
        "the log holds no picture"
    );
    let agent = &practice.agents()[0];
    assert_eq!(agent.pictures.len(), 5);
    let Picture { size_bytes, pixels, .. } = agent.pictures[4];
    assert_eq!((size_bytes, pixels), (15_000_000, Some((2, 3))));
    assert_eq!(practice.violations(), []);

    bytes.push(7);
    let over = image(json!({"data": STANDARD.encode(&bytes), "mimeType": "image/gif"}));
    assert_eq!(rules(&practice, &over).await, (400, vec!["picture-size".to_owned()]));
    practice.stop().await.unwrap();
}
