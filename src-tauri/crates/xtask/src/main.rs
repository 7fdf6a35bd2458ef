//! The commands of a contributor: `cargo xtask run | test | bench | bindings | screenshots | bundle`.
fn main() {}
