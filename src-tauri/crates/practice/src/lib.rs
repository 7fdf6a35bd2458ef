//! A Cursor cloud that runs on your own machine.
