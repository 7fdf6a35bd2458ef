//! One key combination that is heard whatever program is in front, by a grab of the X server. The libraries for this
//! look twenty times a second whether a key was pressed; here a thread sleeps until the server says so.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, Keycode, ModMask, Window};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use super::on_wayland;
use crate::{Key, KeysRefused, Shortcut};

/// A key that is held down is let go and pressed again and again, as far as the server tells, with no time in between;
/// no finger is as fast, in milliseconds.
const REPEATED: u32 = 20;

/// The keys of this process. From the first that are taken on they are heard as long as it lives.
pub struct Keys {
    pressed: Arc<dyn Fn() + Send + Sync>,
    grabs: OnceLock<Result<Arc<Grabs>, KeysRefused>>,
}

impl Keys {
    /// No keys yet; `pressed` will be called on a thread of its own.
    pub fn new(pressed: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            pressed: Arc::new(pressed),
            grabs: OnceLock::new(),
        }
    }

    /// Takes the keys that are spelled like this instead of those taken before; none are given back. What is refused
    /// leaves those as they are.
    ///
    /// # Errors
    /// Why these cannot be had.
    pub fn take(&self, wanted: Option<&str>) -> Result<(), KeysRefused> {
        let wanted = wanted
            .map(|text| Shortcut::parse(text).ok_or(KeysRefused::NoKey))
            .transpose()?;
        if wanted.is_none() && self.grabs.get().is_none() {
            return Ok(());
        }
        match (
            self.grabs.get_or_init(|| Grabs::begin(Arc::clone(&self.pressed))),
            wanted,
        ) {
            (Ok(grabs), wanted) => grabs.take(wanted),
            (Err(_), None) => Ok(()),
            (Err(refused), Some(_)) => Err(*refused),
        }
    }
}

/// What is asked of the X server.
struct Grabs {
    connection: RustConnection,
    root: Window,
    held: Mutex<Option<Shortcut>>,
}

impl Grabs {
    fn begin(pressed: Arc<dyn Fn() + Send + Sync>) -> Result<Arc<Self>, KeysRefused> {
        if on_wayland() {
            return Err(KeysRefused::Unsupported);
        }
        let (connection, number) = RustConnection::connect(None).map_err(|_| KeysRefused::Unsupported)?;
        let root = connection.setup().roots[number].root;
        let grabs = Arc::new(Self {
            connection,
            root,
            held: Mutex::new(None),
        });
        let heard = Arc::clone(&grabs);
        let listening = std::thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || heard.hear(&*pressed));
        listening.map(|_| grabs).map_err(|_| KeysRefused::Unsupported)
    }

    fn take(&self, wanted: Option<Shortcut>) -> Result<(), KeysRefused> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if *held == wanted {
            return Ok(());
        }
        if let Some(wanted) = &wanted {
            self.grab(wanted)?;
        }
        if let Some(before) = held.take() {
            self.release(&before);
        }
        *held = wanted;
        Ok(())
    }

    fn hear(&self, pressed: &dyn Fn()) {
        let mut released = None;
        loop {
            match self.connection.wait_for_event() {
                Ok(Event::KeyPress(press)) if !is_repeated(released, press.time) => pressed(),
                Ok(Event::KeyRelease(release)) => released = Some(release.time),
                // Another keyboard, or another layout: the same signs lie on other keys.
                Ok(Event::MappingNotify(_)) => {
                    let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(before) = *held {
                        // Only ours are given back.
                        let freed = self.connection.ungrab_key(0, self.root, ModMask::ANY);
                        if freed.is_err() || self.grab(&before).is_err() {
                            // The same may be taken again from the settings.
                            *held = None;
                            tracing::warn!("the keys of the shortcut are lost with the layout of the keyboard");
                        }
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the X server is gone, and the shortcut with it");
                    return;
                }
            }
        }
    }

    /// Takes keys whatever locks are on. All or none.
    fn grab(&self, wanted: &Shortcut) -> Result<(), KeysRefused> {
        let key = self.code_of(wanted.key).ok_or(KeysRefused::NoKey)?;
        for locks in LOCKS {
            let mode = GrabMode::ASYNC;
            let taken = self
                .connection
                .grab_key(false, self.root, mask_of(wanted, locks), key, mode, mode)
                .map_err(ReplyError::from)
                .and_then(x11rb::cookie::VoidCookie::check);
            if let Err(error) = taken {
                self.release(wanted);
                return Err(match error {
                    ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access => KeysRefused::Taken,
                    _ => KeysRefused::Unsupported,
                });
            }
        }
        Ok(())
    }

    fn release(&self, held: &Shortcut) {
        let Some(key) = self.code_of(held.key) else {
            return;
        };
        for locks in LOCKS {
            let freed = self.connection.ungrab_key(key, self.root, mask_of(held, locks));
            if freed.map(x11rb::cookie::VoidCookie::ignore_error).is_err() {
                return;
            }
        }
        if self.connection.flush().is_err() {
            tracing::warn!("the X server is gone");
        }
    }

    /// The key that has this sign on it, on any of its levels.
    fn code_of(&self, key: Key) -> Option<Keycode> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let count = last.checked_sub(first)?.checked_add(1)?;
        let mapping = self.connection.get_keyboard_mapping(first, count).ok()?.reply().ok()?;
        let levels = usize::from(mapping.keysyms_per_keycode).max(1);
        place_of(symbol_of(key), &mapping.keysyms, levels)
            .and_then(|place| first.checked_add(u8::try_from(place).ok()?))
    }
}

