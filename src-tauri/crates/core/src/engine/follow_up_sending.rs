//! What follow-ups ask of the network, translated both ways. Every POST is made once; the machine decides on a second.

use cursor_cloud_agents::v0::MessageKind;
use cursor_cloud_agents::{AgentId as WireAgent, AgentStatus, Client, Error, Page};

use super::requests::FollowUpRequest;
use super::sending::{look_answer, post_answer};
use super::{Engine, list, lock};
use crate::machines::follow_up::{FollowUpLook, FollowUpMachine, NoteAnswer, Noted, SeenRun};
use crate::machines::launch::{Asked, LookAnswer, PostAnswer, Wire};
use crate::model::{Failure, RunId};

impl Engine {
    /// What the agent looks like before a follow-up is sent.
    pub(crate) async fn note(&self, machine: &FollowUpMachine) -> NoteAnswer {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return NoteAnswer::Forbidden(self.key_absent(machine.account()));
        };
        self.afford(machine.account()).await;
        if machine.wire() == Wire::V0 {
            return match client.v0().conversation(&wire).await {
                Ok(conversation) => {
                    let count = conversation
                        .messages
                        .iter()
                        .filter(|message| message.kind == MessageKind::User)
                        .count();
                    NoteAnswer::Idle(Noted {
                        latest: None,
                        user_messages: count as u32,
                    })
                }
                Err(error) => noted(&error),
            };
        }
        let agent = match client.get_agent(&wire).await {
            Ok(agent) => agent,
            Err(error) => return noted(&error),
        };
        if agent.status == AgentStatus::Archived {
            return NoteAnswer::Gone(Failure::AgentArchived);
        }
        let Some(latest) = agent.latest_run_id else {
            return NoteAnswer::Idle(Noted::default());
        };
        self.afford(machine.account()).await;
        match client.get_run(&wire, &latest).await {
            Ok(run) if run.status.is_terminal() => NoteAnswer::Idle(Noted {
                latest: Some(RunId(latest.as_str().to_owned())),
                user_messages: 0,
            }),
            Ok(_) => NoteAnswer::Busy,
            Err(error) => noted(&error),
        }
    }

    /// Posts a follow-up, exactly as it was written down.
    pub(crate) async fn post_follow_up(&self, machine: &FollowUpMachine, request: &FollowUpRequest) -> PostAnswer {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return PostAnswer::KeyRefused;
        };
        let body = match request.body(&self.0.store) {
            Ok(body) => body,
            Err(failure) => return PostAnswer::NotBuilt(failure),
        };
        match body.sha256().await {
            Ok(digest) if digest == machine.content().body_sha256 => {}
            _ => return PostAnswer::NotBuilt(Failure::DataDamaged),
        }
        let agent = machine.agent().clone();
        let posted = match machine.wire() {
            Wire::V1 => client
                .create_run_with(&wire, &body)
                .await
                .map(|run| Some(RunId(run.id.as_str().to_owned()))),
            Wire::V0 => client.v0().follow_up_with(&wire, &body).await.map(|()| None),
        };
        match posted {
            Ok(run) => PostAnswer::Created { agent, run },
            Err(error) => {
                self.note_failure(machine.account(), &error);
                let asked = Asked {
                    model: request.model.as_ref().map(|model| model.id.as_str()),
                    ..Asked::default()
                };
                let answer = post_answer(&error, asked, machine.wire());
                if matches!(answer, PostAnswer::Refused(Failure::ModelUnavailable { .. })) {
                    lock(&self.0.models).remove(machine.account());
                }
                answer
            }
        }
    }

    /// Looks whether a follow-up arrived.
    pub(crate) async fn look_for_follow_up(&self, machine: &FollowUpMachine) -> FollowUpLook {
        let Some((client, wire)) = self.follow_up_client(machine) else {
            return FollowUpLook::Forbidden(self.key_absent(machine.account()));
        };
        self.afford(machine.account()).await;
        let looked = match machine.wire() {
            Wire::V1 => client
                .list_runs(
                    &wire,
                    &Page {
                        limit: Some(20),
                        cursor: None,
                    },
                )
                .await
                .map(|page| {
                    let seen = page.items.iter().map(|run| SeenRun {
                        run: RunId(run.id.as_str().to_owned()),
                        created_at: list::milliseconds(run.created_at.as_ref()),
                    });
                    FollowUpLook::Runs(seen.collect())
                }),
            Wire::V0 => client.v0().conversation(&wire).await.map(|conversation| {
                let said = conversation
                    .messages
                    .into_iter()
                    .filter(|message| message.kind == MessageKind::User);
                FollowUpLook::Messages(said.map(|message| message.text).collect())
            }),
        };
        match looked {
            Ok(look) => look,
            Err(error) => {
                self.note_failure(machine.account(), &error);
                if let Some(failure) = gone(&error) {
                    return FollowUpLook::Gone(failure);
                }
                match look_answer(&error) {
                    LookAnswer::Missing => FollowUpLook::Gone(Failure::AgentGone),
                    LookAnswer::RateLimited { retry_after } => FollowUpLook::RateLimited { retry_after },
                    LookAnswer::Forbidden(failure) => FollowUpLook::Forbidden(failure),
                    LookAnswer::Unreachable | LookAnswer::Found { .. } | LookAnswer::Listed(_) => {
                        FollowUpLook::Unreachable
                    }
                }
            }
        }
    }

    fn follow_up_client(&self, machine: &FollowUpMachine) -> Option<(Client, WireAgent)> {
        let client = self.client(machine.account())?;
        Some((client, WireAgent::parse(machine.agent().as_str()).ok()?))
    }
}

/// What the older API says of the conversation of an agent that takes no more words (API §12).
fn gone(error: &Error) -> Option<Failure> {
    if error.is_archived() {
        Some(Failure::AgentArchived)
    } else if error.status() == Some(409) && error.is_not_found() {
        Some(Failure::AgentGone)
    } else {
        None
    }
}

/// A failed look before sending.
fn noted(error: &Error) -> NoteAnswer {
    if let Some(failure) = gone(error) {
        return NoteAnswer::Gone(failure);
    }
    match look_answer(error) {
        LookAnswer::Missing => NoteAnswer::Gone(Failure::AgentGone),
        LookAnswer::RateLimited { retry_after } => NoteAnswer::RateLimited { retry_after },
        LookAnswer::Forbidden(failure) => NoteAnswer::Forbidden(failure),
        LookAnswer::Unreachable | LookAnswer::Found { .. } | LookAnswer::Listed(_) => NoteAnswer::Unreachable,
    }
}
