//! Letters to the tasks that own an agent or a launch. One task owns each, so that nothing is done twice at once.

use tokio::sync::mpsc;

use super::{Engine, lock};
use crate::model::{AccountId, AgentId, Failure, LaunchId, RunId, Usage};

/// A letter to the task of an agent.
#[derive(Debug, Clone)]
pub(crate) enum AgentMail {
    /// Its page is being looked at: make sure what is known is fresh.
    Looked,
    /// It works, by its list entry or by what is known here: make sure that it is followed.
    Follow,
    /// The computer woke up.
    Resumed,
    /// The service can be reached again.
    Reached,
    /// Ask for everything again.
    Refresh,
    /// A run was started from here.
    RunStarted(RunId),
    /// A prompt was taken, and it is not known which run it began.
    Prompted,
    /// The account works again.
    Account,
    /// The account uses another version of the API now.
    Rewired,
    /// The run under way was asked to stop, or why it goes on.
    Stopped(Result<(), Failure>),
    /// The user changed the alarms: look at what the run under way uses.
    Alarm,
    /// What a run used so far.
    Used(RunId, Usage),
    /// What each run used in all, told after they were over.
    UsedInAll(Vec<(RunId, Usage)>),
    /// The agent is gone or its account is: end.
    End,
}

/// The way to the task of a launch.
pub(crate) struct LaunchLetters {
    /// The account it is sent with.
    pub(crate) account: AccountId,
    /// Its inbox.
    pub(crate) letters: mpsc::UnboundedSender<LaunchMail>,
}

/// A letter to the task of a launch.
#[derive(Debug, Clone)]
pub(crate) enum LaunchMail {
    /// Take it back.
    Undo,
    /// Send it now.
    Now,
    /// What a person decided.
    Decided {
        /// Whether it is sent (again).
        send: bool,
        /// The agent it is.
        agent: Option<AgentId>,
    },
    /// The network seems to be back.
    Online,
    /// The account works (again), for this user.
    Account {
        /// Who the key belongs to.
        user: Option<String>,
    },
}

impl Engine {
    /// Writes to the task of an agent, starting it if there is none.
    pub(crate) fn mail_agent(&self, id: &AgentId, mail: AgentMail) {
        if self.read(|world| world.agent(id).is_none()) {
            return;
        }
        let mut agents = lock(&self.0.agents);
        let returned = match agents.get(id) {
            Some(letters) => match letters.send(mail) {
                Ok(()) => return,
                Err(mpsc::error::SendError(mail)) => mail,
            },
            None => mail,
        };
        if matches!(returned, AgentMail::End) {
            return;
        }
        let (letters, inbox) = mpsc::unbounded_channel();
        // The receiver is in hand, so this cannot fail.
        drop(letters.send(returned));
        agents.insert(id.clone(), letters);
        drop(agents);
        let task = super::agent_task::run(self.clone(), id.clone(), inbox);
        self.0.followers.spawn_on(task, &self.0.runtime);
    }

    /// Writes to the task of a launch; gives whether there is one.
    pub(crate) fn mail_launch(&self, id: &LaunchId, mail: LaunchMail) -> bool {
        lock(&self.0.launches)
            .get(id)
            .is_some_and(|way| way.letters.send(mail).is_ok())
    }

    /// Writes to the tasks of all launches of an account, whether the page sees them yet or not.
    pub(crate) fn mail_launches(&self, account: &AccountId, mail: &LaunchMail) {
        for way in lock(&self.0.launches).values().filter(|way| way.account == *account) {
            // One that just ended needs no telling.
            drop(way.letters.send(mail.clone()));
        }
    }

    /// Ends the tasks of all launches and follow-ups of an account. A request that is on its way is not called back;
    /// its answer is for nobody.
    pub(crate) fn forget_sends_of(&self, account: &AccountId) {
        lock(&self.0.launches).retain(|_, way| way.account != *account);
        lock(&self.0.follow_ups).retain(|_, way| way.account != *account);
    }

    /// Writes to the tasks of all agents that have one.
    pub(crate) fn mail_followers(&self, mail: &AgentMail) {
        let followed: Vec<AgentId> = lock(&self.0.agents).keys().cloned().collect();
        for id in followed {
            self.mail_agent(&id, mail.clone());
        }
    }

    /// Writes to the tasks of all agents of an account that have one.
    pub(crate) fn mail_followers_of(&self, account: &AccountId, mail: &AgentMail) {
        let followed: Vec<AgentId> = lock(&self.0.agents).keys().cloned().collect();
        for id in followed {
            if self.read(|world| world.agent(&id).is_some_and(|record| record.agent.account == *account)) {
                self.mail_agent(&id, mail.clone());
            }
        }
    }

    /// Ends the tasks of all agents of an account.
    pub(crate) fn forget_agents_of(&self, account: &AccountId) {
        let ids: Vec<AgentId> = self.read(|world| {
            world
                .agents()
                .filter(|record| record.agent.account == *account)
                .map(|record| record.agent.id.clone())
                .collect()
        });
        self.forget_agents(&ids);
    }

    /// Ends the tasks of agents, whether they are still known or not.
    pub(crate) fn forget_agents(&self, ids: &[AgentId]) {
        let mut agents = lock(&self.0.agents);
        for letters in ids.iter().filter_map(|id| agents.remove(id)) {
            // One that just ended needs no telling.
            drop(letters.send(AgentMail::End));
        }
    }
}
