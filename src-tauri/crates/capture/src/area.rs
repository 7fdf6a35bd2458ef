//! Rectangles on the screen: which screen the pointer is on, and which windows lie on it.

use serde::Serialize;

/// A rectangle in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Pixels from the left.
    pub x: i32,
    /// Pixels from the top.
    pub y: i32,
    /// Pixels from its left edge to its right one.
    pub width: i32,
    /// Pixels from its top edge to its bottom one.
    pub height: i32,
}

/// A window narrower than this is nothing that anybody points at.
#[cfg(any(target_os = "linux", test))]
const SMALLEST: i32 = 16;
/// The most windows that are told of.
#[cfg(any(target_os = "linux", test))]
const MOST: usize = 100;

#[cfg(any(target_os = "linux", test))]
impl Area {
    /// Whether a point is inside.
    fn holds(self, (x, y): (i32, i32)) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&x)
            && (self.y..self.y.saturating_add(self.height)).contains(&y)
    }

    /// What both have in common; none where they only touch.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = self
            .x
            .saturating_add(self.width)
            .min(other.x.saturating_add(other.width));
        let bottom = self
            .y
            .saturating_add(self.height)
            .min(other.y.saturating_add(other.height));
        (right > x && bottom > y).then(|| Self {
            x,
            y,
            width: right - x,
            height: bottom - y,
        })
    }

    /// The same with so much more at its left, right, top and bottom, in the order of `_NET_FRAME_EXTENTS`.
    pub(crate) fn grown(self, [left, right, top, bottom]: [i32; 4]) -> Self {
        Self {
            x: self.x.saturating_sub(left),
            y: self.y.saturating_sub(top),
            width: self.width.saturating_add(left).saturating_add(right),
            height: self.height.saturating_add(top).saturating_add(bottom),
        }
    }
}

/// The screen that the pointer is on, within the whole desktop: the first where it is on several, as when one mirrors
/// another, and the whole desktop where it is on none.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn screen_under(pointer: (i32, i32), screens: &[Area], desktop: Area) -> Area {
    screens
        .iter()
        .copied()
        .find(|screen| screen.holds(pointer))
        .and_then(|screen| screen.common(desktop))
        .unwrap_or(desktop)
}

/// The windows on a screen, from the lowest to the topmost, as pixels of the screen's picture, the topmost first.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn windows_on(screen: Area, stacked: &[Area]) -> Vec<Area> {
    stacked
        .iter()
        .rev()
        .filter_map(|window| window.common(screen))
        .filter(|window| window.width >= SMALLEST && window.height >= SMALLEST)
        .map(|window| Area {
            x: window.x - screen.x,
            y: window.y - screen.y,
            ..window
        })
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(x: i32, y: i32, width: i32, height: i32) -> Area {
        Area { x, y, width, height }
    }

    const DESKTOP: Area = area(0, 0, 3000, 1200);

    #[test]
    fn the_screen_is_the_one_under_the_pointer() {
        let left = area(0, 0, 1000, 800);
        let right = area(1000, 100, 2000, 1100);
        for (pointer, screens, expected, why) in [
            ((10, 10), vec![left, right], left, "on the left one"),
            (
                (1000, 100),
                vec![left, right],
                right,
                "the first pixel of the right one",
            ),
            ((999, 799), vec![left, right], left, "the last pixel of the left one"),
            (
                (500, 900),
                vec![left, right],
                DESKTOP,
                "in the dead corner below the left one",
            ),
            ((10, 10), vec![], DESKTOP, "no screen is told of"),
            ((10, 10), vec![left, left], left, "one mirrors the other"),
            (
                (2500, 500),
                vec![area(2000, 0, 2000, 1200)],
                area(2000, 0, 1000, 1200),
                "a screen that goes past the desktop: no pixels are asked for that do not exist",
            ),
            ((-5, 10), vec![left], DESKTOP, "a pointer off the desktop"),
        ] {
            assert_eq!(screen_under(pointer, &screens, DESKTOP), expected, "{why}");
        }
    }

    #[test]
    fn windows_are_told_in_pixels_of_the_picture_the_topmost_first() {
        let screen = area(1000, 100, 2000, 1100);
        let below = area(900, 0, 500, 400);
        let above = area(1200, 200, 300, 300);
        for (stacked, expected, why) in [
            (vec![], vec![], "none"),
            (
                vec![below, above],
                vec![area(200, 100, 300, 300), area(0, 0, 400, 300)],
                "what is past the screen's edge is cut off",
            ),
            (vec![area(0, 0, 900, 900)], vec![], "on another screen"),
            (vec![area(0, 0, 1000, 900)], vec![], "it only touches this one"),
            (vec![area(985, 200, 30, 300)], vec![], "a sliver is nothing to point at"),
            (vec![area(1200, 200, 0, 0)], vec![], "no size"),
            (
                vec![area(i32::MAX, i32::MIN, i32::MAX, i32::MAX)],
                vec![],
                "what a hostile window says of itself overflows nothing",
            ),
        ] {
            assert_eq!(windows_on(screen, &stacked), expected, "{why}");
        }
        assert_eq!(windows_on(screen, &vec![above; 500]).len(), MOST, "a bounded number");
    }

    #[test]
    fn a_frame_is_added_and_a_shadow_is_taken_away() {
        let window = area(100, 100, 200, 100);
        assert_eq!(window.grown([1, 2, 20, 3]), area(99, 80, 203, 123), "a frame");
        assert_eq!(window.grown([-10, -10, -10, -10]), area(110, 110, 180, 80), "a shadow");
    }
}
