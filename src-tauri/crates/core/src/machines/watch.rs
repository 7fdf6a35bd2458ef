//! How one run is followed: by its stream while that works, by asking now and then otherwise (API v1, stream and get run).
//! Every decision is here; the engine opens, asks and waits as told. Times are milliseconds of a monotonic clock.

mod backoff;
#[cfg(test)]
mod silence;
mod step;
#[cfg(test)]
mod tests;

use crate::model::RunState;

/// How a run can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By its stream (API v1).
    Stream,
    /// By asking only: the older API has no stream.
    Ask,
}

/// What an event is to following; its content is the transcript's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Sent first on every connection.
    Status,
    /// A sign of life.
    Heartbeat,
    /// Something the agent said or did.
    Content,
    /// The same, delivered before: a sign of life, but no progress.
    Repeated,
    /// How the run ended.
    Result,
    /// The end of the stream.
    Done,
    /// In-band `stream_unavailable`: not there yet, or not there any more.
    Unavailable,
    /// In-band `unauthorized` or `forbidden`.
    Unauthorized,
    /// In-band `not_found`.
    NotFound,
    /// Any other in-band error.
    Trouble,
}

impl EventKind {
    /// What an event is, by its name, for `error` its code, and whether the transcript found it new.
    pub fn of(kind: &str, data: &str, new: bool) -> Self {
        match kind {
            "status" => Self::Status,
            "heartbeat" => Self::Heartbeat,
            "result" => Self::Result,
            "done" => Self::Done,
            "error" => {
                let value: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
                match value.get("code").and_then(serde_json::Value::as_str) {
                    Some("stream_unavailable") => Self::Unavailable,
                    Some("unauthorized" | "forbidden") => Self::Unauthorized,
                    Some("not_found") => Self::NotFound,
                    _ => Self::Trouble,
                }
            }
            _ if new => Self::Content,
            _ => Self::Repeated,
        }
    }
}

/// How a stream ended, or why it did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamEnd {
    /// The server closed it.
    Eof,
    /// The client's own limit on silence.
    Idle,
    /// The connection broke.
    Reset,
    /// It could not be made: nothing answered.
    Unreachable,
    /// Another refusal: 403, 429, 5xx.
    Refused {
        /// The `Retry-After` in milliseconds.
        retry_after: Option<u64>,
    },
    /// 410 `stream_expired`: gone for good.
    Expired,
    /// 409 `stream_unavailable`.
    Unavailable,
    /// 400 `invalid_last_event_id`.
    InvalidLastEventId,
    /// 401.
    Unauthorized,
    /// 404: the run or agent is not there.
    NotFound,
}

/// Why the run's record could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFailure {
    /// 401, or no key.
    Unauthorized,
    /// 404.
    NotFound,
    /// Anything else.
    Trouble {
        /// The `Retry-After` in milliseconds.
        retry_after: Option<u64>,
    },
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Following begins, or begins again after `Halted`.
    Started,
    /// The stream answered 200.
    Opened,
    /// An event arrived, after the transcript took it.
    Seen(EventKind),
    /// The stream ended by itself. Not to be told after `CloseStream`.
    StreamEnded(StreamEnd),
    /// The run's record came. With the older API: the agent and its conversation.
    Record(RunState),
    /// It did not.
    RecordFailed(RecordFailure),
    /// The time of the last `WakeAt` came.
    Tick,
    /// The computer woke up.
    Resumed,
    /// The service answered something again that it could not be reached for.
    Reached,
    /// Whether the run is on screen.
    Visible(bool),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Open the stream.
    OpenStream {
        /// Without a resume point; otherwise from the transcript's, if it has one.
        from_start: bool,
    },
    /// Drop the stream; nothing more of it is to be told.
    CloseStream,
    /// Get the run's record. With the older API: the agent and its conversation.
    GetRun,
    /// Tell `Tick` at this time; replaces the one before. None: no need.
    WakeAt(Option<u64>),
    /// Whether to show that the link is being mended.
    ShowReconnecting(bool),
    /// Whether to show that it is followed by asking now and then.
    ShowPolled(bool),
    /// The account was refused (key or rights): nothing more happens before `Started`.
    Halted,
    /// The run is over, or not there any more (none). Nothing more happens.
    Finished(Option<RunState>),
}

/// The time of an input, and chance for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Milliseconds of a monotonic clock.
    pub now: u64,
    /// From 0 to below 1, evenly spread.
    pub jitter: f64,
}

/// What the stream is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// There is none.
    Closed,
    /// Asked for; not answered yet.
    Opening { since: u64 },
    /// Open.
    Open {
        since: u64,
        last_sign: u64,
        /// Something came, if only the `status` that begins each stream (API v1, stream events).
        spoke: bool,
        heartbeats: bool,
        progress: bool,
    },
}

/// What is next, at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Stream,
    Record,
}

/// The state of following one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    route: Route,
    visible: bool,
    link: Link,
    asking: bool,
    next: Option<(u64, Next)>,
    /// Requests in a row that brought nothing.
    failures: u32,
    /// Streams in a row that brought nothing.
    refusals: u32,
    /// When the stream is tried again while the run is asked for.
    stream_retry_at: Option<u64>,
    polled: bool,
    /// The stream is gone for good.
    expired: bool,
    /// The next stream is from the start: the resume point was refused.
    from_start: bool,
    result_seen: bool,
    /// The record said it is over; the backlog is being collected.
    over: Option<RunState>,
    /// When that became known.
    over_since: Option<u64>,
    /// Until when something new has to come of a run that is over.
    backlog_until: Option<u64>,
    /// Records that came after the result and were not over yet.
    late_records: u32,
    trouble_since: Option<u64>,
    /// Until when a stream may be unavailable without that being trouble: nothing was heard of it yet.
    warm_until: u64,
    reconnecting: bool,
    shown_polled: bool,
    stopped: bool,
    wake: Option<u64>,
}

impl Watch {
    /// Of a run whose stream brought its result before: nothing is missing of it but its record.
    pub fn after_result(route: Route, visible: bool) -> Self {
        Self {
            result_seen: true,
            ..Self::new(route, visible)
        }
    }

    /// Nothing happens before `Started`.
    pub fn new(route: Route, visible: bool) -> Self {
        Self {
            route,
            visible,
            link: Link::Closed,
            asking: false,
            next: None,
            failures: 0,
            refusals: 0,
            stream_retry_at: None,
            polled: false,
            expired: false,
            from_start: false,
            result_seen: false,
            over: None,
            over_since: None,
            backlog_until: None,
            late_records: 0,
            trouble_since: None,
            warm_until: 0,
            reconnecting: false,
            shown_polled: false,
            stopped: true,
            wake: None,
        }
    }
}
