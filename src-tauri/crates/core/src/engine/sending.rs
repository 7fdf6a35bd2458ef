//! What launches ask of the network, translated both ways. Every POST is made once; the machine decides on a second.

use cursor_cloud_agents::{AgentId as WireAgent, Client, Delivery as Sent, Error, ErrorKind, Page, v0};

use super::{
    Engine, answers, failures, list, lock,
    mailbox::AgentMail,
    notices::{is_about_account, is_about_money},
    requests::LaunchRequest,
    runs::Prompt,
};
use crate::machines::launch::{
    Asked, Candidate, LaunchMachine, LookAnswer, PostAnswer, Wire, look_refused, post_refused, post_without_answer,
};
use crate::model::{AgentId, AgentState, Failure, LaunchId, RunId, Time};
use crate::record::{AgentRecord, title_of};
use crate::repository_url::normalize;

/// Pages of the older list looked through for a launch.
const PAGES: usize = 10;

/// Whether an agent is known as that of another launch.
fn is_of_another(agent: Option<&AgentRecord>, launch: &LaunchId) -> bool {
    agent
        .and_then(|record| record.agent.launch.as_ref())
        .is_some_and(|its| its != launch)
}

impl Engine {
    /// Posts a launch, exactly as it was written down.
    pub(crate) async fn post_launch(&self, machine: &LaunchMachine, request: &LaunchRequest) -> PostAnswer {
        let Some(client) = self.client(machine.account()) else {
            return PostAnswer::KeyRefused;
        };
        let body = match self.digest(request).await {
            Ok(digest) if digest == machine.body_sha256() => request.body(machine.agent(), &self.0.store),
            Ok(_) => Err(Failure::DataDamaged),
            Err(failure) => Err(failure),
        };
        let body = match body {
            Ok(body) => body,
            Err(failure) => return PostAnswer::NotBuilt(failure),
        };
        let posted = match machine.wire() {
            Wire::V1 => client.create_agent_with(&body).await.map(|created| {
                (
                    created.agent.id.as_str().to_owned(),
                    Some(created.run.id.as_str().to_owned()),
                )
            }),
            Wire::V0 => client
                .v0()
                .launch_with(&body)
                .await
                .map(|agent| (agent.id.as_str().to_owned(), None)),
        };
        match posted {
            Ok((agent, run)) => PostAnswer::Created {
                agent: AgentId(agent),
                run: run.map(RunId),
            },
            Err(error) => {
                let draft = &request.draft;
                let asked = Asked {
                    repository: draft.repository.as_deref(),
                    branch: &draft.branch,
                    model: draft.model.as_ref().map(|model| model.id.as_str()),
                };
                self.note_failure(machine.account(), &error);
                let answer = post_answer(&error, asked, machine.wire());
                if matches!(answer, PostAnswer::Refused(Failure::ModelUnavailable { .. })) {
                    lock(&self.0.models).remove(machine.account());
                }
                answer
            }
        }
    }

    /// Gets the agent of a launch by its identifier, and its latest run.
    pub(crate) async fn look_for_launch(&self, machine: &LaunchMachine, first_message: bool) -> LookAnswer {
        let Some(client) = self.client(machine.account()) else {
            return LookAnswer::Forbidden(self.key_absent(machine.account()));
        };
        let Ok(wire) = WireAgent::parse(machine.agent().as_str()) else {
            return LookAnswer::Missing;
        };
        self.afford(machine.account()).await;
        match client.get_agent(&wire).await {
            Ok(agent) => {
                let message = if first_message {
                    first_message_of(&client, &wire).await
                } else {
                    None
                };
                let run = agent.latest_run_id.map(|run| RunId(run.as_str().to_owned()));
                LookAnswer::Found {
                    run,
                    first_message: message,
                }
            }
            Err(error) => {
                self.note_failure(machine.account(), &error);
                look_answer(&error)
            }
        }
    }

    /// Lists the agents made since a time by the older API, with their first messages. Those of other launches are
    /// passed over; its own is not, since it is made known before the launch is confirmed on disk.
    pub(crate) async fn look_for_older_launch(
        &self,
        launch: &LaunchId,
        machine: &LaunchMachine,
        since: Time,
    ) -> LookAnswer {
        let account = machine.account();
        let Some(client) = self.client(account) else {
            return LookAnswer::Forbidden(self.key_absent(account));
        };
        let (mut candidates, mut cursor) = (Vec::new(), None);
        for _ in 0..PAGES {
            self.afford(account).await;
            let page = match client
                .v0()
                .list(&Page {
                    limit: Some(100),
                    cursor: cursor.take(),
                })
                .await
            {
                Ok(page) => page,
                Err(error) => return look_answer(&error),
            };
            let mut older = false;
            for agent in page.items {
                let created_at = list::milliseconds(agent.created_at.as_ref());
                if created_at < since {
                    older = true;
                    continue;
                }
                let id = AgentId(agent.id.as_str().to_owned());
                if self.read(|world| is_of_another(world.agent(&id), launch)) {
                    continue;
                }
                self.afford(account).await;
                let first_message = first_message_of(&client, &agent.id).await;
                candidates.push(Candidate {
                    agent: id,
                    created_at,
                    repository: agent
                        .source
                        .repository
                        .as_deref()
                        .map(|url| normalize(url).unwrap_or_else(|_| url.to_owned())),
                    reference: agent.source.git_ref.clone(),
                    first_message,
                });
            }
            match page.next_cursor {
                Some(next) if !older => cursor = Some(next),
                _ => break,
            }
        }
        LookAnswer::Listed(candidates)
    }

