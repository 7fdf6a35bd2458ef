//! The older API, v0: same keys, same agents, other shapes. It has two things that v1 lacks: the
//! conversation of an agent, and a list that says repository, branch and pull request at once.

mod agents;
mod launch;

pub use agents::{Agent, AgentPage, AgentStatus, Conversation, Message, MessageKind, Repository, Source, Target};
pub use launch::{FollowUp, LaunchRequest, LaunchSource, LaunchTarget};

use reqwest::Method;

use crate::transport::{CREATE_LIMIT, Call, REPOSITORIES_LIMIT};
use crate::{AgentId, Client, Error, Me, Page, RequestBody};

/// The calls of API v0.
#[derive(Clone, Debug)]
pub struct V0 {
    client: Client,
}

impl V0 {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// API v0, launch an agent. There is no identifier to send along, so an uncertain launch can only be
    /// cleared up by looking at the list.
    pub async fn launch(&self, request: &LaunchRequest) -> Result<Agent, Error> {
        self.launch_with(&request.body()?).await
    }

    /// Like [`Self::launch`], with bytes that were fixed (and perhaps noted) before.
    pub async fn launch_with(&self, body: &RequestBody) -> Result<Agent, Error> {
        let call = Call::to(&["v0", "agents"]).within(CREATE_LIMIT);
        self.client.transport().change(Method::POST, call, Some(body)).await
    }

    /// API v0, list agents, newest first.
    pub async fn list(&self, page: &Page) -> Result<AgentPage, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents"]).query(page.query()))
            .await
    }

    /// API v0, list agents of one pull request, newest first.
    pub async fn list_of_pull_request(&self, pr_url: &str, page: &Page) -> Result<AgentPage, Error> {
        let query = page.query().into_iter().chain([("prUrl", pr_url.to_owned())]);
        self.client
            .transport()
            .read(Call::to(&["v0", "agents"]).query(query))
            .await
    }

    /// API v0, agent status.
    pub async fn get(&self, agent: &AgentId) -> Result<Agent, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents", agent.as_str()]))
            .await
    }

    /// API v0, agent conversation: words only, oldest first. It works for agents of v1, too, and is empty
    /// right after a launch.
    pub async fn conversation(&self, agent: &AgentId) -> Result<Conversation, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents", agent.as_str(), "conversation"]))
            .await
    }

    /// API v0, add a follow-up.
    pub async fn follow_up(&self, agent: &AgentId, request: &FollowUp) -> Result<(), Error> {
        self.follow_up_with(agent, &request.body()?).await
    }

    /// Like [`Self::follow_up`], with bytes that were fixed (and perhaps noted) before.
    pub async fn follow_up_with(&self, agent: &AgentId, body: &RequestBody) -> Result<(), Error> {
        let path = ["v0", "agents", agent.as_str(), "followup"];
        let call = Call::to(&path).within(CREATE_LIMIT);
        let crate::client::Acknowledged {} = self.client.transport().change(Method::POST, call, Some(body)).await?;
        Ok(())
    }

    /// API v0, stop an agent that works.
    pub async fn stop(&self, agent: &AgentId) -> Result<(), Error> {
        self.client
            .acknowledge(Method::POST, &["v0", "agents", agent.as_str(), "stop"])
            .await
    }

    /// API v0, delete an agent. It cannot be undone.
    pub async fn delete(&self, agent: &AgentId) -> Result<(), Error> {
        self.client
            .acknowledge(Method::DELETE, &["v0", "agents", agent.as_str()])
            .await
    }

    /// API v0, API key info. It names no user by number.
    pub async fn me(&self) -> Result<Me, Error> {
        self.client.transport().read(Call::to(&["v0", "me"])).await
    }

    /// API v0, the names of models.
    pub async fn models(&self) -> Result<Vec<String>, Error> {
        let answer: agents::Models = self.client.transport().read(Call::to(&["v0", "models"])).await?;
        Ok(answer.models)
    }

    /// API v0, repositories on GitHub; as rarely and as slowly as in v1.
    pub async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        let call = Call::to(&["v0", "repositories"]).within(REPOSITORIES_LIMIT).once();
        let answer: agents::Repositories = self.client.transport().read(call).await?;
        Ok(answer.repositories)
    }
}
