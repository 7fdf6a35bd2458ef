//! Drives the real app over its practice cloud and saves a PNG of every screen.
fn main() {}
