//! A notification server that shows nothing, remembers everything, and can click.
#![expect(
    clippy::used_underscore_binding,
    reason = "the macro of the bus uses every parameter of the specification"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

use super::bus;
use super::wait::until;

const PATH: &str = "/org/freedesktop/Notifications";

/// One notification, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The server's number for it.
    pub id: u32,
    /// The line in bold.
    pub summary: String,
    /// The line below.
    pub body: String,
    /// Pairs of an action's key and its label.
    pub actions: Vec<String>,
    /// The bytes of the file that it shows, if any.
    pub picture: Option<Vec<u8>>,
}

#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<Notice>>>);

impl Shown {
    fn all(&self) -> Vec<Notice> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What the hint `image-path` names (Desktop Notifications Specification, "Icons and Images").
fn picture(mut hints: HashMap<String, OwnedValue>) -> Option<Vec<u8>> {
    let path = String::try_from(hints.remove("image-path")?).ok()?;
    std::fs::read(path.strip_prefix("file://").unwrap_or(&path)).ok()
}

#[interface(name = "org.freedesktop.Notifications")]
impl Shown {
    #[expect(clippy::too_many_arguments, reason = "the call is laid down in the specification")]
    fn notify(
        &self,
        _application: &str,
        replaces: u32,
        _icon: &str,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = if replaces > 0 { replaces } else { shown.len() as u32 + 1 };
        shown.push(Notice {
            id,
            summary,
            body,
            actions,
            picture: picture(hints),
        });
        id
    }

    async fn close_notification(
        &self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        id: u32,
    ) -> zbus::fdo::Result<()> {
        // 3: closed by a call (Desktop Notifications Specification, NotificationClosed).
        emitter.notification_closed(id, 3).await.map_err(Into::into)
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        (
            "stage".to_owned(),
            "sendoff".to_owned(),
            "1".to_owned(),
            "1.2".to_owned(),
        )
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

/// The notifications of one stage.
pub struct Notices {
    shown: Shown,
    /// None where nobody shows any.
    connection: Option<Connection>,
}

impl Notices {
    pub(crate) async fn start(address: &str, stands: bool) -> Self {
        let shown = Shown::default();
        if !stands {
            let connection = None;
            return Self { shown, connection };
        }
        let connection = bus::named(address, "org.freedesktop.Notifications")
            .await
            .serve_at(PATH, shown.clone())
            .expect("a path for the notifications")
            .build()
            .await
            .expect("a notification server can stand on the bus");
        let connection = Some(connection);
        Self { shown, connection }
    }

    /// Every notification so far, oldest first.
    pub fn all(&self) -> Vec<Notice> {
        self.shown.all()
    }

    /// Waits for a notification whose summary holds `words`.
    pub async fn expect(&self, words: &str, limit: std::time::Duration) -> Notice {
        until(&format!("a notification that says {words:?}"), limit, || async {
            self.all().into_iter().find(|notice| notice.summary.contains(words))
        })
        .await
    }

    /// Clicks a notification, as a person does.
    pub async fn click(&self, notice: &Notice) {
        let connection = self.connection.as_ref().expect("somebody shows notifications");
        let emitter = SignalEmitter::new(connection, PATH).expect("our own path");
        Shown::action_invoked(&emitter, notice.id, "default")
            .await
            .expect("the click reaches the bus");
        // 2: dismissed by the user, which servers send after an action.
        Shown::notification_closed(&emitter, notice.id, 2)
            .await
            .expect("the closing reaches the bus");
    }
}
