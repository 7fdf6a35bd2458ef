//! Blobs come back as they went in, whatever their bytes, and are taken away only when nobody wants them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use sendoff_store::{BlobHash, InvalidHash, Removed, Store, StoreError};
use tempfile::TempDir;

const ANY: u64 = u64::MAX;

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder.path().join("blobs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Makes a blob look as if it had been put at that time.
fn put_at(store: &Store, hash: &BlobHash, at_ms: u64) {
    let file = fs::OpenOptions::new().write(true).open(store.blob_path(hash)).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_millis(at_ms)).unwrap();
}

#[test]
fn the_name_is_the_sha256_of_the_bytes() {
    let (folder, store) = store();
    // The test vector of FIPS 180-2 for "abc", and the well-known name of no bytes.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(store.put_blob(b"abc").unwrap().as_str(), abc);
    assert_eq!(store.put_blob(b"").unwrap().as_str(), empty);
    assert_eq!(names(&folder), [abc, empty], "one file each, and nothing unfinished");
}

#[test]
fn only_64_lower_case_hex_digits_name_a_blob() {
    let good = "0123456789abcdef".repeat(4);
    assert_eq!(good.parse::<BlobHash>().map(|hash| hash.to_string()), Ok(good.clone()));
    let bad = [
        String::new(),
        good[..63].to_owned(),
        format!("{good}0"),
        good.to_uppercase(),
        format!("../{}", &good[3..]),
        format!("{}\0", &good[1..]),
        format!("{}g", &good[1..]),
        format!("{}é", &good[2..]),
    ];
    for text in bad {
        assert_eq!(
            text.parse::<BlobHash>(),
            Err(InvalidHash),
            "{text:?} must not become a path"
        );
    }
}

#[test]
fn a_file_is_taken_in_up_to_its_limit() {
    let (folder, store) = store();
    let source = folder.path().join("picture.png");
    let bytes: Vec<u8> = (0..700_000_u32).map(|number| (number % 251) as u8).collect();
    fs::write(&source, &bytes).unwrap();
    let length = bytes.len() as u64;
    assert_eq!(
        store.put_blob_from_file(&source, length - 1),
        Err(StoreError::TooLarge {
            limit: length - 1,
            length
        }),
        "one byte too many"
    );
    assert!(
        names(&folder).is_empty(),
        "a refused file leaves nothing behind: {:?}",
        names(&folder)
    );
    assert_eq!(
        store.put_blob_from_file(&folder.path().join("none"), ANY),
        Err(StoreError::Missing)
    );
    let hash = store.put_blob_from_file(&source, length).unwrap();
    assert_eq!(hash, BlobHash::of(&bytes));
    assert_eq!(
        store.put_blob(&bytes),
        Ok(hash.clone()),
        "the same bytes are the same blob"
    );
    assert_eq!(store.read_blob(&hash, length), Ok(bytes));
    assert_eq!(names(&folder), [hash.as_str()]);
}

#[test]
fn a_damaged_blob_is_put_anew() {
    let (_folder, store) = store();
    let hash = store.put_blob(b"pixels").unwrap();
    for damage in [b"pixelz".as_slice(), b"pix", b"pixels and more"] {
        fs::write(store.blob_path(&hash), damage).unwrap();
        assert_eq!(store.put_blob(b"pixels"), Ok(hash.clone()));
        assert_eq!(store.read_blob(&hash, 6), Ok(b"pixels".to_vec()), "after {damage:?}");
    }
}

#[test]
fn reading_is_bounded_and_checked() {
    let (_folder, store) = store();
    let hash = store.put_blob(b"picture").unwrap();
    assert_eq!(
        store.read_blob(&hash, 6),
        Err(StoreError::TooLarge { limit: 6, length: 7 })
    );
    let other = BlobHash::of(b"other");
    assert_eq!((store.has_blob(&hash), store.has_blob(&other)), (Ok(true), Ok(false)));
    assert_eq!(store.read_blob(&other, ANY), Err(StoreError::Missing));
    fs::write(store.blob_path(&hash), b"PICTURE").unwrap();
    assert_eq!(
        store.read_blob(&hash, ANY),
        Err(StoreError::Damaged),
        "the bytes are not those of the name"
    );
    fs::write(store.blob_path(&hash), b"pic").unwrap();
    assert_eq!(
        store.put_blob(b"picture"),
        Ok(hash.clone()),
        "putting again mends a blob that was cut short"
    );
    assert_eq!(store.read_blob(&hash, ANY), Ok(b"picture".to_vec()));
}

