//! What is written down before a launch or follow-up is sent, and the exact body made from it each time.

use cursor_cloud_agents::{
    AgentId as WireAgent, CreateAgent, CreateRun, Dimension, InvalidRequest, Mode, ModelChoice as WireModel,
    ModelSetting, Picture, PictureType, Prompt, RepositoryTarget, RequestBody, v0,
};
use sendoff_store::{BlobHash, Store};
use serde::{Deserialize, Serialize};

use crate::model::{AgentId, Draft, Failure, ModelChoice, Shot};

/// A launch as asked for: never changed once it is on disk. Pictures are named by hash, their bytes are blobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LaunchRequest {
    /// The whole draft: given back as it was when the launch is taken back or refused.
    pub(crate) draft: Draft,
    /// Whether the older API is used.
    pub(crate) older_api: bool,
}

impl LaunchRequest {
    /// The body, the same bytes every time for the same identifier.
    pub(crate) fn body(&self, agent: &AgentId, store: &Store) -> Result<RequestBody, Failure> {
        if self.older_api {
            self.older_body(store)
        } else {
            self.current_body(Some(agent), store)
        }
    }

    /// The body without the agent's identifier: what its digest is of.
    pub(crate) fn body_without_agent(&self, store: &Store) -> Result<RequestBody, Failure> {
        if self.older_api {
            self.older_body(store)
        } else {
            self.current_body(None, store)
        }
    }

    fn current_body(&self, agent: Option<&AgentId>, store: &Store) -> Result<RequestBody, Failure> {
        let draft = &self.draft;
        let repository = draft.repository.clone().ok_or(Failure::RepositoryMissing)?;
        let create = CreateAgent {
            prompt: prompt(&draft.text, &draft.shots, store)?,
            agent_id: agent
                .map(|id| WireAgent::parse(id.as_str()))
                .transpose()
                .map_err(|_| Failure::DataTrouble)?,
            model: draft.model.as_ref().map(model),
            repos: vec![RepositoryTarget {
                url: repository,
                starting_ref: (!draft.branch.is_empty()).then(|| draft.branch.clone()),
                pr_url: None,
            }],
            auto_create_pr: Some(draft.open_pull_request),
            mode: Some(mode(draft.plan_first)),
            ..CreateAgent::default()
        };
        create.body().map_err(|invalid| invalid_request(&invalid))
    }

    fn older_body(&self, store: &Store) -> Result<RequestBody, Failure> {
        let draft = &self.draft;
        let launch = v0::LaunchRequest {
            prompt: prompt(&draft.text, &draft.shots, store)?,
            model: draft.model.as_ref().map(|model| model.id.clone()),
            source: v0::LaunchSource::Repository {
                repository: draft.repository.clone().ok_or(Failure::RepositoryMissing)?,
                git_ref: (!draft.branch.is_empty()).then(|| draft.branch.clone()),
            },
            target: draft.open_pull_request.then(|| v0::LaunchTarget {
                auto_create_pr: Some(true),
                ..v0::LaunchTarget::default()
            }),
        };
        launch.body().map_err(|invalid| invalid_request(&invalid))
    }

    /// The draft to give back, with why.
    pub(crate) fn given_back(&self, problem: Option<Failure>) -> Draft {
        Draft {
            problem,
            ..self.draft.clone()
        }
    }
}

/// A follow-up's words and pictures as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FollowUpRequest {
    /// The words.
    pub(crate) text: String,
    /// The pictures.
    pub(crate) shots: Vec<Shot>,
    /// Whether the agent plans first. Always stated: leaving it out keeps the mode before.
    pub(crate) plan_first: bool,
    /// The model it names. Left out, the agent keeps the one it has.
    #[serde(default)]
    pub(crate) model: Option<ModelChoice>,
    /// Whether the older API is used.
    pub(crate) older_api: bool,
}

impl FollowUpRequest {
    /// The body, for the current API.
    pub(crate) fn body(&self, store: &Store) -> Result<RequestBody, Failure> {
        let prompt = prompt(&self.text, &self.shots, store)?;
        let body = if self.older_api {
            v0::FollowUp { prompt }.body()
        } else {
            CreateRun {
                prompt,
                mode: Some(mode(self.plan_first)),
                model: self.model.as_ref().map(model),
                ..CreateRun::default()
            }
            .body()
        };
        body.map_err(|invalid| invalid_request(&invalid))
    }
}

fn mode(plan_first: bool) -> Mode {
    if plan_first { Mode::Plan } else { Mode::Agent }
}

fn model(choice: &ModelChoice) -> WireModel {
    let settings = choice
        .parameters
        .iter()
        .map(|parameter| ModelSetting {
            id: parameter.id.clone(),
            value: parameter.value.clone(),
        })
        .collect();
    WireModel {
        id: choice.id.clone(),
        settings,
    }
}

fn prompt(text: &str, shots: &[Shot], store: &Store) -> Result<Prompt, Failure> {
    let images = shots
        .iter()
        .map(|shot| picture(shot, store))
        .collect::<Result<_, _>>()?;
    Ok(Prompt {
        text: text.to_owned(),
        images,
    })
}

fn picture(shot: &Shot, store: &Store) -> Result<Picture, Failure> {
    let hash: BlobHash = shot.hash.parse().map_err(|_| Failure::PictureDamaged)?;
    Ok(Picture::File {
        path: store.blob_path(&hash),
        bytes: shot.bytes,
        mime: PictureType::from_mime(&shot.mime).ok_or(Failure::PictureDamaged)?,
        dimension: Some(Dimension {
            width: shot.width,
            height: shot.height,
        }),
    })
}

/// What a request that cannot be put together means to the user.
fn invalid_request(invalid: &InvalidRequest) -> Failure {
    tracing::warn!(?invalid, "a request could not be put together");
    match invalid {
        InvalidRequest::EmptyPrompt => Failure::PromptEmpty,
        _ => Failure::PictureDamaged,
    }
}
