//! A request as read from the wire: path, query, body with its pictures taken out.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::connection::Peer;
use crate::picture::{self, Decoded};
use crate::received::Authorization;

/// Largest body read: five pictures of 15 MB in base64 and some text.
pub(crate) const MAX_BODY_BYTES: usize = 105_000_000;

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Content {
    None,
    Unparsable,
    Json(Value),
}

/// A request ready to be answered.
pub(crate) struct Incoming {
    pub(crate) number: u64,
    pub(crate) method: Method,
    /// Path as sent.
    pub(crate) path: String,
    /// Path and query as sent.
    pub(crate) target: String,
    /// Percent-decoded path segments.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    /// Pictures of `prompt.images`, by index.
    pub(crate) pictures: BTreeMap<usize, Result<Decoded, &'static str>>,
    pub(crate) body_sha256: Option<String>,
    pub(crate) peer: Peer,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Parses a body and takes its pictures out; the big part of a big request, so it runs off the reactor.
pub(crate) fn read_content(bytes: &Bytes) -> (Content, BTreeMap<usize, Result<Decoded, &'static str>>, Option<String>) {
    if bytes.is_empty() {
        return (Content::None, BTreeMap::new(), None);
    }
    let sha256 = Some(picture::hex(&Sha256::digest(bytes)));
    let Ok(mut body) = serde_json::from_slice::<Value>(bytes) else {
        return (Content::Unparsable, BTreeMap::new(), sha256);
    };
    let pictures = take_pictures(&mut body);
    (Content::Json(body), pictures, sha256)
}

fn take_pictures(body: &mut Value) -> BTreeMap<usize, Result<Decoded, &'static str>> {
    let mut pictures = BTreeMap::new();
    let images = body.pointer_mut("/prompt/images").and_then(Value::as_array_mut);
    for (index, image) in images.into_iter().flatten().enumerate() {
        if let Some(data) = image.get_mut("data")
            && let Value::String(text) = data
        {
            let decoded = picture::decode(text);
            let replacement = match &decoded {
                Ok(decoded) => picture::summary(&decoded.record),
                Err(reason) => json!({"characters": text.len(), "invalid": reason}),
            };
            *data = replacement;
            pictures.insert(index, decoded);
        }
    }
    pictures
}

/// Percent-decodes one path segment or query part; broken escapes stay as they are.
pub(crate) fn percent_decode(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let raw = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        let escaped = raw
            .get(at + 1..at + 3)
            .filter(|_| *byte == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(value) = escaped {
            bytes.push(value);
            at += 3;
        } else {
            let space = *byte == b'+' && plus_is_space;
            bytes.push(if space { b' ' } else { *byte });
            at += 1;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn percent_encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

pub(crate) fn split_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name, true), percent_decode(value, true))
        })
        .collect()
}

pub(crate) fn split_path(path: &str) -> Vec<String> {
    path.split('/')
        .skip(1)
        .map(|segment| percent_decode(segment, false))
        .collect()
}

/// Who sends, by either scheme (API v1, authentication).
pub(crate) fn authorization(headers: &HeaderMap, key: &str) -> Authorization {
    let Some(value) = headers.get("authorization") else {
        return Authorization::None;
    };
    let Ok(value) = value.to_str() else {
        return Authorization::Wrong;
    };
    let (scheme, credentials) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.eq_ignore_ascii_case("bearer") && credentials == key {
        return Authorization::Bearer;
    }
    if scheme.eq_ignore_ascii_case("basic")
        && let Ok(decoded) = STANDARD.decode(credentials)
        && decoded.strip_suffix(b":") == Some(key.as_bytes())
    {
        return Authorization::Basic;
    }
    Authorization::Wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_are_decoded_once() {
        assert_eq!(split_path("/v1/a%2Fb/c+d"), ["v1", "a/b", "c+d"]);
        assert_eq!(
            split_query("path=artifacts%2Fa%20b.png&x=%ZZ&flag"),
            [
                ("path".to_owned(), "artifacts/a b.png".to_owned()),
                ("x".to_owned(), "%ZZ".to_owned()),
                ("flag".to_owned(), String::new()),
            ]
        );
        assert_eq!(percent_decode(&percent_encode("ä/ b"), true), "ä/ b");
    }

    #[test]
    fn both_schemes_are_accepted_and_nothing_else() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", value.parse().unwrap());
            authorization(&headers, "crsr_k")
        };
        assert_eq!(with("Bearer crsr_k"), Authorization::Bearer);
        assert_eq!(
            with(&format!("Basic {}", STANDARD.encode("crsr_k:"))),
            Authorization::Basic
        );
        assert_eq!(with("Bearer crsr_k "), Authorization::Wrong);
        assert_eq!(
            with(&format!("Basic {}", STANDARD.encode("crsr_k:x"))),
            Authorization::Wrong
        );
        assert_eq!(authorization(&HeaderMap::new(), "crsr_k"), Authorization::None);
    }

    #[test]
    fn pictures_leave_the_body_and_their_record_stays() {
        let body = Bytes::from_static(
            br#"{"prompt":{"text":"x","images":[{"data":"R0lGODlhAgADAA=="},{"data":"?"},{"url":"https://e"}]}}"#,
        );
        let (content, pictures, _) = read_content(&body);
        let Content::Json(body) = content else {
            panic!("the body is JSON")
        };
        assert_eq!(body["prompt"]["images"][0]["data"]["sizeBytes"], 10);
        assert_eq!(
            body["prompt"]["images"][1]["data"],
            json!({"characters": 1, "invalid": "must be valid base64 data"})
        );
        assert_eq!(pictures.keys().copied().collect::<Vec<_>>(), [0, 1]);
    }
}
