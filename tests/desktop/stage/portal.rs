//! The desktop portal, as far as a web view and a toolkit ask it: what the desktop looks like.
//! Without an answer WebKitGTK may wait 25 seconds for one.

use std::collections::HashMap;

use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, fdo, interface};

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

/// Puts the portal on the bus.
pub(crate) async fn start(address: &str, dark: bool) -> Connection {
    bus::named(address, "org.freedesktop.portal.Desktop")
        .await
        .serve_at("/org/freedesktop/portal/desktop", Settings { dark })
        .expect("a path for the portal")
        .build()
        .await
        .expect("the portal can stand on the bus")
}
