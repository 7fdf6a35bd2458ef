//! Small pages in place of the real sites: a practice pull request, a practice agent.
//!
//! Everything that came from outside is escaped, no script exists, and the policy forbids any.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, Method, Response};

use crate::answer;
use crate::cloud::Cloud;
use crate::state::{Agent, PAGES};

const STYLE: &str = include_str!("pages.css");

pub(crate) fn answer(cloud: &Cloud, method: &Method, segments: &[String]) -> Response<Body> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let store = cloud.store();
    let page = match (method.as_str(), segments.as_slice()) {
        ("GET", ["_pages", "pull", number]) => number.parse::<u64>().ok().and_then(|number| {
            store
                .agents
                .iter()
                .find(|agent| !agent.deleted && has_own_pull(agent, number))
                .map(pull_page)
        }),
        ("GET", ["_pages", "agent", id]) => store
            .agent(id)
            .map(|agent| agent_page(agent, &|text| cloud.spelling().text(text))),
        _ => None,
    };
    drop(store);
    let (status, page) = match page {
        Some(page) => (200, page),
        None => (
            404,
            document(
                "Nothing here",
                "<h1>Nothing here</h1><p>This practice cloud knows no such page.</p>",
            ),
        ),
    };
    let mut response = answer::html(status, page);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("referrer-policy"),
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// A pull request of somebody else, that an agent only worked on, has no page here.
fn has_own_pull(agent: &Agent, number: u64) -> bool {
    agent
        .pull
        .as_ref()
        .is_some_and(|pull| pull.number == number && pull.url.starts_with(PAGES))
}

/// Text that may stand in an element or in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n",
        escape(title)
    )
}

fn short_repository(agent: &Agent) -> String {
    agent
        .repository()
        .map(|url| {
            let mut parts: Vec<&str> = url.trim_end_matches('/').rsplit('/').take(2).collect();
            parts.reverse();
            parts.join("/")
        })
        .unwrap_or_default()
}

fn changed_files(agent: &Agent) -> String {
    agent.changed.iter().fold(String::new(), |list, file| {
        list + &format!(
            "<li><code>{}</code><span class=\"plus\">+{}</span><span class=\"minus\">−{}</span></li>",
            escape(&file.path),
            file.added(),
            file.removed()
        )
    })
}

fn pull_page(agent: &Agent) -> String {
    let (number, title) = agent
        .pull
        .as_ref()
        .map_or((0, ""), |pull| (pull.number, pull.title.as_str()));
    let base = agent
        .repos
        .first()
        .and_then(|repo| repo["startingRef"].as_str())
        .unwrap_or("main");
    let prompt = agent.runs.first().map_or("", |run| run.prompt.as_str());
    let body = format!(
        "<p class=\"banner\">This is a practice pull request. Nothing was pushed anywhere.</p>\
         <p class=\"crumb\">{repository}</p>\
         <h1>{title} <span class=\"number\">#{number}</span></h1>\
         <p class=\"line\"><span class=\"pill open\">Open</span> merges <code>{branch}</code> into <code>{base}</code></p>\
         <section><h2>What was asked</h2><blockquote>{prompt}</blockquote></section>\
         <section><h2>Changed files <span class=\"count\">{count}</span></h2><ul class=\"files\">{files}</ul></section>",
        repository = escape(&short_repository(agent)),
        title = escape(title),
        branch = escape(&agent.branch),
        base = escape(base),
        prompt = escape(prompt),
        count = agent.changed.len(),
        files = changed_files(agent),
    );
    document(&format!("{title} #{number}"), &body)
}

fn agent_page(agent: &Agent, text: &dyn Fn(&str) -> String) -> String {
    let name = agent.name.as_deref().unwrap_or("Practice agent");
    let runs = agent.runs.iter().fold(String::new(), |list, run| {
        let result = run.result.as_deref().map_or_else(String::new, |result| {
            format!("<pre>{}</pre>", escape(&text(result)))
        });
        list + &format!(
            "<section><h2><span class=\"pill {class}\">{status}</span></h2><blockquote>{prompt}</blockquote>{result}</section>",
            class = run.status.as_str().to_lowercase(),
            status = run.status.as_str(),
            prompt = escape(&run.prompt),
        )
    });
    let body = format!(
        "<p class=\"banner\">This is a practice agent. It lives on this computer only.</p>\
         <p class=\"crumb\">{}</p><h1>{}</h1>{runs}",
        escape(&short_repository(agent)),
        escape(name)
    );
    document(name, &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{ChangedFile, Pull};

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let hostile = "<img src=x onerror=alert(1)>\"'&";
        let agent = Agent {
            name: Some(hostile.to_owned()),
            branch: hostile.to_owned(),
            pull: Some(Pull {
                number: 12,
                url: String::new(),
                title: hostile.to_owned(),
            }),
            changed: vec![ChangedFile {
                path: hostile.to_owned(),
                diff: hostile.to_owned(),
            }],
            ..Agent::default()
        };
        for page in [pull_page(&agent), agent_page(&agent, &str::to_owned)] {
            assert!(!page.contains("<img"), "markup got through: {page}");
            assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
        }
    }
}
