//! The system keychain: GNOME's own daemon, unlocked, locked, or not there at all.

use std::path::Path;

use super::process::{Process, tool};
use super::wait::{SOON, until};

/// State of the system keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// Unlocked, as after a login with a password.
    Open,
    /// There, but locked, and nobody to ask for its password.
    Locked,
    /// No Secret Service at all, as on a bare window manager.
    Absent,
}

/// Starts the daemon in this state. `None` when it is absent.
pub(crate) async fn start(state: Keyring, environment: &[(String, String)], logs: &Path) -> Option<Process> {
    let unlocked = |environment: &[(String, String)]| {
        Process::start_fed(
            "gnome-keyring-daemon",
            &["--foreground", "--unlock", "--components=secrets"],
            environment,
            logs,
            b"the password of this stage",
        )
    };
    match state {
        Keyring::Absent => None,
        Keyring::Open => {
            let daemon = unlocked(environment);
            until_it_answers(environment).await;
            Some(daemon)
        }
        Keyring::Locked => {
            // A first life with the password makes the login keyring; the second does not know it.
            let daemon = unlocked(environment);
            until_it_answers(environment).await;
            drop(daemon);
            let daemon = Process::start(
                "gnome-keyring-daemon",
                &["--foreground", "--components=secrets"],
                environment,
                logs,
            );
            until_it_answers(environment).await;
            Some(daemon)
        }
    }
}

async fn until_it_answers(environment: &[(String, String)]) {
    until("the keychain on the bus", SOON, || async {
        // The default collection is there as soon as the login keyring is read or made.
        tool(
            "dbus-send",
            &[
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.ReadAlias",
                "string:default",
            ],
            environment,
        )
        .filter(|answer| answer.contains("/org/freedesktop/secrets/collection/"))
    })
    .await;
}