    /// Makes the agent of a launch known, and follows it.
    pub(crate) async fn adopt_launch(
        &self,
        id: &LaunchId,
        machine: &LaunchMachine,
        request: &LaunchRequest,
        agent: &AgentId,
        run: Option<RunId>,
    ) {
        let (draft, now) = (&request.draft, self.now());
        let known = self.read(|world| world.agent(agent).cloned());
        let mut record = known.unwrap_or_else(|| AgentRecord {
            agent: list::blank_agent(machine.account(), agent.clone(), now),
            face: None,
            unread: false,
            latest_run: None,
            touched_at: now,
            settled_run: None,
        });
        // Adopted again after a start, it keeps what was chosen since.
        if record.agent.launch.is_none() {
            record.agent.model.clone_from(&draft.model);
        }
        record.agent.launch = Some(id.clone());
        record.agent.older_api = request.older_api;
        if record.agent.title.is_empty() {
            record.agent.title = title_of(&draft.text);
        }
        record.agent.repository.clone_from(&draft.repository);
        record.agent.branch = Some(draft.branch.clone()).filter(|branch| !branch.is_empty());
        if matches!(record.agent.state, AgentState::Unknown) {
            record.agent.state = AgentState::Starting;
        }
        record.face = draft.shots.first().map(|shot| shot.hash.clone());
        record.touched_at = now;
        self.edit(|world| world.put_agent(record));
        if let Err(failure) = self.save_agent(agent).await {
            // It is found again at the next start: by the list, and by the launch that names it.
            tracing::warn!(?failure, "an agent could not be saved");
        }
        let prompt = Prompt {
            text: draft.text.clone(),
            shots: draft.shots.clone(),
            at: now,
            model: Some(draft.model.as_ref().map_or_else(String::new, |model| model.id.clone())),
        };
        let saved = self.save_prompt(agent, machine.account(), run.as_ref(), prompt).await;
        if let Err(failure) = saved {
            tracing::warn!(?failure, "a prompt could not be saved");
        }
        match run {
            Some(run) => self.mail_agent(agent, AgentMail::RunStarted(run)),
            None => self.mail_agent(agent, AgentMail::Looked),
        }
    }

    /// Notes what a failed answer says about the account and the way to the service.
    pub(crate) fn note_failure(&self, account: &crate::model::AccountId, error: &Error) {
        if answers::is_offline(error) {
            self.edit(|world| world.set_online(account, false));
            return;
        }
        let failure = failures::of_service(error);
        // That reading works says nothing of money.
        if is_about_account(&failure) && !is_about_money(&failure) && self.worked_since(account, error.asked_at()) {
            // It says nothing any more. Whoever was refused is told to go on again, after this.
            self.whatever_waits_goes_on(account);
        } else {
            self.note_account(account, &failure);
        }
    }
}

/// The first message of an agent's conversation, where it can be read.
async fn first_message_of(client: &Client, agent: &WireAgent) -> Option<String> {
    let conversation = client.v0().conversation(agent).await.ok()?;
    conversation
        .messages
        .into_iter()
        .find(|message| message.kind == v0::MessageKind::User)
        .map(|message| message.text)
}

/// What a failed POST proves.
pub(crate) fn post_answer(error: &Error, asked: Asked<'_>, wire: Wire) -> PostAnswer {
    if let (ErrorKind::Picture | ErrorKind::InvalidRequest(_), Sent::NotSent) = (error.kind(), error.delivery()) {
        return PostAnswer::NotBuilt(Failure::PictureDamaged);
    }
    match answers::refusal(error) {
        Some(refusal) if error.delivery() == Sent::Answered => post_refused(&refusal, asked, wire),
        Some(refusal) => PostAnswer::Unclear {
            status: Some(refusal.status),
            retry_after: refusal.retry_after,
        },
        None => post_without_answer(answers::delivery(error)),
    }
}

/// What a failed GET proves.
pub(crate) fn look_answer(error: &Error) -> LookAnswer {
    match answers::refusal(error) {
        Some(refusal) => look_refused(&refusal),
        None => LookAnswer::Unreachable,
    }
}
