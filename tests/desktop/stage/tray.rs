//! A tray: it remembers the icons that programs put there, reads their menus, and clicks.
#![expect(
    clippy::used_underscore_binding,
    reason = "the macro of the bus uses every parameter of the specification"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy, interface};

use super::bus;
use super::wait::{LOOK, until};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Bus name and object path of an icon's owner.
type Address = (String, String);

#[derive(Clone)]
struct Watcher {
    items: Arc<Mutex<Vec<Address>>>,
    host: bool,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Some programs give their bus name, libayatana-appindicator gives an object path.
        let address = if service.starts_with('/') {
            (sender, service.to_owned())
        } else {
            (service.to_owned(), "/StatusNotifierItem".to_owned())
        };
        let spoken = format!("{}{}", address.0, address.1);
        self.items.lock().unwrap_or_else(PoisonError::into_inner).push(address);
        emitter
            .status_notifier_item_registered(&spoken)
            .await
            .map_err(Into::into)
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.host
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

/// A node of a menu: number, properties, children (com.canonical.dbusmenu, GetLayout).
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The tray of one stage.
pub struct Tray {
    items: Arc<Mutex<Vec<Address>>>,
    connection: Option<Connection>,
}

impl Tray {
    pub(crate) async fn start(address: &str, present: bool) -> Self {
        let items = Arc::new(Mutex::new(Vec::new()));
        if !present {
            return Self {
                items,
                connection: None,
            };
        }
        let watcher = Watcher {
            items: Arc::clone(&items),
            host: true,
        };
        let connection = bus::named(address, NAME)
            .await
            .serve_at("/StatusNotifierWatcher", watcher)
            .expect("a path for the tray")
            .build()
            .await
            .expect("a tray can stand on the bus");
        Self {
            items,
            connection: Some(connection),
        }
    }

    /// The labels of the newest icon's menu, top to bottom; separators are left out. Empty while
    /// there is no icon whose owner still lives.
    pub async fn labels(&self) -> Vec<String> {
        let entries = self.entries().await.unwrap_or_default();
        entries.into_iter().map(|(_, label)| label).collect()
    }

    /// Waits until the menu has an entry whose label holds `words`, and gives the label.
    pub async fn expect(&self, words: &str, limit: Duration) -> String {
        let start = Instant::now();
        loop {
            let entries = self.entries().await;
            let mut labels = entries.iter().flatten().map(|(_, label)| label);
            if let Some(found) = labels.find(|label| label.contains(words)) {
                return found.clone();
            }
            assert!(
                start.elapsed() < limit,
                "waited {limit:?} in vain for a tray entry that says {words:?}; it says {entries:?}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits for an entry whose label holds `words`, and clicks it.
    pub async fn click(&self, words: &str, limit: Duration) {
        let number = until(&format!("a tray entry that says {words:?}"), limit, || async {
            let entries = self.entries().await.ok()?;
            entries
                .into_iter()
                .find(|(_, label)| label.contains(words))
                .map(|(number, _)| number)
        })
        .await;
        let menu = self.menu().await.ok().flatten().expect("the icon that was just there");
        menu.call_method("Event", &(number, "clicked", Value::from(0_i32), 0_u32))
            .await
            .expect("the owner of the icon takes the click");
    }

    /// Number and label of each entry; none where nothing is in the tray.
    async fn entries(&self) -> zbus::Result<Vec<(i32, String)>> {
        let mut entries = Vec::new();
        if let Some(menu) = self.menu().await? {
            // Owners fill a menu when it is about to be shown.
            let _: bool = menu.call("AboutToShow", &0_i32).await?;
            let everything = (0_i32, -1_i32, Vec::<String>::new());
            let (_, root): (u32, Layout) = menu.call("GetLayout", &everything).await?;
            walk(&root, &mut entries);
        }
        Ok(entries)
    }

    async fn menu(&self) -> zbus::Result<Option<Proxy<'static>>> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (Some(connection), Some((name, path))) = (&self.connection, items.last().cloned()) else {
            return Ok(None);
        };
        let item = Proxy::new(connection, name.clone(), path, ITEM).await?;
        let menu: OwnedObjectPath = item.get_property("Menu").await?;
        Ok(Some(Proxy::new(connection, name, menu, MENU).await?))
    }
}

fn walk((number, properties, children): &Layout, entries: &mut Vec<(i32, String)>) {
    if let Some(label) = properties.get("label").and_then(|label| <&str>::try_from(label).ok()) {
        // An underscore marks the key of an entry; two are one.
        let label = label.replace("__", "\u{0}").replace('_', "").replace('\u{0}', "_");
        entries.push((*number, label));
    }
    for child in children {
        if let Ok(child) = child
            .try_clone()
            .map_err(zbus::Error::from)
            .and_then(|child| Layout::try_from(child).map_err(Into::into))
        {
            walk(&child, entries);
        }
    }
}
