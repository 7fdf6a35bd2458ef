//! What is kept of an agent beyond what the page sees, and how its row follows from it. Pure.

use serde::{Deserialize, Serialize};

use crate::model::{
    Agent, AgentState, Draft, FollowUpState, Group, Launch, LaunchState, Row, RowState, RowTarget, RunId, Silence, Time,
};

/// An agent as kept on disk: the page's view of it plus what the core alone needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentRecord {
    /// What the page sees.
    pub agent: Agent,
    /// The picture that is its face in the list.
    #[serde(default)]
    pub face: Option<String>,
    /// Whether something happened since it was last on screen.
    #[serde(default)]
    pub unread: bool,
    /// The latest run the service named.
    #[serde(default)]
    pub latest_run: Option<RunId>,
    /// When it last changed, as far as is known; sorts the list.
    #[serde(default)]
    pub touched_at: Time,
    /// The last run whose end was looked at in full: its record, results and cost are here.
    #[serde(default)]
    pub settled_run: Option<RunId>,
}

/// How an agent stands for the user.
enum Standing<'a> {
    /// It is for the user to say if an answer was sent.
    Uncertain,
    /// An answer waits for the user to let it go, who stopped the run before it.
    Held,
    /// It waited for the user, and an answer is on its way.
    Answered,
    /// As its state says.
    At(&'a AgentState),
}

/// Puts those that changed last first.
pub(crate) fn latest_first(records: &mut [&AgentRecord]) {
    records.sort_by_key(|record| std::cmp::Reverse(record.touched_at));
}

/// Whether a run is under way in this state.
pub(crate) fn is_live(state: &AgentState) -> bool {
    matches!(
        state,
        AgentState::Starting | AgentState::Working { .. } | AgentState::Stopping
    )
}

impl AgentRecord {
    /// Whether a run is under way, as far as is known.
    pub fn is_live(&self) -> bool {
        is_live(&self.agent.state)
    }

    /// That its run is not heard of, while it is under way.
    pub fn silence(&self) -> Option<Silence> {
        self.agent.silence.filter(|_| self.is_live())
    }

    /// Where its row stands.
    pub fn group(&self) -> Group {
        match self.standing() {
            _ if self.agent.archived => Group::Done,
            Standing::Uncertain | Standing::Held => Group::NeedsYou,
            Standing::Answered => Group::Working,
            Standing::At(state) => match state {
                AgentState::Asks { .. } | AgentState::Plan => Group::NeedsYou,
                AgentState::Starting | AgentState::Working { .. } | AgentState::Stopping => Group::Working,
                AgentState::Done | AgentState::Stopped | AgentState::Failed { .. } | AgentState::Unknown => Group::Done,
            },
        }
    }

    /// What its row says.
    fn row_state(&self) -> RowState {
        match self.standing() {
            Standing::Uncertain => RowState::FollowUpUncertain,
            Standing::Held => RowState::FollowUpHeld,
            Standing::Answered => RowState::Working { step: None },
            Standing::At(state) => match state {
                AgentState::Starting => RowState::Starting,
                AgentState::Working { step, .. } => RowState::Working { step: step.clone() },
                AgentState::Stopping => RowState::Working { step: None },
                AgentState::Asks { question, .. } => RowState::Asks {
                    question: question.clone(),
                },
                AgentState::Plan => RowState::Plan,
                AgentState::Done => RowState::Done {
                    pull_request: !self.agent.pull_requests.is_empty(),
                },
                AgentState::Stopped => RowState::Stopped,
                AgentState::Failed { failure } => RowState::Failed {
                    failure: failure.clone(),
                },
                AgentState::Unknown => RowState::Unknown,
            },
        }
    }

    /// Whether answers wait and none of them goes by itself, or is on its way.
    fn is_held_back(&self) -> bool {
        let mut open = self.agent.queue.iter().filter(|held| held.state.blocks()).peekable();
        open.peek().is_some() && open.all(|held| self.agent.held_back.contains(&held.id))
    }

    /// How it stands, by its state and by the answers that it has.
    fn standing(&self) -> Standing<'_> {
        let agent = &self.agent;
        let any = |is: fn(&FollowUpState) -> bool| agent.queue.iter().any(|follow_up| is(&follow_up.state));
        match &agent.state {
            _ if any(|state| matches!(state, FollowUpState::NeedsDecision)) => Standing::Uncertain,
            AgentState::Failed { .. } => Standing::At(&agent.state),
            state if !is_live(state) && self.is_held_back() => Standing::Held,
            AgentState::Asks { .. } | AgentState::Plan
                if any(|state| !matches!(state, FollowUpState::Rejected { .. })) =>
            {
                Standing::Answered
            }
            state => Standing::At(state),
        }
    }

    /// The row of this agent; the world knows whether it is pinned.
    pub fn row(&self) -> Row {
        let agent = &self.agent;
        Row {
            key: agent
                .launch
                .as_ref()
                .map_or_else(|| agent.id.0.clone(), |launch| launch.0.clone()),
            target: RowTarget::Agent(agent.id.clone()),
            group: self.group(),
            title: agent.title.clone(),
            face: self.face.clone(),
            repository: agent.repository.clone(),
            silence: self.silence(),
            reconnecting: agent.reconnecting && self.is_live(),
            state: self.row_state(),
            at: self.touched_at,
            created_at: agent.created_at,
            started_here: agent.launch.is_some(),
            pinned: false,
            unread: self.unread,
            archived: agent.archived,
        }
    }
}

