//! The keychain against real buses and a real `gnome-keyring-daemon`, each test in a session of its own: the test
//! starts itself again under `dbus-run-session`, with a bus that can start nothing by itself and an empty home.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use sendoff_secrets::{Keychain, KeychainError, SECRET_LIMIT, TIME_LIMIT};
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;

const SERVICE: &str = "sendoff-test";
const SECRETS: &str = "org.freedesktop.secrets";
const PROMPTER: &str = "org.gnome.keyring.SystemPrompter";

/// Set in the process that runs inside the session.
const INSIDE: &str = "SENDOFF_SECRETS_INSIDE";

/// A bus where everyone may do everything and no service is started by its name.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"#;

/// Runs `body` in a new session with an empty home.
fn in_session(test: &str, body: fn(home: &Path)) {
    inside(test, body, |home| {
        let bus = home.join("bus.conf");
        fs::write(&bus, BUS).unwrap();
        let mut command = Command::new("dbus-run-session");
        command
            .arg(format!("--config-file={}", bus.display()))
            .arg("--")
            .arg(env::current_exe().unwrap());
        command
    });
}

/// Runs `body` in a process of its own with an empty home.
fn inside(test: &str, body: fn(home: &Path), command: impl FnOnce(&Path) -> Command) {
    if let Some(home) = env::var_os(INSIDE) {
        return body(Path::new(&home));
    }
    let home = tempfile::tempdir().unwrap();
    let output = command(home.path())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, home.path())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap_or_else(|error| panic!("dbus-run-session (package dbus) must be installed: {error}"));
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "the test failed inside its session:\n{said}\n{complained}"
    );
}

/// A keyring daemon that ends with the test.
struct Daemon(std::process::Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Starts the daemon, with an unlocked login keyring if there is a password, and waits until it has its name.
fn start_daemon(password: Option<&str>) -> Daemon {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--components=secrets"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = match password {
        Some(password) => {
            use std::io::Write;
            let mut child = command.arg("--unlock").stdin(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
            child
        }
        None => command.arg("--start").stdin(Stdio::null()).spawn().unwrap(),
    };
    let daemon = Daemon(child);
    wait_for_owner();
    daemon
}

/// Waits until somebody has the name of the Secret Service.
fn wait_for_owner() {
    let bus = DBusProxy::new(&Connection::session().unwrap()).unwrap();
    let mut changes = bus.receive_name_owner_changed().unwrap();
    while !bus.name_has_owner(SECRETS.try_into().unwrap()).unwrap() {
        changes.next().unwrap();
    }
}

/// Takes a name on the bus and never answers a call; gives the name back when dropped.
fn take_and_stay_silent(name: &str) -> Connection {
    let connection = Connection::session().unwrap();
    connection.request_name(name).unwrap();
    connection
}

fn lock_default_collection() {
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    let collection = service.get_default_collection().unwrap();
    collection.lock().unwrap();
    assert!(collection.is_locked().unwrap());
}

fn loaded(keychain: &Keychain, account: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    Ok(keychain.load(account)?.map(|secret| secret.expose().to_vec()))
}

/// The outcome of a call, and that it came within the limit (and what a busy machine adds).
fn in_time<T>(call: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let outcome = call();
    let took = start.elapsed();
    assert!(took < TIME_LIMIT + Duration::from_secs(3), "the call took {took:?}");
    outcome
}

#[test]
fn secrets_are_kept_replaced_and_forgotten() {
    in_session("secrets_are_kept_replaced_and_forgotten", |home| {
        let _daemon = start_daemon(Some("password"));
        let keychain = Keychain::system(SERVICE);
        assert_eq!(loaded(&keychain, "first"), Ok(None), "nothing was kept yet");
        assert_eq!(
            keychain.remove("first"),
            Ok(()),
            "removing what is not there is no error"
        );
        let longest: Vec<u8> = (0..SECRET_LIMIT).map(|number| number as u8).collect();
        for secret in [b"canary-old".as_slice(), b"canary-new", b"", b"\0\xff\n", &longest] {
            assert_eq!(keychain.store("first", secret), Ok(()));
            assert_eq!(
                loaded(&keychain, "first"),
                Ok(Some(secret.to_vec())),
                "the newest replaces the one before"
            );
        }
        assert_eq!(keychain.store("second", b"canary-second"), Ok(()));
        assert_eq!(keychain.remove("first"), Ok(()));
        // Another keychain is what the next start of the program is.
        let next = Keychain::system(SERVICE);
        assert_eq!(loaded(&next, "first"), Ok(None));
        assert_eq!(loaded(&next, "second"), Ok(Some(b"canary-second".to_vec())));
        assert_eq!(
            loaded(&Keychain::system("another-program"), "second"),
            Ok(None),
            "a program sees its own items only"
        );

        let mut files = vec![home.to_owned()];
        let mut seen = 0;
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            } else if path.is_file() {
                let bytes = fs::read(&path).unwrap();
                assert!(
                    !bytes.windows(6).any(|window| window == b"canary"),
                    "{} holds a secret in plain",
                    path.display()
                );
                seen += usize::from(path.extension().is_some_and(|extension| extension == "keyring"));
            }
        }
        assert_eq!(
            seen, 1,
            "the search must have met the file the daemon keeps the secrets in"
        );
    });
}

