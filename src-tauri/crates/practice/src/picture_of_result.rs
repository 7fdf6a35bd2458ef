//! The "after" picture of an agent: a tidy page drawn with rectangles and letters, in the colors of
//! the screenshot it answers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::cloud::lock;
use crate::story::{Screen, Topic};

mod canvas;
mod glyphs;
mod pages;
mod palette;

use canvas::Canvas;
use palette::Look;

/// Width and height of the picture in pixels.
pub(crate) const SIZE: (u32, u32) = (1280, 800);

/// Which page is drawn in which look; few different ones exist, so each is drawn once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Drawing {
    screen: Screen,
    /// After a follow-up the main action is larger.
    later: bool,
    look: Look,
}

static DRAWN: Mutex<BTreeMap<Drawing, Vec<u8>>> = Mutex::new(BTreeMap::new());

/// Looks are as many as colors in screenshots: a long-lived cloud forgets them now and then.
const KEPT: usize = 32;

/// PNG bytes of the result after a number of turns.
pub(crate) fn draw(prompt: &str, face: Option<&[u8]>, turn: usize) -> Vec<u8> {
    let drawing = Drawing {
        screen: Topic::of(prompt).screen(),
        later: turn > 1,
        look: face.and_then(Look::of_png).unwrap_or_default(),
    };
    if let Some(known) = lock(&DRAWN).get(&drawing) {
        return known.clone();
    }
    let mut canvas = Canvas::new(SIZE.0, SIZE.1, drawing.look.back());
    match pages::words(drawing.screen) {
        Some(words) => pages::form(&mut canvas, drawing.look, drawing.later, &words),
        None if drawing.screen == Screen::Dashboard => pages::dashboard(&mut canvas, drawing.look, drawing.later),
        None => pages::landing(&mut canvas, drawing.look, drawing.later),
    }
    let bytes = canvas.png();
    let mut drawn = lock(&DRAWN);
    if drawn.len() >= KEPT {
        drawn.clear();
    }
    drawn.insert(drawing, bytes.clone());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{pixels, sniff};

    fn screenshot(color: [u8; 3]) -> Vec<u8> {
        let mut canvas = Canvas::new(64, 48, [250, 250, 250]);
        canvas.rectangle((8.0, 8.0, 40.0, 24.0), 0.0, color, 1.0);
        canvas.png()
    }

    #[test]
    fn the_result_is_a_page_sized_png_in_the_colors_of_the_screenshot() {
        let plain = draw("Fix the login form", None, 1);
        assert_eq!((sniff(&plain), pixels(&plain)), (Some("image/png"), Some((1280, 800))));
        let orange = screenshot([234, 88, 12]);
        let derived = draw("Fix the login form", Some(&orange), 1);
        assert_ne!(derived, plain, "the accent comes from the screenshot");
        let others: std::collections::BTreeSet<Vec<u8>> =
            ["dashboard", "checkout", "settings", "header", "sign up", "form"]
                .map(|thing| draw(&format!("Fix the {thing}"), None, 1))
                .into_iter()
                .chain([plain.clone()])
                .collect();
        assert_eq!(others.len(), 7, "the page follows the prompt");
        assert_ne!(
            draw("Fix the login form", None, 2),
            plain,
            "a follow-up changes something visible"
        );
        assert_eq!(
            draw("Fix the login form", Some(b"\x89PNG\r\n\x1a\nbroken"), 1),
            plain,
            "a damaged screenshot only loses its colors"
        );
    }
}
