//! The screen as a still picture, with the places of the windows on it, and the one key combination that asks for it
//! from anywhere. It knows nothing of drafts.
//!
//! One way serves region, window and screen: the whole screen under the pointer is taken at once, and cut afterwards.

mod area;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
mod shortcut;

pub use area::Area;
#[cfg(target_os = "linux")]
pub use linux::{Keys, still};
#[cfg(not(target_os = "linux"))]
pub use other::still;
pub use shortcut::{Key, Shortcut};

/// The screen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// What is on it.
    pub picture: Picture,
    /// The visible windows of other programs, the topmost first, in pixels of the picture; empty where the system does
    /// not tell.
    pub windows: Vec<Area>,
}

/// A picture as the system gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// Pixels, four bytes each, opaque.
    Pixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Red, green, blue and 255 of each pixel, row by row.
        rgba: Vec<u8>,
    },
    /// A file, as the desktop portal gives it. Nothing about it is known yet.
    Encoded(Vec<u8>),
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The user said no when the desktop asked. Nothing is to be said about it.
    #[error("the user does not want it")]
    Declined,
    /// Nobody on this desktop gives pictures of the screen: no portal, or one that cannot.
    #[error("there is no screenshot portal")]
    NoPortal,
    /// The system's settings forbid it to this app.
    #[error("the system forbids it")]
    Forbidden,
    /// It failed in another way.
    #[error("it failed")]
    Failed,
}

/// Why a key combination cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysRefused {
    /// Another program has it.
    #[error("another program has the keys")]
    Taken,
    /// This keyboard has no such key.
    #[error("there is no such key")]
    NoKey,
    /// Programs cannot ask for keys here, as on Wayland.
    #[error("the system gives no keys to programs")]
    Unsupported,
}
