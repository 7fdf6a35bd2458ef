//! What a list says of an agent, by either version of the API, and how it is merged into what is known.

use cursor_cloud_agents::{AgentStatus, v0};

use crate::engine::{shown, standing};
use crate::links;
use crate::model::{AccountId, Agent, AgentId, AgentState, Answer, PullRequest, Time};
use crate::record::AgentRecord;
use crate::repository_url::normalize;

/// What a list says of an agent.
pub(super) struct Listed {
    pub(super) id: AgentId,
    pub(super) title: String,
    pub(super) repository: Option<String>,
    pub(super) branch: Option<String>,
    pub(super) pushed: Option<String>,
    pub(super) pull_request: Option<String>,
    pub(super) web_url: Option<String>,
    /// None when the list does not say how far the run is.
    pub(super) state: Option<AgentState>,
    pub(super) archived: Option<bool>,
    pub(super) created_at: Time,
}

pub(super) fn by_v0(agent: &v0::Agent) -> Option<Listed> {
    let created_at = milliseconds(agent.created_at.as_ref());
    let state = standing::agent_state(standing::older_run_state(&agent.status), created_at, None, None, None);
    Some(Listed {
        id: AgentId(agent.id.as_str().to_owned()),
        title: shown(agent.name.as_deref().unwrap_or_default(), 200),
        repository: agent.source.repository.as_deref().and_then(|url| normalize(url).ok()),
        branch: agent.source.git_ref.as_deref().map(|branch| shown(branch, 200)),
        pushed: agent.target.branch_name.as_deref().map(|branch| shown(branch, 200)),
        pull_request: agent.target.pr_url.clone().filter(|url| links::allowed(url).is_some()),
        web_url: agent.target.url.clone(),
        state: Some(state),
        archived: None,
        created_at,
    })
}

pub(super) fn by_v1(agent: &cursor_cloud_agents::Agent) -> Option<Listed> {
    let repository = agent.repos.first();
    Some(Listed {
        id: AgentId(agent.id.as_str().to_owned()),
        title: shown(agent.name.as_deref().unwrap_or_default(), 200),
        repository: repository.and_then(|target| normalize(&target.url).ok()),
        branch: repository
            .and_then(|target| target.starting_ref.as_deref())
            .map(|branch| shown(branch, 200)),
        pushed: None,
        pull_request: None,
        web_url: agent.url.clone(),
        state: None,
        archived: Some(agent.status == AgentStatus::Archived),
        created_at: milliseconds(agent.created_at.as_ref()),
    })
}

/// A time of the service; zero when it gave none.
pub(crate) fn milliseconds(time: Option<&cursor_cloud_agents::Timestamp>) -> Time {
    time.and_then(cursor_cloud_agents::Timestamp::unix_milliseconds)
        .map_or(0, |time| time.max(0) as Time)
}

/// What is known of an agent, with what the list says of it. A followed run knows better than the list.
pub(super) fn merged(mut record: AgentRecord, seen: Listed) -> AgentRecord {
    let agent = &mut record.agent;
    if !seen.title.is_empty() {
        agent.title = seen.title;
    }
    agent.repository = agent.repository.take().or(seen.repository);
    agent.branch = agent.branch.take().or(seen.branch);
    agent.archived = seen.archived.unwrap_or(agent.archived);
    note_results(agent, seen.pushed, seen.pull_request);
    if matches!(agent.state, AgentState::Unknown)
        && let Some(state) = seen.state
    {
        agent.state = state;
    }
    record
}

/// Adds a branch and a pull request that are not known yet.
pub(crate) fn note_results(agent: &mut Agent, branch: Option<String>, pull_request: Option<String>) {
    if let Some(branch) = branch.clone().filter(|branch| !agent.branches.contains(branch)) {
        agent.branches.push(branch);
    }
    if let Some(url) = pull_request.filter(|url| agent.pull_requests.iter().all(|known| known.url != *url)) {
        agent.pull_requests.push(PullRequest { url, branch });
    }
}

pub(super) fn record_of(account: &AccountId, seen: Listed) -> AgentRecord {
    let created_at = seen.created_at;
    let mut agent = blank_agent(account, seen.id, created_at);
    agent.title = seen.title;
    agent.repository = seen.repository;
    agent.branch = seen.branch;
    agent.web_url = seen.web_url;
    agent.archived = seen.archived.unwrap_or(false);
    agent.state = seen.state.unwrap_or(AgentState::Unknown);
    note_results(&mut agent, seen.pushed, seen.pull_request);
    AgentRecord {
        agent,
        face: None,
        unread: false,
        latest_run: None,
        touched_at: created_at,
        settled_run: None,
    }
}

/// An agent of which only the identifier is known.
pub(crate) fn blank_agent(account: &AccountId, id: AgentId, created_at: Time) -> Agent {
    Agent {
        id,
        account: account.clone(),
        launch: None,
        title: String::new(),
        repository: None,
        branch: None,
        state: AgentState::Unknown,
        last_sign: None,
        silence: None,
        reconnecting: false,
        polled: false,
        runs: Vec::new(),
        branches: Vec::new(),
        pull_requests: Vec::new(),
        web_url: None,
        artifacts: Vec::new(),
        usage: None,
        run_usage: Vec::new(),
        alarm: None,
        queue: Vec::new(),
        held_back: Vec::new(),
        answer: Answer::default(),
        edited: None,
        model: None,
        archived: false,
        older_api: false,
        problem: None,
        created_at,
    }
}
