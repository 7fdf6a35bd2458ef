//! Blobs: bytes in files named by their SHA-256. Written whole or not at all, never changed after.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::database::Store;
use crate::error::StoreError;
use crate::open::{private_file, sync_folder};

/// How the name of a file begins that is still being written.
pub(crate) const UNFINISHED: &str = "unfinished-";

const BLOCK: usize = 256 * 1024;

/// The name of a blob: the SHA-256 of its bytes in 64 lower-case hex digits. There is no other way to make one
/// than from bytes or a checked string, so it is always safe as the name of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobHash(String);

/// The string is not 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a blob")]
pub struct InvalidHash;

impl BlobHash {
    /// The name these bytes have, without storing them.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(Sha256::new_with_prefix(bytes))
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_digest(digest: Sha256) -> Self {
        use fmt::Write;
        let mut name = String::with_capacity(64);
        for byte in digest.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self(name)
    }
}

impl FromStr for BlobHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let valid = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidHash)
        }
    }
}

impl TryFrom<String> for BlobHash {
    type Error = InvalidHash;

    fn try_from(text: String) -> Result<Self, InvalidHash> {
        text.parse()
    }
}

impl From<BlobHash> for String {
    fn from(hash: BlobHash) -> Self {
        hash.0
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a collection took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Number of blobs.
    pub blobs: u64,
    /// Their lengths together, in bytes.
    pub bytes: u64,
}

impl Store {
    /// Keeps bytes and returns their name; on the platter when this returns. Bytes that are kept already are not written again.
    pub fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        let hash = BlobHash::of(bytes);
        if self.keep_existing(&hash, bytes.len() as u64)? {
            return Ok(hash);
        }
        let unfinished = Unfinished::new(self)?;
        (&unfinished.file).write_all(bytes)?;
        self.place(unfinished, &hash)?;
        Ok(hash)
    }

    /// Keeps a copy of a file of at most `limit` bytes, read once in blocks, and returns its name.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] as soon as the limit is passed, [`StoreError::Missing`] when the file is not there.
    pub fn put_blob_from_file(&self, path: &Path, limit: u64) -> Result<BlobHash, StoreError> {
        let mut source = File::open(path)?;
        let unfinished = Unfinished::new(self)?;
        let mut digest = Sha256::new();
        let mut length = 0_u64;
        let mut block = vec![0_u8; BLOCK];
        loop {
            let count = match source.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            length += count as u64;
            if length > limit {
                return Err(StoreError::TooLarge { limit, length });
            }
            digest.update(&block[..count]);
            (&unfinished.file).write_all(&block[..count])?;
        }
        let hash = BlobHash::from_digest(digest);
        if !self.keep_existing(&hash, length)? {
            self.place(unfinished, &hash)?;
        }
        Ok(hash)
    }

    /// Where the bytes of a blob are, whether or not it is kept. To be read only.
    pub fn blob_path(&self, hash: &BlobHash) -> PathBuf {
        self.folder().join(hash.as_str())
    }

    /// The bytes of a blob of at most `limit` bytes, checked against its name.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::TooLarge`] before anything is read, and [`StoreError::Damaged`]
    /// when the file does not hold what its name says.
    pub fn read_blob(&self, hash: &BlobHash, limit: u64) -> Result<Vec<u8>, StoreError> {
        let file = File::open(self.blob_path(hash))?;
        let length = file.metadata()?.len();
        if length > limit {
            return Err(StoreError::TooLarge { limit, length });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(length).read_to_end(&mut bytes)?;
        if BlobHash::of(&bytes) == *hash {
            Ok(bytes)
        } else {
            Err(StoreError::Damaged)
        }
    }

    /// Whether a blob is kept.
    pub fn has_blob(&self, hash: &BlobHash) -> Result<bool, StoreError> {
        Ok(self.blob_path(hash).try_exists()?)
    }

    /// Removes blobs that are not in `keep` and that nobody has put for `older_than_ms`. The age protects a blob
    /// whose row is still to be written: putting it again makes it young.
    pub fn remove_unreferenced(
        &self,
        keep: &HashSet<BlobHash>,
        older_than_ms: u64,
        now_ms: i64,
    ) -> Result<Removed, StoreError> {
        let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(now_ms).unwrap_or(0));
        let mut removed = Removed::default();
        let mut names = Vec::new();
        for entry in fs::read_dir(&*self.folder())? {
            // Names that are not ours are left alone.
            if let Ok(hash) = entry?.file_name().to_string_lossy().parse::<BlobHash>() {
                names.push(hash);
            }
        }
        for hash in names.into_iter().filter(|hash| !keep.contains(hash)) {
            // The folder is locked for each file anew, so that a paste never waits for the whole collection.
            let folder = self.folder();
            let path = folder.join(hash.as_str());
            let metadata = fs::symlink_metadata(&path)?;
            let age = now.duration_since(metadata.modified()?).unwrap_or(Duration::ZERO);
            if metadata.is_file() && age >= Duration::from_millis(older_than_ms) {
                fs::remove_file(&path)?;
                removed.blobs += 1;
                removed.bytes += metadata.len();
            }
        }
        Ok(removed)
    }

    /// Whether the blob is there whole; if so it counts as put now. A damaged one is not, and is put anew.
    fn keep_existing(&self, hash: &BlobHash, length: u64) -> Result<bool, StoreError> {
        match self.read_blob(hash, length) {
            Ok(_) => {}
            Err(StoreError::Missing | StoreError::Damaged | StoreError::TooLarge { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
        let folder = self.folder();
        let file = match private_existing(&folder.join(hash.as_str())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        file.set_modified(SystemTime::now())?;
        // Whoever placed it may have been killed before its name was safe.
        sync_folder(&folder)?;
        Ok(true)
    }

    fn place(&self, mut unfinished: Unfinished, hash: &BlobHash) -> Result<(), StoreError> {
        unfinished.file.sync_all()?;
        let folder = self.folder();
        fs::rename(&unfinished.path, folder.join(hash.as_str()))?;
        unfinished.placed = true;
        sync_folder(&folder)?;
        Ok(())
    }

    fn folder(&self) -> MutexGuard<'_, PathBuf> {
        // The path never changes, so a panic elsewhere cannot have spoilt it.
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn private_existing(path: &Path) -> Result<File, io::Error> {
    fs::OpenOptions::new().write(true).open(path)
}

/// A file that is removed again unless it was placed.
struct Unfinished {
    path: PathBuf,
    file: File,
    placed: bool,
}

impl Unfinished {
    fn new(store: &Store) -> Result<Self, StoreError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        // One owner at a time, and leftovers are removed at opening: a number is enough of a name.
        let path = store
            .folder()
            .join(format!("{UNFINISHED}{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let file = private_file().truncate(true).open(&path)?;
        Ok(Self {
            path,
            file,
            placed: false,
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.placed {
            // If it cannot be removed now, the next opening does it.
            let _ = fs::remove_file(&self.path);
        }
    }
}
