//! The desktop portal, as far as it is asked here: what the desktop looks like, and pictures of the screen.
//! Without an answer to the first WebKitGTK may wait 25 seconds for one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, fdo, interface, message};

use super::bus;

struct Settings {
    dark: bool,
}

const APPEARANCE: &str = "org.freedesktop.appearance";
const SCHEME: &str = "color-scheme";

impl Settings {
    /// Settings portal: 1 prefers dark, 2 prefers light.
    fn scheme(&self) -> OwnedValue {
        OwnedValue::from(if self.dark { 1_u32 } else { 2_u32 })
    }

    fn value(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        if namespace == APPEARANCE && key == SCHEME {
            Ok(self.scheme())
        } else {
            Err(fdo::Error::Failed("no such setting on this stage".to_owned()))
        }
    }
}

#[interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        2
    }

    fn read_one(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        self.value(namespace, key)
    }

    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        // The older call wraps the value twice (Settings portal, Read).
        let inner = Value::from(self.value(namespace, key)?);
        OwnedValue::try_from(Value::Value(Box::new(inner))).map_err(|error| fdo::Error::Failed(error.to_string()))
    }

    fn read_all(&self, namespaces: Vec<String>) -> HashMap<String, HashMap<String, OwnedValue>> {
        let wanted = namespaces.is_empty()
            || namespaces
                .iter()
                .any(|name| APPEARANCE.starts_with(name.trim_end_matches('*')));
        if !wanted {
            return HashMap::new();
        }
        HashMap::from([(
            APPEARANCE.to_owned(),
            HashMap::from([(SCHEME.to_owned(), self.scheme())]),
        )])
    }
}

/// What the portal says when the screen is asked for.
#[derive(Clone, Debug)]
pub enum ScreenAnswer {
    /// The picture in this file.
    Picture(PathBuf),
    /// None, and why (Request portal, Response): 1 is a no of the user, 2 anything else.
    Refused(u32),
}

struct Screenshot {
    answer: Arc<Mutex<ScreenAnswer>>,
    asked: Arc<AtomicUsize>,
}

#[interface(name = "org.freedesktop.portal.Screenshot")]
impl Screenshot {
    async fn screenshot(
        &self,
        parent: &str,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: message::Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        let failed = |error: String| fdo::Error::Failed(error);
        let interactive = options
            .get("interactive")
            .is_some_and(|value| value.downcast_ref() == Ok(true));
        if interactive || !parent.is_empty() {
            // The desk cuts the picture, not the portal, and there is no window of ours to ask over.
            return Err(failed("that is not what is asked for here".to_owned()));
        }
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (response, results) = match answer {
            ScreenAnswer::Picture(file) => {
                let uri = Value::from(format!("file://{}", file.display()));
                (0_u32, HashMap::from([("uri", uri)]))
            }
            ScreenAnswer::Refused(response) => (response, HashMap::new()),
        };
        let request = "/org/freedesktop/portal/desktop/request/stage/1";
        // Told before the answer says where it will be told: a portal may be that fast.
        connection
            .emit_signal(
                header.sender().cloned(),
                request,
                "org.freedesktop.portal.Request",
                "Response",
                &(response, results),
            )
            .await
            .map_err(|error| failed(error.to_string()))?;
        request.try_into().map_err(|_| failed("no path".to_owned()))
    }
}

/// The portal.
pub struct Portal {
    connection: Connection,
    answer: Arc<Mutex<ScreenAnswer>>,
    asked: Arc<AtomicUsize>,
}

const PATH: &str = "/org/freedesktop/portal/desktop";

impl Portal {
    /// Puts the portal on the bus. It gives no pictures of the screen yet, like one without a part for its desktop.
    pub(crate) async fn start(address: &str, dark: bool) -> Self {
        let connection = bus::named(address, "org.freedesktop.portal.Desktop")
            .await
            .serve_at(PATH, Settings { dark })
            .expect("a path for the portal")
            .build()
            .await
            .expect("the portal can stand on the bus");
        Self {
            connection,
            answer: Arc::new(Mutex::new(ScreenAnswer::Refused(2))),
            asked: Arc::default(),
        }
    }

    /// How often the screen was asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Answers like this from now on when the screen is asked for.
    pub async fn answer_screen(&self, answer: ScreenAnswer) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        let screenshot = Screenshot {
            answer: Arc::clone(&self.answer),
            asked: Arc::clone(&self.asked),
        };
        // What is served already stays.
        self.connection
            .object_server()
            .at(PATH, screenshot)
            .await
            .expect("the portal can do more than before");
    }
}
