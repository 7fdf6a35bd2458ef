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
///
/// Its refusals are words without a code (API §3.1, shape 3); where v1 gives the same words a code, so does
/// [`Error::code`]. Every call can also be refused as those of [`Client`] can.
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
    ///
    /// # Errors
    ///
    /// An invalid request before anything is sent; else as [`Self::launch_with`].
    pub async fn launch(&self, request: &LaunchRequest) -> Result<Agent, Error> {
        self.launch_with(&request.body()?).await
    }

    /// Like [`Self::launch`], with bytes that were fixed (and perhaps noted) before.
    ///
    /// # Errors
    ///
    /// 400 for a field outside its rules, an unknown model, a branch that cannot be verified or a spending limit,
    /// in words without a code (API §3.1, §12).
    pub async fn launch_with(&self, body: &RequestBody) -> Result<Agent, Error> {
        let call = Call::to(&["v0", "agents"]).within(CREATE_LIMIT);
        self.client.transport().change(Method::POST, call, Some(body)).await
    }

    /// API v0, list agents, newest first.
    ///
    /// # Errors
    ///
    /// 400 for a cursor that is not of this list (API §12).
    pub async fn list(&self, page: &Page) -> Result<AgentPage, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents"]).query(page.query()))
            .await
    }

    /// API v0, list agents of one pull request, newest first.
    ///
    /// # Errors
    ///
    /// As [`Self::list`].
    pub async fn list_of_pull_request(&self, pr_url: &str, page: &Page) -> Result<AgentPage, Error> {
        let query = page.query().into_iter().chain([("prUrl", pr_url.to_owned())]);
        self.client
            .transport()
            .read(Call::to(&["v0", "agents"]).query(query))
            .await
    }

    /// API v0, agent status.
    ///
    /// # Errors
    ///
    /// 404: unknown, deleted, or of another account (API §12).
    pub async fn get(&self, agent: &AgentId) -> Result<Agent, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents", agent.as_str()]))
            .await
    }

    /// API v0, agent conversation: words only, oldest first. It works for agents of v1, too, and is empty
    /// right after a launch.
    ///
    /// # Errors
    ///
    /// 404 for an unknown agent, 409 for a deleted or archived one (API §12).
    pub async fn conversation(&self, agent: &AgentId) -> Result<Conversation, Error> {
        self.client
            .transport()
            .read(Call::to(&["v0", "agents", agent.as_str(), "conversation"]))
            .await
    }

    /// API v0, add a follow-up.
    ///
    /// # Errors
    ///
    /// An invalid request before anything is sent; else as [`Self::follow_up_with`].
    pub async fn follow_up(&self, agent: &AgentId, request: &FollowUp) -> Result<(), Error> {
        self.follow_up_with(agent, &request.body()?).await
    }

    /// Like [`Self::follow_up`], with bytes that were fixed (and perhaps noted) before.
    ///
    /// # Errors
    ///
    /// 404 for an unknown agent, 409 for a deleted, archived or busy one, 400 for a field outside its rules (API
    /// §12).
    pub async fn follow_up_with(&self, agent: &AgentId, body: &RequestBody) -> Result<(), Error> {
        let path = ["v0", "agents", agent.as_str(), "followup"];
        let call = Call::to(&path).within(CREATE_LIMIT);
        let crate::client::Acknowledged {} = self.client.transport().change(Method::POST, call, Some(body)).await?;
        Ok(())
    }

    /// API v0, stop an agent that works.
    ///
    /// # Errors
    ///
    /// 404 for an unknown agent, 409 for one that does not work (API §12).
    pub async fn stop(&self, agent: &AgentId) -> Result<(), Error> {
        self.client
            .acknowledge(Method::POST, &["v0", "agents", agent.as_str(), "stop"])
            .await
    }

    /// API v0, delete an agent. It cannot be undone.
    ///
    /// # Errors
    ///
    /// 404: unknown, or deleted already (API §12).
    pub async fn delete(&self, agent: &AgentId) -> Result<(), Error> {
        self.client
            .acknowledge(Method::DELETE, &["v0", "agents", agent.as_str()])
            .await
    }

    /// API v0, API key info. It names no user by number.
    ///
    /// # Errors
    ///
    /// 401 for a key that is not accepted, 404 for one that is gone (API §3.2, §12).
    pub async fn me(&self) -> Result<Me, Error> {
        self.client.transport().read(Call::to(&["v0", "me"])).await
    }

    /// API v0, the names of models.
    ///
    /// # Errors
    ///
    /// None of its own (API §12).
    pub async fn models(&self) -> Result<Vec<String>, Error> {
        let answer: agents::Models = self.client.transport().read(Call::to(&["v0", "models"])).await?;
        Ok(answer.models)
    }

    /// API v0, repositories on GitHub; as rarely and as slowly as in v1.
    ///
    /// # Errors
    ///
    /// 429 when asked more than once a minute or thirty times an hour (API §4, §12).
    pub async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        let call = Call::to(&["v0", "repositories"]).within(REPOSITORIES_LIMIT).once();
        let answer: agents::Repositories = self.client.transport().read(call).await?;
        Ok(answer.repositories)
    }
}
