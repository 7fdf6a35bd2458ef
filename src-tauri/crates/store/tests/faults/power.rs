//! The power goes: of what was written and not yet synced, any part may be on the disk.
//!
//! A run is recorded system call by system call. After each call, disks are made up that hold all that was synced
//! and some of what was not, and each must open, be whole, and hold what had been said to be kept by then.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use sendoff_store::Store;

use crate::script::{again, check, inside, note, send_off};
use crate::system_calls::{around, can_trace, strace};

/// Disks made up after each call. More by the environment variable of this name.
const IMAGES: &str = "SENDOFF_STORE_IMAGES";

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

/// The bytes of a file: those that are safe, and the changes that are not yet.
#[derive(Clone, Debug, Default)]
struct Inode {
    safe: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Naming {
    Create { name: PathBuf, inode: usize },
    Rename { from: PathBuf, to: PathBuf },
    Remove { name: PathBuf },
}

/// A disk as it may be at an instant.
#[derive(Clone, Debug, Default)]
struct Disk {
    inodes: Vec<Inode>,
    safe_names: BTreeMap<PathBuf, usize>,
    names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<Naming>,
    /// What the process said; kept beside, as a user's memory is.
    said: String,
}

/// A small generator, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // Constants of Knuth's MMIX generator.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { offset, bytes: written } => {
            let end = offset + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*offset..end].copy_from_slice(written);
        }
        Change::Truncate { length } => bytes.resize(*length, 0),
    }
}

fn rename(names: &mut BTreeMap<PathBuf, usize>, naming: &Naming) {
    match naming {
        Naming::Create { name, inode } => {
            names.insert(name.clone(), *inode);
        }
        Naming::Rename { from, to } => {
            let inode = names.remove(from).unwrap();
            names.insert(to.clone(), inode);
        }
        Naming::Remove { name } => {
            names.remove(name);
        }
    }
}

impl Disk {
    fn naming(&mut self, naming: Naming) {
        rename(&mut self.names, &naming);
        self.pending_names.push(naming);
    }

    fn change(&mut self, path: &Path, change: Change) {
        let inode = self.names[path];
        self.inodes[inode].pending.push(change);
    }

    /// Makes a file safe, or the names in the whole disk (a file system writes its names in order).
    fn sync(&mut self, path: &Path, root: &Path) {
        if path == root || path == root.join("blobs") {
            for naming in std::mem::take(&mut self.pending_names) {
                rename(&mut self.safe_names, &naming);
            }
        } else {
            let inode = &mut self.inodes[self.names[path]];
            for change in std::mem::take(&mut inode.pending) {
                apply(&mut inode.safe, &change);
            }
        }
    }

