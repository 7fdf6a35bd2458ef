//! `cargo xtask bindings`: the TypeScript types of everything that crosses to the page.

use crate::command::{cargo, show};

/// Writes `ui/src/backend/bindings.ts`. The same test, without the variable, fails when it is stale.
pub(crate) fn write() -> Result<(), String> {
    show(cargo(["test", "--quiet", "--package", "sendoff-core", "--lib", "bindings"]).env("SENDOFF_BINDINGS", "write"))
}
