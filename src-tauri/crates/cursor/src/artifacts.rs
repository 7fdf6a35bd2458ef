//! Files an agent made (API v1, artifacts). Their bytes come from another host, by a second client that
//! has no key to give away.

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::client::Items;
use crate::decode::null_as_default;
use crate::transport::{Call, is_loopback};
use crate::{AgentId, Client, Error, Timestamp};

/// Longest silence while a file arrives.
const SILENCE_LIMIT: Duration = Duration::from_secs(40);

/// A file an agent made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Its path, under `artifacts/`. Hostile text: never a path on this machine.
    pub path: String,
    /// Its size in bytes.
    #[serde(default, deserialize_with = "null_as_default")]
    pub size_bytes: u64,
    /// When it last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

/// Where the bytes of an artifact are for fifteen minutes. Whoever has the address can read the file,
/// so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLink {
    /// The address.
    pub url: String,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for ArtifactLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ArtifactLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Why the bytes of an artifact did not come.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address is not https at `*.amazonaws.com` (nor on this machine, when the API is there too).
    #[error("the address of the artifact is not acceptable")]
    Address,
    /// No connection.
    #[error("no connection")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Refused; 403 mostly means that the link is too old: ask for a new one.
    #[error("refused with HTTP {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// Larger than the limit given.
    #[error("the artifact is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Nothing came for too long.
    #[error("the download fell silent")]
    TimedOut,
    /// The connection broke, or the file is shorter than announced.
    #[error("the download broke")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was read could not be written.
    #[error("the artifact cannot be written")]
    Write(#[source] std::io::Error),
}

impl Client {
    /// API v1, list artifacts: a hundred at most.
    ///
    /// # Errors
    ///
    /// 404 `agent_not_found` (API §9).
    pub async fn list_artifacts(&self, agent: &AgentId) -> Result<Vec<Artifact>, Error> {
        let path = ["v1", "agents", agent.as_str(), "artifacts"];
        let answer: Items<Artifact> = self.transport().read(Call::to(&path)).await?;
        Ok(answer.items)
    }

    /// API v1, artifact download: the address of an artifact's bytes. `path` is [`Artifact::path`].
    ///
    /// # Errors
    ///
    /// 404 `artifact_not_found` or `agent_not_found`, 400 `validation_error` for a path that is not under
    /// `artifacts/` (API §9).
    pub async fn artifact_link(&self, agent: &AgentId, path: &str) -> Result<ArtifactLink, Error> {
        let address = ["v1", "agents", agent.as_str(), "artifacts", "download"];
        self.transport()
            .read(Call::to(&address).query([("path", path.to_owned())]))
            .await
    }

