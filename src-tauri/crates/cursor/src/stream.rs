//! The stream of a run: server-sent events (API v1, run stream), read one by one.

mod event;
mod parser;

pub use event::{Event, RunOutcome, StreamEvent, StreamFault, ToolCall, ToolStatus, Truncated};
pub use parser::{SseFrame, SseParser};

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::EventId;

/// Largest frame kept, in bytes; a larger one arrives as [`Event::Oversized`].
const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;

/// Why a stream stopped before its end. Look at the run, then connect again.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Nothing came for the time given. Heartbeats come every 15 seconds, so the connection is dead.
    #[error("the stream fell silent")]
    Idle,
    /// The connection broke.
    #[error("the stream broke")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An open stream of a run. It never connects again by itself: when and how is the caller's decision.
#[derive(Debug)]
pub struct RunStream {
    response: reqwest::Response,
    parser: SseParser,
    waiting: VecDeque<StreamEvent>,
    retention: Option<Duration>,
}

impl RunStream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        let retention = response
            .headers()
            .get("x-cursor-stream-retention-seconds")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        Self {
            response,
            parser: SseParser::new(MAX_FRAME_BYTES),
            waiting: VecDeque::new(),
            retention,
        }
    }

    /// The next event; nothing at the end of the stream, where half a frame is dropped (WHATWG HTML,
    /// server-sent events). `idle` is the longest silence between two reads. A call that is dropped
    /// loses no event.
    ///
    /// # Errors
    ///
    /// [`StreamError`]: silence for longer than `idle`, or a broken connection. What the server says about the
    /// stream is an [`Event::Error`].
    pub async fn next(&mut self, idle: Duration) -> Result<Option<StreamEvent>, StreamError> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(Some(event));
            }
            match timeout(idle, self.response.chunk()).await {
                Err(_) => return Err(StreamError::Idle),
                Ok(read) => {
                    if let Some(end) = self.take(read) {
                        return end;
                    }
                }
            }
        }
    }

    /// What [`RunStream::next`] would give at once; nothing while it would wait.
    pub fn at_hand(&mut self) -> Option<Result<Option<StreamEvent>, StreamError>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(Ok(Some(event)));
            }
            let read = self.response.chunk().now_or_never()?;
            if let Some(end) = self.take(read) {
                return Some(end);
            }
        }
    }

    /// Takes what was read, or says that it was the end.
    fn take(&mut self, read: reqwest::Result<Option<Bytes>>) -> Option<Result<Option<StreamEvent>, StreamError>> {
        match read {
            Err(error) => Some(Err(StreamError::Interrupted(error.without_url().into()))),
            Ok(None) => Some(Ok(None)),
            Ok(Some(chunk)) => {
                self.waiting
                    .extend(self.parser.push(&chunk).into_iter().map(StreamEvent::from_frame));
                None
            }
        }
    }

    /// How long the server keeps the stream for another connection, if it says so.
    pub fn retention(&self) -> Option<Duration> {
        self.retention
    }

    /// The last identifier that the server sent on this connection. Events share one: keep a resume point
    /// of your own that moves only once all of them are handled, or drop repeats by (id, kind).
    pub fn last_event_id(&self) -> Option<EventId> {
        EventId::parse(self.parser.last_event_id()).ok()
    }

    /// How long to wait before connecting again, if the server says so.
    pub fn retry_hint(&self) -> Option<Duration> {
        self.parser.retry()
    }
}
