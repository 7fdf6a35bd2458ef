//! Every change the page can ask for, in one place.

use super::{Engine, accounts::encode, mailbox::AgentMail};
use crate::machines::spending;
use crate::model::{Change, Failure, Settings, ShotTarget};

/// The longest spelling of a shortcut, in bytes.
const SHORTCUT: usize = 64;
/// The longest address of a repository that the list is narrowed to, in bytes.
const ADDRESS: usize = 2_048;

impl Engine {
    /// Does a change. Answers with an identifier or nothing; its result arrives by the feed.
    ///
    /// # Errors
    /// Why it was not done; then nothing changed.
    pub async fn change(&self, change: Change) -> Result<Option<String>, Failure> {
        match change {
            Change::AccountPractice => self.account_practice().await?,
            Change::AccountActivate { account } => self.account_activate(&account).await?,
            Change::AccountRemove { account } => self.account_remove(&account).await?,
            Change::AccountOlderApi { account, older_api } => self.account_older_api(&account, older_api).await?,
            Change::AccountRetry { account } => self.account_retry(&account).await?,
            Change::DraftCreate => return self.draft_create().await.map(|id| Some(id.0)),
            Change::DraftText { draft, text } => self.draft_text(&draft, text).await?,
            Change::DraftRepository { draft, repository } => self.draft_repository(&draft, repository).await?,
            Change::DraftBranch { draft, branch } => self.draft_branch(&draft, &branch).await?,
            Change::DraftModel { draft, model } => self.draft_model(&draft, model).await?,
            Change::DraftOptions {
                draft,
                plan_first,
                open_pull_request,
            } => {
                self.draft_options(&draft, plan_first, open_pull_request).await?;
            }
            Change::DraftShotMove { draft, from, to } => self.draft_shot_move(&draft, from, to).await?,
            Change::DraftShotRemove { draft, index } => self.shot_remove(&ShotTarget::Draft(draft), index).await?,
            Change::ShotMark { target, marked, text } => self.shot_mark(&target, marked, text).await?,
            Change::ShotForget { target, shot } => self.shot_forget(&target, &shot).await?,
            Change::ShotRestore { target, shot, index } => self.shot_restore(&target, &shot, index).await?,
            Change::ShotFromArtifact { agent, hash } => {
                return self.shot_from_artifact(&agent, &hash).await.map(|id| Some(id.0));
            }
            Change::DraftDelete { draft } => self.draft_delete(&draft).await?,
            Change::DraftSend { draft } => {
                return self.draft_send(&draft).await.map(|id| Some(id.0));
            }
            Change::LaunchUndo { launch } => {
                return self.launch_undo(&launch).await.map(|id| Some(id.0));
            }
            Change::LaunchNow { launch } => self.launch_now(&launch)?,
            Change::LaunchDecide {
                launch,
                decision,
                send,
                agent,
            } => {
                let back = self.launch_decide(&launch, decision, send, agent).await?;
                return Ok(back.map(|id| id.0));
            }
            Change::AnswerText { agent, text } => self.answer_text(&agent, text).await?,
            Change::AnswerEdited { agent, edited } => self.answer_edited(&agent, edited).await?,
            Change::AnswerModel { agent, model } => self.answer_model(&agent, model).await?,
            Change::AnswerShotMove { agent, from, to } => {
                self.answer_edit(&agent, |answer| super::drafts::move_shot(&mut answer.shots, from, to))
                    .await?;
            }
            Change::AnswerShotRemove { agent, index } => {
                self.shot_remove(&ShotTarget::Answer(agent), index).await?;
            }
            Change::FollowUpSend {
                agent,
                source,
                plan_first,
            } => {
                return self
                    .follow_up_send(&agent, source, plan_first)
                    .await
                    .map(|id| Some(id.0));
            }
            Change::FollowUpAgain { agent, follow_up, text } => {
                return self
                    .follow_up_again(&agent, &follow_up, text)
                    .await
                    .map(|id| Some(id.0));
            }
            Change::FollowUpEdit { agent, follow_up, text } => self.follow_up_edit(&agent, &follow_up, text).await?,
            Change::FollowUpRemove { agent, follow_up } => self.follow_up_remove(&agent, &follow_up).await?,
            Change::FollowUpMove {
                agent,
                follow_up,
                earlier,
            } => self.follow_up_move(&agent, &follow_up, earlier).await?,
            Change::FollowUpDecide { agent, follow_up, send } => self.follow_up_decide(&agent, &follow_up, send)?,
            Change::AgentStop { agent } => {
                self.agent_stop(&agent)?;
                // What it holds back is held back after a quit in the middle too.
                if let Err(failure) = self.save_agent(&agent).await {
                    tracing::warn!(?failure, "a stop is on disk once its run is over");
                }
            }
            Change::QueueRelease { agent } => self.queue_release(&agent).await?,
            Change::AgentArchive { agent, archived } => self.agent_archive(&agent, archived).await?,
            Change::AgentDelete { agent } => self.agent_delete(&agent).await?,
            Change::AgentRefresh { agent } => self.mail_agent(&agent, AgentMail::Refresh),
            Change::RepositoriesRefresh => self.repositories_refresh().await?,
            Change::RepositoryLabel { url, nickname, color } => self.repository_label(&url, &nickname, color).await?,
            Change::RepositoryReminded { url } => self.repository_reminded(&url).await?,
            Change::SettingsChange { settings } => self.settings_change(settings).await?,
            Change::RowPin { target, pinned } => self.row_pin(&target, pinned).await?,
            Change::ListRefresh => {
                if let Some(active) = self.read(|world| world.active().cloned()) {
                    self.sync_soon(&active);
                }
            }
        }
        Ok(None)
    }

