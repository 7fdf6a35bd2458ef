//! Errors of the leaf crates as failures the page has words for. Pure.

use cursor_cloud_agents::{Error, ErrorKind};
use sendoff_secrets::KeychainError;
use sendoff_shots::{Refusal, Unsupported};
use sendoff_store::{OpenError, StoreError};

use super::answers;
use crate::machines::launch::answer::{self, Asked};
use crate::model::{Failure, PictureKind};

/// What an answer of the service, or none, means to the user.
pub(crate) fn of_service(error: &Error) -> Failure {
    match answers::refusal(error) {
        None if *error.kind() == ErrorKind::Tls => Failure::ConnectionUntrusted,
        None => Failure::Offline,
        Some(refusal) if refusal.status < 400 => Failure::AnswerNotUnderstood,
        Some(refusal) => match answer::failure(&refusal, Asked::default()) {
            Failure::Refused { status: 404, .. } => Failure::AgentGone,
            failure => failure,
        },
    }
}

/// What a refused picture means to the user.
pub(crate) fn of_picture(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::Empty => Failure::PictureEmpty,
        Refusal::TooManyBytes { bytes, limit } => Failure::PictureTooLarge {
            bytes: *bytes,
            limit: *limit,
        },
        Refusal::TooManyPixels { width, height, .. } => Failure::PictureTooManyPixels {
            width: *width,
            height: *height,
        },
        Refusal::Unsupported { kind } => Failure::PictureUnsupported { kind: kind_of(*kind) },
        Refusal::TooManyMarks { .. } => Failure::MarksTooMany,
        Refusal::TooMuchText { characters, limit } => Failure::MarksTooMuchText {
            characters: *characters,
            limit: *limit,
        },
        Refusal::MarksUnreadable => Failure::MarksUnreadable,
        Refusal::CropEmpty => Failure::CropEmpty,
        Refusal::UnsupportedVariant { .. }
        | Refusal::Damaged { .. }
        | Refusal::PixelsMismatch { .. }
        | Refusal::CannotFit { .. } => Failure::PictureDamaged,
    }
}

fn kind_of(kind: Unsupported) -> PictureKind {
    match kind {
        Unsupported::Heic => PictureKind::Heic,
        Unsupported::Svg => PictureKind::Svg,
        Unsupported::Tiff => PictureKind::Tiff,
        Unsupported::Avif => PictureKind::Avif,
        Unsupported::Pdf => PictureKind::Pdf,
        Unsupported::Text => PictureKind::Text,
        Unsupported::Video => PictureKind::Video,
        _ => PictureKind::Unknown,
    }
}

/// What a failure of the disk means to the user.
pub(crate) fn of_store(error: &StoreError) -> Failure {
    match error {
        StoreError::Full => Failure::DiskFull,
        StoreError::ReadOnly => Failure::DataReadOnly,
        StoreError::Damaged => Failure::DataDamaged,
        StoreError::Busy => Failure::DataInUse,
        StoreError::Missing => Failure::NotFound,
        _ => Failure::DataTrouble,
    }
}

/// Why the data folder could not be opened, for the user.
pub(crate) fn of_open(error: &OpenError) -> Failure {
    match error {
        OpenError::Locked => Failure::DataInUse,
        OpenError::Newer { found, known } => Failure::DataNewer {
            found: *found,
            known: *known,
        },
        OpenError::ReadOnly => Failure::DataReadOnly,
        OpenError::Full => Failure::DiskFull,
        OpenError::Damaged => Failure::DataDamaged,
        OpenError::Io { .. } => Failure::DataTrouble,
    }
}

/// What the keychain's refusal means to the user.
pub(crate) fn of_keychain(error: &KeychainError) -> Failure {
    match error {
        KeychainError::Absent => Failure::KeychainAbsent,
        KeychainError::Locked => Failure::KeychainLocked,
        KeychainError::Denied => Failure::KeychainDenied,
        KeychainError::Silent { .. } => Failure::KeychainSilent,
        _ => Failure::KeychainTrouble,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;

    use cursor_cloud_agents::{Client, ClientOptions, Key, RetryPolicy, Scheme};

    use super::*;

    #[tokio::test]
    async fn an_address_that_answers_without_proof_is_not_called_offline() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("https://{}", listener.local_addr().unwrap());
        let answering = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            connection
        });
        let client = Client::new(ClientOptions {
            base_url,
            key: Key::new("crsr_0000").unwrap(),
            scheme: Scheme::Bearer,
            retry: RetryPolicy {
                repeats: 0,
                ..RetryPolicy::default()
            },
        })
        .unwrap();
        let error = client.me().await.unwrap_err();
        drop(answering.join());
        assert_eq!(
            of_service(&error),
            Failure::ConnectionUntrusted,
            "somebody is there, who cannot prove to be the service: {error:?}"
        );
    }
}
