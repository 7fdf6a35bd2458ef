//! Clients and requests that many tests share.

use std::time::Duration;

use cursor_cloud_agents::{
    AgentId, Client, ClientOptions, CreateAgent, Event, Key, Prompt, RepositoryTarget, RetryPolicy, RunStatus, Scheme,
};
use practice_cloud::{Knobs, Options, Practice};

pub(super) const KEY: &str = "crsr_0123456789abcdef0123456789abcdef";
/// Longer than anything here takes; a test that needs it has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) const AGENT: &str = "bc-6a1d7e52-0c55-4a0e-9d56-2f7b6f0f9a11";
pub(super) const RUN: &str = "run-4b0c3f0e-8a53-4a4e-8f0b-0f3d9f0c7e21";

/// Repeats without waiting, so that no test waits either.
pub(super) const AT_ONCE: RetryPolicy = RetryPolicy {
    repeats: 3,
    base: Duration::ZERO,
    longest: Duration::ZERO,
    longest_asked: Duration::from_secs(20),
};

pub(super) fn client(base_url: &str) -> Client {
    client_with(base_url, KEY, Scheme::Bearer)
}

pub(super) fn client_with(base_url: &str, key: &str, scheme: Scheme) -> Client {
    Client::new(ClientOptions {
        base_url: base_url.to_owned(),
        key: Key::new(key).unwrap(),
        scheme,
        retry: AT_ONCE,
    })
    .unwrap()
}

/// A practice cloud without any delay, and its client.
pub(super) async fn practice() -> (Practice, Client) {
    practice_with(Options::default()).await
}

pub(super) async fn practice_with(options: Options) -> (Practice, Client) {
    let knobs = Knobs {
        repositories_per_minute: 0,
        repositories_per_hour: 0,
        ..options.knobs
    };
    let practice = Practice::start(Options {
        speed: 0.0,
        knobs,
        ..options
    })
    .await
    .unwrap();
    let client = client_with(practice.base_url(), practice.key(), Scheme::Bearer);
    (practice, client)
}

pub(super) fn agent_id() -> AgentId {
    AgentId::parse(AGENT).unwrap()
}

pub(super) fn create(text: &str) -> CreateAgent {
    CreateAgent {
        prompt: Prompt {
            text: text.to_owned(),
            images: vec![],
        },
        repos: vec![RepositoryTarget {
            url: "https://github.com/acme/web".to_owned(),
            starting_ref: Some("main".to_owned()),
            pr_url: None,
        }],
        ..CreateAgent::default()
    }
}

/// Reads a run's stream to its end and gives how it ended.
pub(super) async fn finish(client: &Client, agent: &AgentId, run: &cursor_cloud_agents::RunId) -> RunStatus {
    let mut stream = client.stream_run(agent, run, None).await.unwrap();
    let mut status = None;
    while let Some(event) = stream.next(PATIENCE).await.unwrap() {
        if let Event::Result(outcome) = event.event {
            status = Some(outcome.status);
        }
    }
    status.unwrap_or_else(|| panic!("the stream had no result"))
}
