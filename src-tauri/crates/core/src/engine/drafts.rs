//! Drafts and answers being written: changed in the world, then saved; what is saved is always the latest.

use sendoff_store::{AgentRow, DraftRow};

use super::{Engine, accounts::encode, mint, pins::pin_key};
use crate::model::{Agent, AgentId, Answer, Draft, DraftId, Edited, Failure, ModelChoice, Shot, ShotTarget, Taken};
use crate::record::AgentRecord;
use crate::repository_url::{check_branch, normalize};

/// The longest prompt in characters. The service publishes no limit; a megabyte of words is taken.
pub(crate) const WORDS: usize = 1_000_000;
/// The longest text that is kept while it is written, in bytes: what one paste brings. It can be shortened later.
const KEPT: usize = 4_000_000;

impl Engine {
    /// Makes a draft for the active account, like the last one sent from it.
    pub(crate) async fn draft_create(&self) -> Result<DraftId, Failure> {
        let now = self.now();
        let id = DraftId(mint("draft-"));
        let draft = self.read(|world| {
            let account = world.active().cloned().ok_or(Failure::NoAccount)?;
            let repository = world
                .repositories()
                .items
                .iter()
                .max_by_key(|known| known.last_used)
                .filter(|known| known.last_used.is_some());
            Ok(Draft {
                id: id.clone(),
                account,
                text: String::new(),
                shots: Vec::new(),
                repository: repository.map(|known| known.url.clone()),
                branch: repository
                    .and_then(|known| known.branches.first().cloned())
                    .unwrap_or_default(),
                model: None,
                plan_first: world.settings().plan_first,
                open_pull_request: world.settings().open_pull_request,
                created_at: now,
                updated_at: now,
                problem: None,
            })
        })?;
        self.edit(|world| world.put_draft(draft));
        self.save_draft(&id).await?;
        Ok(id)
    }

    /// Changes a draft and saves it.
    async fn draft_edit(&self, id: &DraftId, edit: impl FnOnce(&mut Draft)) -> Result<(), Failure> {
        let edit = |draft: &mut Draft| {
            edit(draft);
            Ok(())
        };
        self.draft_try(id, edit).await
    }

    /// Changes a draft and saves it, or leaves it as it was.
    async fn draft_try<T>(
        &self,
        id: &DraftId,
        edit: impl FnOnce(&mut Draft) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let edited = self.edit(|world| {
            let mut draft = world.draft(id).cloned().ok_or(Failure::NotFound)?;
            let edited = edit(&mut draft)?;
            draft.updated_at = now;
            draft.problem = None;
            world.put_draft(draft);
            Ok(edited)
        })?;
        self.save_draft(id).await?;
        Ok(edited)
    }

    /// Saves a draft as it stands when the disk comes to it.
    pub(crate) async fn save_draft(&self, id: &DraftId) -> Result<(), Failure> {
        let (engine, id) = (self.clone(), id.clone());
        self.disk(move |store| match engine.read(|world| world.draft(&id).cloned()) {
            Some(draft) => store.put_draft(&DraftRow {
                id: draft.id.0.clone(),
                account: Some(draft.account.0.clone()),
                updated_at_ms: draft.updated_at as i64,
                body: encode(&draft),
            }),
            // It went away meanwhile: sent or thrown away, which saved what there was to save.
            None => Ok(()),
        })
        .await
    }

    pub(crate) async fn draft_text(&self, id: &DraftId, text: String) -> Result<(), Failure> {
        check_kept(&text)?;
        self.draft_edit(id, |draft| draft.text = text).await
    }

    pub(crate) async fn draft_repository(&self, id: &DraftId, repository: Option<String>) -> Result<(), Failure> {
        let url = repository.map(|text| normalize(&text)).transpose()?;
        if let Some(url) = &url {
            let account = self
                .read(|world| world.draft(id).map(|draft| draft.account.clone()))
                .ok_or(Failure::NotFound)?;
            self.merge_repositories(&account, vec![url.clone()], crate::model::RepositoryOrigin::Typed)
                .await?;
        }
        self.draft_edit(id, |draft| {
            if draft.repository != url {
                draft.branch = String::new();
            }
            draft.repository = url;
        })
        .await
    }

