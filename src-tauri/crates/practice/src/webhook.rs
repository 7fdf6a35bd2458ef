//! Signed webhooks of v0 launches, sent to this machine only.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cloud::Cloud;
use crate::picture::hex;
use crate::routes;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells the webhook of an agent, if it has one, that its latest run ended.
pub(crate) fn announce(cloud: &Cloud, agent_id: &str) {
    let now = cloud.clock.now_ms();
    let (url, secret, body) = {
        let store = cloud.store();
        let Some(agent) = store.agent(agent_id) else {
            return;
        };
        let Some((url, secret)) = agent.webhook.clone() else {
            return;
        };
        (url, secret, routes::webhook_body(cloud, agent, now))
    };
    let Some((host, path)) = loopback_target(&url) else {
        // A practice cloud never reaches out to the network.
        tracing::warn!("a webhook outside this machine was not called");
        return;
    };
    let request = request(&host, &path, &body.to_string(), secret.as_deref());
    cloud.spawn(async move {
        match tokio::time::timeout(PATIENCE, deliver(&host, &request)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a webhook was not delivered"),
            Err(_) => tracing::warn!("a webhook was not answered in time"),
        }
    });
}

async fn deliver(host: &str, request: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut first = [0; 64];
    let _length = stream.read(&mut first).await?;
    Ok(())
}

fn request(host: &str, path: &str, body: &str, secret: Option<&str>) -> String {
    let signature = secret.map_or_else(String::new, |secret| {
        let signature = hex(&hmac_sha256(secret.as_bytes(), body.as_bytes()));
        format!("X-Webhook-Signature: sha256={signature}\r\n")
    });
    let id = uuid::Uuid::new_v4().simple();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\nUser-Agent: Cursor-Agent-Webhook/1.0\r\nX-Webhook-ID: wh_{id}\r\nX-Webhook-Event: statusChange\r\n{signature}\r\n{body}",
        body.len()
    )
}

/// `(host:port, path)` of an `http` address on this machine.
fn loopback_target(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest
        .split_once('/')
        .map_or((rest, "/".to_owned()), |(host, path)| (host, format!("/{path}")));
    let (name, port) = host.rsplit_once(':')?;
    let local = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let safe = path.bytes().all(|byte| byte.is_ascii_graphic());
    (local && safe && port.parse::<u16>().is_ok()).then(|| (host.to_owned(), path))
}

/// RFC 2104 with SHA-256.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_matches_rfc_4231() {
        // Test case 2 and test case 6 (a key longer than a block).
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&hmac_sha256(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            )),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn only_this_machine_is_called() {
        assert_eq!(
            loopback_target("http://127.0.0.1:8080/hook?x=1"),
            Some(("127.0.0.1:8080".to_owned(), "/hook?x=1".to_owned()))
        );
        for outside in [
            "https://127.0.0.1:1/",
            "http://example.com:80/",
            "http://127.0.0.1/",
            "http://127.0.0.1.example.com:80/",
            "http://user@127.0.0.1:80/\r\nX: y",
        ] {
            assert_eq!(loopback_target(outside), None, "{outside}");
        }
    }
}
