use std::time::Duration;

use practice_cloud::{Practice, WarmupStyle};
use serde_json::json;

use crate::client::{Reader, Request, create, ended, follow_up, frames, launch, open, quick, stream, stream_request};

#[tokio::test]
async fn resuming_after_any_id_gives_exactly_the_rest() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[ask] header")).await;
    ended(&practice, &run).await;
    let all = stream(&practice, &agent, &run, None).await.frames();
    let mut ids: Vec<String> = all.iter().filter_map(|frame| frame.id.clone()).collect();
    ids.dedup();
    let last = ids.pop().unwrap();
    for id in &ids {
        let rest = stream(&practice, &agent, &run, Some(id)).await.frames();
        let after = all.iter().rposition(|frame| frame.id.as_ref() == Some(id)).unwrap() + 1;
        assert_eq!(rest[0].event, "status", "a fresh status comes first");
        assert_eq!(rest[1..], all[after..], "after {id}");
    }
    let end = stream(&practice, &agent, &run, Some(&last)).await.frames();
    let events: Vec<&str> = end.iter().map(|frame| frame.event.as_str()).collect();
    assert_eq!(events, ["status", "done"], "after the end only the end is left");
    assert_eq!(practice.violations(), []);

    let refused = stream(&practice, &agent, &run, Some("nonsense")).await;
    assert_eq!(refused.error(), (400, "invalid_last_event_id".to_owned()));
    let invented = stream(&practice, &agent, &run, Some("1791250392023-0")).await;
    assert_eq!(invented.status, 200, "well-formed ids are accepted");
    let rules: Vec<String> = practice.violations().into_iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["last-event-id", "invented-last-event-id"]);
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn ids_grow_and_frames_have_the_documented_form() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("header")).await;
    let answer = stream(&practice, &agent, &run, None).await;
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("x-cursor-stream-retention-seconds"), Some("86400"));
    assert!(!answer.text().contains('\r') && answer.text().ends_with("\n\n"));
    let parts: Vec<(u64, u64)> = answer
        .frames()
        .into_iter()
        .filter_map(|frame| frame.id)
        .map(|id| {
            let (milliseconds, sequence) = id.split_once('-').unwrap();
            (milliseconds.parse().unwrap(), sequence.parse().unwrap())
        })
        .collect();
    assert!(parts.is_sorted(), "ids never go back");
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn a_follow_up_warms_up_in_either_style() {
    for style in [WarmupStyle::Http409, WarmupStyle::InBand] {
        let mut options = quick();
        options.speed = 1000.0;
        options.knobs.followup_stream_warmup_ms = 3_600_000_000;
        options.knobs.warmup_style = style;
        let practice = Practice::start(options).await.unwrap();
        let (agent, run) = create(&practice, &launch("[ask] header")).await;
        ended(&practice, &run).await;
        let body = json!({"prompt": {"text": "more"}});
        let run = follow_up(&practice, &agent, &body).await;
        let answer = stream(&practice, &agent, &run, None).await;
        if style == WarmupStyle::Http409 {
            assert_eq!(answer.error(), (409, "stream_unavailable".to_owned()));
        } else {
            let events: Vec<String> = answer.frames().into_iter().map(|frame| frame.event).collect();
            assert_eq!(events, ["status", "status", "error", "done"]);
        }
        practice.stop().await.unwrap();
    }
}

/// Paused time leaps to the next timer whenever everything waits: the heartbeats come at once.
#[tokio::test(start_paused = true)]
async fn heartbeats_come_while_nothing_happens_and_stop_in_silence() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[unending] header")).await;
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
    while text.matches("event: heartbeat").count() < 3 {
        let chunk = reader.chunk(&mut connection).await.unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    let beat = frames(&text)
        .into_iter()
        .find(|frame| frame.event == "heartbeat")
        .unwrap();
    assert_eq!((beat.id, beat.data.as_str()), (None, "{}"));

    let (agent, run) = create(&practice, &launch("[silent] header")).await;
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
    // An hour without a heartbeat ends the wait; the run itself still says RUNNING.
    while let Ok(Some(chunk)) = tokio::time::timeout(Duration::from_hours(1), reader.chunk(&mut connection)).await {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("event: tool_call") && !text.contains("event: heartbeat"));
    assert!(practice.agents()[1].runs[0].status.is_active());
    practice.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn streams_expire_after_their_retention() {
    let practice = Practice::start(quick()).await.unwrap();
    let (agent, run) = create(&practice, &launch("[ask] header")).await;
    assert_eq!(stream(&practice, &agent, &run, None).await.status, 200);
    tokio::time::advance(Duration::from_secs(86_401)).await;
    let answer = stream(&practice, &agent, &run, None).await;
    assert_eq!(answer.error(), (410, "stream_expired".to_owned()));
    practice.stop().await.unwrap();
}

/// The demo story is worth watching: about 20 s, several minutes for the slow one.
#[tokio::test(start_paused = true)]
async fn stories_take_the_time_they_promise() {
    for (prompt, seconds) in [("Tidy the login form", 15..=26), ("[slow] login form", 180..=420)] {
        let mut options = quick();
        options.speed = 1.0;
        let practice = Practice::start(options).await.unwrap();
        let start = tokio::time::Instant::now();
        let (agent, run) = create(&practice, &launch(prompt)).await;
        stream(&practice, &agent, &run, None).await;
        let took = start.elapsed().as_secs();
        assert!(seconds.contains(&took), "{prompt} took {took} s");
        practice.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_huge_run_arrives_whole() {
    let mut options = quick();
    options.knobs.huge_deltas = 5000;
    let practice = Practice::start(options).await.unwrap();
    let (agent, run) = create(&practice, &launch("[huge]")).await;
    let frames = stream(&practice, &agent, &run, None).await.frames();
    let text: String = frames
        .iter()
        .filter(|frame| frame.event == "assistant")
        .map(|frame| frame.value()["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ended(&practice, &run).await.result, Some(text));
    assert_eq!(frames.iter().filter(|frame| frame.event == "assistant").count(), 5000);
    practice.stop().await.unwrap();
}
