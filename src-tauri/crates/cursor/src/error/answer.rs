//! The body of a refusal in its five shapes, made one.

use std::time::Duration;

use serde_json::{Map, Value};

use super::code::ErrorCode;
use super::retry_after::retry_after;
use crate::decode::bounded;

/// Longest message kept, in bytes.
const MAX_MESSAGE_BYTES: usize = 2_000;
/// Longest code, provider and address kept, in bytes.
const MAX_WORD_BYTES: usize = 500;

/// What an answer without success says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) message: Option<Box<str>>,
    pub(crate) help_url: Option<Box<str>>,
    pub(crate) provider: Option<Box<str>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<Box<str>>,
    /// Whether the body is one of the API's own shapes and not some gateway's page.
    pub(crate) recognised: bool,
}

impl Refusal {
    /// Reads a body. `{"error":{…}}` is the standard; else the fields are at the top, and `error` may be
    /// the message itself; anything that is no JSON object is kept as text.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let mut refusal = Self {
            status: Some(status),
            ..Self::default()
        };
        let Ok(Value::Object(top)) = serde_json::from_slice::<Value>(body) else {
            let text = String::from_utf8_lossy(body);
            refusal.message = non_empty(text.trim(), MAX_MESSAGE_BYTES);
            return refusal;
        };
        let fields = top.get("error").and_then(Value::as_object).unwrap_or(&top);
        refusal.code = word(fields, "code").map(|code| ErrorCode::from(&*code));
        refusal.message = text(fields, "message").or_else(|| text(&top, "error"));
        refusal.help_url = word(fields, "helpUrl").filter(|url| url.starts_with("https://"));
        refusal.provider = word(fields, "provider");
        if top.get("message").is_none()
            && let Some(words) = text(&top, "error")
        {
            refusal.code = code_of_words(status, &words);
        }
        refusal.recognised = refusal.code.is_some() || refusal.message.is_some();
        refusal.read_leaked_details(&top);
        refusal
    }

    /// An internal error that leaked to the outside carries its meaning in `details`; its own message is
    /// only `[code] Error`.
    fn read_leaked_details(&mut self, top: &Map<String, Value>) {
        let Some(details) = top.get("details").and_then(Value::as_array) else {
            return;
        };
        let Some(inner) = details
            .iter()
            .find_map(|detail| detail.pointer("/debug/details")?.as_object())
        else {
            return;
        };
        if let Some(title) = text(inner, "title") {
            self.message = Some(title);
        }
        if let Some(value) = inner.get("additionalInfo").and_then(|info| info.get("retryAfter")) {
            let seconds = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            // Seconds only: a date is never seen here, so the clock does not matter.
            self.retry_after = retry_after(&seconds, std::time::UNIX_EPOCH);
        }
    }

    pub(crate) fn is_unknown_route(&self) -> bool {
        self.code.is_none()
            && self
                .message
                .as_deref()
                .is_some_and(|text| text.starts_with("Route ") && text.ends_with(" not found"))
    }
}

