//! What can go wrong with the disk, as types without prose, and the one place where SQLite's codes are read.

use std::io;

use rusqlite::ffi::{self, ErrorCode};

/// Where an operating system fault came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The database; the code is an extended SQLite result code.
    Database,
    /// A file beside it (a blob, the lock); the code is the operating system's error number, or 0 where it gave none.
    File,
}

/// Why the store could not be opened. The files are left as they were in every case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Another process (or another `Store` of this one) owns the folder.
    #[error("the store is owned by another process")]
    Locked,
    /// The database was written by a newer version of Sendoff.
    #[error("the database has version {found}, this program knows {known}")]
    Newer {
        /// The version in the file.
        found: u32,
        /// The newest version this program can read.
        known: u32,
    },
    /// The folder or a file in it may not be read or written.
    #[error("the folder of the store is read-only")]
    ReadOnly,
    /// No space is left.
    #[error("no space is left for the store")]
    Full,
    /// The database is not readable as a database. See [`crate::set_aside`].
    #[error("the database is damaged")]
    Damaged,
    /// Anything else the system said.
    #[error("the store could not be opened ({origin:?}, code {code})")]
    Io {
        /// Where the fault came from, which says how to read `code`.
        origin: Origin,
        /// The code.
        code: i32,
    },
}

/// Why an operation failed. Nothing of it is in the database then: each operation is one transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space is left.
    #[error("no space is left")]
    Full,
    /// The file system has become read-only, or the user may not write to the files.
    #[error("the file system is read-only")]
    ReadOnly,
    /// The database or a blob does not hold what was written to it.
    #[error("the stored bytes are damaged")]
    Damaged,
    /// Another program holds the database.
    #[error("the database is busy")]
    Busy,
    /// The row or blob to change or read is not there.
    #[error("there is no such row or blob")]
    Missing,
    /// A row with this unique key is there already.
    #[error("a row with this key exists")]
    Conflict,
    /// The row names an account that was not put before.
    #[error("the account is not known")]
    UnknownAccount,
    /// A batch of events does not start where the run ends, or has a hole.
    #[error("expected event position {expected}, found {found}")]
    OutOfOrder {
        /// The position the next event must have.
        expected: u32,
        /// The position it had.
        found: u32,
    },
    /// A body or blob is longer than its limit, in bytes.
    #[error("{length} bytes exceed the limit of {limit}")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// The length found; for a stream, the length at which reading stopped.
        length: u64,
    },
    /// Anything else the system said.
    #[error("input or output failed ({origin:?}, code {code})")]
    Io {
        /// Where the fault came from, which says how to read `code`.
        origin: Origin,
        /// The code.
        code: i32,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => from_code(failure),
            rusqlite::Error::QueryReturnedNoRows => Self::Missing,
            // Every column is written with the type it is read with: another type in it is damage.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged,
            _ => Self::Io {
                origin: Origin::Database,
                code: ffi::SQLITE_ERROR,
            },
        }
    }
}

fn from_code(failure: ffi::Error) -> StoreError {
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            return StoreError::Conflict;
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return StoreError::UnknownAccount,
        _ => {}
    }
    match failure.code {
        ErrorCode::DiskFull => StoreError::Full,
        // A file that may not be opened or written: permissions, or a file system mounted read-only.
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => StoreError::ReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        _ => StoreError::Io {
            origin: Origin::Database,
            code: failure.extended_code,
        },
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io {
                origin: Origin::File,
                code: error.raw_os_error().unwrap_or(0),
            },
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged => Self::Damaged,
            StoreError::Busy => Self::Locked,
            StoreError::Io { origin, code } => Self::Io { origin, code },
            // None of these can come from opening; they are answers to operations on rows.
            StoreError::Missing
            | StoreError::Conflict
            | StoreError::UnknownAccount
            | StoreError::OutOfOrder { .. }
            | StoreError::TooLarge { .. } => Self::Io {
                origin: Origin::Database,
                code: ffi::SQLITE_ERROR,
            },
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match StoreError::from(error) {
            // A folder that vanishes while it is opened: the number still tells the story in a log.
            StoreError::Missing => Self::Io {
                origin: Origin::File,
                code: 2,
            },
            other => other.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(code: i32) -> StoreError {
        StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn every_named_sqlite_code_has_its_state() {
        let cases = [
            (ffi::SQLITE_FULL, StoreError::Full),
            (ffi::SQLITE_READONLY, StoreError::ReadOnly),
            (ffi::SQLITE_READONLY_DBMOVED, StoreError::ReadOnly),
            (ffi::SQLITE_CANTOPEN, StoreError::ReadOnly),
            (ffi::SQLITE_CANTOPEN_ISDIR, StoreError::ReadOnly),
            (ffi::SQLITE_PERM, StoreError::ReadOnly),
            (ffi::SQLITE_CORRUPT, StoreError::Damaged),
            (ffi::SQLITE_NOTADB, StoreError::Damaged),
            (ffi::SQLITE_BUSY, StoreError::Busy),
            (ffi::SQLITE_LOCKED, StoreError::Busy),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, StoreError::Conflict),
            (ffi::SQLITE_CONSTRAINT_PRIMARYKEY, StoreError::Conflict),
            (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, StoreError::UnknownAccount),
            (
                ffi::SQLITE_IOERR_FSYNC,
                StoreError::Io {
                    origin: Origin::Database,
                    code: ffi::SQLITE_IOERR_FSYNC,
                },
            ),
        ];
        for (code, expected) in cases {
            assert_eq!(sqlite(code), expected, "SQLite code {code}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn every_named_system_error_has_its_state() {
        let cases = [
            (28, StoreError::Full),     // ENOSPC
            (122, StoreError::Full),    // EDQUOT
            (30, StoreError::ReadOnly), // EROFS
            (13, StoreError::ReadOnly), // EACCES
            (1, StoreError::ReadOnly),  // EPERM
            (2, StoreError::Missing),   // ENOENT
            (
                5,
                StoreError::Io {
                    origin: Origin::File,
                    code: 5,
                },
            ), // EIO
        ];
        for (number, expected) in cases {
            assert_eq!(
                StoreError::from(io::Error::from_raw_os_error(number)),
                expected,
                "error number {number}"
            );
        }
    }
}
