//! What arrived, what broke a rule, and how fast it came.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Value, json};

/// The number a polite client stays under, per minute, apart from streams and sends.
pub const POLITE_PER_MINUTE: usize = 20;

/// A request as it arrived, without its key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// Running number from 1.
    pub number: u64,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// HTTP method.
    pub method: String,
    /// Path, still percent-encoded, without the query.
    pub path: String,
    /// Decoded query pairs in order.
    pub query: Vec<(String, String)>,
    /// Headers in order, lower-case names, without `authorization`.
    pub headers: Vec<(String, String)>,
    /// How the request identified itself.
    pub authorization: Authorization,
    /// Bytes of the body on the wire.
    pub body_bytes: usize,
    /// SHA-256 of the body on the wire, absent without a body.
    pub body_sha256: Option<String>,
    /// The JSON body; picture data is replaced by size, hash, type and a few first bytes.
    pub body: Option<Value>,
    /// Status answered; `None` while waiting or when the connection was cut instead.
    pub status: Option<u16>,
}

/// How a request identified itself. The key itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authorization {
    /// No `Authorization` header.
    None,
    /// Bearer with the right key.
    Bearer,
    /// Basic with the right key as user.
    Basic,
    /// Anything else.
    Wrong,
}

/// A rule of the API that a request broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Number of the request.
    pub number: u64,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Kebab-case name of the rule.
    pub rule: String,
    /// What exactly was wrong.
    pub detail: String,
}

/// The request log: the newest requests and violations, and counts of all.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) requests: VecDeque<Received>,
    pub(crate) violations: VecDeque<Violation>,
    /// Requests and violations kept at most, each.
    kept: usize,
    total: u64,
    violations_total: u64,
    /// Times of counted requests (no streams, no POSTs) of the last minute.
    recent: VecDeque<u64>,
    /// Most counted requests ever seen in one minute.
    peak_per_minute: usize,
    /// Requests that were over the polite number when they came.
    over_polite: u64,
}

impl Log {
    pub(crate) fn new(kept: usize) -> Self {
        Self {
            requests: VecDeque::new(),
            violations: VecDeque::new(),
            kept: kept.max(1),
            total: 0,
            violations_total: 0,
            recent: VecDeque::new(),
            peak_per_minute: 0,
            over_polite: 0,
        }
    }

    /// Enters a request and gives it its number.
    pub(crate) fn enter(&mut self, mut received: Received) -> u64 {
        self.total += 1;
        received.number = self.total;
        let counted = received.method != "POST" && !received.path.ends_with("/stream");
        if counted {
            let minute_ago = received.at_ms.saturating_sub(60_000);
            while self.recent.front().is_some_and(|at| *at <= minute_ago) {
                self.recent.pop_front();
            }
            self.recent.push_back(received.at_ms);
            self.peak_per_minute = self.peak_per_minute.max(self.recent.len());
            if self.recent.len() > POLITE_PER_MINUTE {
                self.over_polite += 1;
            }
        }
        push(&mut self.requests, self.kept, received);
        self.total
    }

    /// Notes the status of a request that is still kept.
    pub(crate) fn answered(&mut self, number: u64, status: Option<u16>) {
        if let Some(received) = self
            .requests
            .iter_mut()
            .rev()
            .find(|received| received.number == number)
        {
            received.status = status;
        }
    }

    /// Records a broken rule, with the request where that is still kept.
    pub(crate) fn violation(&mut self, number: u64, rule: &str, detail: impl Into<String>) {
        let (method, path) = self
            .requests
            .iter()
            .rev()
            .find(|received| received.number == number)
            .map_or_else(
                || (String::new(), String::new()),
                |received| (received.method.clone(), received.path.clone()),
            );
        self.violations_total += 1;
        let violation = Violation {
            number,
            method,
            path,
            rule: rule.to_owned(),
            detail: detail.into(),
        };
        push(&mut self.violations, self.kept, violation);
    }

    pub(crate) fn summary(&self) -> Value {
        json!({
            "total": self.total,
            "kept": self.requests.len(),
            "violations": self.violations_total,
            "politePerMinute": POLITE_PER_MINUTE,
            "peakPerMinute": self.peak_per_minute,
            "overPolite": self.over_polite,
        })
    }
}

fn push<T>(queue: &mut VecDeque<T>, kept: usize, item: T) {
    if queue.len() == kept {
        queue.pop_front();
    }
    queue.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, at_ms: u64) -> Received {
        Received {
            number: 0,
            at_ms,
            method: method.to_owned(),
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            authorization: Authorization::Bearer,
            body_bytes: 0,
            body_sha256: None,
            body: None,
            status: None,
        }
    }

    #[test]
    fn only_reads_count_against_politeness_and_only_within_a_minute() {
        let mut log = Log::new(100);
        for second in 100..121 {
            log.enter(request("GET", "/v1/agents", second * 1000));
        }
        log.enter(request("POST", "/v1/agents", 121_000));
        log.enter(request("GET", "/v1/agents/a/runs/r/stream", 121_000));
        log.enter(request("GET", "/v1/agents", 190_000));
        assert_eq!(
            log.summary(),
            json!({
                "total": 24, "kept": 24, "violations": 0,
                "politePerMinute": 20, "peakPerMinute": 21, "overPolite": 1,
            }),
            "the 21st read of a minute is over, sends and streams are not counted"
        );
    }

    #[test]
    fn a_long_life_keeps_the_newest_only() {
        let mut log = Log::new(2);
        for second in 1..=5 {
            let number = log.enter(request("POST", "/v1/agents", second * 1000));
            log.violation(number, "schema", format!("{second}"));
        }
        log.answered(1, Some(201));
        let kept: Vec<u64> = log.requests.iter().map(|received| received.number).collect();
        let broken: Vec<&str> = log
            .violations
            .iter()
            .map(|violation| violation.detail.as_str())
            .collect();
        assert_eq!((kept, broken), (vec![4, 5], vec!["4", "5"]));
        let summary = log.summary();
        assert_eq!(
            (&summary["total"], &summary["kept"], &summary["violations"]),
            (&json!(5), &json!(2), &json!(5)),
            "what is dropped is still counted"
        );
    }
}