/// The older API answers with words alone (shape 3). Where v1 gives the same words a code, so does this;
/// a deleted agent is a conflict there and a missing one here.
fn code_of_words(status: u16, words: &str) -> Option<ErrorCode> {
    let table = [
        (404, "Agent not found", ErrorCode::AgentNotFound),
        (404, "Artifact not found", ErrorCode::ArtifactNotFound),
        (409, "active run", ErrorCode::AgentBusy),
        (409, "archived", ErrorCode::AgentArchived),
        (409, "deleted", ErrorCode::AgentNotFound),
        (403, "not available for free users", ErrorCode::PlanRequired),
        (400, "until your hard limit", ErrorCode::UsageLimitExceeded),
        (400, "is not available or invalid", ErrorCode::InvalidModel),
    ];
    table
        .into_iter()
        .find(|(when, part, _)| *when == status && words.contains(part))
        .map(|(_, _, code)| code)
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<Box<str>> {
    non_empty(fields.get(name)?.as_str()?, MAX_MESSAGE_BYTES)
}

fn word(fields: &Map<String, Value>, name: &str) -> Option<Box<str>> {
    non_empty(fields.get(name)?.as_str()?, MAX_WORD_BYTES)
}

fn non_empty(text: &str, limit: usize) -> Option<Box<str>> {
    (!text.is_empty()).then(|| bounded(text, limit).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, code: Option<&str>, message: &str) -> Refusal {
        Refusal {
            status: Some(status),
            code: code.map(ErrorCode::from),
            message: Some(message.into()),
            recognised: true,
            ..Refusal::default()
        }
    }

    #[test]
    fn all_shapes_become_one() {
        let leaked = r#"{"code":"resource_exhausted","message":"[resource_exhausted] Error","details":[{"debug":
            {"error":"ERROR_RATE_LIMITED","details":{"title":"GitHub rate limited","isRetryable":true,
            "additionalInfo":{"operation":"getScopedInstallationAccessKey","retryAfter":"60"}}}}]}"#;
        let table = [
            (
                "1 the standard",
                r#"{"error":{"code":"agent_busy","message":"Agent already has an active run"}}"#,
                refusal(409, Some("agent_busy"), "Agent already has an active run"),
            ),
            (
                "1 with help",
                r#"{"error":{"code":"integration_not_connected","message":"Connect","helpUrl":"https://cursor.com/x","provider":"github"}}"#,
                Refusal {
                    help_url: Some("https://cursor.com/x".into()),
                    provider: Some("github".into()),
                    ..refusal(400, Some("integration_not_connected"), "Connect")
                },
            ),
            (
                "2 flat",
                r#"{"code":"error","message":"Invalid User API Key"}"#,
                refusal(401, Some("error"), "Invalid User API Key"),
            ),
            (
                "2 as the docs have it",
                r#"{"error":"Unauthorized","message":"Invalid API key"}"#,
                refusal(401, None, "Invalid API key"),
            ),
            (
                "3 the error is the message",
                r#"{"error":"Failed to determine repository default branch"}"#,
                refusal(400, None, "Failed to determine repository default branch"),
            ),
            (
                "3 with words that v1 has a code for",
                r#"{"error":"Agent already has an active run"}"#,
                refusal(409, Some("agent_busy"), "Agent already has an active run"),
            ),
            (
                "3 with the same words under another status",
                r#"{"error":"Agent already has an active run"}"#,
                refusal(400, None, "Agent already has an active run"),
            ),
            (
                "3 of a tombstone",
                r#"{"error":"Agent has been deleted"}"#,
                refusal(409, Some("agent_not_found"), "Agent has been deleted"),
            ),
            (
                "4 unknown route",
                r#"{"message":"Route GET:/v1/nope not found","error":"Not Found","statusCode":404}"#,
                refusal(404, None, "Route GET:/v1/nope not found"),
            ),
            (
                "5 leaked",
                leaked,
                Refusal {
                    retry_after: Some(Duration::from_mins(1)),
                    ..refusal(429, Some("resource_exhausted"), "GitHub rate limited")
                },
            ),
            (
                "a page of a gateway",
                "<html><h1>502 Bad Gateway</h1></html>",
                Refusal {
                    recognised: false,
                    ..refusal(502, None, "<html><h1>502 Bad Gateway</h1></html>")
                },
            ),
            (
                "nothing",
                "",
                Refusal {
                    status: Some(503),
                    ..Refusal::default()
                },
            ),
            (
                "an array",
                "[]",
                Refusal {
                    recognised: false,
                    ..refusal(500, None, "[]")
                },
            ),
            (
                "an object without meaning",
                r#"{"a":1}"#,
                Refusal {
                    status: Some(500),
                    ..Refusal::default()
                },
            ),
            (
                "wrong types and a dangerous link",
                r#"{"error":{"code":7,"message":"m","helpUrl":"javascript:alert(1)"}}"#,
                refusal(400, None, "m"),
            ),
        ];
        for (name, body, expected) in table {
            assert_eq!(
                Refusal::read(expected.status.unwrap(), body.as_bytes()),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_message_is_bounded_at_a_character() {
        let body = serde_json::json!({"error": {"message": "é".repeat(5_000)}}).to_string();
        let message = Refusal::read(400, body.as_bytes()).message.unwrap();
        assert_eq!(message, "é".repeat(1_000).into(), "2,000 bytes are kept");
    }

    #[test]
    fn an_unknown_route_is_not_a_missing_thing() {
        assert!(refusal(404, None, "Route GET:/v1/x not found").is_unknown_route());
        assert!(!refusal(404, Some("agent_not_found"), "Route 66 not found").is_unknown_route());
    }
}
