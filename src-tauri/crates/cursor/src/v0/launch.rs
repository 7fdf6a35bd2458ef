//! What is sent to API v0. Absent on purpose: webhooks, which need a public server.

use serde::Serialize;

use crate::request::{PictureStyle, RequestBody, check_prompt};
use crate::{InvalidRequest, Prompt};

/// API v0, launch an agent. Pictures are sent as raw base64 with their dimension; they have no type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LaunchRequest {
    /// What to do. Written first in the body, apart from the other fields.
    #[serde(skip)]
    pub prompt: Prompt,
    /// The model's name; the account's default when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What to work on.
    pub source: LaunchSource,
    /// What to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<LaunchTarget>,
}

/// What a launch works on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LaunchSource {
    /// A branch of a repository.
    Repository {
        /// The repository with `https://`.
        repository: String,
        /// The branch; the repository's default when absent.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        git_ref: Option<String>,
    },
    /// A pull request.
    PullRequest {
        /// Its address.
        #[serde(rename = "prUrl")]
        pr_url: String,
    },
}

/// What a launch makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchTarget {
    /// Open a pull request at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_create_pr: Option<bool>,
    /// Open it as Cursor's app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_as_cursor_github_app: Option<bool>,
    /// Ask nobody to review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_reviewer_request: Option<bool>,
    /// The branch to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_name: Option<String>,
    /// With a pull request only: whether to make a branch at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_branch: Option<bool>,
}

impl LaunchRequest {
    /// Checks the request and fixes its bytes. The same request gives the same bytes; no file is read.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`]: what the API would refuse (API §12).
    pub fn body(&self) -> Result<RequestBody, InvalidRequest> {
        check_prompt(&self.prompt, PictureStyle::V0)?;
        let (field, address) = match &self.source {
            LaunchSource::Repository { repository, .. } => ("source.repository", repository),
            LaunchSource::PullRequest { pr_url } => ("source.prUrl", pr_url),
        };
        if address.trim().is_empty() {
            return Err(InvalidRequest::Field { field });
        }
        if self.model.as_deref() == Some("") {
            return Err(InvalidRequest::Field { field: "model" });
        }
        RequestBody::build(&self.prompt, PictureStyle::V0, self)
    }
}

/// API v0, add a follow-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FollowUp {
    /// What to do.
    #[serde(skip)]
    pub prompt: Prompt,
}

impl FollowUp {
    /// Checks the request and fixes its bytes. The same request gives the same bytes; no file is read.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`]: what the API would refuse (API §12).
    pub fn body(&self) -> Result<RequestBody, InvalidRequest> {
        check_prompt(&self.prompt, PictureStyle::V0)?;
        RequestBody::build(&self.prompt, PictureStyle::V0, self)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::{Dimension, Picture, PictureType};

    async fn text(body: RequestBody) -> String {
        let chunks: Vec<Bytes> = body.stream().try_collect().await.unwrap();
        String::from_utf8(chunks.concat()).unwrap()
    }

    fn launch(images: Vec<Picture>) -> LaunchRequest {
        LaunchRequest {
            prompt: Prompt {
                text: "Fix the menu".to_owned(),
                images,
            },
            model: None,
            source: LaunchSource::Repository {
                repository: "https://github.com/your-name/your-repo".to_owned(),
                git_ref: Some("main".to_owned()),
            },
            target: None,
        }
    }

    #[tokio::test]
    async fn a_launch_is_exactly_as_published() {
        let picture = Picture::Memory {
            content: Bytes::from_static(b"\x89PNG\r\n\x1a\n"),
            mime: PictureType::Png,
            dimension: Some(Dimension {
                width: 1024,
                height: 768,
            }),
        };
        let plain = launch(vec![picture]);
        assert_eq!(
            text(plain.body().unwrap()).await,
            r#"{"prompt":{"text":"Fix the menu","images":[{"data":"iVBORw0KGgo=","dimension":{"width":1024,"height":768}}]},"source":{"repository":"https://github.com/your-name/your-repo","ref":"main"}}"#
        );
        let chosen = LaunchRequest {
            model: Some("composer-2.5".to_owned()),
            target: Some(LaunchTarget {
                auto_create_pr: Some(true),
                ..Default::default()
            }),
            ..launch(vec![])
        };
        assert_eq!(
            text(chosen.body().unwrap()).await,
            r#"{"prompt":{"text":"Fix the menu"},"model":"composer-2.5","source":{"repository":"https://github.com/your-name/your-repo","ref":"main"},"target":{"autoCreatePr":true}}"#
        );
    }

    #[test]
    fn a_picture_by_address_cannot_be_launched() {
        let address = Picture::Url {
            url: "https://example.com/a.png".to_owned(),
            dimension: None,
        };
        assert_eq!(
            launch(vec![address]).body().map(drop),
            Err(InvalidRequest::PictureAddress { place: 0 }),
            "v0 takes bytes only"
        );
    }
}