#[test]
fn only_old_blobs_nobody_keeps_are_removed() {
    let (folder, store) = store();
    let [kept, old, young, again] =
        ["kept", "old", "young", "again"].map(|text| store.put_blob(text.as_bytes()).unwrap());
    for (hash, at_ms) in [(&kept, 1_000), (&old, 1_000), (&young, 5_001), (&again, 1_000)] {
        put_at(&store, hash, at_ms);
    }
    assert_eq!(store.put_blob(b"again"), Ok(again.clone()), "putting it makes it young");
    fs::write(folder.path().join("blobs").join("note.txt"), "not ours").unwrap();
    let keep = HashSet::from([kept.clone()]);
    assert_eq!(
        store.remove_unreferenced(&keep, 5_000, 10_000),
        Ok(Removed { blobs: 1, bytes: 3 })
    );
    let left: Vec<_> = [&kept, &old, &young, &again]
        .map(|hash| store.has_blob(hash).unwrap())
        .to_vec();
    assert_eq!(left, [true, false, true, true]);
    assert_eq!(
        store.remove_unreferenced(&keep, 5_000, 10_001),
        Ok(Removed { blobs: 1, bytes: 5 }),
        "a millisecond later the young one is old enough"
    );
    assert_eq!(
        store.remove_unreferenced(&HashSet::new(), 0, now_ms() + 60_000),
        Ok(Removed { blobs: 2, bytes: 9 })
    );
    assert_eq!(names(&folder), ["note.txt"], "files that are not ours stay");
}

#[test]
fn what_a_crash_left_unfinished_is_removed_at_the_next_opening() {
    let (folder, store) = store();
    let hash = store.put_blob(b"whole").unwrap();
    drop(store);
    fs::write(folder.path().join("blobs").join("unfinished-7"), "hal").unwrap();
    let _store = Store::open(folder.path()).unwrap();
    assert_eq!(names(&folder), [hash.as_str()]);
}

#[test]
fn the_same_blob_may_be_put_from_many_threads() {
    let (folder, store) = store();
    let hashes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| store.put_blob(&vec![9; 100_000]).unwrap()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(hashes, vec![BlobHash::of(&vec![9; 100_000]); 8]);
    assert_eq!(names(&folder), [hashes[0].as_str()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any bytes, put any number of times and collected with any keep list: the store is a map from hash to bytes.
    #[test]
    fn blobs_behave_like_a_map(blobs in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..2_000), any::<bool>()), 0..12)) {
        static STORE: LazyLock<(TempDir, Store)> = LazyLock::new(store);
        let (folder, store) = &*STORE;
        store.remove_unreferenced(&HashSet::new(), 0, now_ms() + 60_000).unwrap();
        let mut model = BTreeMap::new();
        let mut keep = HashSet::new();
        for (bytes, kept) in &blobs {
            let hash = store.put_blob(bytes).unwrap();
            prop_assert_eq!(&hash, &BlobHash::of(bytes));
            if *kept {
                keep.insert(hash.clone());
            }
            model.insert(hash, bytes.clone());
        }
        for (hash, bytes) in &model {
            prop_assert_eq!(store.read_blob(hash, ANY), Ok(bytes.clone()));
        }
        let gone: Vec<_> = model.iter().filter(|(hash, _)| !keep.contains(hash)).collect();
        let expected = Removed { blobs: gone.len() as u64, bytes: gone.iter().map(|(_, bytes)| bytes.len() as u64).sum() };
        prop_assert_eq!(store.remove_unreferenced(&keep, 0, now_ms() + 60_000), Ok(expected));
        let left: Vec<_> = model.keys().filter(|hash| keep.contains(hash)).map(ToString::to_string).collect();
        prop_assert_eq!(names(folder), left);
    }
}
