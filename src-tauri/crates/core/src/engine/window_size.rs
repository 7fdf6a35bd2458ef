//! How large the window was left, for the next start.

use std::time::{Duration, Instant};

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
    /// How large it is at first.
    pub const FIRST: Self = Self {
        width: 1180,
        height: 780,
        maximized: false,
    };

    /// Whether a window can be so large; what is read from the disk may be anything.
    pub(super) fn is_sound(&self) -> bool {
        (1..=16_384).contains(&self.width) && (1..=16_384).contains(&self.height)
    }
}

/// A size that stood for so long is one that somebody chose, and no step on the way to filling the screen.
const STOOD: Duration = Duration::from_millis(500);

/// How large a window is while it is open. Pure: times are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldSize {
    /// Width and height that it goes back to from filling the screen.
    stood: (u32, u32),
    /// What it has now, and since when, unless it fills the screen.
    now: Option<((u32, u32), Instant)>,
}

impl HeldSize {
    /// Of a window that is made so large at this moment.
    pub(super) fn of(size: WindowSize, at: Instant) -> Self {
        let stood = (size.width, size.height);
        Self {
            stood,
            now: (!size.maximized).then_some((stood, at)),
        }
    }

    /// Takes another width and height, or none for a window that fills the screen now.
    fn take(&mut self, size: Option<(u32, u32)>, at: Instant) {
        if let Some((before, since)) = self.now
            && at.duration_since(since) >= STOOD
        {
            self.stood = before;
        }
        self.now = size.map(|size| (size, at));
    }

    /// What it is left with.
    fn left(&self) -> WindowSize {
        let (width, height) = self.now.map_or(self.stood, |(size, _)| size);
        WindowSize {
            width,
            height,
            maximized: self.now.is_none(),
        }
    }
}

impl Engine {
    /// How large the window is or was left.
    pub fn window_size(&self) -> WindowSize {
        lock(&self.0.window_size).left()
    }

    /// Takes what width and height the window has now, in logical pixels, or none if it fills the screen.
    pub fn window_resized(&self, size: Option<(u32, u32)>) {
        lock(&self.0.window_size).take(size, Instant::now());
    }

    /// Keeps for the next start how large the window is left.
    pub fn keep_window_size(&self) {
        let size = self.window_size();
        if !size.is_sound() {
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
    async fn found(body: &str) -> WindowSize {
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
        assert_eq!(engine.window_size(), WindowSize::FIRST);
        engine.window_resized(Some((900, 600)));
        engine.keep_window_size();
        engine.window_resized(Some((0, 600)));
        engine.keep_window_size();
        engine.stop().await;
        let kept = engine.0.store.setting(WINDOW_SIZE).unwrap().unwrap();
        let left = WindowSize {
            maximized: false,
            ..LEFT
        };
        assert_eq!(found(&kept).await, left, "no window has no width");
        let wide = r#"{"width":4000000000,"height":600,"maximized":false}"#;
        assert_eq!(
            (found(wide).await, found("{").await),
            (WindowSize::FIRST, WindowSize::FIRST)
        );
    }

    #[test]
    fn what_a_window_goes_back_to_is_what_it_was_before_it_filled_the_screen() {
        let begun = Instant::now();
        let at = |milliseconds| begun + Duration::from_millis(milliseconds);
        let size = |width, height, maximized| WindowSize {
            width,
            height,
            maximized,
        };
        let mut held = HeldSize::of(size(1180, 780, false), begun);
        held.take(Some((900, 600)), at(100));
        assert_eq!(held.left(), size(900, 600, false), "it is left as it is");
        for (step, time) in [((1400, 800), 5_000), ((1900, 1000), 5_100)] {
            held.take(Some(step), at(time));
        }
        held.take(None, at(5_200));
        assert_eq!(
            held.left(),
            size(900, 600, true),
            "the way to the whole screen is no size"
        );
        held.take(Some((900, 600)), at(9_000));
        assert_eq!(held.left(), size(900, 600, false), "and back");
        assert_eq!(HeldSize::of(LEFT, begun).left(), LEFT);
    }
}
