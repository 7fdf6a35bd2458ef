//! The stream of a run as server-sent events: replay, resume, following, heartbeats, and its faults.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderName, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::query;
use crate::answer::{self, Checked};
use crate::cloud::Cloud;
use crate::connection::Peer;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::options::WarmupStyle;
use crate::state::{Event, Status};
use crate::wire::Spelling;

/// Events taken from the store at once.
const BATCH: usize = 128;

/// Where in the events a stream starts.
#[derive(Debug, PartialEq, Eq)]
enum Start {
    At(usize),
    /// A well-formed id that names no event: accepted, but nothing of the past comes (seen live).
    End,
}

pub(crate) fn open(cloud: &Arc<Cloud>, incoming: &Incoming, id: &str, run_id: &str) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    if incoming.header("accept") != Some("text/event-stream") {
        cloud.violation(
            incoming.number,
            "stream-accept",
            format!("Accept is {:?}", incoming.header("accept")),
        );
    }
    let now = cloud.clock.now_ms();
    let retention_ms = cloud.options.knobs.retention_s * 1000;
    let last_id = incoming.header("last-event-id");
    let (start, changed, warming, run_id, agent_id) = {
        let store = cloud.store();
        let agent = store.agent(id).ok_or_else(answer::agent_not_found)?;
        let run = agent.run(run_id).ok_or_else(answer::run_not_found)?;
        let expired = run.ended_ms.is_some_and(|ended| now >= ended + retention_ms);
        if expired || cloud.strikes(Fault::Stream410) {
            return Err(answer::error(410, "stream_expired", "Run stream has expired"));
        }
        let start = start_of(&run.events, last_id).ok_or(last_id);
        let warming = now < run.stream_opens_ms;
        (
            start,
            run.changed.subscribe(),
            warming,
            run.id.clone(),
            agent.id.clone(),
        )
    };
    if cloud.strikes(Fault::StreamRefused) {
        return Err(answer::gateway_page(503));
    }
    let by_409 = cloud.options.knobs.warmup_style == WarmupStyle::Http409;
    if cloud.strikes(Fault::StreamWarmup409) || (warming && by_409) {
        return Err(answer::stream_unavailable());
    }
    if let Some(seconds) = cloud.amount(Fault::StreamRateLimit) {
        cloud.struck.note(Fault::StreamRateLimit);
        return Err(answer::rate_limited(20, seconds.into(), seconds.into()));
    }
    let unavailable = cloud.strikes(Fault::StreamUnavailableInBand) || (warming && !by_409);
    let start = match start {
        Ok(start) => start,
        Err(bad) => {
            cloud.violation(
                incoming.number,
                "last-event-id",
                format!("{bad:?} is no event of this run"),
            );
            return Err(answer::error(
                400,
                "invalid_last_event_id",
                "Last-Event-ID must refer to an event within the requested run",
            ));
        }
    };
    if start == Start::End {
        cloud.violation(
            incoming.number,
            "invented-last-event-id",
            format!("{last_id:?} was never sent"),
        );
    }

    let (sender, mut receiver) = mpsc::channel::<Bytes>(64);
    let follower = Follower {
        cloud: Arc::clone(cloud),
        agent_id,
        run_id,
        sender,
        peer: incoming.peer.clone(),
        spelling: cloud.spelling(),
        split: cloud.stands(Fault::StreamSplitCharacters),
        resumed: last_id.is_some(),
    };
    cloud.spawn(async move {
        // `None` means that the client left: nothing is left to send.
        let _left = if unavailable {
            follower.say_unavailable().await
        } else {
            follower.follow(start, changed).await
        };
    });
    let frames = stream::poll_fn(move |context| {
        receiver
            .poll_recv(context)
            .map(|frame| frame.map(Ok::<Bytes, Infallible>))
    });
    let mut response = Response::new(Body::from_stream(frames));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        HeaderName::from_static("x-cursor-stream-retention-seconds"),
        HeaderValue::from(cloud.options.knobs.retention_s),
    );
    Ok(response)
}

/// After the last event with the id; `None` for an id that cannot be one of ours.
fn start_of(events: &[Event], last_id: Option<&str>) -> Option<Start> {
    let Some(last_id) = last_id else {
        return Some(Start::At(0));
    };
    if let Some(position) = events.iter().rposition(|event| event.id == last_id) {
        return Some(Start::At(position + 1));
    }
    let (milliseconds, sequence) = last_id.split_once('-')?;
    let plausible =
        milliseconds.len() >= 13 && milliseconds.bytes().all(|byte| byte.is_ascii_digit()) && sequence == "0";
    plausible.then_some(Start::End)
}