    pub(crate) async fn draft_branch(&self, id: &DraftId, branch: &str) -> Result<(), Failure> {
        let branch = check_branch(branch)?;
        self.draft_edit(id, |draft| draft.branch = branch).await
    }

    pub(crate) async fn draft_model(&self, id: &DraftId, model: Option<ModelChoice>) -> Result<(), Failure> {
        self.draft_edit(id, |draft| draft.model = model).await
    }

    pub(crate) async fn draft_options(
        &self,
        id: &DraftId,
        plan_first: bool,
        open_pull_request: bool,
    ) -> Result<(), Failure> {
        self.draft_edit(id, |draft| {
            draft.plan_first = plan_first;
            draft.open_pull_request = open_pull_request;
        })
        .await
    }

    pub(crate) async fn draft_shot_move(&self, id: &DraftId, from: u32, to: u32) -> Result<(), Failure> {
        self.draft_edit(id, |draft| move_shot(&mut draft.shots, from, to)).await
    }

    pub(crate) async fn draft_delete(&self, id: &DraftId) -> Result<(), Failure> {
        let account = self.read(|world| world.draft(id).map(|draft| draft.account.clone()));
        self.edit(|world| world.remove_draft(id));
        let row = id.0.clone();
        self.disk(move |store| {
            if let Some(account) = account {
                store.delete_setting(&pin_key(&account, &row))?;
            }
            store.delete_draft(&row)
        })
        .await
    }

    /// How many pictures a target has.
    pub(crate) fn shots_of(&self, target: &ShotTarget) -> Result<usize, Failure> {
        self.shots(target, <[Shot]>::len)
    }

    /// Looks at the pictures of a target.
    pub(crate) fn shots<T>(&self, target: &ShotTarget, look: impl FnOnce(&[Shot]) -> T) -> Result<T, Failure> {
        self.read(|world| {
            let shots = match target {
                ShotTarget::Draft(id) => world.draft(id).map(|draft| &draft.shots),
                ShotTarget::Answer(id) => world.agent(id).map(|record| &record.agent.answer.shots),
            };
            shots.map(|shots| look(shots))
        })
        .ok_or(Failure::NotFound)
    }

    /// Changes the pictures and words of a target together and saves them, or leaves both as they were.
    pub(crate) async fn shots_edit<T>(
        &self,
        target: &ShotTarget,
        edit: impl FnOnce(&mut Vec<Shot>, &mut String) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match target {
            ShotTarget::Draft(id) => {
                self.draft_try(id, |draft| edit(&mut draft.shots, &mut draft.text))
                    .await
            }
            ShotTarget::Answer(id) => {
                self.answer_try(id, |answer| edit(&mut answer.shots, &mut answer.text))
                    .await
            }
        }
    }

    /// Changes what is sent of the pictures of a target and saves it. Nothing of it is the user's: neither the time of
    /// the last change nor what stands in the way of sending is touched.
    pub(crate) async fn shots_settle(
        &self,
        target: &ShotTarget,
        settle: impl FnOnce(&mut [Shot]),
    ) -> Result<(), Failure> {
        match target {
            ShotTarget::Draft(id) => {
                self.edit(|world| {
                    let mut draft = world.draft(id).cloned().ok_or(Failure::NotFound)?;
                    settle(&mut draft.shots);
                    world.put_draft(draft);
                    Ok(())
                })?;
                self.save_draft(id).await
            }
            ShotTarget::Answer(id) => self.answer_edit(id, |answer| settle(&mut answer.shots)).await,
        }
    }

    /// Puts a picture at the end of a target's.
    pub(crate) async fn add_shot(&self, target: &ShotTarget, shot: Shot) -> Result<(), Failure> {
        self.shots_edit(target, |shots, _| {
            shots.push(shot);
            Ok(())
        })
        .await
    }

    /// Changes the answer being written to an agent and saves it with the agent.
    pub(crate) async fn answer_edit(&self, id: &AgentId, edit: impl FnOnce(&mut Answer)) -> Result<(), Failure> {
        let edit = |answer: &mut Answer| {
            edit(answer);
            Ok(())
        };
        self.answer_try(id, edit).await
    }

