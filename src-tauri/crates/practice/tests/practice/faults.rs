use practice_cloud::{Fault, Practice, Status};
use serde_json::{Value, json};

use crate::client::{Answer, KEY, Request, create, ended, follow_up, get, launch, post, quick, send, stream, try_post};

fn with_id(number: u32) -> Value {
    let mut body = launch("Tidy the login form");
    body["agentId"] = json!(format!("bc-6a1d7e52-0c55-4a0e-9d56-{number:012}"));
    body
}

/// What a send looks like from outside: no answer, or status and shape.
fn outcome(answer: std::io::Result<Answer>) -> String {
    let Ok(answer) = answer else {
        return "reset".to_owned();
    };
    let html = answer.header("content-type") == Some("text/html; charset=utf-8");
    let code = match serde_json::from_slice::<Value>(&answer.body) {
        _ if html => "html".to_owned(),
        Ok(body) => body["error"]["code"]
            .as_str()
            .or_else(|| body["code"].as_str())
            .unwrap_or("ok")
            .to_owned(),
        Err(_) => "broken".to_owned(),
    };
    let retry = answer.header("retry-after").map_or("", |_| " retry-after");
    format!("{} {code}{retry}", answer.status)
}

#[tokio::test]
async fn creates_fail_as_named_and_leave_what_they_say() {
    let practice = Practice::start(quick()).await.unwrap();
    let table = [
        (Fault::CreateResetBeforeCommit, "reset", false),
        (Fault::CreateResetAfterCommit, "reset", true),
        (Fault::CreateConflict, "409 agent_id_conflict", false),
        (Fault::CreateConflictOnRetry, "504 html", true),
        (Fault::CreateBranchFlake, "400 validation_error", false),
        (Fault::CreateRateLimitShape5, "429 resource_exhausted", false),
        (Fault::CreateRateLimit, "429 rate_limit_exceeded retry-after", false),
        (Fault::Create500BeforeCommit, "500 internal_error", false),
        (Fault::Create500AfterCommit, "500 internal_error", true),
        (Fault::Create502BeforeCommit, "502 html", false),
        (Fault::Create502AfterCommit, "502 html", true),
        (Fault::Create503BeforeCommit, "503 html", false),
        (Fault::Create503AfterCommit, "503 html", true),
        (Fault::Create504BeforeCommit, "504 html", false),
        (Fault::Create504AfterCommit, "504 html", true),
        (Fault::CreateTruncatedJson, "201 broken", true),
        (Fault::Create401, "401 error", false),
        (Fault::CreatePlanRequired, "403 plan_required", false),
        (Fault::CreatePrivacyMode, "400 validation_error", false),
        (Fault::CreateUsageLimit, "400 usage_limit_exceeded", false),
        (Fault::CreateIncludedUsage, "429 rate_limit_exceeded", false),
        (Fault::Create413, "413 FST_ERR_CTP_BODY_TOO_LARGE", false),
    ];
    for (number, (fault, expected, exists)) in (0..).zip(table) {
        let body = with_id(number);
        practice.set_fault(fault, 1);
        let first = try_post(&practice, "/v1/agents", Some(&body)).await;
        assert_eq!(outcome(first), expected, "{}", fault.name());
        let known = practice.agents().iter().any(|agent| agent.id == body["agentId"]);
        assert_eq!(known, exists, "{} and the agent", fault.name());
        let second = try_post(&practice, "/v1/agents", Some(&body)).await;
        let again = if exists { "409 agent_id_conflict" } else { "201 ok" };
        assert_eq!(outcome(second), again, "{} strikes once", fault.name());
    }
    assert_eq!(practice.violations(), [], "repeating the same body is allowed");
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn follow_ups_fail_as_named_and_leave_what_they_say() {
    let practice = Practice::start(quick()).await.unwrap();
    let table = [
        (Fault::FollowupResetBeforeCommit, "reset", false),
        (Fault::FollowupResetAfterCommit, "reset", true),
        (Fault::FollowupBusy, "409 agent_busy", false),
        (Fault::FollowupRateLimitShape5, "429 resource_exhausted", false),
        (Fault::FollowupRateLimit, "429 rate_limit_exceeded retry-after", false),
        (Fault::Followup500BeforeCommit, "500 internal_error", false),
        (Fault::Followup500AfterCommit, "500 internal_error", true),
        (Fault::Followup502BeforeCommit, "502 html", false),
        (Fault::Followup502AfterCommit, "502 html", true),
        (Fault::Followup503BeforeCommit, "503 html", false),
        (Fault::Followup503AfterCommit, "503 html", true),
        (Fault::Followup504BeforeCommit, "504 html", false),
        (Fault::Followup504AfterCommit, "504 html", true),
        (Fault::FollowupTruncatedJson, "201 broken", true),
        (Fault::Followup401, "401 error", false),
        (Fault::FollowupUsageLimit, "400 usage_limit_exceeded", false),
        (Fault::FollowupIncludedUsage, "429 rate_limit_exceeded", false),
        (Fault::Followup413, "413 FST_ERR_CTP_BODY_TOO_LARGE", false),
    ];
    for (fault, expected, exists) in table {
        let (agent, run) = create(&practice, &launch("[ask] header")).await;
        ended(&practice, &run).await;
        practice.set_fault(fault, 1);
        let path = format!("/v1/agents/{agent}/runs");
        let body = json!({"prompt": {"text": "more"}});
        let answer = try_post(&practice, &path, Some(&body)).await;
        assert_eq!(outcome(answer), expected, "{}", fault.name());
        let runs = practice.agents().last().unwrap().runs.len();
        assert_eq!(runs, if exists { 2 } else { 1 }, "{} and the run", fault.name());
    }
    practice.stop().await.unwrap();
}

/// Slow answers are slow at every speed; paused time leaps over them.
#[tokio::test(start_paused = true)]
async fn slow_answers_come_after_the_deed() {
    let practice = Practice::start(quick()).await.unwrap();
    practice.set_fault(Fault::CreateDelayed, 1);
    practice.set_fault(Fault::FollowupDelayed, 1);
    practice.set_fault(Fault::RepositoriesSlow, 1);
    let timed = async |name: &str, seconds: u64, start: tokio::time::Instant| {
        assert_eq!(start.elapsed().as_secs(), seconds, "{name}");
    };
    let start = tokio::time::Instant::now();
    let (agent, run) = create(&practice, &launch("[ask] header")).await;
    timed("create", 20, start).await;
    ended(&practice, &run).await;
    let start = tokio::time::Instant::now();
    follow_up(&practice, &agent, &json!({"prompt": {"text": "more"}})).await;
    timed("follow-up", 20, start).await;
    let start = tokio::time::Instant::now();
    assert_eq!(get(&practice, "/v1/repositories").await.status, 200);
    timed("repositories", 20, start).await;
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn new_things_may_lag_behind() {
    let mut options = quick();
    options.faults = vec![
        (Fault::AgentGetLag, 2),
        (Fault::AgentListLag, 1),
        (Fault::RunListLag, 1),
        (Fault::CreateOtherId, 1),
    ];
    let practice = Practice::start(options).await.unwrap();
    let (agent, run) = create(&practice, &with_id(1)).await;
    assert_ne!(json!(agent), with_id(1)["agentId"], "another id than asked for");
    let path = format!("/v1/agents/{agent}");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&practice, &path).await.status);
    }
    assert_eq!(statuses, [404, 404, 200]);
    for list in ["/v1/agents".to_owned(), format!("{path}/runs")] {
        let mut lengths = Vec::new();
        for _ in 0..2 {
            lengths.push(get(&practice, &list).await.json()["items"].as_array().unwrap().len());
        }
        assert_eq!(lengths, [0, 1], "{list}");
    }
    assert_eq!(get(&practice, &format!("{path}/runs/{run}")).await.status, 200);

    practice.clear_faults();
    practice.set_fault(Fault::CreateConflictOnRetry, 1);
    let body = with_id(2);
    post(&practice, "/v1/agents", Some(&body)).await;
    let path = format!("/v1/agents/{}", body["agentId"].as_str().unwrap());
    let mut statuses = vec![post(&practice, "/v1/agents", Some(&body)).await.status];
    for _ in 0..3 {
        statuses.push(get(&practice, &path).await.status);
    }
    assert_eq!(statuses, [409, 404, 404, 200], "taken before it is readable");
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn runs_end_or_do_not_end_as_told() {
    let practice = Practice::start(quick()).await.unwrap();
    for (fault, status) in [
        (Fault::RunErrorWithoutText, Status::Error),
        (Fault::RunExpired, Status::Expired),
    ] {
        practice.set_fault(fault, 1);
        let (_, run) = create(&practice, &launch("header")).await;
        let end = ended(&practice, &run).await;
        assert_eq!((end.status, end.result), (status, None), "{}", fault.name());
    }
    practice.set_fault(Fault::RunNeverEnding, 1);
    let (agent, run) = create(&practice, &launch("header")).await;
    let cancel = format!("/v1/agents/{agent}/runs/{run}/cancel");
    practice.set_fault(Fault::RunCancel500, 1);
    assert_eq!(post(&practice, &cancel, None).await.status, 500);
    assert!(practice.agents()[2].runs[0].status.is_active(), "the run goes on");
    assert_eq!(post(&practice, &cancel, None).await.status, 200);
    assert_eq!(ended(&practice, &run).await.status, Status::Cancelled);
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn streams_break_as_named_and_resuming_loses_nothing() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("header")).await;
    ended(&practice, &run).await;
    let whole = stream(&practice, &agent, &run, None).await.frames();

    practice.set_fault(Fault::StreamWarmup409, 1);
    let answer = stream(&practice, &agent, &run, None).await;
    assert_eq!(answer.error(), (409, "stream_unavailable".to_owned()));
    practice.set_fault(Fault::StreamUnavailableInBand, 1);
    let events: Vec<String> = stream(&practice, &agent, &run, None)
        .await
        .frames()
        .into_iter()
        .map(|frame| frame.event)
        .collect();
    assert_eq!(events, ["status", "status", "error", "done"]);
    practice.set_fault(Fault::Stream410, 1);
    let answer = stream(&practice, &agent, &run, None).await;
    assert_eq!(answer.error(), (410, "stream_expired".to_owned()));
    practice.set_fault(Fault::StreamRefused, u32::MAX);
    for _ in 0..2 {
        assert_eq!(stream(&practice, &agent, &run, None).await.status, 503);
    }
    practice.clear_faults();
    practice.set_fault(Fault::StreamRateLimit, 3);
    for _ in 0..2 {
        let answer = stream(&practice, &agent, &run, None).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("3")));
    }
    practice.clear_faults();
    let struck = [
        Fault::Stream410,
        Fault::StreamRefused,
        Fault::StreamRateLimit,
        Fault::StreamStall,
    ];
    assert_eq!(
        struck.map(|fault| practice.struck(fault)),
        [1, 2, 2, 0],
        "each is counted as often as it was met"
    );

    practice.set_fault(Fault::StreamEofBeforeDone, 1);
    let answer = stream(&practice, &agent, &run, None).await;
    assert!(answer.whole, "a clean end");
    assert_eq!(answer.frames(), whole[..whole.len() - 2], "all but result and done");
    practice.set_fault(Fault::StreamHalfFrame, 1);
    let answer = stream(&practice, &agent, &run, None).await;
    assert!(answer.whole && !answer.text().ends_with("\n\n"));

    practice.set_fault(Fault::StreamDropAfterEvents, 6);
    let mut collected = Vec::new();
    let mut last_id = None;
    let mut connections = 0;
    loop {
        let answer = stream(&practice, &agent, &run, last_id.as_deref()).await;
        connections += 1;
        collected.extend(answer.frames().into_iter().filter(|frame| frame.id.is_some()));
        if answer.whole {
            break;
        }
        last_id = collected.last().and_then(|frame| frame.id.clone());
    }
    let events: Vec<_> = whole.iter().filter(|frame| frame.id.is_some()).cloned().collect();
    assert_eq!(collected, events, "six events at a time, nothing lost or doubled");
    assert!(connections > 10);
    assert_eq!(practice.struck(Fault::StreamDropAfterEvents), connections - 1);
    practice.clear_faults();

    practice.set_fault(Fault::StreamDuplicateOnResume, u32::MAX);
    let middle = &whole[9];
    let rest = stream(&practice, &agent, &run, middle.id.as_deref()).await.frames();
    assert_eq!(rest[1].id, middle.id, "the event it was resumed after comes again");
    practice.clear_faults();

    practice.set_fault(Fault::StreamSplitCharacters, u32::MAX);
    assert_eq!(stream(&practice, &agent, &run, None).await.frames(), whole);
    practice.clear_faults();

    practice.set_fault(Fault::StreamUnknownStatus, u32::MAX);
    practice.set_fault(Fault::StreamUnknownEvent, u32::MAX);
    practice.set_fault(Fault::StreamTruncatedResult, u32::MAX);
    let odd = stream(&practice, &agent, &run, None).await.frames();
    let cut = odd.iter().filter(|frame| frame.data.contains("truncated")).count();
    assert_eq!(
        practice.struck(Fault::StreamTruncatedResult) as usize,
        cut,
        "only what had a result lost it"
    );
    assert!(odd.iter().any(|frame| frame.event == "weather_report"));
    assert!(odd.iter().any(|frame| frame.data.contains("HIBERNATING")));
    for call in odd.iter().filter(|frame| frame.event == "tool_call") {
        let call = call.value();
        assert_eq!(call.get("result"), None);
        assert_eq!(call["truncated"]["result"] == true, call["status"] == "completed");
    }
    practice.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stalled_stream_stays_open_and_mute() {
    use crate::client::{Reader, open, stream_request};
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("header")).await;
    ended(&practice, &run).await;
    practice.set_fault(Fault::StreamStall, 3);
    let (path, headers) = stream_request(&agent, &run, None);
    let request = Request {
        method: "GET",
        path: &path,
        headers,
        body: None,
    };
    let mut connection = open(practice.base_url(), request).await.unwrap();
    let mut reader = Reader::default();
    reader.head(&mut connection).await.unwrap();
    let mut text = String::new();
    let hour = std::time::Duration::from_hours(1);
    while let Ok(Some(chunk)) = tokio::time::timeout(hour, reader.chunk(&mut connection)).await {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert_eq!(text.matches("\nid: ").count(), 3, "{text}");
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn answers_may_be_odd() {
    let practice = Practice::start(quick()).await.unwrap();
    practice.set_fault(Fault::NameMissing, u32::MAX);
    practice.set_fault(Fault::NullCursor, u32::MAX);
    practice.set_fault(Fault::ExtraFields, u32::MAX);
    practice.set_fault(Fault::OldActive, u32::MAX);
    practice.set_fault(Fault::CostMissing, u32::MAX);
    let answer = post(&practice, "/v1/agents", Some(&launch("[unending] header")))
        .await
        .json();
    assert_eq!(answer["agent"].get("name"), None);
    assert!(answer["agent"].get("experimental").is_some());
    let (_, run) = create(&practice, &launch("[ask] header")).await;
    ended(&practice, &run).await;
    let list = get(&practice, "/v1/agents").await.json();
    assert_eq!(list["nextCursor"], Value::Null);
    assert!(list.as_object().unwrap().contains_key("nextCursor"));
    assert_eq!(list["items"][0]["status"], "ACTIVE", "at rest but as before IDLE");
    assert_eq!(list["items"][0]["name"], "header", "named once its run ended");
    let id = list["items"][0]["id"].as_str().unwrap();
    let usage = format!("/v1/agents/{id}/usage");
    assert_eq!(get(&practice, &usage).await.json().get("cost"), None);
    practice.set_fault(Fault::Usage403, 1);
    assert_eq!(
        get(&practice, &usage).await.error(),
        (403, "feature_unavailable".to_owned())
    );
    practice.set_fault(Fault::Repositories429, 1);
    assert_eq!(
        get(&practice, "/v1/repositories").await.header("retry-after"),
        Some("60")
    );
    practice.set_fault(Fault::HtmlAnswers, 1);
    assert_eq!(get(&practice, "/v1/me").await.status, 502);
    practice.set_fault(Fault::PrivacyMode, u32::MAX);
    assert_eq!(get(&practice, "/v1/agents").await.error().0, 400);
    assert_eq!(
        get(&practice, "/v1/me").await.status,
        200,
        "the account is still readable"
    );
    practice.set_fault(Fault::PlanRequired, u32::MAX);
    assert_eq!(
        get(&practice, "/v1/me").await.error(),
        (403, "plan_required".to_owned())
    );
    practice.set_fault(Fault::UnauthorizedFromNow, u32::MAX);
    assert_eq!(
        get(&practice, "/v1/me").await.json(),
        json!({"code": "error", "message": "Invalid User API Key"})
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn faults_are_set_over_http_with_the_key() {
    let practice = Practice::start(quick()).await.unwrap();
    let request = Request {
        method: "GET",
        path: "/_practice/faults",
        headers: Vec::new(),
        body: None,
    };
    assert_eq!(send(practice.base_url(), request).await.unwrap().status, 401);
    let body = json!({"create-reset-after-commit": 2, "null-cursor": true});
    let set = post(&practice, "/_practice/faults", Some(&body)).await.json();
    assert_eq!(
        set["set"],
        json!({"create-reset-after-commit": 2, "null-cursor": u32::MAX})
    );
    assert_eq!(set["known"].as_array().unwrap().len(), Fault::ALL.len());
    let wrong = post(&practice, "/_practice/faults", Some(&json!({"nope": 1}))).await;
    assert_eq!(wrong.error().0, 400);
    assert_eq!(get(&practice, "/_practice/nope").await.status, 404);
    let requests = get(&practice, "/_practice/requests").await;
    assert_eq!(
        requests.json()["summary"]["total"],
        0,
        "asking about itself is not logged"
    );
    assert!(!requests.text().contains(KEY));
    practice.stop().await.unwrap();
}
