//! The keychain of the system, with time limits and named states.