    /// Writes the bytes behind a link, `limit_bytes` at most, and gives their number. No key and no cookie
    /// goes along and no redirect is followed. On an error `into` holds a part: drop it.
    ///
    /// # Errors
    ///
    /// [`DownloadError`]: a 403 mostly means that the link is older than its fifteen minutes (API §9).
    pub async fn download_artifact(
        &self,
        link: &ArtifactLink,
        limit_bytes: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, DownloadError> {
        let url = acceptable(&link.url, self.transport().base_is_loopback()).ok_or(DownloadError::Address)?;
        self.fetch(url, limit_bytes, into).await
    }

    /// Writes the bytes at any address whose host the caller answers for, by the same client: no key, no cookie and no
    /// referrer goes along, and no redirect is followed. Only `https`, and `http` on this machine when the API is there too.
    ///
    /// # Errors
    ///
    /// [`DownloadError`]; on an error `into` holds a part: drop it.
    pub async fn download_from(
        &self,
        address: &str,
        hosts: &[&str],
        limit_bytes: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, DownloadError> {
        let base_is_local = self.transport().base_is_loopback();
        let url = of_hosts(address, hosts, base_is_local).ok_or(DownloadError::Address)?;
        self.fetch(url, limit_bytes, into).await
    }

    async fn fetch(
        &self,
        url: Url,
        limit_bytes: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, DownloadError> {
        let request = self.transport().artifact_client().get(url).send();
        let mut response = match timeout(SILENCE_LIMIT, request).await {
            Err(_) => return Err(DownloadError::TimedOut),
            Ok(Err(error)) if error.is_connect() => {
                return Err(DownloadError::Connect(error.without_url().into()));
            }
            Ok(Err(error)) => return Err(DownloadError::Interrupted(error.without_url().into())),
            Ok(Ok(response)) => response,
        };
        if !response.status().is_success() {
            return Err(DownloadError::Refused {
                status: response.status().as_u16(),
            });
        }
        if response.content_length().is_some_and(|bytes| bytes > limit_bytes) {
            return Err(DownloadError::TooLarge { limit: limit_bytes });
        }
        let mut written = 0;
        loop {
            let chunk = match timeout(SILENCE_LIMIT, response.chunk()).await {
                Err(_) => return Err(DownloadError::TimedOut),
                Ok(Err(error)) => {
                    return Err(DownloadError::Interrupted(error.without_url().into()));
                }
                Ok(Ok(None)) => break,
                Ok(Ok(Some(chunk))) => chunk,
            };
            written += chunk.len() as u64;
            if written > limit_bytes {
                return Err(DownloadError::TooLarge { limit: limit_bytes });
            }
            into.write_all(&chunk).await.map_err(DownloadError::Write)?;
        }
        into.flush().await.map_err(DownloadError::Write)?;
        Ok(written)
    }
}

/// The host of the bytes is published, so an answer cannot send the client anywhere else. A server on this
/// machine may name this machine, and no other server may.
fn acceptable(text: &str, base_is_local: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_published = url.scheme() == "https" && url.host_str()?.ends_with(".amazonaws.com");
    let is_local = base_is_local && is_loopback(&url) && matches!(url.scheme(), "http" | "https");
    let is_clean = url.username().is_empty() && url.password().is_none();
    (is_clean && (is_published || is_local)).then_some(url)
}

/// The address, if its host is one of these and nothing else is unusual about it.
fn of_hosts(text: &str, hosts: &[&str], base_is_local: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_listed = url.scheme() == "https" && url.port().is_none() && hosts.contains(&url.host_str()?);
    let is_local = base_is_local && is_loopback(&url) && matches!(url.scheme(), "http" | "https");
    let is_clean = url.username().is_empty() && url.password().is_none();
    (is_clean && (is_listed || is_local)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_come_from_the_hosts_that_were_named_only() {
        let hosts = ["pictures.example"];
        let table = [
            ("https://pictures.example/a.png", true, true),
            ("https://pictures.example:8443/a.png", false, false),
            ("http://pictures.example/a.png", false, false),
            ("https://more.pictures.example/a.png", false, false),
            ("https://user@pictures.example/a.png", false, false),
            ("https://bucket.s3.amazonaws.com/a", false, false),
            ("http://127.0.0.1:9/a", true, false),
        ];
        for (text, beside_a_local_server, beside_a_real_one) in table {
            let found = (
                of_hosts(text, &hosts, true).is_some(),
                of_hosts(text, &hosts, false).is_some(),
            );
            assert_eq!(found, (beside_a_local_server, beside_a_real_one), "{text}");
        }
    }

    #[test]
    fn bytes_come_from_the_published_host_or_this_machine() {
        let bucket = "https://cloud-agent-artifacts.s3.us-east-1.amazonaws.com/a?X-Amz-Expires=900";
        let table = [
            (bucket, true, true),
            ("http://127.0.0.1:9/a", true, false),
            ("http://localhost:9/a", true, false),
            ("http://[::1]:9/a", true, false),
            ("https://example.com/a", false, false),
            ("http://example.com/a", false, false),
            ("http://bucket.s3.amazonaws.com/a", false, false),
            ("https://amazonaws.com/a", false, false),
            ("https://notamazonaws.com/a", false, false),
            ("https://s3.amazonaws.com.example.com/a", false, false),
            ("https://user@bucket.s3.amazonaws.com/a", false, false),
            ("http://user:word@127.0.0.1/a", false, false),
            ("file:///etc/passwd", false, false),
            ("ftp://127.0.0.1/a", false, false),
            ("nonsense", false, false),
        ];
        for (text, beside_a_local_server, beside_a_real_one) in table {
            let found = (acceptable(text, true).is_some(), acceptable(text, false).is_some());
            assert_eq!(found, (beside_a_local_server, beside_a_real_one), "{text}");
        }
    }
}