/// Every combination of the locks that may be on: of capitals (Lock) and of numbers (Mod2).
const LOCKS: [u16; 4] = [0, 2, 16, 18];

/// Whether a press is the keyboard's own; times are the server's, in milliseconds, and begin anew after 49 days.
fn is_repeated(released: Option<u32>, pressed: u32) -> bool {
    released.is_some_and(|released| pressed.wrapping_sub(released) < REPEATED)
}

/// What is held, with these locks on.
fn mask_of(shortcut: &Shortcut, locks: u16) -> ModMask {
    [
        (shortcut.control, ModMask::CONTROL),
        (shortcut.alt, ModMask::M1),
        (shortcut.shift, ModMask::SHIFT),
        (shortcut.system, ModMask::M4),
    ]
    .into_iter()
    .filter(|(held, _)| *held)
    .fold(ModMask::from(locks), |mask, (_, held)| mask | held)
}

/// The number of a key's sign (`keysymdef.h`): those of Latin 1 are its characters, small letters first.
fn symbol_of(key: Key) -> u32 {
    match key {
        Key::Character(sign) => u32::from(sign.to_ascii_lowercase()),
        Key::Function(number) => 0xffbd + u32::from(number),
        Key::PrintScreen => 0xff61,
    }
}

/// Which key has a sign: the lowest level counts first, so that `2` is the key that types it without Shift.
fn place_of(symbol: u32, symbols: &[u32], levels: usize) -> Option<usize> {
    (0..levels).find_map(|level| {
        let mut keys = symbols.chunks_exact(levels);
        keys.position(|signs| signs.get(level) == Some(&symbol))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_found_on_its_key() {
        for (key, symbol) in [
            (Key::Character('A'), 0x61),
            (Key::Character('2'), 0x32),
            (Key::Function(1), 0xffbe),
            (Key::Function(12), 0xffc9),
            (Key::PrintScreen, 0xff61),
        ] {
            assert_eq!(symbol_of(key), symbol, "{key:?}");
        }
        // Two levels for each key: as on a French keyboard digits need Shift, and one sign stands twice.
        let french = [0x26, 0x31, 0xe9, 0x32, 0x61, 0x41, 0x32, 0];
        for (symbol, expected, why) in [
            (0x61, Some(2), "a letter"),
            (0x31, Some(0), "a digit above another sign"),
            (0x32, Some(3), "typed without Shift before typed with it"),
            (0x39, None, "no such key"),
        ] {
            assert_eq!(place_of(symbol, &french, 2), expected, "{why}");
        }
        assert_eq!(place_of(0x61, &[], 1), None, "a keyboard without keys");
    }

    #[test]
    fn a_key_that_is_held_down_counts_once() {
        for (released, pressed, expected, why) in [
            (None, 5, false, "the first press"),
            (Some(1000), 1000, true, "the keyboard's own"),
            (Some(1000), 1020, false, "a finger"),
            (Some(u32::MAX), 3, true, "over the end of the server's clock"),
            (Some(1000), 900, false, "a clock that was set back"),
        ] {
            assert_eq!(is_repeated(released, pressed), expected, "{why}");
        }
    }

    #[test]
    fn what_is_held_is_a_mask() {
        let shortcut = Shortcut::parse("Ctrl+Alt+Shift+Super+A").expect("a shortcut");
        assert_eq!(
            u16::from(mask_of(&shortcut, 0)),
            1 + 4 + 8 + 64,
            "Shift, Control, Mod1 and Mod4"
        );
        let shortcut = Shortcut::parse("PrintScreen").expect("a shortcut");
        assert_eq!(
            LOCKS.map(|locks| u16::from(mask_of(&shortcut, locks))),
            [0, 2, 16, 18],
            "nothing but the locks"
        );
    }
}
