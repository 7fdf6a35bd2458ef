//! Sending a draft, taking it back, deciding: the engine's side of launches. Each has a task of its own.

use std::time::Duration;

use sendoff_shots::Fit;
use sendoff_store::LaunchRow;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::requests::LaunchRequest;
use super::{
    Engine, accounts::encode, drafts::check_length, launch_task, lock, mailbox::LaunchLetters, mailbox::LaunchMail,
    mint, pictures::PICTURES,
};
use crate::machines::launch::{LaunchInput, LaunchMachine, NewLaunch, Target, Wire};
use crate::model::{AgentId, Decision, Draft, DraftId, Failure, Launch, LaunchId, LaunchState, ShotTarget};
use crate::repository_url::check_branch;

/// How often a draft or an answer that changes while it is being sent is frozen again.
pub(crate) const FREEZES: usize = 10;
/// How long taking back may take: two commits.
const TAKING_BACK: Duration = Duration::from_secs(10);

impl Engine {
    /// Sends a draft. Once this answers, the launch is on disk and the draft is part of it, with what joined it until
    /// then.
    pub(crate) async fn draft_send(&self, id: &DraftId) -> Result<LaunchId, Failure> {
        for _ in 0..FREEZES {
            self.draw_marks(&ShotTarget::Draft(id.clone())).await?;
            let draft = self.read(|world| world.draft(id).cloned()).ok_or(Failure::NotFound)?;
            let sent = self.send_frozen(&draft).await;
            if sent != Err(Failure::ChangedMeanwhile) {
                return sent;
            }
        }
        Err(Failure::ChangedMeanwhile)
    }

    async fn send_frozen(&self, draft: &Draft) -> Result<LaunchId, Failure> {
        sendable(draft, self.read(|world| world.settings().fit))?;
        let account = self
            .read(|world| world.account(&draft.account).cloned())
            .ok_or(Failure::NoAccount)?;
        let hold = u64::from(self.read(|world| world.settings().hold_seconds).min(10)) * 1000;
        let request = LaunchRequest {
            draft: Draft {
                problem: None,
                ..draft.clone()
            },
            older_api: account.older_api,
        };
        let agent = AgentId(mint("bc-"));
        let body_sha256 = self.digest(&request).await?;
        let machine = LaunchMachine::new(NewLaunch {
            account: account.id.clone(),
            user: self.user_of(&account.id).unwrap_or_default(),
            wire: if account.older_api { Wire::V0 } else { Wire::V1 },
            agent,
            request: serde_json::to_value(&request).map_err(|_| Failure::DataTrouble)?,
            body_sha256,
            target: Target {
                repository: draft.repository.clone(),
                branch: draft.branch.clone(),
                model: draft.model.as_ref().map(|model| model.id.clone()),
                prompt: draft.text.clone(),
            },
            hold,
        });
        let launch = LaunchId(mint("launch-"));
        let stored = self.launch_start(launch.clone(), machine, request, LaunchInput::Begin, true);
        stored.await.unwrap_or(Err(Failure::DataTrouble))?;
        self.pin_launch(&account.id, &draft.id, &launch).await;
        if let Some(url) = &draft.repository
            && let Err(failure) = self.use_repository(&account.id, url, &draft.branch).await
        {
            // The launch is on its way: only the picker would have known.
            tracing::warn!(?failure, "a repository that was used could not be noted");
        }
        Ok(launch)
    }

    /// SHA-256 of the body without the agent's identifier.
    pub(crate) async fn digest(&self, request: &LaunchRequest) -> Result<String, Failure> {
        let body = request.body_without_agent(&self.0.store)?;
        body.sha256().await.map_err(|_| Failure::PictureDamaged)
    }

    /// Starts the task of a launch. The answer comes once its first commit is on disk, or failed.
    fn launch_start(
        &self,
        id: LaunchId,
        machine: LaunchMachine,
        request: LaunchRequest,
        first: LaunchInput,
        new: bool,
    ) -> tokio::sync::oneshot::Receiver<Result<(), Failure>> {
        let (letters, inbox) = mpsc::unbounded_channel();
        let way = LaunchLetters {
            account: machine.account().clone(),
            letters,
        };
        lock(&self.0.launches).insert(id.clone(), way);
        let (task, stored) = launch_task::LaunchTask::new(self.clone(), id, machine, request, inbox, new);
        self.spawn(task.run(first));
        stored
    }

    /// Goes on with the launches found on disk.
    pub(crate) fn launches_resume(&self, rows: Vec<LaunchRow>) {
        for row in rows.into_iter().filter(|row| row.open) {
            let read = (
                serde_json::from_str(&row.body),
                serde_json::from_str::<LaunchRequest>(&row.request),
            );
            let (Ok(machine), Ok(request)) = read else {
                // Left as it is: a newer version may read it.
                tracing::error!(launch = %row.id, "a launch on disk could not be read");
                continue;
            };
            let machine: LaunchMachine = machine;
            let user = self
                .user_of(machine.account())
                .filter(|_| self.client(machine.account()).is_some());
            drop(self.launch_start(LaunchId(row.id), machine, request, LaunchInput::Started { user }, false));
        }
    }

