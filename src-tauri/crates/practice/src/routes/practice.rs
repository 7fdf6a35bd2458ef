//! `/_practice/…`: what tests ask the practice cloud about itself.

use axum::body::Body;
use axum::http::{Method, Response};
use serde_json::{Value, json};

use crate::answer;
use crate::cloud::{Cloud, lock};
use crate::fault::Fault;

pub(crate) fn answer(cloud: &Cloud, method: &Method, path: &str, segments: &[String], body: &[u8]) -> Response<Body> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["_practice", "requests"]) => {
            let log = lock(&cloud.log);
            answer::json(200, &json!({"summary": log.summary(), "requests": log.requests}))
        }
        ("GET", ["_practice", "violations"]) => {
            let log = lock(&cloud.log);
            answer::json(200, &json!({"violations": log.violations}))
        }
        ("GET", ["_practice", "faults"]) => answer::json(200, &fault_list(cloud)),
        ("POST", ["_practice", "faults"]) => set_faults(cloud, body),
        _ => answer::unknown_route(method.as_str(), path),
    }
}

fn fault_list(cloud: &Cloud) -> Value {
    let set: serde_json::Map<String, Value> = lock(&cloud.faults)
        .all()
        .map(|(fault, number)| (fault.name().to_owned(), json!(number)))
        .collect();
    let known: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    json!({"set": set, "known": known})
}

/// `{"name": N, …}`: `true` means the fault's usual number, 0 or `false` removes it.
fn set_faults(cloud: &Cloud, body: &[u8]) -> Response<Body> {
    let Ok(Value::Object(wanted)) = serde_json::from_slice::<Value>(body) else {
        return answer::validation("a JSON object of fault names and numbers is expected");
    };
    let mut parsed = Vec::new();
    for (name, value) in &wanted {
        let Ok(fault) = name.parse::<Fault>() else {
            return answer::validation(&format!("no fault is named `{name}`"));
        };
        let number = match value {
            Value::Bool(true) => Some(fault.default_number()),
            Value::Bool(false) => Some(0),
            other => other.as_u64().and_then(|number| u32::try_from(number).ok()),
        };
        let Some(number) = number else {
            return answer::validation(&format!("`{name}` needs a number from 0 to {}", u32::MAX));
        };
        parsed.push((fault, number));
    }
    let mut faults = lock(&cloud.faults);
    for (fault, number) in parsed {
        faults.set(fault, number);
    }
    drop(faults);
    answer::json(200, &fault_list(cloud))
}
