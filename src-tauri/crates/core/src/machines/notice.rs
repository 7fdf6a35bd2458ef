//! When a person is told: on edges only, never twice, not for what is on screen, and not for what was over already.

use crate::model::{AccountId, AgentId, Decision, Failure, FollowUpId, LaunchId, RunId, RunState};
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
    /// A follow-up on its way.
    FollowUp {
        /// The agent it is for.
        agent: AgentId,
        /// The follow-up.
        follow_up: FollowUpId,
    },
    /// An account that was refused.
    Account {
        /// The account.
        account: AccountId,
        /// Why: the same refusal is told once until the account works again.
        failure: Failure,
    },
    /// What an account spends, against the user's own limit.
    Limit {
        /// The account.
        account: AccountId,
        /// The first day of what the limit is for, like `2026-11-25`.
        from: String,
        /// The limit in millionths of a dollar: another one is told anew.
        limit: u64,
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
        /// Of which sending, counted from 1.
        attempt: u32,
    },
    /// A launch awaits a decision.
    Launch {
        /// Which.
        decision: Decision,
        /// How often it was sent before.
        attempt: u32,
    },
    /// The key, plan or usage was refused.
    Account,
    /// A run went past an alarm of the user's.
    Alarm {
        /// Whether it was asked to stop.
        stopped: bool,
    },
    /// The user's own limit of a day was reached.
    DayLimit,
    /// The user's own limit of a week was reached.
    WeekLimit,
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
    /// A launch or follow-up that was refused; its words are still here.
    NotSent,
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
    /// Refused before anything began.
    NotSent,
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
}

