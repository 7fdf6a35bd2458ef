//! How a call goes out and an answer comes in: addresses, headers, limits of time and size, repeats.
//!
//! GETs share connections and may be repeated. POST and DELETE take a fresh connection each and are sent
//! once: a stale connection out of a pool is the usual way to not know whether a request arrived.

use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, Url};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::error::{Refusal, retry_after};
use crate::retry::Budget;
use crate::{BuildError, ClientOptions, Delivery, Error, ErrorKind, EventId, Key, RequestBody, RetryPolicy, Scheme};

/// Longest wait for a connection, and for the head of a stream.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// Longest wait for an ordinary answer.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(40);
/// Longest wait for the answer to a launch, from the last byte sent: it may block until a machine is up.
pub(crate) const CREATE_LIMIT: Duration = Duration::from_mins(2);
/// Longest wait for the repositories, which are known to take tens of seconds.
pub(crate) const REPOSITORIES_LIMIT: Duration = Duration::from_secs(90);
/// Largest answer read.
const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;
/// How much of a refusal is read; the rest is dropped.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Transport {
    base: Url,
    key: Key,
    scheme: Scheme,
    reads: reqwest::Client,
    changes: reqwest::Client,
    artifacts: reqwest::Client,
    retry: RetryPolicy,
    budget: Budget,
    clock: ServiceClock,
}

/// What the `Date` of the last answer said, and when by the monotonic clock: the clock on the wall may be set.
#[derive(Debug, Default)]
struct ServiceClock(Mutex<Option<(SystemTime, std::time::Instant)>>);

impl ServiceClock {
    fn note(&self, response: &Response) {
        let date = response
            .headers()
            .get(DATE)
            .and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
        if let Some(date) = date {
            let now = std::time::Instant::now();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, now));
        }
    }

    fn now(&self) -> Option<SystemTime> {
        let (date, noted) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        date.checked_add(noted.elapsed())
    }
}

/// One address to call, and how patient to be.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    path: &'a [&'a str],
    query: Vec<(&'static str, String)>,
    limit: Duration,
    may_repeat: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn to(path: &'a [&'a str]) -> Self {
        Self {
            path,
            query: Vec::new(),
            limit: ANSWER_LIMIT,
            may_repeat: true,
        }
    }

    pub(crate) fn query(mut self, query: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.query.extend(query);
        self
    }

    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    pub(crate) fn once(mut self) -> Self {
        self.may_repeat = false;
        self
    }
}

impl Transport {
    pub(crate) fn new(options: ClientOptions) -> Result<Self, BuildError> {
        let mut base = Url::parse(&options.base_url).map_err(|_| BuildError::Address)?;
        let plain = base.scheme() == "http";
        if !base.has_host() || !base.username().is_empty() || base.password().is_some() {
            return Err(BuildError::Address);
        }
        if !plain && base.scheme() != "https" || plain && !is_loopback(&base) {
            return Err(BuildError::Insecure);
        }
        base.set_query(None);
        base.set_fragment(None);
        install_cryptography();
        let client = |pooled: bool| {
            let mut builder = reqwest::Client::builder()
                .user_agent(concat!("cursor-cloud-agents/", env!("CARGO_PKG_VERSION")))
                // A redirect would send the key, or an emptied body, to somebody else.
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(CONNECT_LIMIT)
                .tcp_keepalive(Duration::from_secs(30))
                .pool_idle_timeout(Duration::from_secs(30))
                // After a sleep of the machine a shared connection is dead without knowing it.
                .http2_keep_alive_interval(Duration::from_secs(20))
                .http2_keep_alive_timeout(Duration::from_secs(20))
                .referer(false);
            if !pooled {
                builder = builder.pool_max_idle_per_host(0);
            }
            if plain {
                // On the own machine no proxy is asked and no certificate is looked at.
                builder = builder.no_proxy().tls_certs_only([]);
            }
            builder.build().map_err(|error| BuildError::Client(Box::new(error)))
        };
        Ok(Self {
            base,
            key: options.key,
            scheme: options.scheme,
            reads: client(true)?,
            changes: client(false)?,
            artifacts: client(false)?,
            retry: options.retry,
            budget: Budget::full(),
            clock: ServiceClock::default(),
        })
    }

