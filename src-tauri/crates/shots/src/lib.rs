//! Pictures: take in, clean, mark, flatten, fit, hash.