/// Where an agent stands. A person is needed when the last tool of the ended run asked a question or made a plan and no
/// follow-up came since; never because of words. A follow-up that awaits a decision is told by itself.
pub fn agent_standing(facts: AgentFacts<'_>) -> Standing {
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
        Standing::NotSent => (NoticeKind::NotSent, None),
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
        (Subject::Account { .. } | Subject::Limit { .. }, _)
        | (
            _,
            Standing::NotSent
            | Standing::NeedsYou(Need::FollowUp { .. } | Need::Launch { .. } | Need::Account | Need::Alarm { .. }),
        ) => previous != Some(new),
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
        Subject::FollowUp { follow_up, .. } => format!("follow-up/{follow_up}"),
        Subject::Account { account, failure } => account_key(account, failure),
        Subject::Limit { account, from, limit } => format!("limit/{account}/{from}/{limit}"),
    };
    let kind = match kind {
        NoticeKind::Done => "done",
        NoticeKind::Failed => "failed",
        NoticeKind::NotSent => "not-sent",
        NoticeKind::NeedsYou => "needs-you",
    };
    match need {
        Some(Need::FollowUp { attempt }) => format!("{subject}/{kind}/{attempt}"),
        Some(Need::Launch { decision, attempt }) => {
            let about = match decision {
                Decision::WaitedLong { since } => format!("waited-long/{since}"),
                Decision::DifferentUser => "different-user".to_owned(),
                // Candidates that turn up later do not make it another question.
                Decision::CannotTell { .. } => "cannot-tell".to_owned(),
            };
            format!("{subject}/{kind}/{attempt}/{about}")
        }
        // Once for a run that goes on, once for one that was to be stopped; and once for a day or a week that may begin
        // on the same day.
        Some(Need::Alarm { stopped: false }) => format!("{subject}/alarm"),
        Some(Need::Alarm { stopped: true }) => format!("{subject}/alarm-stops"),
        Some(Need::DayLimit) => format!("{subject}/day"),
        Some(Need::WeekLimit) => format!("{subject}/week"),
        _ => format!("{subject}/{kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(standing: Standing) -> Known {
        Known {
            subject: Subject::Launch {
                launch: "launch-1".into(),
            },
            standing,
        }
    }

    fn follow_up(standing: Standing) -> Known {
        Known {
            subject: Subject::FollowUp {
                agent: "bc-1".into(),
                follow_up: "follow-up-1".into(),
            },
            standing,
        }
    }

    fn asks(decision: Decision, attempt: u32) -> Standing {
        Standing::NeedsYou(Need::Launch { decision, attempt })
    }

    /// The keys told as one launch or follow-up goes through these standings.
    fn told(standings: &[Known]) -> Vec<String> {
        let mut keys = Vec::new();
        let mut previous = None;
        for known in standings {
            if let Some(notice) = decide(previous, known, false, true)
                && !keys.contains(&notice.key)
            {
                keys.push(notice.key);
            }
            previous = Some(known);
        }
        keys
    }

    #[test]
    fn every_question_of_a_launch_is_told_and_the_same_one_once() {
        let cannot_tell = |candidates: &[&str]| Decision::CannotTell {
            candidates: candidates.iter().map(|&id| id.into()).collect(),
        };
        let standings = [
            launch(Standing::Working),
            launch(asks(Decision::WaitedLong { since: 5 }, 0)),
            launch(Standing::Working),
            launch(asks(cannot_tell(&[]), 1)),
            launch(asks(cannot_tell(&["bc-2"]), 1)),
            launch(Standing::Working),
            launch(asks(cannot_tell(&[]), 2)),
            launch(Standing::NotSent),
        ];
        assert_eq!(
            told(&standings),
            [
                "launch/launch-1/needs-you/0/waited-long/5",
                "launch/launch-1/needs-you/1/cannot-tell",
                "launch/launch-1/needs-you/2/cannot-tell",
                "launch/launch-1/not-sent",
            ],
            "candidates that turn up do not make it another question, another sending does"
        );
    }

    #[test]
    fn a_limit_is_told_once_for_its_day_or_week_and_an_alarm_once_for_its_run() {
        let limit = |from: &str, limit, need| Known {
            subject: Subject::Limit {
                account: "team".into(),
                from: from.to_owned(),
                limit,
            },
            standing: Standing::NeedsYou(need),
        };
        let alarm = |run: &str, stopped| Known {
            subject: Subject::Agent {
                agent: "bc-1".into(),
                run: Some(run.into()),
            },
            standing: Standing::NeedsYou(Need::Alarm { stopped }),
        };
        let standings = [
            limit("2026-11-23", 5, Need::DayLimit),
            limit("2026-11-23", 5, Need::WeekLimit),
            limit("2026-11-23", 5, Need::DayLimit),
            limit("2026-11-23", 9, Need::DayLimit),
            limit("2026-11-24", 5, Need::DayLimit),
            alarm("run-1", false),
            alarm("run-1", false),
            alarm("run-2", true),
            alarm("run-2", false),
            alarm("run-2", true),
        ];
        assert_eq!(
            told(&standings),
            [
                "limit/team/2026-11-23/5/day",
                "limit/team/2026-11-23/5/week",
                "limit/team/2026-11-23/9/day",
                "limit/team/2026-11-24/5/day",
                "agent/bc-1/run-1/alarm",
                "agent/bc-1/run-2/alarm-stops",
                "agent/bc-1/run-2/alarm",
            ],
            "a Monday begins both a day and a week, another limit is another; and a run that was to be stopped and goes on is told once more"
        );
    }

    #[test]
    fn an_undecided_sending_of_a_follow_up_is_told_each_time_and_what_was_known_is_not() {
        let uncertain = |attempt| follow_up(Standing::NeedsYou(Need::FollowUp { attempt }));
        assert_eq!(
            told(&[uncertain(1), follow_up(Standing::Working), uncertain(2)]),
            ["follow-up/follow-up-1/needs-you/1", "follow-up/follow-up-1/needs-you/2"],
            "sent again because told to, and undecided again"
        );
        let refused = follow_up(Standing::NotSent);
        assert_eq!(
            decide(Some(&refused), &refused, false, true),
            None,
            "what was found on disk was told before"
        );
        assert_eq!(
            decide(None, &refused, true, true),
            None,
            "what is on screen needs no telling"
        );
    }
}