/// The row of a draft.
pub(crate) fn draft_row(draft: &Draft) -> Row {
    Row {
        key: draft.id.0.clone(),
        target: RowTarget::Draft(draft.id.clone()),
        group: Group::NotSent,
        title: title_of(&draft.text),
        face: draft.shots.first().map(|shot| shot.hash.clone()),
        repository: draft.repository.clone(),
        state: RowState::Draft {
            pictures: draft.shots.len() as u32,
            problem: draft.problem.clone(),
        },
        silence: None,
        reconnecting: false,
        at: draft.updated_at,
        created_at: draft.created_at,
        started_here: true,
        pinned: false,
        unread: false,
        archived: false,
    }
}

/// The row of a launch on its way; none once it is an agent or the draft is back.
pub(crate) fn launch_row(launch: &Launch) -> Option<Row> {
    let group = match launch.state {
        LaunchState::NeedsDecision { .. } => Group::NeedsYou,
        LaunchState::Confirmed { .. } | LaunchState::Rejected { .. } => return None,
        LaunchState::Sending { .. } | LaunchState::Uncertain { .. } => Group::Working,
        LaunchState::Holding { .. } | LaunchState::Waiting { .. } => Group::NotSent,
    };
    Some(Row {
        key: launch.id.0.clone(),
        target: RowTarget::Launch(launch.id.clone()),
        group,
        title: title_of(&launch.text),
        face: launch.shots.first().map(|shot| shot.hash.clone()),
        repository: launch.repository.clone(),
        state: RowState::Launch {
            launch: launch.state.clone(),
        },
        silence: None,
        reconnecting: false,
        at: launch.created_at,
        created_at: launch.created_at,
        started_here: true,
        pinned: false,
        unread: false,
        archived: false,
    })
}

/// The first line with words in it, at most 120 characters.
pub(crate) fn title_of(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .chars()
        .take(120)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_with_words() {
        assert_eq!(
            title_of("\n  \n  The button \nand more"),
            "The button",
            "blank lines do not count"
        );
        assert_eq!(title_of(&"x".repeat(200)).len(), 120, "a title is bounded");
        assert_eq!(title_of(""), "", "no words, no title: the page says so");
    }

    /// An agent in this state, with an answer in that one, if there is one.
    fn record(state: AgentState, answer: Option<FollowUpState>) -> AgentRecord {
        let mut agent = crate::engine::blank_agent(&"account".into(), "bc-1".into(), 0);
        agent.state = state;
        agent.queue = answer
            .map(|state| crate::model::FollowUp {
                id: "follow-up".into(),
                text: "Go ahead".to_owned(),
                shots: Vec::new(),
                plan_first: false,
                model: None,
                state,
            })
            .into_iter()
            .collect();
        AgentRecord {
            agent,
            face: None,
            unread: false,
            latest_run: None,
            touched_at: 0,
            settled_run: None,
        }
    }

    #[test]
    fn what_is_held_back_after_a_stop_waits_for_the_user() {
        let row = |state, answer, held| {
            let mut record = record(state, Some(answer));
            record.agent.held_back = if held { vec!["follow-up".into()] } else { Vec::new() };
            let row = record.row();
            (row.group, row.state)
        };
        let held = (Group::NeedsYou, RowState::FollowUpHeld);
        let stopped = (Group::Done, RowState::Stopped);
        assert_eq!(row(AgentState::Stopped, FollowUpState::Queued, true), held);
        assert_eq!(row(AgentState::Plan, FollowUpState::Queued, true), held);
        assert_eq!(
            row(AgentState::Stopped, FollowUpState::Queued, false),
            stopped,
            "it goes by itself"
        );
        let mut both = record(AgentState::Stopped, Some(FollowUpState::Queued));
        both.agent.held_back = vec!["follow-up".into()];
        both.agent.queue.push(crate::model::FollowUp {
            id: "said-since".into(),
            state: FollowUpState::Sending,
            ..both.agent.queue[0].clone()
        });
        assert_eq!(both.row().state, RowState::Stopped, "another is on its way");
        let failed = AgentState::Failed {
            failure: crate::model::Failure::AgentGone,
        };
        assert_eq!(
            row(failed, FollowUpState::Queued, true).0,
            Group::Done,
            "that it failed comes first: a gone agent takes no answer"
        );
        let refused = FollowUpState::Rejected {
            failure: crate::model::Failure::AgentBusy,
        };
        assert_eq!(row(AgentState::Stopped, refused, true), stopped, "nothing waits");
        assert_eq!(
            row(AgentState::Stopping, FollowUpState::Queued, true),
            (Group::Working, RowState::Working { step: None }),
            "it is not over"
        );
    }

    #[test]
    fn an_answered_question_needs_nobody() {
        let plan = |answer| record(AgentState::Plan, answer).row().group;
        assert_eq!(plan(None), Group::NeedsYou, "a plan waits for a go-ahead");
        let cases = [
            (FollowUpState::Queued, Group::Working, "the answer is on its way"),
            (
                FollowUpState::NeedsDecision,
                Group::NeedsYou,
                "nobody knows whether it arrived",
            ),
            (
                FollowUpState::Rejected {
                    failure: crate::model::Failure::AgentBusy,
                },
                Group::NeedsYou,
                "it was refused, so that the plan still waits",
            ),
        ];
        for (state, group, why) in cases {
            assert_eq!(plan(Some(state)), group, "{why}");
        }
    }
}