    /// Takes a launch back. Answers with the draft, once it is there again.
    pub(crate) async fn launch_undo(&self, id: &LaunchId) -> Result<DraftId, Failure> {
        let launch = self.read(|world| world.launch(id).cloned()).ok_or(Failure::TooLate)?;
        let undoable = matches!(
            launch.state,
            LaunchState::Holding { .. } | LaunchState::Waiting { .. } | LaunchState::NeedsDecision { .. }
        );
        if matches!(launch.state, LaunchState::Rejected { .. })
            && self.read(|world| world.draft(&launch.draft).is_some())
        {
            // A refused launch gave its draft back by itself.
            return Ok(launch.draft);
        }
        if !undoable {
            return Err(Failure::TooLate);
        }
        self.draft_back(&launch, LaunchMail::Undo).await
    }

    /// Asks a launch for its draft and waits until it is there again, or it is too late.
    async fn draft_back(&self, launch: &Launch, mail: LaunchMail) -> Result<DraftId, Failure> {
        let id = &launch.id;
        if !self.mail_launch(id, mail) {
            return Err(Failure::TooLate);
        }
        let mut changed = self.watch();
        let settled = async {
            loop {
                changed.mark_unchanged();
                let (back, state) = self.read(|world| {
                    (
                        world.draft(&launch.draft).is_some(),
                        world.launch(id).map(|held| held.state.clone()),
                    )
                });
                match state {
                    _ if back => return Ok(launch.draft.clone()),
                    Some(LaunchState::Sending { .. } | LaunchState::Confirmed { .. }) => {
                        return Err(Failure::TooLate);
                    }
                    _ => {}
                }
                if changed.changed().await.is_err() {
                    return Err(Failure::TooLate);
                }
            }
        };
        timeout(TAKING_BACK, settled).await.unwrap_or(Err(Failure::TooLate))
    }

    /// Sends a held or waiting launch now.
    pub(crate) fn launch_now(&self, id: &LaunchId) -> Result<(), Failure> {
        if self.mail_launch(id, LaunchMail::Now) {
            Ok(())
        } else {
            Err(Failure::NotFound)
        }
    }

    /// Passes on what a person decided about a launch. Not to send it answers with the draft, once it is there again.
    pub(crate) async fn launch_decide(
        &self,
        id: &LaunchId,
        decision: Decision,
        send: bool,
        agent: Option<AgentId>,
    ) -> Result<Option<DraftId>, Failure> {
        let launch = self.read(|world| world.launch(id).cloned()).ok_or(Failure::NotFound)?;
        match &launch.state {
            LaunchState::NeedsDecision { decision: now } if *now == decision => {}
            _ => return Err(Failure::TooLate),
        }
        let gives_back = !send && agent.is_none();
        let mail = LaunchMail::Decided { send, agent };
        if gives_back {
            self.draft_back(&launch, mail).await.map(Some)
        } else if self.mail_launch(id, mail) {
            Ok(None)
        } else {
            Err(Failure::TooLate)
        }
    }

    /// The row of a launch for its first commit.
    pub(crate) fn launch_row(&self, id: &LaunchId, machine: &LaunchMachine, request: &LaunchRequest) -> LaunchRow {
        let now = self.now() as i64;
        LaunchRow {
            id: id.0.clone(),
            account: machine.account().0.clone(),
            agent: (machine.wire() == Wire::V1).then(|| machine.agent().0.clone()),
            state: launch_task::state_name(machine).to_owned(),
            open: machine.is_open(),
            created_at_ms: now,
            updated_at_ms: now,
            request: encode(request),
            body_sha256: Some(machine.body_sha256().to_owned()),
            body: encode(machine),
        }
    }
}

/// Whether a draft can be sent as it stands.
fn sendable(draft: &Draft, fit: Fit) -> Result<(), Failure> {
    if draft.text.trim().is_empty() {
        return Err(Failure::PromptEmpty);
    }
    check_length(&draft.text)?;
    if draft.repository.is_none() {
        return Err(Failure::RepositoryMissing);
    }
    if draft.shots.len() > PICTURES {
        return Err(Failure::PicturesTooMany { limit: PICTURES as u32 });
    }
    if draft.shots.iter().any(|shot| shot.waits(fit)) {
        return Err(Failure::ChangedMeanwhile);
    }
    check_branch(&draft.branch).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::engine;

    #[tokio::test]
    async fn a_draft_that_changed_is_said_to_have_changed_and_is_not_sent() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        let id = engine.draft_create().await.unwrap();
        engine.draft_text(&id, "Make it blue".to_owned()).await.unwrap();
        let repository = Some("acme/web".to_owned());
        engine.draft_repository(&id, repository).await.unwrap();
        let draft = || engine.read(|world| world.draft(&id).cloned()).unwrap();
        let frozen = draft();
        engine.draft_text(&id, "Make it red".to_owned()).await.unwrap();
        assert_eq!(
            engine.send_frozen(&frozen).await,
            Err(Failure::ChangedMeanwhile),
            "no other Sendoff is running, and the disk works"
        );
        assert_eq!(draft().text, "Make it red", "the draft is where it was");
        assert_eq!(engine.0.store.launches().unwrap(), Vec::new(), "and nothing goes");
    }
}