    /// The service's clock, by the `Date` of its last answer.
    pub(crate) fn service_time(&self) -> Option<SystemTime> {
        self.clock.now()
    }

    /// The client without any `Authorization`, for addresses outside the API.
    pub(crate) fn artifact_client(&self) -> &reqwest::Client {
        &self.artifacts
    }

    pub(crate) fn base_is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// GET, repeated as the policy says.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        let mut failures = 0;
        loop {
            let error = match self.read_once(&call).await {
                Ok(answer) => {
                    self.budget.earn();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            failures += 1;
            match self.retry.wait(failures, &error, fastrand::f64()) {
                Some(wait) if call.may_repeat && self.budget.take() => {
                    tracing::debug!(path = ?call.path, %error, ?wait, "repeating a read");
                    tokio::time::sleep(wait).await;
                }
                _ => return Err(error),
            }
        }
    }

    async fn read_once<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let request = self
            .reads
            .get(self.address(call)?)
            .header(AUTHORIZATION, self.authorization()?);
        let answer = async {
            let response = request.send().await.map_err(Error::from_transport)?;
            self.clock.note(&response);
            decode(response).await
        };
        let asked = std::time::Instant::now();
        tokio::time::timeout(call.limit, answer)
            .await
            .unwrap_or_else(|_| Err(timed_out()))
            .map_err(|error| error.asked(asked))
    }

    /// POST or DELETE, sent once. The limit counts from the last byte that was taken for sending, so a
    /// slow line may take its time over large pictures.
    pub(crate) async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        call: Call<'_>,
        body: Option<&RequestBody>,
    ) -> Result<T, Error> {
        let unreadable = |error| Error::new(ErrorKind::Picture, Delivery::NotSent).with_source(error);
        let mut request = self
            .changes
            .request(method, self.address(&call)?)
            .header(AUTHORIZATION, self.authorization()?);
        let asked = std::time::Instant::now();
        let upload = Upload::begin();
        if let Some(body) = body {
            body.check_files().await.map_err(unreadable)?;
            let watch = upload.clone();
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .header(CONTENT_LENGTH, HeaderValue::from(body.len()))
                .body(reqwest::Body::wrap_stream(
                    body.stream().inspect(move |chunk| watch.saw(chunk.is_err())),
                ));
        }
        let answer = async {
            let response = request.send().await.map_err(|error| {
                if upload.failed() {
                    // Half a body is no request, but only the server could tell that it thought so too.
                    Error::new(ErrorKind::Picture, Delivery::Unknown).with_source(error.without_url())
                } else {
                    Error::from_transport(error)
                }
            })?;
            self.clock.note(&response);
            decode(response).await
        };
        tokio::pin!(answer);
        loop {
            let deadline = upload.last_progress() + call.limit;
            tokio::select! {
                biased;
                answer = &mut answer => return answer.map_err(|error| error.asked(asked)),
                () = tokio::time::sleep_until(deadline) => {
                    if upload.last_progress() + call.limit <= Instant::now() {
                        return Err(timed_out().asked(asked));
                    }
                }
            }
        }
    }

    /// GET of a stream: the head within 20 seconds, the rest without a limit. Never repeated.
    pub(crate) async fn open_stream(&self, call: Call<'_>, after: Option<&EventId>) -> Result<Response, Error> {
        let mut request = self
            .reads
            .get(self.address(&call)?)
            .header(AUTHORIZATION, self.authorization()?)
            .header(ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(after) = after {
            request = request.header("last-event-id", after.as_str());
        }
        let opened = async {
            let response = request.send().await.map_err(Error::from_transport)?;
            self.clock.note(&response);
            if !response.status().is_success() {
                return Err(refusal(response).await);
            }
            let kind = response
                .headers()
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok());
            if kind.is_some_and(|kind| !kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream")) {
                return Err(undecodable(&response));
            }
            Ok(response)
        };
        let asked = std::time::Instant::now();
        tokio::time::timeout(CONNECT_LIMIT, opened)
            .await
            .unwrap_or_else(|_| Err(timed_out()))
            .map_err(|error| error.asked(asked))
    }

    fn address(&self, call: &Call<'_>) -> Result<Url, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Error::new(ErrorKind::Connect, Delivery::NotSent))?
            .pop_if_empty()
            .extend(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }

    /// Made anew for each call, so that the key rests in one place only.
    fn authorization(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(match self.scheme {
            Scheme::Bearer => format!("Bearer {}", self.key.expose()),
            Scheme::Basic => {
                let pair = Zeroizing::new(format!("{}:", self.key.expose()));
                format!("Basic {}", STANDARD.encode(pair.as_bytes()))
            }
        });
        let mut value = HeaderValue::from_str(&text).map_err(|_| Error::new(ErrorKind::Connect, Delivery::NotSent))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// When the upload last moved, and whether its source failed.
#[derive(Clone, Debug)]
struct Upload(Arc<Mutex<(Instant, bool)>>);

impl Upload {
    fn begin() -> Self {
        Self(Arc::new(Mutex::new((Instant::now(), false))))
    }

    fn saw(&self, failure: bool) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = (Instant::now(), state.1 || failure);
    }

    fn last_progress(&self) -> Instant {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn failed(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// One provider of cryptography for the process; one that is installed already is as good.
fn install_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("another part of the program installed its provider of cryptography first");
        }
    });
}

