//! A key combination as it is kept in the settings: `CmdOrCtrl+Shift+2`.

/// The most characters that are read.
const LONGEST: usize = 64;

/// A key with the keys that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// Control, which `CmdOrCtrl` means too but on a Mac.
    pub control: bool,
    /// Alt, or Option.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// The key with the system's sign, or Command.
    pub system: bool,
    /// The key.
    pub key: Key,
}

/// A key that can be pressed with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, in upper case, or a digit.
    Character(char),
    /// F1 to F12.
    Function(u8),
    /// The key that takes a picture of the screen.
    PrintScreen,
}

impl Shortcut {
    /// Reads one. None for what is not one, or would take a key from ordinary typing.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (held, key) = text.rsplit_once('+').unwrap_or(("", text));
        let mut shortcut = Self {
            control: false,
            alt: false,
            shift: false,
            system: false,
            key: Key::parse(key)?,
        };
        for name in held.split('+').filter(|_| !held.is_empty()) {
            let held = match name {
                "CmdOrCtrl" if cfg!(target_os = "macos") => &mut shortcut.system,
                "CmdOrCtrl" | "Ctrl" => &mut shortcut.control,
                "Alt" => &mut shortcut.alt,
                "Shift" => &mut shortcut.shift,
                "Super" => &mut shortcut.system,
                _ => return None,
            };
            if std::mem::replace(held, true) {
                return None;
            }
        }
        let typed = matches!(shortcut.key, Key::Character(_));
        let apart = shortcut.control || shortcut.alt || shortcut.system;
        (apart || !typed).then_some(shortcut)
    }
}

impl Key {
    fn parse(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        match (characters.next()?, characters.as_str()) {
            (key @ ('A'..='Z' | '0'..='9'), "") => Some(Self::Character(key)),
            ('F', number) => {
                let number = number.parse().ok().filter(|number| (1..=12).contains(number))?;
                // One spelling only: no sign and no leading zero.
                (text == format!("F{number}")).then_some(Self::Function(number))
            }
            _ => (text == "PrintScreen").then_some(Self::PrintScreen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_settings_hold_is_read() {
        let none = Shortcut {
            control: false,
            alt: false,
            shift: false,
            system: false,
            key: Key::PrintScreen,
        };
        let primary = Shortcut {
            control: !cfg!(target_os = "macos"),
            system: cfg!(target_os = "macos"),
            ..none
        };
        for (text, expected, why) in [
            (
                "CmdOrCtrl+Shift+2",
                Some(Shortcut {
                    shift: true,
                    key: Key::Character('2'),
                    ..primary
                }),
                "the default",
            ),
            (
                "Ctrl+Alt+Shift+Super+A",
                Some(Shortcut {
                    control: true,
                    alt: true,
                    shift: true,
                    system: true,
                    key: Key::Character('A'),
                }),
                "everything at once",
            ),
            ("PrintScreen", Some(none), "a key nobody types"),
            (
                "Shift+F12",
                Some(Shortcut {
                    shift: true,
                    key: Key::Function(12),
                    ..none
                }),
                "a function key",
            ),
            ("F", None, "a letter alone would be taken from typing"),
            ("Shift+A", None, "and so would a capital"),
            ("F13", None, "a key that few keyboards have"),
            ("F01", None, "another spelling"),
            ("F+1", None, "a letter is not held"),
            ("Ctrl+a", None, "another spelling"),
            ("Ctrl+Ctrl+A", None, "twice the same"),
            ("Ctrl+", None, "no key"),
            ("Ctrl", None, "nothing but what is held"),
            ("+A", None, "nothing is held"),
            ("", None, "nothing"),
            ("Ctrl+ß", None, "a letter that not every keyboard has"),
        ] {
            assert_eq!(Shortcut::parse(text), expected, "{text:?}: {why}");
        }
        assert_eq!(Shortcut::parse(&"Ctrl+".repeat(20)), None, "far too long");
    }
}
