//! The fake disk: one row with its history. It survives kills, can fail, can lie, and can be put back.

/// One stored version.
#[derive(Debug, Clone)]
struct Version {
    body: String,
    revision: u64,
    writer: u32,
    sending: bool,
    draft_here: bool,
}

/// What a store answers to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Yes,
    Full,
    /// Another process has written in between.
    Behind,
}

/// The disk.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    versions: Vec<Version>,
    /// Whether the row is there.
    pub(crate) row: bool,
}

impl Disk {
    /// Stores a version, unless the writer is behind.
    pub(crate) fn write(&mut self, body: String, revision: u64, stored: u64, writer: u32, sending: bool) -> Written {
        if !self.row && revision > 1 {
            return Written::Behind; // Only the first commit makes a row; a forgotten one stays forgotten.
        }
        if self.row
            && let Some(last) = self.versions.last()
            && last.revision != stored
            && last.writer != writer
        {
            return Written::Behind;
        }
        let draft_here = self.row && self.draft_here();
        self.versions.push(Version {
            body,
            revision,
            writer,
            sending,
            draft_here,
        });
        self.row = true;
        Written::Yes
    }

    /// The stored row.
    pub(crate) fn read(&self) -> Option<&str> {
        self.versions.last().filter(|_| self.row).map(|last| last.body.as_str())
    }

    /// Whether the stored row says *Sending* in this revision.
    pub(crate) fn is_sending(&self, revision: u64) -> bool {
        self.row
            && self
                .versions
                .last()
                .is_some_and(|last| last.sending && last.revision == revision)
    }

    /// Whether the stored row says *Sending*.
    pub(crate) fn sending(&self) -> bool {
        self.row && self.versions.last().is_some_and(|last| last.sending)
    }

    /// Whether the draft is where drafts are: before the first commit, and after it was given back.
    pub(crate) fn draft_here(&self) -> bool {
        if self.row {
            self.versions.last().is_some_and(|last| last.draft_here)
        } else {
            true
        }
    }

    /// Writes the draft back.
    pub(crate) fn give_draft_back(&mut self) {
        if let Some(last) = self.versions.last_mut() {
            last.draft_here = true;
        }
    }

    /// How many versions there were.
    pub(crate) fn len(&self) -> usize {
        self.versions.len()
    }

    /// Puts an earlier version back.
    pub(crate) fn restore(&mut self, index: usize) {
        self.versions.truncate(index + 1);
        self.row = true;
    }
}
