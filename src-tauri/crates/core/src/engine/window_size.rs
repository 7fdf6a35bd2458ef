//! How large the window was left, for the next start.

use serde::{Deserialize, Serialize};

use super::{Engine, accounts::encode, lock};

/// Where it is kept.
pub(super) const WINDOW_SIZE: &str = "window-size";

/// The size of the window in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSize {
    /// Without what the platform draws around it.
    pub width: u32,
    /// Likewise.
    pub height: u32,
    /// Whether it fills the screen; the size is the one it goes back to then.
    pub maximized: bool,
}

impl WindowSize {
    /// Whether a window can be so large; what is read from the disk may be anything.
    pub(super) fn is_sound(&self) -> bool {
        (1..=16_384).contains(&self.width) && (1..=16_384).contains(&self.height)
    }
}

impl Engine {
    /// How large the window was left; none before it was closed once.
    pub fn window_size(&self) -> Option<WindowSize> {
        *lock(&self.0.window_size)
    }

    /// Keeps how large the window is left.
    pub fn keep_window_size(&self, size: WindowSize) {
        if !size.is_sound() || lock(&self.0.window_size).replace(size) == Some(size) {
            return;
        }
        self.0.disk.later(move |store| {
            if let Err(error) = store.put_setting(WINDOW_SIZE, &encode(&size)) {
                tracing::warn!(?error, "the window will be as large as it was before");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use sendoff_store::Store;

    use super::*;
    use crate::engine::tests::engine;

    const LEFT: WindowSize = WindowSize {
        width: 900,
        height: 600,
        maximized: true,
    };

    /// The size with which an engine begins that finds this on the disk.
    async fn found(body: &str) -> Option<WindowSize> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.put_setting(WINDOW_SIZE, body).unwrap();
        drop(store);
        engine(&folder).await.window_size()
    }

    #[tokio::test]
    async fn the_window_is_as_large_as_it_was_left_and_nonsense_is_no_size() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder).await;
        assert_eq!(engine.window_size(), None);
        engine.keep_window_size(LEFT);
        engine.keep_window_size(WindowSize { width: 0, ..LEFT });
        engine.stop().await;
        let kept = engine.0.store.setting(WINDOW_SIZE).unwrap().unwrap();
        assert_eq!(found(&kept).await, Some(LEFT), "no window has no width");
        let wide = r#"{"width":4000000000,"height":600,"maximized":false}"#;
        assert_eq!((found(wide).await, found("{").await), (None, None));
    }
}
