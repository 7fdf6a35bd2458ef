//! Hostile bytes go in without the net for panics, so that a panic in a walker or a decoder is seen here.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

fn fixtures() -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "py"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Makes the check sums of a PNG right again, so that the damage reaches the decoder.
fn mend_check_sums(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map(|length| u32::from_be_bytes(*length) as usize)
    {
        let end = at.saturating_add(length).saturating_add(8);
        if bytes.len() < end.saturating_add(4) {
            return;
        }
        let sum = crc32fast::hash(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
}

#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => (any::<Index>(), 1usize..40).prop_map(|(at, count)| Damage::Remove(at, count)),
        1 => (any::<Index>(), 1usize..200).prop_map(|(at, count)| Damage::Repeat(at, count)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..20)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Self::Remove(at, count) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Self::Repeat(at, count) => {
                let at = at.index(bytes.len());
                let piece = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            Self::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn damaged_files_never_panic(which in any::<Index>(), damages in prop::collection::vec(damage(), 1..6), edge in 1u32..80) {
        let fixtures = fixtures();
        let mut bytes = which.get(&fixtures).clone();
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        if bytes.starts_with(b"\x89PNG") {
            mend_check_sums(&mut bytes);
        }
        let Ok(format) = check_bytes(&bytes) else { return Ok(()) };
        if let Ok((picture, thumbnail)) = take_in_unguarded(format, &bytes, Some(edge)) {
            prop_assert!(thumbnail.is_some(), "a picture that was taken in has a thumbnail");
            prop_assert_eq!(take_in(&picture.bytes).map(|again| again.hash), Ok(picture.hash), "what came out is clean");
        }
    }
}
