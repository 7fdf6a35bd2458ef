//! The one error of every call: what happened, whether the request can have arrived, and what the
//! server said about it.

mod answer;
mod code;
mod delivery;
mod retry_after;

pub use code::ErrorCode;
pub use delivery::Delivery;

pub(crate) use answer::Refusal;
pub(crate) use retry_after::retry_after;

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, Instant};

use crate::InvalidRequest;

/// What kind of failure it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is outside the API's rules.
    InvalidRequest(InvalidRequest),
    /// A picture's file is gone, cannot be read or has another size than said.
    Picture,
    /// No connection: the name was not found, nobody listens, no network.
    Connect,
    /// A connection, but no trusted one.
    Tls,
    /// No whole answer in time.
    TimedOut,
    /// The connection broke while sending or receiving.
    Interrupted,
    /// An answer with a status other than success.
    Refused,
    /// A success whose body is not what the API documents.
    Undecodable,
    /// An answer larger than the client reads.
    TooLarge,
}

/// A call that did not succeed.
///
/// Small on the stack; ask it with its methods. It never holds the key or the request.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    delivery: Delivery,
    refusal: Refusal,
    asked_at: Option<Instant>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What kind of failure it was.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// Whether the request can have had an effect.
    pub fn delivery(&self) -> Delivery {
        self.inner.delivery
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.inner.refusal.status
    }

    /// The code the server gave.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.inner.refusal.code.as_ref()
    }

    /// What the server said, at most 2,000 bytes. Hostile text: show it as text only.
    pub fn message(&self) -> Option<&str> {
        self.inner.refusal.message.as_deref()
    }

    /// A page that helps, as the server gave it; always https.
    pub fn help_url(&self) -> Option<&str> {
        self.inner.refusal.help_url.as_deref()
    }

    /// The code host it is about, such as `github`.
    pub fn provider(&self) -> Option<&str> {
        self.inner.refusal.provider.as_deref()
    }

    /// How long to wait, if the server says so; an hour at most.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.refusal.retry_after
    }

    /// Whether the API itself wrote the refusal. False for a gateway's page, whose status and words say nothing about
    /// the key, the agent or the request, and for anything that is no refusal.
    pub fn is_recognised(&self) -> bool {
        self.inner.refusal.recognised
    }

    /// The server's name for the request, for support.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.refusal.request_id.as_deref()
    }

    /// When the request set out; absent when it never did. An answer that came meanwhile to a later request is newer.
    pub fn asked_at(&self) -> Option<Instant> {
        self.inner.asked_at
    }

    /// The agent has a run that is not over.
    pub fn is_busy(&self) -> bool {
        self.has_code(&ErrorCode::AgentBusy)
    }

    /// The agent is archived.
    pub fn is_archived(&self) -> bool {
        self.has_code(&ErrorCode::AgentArchived)
    }

    /// An agent of this identifier exists already.
    pub fn is_id_conflict(&self) -> bool {
        self.has_code(&ErrorCode::AgentIdConflict)
    }

    /// The stream is not there yet, or not any more: look at the run.
    pub fn is_stream_unavailable(&self) -> bool {
        self.has_code(&ErrorCode::StreamUnavailable)
    }

    /// The stream is past its retention: only the run is left.
    pub fn is_stream_expired(&self) -> bool {
        self.has_code(&ErrorCode::StreamExpired)
    }

    /// The resume point is not of this run: start again without it.
    pub fn is_invalid_last_event_id(&self) -> bool {
        self.has_code(&ErrorCode::InvalidLastEventId)
    }

    /// The key is wrong, gone or revoked.
    pub fn is_unauthorized(&self) -> bool {
        self.recognised_status(401)
            || self.has_code(&ErrorCode::Unauthorized)
            || self.has_code(&ErrorCode::ApiKeyNotFound)
    }

    /// The account's plan has no cloud agents.
    pub fn is_plan_required(&self) -> bool {
        self.has_code(&ErrorCode::PlanRequired)
    }

    /// The spending limit is reached.
    pub fn is_usage_limit(&self) -> bool {
        self.has_code(&ErrorCode::UsageLimitExceeded)
    }

    /// The usage that the plan includes is used up. It comes as a rate limit, but waiting does not help.
    pub fn is_included_usage_exhausted(&self) -> bool {
        self.status() == Some(429) && self.says("included Cloud Agent usage")
    }

    /// The account is in a privacy mode that forbids cloud agents.
    pub fn is_privacy_mode(&self) -> bool {
        self.says("Privacy Mode (Legacy)") || self.says("Storage mode is disabled")
    }

    /// The repository is not open to the account. A branch that "could not be verified" counts: the
    /// server says so where access is missing.
    pub fn is_repository_access(&self) -> bool {
        self.has_code(&ErrorCode::RepositoryAccess)
            || self.has_code(&ErrorCode::IntegrationNotConnected)
            || self.is_branch_unverified()
            || self.says("Failed to determine repository default branch")
    }

    /// The branch could not be verified. It is worth trying a few times over some seconds, since this
    /// check is known to fail for branches that exist; then it means missing access.
    pub fn is_branch_unverified(&self) -> bool {
        self.status() == Some(400) && self.says("Failed to verify existence of")
    }

    /// Too many requests: waiting helps.
    pub fn is_rate_limited(&self) -> bool {
        let limited = self.status() == Some(429) || self.has_code(&ErrorCode::RateLimitExceeded);
        limited && !self.is_included_usage_exhausted()
    }

    /// The agent, run or artifact does not exist for this account. An unknown route is not meant: that is
    /// a wrong address, not a missing thing. The older API says 409 of a deleted agent.
    pub fn is_not_found(&self) -> bool {
        let missing = self.recognised_status(404) && !self.inner.refusal.is_unknown_route();
        missing || (self.status() == Some(409) && self.has_code(&ErrorCode::AgentNotFound))
    }

    /// The run is over or never began, so it cannot be stopped.
    pub fn is_run_not_cancellable(&self) -> bool {
        self.has_code(&ErrorCode::RunNotCancellable)
    }

    /// No connection could be made at all.
    pub fn is_offline(&self) -> bool {
        self.inner.kind == ErrorKind::Connect
    }

    /// Whether the same GET may succeed a little later.
    pub fn is_transient(&self) -> bool {
        match self.inner.kind {
            ErrorKind::Connect | ErrorKind::TimedOut | ErrorKind::Interrupted => true,
            ErrorKind::Refused => {
                !self.is_included_usage_exhausted() && matches!(self.status(), Some(408 | 429 | 500 | 502..=599))
            }
            _ => false,
        }
    }

    fn has_code(&self, code: &ErrorCode) -> bool {
        self.code() == Some(code)
    }

    /// A status from a body that the API wrote, not from a gateway's page.
    fn recognised_status(&self, status: u16) -> bool {
        self.status() == Some(status) && self.inner.refusal.recognised
    }

    fn says(&self, words: &str) -> bool {
        let lower = words.to_ascii_lowercase();
        self.message()
            .is_some_and(|message| message.to_ascii_lowercase().contains(&lower))
    }

    pub(crate) fn new(kind: ErrorKind, delivery: Delivery) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                delivery,
                refusal: Refusal::default(),
                asked_at: None,
                source: None,
            }),
        }
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        let leaked = refusal.code == Some(ErrorCode::from("resource_exhausted"));
        let delivery = delivery::of_refusal(refusal.status.unwrap_or(0), refusal.recognised, leaked);
        Self {
            inner: Box::new(Inner {
                kind: ErrorKind::Refused,
                delivery,
                refusal,
                asked_at: None,
                source: None,
            }),
        }
    }

    pub(crate) fn from_transport(error: reqwest::Error) -> Self {
        let (kind, delivery) = delivery::of_transport(&error);
        // The address may hold a cursor or a path; errors end up in logs.
        Self::new(kind, delivery).with_source(error.without_url())
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn asked(mut self, at: Instant) -> Self {
        self.inner.asked_at = Some(at);
        self
    }

    pub(crate) fn with_status(mut self, status: u16, request_id: Option<Box<str>>) -> Self {
        self.inner.refusal.status = Some(status);
        self.inner.refusal.request_id = request_id;
        self
    }
}

impl From<InvalidRequest> for Error {
    fn from(invalid: InvalidRequest) -> Self {
        Self::new(ErrorKind::InvalidRequest(invalid), Delivery::NotSent)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.kind {
            ErrorKind::InvalidRequest(invalid) => write!(formatter, "invalid request: {invalid}")?,
            ErrorKind::Picture => formatter.write_str("a picture cannot be read")?,
            ErrorKind::Connect => formatter.write_str("no connection")?,
            ErrorKind::Tls => formatter.write_str("no trusted connection")?,
            ErrorKind::TimedOut => formatter.write_str("no answer in time")?,
            ErrorKind::Interrupted => formatter.write_str("the connection broke")?,
            ErrorKind::Refused => formatter.write_str("refused")?,
            ErrorKind::Undecodable => formatter.write_str("the answer cannot be understood")?,
            ErrorKind::TooLarge => formatter.write_str("the answer is too large")?,
        }
        if let Some(status) = self.status() {
            write!(formatter, " (HTTP {status})")?;
        }
        if let Some(code) = self.code() {
            write!(formatter, " [{code}]")?;
        }
        if let Some(message) = self.message() {
            write!(formatter, ": {message}")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
