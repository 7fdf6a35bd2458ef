//! The page in the window, through WebKit's own driver. Controls are found by their accessible
//! names, as a screen reader finds them.

use std::path::Path;
use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::app::free_port;
use super::process::Process;
use super::wait::{LOOK, SOON, until};

/// Finds what a person could name and reach: visible, and inside the topmost open dialog if there is one.
/// `find(name, exact)` gives elements; `describe()` gives every name, for a failure's message.
const FINDER: &str = include_str!("finder.js");

/// The page, attached to.
pub struct Page {
    client: Client,
    _driver: Process,
}

impl Page {
    pub(crate) async fn attach(inspector: u16, environment: &[(String, String)], logs: &Path) -> Self {
        let port = free_port();
        let driver = Process::start(
            "WebKitWebDriver",
            &[&format!("--port={port}"), &format!("--target=127.0.0.1:{inspector}")],
            environment,
            logs,
        );
        let address = format!("http://127.0.0.1:{port}");
        let client = until("the driver attached to the page", SOON, || async {
            ClientBuilder::new(HttpConnector::new()).connect(&address).await.ok()
        })
        .await;
        let page = Self {
            client,
            _driver: driver,
        };
        page.until(
            "a page that is loaded",
            SOON,
            "return document.readyState === 'complete' && location.href !== 'about:blank'",
        )
        .await;
        page
    }

    /// Runs a script in the page and gives its answer.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("the page could not run {script:?}: {error}"))
    }

    /// Waits until a script answers `true`.
    pub async fn until(&self, what: &str, limit: Duration, script: &str) {
        until(what, limit, || async {
            let answer = self.client.execute(script, Vec::new()).await;
            answer.is_ok_and(|answer| answer == json!(true)).then_some(())
        })
        .await;
    }

    /// What a promise in the page comes to. The page is asked once: being asked all the time would slow it.
    pub async fn answer(&self, promise: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {promise}.then(done);");
        let answer = self.client.execute_async(&script, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("the page did not answer for {promise}: {error}"))
    }

    /// Waits for the one control with this accessible name.
    pub async fn control(&self, name: &str) -> Element {
        self.named(name, "exact", SOON).await
    }

    /// Waits for a control whose accessible name starts with these words, such as a row of the list.
    pub async fn control_starting(&self, name: &str, limit: Duration) -> Element {
        self.named(name, "start", limit).await
    }

    async fn named(&self, name: &str, way: &str, limit: Duration) -> Element {
        let start = std::time::Instant::now();
        loop {
            if let Some(element) = self.look(name, way).await {
                return element;
            }
            if start.elapsed() > limit {
                let names = self.run(&format!("{FINDER}; return describe();"), Vec::new()).await;
                panic!("no control is called {name:?} ({way}) after {limit:?}; there are {names:#}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn look(&self, name: &str, way: &str) -> Option<Element> {
        let script = format!("{FINDER}; return find(arguments[0], arguments[1]);");
        // A page that is just being replaced cannot be asked; the next look can.
        let found = self.client.execute(&script, vec![json!(name), json!(way)]).await.ok()?;
        let found = ElementRef::from(found.get(ELEMENT)?.as_str()?.to_owned());
        Some(Element::from_element_id(self.client.clone(), found))
    }

    /// Whether there is a control with this accessible name now.
    pub async fn has(&self, name: &str) -> bool {
        self.look(name, "exact").await.is_some()
    }

    /// Whether there is a control whose accessible name starts with these words now.
    pub async fn control_now(&self, name: &str) -> bool {
        self.look(name, "start").await.is_some()
    }

    /// Waits until no control has this accessible name.
    pub async fn until_gone(&self, name: &str) {
        until(&format!("no control called {name:?}"), SOON, || async {
            (!self.has(name).await).then_some(())
        })
        .await;
    }

    /// Clicks the control with this name, once it can be clicked.
    pub async fn click(&self, name: &str) {
        self.click_found(name, "exact").await;
    }

    /// Clicks the control whose name starts with these words.
    pub async fn click_starting(&self, name: &str) {
        self.click_found(name, "start").await;
    }

    async fn click_found(&self, name: &str, way: &str) {
        until(&format!("a click on {name:?}"), SOON, || async {
            let control = self.named(name, way, SOON).await;
            // Disabled for the moment, covered for the moment, or just replaced: look again.
            if !control.is_enabled().await.unwrap_or(false) {
                return None;
            }
            control.click().await.ok()
        })
        .await;
    }

    /// Types into the control with this name, after what stands there.
    pub async fn write(&self, name: &str, words: &str) {
        self.click(name).await;
        let control = self.control(name).await;
        control
            .send_keys(words)
            .await
            .unwrap_or_else(|error| panic!("{name:?} takes no words: {error}"));
    }

    /// Empties the control with this name.
    pub async fn clear(&self, name: &str) {
        let control = self.control(name).await;
        control
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{name:?} cannot be emptied: {error}"));
    }

    /// The accessible name of what has the keyboard; empty when that is the page itself.
    pub async fn focused(&self) -> String {
        let script = format!(
            "{FINDER}; const here = document.activeElement; return here === document.body ? '' : name_of(here);"
        );
        let name = self.run(&script, Vec::new()).await;
        name.as_str().unwrap_or_default().to_owned()
    }

    /// The value of the control with this name.
    pub async fn value(&self, name: &str) -> String {
        let control = self.control(name).await;
        control.prop("value").await.ok().flatten().unwrap_or_default()
    }

    /// All words that the page shows now.
    pub async fn words(&self) -> String {
        let words = self.run("return document.body.innerText", Vec::new()).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str, limit: Duration) {
        let start = std::time::Instant::now();
        loop {
            let shown = self.words().await;
            if shown.contains(words) {
                return;
            }
            assert!(
                start.elapsed() < limit,
                "the page does not say {words:?} after {limit:?}; it says:\n{shown}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until there are this many pictures whose accessible name starts with `name`, each
    /// loaded and drawn.
    pub async fn sees_pictures(&self, name: &str, count: usize, limit: Duration) {
        let script = format!("{FINDER}; return pictures(arguments[0]);");
        let start = std::time::Instant::now();
        loop {
            let shown = self.client.execute(&script, vec![json!(name)]).await;
            if shown.as_ref().is_ok_and(|shown| *shown == json!(count)) {
                return;
            }
            assert!(
                start.elapsed() < limit,
                "{count} pictures called {name:?} are not there after {limit:?}: {shown:?}; the page says:\n{}",
                self.words().await
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Presses the pointer at one place of the page, moves it to another and lets go; in CSS pixels. The same place
    /// twice is a click.
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let go = |(x, y): (f64, f64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(50)),
            x,
            y,
        };
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let down = PointerAction::Down {
            button: MOUSE_BUTTON_LEFT,
        };
        let up = PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        };
        let pointer = MouseActions::new("pointer".to_owned()).then(go(from)).then(down);
        // A drag is more than one move.
        let pointer = pointer.then(go(middle)).then(go(to)).then(up);
        self.client
            .perform_actions(pointer)
            .await
            .unwrap_or_else(|error| panic!("the pointer does not go from {from:?} to {to:?}: {error}"));
    }

    /// A PNG of the page alone.
    pub async fn photograph(&self) -> Vec<u8> {
        self.client
            .screenshot()
            .await
            .unwrap_or_else(|error| panic!("the page cannot be photographed: {error}"))
    }
}

/// The key under which WebDriver names an element (WebDriver, Elements).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
