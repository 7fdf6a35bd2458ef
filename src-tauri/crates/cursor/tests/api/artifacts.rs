//! Artifacts: their bytes come without the key, bounded, and from acceptable addresses only.

use cursor_cloud_agents::{ArtifactLink, DownloadError};
use practice_cloud::{Authorization, Fault};

use super::canned::{Canned, Play, answer};
use super::support::{client, create, finish, practice};

fn link(url: &str) -> ArtifactLink {
    serde_json::from_value(serde_json::json!({"url": url, "expiresAt": null})).unwrap()
}

#[tokio::test]
async fn artifacts_are_fetched_without_the_key() {
    let (practice, client) = practice().await;
    let created = client.create_agent(&create("Fix the sign-in form")).await.unwrap();
    let agent = created.agent.id;
    finish(&client, &agent, &created.run.id).await;
    let artifacts = client.list_artifacts(&agent).await.unwrap();
    assert!(!artifacts.is_empty());
    for artifact in &artifacts {
        let link = client.artifact_link(&agent, &artifact.path).await.unwrap();
        let mut bytes = Vec::new();
        let written = client
            .download_artifact(&link, artifact.size_bytes, &mut bytes)
            .await
            .unwrap();
        assert_eq!(
            (written, bytes.len() as u64),
            (artifact.size_bytes, artifact.size_bytes),
            "{}",
            artifact.path
        );
        let mut less = Vec::new();
        let error = client
            .download_artifact(&link, artifact.size_bytes - 1, &mut less)
            .await
            .unwrap_err();
        assert!(matches!(error, DownloadError::TooLarge { .. }), "{error}");
    }
    let at_host: Vec<Authorization> = practice
        .requests()
        .into_iter()
        .filter(|request| request.path.starts_with(practice.artifacts_url()))
        .map(|request| request.authorization)
        .collect();
    assert_eq!(at_host, vec![Authorization::None; 2 * artifacts.len()]);
    assert!(
        client
            .artifact_link(&agent, "artifacts/none such & more.png")
            .await
            .unwrap_err()
            .is_not_found()
    );
    practice.set_fault(Fault::ArtifactLinkExpired, 1);
    let old = client.artifact_link(&agent, &artifacts[0].path).await.unwrap();
    let error = client
        .download_artifact(&old, 1_000_000, &mut Vec::new())
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Refused { status: 403 }), "{error}");
    assert_eq!(practice.violations(), []);
}

#[tokio::test]
async fn only_known_addresses_are_fetched() {
    let local = client("http://127.0.0.1:1");
    let remote = client("https://api.cursor.com");
    for (client, url) in [(&local, "https://example.com/a"), (&remote, "http://127.0.0.1/a")] {
        let error = client
            .download_artifact(&link(url), 10, &mut Vec::new())
            .await
            .unwrap_err();
        assert!(matches!(error, DownloadError::Address), "{url}: {error}");
    }
}

#[tokio::test]
async fn broken_downloads_are_errors() {
    type Check = fn(&DownloadError) -> bool;
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    let endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nmore than the limit".to_vec();
    let moved = answer("302 Found", &["location: http://127.0.0.1:9/"], "");
    let table: [(&str, Play, Check); 4] = [
        ("shorter than said", Play::CutAnswer(half), |error| {
            matches!(error, DownloadError::Interrupted(_))
        }),
        ("reset", Play::Reset, |error| {
            matches!(error, DownloadError::Interrupted(_))
        }),
        ("longer than the limit, unsaid", Play::Answer(endless), |error| {
            matches!(error, DownloadError::TooLarge { limit: 10 })
        }),
        ("a redirect", Play::Answer(moved), |error| {
            matches!(error, DownloadError::Refused { status: 302 })
        }),
    ];
    for (name, play, check) in table {
        let server = Canned::start([play]).await;
        let client = client(&server.base_url);
        let url = format!("{}/file?signature=secret", server.base_url);
        let error = client
            .download_artifact(&link(&url), 10, &mut Vec::new())
            .await
            .unwrap_err();
        assert!(check(&error), "{name}: {error:?}");
        assert!(
            !format!("{error:?} {:?}", link(&url)).contains("secret"),
            "{name}: the address is a key of its own"
        );
        assert_eq!(server.seen()[0].header("authorization"), None, "{name}");
    }
}