    async fn settings_change(&self, mut settings: Settings) -> Result<(), Failure> {
        settings.hold_seconds = settings.hold_seconds.min(10);
        settings.capture_shortcut = settings.capture_shortcut.filter(|keys| keys.len() <= SHORTCUT);
        let repository = &mut settings.list.filter.repository;
        *repository = repository.take().filter(|url| url.len() <= ADDRESS);
        settings.spending = spending::bounded(settings.spending);
        let saved = encode(&settings);
        self.disk(move |store| store.put_setting("settings", &saved)).await?;
        let after = (settings.fit, settings.spending);
        let before = self.edit(|world| {
            let before = (world.settings().fit, world.settings().spending);
            world.set_settings(settings);
            before
        });
        if after.0 != before.0 {
            self.draw_all_marks();
        }
        if after.1 != before.1 {
            self.mail_followers(&AgentMail::Alarm);
        }
        Ok(())
    }

    /// Archives an agent, or brings it back.
    async fn agent_archive(&self, id: &crate::model::AgentId, archived: bool) -> Result<(), Failure> {
        let _turn = self.0.tidying.lock().await;
        let (account, client, wire) = self.agent_client(id)?;
        let done = if archived {
            client.archive_agent(&wire).await
        } else {
            client.unarchive_agent(&wire).await
        };
        if let Err(error) = done {
            self.note_failure(&account, &error);
            return Err(super::failures::of_service(&error));
        }
        self.edit(|world| {
            if let Some(mut record) = world.agent(id).cloned() {
                record.agent.archived = archived;
                world.put_agent(record);
            }
        });
        self.save_agent(id).await
    }

    /// Deletes an agent for good, at the service and here.
    async fn agent_delete(&self, id: &crate::model::AgentId) -> Result<(), Failure> {
        let _turn = self.0.tidying.lock().await;
        let (account, client, wire) = self.agent_client(id)?;
        let older = self.read(|world| world.agent(id).is_some_and(|record| record.agent.older_api));
        let deleted = if older {
            client.v0().delete(&wire).await
        } else {
            client.delete_agent(&wire).await
        };
        match deleted {
            Ok(()) => {}
            // Gone already is what was asked for.
            Err(error) if error.is_not_found() => {}
            Err(error) => {
                self.note_failure(&account, &error);
                return Err(super::failures::of_service(&error));
            }
        }
        self.note_deleted(id);
        self.mail_agent(id, AgentMail::End);
        super::lock(&self.0.agents).remove(id);
        self.stopping_over(id);
        super::lock(&self.0.follow_ups).retain(|_, way| way.agent != *id);
        self.edit(|world| {
            let launch = world.agent(id).and_then(|record| record.agent.launch.clone());
            world.remove_agent(id);
            if let Some(launch) = launch {
                world.remove_launch(&launch);
            }
        });
        let agent = id.clone();
        self.disk(move |store| super::litter::remove_agent(store, &account, &agent))
            .await
    }
}