#[test]
fn no_bus_is_an_absent_keychain() {
    inside(
        "no_bus_is_an_absent_keychain",
        |_| all_absent(),
        |home| {
            let mut command = Command::new(env::current_exe().unwrap());
            command.env(
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}/nowhere", home.display()),
            );
            command
        },
    );
}

#[test]
fn an_address_that_is_none_is_an_absent_keychain() {
    inside(
        "an_address_that_is_none_is_an_absent_keychain",
        |_| all_absent(),
        |_| {
            let mut command = Command::new(env::current_exe().unwrap());
            command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
            command
        },
    );
}

#[test]
fn a_bus_without_a_secret_service_is_an_absent_keychain() {
    in_session("a_bus_without_a_secret_service_is_an_absent_keychain", |_| all_absent());
}

fn all_absent() {
    let keychain = Keychain::system(SERVICE);
    assert_eq!(
        in_time(|| keychain.store("account", b"secret")),
        Err(KeychainError::Absent)
    );
    assert_eq!(in_time(|| loaded(&keychain, "account")), Err(KeychainError::Absent));
    assert_eq!(in_time(|| keychain.remove("account")), Err(KeychainError::Absent));
}

#[test]
fn a_keychain_that_comes_late_or_again_is_found() {
    in_session("a_keychain_that_comes_late_or_again_is_found", |_| {
        let keychain = Keychain::system(SERVICE);
        assert_eq!(
            loaded(&keychain, "account"),
            Err(KeychainError::Absent),
            "nothing runs yet"
        );
        let daemon = start_daemon(Some("password"));
        assert_eq!(keychain.store("account", b"secret"), Ok(()));
        drop(daemon);
        assert_eq!(
            loaded(&keychain, "account"),
            Err(KeychainError::Absent),
            "the daemon was ended"
        );
        let _daemon = start_daemon(Some("password"));
        assert_eq!(
            loaded(&keychain, "account"),
            Ok(Some(b"secret".to_vec())),
            "the next daemon reads the same file"
        );
    });
}

#[test]
fn a_locked_keychain_whose_prompt_is_ignored_is_locked() {
    in_session("a_locked_keychain_whose_prompt_is_ignored_is_locked", |_| {
        let _daemon = start_daemon(Some("password"));
        let keychain = Keychain::system(SERVICE);
        assert_eq!(keychain.store("account", b"secret"), Ok(()));
        lock_default_collection();
        let _prompter = take_and_stay_silent(PROMPTER);
        assert_eq!(in_time(|| loaded(&keychain, "account")), Err(KeychainError::Locked));
        assert_eq!(
            in_time(|| keychain.store("account", b"other")),
            Err(KeychainError::Locked),
            "the prompt still stands"
        );
    });
}

#[test]
fn a_locked_keychain_that_cannot_ask_stays_locked() {
    in_session("a_locked_keychain_that_cannot_ask_stays_locked", |_| {
        let _daemon = start_daemon(Some("password"));
        let keychain = Keychain::system(SERVICE);
        assert_eq!(keychain.store("account", b"secret"), Ok(()));
        lock_default_collection();
        // Without a prompter the daemon dismisses its prompt by itself.
        assert_eq!(in_time(|| loaded(&keychain, "account")), Err(KeychainError::Locked));
    });
}