/// Whether an address is on this machine by its form alone: a name could be made to point elsewhere, so
/// only `localhost` counts besides numbers.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

async fn decode<T: DeserializeOwned>(mut response: Response) -> Result<T, Error> {
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    let (status, request_id) = (response.status().as_u16(), request_id(response.headers()));
    let about = |error: Error| error.with_status(status, request_id.clone());
    let announced = response.content_length().unwrap_or(0);
    let too_large = || about(Error::new(ErrorKind::TooLarge, Delivery::Unknown));
    if announced > MAX_ANSWER_BYTES as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(announced as usize);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_ANSWER_BYTES => {
                return Err(too_large());
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(about(Error::from_transport(error))),
        }
    }
    serde_json::from_slice(&body)
        .map_err(|error| about(Error::new(ErrorKind::Undecodable, Delivery::Unknown).with_source(error)))
}

async fn refusal(mut response: Response) -> Error {
    let status = response.status().as_u16();
    let asked = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|value| retry_after(value, SystemTime::now()));
    let request_id = request_id(response.headers());
    let mut body = Vec::new();
    // A refusal that breaks off is still a refusal: what came of it is read.
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MAX_REFUSAL_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == MAX_REFUSAL_BYTES {
            break;
        }
    }
    let mut refusal = Refusal::read(status, &body);
    refusal.retry_after = asked.or(refusal.retry_after);
    refusal.request_id = request_id;
    tracing::debug!(status, code = ?refusal.code, "refused");
    Error::refused(refusal)
}

fn undecodable(response: &Response) -> Error {
    Error::new(ErrorKind::Undecodable, Delivery::Unknown)
        .with_status(response.status().as_u16(), request_id(response.headers()))
}

fn timed_out() -> Error {
    Error::new(ErrorKind::TimedOut, Delivery::Unknown)
}

fn request_id(headers: &HeaderMap) -> Option<Box<str>> {
    let value = headers.get("x-request-id")?.to_str().ok()?;
    (!value.is_empty()).then(|| crate::decode::bounded(value, 200).into())
}
