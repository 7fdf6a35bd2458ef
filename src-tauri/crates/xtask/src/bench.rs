//! `cargo xtask bench`: figures of a release build, printed by the program that measures them.

use crate::command::{cargo, show};

/// Measures pictures: decode, clean, thumbnail, encode.
pub(crate) fn bench() -> Result<(), String> {
    show(&mut cargo([
        "run",
        "--release",
        "--package",
        "sendoff-shots",
        "--example",
        "measure",
    ]))
}
