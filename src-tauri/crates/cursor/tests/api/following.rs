//! Following a run: whole streams, resumed ones, broken ones and silent ones.

use std::time::Duration;

use cursor_cloud_agents::{Client, ErrorCode, Event, EventId, RunId, RunStatus, StreamError, StreamEvent};
use practice_cloud::{Fault, Options};

use super::canned::{Canned, Play, stream};
use super::support::{PATIENCE, RUN, agent_id, client, create, finish, practice, practice_with};

fn run_id() -> RunId {
    RunId::parse(RUN).unwrap()
}

async fn collect(
    client: &Client,
    agent: &cursor_cloud_agents::AgentId,
    run: &RunId,
    after: Option<&EventId>,
) -> Vec<StreamEvent> {
    let mut stream = client.stream_run(agent, run, after).await.unwrap();
    let mut events = Vec::new();
    while let Some(event) = stream.next(PATIENCE).await.unwrap() {
        events.push(event);
    }
    events
}

#[tokio::test]
async fn a_run_is_followed_to_its_end() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let mut stream = client
        .stream_run(&created.agent.id, &created.run.id, None)
        .await
        .unwrap();
    assert_eq!(stream.retention(), Some(Duration::from_hours(24)));
    let (mut text, mut outcome, mut kinds) = (String::new(), None, Vec::new());
    while let Some(event) = stream.next(PATIENCE).await.unwrap() {
        match event.event {
            Event::Assistant { text: piece } => text.push_str(&piece),
            Event::Result(result) => outcome = Some(result),
            Event::Malformed | Event::Unknown | Event::Oversized => panic!("{event:?}"),
            _ => {}
        }
        kinds.push(event.kind);
    }
    let outcome = outcome.unwrap();
    assert_eq!(outcome.status, RunStatus::Finished);
    assert!(
        text.ends_with(outcome.text.as_deref().unwrap()),
        "the reply is streamed, too"
    );
    assert_eq!(
        (kinds.first().map(String::as_str), kinds.last().map(String::as_str)),
        (Some("status"), Some("done"))
    );
    for kind in ["thinking", "tool_call", "interaction_update"] {
        assert!(kinds.iter().any(|found| found == kind), "{kind} is part of a usual run");
    }
    let run = client.get_run(&created.agent.id, &created.run.id).await.unwrap();
    assert_eq!(
        (run.result, run.git, run.duration_ms),
        (outcome.text, outcome.git, outcome.duration_ms)
    );
    assert_eq!(practice.violations(), []);
}

/// After every frame that can be resumed after, what was had and what comes are the whole.
#[tokio::test]
async fn a_stream_resumes_after_every_frame() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let (agent, run) = (created.agent.id, created.run.id);
    finish(&client, &agent, &run).await;
    let whole: Vec<StreamEvent> = collect(&client, &agent, &run, None)
        .await
        .into_iter()
        .filter(|event| event.id.is_some())
        .collect();
    assert!(whole.len() > 20, "{} events are a fair run", whole.len());
    let mut boundaries = 0;
    for (place, event) in whole.iter().enumerate() {
        // Events share identifiers; one can be resumed after when its group is over.
        if whole.get(place + 1).is_some_and(|next| next.id == event.id) {
            continue;
        }
        let rest = collect(&client, &agent, &run, event.id.as_ref()).await;
        let rest: Vec<StreamEvent> = rest.into_iter().filter(|event| event.id.is_some()).collect();
        assert_eq!(rest, whole[place + 1..], "after frame {place}");
        boundaries += 1;
    }
    assert!(boundaries > 10, "{boundaries} boundaries were tried");
    assert_eq!(practice.violations(), []);
}

