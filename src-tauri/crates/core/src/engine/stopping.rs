//! Stopping the run of an agent: at once, past whatever its task is asking.

use cursor_cloud_agents::{AgentId as WireAgent, Client, Error, RunId as WireRun};

use tokio::time::{Instant, sleep_until};

use super::{Engine, lock, mailbox::AgentMail};
use crate::model::{AgentId, AgentState, Failure, RunId};

impl Engine {
    /// Asks the service to stop the run under way. Whether it does is told by the agent: it stops, or has a problem.
    ///
    /// # Errors
    /// Why it cannot even be asked.
    pub(crate) fn agent_stop(&self, id: &AgentId) -> Result<(), Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        let (is_live, run, older_api) = self.read(|world| {
            let record = world.agent(id);
            (
                record.is_some_and(crate::record::AgentRecord::is_live),
                record.and_then(|record| record.latest_run.clone()),
                world.account(&account).is_some_and(|account| account.older_api),
            )
        });
        let asked = Instant::now();
        // Pressed twice, or a moment too late.
        if !is_live || self.is_stopping(id) {
            return Ok(());
        }
        lock(&self.0.stopping).insert(id.clone(), asked);
        self.edit(|world| {
            if let Some(mut record) = world.agent(id).cloned() {
                record.agent.state = AgentState::Stopping;
                // Who stops a run does not want the next one to begin by itself.
                let waiting = record.agent.queue.iter().filter(|held| held.state.waits());
                record.agent.held_back = waiting.map(|held| held.id.clone()).collect();
                record.agent.problem = None;
                world.put_agent(record);
            }
        });
        let (engine, id) = (self.clone(), id.clone());
        self.spawn(async move {
            let stopped = stop(&client, &wire, run, older_api).await;
            let taken = stopped == Ok(Stop::Taken);
            if !taken {
                engine.stopping_over(&id);
            }
            engine.mail_agent(&id, AgentMail::Stopped(stopped.map(|_| ())));
            if taken {
                engine.stop_late(&id, asked).await;
            }
        });
        Ok(())
    }

    /// Waits as long as stopping may take; where what was asked for then is not over yet, its task is told.
    async fn stop_late(&self, id: &AgentId, asked: Instant) {
        sleep_until(asked + self.0.options.stop_patience).await;
        let waits = lock(&self.0.stopping).get(id) == Some(&asked);
        if waits {
            self.stopping_over(id);
            self.mail_agent(id, AgentMail::Stopped(Err(Failure::StopLate)));
        }
    }

    /// Whether an agent was asked to stop and has not yet.
    pub(crate) fn is_stopping(&self, id: &AgentId) -> bool {
        lock(&self.0.stopping).contains_key(id)
    }

    /// What was to be stopped is over, or goes on.
    pub(crate) fn stopping_over(&self, id: &AgentId) {
        lock(&self.0.stopping).remove(id);
    }
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
enum Stop {
    /// It is being stopped.
    Taken,
    /// It ended by itself a moment before: the service says how, and nothing was stopped.
    Over,
}

/// Stops what is under way, with what is known of it here. Whatever went wrong, stopping is what is tried again.
async fn stop(client: &Client, agent: &WireAgent, run: Option<RunId>, older_api: bool) -> Result<Stop, Failure> {
    let stopped = if older_api {
        client.v0().stop(agent).await
    } else {
        match run.and_then(|run| WireRun::parse(run.as_str()).ok()) {
            Some(run) => client.cancel_run(agent, &run).await,
            None => cancel_latest(client, agent).await?,
        }
    };
    match stopped {
        Ok(()) => Ok(Stop::Taken),
        // The older API has no other conflict here (API §12).
        Err(error) if error.is_run_not_cancellable() || (older_api && error.status() == Some(409)) => Ok(Stop::Over),
        Err(error) => {
            tracing::warn!(%error, "an agent could not be stopped");
            Err(Failure::StopFailed)
        }
    }
}

/// Stops a run that only the service knows yet.
async fn cancel_latest(client: &Client, agent: &WireAgent) -> Result<Result<(), Error>, Failure> {
    match client.get_agent(agent).await {
        Ok(known) => {
            let run = known.latest_run_id.ok_or(Failure::StopFailed)?;
            Ok(client.cancel_run(agent, &run).await)
        }
        Err(error) => Ok(Err(error)),
    }
}
