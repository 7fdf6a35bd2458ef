//! When a person is told: on edges only, never twice, not for what is on screen, and not for what was over already.

use crate::model::{AccountId, AgentId, Failure, FollowUpId, LaunchId, RunId, RunState};
use crate::transcript::LastTool;

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An agent, by the run it is at.
    Agent {
        /// The agent.
        agent: AgentId,
        /// Its latest run, where known.
        run: Option<RunId>,
    },
    /// A launch on its way.
    Launch {
        /// The launch.
        launch: LaunchId,
    },
    /// An account that was refused.
    Account {
        /// The account.
        account: AccountId,
        /// Why: the same refusal is told once until the account works again.
        failure: Failure,
    },
}

/// Why a person is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The agent asked a question.
    Question,
    /// The agent made a plan.
    Plan,
    /// It is uncertain whether a follow-up arrived.
    FollowUp {
        /// Which.
        follow_up: FollowUpId,
    },
    /// A launch awaits a decision.
    Launch,
    /// The key, plan or usage was refused.
    Account,
}

/// Where a subject stands, as far as notices are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// At work, or on its way.
    Working,
    /// Done.
    Done,
    /// Stopped by the user: no news.
    Stopped,
    /// Failed.
    Failed,
    /// A person has to do something.
    NeedsYou(Need),
}

/// A subject and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub standing: Standing,
}

/// What a notice says; the words are the shell's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// A person has to do something.
    NeedsYou,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for the same news: whoever keeps the keys never tells it twice.
    pub key: String,
    /// What it says.
    pub kind: NoticeKind,
    /// What it is about.
    pub subject: Subject,
    /// Why a person is needed.
    pub need: Option<Need>,
}

/// What is known of an agent when its standing is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentFacts<'a> {
    /// The state of its latest run.
    pub run: RunState,
    /// The last tool of that run.
    pub last_tool: Option<&'a LastTool>,
    /// Whether a follow-up came after that run: queued, on its way or sent.
    pub answered: bool,
    /// A follow-up that awaits a decision.
    pub uncertain_follow_up: Option<&'a FollowUpId>,
}

/// Where an agent stands. A person is needed when a follow-up awaits a decision, or when the last tool of the ended run
/// asked a question or made a plan and no follow-up came since; never because of words.
pub fn agent_standing(facts: AgentFacts<'_>) -> Standing {
    if let Some(follow_up) = facts.uncertain_follow_up {
        return Standing::NeedsYou(Need::FollowUp {
            follow_up: follow_up.clone(),
        });
    }
    match (facts.run, facts.last_tool) {
        (RunState::Creating | RunState::Running, _) => Standing::Working,
        (RunState::Cancelled, _) => Standing::Stopped,
        (RunState::Finished, Some(LastTool::Asked { .. })) if !facts.answered => Standing::NeedsYou(Need::Question),
        (RunState::Finished, Some(LastTool::Planned)) if !facts.answered => Standing::NeedsYou(Need::Plan),
        (RunState::Finished, _) => Standing::Done,
        (RunState::Error | RunState::Expired, _) => Standing::Failed,
    }
}

/// Decides whether a change is news. `previous` is what was known of the same agent, launch or account before, also in
/// an earlier session; none when it is seen for the first time.
pub fn decide(previous: Option<&Known>, new: &Known, on_screen: bool, enabled: bool) -> Option<Notice> {
    if on_screen || !enabled || !is_edge(previous, new) {
        return None;
    }
    let (kind, need) = match &new.standing {
        Standing::Working | Standing::Stopped => return None,
        Standing::Done => (NoticeKind::Done, None),
        Standing::Failed => (NoticeKind::Failed, None),
        Standing::NeedsYou(need) => (NoticeKind::NeedsYou, Some(need.clone())),
    };
    Some(Notice {
        key: key(&new.subject, kind, need.as_ref()),
        kind,
        subject: new.subject.clone(),
        need,
    })
}

fn is_edge(previous: Option<&Known>, new: &Known) -> bool {
    match (&new.subject, &new.standing) {
        // These arise here, so that the first sight is the edge; a restart knows them from before.
        (Subject::Account { .. }, _)
        | (_, Standing::NeedsYou(Need::FollowUp { .. } | Need::Launch | Need::Account)) => previous != Some(new),
        _ => previous.is_some_and(|previous| {
            previous.standing == Standing::Working && is_same_run(&previous.subject, &new.subject)
        }),
    }
}

/// A run that was first seen over is no news, even when the agent was known before.
fn is_same_run(previous: &Subject, new: &Subject) -> bool {
    match (previous, new) {
        (Subject::Agent { agent, run }, Subject::Agent { agent: same, run: now }) => {
            agent == same && (run.is_none() || run == now)
        }
        // A launch becomes its agent.
        (Subject::Launch { .. }, Subject::Agent { .. }) => true,
        _ => previous == new,
    }
}

/// What all keys of notices about this refusal of an account begin with.
pub fn account_key(account: &AccountId, failure: &Failure) -> String {
    format!("account/{account}/{}", code(failure))
}

/// The code of a failure, as the page knows it.
fn code(failure: &Failure) -> String {
    let written = serde_json::to_value(failure).unwrap_or_default();
    let code = written.get("code").and_then(serde_json::Value::as_str);
    code.unwrap_or_default().to_owned()
}

fn key(subject: &Subject, kind: NoticeKind, need: Option<&Need>) -> String {
    let subject = match subject {
        Subject::Agent { agent, run } => {
            format!("agent/{agent}/{}", run.as_ref().map_or("", RunId::as_str))
        }
        Subject::Launch { launch } => format!("launch/{launch}"),
        Subject::Account { account, failure } => account_key(account, failure),
    };
    let kind = match kind {
        NoticeKind::Done => "done",
        NoticeKind::Failed => "failed",
        NoticeKind::NeedsYou => "needs-you",
    };
    match need {
        Some(Need::FollowUp { follow_up }) => format!("{subject}/{kind}/{follow_up}"),
        _ => format!("{subject}/{kind}"),
    }
}
