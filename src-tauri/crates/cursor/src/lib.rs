//! A typed client of the Cursor Cloud Agents API, v1 and v0.
