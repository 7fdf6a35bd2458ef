//! Who the key belongs to, which models and repositories it reaches (API v1, metadata).

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use super::query;
use crate::answer::{self, Checked};
use crate::clock::iso;
use crate::cloud::{Cloud, lock};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::options::AccountKind;

/// When the practice key says it was made.
const KEY_CREATED_MS: u64 = 1_787_711_612_166;

pub(crate) fn me(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let user = &cloud.options.user;
    let mut body = json!({"apiKeyName": user.key_name, "createdAt": iso(KEY_CREATED_MS)});
    if cloud.options.account == AccountKind::User {
        body["userId"] = json!(user.id);
        body["userEmail"] = json!(user.email);
        body["userFirstName"] = json!(user.first_name);
        body["userLastName"] = json!(user.last_name);
    }
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

/// The models of the practice cloud, in the shape of the list.
pub(crate) fn model_list() -> Value {
    json!([
        {
            "id": "composer-2.5", "displayName": "Composer 2.5", "aliases": ["composer-latest"],
            "description": "Fast everyday model",
            "parameters": [{"id": "fast", "displayName": "Fast", "values": [
                {"value": "false"}, {"value": "true", "displayName": "Fast"},
            ]}],
            "variants": [
                {"params": [{"id": "fast", "value": "true"}], "displayName": "Composer 2.5 Fast", "isDefault": true},
                {"params": [{"id": "fast", "value": "false"}], "displayName": "Composer 2.5"},
            ],
        },
        {
            "id": "claude-sonnet-4-6", "displayName": "Claude Sonnet 4.6",
            "parameters": [
                {"id": "thinking", "displayName": "Thinking", "values": [{"value": "false"}, {"value": "true"}]},
                {"id": "context", "displayName": "Context", "values": [{"value": "272k"}, {"value": "1m"}]},
            ],
            "variants": [
                {"params": [{"id": "thinking", "value": "true"}, {"id": "context", "value": "272k"}], "displayName": "Claude Sonnet 4.6 Thinking", "isDefault": true},
                {"params": [{"id": "thinking", "value": "false"}, {"id": "context", "value": "272k"}], "displayName": "Claude Sonnet 4.6"},
                {"params": [{"id": "thinking", "value": "true"}, {"id": "context", "value": "1m"}], "displayName": "Claude Sonnet 4.6 Thinking 1M", "isMaxMode": true},
            ],
        },
        {
            "id": "claude-haiku-4-5", "displayName": "Claude Haiku 4.5",
            "variants": [{"params": [], "displayName": "Claude Haiku 4.5", "isDefault": true}],
        },
        {
            "id": "gpt-5.5", "displayName": "GPT-5.5",
            "parameters": [{"id": "reasoning", "displayName": "Reasoning", "values": [{"value": "low"}, {"value": "medium"}, {"value": "high"}]}],
            "variants": [
                {"params": [{"id": "reasoning", "value": "medium"}], "displayName": "GPT-5.5", "isDefault": true},
                {"params": [{"id": "reasoning", "value": "low"}], "displayName": "GPT-5.5 Low"},
                {"params": [{"id": "reasoning", "value": "high"}], "displayName": "GPT-5.5 High"},
            ],
        },
        {"id": "default", "displayName": "Auto"},
    ])
}

pub(crate) fn models(cloud: &Cloud, incoming: &Incoming) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    let mut body = json!({"items": model_list()});
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

/// How a model choice fails.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ModelProblem {
    Unknown(String),
    NoVariant(String),
}

/// Holds `{id, params?}` against the published models and variants; a bare id is fine.
pub(crate) fn check_model(model: &Value) -> Result<(), ModelProblem> {
    let id = model.get("id").and_then(Value::as_str).unwrap_or_default();
    let models = model_list();
    let known = models.as_array().into_iter().flatten().find(|known| {
        known["id"] == id
            || known["aliases"]
                .as_array()
                .is_some_and(|aliases| aliases.iter().any(|alias| alias == id))
    });
    let Some(known) = known else {
        return Err(ModelProblem::Unknown(id.to_owned()));
    };
    let asked = sorted_parameters(model.get("params"));
    let fits = asked.is_empty()
        || known["variants"].as_array().is_some_and(|variants| {
            variants
                .iter()
                .any(|variant| sorted_parameters(variant.get("params")) == asked)
        });
    if fits {
        Ok(())
    } else {
        Err(ModelProblem::NoVariant(id.to_owned()))
    }
}

fn sorted_parameters(parameters: Option<&Value>) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = parameters
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|pair| {
            let part = |key: &str| pair.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            (part("id"), part("value"))
        })
        .collect();
    pairs.sort();
    pairs
}

/// 1 a minute and 30 an hour for each key; both versions of the API share the count.
pub(crate) async fn repositories(cloud: &Cloud, incoming: &Incoming, version_0: bool) -> Checked<Response<Body>> {
    query(cloud, incoming, &[])?;
    if cloud.strikes(Fault::Repositories429) {
        return Err(answer::rate_limited(1, 60, 60));
    }
    let knobs = &cloud.options.knobs;
    let now = cloud.clock.now_ms();
    {
        let mut reads = lock(&cloud.repository_reads);
        let over = |window_ms: u64, most: u32| -> Option<u64> {
            let oldest_counted = reads
                .iter()
                .rev()
                .take(most as usize)
                .filter(|at| now.saturating_sub(**at) < window_ms)
                .collect::<Vec<_>>();
            (most > 0 && oldest_counted.len() == most as usize)
                .then(|| (oldest_counted.last().map_or(now, |at| **at) + window_ms - now).div_ceil(1000))
        };
        for (window_ms, most) in [
            (60_000, knobs.repositories_per_minute),
            (3_600_000, knobs.repositories_per_hour),
        ] {
            if let Some(wait_s) = over(window_ms, most) {
                return Err(answer::rate_limited(most, wait_s, wait_s));
            }
        }
        reads.push(now);
    }
    if cloud.strikes(Fault::RepositoriesSlow) {
        cloud.slow_answer().await;
    }
    let repositories = &cloud.options.repositories;
    let mut body = if version_0 {
        let items: Vec<Value> = repositories
            .iter()
            .map(|url| {
                let mut parts = url.rsplit('/');
                let name = parts.next().unwrap_or_default();
                let owner = parts.next().unwrap_or_default();
                json!({"owner": owner, "name": name, "repository": url})
            })
            .collect();
        json!({"repositories": items})
    } else {
        let items: Vec<Value> = repositories.iter().map(|url| json!({"url": url})).collect();
        json!({"items": items})
    };
    cloud.spelling().extra(&mut body);
    Ok(answer::json(200, &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_held_against_published_variants() {
        assert_eq!(check_model(&json!({"id": "composer-latest"})), Ok(()));
        assert_eq!(
            check_model(&json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "false"}]})),
            Ok(())
        );
        assert_eq!(
            check_model(&json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "no"}]})),
            Err(ModelProblem::NoVariant("composer-2.5".to_owned()))
        );
        assert_eq!(
            check_model(&json!({"id": "gpt-2"})),
            Err(ModelProblem::Unknown("gpt-2".to_owned()))
        );
    }
}
