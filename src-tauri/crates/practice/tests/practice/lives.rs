use practice_cloud::{Fault, Practice, Status};
use serde_json::json;

use crate::client::{KEY, Request, create, delete, ended, follow_up, get, launch, post, quick, send, stream};

#[tokio::test]
async fn an_agent_lives_from_launch_to_delete() {
    let practice = Practice::start(quick()).await.unwrap();
    let mut body = launch("Tidy the login form");
    body["agentId"] = json!("bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11");
    let (agent, run) = create(&practice, &body).await;
    assert_eq!(agent, "bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11");

    let frames = stream(&practice, &agent, &run, None).await.frames();
    assert_eq!(
        (frames[0].event.as_str(), frames[0].id.as_deref()),
        ("status", None),
        "a status without id comes first"
    );
    let [.., result, done] = frames.as_slice() else {
        panic!("the stream has an end")
    };
    assert_eq!((result.event.as_str(), done.event.as_str()), ("result", "done"));
    assert_eq!(result.id, done.id, "result and done share an id");
    let said: String = frames
        .iter()
        .filter(|frame| frame.event == "assistant")
        .map(|frame| frame.value()["text"].as_str().unwrap().to_owned())
        .collect();
    let reply = result.value()["text"].as_str().unwrap().to_owned();
    assert!(said.ends_with(&reply), "the reply is streamed as deltas too");
    for part in ["**", "- ", "```", "]("] {
        assert!(reply.contains(part), "the reply is markdown with {part}");
    }
    for pair in frames.windows(2) {
        if pair[1].event == "interaction_update" {
            assert_eq!(pair[0].id, pair[1].id, "a twin shares the id of its event");
        }
    }
    let mut open = std::collections::BTreeSet::new();
    for call in frames.iter().filter(|frame| frame.event == "tool_call") {
        let call = call.value();
        let id = call["callId"].as_str().unwrap().to_owned();
        match call["status"].as_str().unwrap() {
            "running" => assert!(open.insert(id), "a call starts once"),
            "completed" => assert!(open.remove(&id), "a call ends after it started"),
            other => panic!("unknown status {other}"),
        }
    }
    assert!(open.is_empty(), "every call ended");

    let path = format!("/v1/agents/{agent}");
    let read = get(&practice, &path).await.json();
    assert_eq!(
        (&read["status"], &read["latestRunId"], &read["name"]),
        (&json!("IDLE"), &json!(run), &json!("Tidy the login form"))
    );
    let record = get(&practice, &format!("{path}/runs/{run}")).await.json();
    assert_eq!(record["status"], "FINISHED");
    assert_eq!(record["result"], json!(reply));
    assert_eq!(
        record["git"]["branches"][0]["repoUrl"], "github.com/acme/web",
        "no scheme in git"
    );
    let listed = get(&practice, &format!("{path}/runs")).await.json();
    assert_eq!(
        (
            listed["items"][0].get("result"),
            listed["items"][0].get("durationMs"),
            listed.get("nextCursor")
        ),
        (None, None, None),
        "lists leave these out, and the last page has no cursor"
    );
    let usage = get(&practice, &format!("{path}/usage?runId={run}")).await.json();
    assert!(usage["cost"]["chargedCents"].as_f64().unwrap() > 0.0);

    let artifacts = get(&practice, &format!("{path}/artifacts")).await.json();
    let paths: Vec<_> = artifacts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["artifacts/test-run.log", "artifacts/after.png"]);

    assert_eq!(post(&practice, &format!("{path}/archive"), None).await.status, 200);
    let refused = post(
        &practice,
        &format!("{path}/runs"),
        Some(&json!({"prompt": {"text": "more"}})),
    )
    .await;
    assert_eq!(refused.error(), (409, "agent_archived".to_owned()));
    assert_eq!(post(&practice, &format!("{path}/unarchive"), None).await.status, 200);
    assert_eq!(delete(&practice, &path).await.json(), json!({"id": agent}));
    assert_eq!(get(&practice, &path).await.error(), (404, "agent_not_found".to_owned()));
    let again = post(&practice, "/v1/agents", Some(&body)).await;
    assert_eq!(
        again.error(),
        (409, "agent_id_conflict".to_owned()),
        "the id of a deleted agent stays taken"
    );
    assert_eq!(practice.violations(), [], "all of this was allowed");
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn each_story_ends_its_own_way() {
    let practice = Practice::start(quick()).await.unwrap();
    for (prompt, status, last_call) in [
        ("[fail] header", Status::Error, "run_terminal_cmd"),
        ("[expire] header", Status::Expired, "read_file"),
        ("[ask] header", Status::Finished, "ask_question"),
        ("[plan] header", Status::Finished, "create_plan"),
        ("[slow] header", Status::Finished, "run_terminal_cmd"),
        ("header", Status::Finished, "run_terminal_cmd"),
    ] {
        let (agent, run) = create(&practice, &launch(prompt)).await;
        let end = ended(&practice, &run).await;
        assert_eq!(end.status, status, "{prompt}");
        assert_eq!(
            end.result.is_some(),
            status == Status::Finished,
            "{prompt}: only a finished run has a text"
        );
        let frames = stream(&practice, &agent, &run, None).await.frames();
        let last = frames.iter().rfind(|frame| frame.event == "tool_call").unwrap().value();
        assert_eq!(last["name"], last_call, "{prompt}");
    }
    practice.stop().await.unwrap();
}

