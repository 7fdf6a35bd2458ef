//! Small pages in place of the real sites: a practice pull request, a practice agent.
//!
//! Everything that came from outside is escaped, no script exists, and the policy forbids any.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, Method, Response};

use crate::answer;
use crate::cloud::Cloud;
use crate::state::{Agent, ChangedFile, PAGES, Run, Status};

mod words;

use words::{escape, markup};

const STYLE: &str = include_str!("pages.css");

/// Pictures come from this server only; nothing else is loaded at all.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The picture of the result that both pages show.
const AFTER: &str = "artifacts/after.png";

pub(crate) fn answer(cloud: &Cloud, method: &Method, segments: &[String]) -> Response<Body> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let spelling = cloud.spelling();
    let text = |stored: &str| spelling.text(stored);
    let store = cloud.store();
    let found = match (method.as_str(), segments.as_slice()) {
        ("GET", ["_pages", "pull", number]) => number
            .parse::<u64>()
            .ok()
            .and_then(|number| {
                store
                    .agents
                    .iter()
                    .find(|agent| !agent.deleted && has_own_pull(agent, number))
            })
            .map(|agent| answer::html(200, pull_page(agent, &text))),
        ("GET", ["_pages", "agent", id]) => store.agent(id).map(|agent| answer::html(200, agent_page(agent, &text))),
        ("GET", ["_pages", "agent", id, "after.png"]) => store
            .agent(id)
            .and_then(after)
            .map(|bytes| answer::bytes(200, "image/png", bytes.to_vec())),
        _ => None,
    };
    drop(store);
    let mut response = found.unwrap_or_else(|| {
        let body = "<section><h1>Nothing here</h1><p>This practice cloud knows no such page. The agent may have been deleted.</p></section>";
        answer::html(404, document("Nothing here", body))
    });
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("referrer-policy"),
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// A pull request of somebody else, that an agent only worked on, has no page here.
fn has_own_pull(agent: &Agent, number: u64) -> bool {
    own_pull(agent).is_some_and(|own| own == number)
}

fn own_pull(agent: &Agent) -> Option<u64> {
    let pull = agent.pull.as_ref()?;
    pull.url.starts_with(PAGES).then_some(pull.number)
}