    /// Writes a disk with some of what is pending to `folder`: none, all, or as the dice fall, writes torn between sectors.
    fn make_up(&self, image: usize, dice: &mut Dice, root: &Path, folder: &Path) {
        let mut names = self.safe_names.clone();
        let survivors = match image {
            0 => 0,
            1 => self.pending_names.len(),
            _ => dice.below(self.pending_names.len() + 1),
        };
        self.pending_names[..survivors]
            .iter()
            .for_each(|naming| rename(&mut names, naming));
        for (name, inode) in names {
            let inode = &self.inodes[inode];
            let mut bytes = inode.safe.clone();
            for change in &inode.pending {
                match (image, change) {
                    (0, _) => {}
                    (1, _) => apply(&mut bytes, change),
                    (_, Change::Write { offset, bytes: written }) => match dice.below(4) {
                        0 => {}
                        1 => {
                            let sectors = dice.below(written.len() / 512 + 1) * 512;
                            apply(
                                &mut bytes,
                                &Change::Write {
                                    offset: *offset,
                                    bytes: written[..sectors].to_vec(),
                                },
                            );
                        }
                        _ => apply(&mut bytes, change),
                    },
                    (_, Change::Truncate { .. }) => {
                        if dice.below(2) == 0 {
                            apply(&mut bytes, change);
                        }
                    }
                }
            }
            let path = folder.join(name.strip_prefix(root).unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// Takes one line of the record into account. Returns false for a call that failed or changes nothing.
    fn take(&mut self, line: &str, root: &Path) -> bool {
        let call = line.trim_start_matches(|character: char| character.is_ascii_digit() || character == ' ');
        let (name, rest) = call.split_once('(').unwrap();
        let (arguments, result) = rest.rsplit_once(") ").unwrap();
        if result.trim_start_matches(['=', ' ']).starts_with('-') {
            return false;
        }
        let strings: Vec<Vec<u8>> = arguments.split('"').skip(1).step_by(2).map(unescape).collect();
        let path = |index: usize| PathBuf::from(String::from_utf8(strings[index].clone()).unwrap());
        let open_file = || {
            let text = arguments.split_once('<').unwrap().1.split_once('>').unwrap().0;
            PathBuf::from(String::from_utf8(unescape(text)).unwrap())
        };
        let last_number = || arguments.rsplit_once(", ").unwrap().1.parse::<usize>().unwrap();
        match name {
            "openat" => {
                let path = path(0);
                let new = arguments.contains("O_CREAT") && !self.names.contains_key(&path);
                if new {
                    self.inodes.push(Inode::default());
                    self.naming(Naming::Create {
                        name: path.clone(),
                        inode: self.inodes.len() - 1,
                    });
                }
                if arguments.contains("O_TRUNC") && !new {
                    self.change(&path, Change::Truncate { length: 0 });
                }
                new
            }
            "pwrite64" => {
                self.change(
                    &open_file(),
                    Change::Write {
                        offset: last_number(),
                        bytes: strings[0].clone(),
                    },
                );
                true
            }
            "write" => {
                let path = open_file();
                if path == root.join("said") {
                    self.said.push_str(std::str::from_utf8(&strings[0]).unwrap());
                } else {
                    // A blob is written from front to back.
                    let inode = &self.inodes[self.names[&path]];
                    let offset = inode.pending.iter().fold(inode.safe.len(), |end, change| match change {
                        Change::Write { offset, bytes } => end.max(offset + bytes.len()),
                        Change::Truncate { length } => *length,
                    });
                    self.change(
                        &path,
                        Change::Write {
                            offset,
                            bytes: strings[0].clone(),
                        },
                    );
                }
                true
            }
            "ftruncate" => {
                self.change(&open_file(), Change::Truncate { length: last_number() });
                true
            }
            "fsync" | "fdatasync" => {
                self.sync(&open_file(), root);
                true
            }
            "rename" => {
                self.naming(Naming::Rename {
                    from: path(0),
                    to: path(1),
                });
                true
            }
            "unlink" => {
                self.naming(Naming::Remove { name: path(0) });
                true
            }
            other => panic!("a call that is not understood: {other}"),
        }
    }
}

/// Bytes from `\x2f\x74`, as strace writes all strings when asked; anything else stands for itself.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(digits) = rest.strip_prefix("\\x").and_then(|rest| rest.get(..2)) {
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &rest[4..];
        } else {
            bytes.extend(first.to_string().bytes());
            rest = &rest[first.len_utf8()..];
        }
    }
    bytes
}

#[test]
fn the_power_may_go_after_any_system_call() {
    if let Some(folder) = inside() {
        // Three lives, so that the end of one (where the log goes into the database) is in the record too.
        for life in 0..3 {
            let store = Store::open(&folder).unwrap();
            let mut said = OpenOptions::new()
                .create(true)
                .append(true)
                .open(folder.join("said"))
                .unwrap();
            for number in life * 2..life * 2 + 2 {
                send_off(&store, number, |step| {
                    writeln!(said, "{step} {number}").unwrap();
                })
                .unwrap();
            }
        }
        return;
    }
    assert!(
        can_trace(),
        "strace is needed and allowed: without it nothing here would be tried"
    );
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    let log = folder.path().join("log");
    let trace = "trace=openat,pwrite64,write,ftruncate,fsync,fdatasync,rename,unlink";
    let mut record = strace(&root, &log, &[trace]);
    record.args(["-xx", "-s", "1000000"]);
    let output = around(record, &again("power::the_power_may_go_after_any_system_call", &root))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let images: usize = std::env::var(IMAGES).map_or(3, |number| number.parse().unwrap());
    let mut disk = Disk::default();
    let mut dice = Dice(7);
    let mut tried = 0;
    for (number, line) in fs::read_to_string(&log).unwrap().lines().enumerate() {
        if !disk.take(line, &root) {
            continue;
        }
        let mut reported = BTreeMap::new();
        disk.said.lines().for_each(|line| note(&mut reported, line));
        // Events can be fetched again: they are promised to outlive the process, not the power.
        for step in reported.values_mut() {
            *step = (*step).min(4);
        }
        for image in 0..images {
            // Memory is the fastest disk, where there is one.
            let memory = Path::new("/dev/shm");
            let place = if memory.is_dir() {
                tempfile::tempdir_in(memory)
            } else {
                tempfile::tempdir()
            }
            .unwrap();
            disk.make_up(image, &mut dice, &root, place.path());
            match Store::open(place.path()) {
                Ok(store) => check(&store, &reported),
                Err(error) => panic!("line {number}, image {image}: {error:?} after {reported:?}"),
            }
            tried += 1;
        }
    }
    println!("{tried} disks");
    assert!(tried > 500, "the record must hold the whole run: {tried} disks");
    assert_eq!(disk.said.lines().count(), 36, "six steps of six launches were said");
}