#[test]
fn a_service_without_a_collection_is_absent_until_the_user_makes_one() {
    in_session(
        "a_service_without_a_collection_is_absent_until_the_user_makes_one",
        |_| {
            let _daemon = start_daemon(None);
            let keychain = Keychain::system(SERVICE);
            assert_eq!(in_time(|| loaded(&keychain, "account")), Err(KeychainError::Absent));
            let _prompter = take_and_stay_silent(PROMPTER);
            assert_eq!(
                in_time(|| keychain.store("account", b"secret")),
                Err(KeychainError::Locked),
                "it asks for a new password"
            );
        },
    );
}

#[test]
fn a_service_that_never_answers_is_silent_and_can_be_replaced() {
    in_session("a_service_that_never_answers_is_silent_and_can_be_replaced", |_| {
        let black_hole = take_and_stay_silent(SECRETS);
        let keychain = Keychain::system(SERVICE);
        let silent = KeychainError::Silent { after_ms: 5_000 };
        assert_eq!(in_time(|| loaded(&keychain, "account")), Err(silent.clone()));
        assert_eq!(
            in_time(|| keychain.store("account", b"secret")),
            Err(silent),
            "the thread is still taken"
        );
        black_hole.close().unwrap();
        let _daemon = start_daemon(Some("password"));
        assert_eq!(
            loaded(&keychain, "account"),
            Ok(None),
            "the store that was given up was never made"
        );
        assert_eq!(keychain.store("account", b"secret"), Ok(()));
    });
}

#[test]
fn a_service_that_dies_during_a_call_is_absent() {
    in_session("a_service_that_dies_during_a_call_is_absent", |_| {
        let black_hole = take_and_stay_silent(SECRETS);
        // The stream is made before the call, so that the call cannot be missed.
        let mut calls = zbus::blocking::MessageIterator::from(&black_hole);
        let dying = thread::spawn(move || {
            let opened = calls.any(|call| {
                call.unwrap()
                    .header()
                    .member()
                    .is_some_and(|name| name == "OpenSession")
            });
            assert!(opened, "the call must have come before the service dies");
            black_hole.close().unwrap();
        });
        let start = Instant::now();
        assert_eq!(
            loaded(&Keychain::system(SERVICE), "account"),
            Err(KeychainError::Absent)
        );
        assert!(
            start.elapsed() < TIME_LIMIT,
            "the bus tells at once, nothing waits for the limit"
        );
        dying.join().unwrap();
    });
}

#[test]
fn two_items_of_one_account_are_ambiguous() {
    in_session("two_items_of_one_account_are_ambiguous", |_| {
        let _daemon = start_daemon(Some("password"));
        let service = SecretService::connect(EncryptionType::Plain).unwrap();
        let collection = service.get_default_collection().unwrap();
        for (more, secret) in [("1", b"first".as_slice()), ("2", b"second")] {
            let attributes = HashMap::from([("service", SERVICE), ("username", "account"), ("more", more)]);
            collection
                .create_item("by hand", attributes, secret, false, "text/plain")
                .unwrap();
        }
        let keychain = Keychain::system(SERVICE);
        assert_eq!(loaded(&keychain, "account"), Err(KeychainError::Ambiguous));
        assert_eq!(keychain.store("account", b"third"), Err(KeychainError::Ambiguous));
        assert_eq!(
            keychain.remove("account"),
            Err(KeychainError::Ambiguous),
            "nothing is removed on a guess"
        );
        let found = service.search_items(HashMap::from([("service", SERVICE)])).unwrap();
        assert_eq!(found.unlocked.len(), 2, "both are left as they were");
    });
}

#[test]
fn a_foreign_secret_beyond_the_limit_is_refused() {
    in_session("a_foreign_secret_beyond_the_limit_is_refused", |_| {
        let _daemon = start_daemon(Some("password"));
        let service = SecretService::connect(EncryptionType::Plain).unwrap();
        let collection = service.get_default_collection().unwrap();
        let attributes = HashMap::from([("service", SERVICE), ("username", "account")]);
        let long = vec![b'x'; SECRET_LIMIT as usize + 1];
        collection
            .create_item("by hand", attributes, &long, false, "text/plain")
            .unwrap();
        assert_eq!(
            loaded(&Keychain::system(SERVICE), "account"),
            Err(KeychainError::TooLong { limit: SECRET_LIMIT })
        );
    });
}