/// Exactly the wire format that the official parser needs: one space, LF, a blank line.
fn frame(id: Option<&str>, kind: &str, data: &str) -> String {
    match id {
        Some(id) => format!("id: {id}\nevent: {kind}\ndata: {data}\n\n"),
        None => format!("event: {kind}\ndata: {data}\n\n"),
    }
}

struct Follower {
    cloud: Arc<Cloud>,
    agent_id: String,
    run_id: String,
    sender: mpsc::Sender<Bytes>,
    peer: Peer,
    spelling: Spelling,
    split: bool,
    resumed: bool,
}

/// What the store has for a stream just now.
struct Look {
    events: Vec<Event>,
    status: Status,
    silent: bool,
}

impl Follower {
    async fn send(&self, text: String) -> Option<()> {
        if self.split {
            self.cloud.struck.note(Fault::StreamSplitCharacters);
            for piece in text.as_bytes().chunks(3) {
                self.sender.send(Bytes::copy_from_slice(piece)).await.ok()?;
            }
            return Some(());
        }
        self.sender.send(Bytes::from(text)).await.ok()
    }

    async fn send_status(&self, status: &str) -> Option<()> {
        let data = json!({"runId": self.run_id, "status": status}).to_string();
        self.send(frame(None, "status", &data)).await
    }

    async fn say_unavailable(&self) -> Option<()> {
        self.send_status("CREATING").await?;
        self.send_status("RUNNING").await?;
        let error = json!({"code": "stream_unavailable", "message": "Run stream is no longer available"});
        self.send(frame(None, "error", &error.to_string())).await?;
        self.send(frame(None, "done", "{}")).await
    }

    fn look(&self, from: usize) -> Option<Look> {
        let store = self.cloud.store();
        let run = store.run(&self.agent_id, &self.run_id)?;
        let events = run.events.get(from..).unwrap_or_default();
        Some(Look {
            events: events[..events.len().min(BATCH)].to_vec(),
            status: run.status,
            silent: run.silent,
        })
    }

    async fn follow(&self, start: Start, mut changed: watch::Receiver<()>) -> Option<()> {
        let knobs = &self.cloud.options.knobs;
        let mut heartbeat = Instant::now() + Duration::from_millis(knobs.heartbeat_first_ms);
        let mut next = match start {
            Start::At(next) => next,
            Start::End => self
                .cloud
                .store()
                .run(&self.agent_id, &self.run_id)
                .map_or(0, |run| run.events.len()),
        };
        let mut told = self.look(next)?.status;
        self.send_status(told.as_str()).await?;
        if self.cloud.stands(Fault::StreamUnknownStatus) {
            self.cloud.struck.note(Fault::StreamUnknownStatus);
            self.send_status("HIBERNATING").await?;
        }
        if self.resumed && next > 0 && self.cloud.stands(Fault::StreamDuplicateOnResume) {
            let before = self.look(next - 1)?;
            if let Some(event) = before.events.first() {
                self.cloud.struck.note(Fault::StreamDuplicateOnResume);
                self.send_event(event).await?;
            }
        }
        let mut sent = 0;
        loop {
            changed.mark_unchanged();
            let look = self.look(next)?;
            if look.status.is_active() && look.status != told {
                told = look.status;
                self.send_status(told.as_str()).await?;
            }
            for event in &look.events {
                if self.strike_before(event, sent).await? {
                    return None;
                }
                self.send_event(event).await?;
                next += 1;
                sent += 1;
                if event.kind == "done" {
                    return Some(());
                }
            }
            if !look.events.is_empty() {
                continue;
            }
            if !look.status.is_active() {
                // Resumed after the group of `result`: its `done` is all there is to say.
                return self.send(frame(None, "done", "{}")).await;
            }
            if look.silent {
                tokio::select! {
                    () = self.sender.closed() => return None,
                    change = changed.changed() => change.ok()?,
                }
                continue;
            }
            tokio::select! {
                () = self.sender.closed() => return None,
                change = changed.changed() => change.ok()?,
                () = tokio::time::sleep_until(heartbeat) => {
                    self.send(frame(None, "heartbeat", "{}")).await?;
                    heartbeat = Instant::now() + Duration::from_millis(knobs.heartbeat_every_ms);
                }
            }
        }
    }