    /// Changes the answer being written to an agent and saves it, or leaves it as it was.
    async fn answer_try<T>(
        &self,
        id: &AgentId,
        edit: impl FnOnce(&mut Answer) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let edited = self.edit(|world| {
            let mut record = world.agent(id).cloned().ok_or(Failure::NotFound)?;
            let edited = edit(&mut record.agent.answer)?;
            world.put_agent(record);
            Ok(edited)
        })?;
        let (engine, id) = (self.clone(), id.clone());
        self.disk(move |store| match engine.read(|world| world.agent(&id).cloned()) {
            Some(record) => store.put_answer(&agent_row(&record)),
            None => Ok(()),
        })
        .await?;
        Ok(edited)
    }

    /// Chooses the model of the answers to an agent. It stays chosen, as the switch does at the service.
    pub(crate) async fn answer_model(&self, id: &AgentId, model: Option<ModelChoice>) -> Result<(), Failure> {
        self.agent_edit(id, |agent| agent.model = model).await
    }

    pub(crate) async fn answer_text(&self, id: &AgentId, text: String) -> Result<(), Failure> {
        check_kept(&text)?;
        self.answer_edit(id, |answer| answer.text = text).await
    }

    /// Keeps the words to which a waiting answer is being changed.
    pub(crate) async fn answer_edited(&self, id: &AgentId, edited: Option<Edited>) -> Result<(), Failure> {
        if let Some(edited) = &edited {
            check_kept(&edited.text)?;
        }
        self.agent_edit(id, |agent| agent.edited = edited).await
    }

    /// Changes what is kept of an agent, and saves it.
    async fn agent_edit(&self, id: &AgentId, edit: impl FnOnce(&mut Agent)) -> Result<(), Failure> {
        self.edit(|world| {
            let mut record = world.agent(id).cloned().ok_or(Failure::NotFound)?;
            edit(&mut record.agent);
            world.put_agent(record);
            Ok(())
        })?;
        self.save_agent(id).await
    }

    /// Saves an agent as it stands when the disk comes to it.
    pub(crate) async fn save_agent(&self, id: &AgentId) -> Result<(), Failure> {
        let (engine, id) = (self.clone(), id.clone());
        self.disk(move |store| match engine.read(|world| world.agent(&id).cloned()) {
            Some(record) => store.put_agents(&[agent_row(&record)]),
            None => Ok(()),
        })
        .await
    }
}

/// Whether words can be sent; nothing is said of empty ones.
pub(crate) fn check_length(text: &str) -> Result<(), Failure> {
    let characters = text.chars().count();
    if characters > WORDS {
        return Err(too_long(characters));
    }
    Ok(())
}

impl Engine {
    /// Takes pasted words, which the page puts where the caret is.
    ///
    /// # Errors
    /// [`Failure::PromptTooLong`] when there are more than a draft keeps.
    pub fn take_words(text: String) -> Result<Taken, Failure> {
        check_kept(&text)?;
        Ok(Taken::Text { text })
    }
}

/// Whether words can be kept.
pub(crate) fn check_kept(text: &str) -> Result<(), Failure> {
    if text.len() > KEPT {
        return Err(too_long(text.chars().count()));
    }
    Ok(())
}

fn too_long(characters: usize) -> Failure {
    Failure::PromptTooLong {
        characters: characters as u64,
        limit: WORDS as u64,
    }
}

/// The row of an agent. The queue in it is for nobody: follow-ups have rows of their own.
pub(crate) fn agent_row(record: &AgentRecord) -> AgentRow {
    AgentRow {
        account: record.agent.account.0.clone(),
        id: record.agent.id.0.clone(),
        updated_at_ms: record.touched_at as i64,
        body: encode(record),
    }
}

/// Moves a picture to another place; places outside are the nearest inside.
pub(crate) fn move_shot(shots: &mut Vec<Shot>, from: u32, to: u32) {
    if (from as usize) < shots.len() {
        let shot = shots.remove(from as usize);
        let to = (to as usize).min(shots.len());
        shots.insert(to, shot);
    }
}
