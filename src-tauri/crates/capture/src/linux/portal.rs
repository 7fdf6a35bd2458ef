//! A picture of the screen from the desktop portal (org.freedesktop.portal.Screenshot), which asks the user itself.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::AsyncReadExt;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, MessageStream, message};

use crate::{Picture, Refusal, Still};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
/// The user may think about it for so long; after that the app's window comes back.
const PATIENCE: Duration = Duration::from_mins(2);
/// The largest file that is read, in bytes: one more than is taken in.
const LARGEST: u64 = 60_000_001;

/// Asks for a picture of everything on the screen.
pub(super) async fn still() -> Result<Still, Refusal> {
    let asked = tokio::time::timeout(PATIENCE, ask()).await;
    let path = asked.map_err(|_| Refusal::Failed)??;
    let read = read(&path).await;
    // It was made for us, and would pile up among the user's pictures.
    let removed = tokio::fs::remove_file(&path).await;
    if let Err(error) = removed {
        tracing::warn!(%error, "the portal's picture stays where it is");
    }
    let bytes = read.map_err(|error| {
        tracing::warn!(%error, "the portal's picture could not be read");
        Refusal::Failed
    })?;
    Ok(Still {
        picture: Picture::Encoded(bytes),
        windows: Vec::new(),
    })
}

async fn read(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    let file = tokio::fs::File::open(path).await?;
    if !file.metadata().await?.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Where the portal left the picture.
async fn ask() -> Result<PathBuf, Refusal> {
    let connection = Connection::session().await.map_err(|error| {
        tracing::warn!(%error, "there is no session bus");
        Refusal::NoPortal
    })?;
    // Heard before it is asked: a portal may answer before it says where it will.
    let answers = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .interface("org.freedesktop.portal.Request")
        .and_then(|rule| rule.member("Response"))
        .map_err(|_| Refusal::Failed)?
        .build();
    let mut answers = MessageStream::for_match_rule(answers, &connection, None)
        .await
        .map_err(|error| failed(&error))?;
    let options = HashMap::from([("interactive", Value::from(false)), ("modal", Value::from(false))]);
    let request: OwnedObjectPath = connection
        .call_method(
            Some(PORTAL),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.portal.Screenshot"),
            "Screenshot",
            &("", options),
        )
        .await
        .and_then(|reply| reply.body().deserialize())
        .map_err(|error| refused(&error))?;
    while let Some(answer) = answers.next().await {
        let answer = answer.map_err(|error| failed(&error))?;
        if answer
            .header()
            .path()
            .is_some_and(|path| path.as_str() == request.as_str())
        {
            let body = answer.body();
            let (response, results): (u32, HashMap<String, OwnedValue>) =
                body.deserialize().map_err(|error| failed(&error))?;
            return outcome(response, results.get("uri"));
        }
    }
    Err(Refusal::Failed)
}

/// What a response says (Request portal: 0 done, 1 the user said no, 2 ended in another way).
fn outcome(response: u32, uri: Option<&OwnedValue>) -> Result<PathBuf, Refusal> {
    match response {
        0 => uri
            .and_then(|uri| uri.downcast_ref::<&str>().ok())
            .and_then(|uri| url::Url::parse(uri).ok())
            .filter(|uri| uri.scheme() == "file")
            .and_then(|uri| uri.to_file_path().ok())
            .ok_or(Refusal::Failed),
        1 => Err(Refusal::Declined),
        // Both GNOME and KDE answer so when the user once said no for good.
        _ => Err(Refusal::Forbidden),
    }
}

/// Nobody there, or nobody who knows of pictures.
fn refused(error: &zbus::Error) -> Refusal {
    const ABSENT: [&str; 6] = [
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.DBus.Error.UnknownMethod",
        "org.freedesktop.DBus.Error.UnknownInterface",
        "org.freedesktop.DBus.Error.UnknownObject",
        "org.freedesktop.DBus.Error.Spawn.ExecFailed",
    ];
    match error {
        zbus::Error::MethodError(name, _, _) if ABSENT.contains(&name.as_str()) => Refusal::NoPortal,
        zbus::Error::MethodError(name, _, _) if name.as_str().ends_with(".AccessDenied") => Refusal::Forbidden,
        _ => failed(error),
    }
}

fn failed(error: &zbus::Error) -> Refusal {
    tracing::warn!(%error, "the portal gave no picture");
    Refusal::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_a_file_or_a_reason() {
        let uri = |text: &'static str| OwnedValue::from(zbus::zvariant::Str::from(text));
        for (response, uri, expected, why) in [
            (
                0,
                Some(uri("file:///home/a/Pictures/Screenshot%20from%20today.png")),
                Ok(PathBuf::from("/home/a/Pictures/Screenshot from today.png")),
                "a file",
            ),
            (0, None, Err(Refusal::Failed), "done, and no file"),
            (0, Some(OwnedValue::from(5_u32)), Err(Refusal::Failed), "not an address"),
            (
                0,
                Some(uri("https://example.com/a.png")),
                Err(Refusal::Failed),
                "nothing is fetched from elsewhere",
            ),
            (
                0,
                Some(uri("file://elsewhere/a.png")),
                Err(Refusal::Failed),
                "a file of another computer",
            ),
            (1, None, Err(Refusal::Declined), "the user said no"),
            (2, None, Err(Refusal::Forbidden), "the user said no for good"),
        ] {
            assert_eq!(outcome(response, uri.as_ref()), expected, "{why}");
        }
    }
}
