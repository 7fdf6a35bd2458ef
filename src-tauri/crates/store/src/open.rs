//! Opening: the folder, its lock, the version, the settings of the connection.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::database::{BODY_LIMIT, Store, Writer};
use crate::error::{OpenError, StoreError};
use crate::schema::{STEPS, migrate};

const DATABASE: &str = "sendoff.sqlite3";
const LOCK: &str = "lock";
const BLOBS: &str = "blobs";

impl Store {
    /// Opens the store in `folder`, making the folder (mode 0700) and the database (0600) if they are not there.
    ///
    /// # Errors
    /// [`OpenError::Locked`] at once when another owner lives, in this process or another; never waits.
    /// A database that is newer or damaged is reported and left as it is.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        make_folder(folder)?;
        let lock = lock(folder)?;
        let blobs = folder.join(BLOBS);
        make_folder(&blobs)?;
        remove_leftovers(&blobs)?;
        let path = folder.join(DATABASE);
        check_header(&path)?;
        private_file().open(&path)?;
        sync_folder(folder)?;
        let connection = connect(&path)?;
        let reader = connect_reader(&path)?;
        Ok(Self {
            connection: Mutex::new(Writer::new(connection)),
            reader: Mutex::new(reader),
            asked: Arc::new(AtomicU64::new(0)),
            blobs: Mutex::new(blobs),
            _lock: lock,
        })
    }
}

/// Moves the database in `folder` out of the way, under a name that says it was damaged, and returns the new path.
/// The next [`Store::open`] then starts with an empty one. The blobs go with the old database, whose rows name them: an
/// empty one names none, and blobs that nothing names are removed in time. Nothing is ever deleted here.
///
/// # Errors
/// [`OpenError::Locked`] while the store is open.
pub fn set_aside(folder: &Path) -> Result<PathBuf, OpenError> {
    let _lock = lock(folder)?;
    // A dangling link counts as taken too, so that nothing is ever replaced.
    let is_free = |name: &str| folder.join(name).symlink_metadata().is_err();
    let free = (1..=u32::MAX)
        .map(|number| {
            (
                format!("{DATABASE}.damaged-{number}"),
                format!("{BLOBS}.damaged-{number}"),
            )
        })
        .find(|(database, blobs)| is_free(database) && is_free(blobs));
    let Some((name, blobs)) = free else {
        return Err(OpenError::Full);
    };
    match fs::rename(folder.join(BLOBS), folder.join(blobs)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => other?,
    }
    // The log goes first: a database without its log is whole but older, a log without its database is lost.
    for suffix in ["-wal", "-journal", ""] {
        match fs::rename(
            folder.join(format!("{DATABASE}{suffix}")),
            folder.join(format!("{name}{suffix}")),
        ) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
            other => other?,
        }
    }
    sync_folder(folder)?;
    Ok(folder.join(name))
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let file = private_file().open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Looks at the first 100 bytes without SQLite, because opening a database with SQLite may already write to it
/// (it replays the log), and a newer one must stay untouched.
fn check_header(path: &Path) -> Result<(), OpenError> {
    let mut header = Vec::with_capacity(100);
    match File::open(path) {
        Ok(file) => file.take(100).read_to_end(&mut header)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if header.is_empty() {
        return Ok(());
    }
    let (Some(b"SQLite format 3\0"), Some(version)) = (header.get(..16), header.get(60..64)) else {
        return Err(OpenError::Damaged);
    };
    let found = version.iter().fold(0_u32, |value, &byte| value << 8 | u32::from(byte));
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    if found > known {
        Err(OpenError::Newer { found, known })
    } else {
        Ok(())
    }
}

/// Opens a connection. One process owns the database: the system's lock on it is held for as long as a connection is
/// open, and the index of the log lives in memory, where the connections of this process share it. No `-shm` file is mapped (a
/// full disk under a mapped file is a signal, not an error; SQLite answers for it on Windows, which has no such mode).
fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    // The flags leave URI names out: a folder may be called anything.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[cfg(unix)]
    let connection = Connection::open_with_flags_and_vfs(path, flags, "unix-excl")?;
    #[cfg(not(unix))]
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    Ok(connection)
}

/// The connection that searches. It could write, for one that cannot would weaken the lock of the process.
fn connect_reader(path: &Path) -> Result<Connection, OpenError> {
    let settings = || -> Result<Connection, rusqlite::Error> {
        let connection = open(path)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    Ok(settings().map_err(StoreError::from)?)
}

fn connect(path: &Path) -> Result<Connection, OpenError> {
    let settings = || -> Result<Connection, rusqlite::Error> {
        let connection = open(path)?;
        connection.set_limit(
            Limit::SQLITE_LIMIT_LENGTH,
            i32::try_from(BODY_LIMIT * 2 + 65_536).unwrap_or(i32::MAX),
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
        Ok(connection)
    };
    let mut connection = settings().map_err(StoreError::from)?;
    if migrate(&mut connection, STEPS)? {
        // The version must stand in the file itself, where an older program looks for it without reading the log.
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(StoreError::from)?;
    }
    Ok(connection)
}

fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A folder made by an older version or by hand may be open to others.
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

/// Files that were being written when the process ended; the lock says that nobody writes them now.
fn remove_leftovers(blobs: &Path) -> Result<(), OpenError> {
    for entry in fs::read_dir(blobs)? {
        let entry = entry?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(crate::blobs::UNFINISHED)
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Options for a file only the user may read, made if it is not there.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the names in a folder survive the loss of power. Windows has no such call and does it by itself.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), io::Error> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