/// Drops the connection again and again and keeps (id, kind) of what was seen: nothing is lost or doubled.
#[tokio::test]
async fn dropped_connections_lose_and_double_nothing() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let (agent, run) = (created.agent.id, created.run.id);
    finish(&client, &agent, &run).await;
    let whole: Vec<(Option<EventId>, String, String)> = collect(&client, &agent, &run, None)
        .await
        .into_iter()
        .filter(|event| event.id.is_some())
        .map(|event| (event.id, event.kind, event.data))
        .collect();
    practice.set_fault(Fault::StreamDropAfterEvents, 3);
    practice.set_fault(Fault::StreamDuplicateOnResume, u32::MAX);
    practice.set_fault(Fault::StreamSplitCharacters, u32::MAX);
    let (mut had, mut breaks) = (Vec::new(), 0);
    while !matches!(had.last(), Some((_, kind, _)) if kind == "done") {
        // An identifier is a resume point only once its whole group is there, so the last one is left out.
        let last = had
            .last()
            .and_then(|(id, _, _): &(Option<EventId>, String, String)| id.clone());
        let resume = had
            .iter()
            .rev()
            .map(|(id, _, _)| id)
            .find(|id| **id != last)
            .cloned()
            .flatten();
        let mut stream = client.stream_run(&agent, &run, resume.as_ref()).await.unwrap();
        loop {
            match stream.next(PATIENCE).await {
                Ok(Some(event)) if event.id.is_some() => {
                    let event = (event.id, event.kind, event.data);
                    if !had.iter().any(|(id, kind, _)| (id, kind) == (&event.0, &event.1)) {
                        had.push(event);
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(StreamError::Interrupted(_)) => {
                    breaks += 1;
                    break;
                }
                Err(StreamError::Idle) => panic!("the stream fell silent"),
            }
        }
    }
    assert_eq!(had, whole);
    assert!(breaks > 3, "{breaks} connections broke");
}

#[tokio::test]
async fn what_is_not_known_is_handed_on_as_text() {
    let (practice, client) = practice().await;
    for fault in [
        Fault::StreamUnknownEvent,
        Fault::StreamUnknownStatus,
        Fault::StreamTruncatedResult,
    ] {
        practice.set_fault(fault, u32::MAX);
    }
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let events = collect(&client, &created.agent.id, &created.run.id, None).await;
    assert!(
        events
            .iter()
            .any(|event| event.event == Event::Unknown && !event.kind.is_empty())
    );
    assert!(events.iter().any(
        |event| matches!(&event.event, Event::Status { status: RunStatus::Other(text), .. } if &**text == "HIBERNATING")
    ));
    assert!(
        events
            .iter()
            .any(|event| matches!(&event.event, Event::ToolCall(call) if call.truncated.result))
    );
    assert_eq!(events.last().map(|event| &event.event), Some(&Event::Done));
}

#[tokio::test]
async fn every_refusal_of_a_stream_has_its_question() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let (agent, run) = (created.agent.id, created.run.id);
    practice.set_fault(Fault::StreamWarmup409, 1);
    assert!(
        client
            .stream_run(&agent, &run, None)
            .await
            .unwrap_err()
            .is_stream_unavailable()
    );
    practice.set_fault(Fault::Stream410, 1);
    assert!(
        client
            .stream_run(&agent, &run, None)
            .await
            .unwrap_err()
            .is_stream_expired()
    );
    let bad = EventId::parse("nonsense").unwrap();
    assert!(
        client
            .stream_run(&agent, &run, Some(&bad))
            .await
            .unwrap_err()
            .is_invalid_last_event_id()
    );
    let other = RunId::parse(RUN).unwrap();
    assert!(
        client
            .stream_run(&agent, &other, None)
            .await
            .unwrap_err()
            .is_not_found()
    );
    practice.set_fault(Fault::StreamRefused, 1);
    assert_eq!(
        client.stream_run(&agent, &run, None).await.unwrap_err().status(),
        Some(503),
        "not repeated by itself"
    );
    practice.set_fault(Fault::StreamUnavailableInBand, 1);
    let events = collect(&client, &agent, &run, None).await;
    assert!(
        events.iter().any(
            |event| matches!(&event.event, Event::Error(fault) if fault.code == Some(ErrorCode::StreamUnavailable))
        )
    );
}

#[tokio::test]
async fn half_a_frame_at_the_end_is_dropped() {
    let (practice, client) = practice_with(Options::default()).await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    finish(&client, &created.agent.id, &created.run.id).await;
    practice.set_fault(Fault::StreamHalfFrame, 1);
    let events = collect(&client, &created.agent.id, &created.run.id, None).await;
    assert!(
        events
            .iter()
            .all(|event| event.event != Event::Malformed && event.event != Event::Done)
    );
}

#[tokio::test]
async fn a_silent_stream_is_given_up_and_a_dropped_wait_loses_nothing() {
    let server = Canned::start([Play::Stall(stream(
        "event: assistant\ndata: {\"text\":\"a\"}\n\nevent: assist",
    ))])
    .await;
    let client = client(&server.base_url);
    let mut stream = client.stream_run(&agent_id(), &run_id(), None).await.unwrap();
    let first = stream.next(PATIENCE).await.unwrap().unwrap();
    assert_eq!(first.event, Event::Assistant { text: "a".to_owned() });
    tokio::time::pause();
    let waited = tokio::time::timeout(Duration::from_secs(1), stream.next(PATIENCE)).await;
    assert!(waited.is_err(), "nothing more comes, and the caller may leave");
    assert!(matches!(stream.next(PATIENCE).await, Err(StreamError::Idle)));
}

#[tokio::test]
async fn a_frame_of_ten_megabytes_is_said_to_be_too_large_and_the_stream_goes_on() {
    let body = format!(
        "id: 1\nevent: tool_call\ndata: {}\n\nid: 2\nevent: done\ndata: {{}}\n\n",
        "x".repeat(10_000_000)
    );
    let server = Canned::start([Play::Answer(stream(&body))]).await;
    let client = client(&server.base_url);
    let events = collect(&client, &agent_id(), &run_id(), None).await;
    let event = |id: &str, kind: &str, data: &str, event: Event| StreamEvent {
        id: EventId::parse(id).ok(),
        kind: kind.to_owned(),
        data: data.to_owned(),
        event,
    };
    assert_eq!(
        events,
        [
            event("1", "tool_call", &"x".repeat(16 * 1024), Event::Oversized),
            event("2", "done", "{}", Event::Done)
        ]
    );
}

#[tokio::test]
async fn a_page_instead_of_a_stream_is_an_error() {
    let page = super::canned::answer(
        "200 OK",
        &["content-type: text/html"],
        "<html>Sign in to the hotel</html>",
    );
    let server = Canned::start([Play::Answer(page)]).await;
    let error = client(&server.base_url)
        .stream_run(&agent_id(), &run_id(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &cursor_cloud_agents::ErrorKind::Undecodable);
}

#[tokio::test]
async fn the_resume_point_travels_in_its_header() {
    let server = Canned::start([Play::Answer(stream(""))]).await;
    let id = EventId::parse("1791250392023-0").unwrap();
    let mut stream = client(&server.base_url)
        .stream_run(&agent_id(), &run_id(), Some(&id))
        .await
        .unwrap();
    assert!(stream.next(PATIENCE).await.unwrap().is_none());
    let seen = server.seen();
    assert_eq!(
        (seen[0].header("last-event-id"), seen[0].header("accept")),
        (Some("1791250392023-0"), Some("text/event-stream"))
    );
}
