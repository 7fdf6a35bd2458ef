//! The fonts that words are written in: Inter from within, then those of the system.
//!
//! Words that Inter has are shaped with nothing else loaded, so they look the same everywhere. The system's fonts are
//! looked for once, when a word first needs them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{FontSystem, SwashCache};

/// The name that both embedded fonts have.
pub(crate) const INTER: &str = "Sendoff Inter";
const MEDIUM: &[u8] = include_bytes!("../fonts/Inter-Medium.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/Inter-Bold.ttf");

/// Fonts, and what draws their letters.
pub(crate) struct Fonts {
    pub(crate) system: FontSystem,
    pub(crate) glyphs: SwashCache,
    /// The family that emoji are taken from, where there is one.
    pub(crate) emoji: Option<String>,
    /// Letters that were looked for, and whether any font has them.
    known: HashMap<char, bool>,
}

static EMBEDDED: LazyLock<Mutex<Fonts>> = LazyLock::new(|| Mutex::new(Fonts::embedded()));
static ALL: LazyLock<Mutex<Fonts>> = LazyLock::new(|| Mutex::new(Fonts::all()));

/// The fonts for a text, held until dropped.
pub(crate) fn fonts_for(text: &str) -> MutexGuard<'static, Fonts> {
    let mut fonts = locked(&EMBEDDED, Fonts::embedded);
    if fonts.foreign(text) == 0 {
        return fonts;
    }
    drop(fonts);
    all()
}

/// How many letters of a text are looked for in the system's fonts.
pub(crate) fn foreign(text: &str) -> usize {
    locked(&EMBEDDED, Fonts::embedded).foreign(text)
}

/// All fonts, held until dropped.
pub(crate) fn all() -> MutexGuard<'static, Fonts> {
    locked(&ALL, Fonts::all)
}

/// Fonts that were left in the middle of something are loaded anew.
fn locked(fonts: &'static Mutex<Fonts>, load: fn() -> Fonts) -> MutexGuard<'static, Fonts> {
    fonts.lock().unwrap_or_else(|poisoned| {
        let mut held = poisoned.into_inner();
        *held = load();
        fonts.clear_poison();
        held
    })
}

impl Fonts {
    fn embedded() -> Self {
        let mut database = Database::new();
        for font in embedded() {
            database.load_font_source(font);
        }
        Self::new(FontSystem::new_with_locale_and_db("en-US".to_owned(), database))
    }

    fn all() -> Self {
        Self::new(FontSystem::new_with_fonts(embedded()))
    }

    fn new(system: FontSystem) -> Self {
        let is_emoji = |name: &str| name.contains("Emoji") || name.contains("Twemoji");
        let emoji = system
            .db()
            .faces()
            .flat_map(|face| face.families.iter().map(|(name, _)| name))
            .filter(|name| is_emoji(name))
            // A font of emoji in color goes before one in black and white.
            .min_by_key(|name| (!name.contains("Color") && !name.contains("Segoe"), (*name).clone()))
            .cloned();
        Self {
            system,
            glyphs: SwashCache::new(),
            emoji,
            known: HashMap::new(),
        }
    }

    /// Whether any font has a letter.
    pub(crate) fn any_has(&mut self, letter: char) -> bool {
        if let Some(known) = self.known.get(&letter) {
            return *known;
        }
        let faces: Vec<_> = self.system.db().faces().map(|face| (face.id, face.weight)).collect();
        let found = faces.into_iter().any(|(face, weight)| {
            let font = self.system.get_font(face, weight);
            font.is_some_and(|font| font.as_swash().charmap().map(letter) != 0)
        });
        self.known.insert(letter, found);
        found
    }

    /// How many letters of a text Inter has not.
    fn foreign(&mut self, text: &str) -> usize {
        let face = self.system.db().faces().next().map(|face| (face.id, face.weight));
        let Some(font) = face.and_then(|(face, weight)| self.system.get_font(face, weight)) else {
            return text.chars().count();
        };
        let letters = font.as_swash().charmap();
        text.chars()
            .filter(|letter| !letter.is_control() && letters.map(*letter) == 0)
            .count()
    }
}

fn embedded() -> [Source; 2] {
    [MEDIUM, BOLD].map(|font| Source::Binary(Arc::new(font)))
}