    async fn send_event(&self, event: &Event) -> Option<()> {
        let mut data = self.spelling.text(&event.data);
        if event.kind == "tool_call" && self.cloud.stands(Fault::StreamTruncatedResult) {
            let cut = without_result(&data);
            if cut != data {
                self.cloud.struck.note(Fault::StreamTruncatedResult);
                data = cut;
            }
        }
        self.send(frame(Some(&event.id), &event.kind, &data)).await?;
        if event.kind == "tool_call" && self.cloud.stands(Fault::StreamUnknownEvent) {
            self.cloud.struck.note(Fault::StreamUnknownEvent);
            let data = r#"{"mood":"curious"}"#;
            self.send(frame(Some(&event.id), "weather_report", data)).await?;
        }
        Some(())
    }

    /// Faults that end or stop the stream before an event; true when nothing more may be sent.
    async fn strike_before(&self, event: &Event, sent: u32) -> Option<bool> {
        let cloud = &self.cloud;
        let at_end = event.kind == "result";
        if at_end && cloud.strikes(Fault::StreamEofBeforeDone) {
            return Some(true);
        }
        if (at_end || sent == 4) && cloud.strikes(Fault::StreamHalfFrame) {
            let whole = frame(Some(&event.id), &event.kind, &event.data);
            let mut half = whole.len() / 2;
            while !whole.is_char_boundary(half) {
                half -= 1;
            }
            self.send(whole[..half].to_owned()).await?;
            return Some(true);
        }
        if cloud
            .amount(Fault::StreamDropAfterEvents)
            .is_some_and(|amount| sent >= amount)
        {
            cloud.struck.note(Fault::StreamDropAfterEvents);
            // What is already in the channel must arrive, else resuming would never get further.
            self.drained().await;
            self.peer.cut.now();
            return Some(true);
        }
        if cloud.amount(Fault::StreamStall).is_some_and(|amount| sent >= amount) {
            cloud.struck.note(Fault::StreamStall);
            self.sender.closed().await;
            return Some(true);
        }
        Some(false)
    }

    /// Waits until the connection has taken everything from the channel.
    async fn drained(&self) {
        while self.sender.capacity() < self.sender.max_capacity() && !self.sender.is_closed() {
            tokio::task::yield_now().await;
        }
        // The last frame left the channel but may still be in the connection's buffer.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A completed call whose result was too large to send.
fn without_result(data: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(data) else {
        return data.to_owned();
    };
    if let Some(map) = value.as_object_mut()
        && map.remove("result").is_some()
    {
        map.insert("truncated".to_owned(), json!({"result": true}));
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, kind: &str) -> Event {
        Event {
            id: id.to_owned(),
            kind: kind.to_owned(),
            data: "{}".to_owned(),
        }
    }

    #[test]
    fn resuming_starts_after_the_whole_group_of_an_id() {
        let events = [
            event("1791250392023-0", "assistant"),
            event("1791250392023-0", "interaction_update"),
            event("1791250392023-1", "assistant"),
        ];
        assert_eq!(start_of(&events, None), Some(Start::At(0)));
        assert_eq!(
            start_of(&events, Some("1791250392023-0")),
            Some(Start::At(2)),
            "the twin under the same id is not sent again"
        );
        assert_eq!(
            start_of(&events, Some("1791250392999-0")),
            Some(Start::End),
            "well-formed but unknown: accepted, nothing replayed"
        );
        assert_eq!(start_of(&events, Some("abc")), None);
        assert_eq!(start_of(&events, Some("1791250392023-7")), None);
    }

    #[test]
    fn frames_have_one_space_lf_and_a_blank_line() {
        assert_eq!(
            frame(Some("1-0"), "assistant", "{}"),
            "id: 1-0\nevent: assistant\ndata: {}\n\n"
        );
        assert_eq!(frame(None, "heartbeat", "{}"), "event: heartbeat\ndata: {}\n\n");
    }

    #[test]
    fn truncated_results_are_flagged() {
        assert_eq!(
            without_result(r#"{"callId":"call-1","result":{"success":{}}}"#),
            r#"{"callId":"call-1","truncated":{"result":true}}"#
        );
    }
}