/// API v1, run object: `error` is there when the service knows why, and often it does not.
#[tokio::test]
async fn a_failed_run_says_why_or_nothing() {
    let practice = Practice::start(quick()).await.unwrap();
    let told = async |prompt: &str| {
        let (agent, run) = create(&practice, &launch(prompt)).await;
        ended(&practice, &run).await;
        let record = get(&practice, &format!("/v1/agents/{agent}/runs/{run}")).await.json();
        (record["status"].clone(), record.get("error").cloned())
    };
    let why = json!({
        "message": "The project could not be built: src/styles/tokens.css is missing, so there is nothing to test the change against.",
        "code": "build_failed",
    });
    assert_eq!(told("[fail] header").await, (json!("ERROR"), Some(why)));
    practice.set_fault(Fault::RunErrorWithoutText, 1);
    assert_eq!(
        told("header").await,
        (json!("ERROR"), None),
        "the fault is about an end without a word"
    );
    assert_eq!(told("header").await, (json!("FINISHED"), None));
    practice.stop().await.unwrap();
}

/// A newcomer reads this: it answers what was asked, and says it to somebody who looks at pages.
#[tokio::test]
async fn replies_are_about_what_was_asked() {
    let practice = Practice::start(quick()).await.unwrap();
    let told = async |body: serde_json::Value| {
        let (_, run) = create(&practice, &body).await;
        ended(&practice, &run).await.result.unwrap()
    };
    let first = |reply: &str| reply.lines().next().unwrap_or_default().to_owned();
    for (prompt, line) in [
        (
            "Tidy the login form",
            "The sign-in form is tidy: one rhythm, and every edge lines up.",
        ),
        (
            "The checkout is cut off on my phone",
            "The checkout fits every screen now, from a small phone up.",
        ),
        (
            "Dark mode for the settings",
            "The settings page is easy to read again, in light and in dark.",
        ),
        (
            "Make our page nicer",
            "The page is calmer now, with one clear thing to do.",
        ),
    ] {
        assert_eq!(first(&told(launch(prompt)).await), line, "{prompt}");
    }
    let mut with_picture = launch("Make it look like this");
    with_picture["prompt"]["images"] = json!([{"data": "R0lGODlhAgADAA==", "mimeType": "image/gif"}]);
    let reply = told(with_picture).await;
    assert!(reply.contains("I compared the result with your picture."), "{reply}");
    let question = told(launch("[ask] Is the header too small?")).await;
    assert!(
        question.contains("Should only the heading of the page header grow"),
        "{question}"
    );
    assert_eq!(practice.violations(), []);
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn a_plan_is_carried_out_by_a_follow_up_in_agent_mode() {
    let practice = Practice::start(quick()).await.unwrap();
    let mut body = launch("Tidy the settings page");
    body["mode"] = json!("plan");
    let (agent, run) = create(&practice, &body).await;
    ended(&practice, &run).await;
    let frames = stream(&practice, &agent, &run, None).await.frames();
    let plan = frames.iter().rfind(|frame| frame.event == "tool_call").unwrap().value();
    assert_eq!(plan["args"]["todos"].as_array().unwrap().len(), 3);
    assert!(plan["args"]["plan"].as_str().unwrap().contains("1. "));
    let still = follow_up(&practice, &agent, &json!({"prompt": {"text": "Hm"}})).await;
    ended(&practice, &still).await;
    assert_eq!(
        practice.agents()[0].pull_url,
        None,
        "a follow-up without mode stays in plan mode"
    );
    let carried = follow_up(
        &practice,
        &agent,
        &json!({"prompt": {"text": "Do it"}, "mode": "agent"}),
    )
    .await;
    assert_eq!(ended(&practice, &carried).await.status, Status::Finished);
    assert_eq!(
        practice.agents()[0].pull_url.as_deref(),
        Some("https://github.com/acme/web/pull/12")
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn without_auto_create_pr_there_is_a_branch_and_no_pull_request() {
    let practice = Practice::start(quick()).await.unwrap();
    let mut body = launch("Tidy the footer");
    body["autoCreatePR"] = json!(false);
    let (_, run) = create(&practice, &body).await;
    ended(&practice, &run).await;
    let agent = &practice.agents()[0];
    assert_eq!(agent.pull_url, None);
    assert!(agent.branch.as_deref().unwrap().starts_with("cursor/tidy-the-footer-"));
    practice.stop().await.unwrap();
}

/// API v1, create agent, `workOnCurrentBranch`: no branch of its own, and no pull request to itself.
#[tokio::test]
async fn work_on_the_current_branch_goes_there() {
    let practice = Practice::start(quick()).await.unwrap();
    let pushed = async |body: serde_json::Value| {
        let (agent, run) = create(&practice, &body).await;
        ended(&practice, &run).await;
        let record = get(&practice, &format!("/v1/agents/{agent}/runs/{run}")).await.json();
        let agent = get(&practice, &format!("/v1/agents/{agent}")).await.json();
        (
            record["git"]["branches"][0].clone(),
            agent["workOnCurrentBranch"].clone(),
        )
    };
    let mut body = launch("Tidy the footer");
    body["workOnCurrentBranch"] = json!(true);
    body["repos"][0]["startingRef"] = json!("develop");
    assert_eq!(
        pushed(body.clone()).await,
        (
            json!({"repoUrl": "github.com/acme/web", "branch": "develop"}),
            json!(true)
        )
    );
    let pull = "https://github.com/acme/web/pull/7";
    body["repos"][0]["prUrl"] = json!(pull);
    assert_eq!(
        pushed(body).await,
        (
            json!({"repoUrl": "github.com/acme/web", "branch": "pull-7-head", "prUrl": pull}),
            json!(true)
        ),
        "with a pull request its own branch is the current one"
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn one_run_at_a_time_and_cancel_frees_the_agent() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[unending] header")).await;
    let path = format!("/v1/agents/{agent}/runs");
    let more = json!({"prompt": {"text": "more"}});
    assert_eq!(
        post(&practice, &path, Some(&more)).await.error(),
        (409, "agent_busy".to_owned())
    );
    let cancel = format!("{path}/{run}/cancel");
    assert_eq!(post(&practice, &cancel, None).await.json(), json!({"id": run}));
    assert_eq!(ended(&practice, &run).await.status, Status::Cancelled);
    assert_eq!(
        post(&practice, &cancel, None).await.error(),
        (409, "run_not_cancellable".to_owned())
    );
    let frames = stream(&practice, &agent, &run, None).await.frames();
    let result = &frames[frames.len() - 2];
    assert_eq!(result.value()["status"], "CANCELLED");
    follow_up(&practice, &agent, &more).await;
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn lists_are_paged_to_exhaustion_newest_first() {
    let practice = Practice::start(quick()).await.unwrap();
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(create(&practice, &launch(&format!("Task {number}"))).await.0);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = get(&practice, &format!("/v1/agents?limit=2{cursor}")).await.json();
        for item in page["items"].as_array().unwrap() {
            seen.push(item["id"].as_str().unwrap().to_owned());
        }
        match page.get("nextCursor") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(seen, made);
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn artifact_links_work_without_a_key_and_only_while_they_live() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("Tidy the login form")).await;
    ended(&practice, &run).await;
    let path = format!("/v1/agents/{agent}/artifacts/download?path=artifacts%2Fafter.png");
    let fetch = async |headers: Vec<(&'static str, String)>| {
        let link = get(&practice, &path).await.json();
        let url = link["url"].as_str().unwrap().to_owned();
        let path = url.strip_prefix(practice.artifacts_url()).unwrap().to_owned();
        let request = Request {
            method: "GET",
            path: &path,
            headers,
            body: None,
        };
        send(practice.artifacts_url(), request).await.unwrap()
    };
    let picture = fetch(Vec::new()).await;
    assert_eq!(
        (picture.status, picture.header("content-type")),
        (200, Some("image/png"))
    );
    assert!(picture.body.starts_with(b"\x89PNG"));
    assert_eq!(practice.violations(), []);

    let leaked = fetch(vec![("authorization", format!("Bearer {KEY}"))]).await;
    assert_eq!(leaked.status, 400);
    assert_eq!(practice.violations()[0].rule, "key-at-artifact-origin");

    practice.set_fault(Fault::ArtifactLinkExpired, 1);
    let stale = fetch(Vec::new()).await;
    assert_eq!(stale.status, 403);
    assert!(stale.text().contains("Request has expired"));
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn local_pages_stand_in_for_the_real_sites() {
    let mut options = quick();
    options.local_pages = true;
    let practice = Practice::start(options).await.unwrap();
    let hostile = "Fix <script>alert(1)</script> login";
    let (agent, run) = create(&practice, &launch(hostile)).await;
    let end = ended(&practice, &run).await;
    let pull = practice.agents()[0].pull_url.clone().unwrap();
    assert_eq!(pull, format!("{}/_pages/pull/12", practice.base_url()));
    assert!(end.result.unwrap().contains(&pull), "the reply links there too");
    let record = get(&practice, &format!("/v1/agents/{agent}/runs/{run}")).await.json();
    assert_eq!(record["git"]["branches"][0]["prUrl"], json!(pull));
    for path in ["/_pages/pull/12".to_owned(), format!("/_pages/agent/{agent}")] {
        let request = Request {
            method: "GET",
            path: &path,
            headers: Vec::new(),
            body: None,
        };
        let page = send(practice.base_url(), request).await.unwrap();
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-security-policy"),
            Some(
                "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "no script, and pictures from here only"
        );
        let text = page.text();
        let picture = format!("/_pages/agent/{agent}/after.png");
        assert!(
            text.contains(&format!("src=\"{picture}\"")),
            "{path} shows how it looks now"
        );
        let request = Request {
            method: "GET",
            path: &picture,
            headers: Vec::new(),
            body: None,
        };
        let picture = send(practice.base_url(), request).await.unwrap();
        assert_eq!(
            (picture.status, picture.header("content-type")),
            (200, Some("image/png"))
        );
        assert!(
            text.contains("Fixed: the sign-in form works again"),
            "{path} tells the reply"
        );
        assert!(!text.contains("<script") && text.contains("&lt;script&gt;"));
        let changes = "<span class=\"minus\">-  z-index: 10;</span>";
        assert_eq!(
            text.contains(changes),
            path.contains("pull"),
            "{path}: what was changed"
        );
    }
    practice.stop().await.unwrap();
}