fn after(agent: &Agent) -> Option<&[u8]> {
    agent
        .artifacts
        .iter()
        .find(|artifact| artifact.path == AFTER)
        .map(|artifact| artifact.bytes.as_slice())
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

fn counts(added: u64, removed: u64) -> String {
    format!("<span class=\"plus\">+{added}</span> <span class=\"minus\">−{removed}</span>")
}

fn total(agent: &Agent) -> String {
    let added = agent.changed.iter().map(ChangedFile::added).sum();
    let removed = agent.changed.iter().map(ChangedFile::removed).sum();
    counts(added, removed)
}

fn files(count: usize) -> String {
    if count == 1 {
        "1 file".to_owned()
    } else {
        format!("{count} files")
    }
}

fn changed_files(agent: &Agent) -> String {
    agent.changed.iter().fold(String::new(), |list, file| {
        let lines = file.diff.lines().fold(String::new(), |lines, line| {
            let class = match line.chars().next() {
                Some('+') => "plus",
                Some('-') => "minus",
                Some('@') => "place",
                _ => "same",
            };
            lines + &format!("<span class=\"{class}\">{}</span>", escape(line))
        });
        list + &format!(
            "<details open><summary><code>{}</code><span class=\"counts\">{}</span></summary><pre class=\"diff\">{lines}</pre></details>",
            escape(&file.path),
            counts(file.added(), file.removed()),
        )
    })
}

fn picture(agent: &Agent) -> String {
    if after(agent).is_none() {
        return String::new();
    }
    format!(
        "<section><h2>How it looks now</h2><img src=\"/_pages/agent/{}/after.png\" width=\"1280\" height=\"800\" alt=\"The page after the change\"></section>",
        escape(&agent.id)
    )
}

fn asked(run: &Run) -> String {
    let pictures = match run.pictures.len() {
        0 => String::new(),
        1 => "<p class=\"quiet\">with 1 picture</p>".to_owned(),
        many => format!("<p class=\"quiet\">with {many} pictures</p>"),
    };
    format!("<blockquote>{}</blockquote>{pictures}", escape(&run.prompt))
}

fn pull_page(agent: &Agent, text: &dyn Fn(&str) -> String) -> String {
    let (number, title) = agent
        .pull
        .as_ref()
        .map_or((0, ""), |pull| (pull.number, pull.title.as_str()));
    let base = agent
        .repos
        .first()
        .and_then(|repo| repo["startingRef"].as_str())
        .unwrap_or("main");
    let reply = agent.runs.iter().rev().find_map(|run| run.result.as_deref());
    let reply = reply.map_or_else(String::new, |reply| {
        format!(
            "<section><h2>What the agent did</h2><div class=\"words\">{}</div></section>",
            markup(&text(reply))
        )
    });
    let body = format!(
        "<p class=\"banner\"><strong>This is a practice pull request.</strong> It lives on this computer only. Nothing was pushed anywhere.</p>\
         <p class=\"crumb\">{repository}</p>\
         <h1>{title} <span class=\"number\">#{number}</span></h1>\
         <p class=\"line\"><span class=\"pill open\">Open</span> <code>{branch}</code> into <code>{base}</code> <span class=\"counts\">{files} {total}</span></p>\
         {picture}{reply}\
         <section><h2>What was asked</h2>{asked}</section>\
         <h2 class=\"part\">Changed files</h2>{changed}",
        repository = escape(&short_repository(agent)),
        title = escape(title),
        branch = escape(&agent.branch),
        base = escape(base),
        files = files(agent.changed.len()),
        total = total(agent),
        picture = picture(agent),
        asked = agent.runs.first().map_or_else(String::new, asked),
        changed = changed_files(agent),
    );
    document(&format!("{title} #{number}"), &body)
}

/// A status in the words of somebody who watches.
fn status_words(status: Status) -> &'static str {
    match status {
        Status::Creating => "Starting",
        Status::Running => "Working",
        Status::Finished => "Finished",
        Status::Error => "Failed",
        Status::Cancelled => "Stopped",
        Status::Expired => "Ran out of time",
    }
}

fn turn(run: &Run, text: &dyn Fn(&str) -> String) -> String {
    let said = match (&run.result, &run.error) {
        (Some(result), _) => format!("<div class=\"words\">{}</div>", markup(&text(result))),
        (None, Some(failure)) => format!("<p>{}</p>", escape(&failure.message)),
        (None, None) => String::new(),
    };
    format!(
        "<section><h2>You asked</h2>{asked}<h2 class=\"answer\">The agent <span class=\"pill {class}\">{status}</span></h2>{said}</section>",
        asked = asked(run),
        class = run.status.as_str().to_lowercase(),
        status = status_words(run.status),
    )
}

fn agent_page(agent: &Agent, text: &dyn Fn(&str) -> String) -> String {
    let name = agent.name.as_deref().unwrap_or("Practice agent");
    let runs = agent
        .runs
        .iter()
        .fold(String::new(), |list, run| list + &turn(run, text));
    let pull = own_pull(agent).map_or_else(String::new, |number| {
        format!("<p class=\"line\"><a href=\"/_pages/pull/{number}\">Pull request #{number}</a></p>")
    });
    let body = format!(
        "<p class=\"banner\"><strong>This is a practice agent.</strong> It lives on this computer only. A real one has its page at Cursor.</p>\
         <p class=\"crumb\">{}</p><h1>{}</h1>{pull}{runs}{}",
        escape(&short_repository(agent)),
        escape(name),
        picture(agent),
    );
    document(name, &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Pull;
    use crate::story::Kind;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let hostile = "<img src=x onerror=alert(1)>\"'&";
        let mut run = Run::new(String::new(), Kind::Normal, hostile.to_owned(), Vec::new(), 0);
        run.result = Some(format!("- **{hostile}** `{hostile}` [{hostile}]({hostile})"));
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
            runs: vec![run],
            ..Agent::default()
        };
        for page in [pull_page(&agent, &str::to_owned), agent_page(&agent, &str::to_owned)] {
            assert!(!page.contains("<img"), "markup got through: {page}");
            assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
        }
    }
}
