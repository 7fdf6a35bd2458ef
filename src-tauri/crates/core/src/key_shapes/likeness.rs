//! Tells what was drawn at random from what a person wrote in its place.

/// Words in examples. Longer bodies are not searched: chance alone would write one of these there.
const PLACEHOLDERS: [&[u8]; 14] = [
    b"xxxxx",
    b"your",
    b"example",
    b"placeholder",
    b"redacted",
    b"dummy",
    b"sample",
    b"insert",
    b"replace",
    b"secret",
    b"token",
    b"change",
    b"mykey",
    b"my-key",
];
const SEARCHED: usize = 100;

/// How many different characters a body of 16 or more has at least.
const DIFFERENT: usize = 7;
/// Equal or ascending characters beside each other that nobody draws.
const ROW: usize = 8;

/// Whether the part behind a prefix may be a real one: many different characters of more than one class, and no example.
pub(super) fn is_drawn(body: &[u8]) -> bool {
    different(body) >= DIFFERENT
        // 16 characters may well be of one class.
        && (body.len() <= 16 || classes(body) >= 2)
        && !has_row(body)
        && !is_placeholder(body)
}

/// As [`is_drawn`], for what has no prefix of its own: it must look like nothing that is written by hand, neither a path
/// nor a name. Hexadecimal numbers of 128 bits and more pass too.
pub(super) fn is_noise(body: &[u8]) -> bool {
    if !is_drawn(body) {
        return false;
    }
    if body.len() >= 32 && body.iter().all(u8::is_ascii_hexdigit) {
        return true;
    }
    let turn = |pair: &&[u8]| pair.iter().all(u8::is_ascii_alphanumeric) && class(pair[0]) != class(pair[1]);
    let turns = body.windows(2).filter(turn).count();
    // Of characters drawn at random two neighbors in three differ in class; in names and paths one in four.
    turns * 10 >= body.len() * 3
}

/// Whether it holds a word that stands in examples, small or large; both at once is more likely to be chance.
fn is_placeholder(body: &[u8]) -> bool {
    let holds = |word: &[u8]| body.windows(word.len()).any(|part| part == word);
    body.len() <= SEARCHED
        && PLACEHOLDERS
            .iter()
            .any(|word| holds(word) || holds(&word.to_ascii_uppercase()))
}

fn different(body: &[u8]) -> usize {
    let mut seen = [false; 256];
    for byte in body {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count()
}

fn class(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

/// How many of lower case, upper case and digits occur.
fn classes(body: &[u8]) -> usize {
    (0..3)
        .filter(|kind| body.iter().any(|byte| class(*byte) == *kind))
        .count()
}

fn has_row(body: &[u8]) -> bool {
    let (mut equal, mut ascending) = (1, 1);
    body.windows(2).any(|pair| {
        equal = if pair[0] == pair[1] { equal + 1 } else { 1 };
        let next = pair[0].checked_add(1) == Some(pair[1]) || (pair[0], pair[1]) == (b'9', b'0');
        ascending = if next { ascending + 1 } else { 1 };
        equal >= ROW || ascending >= ROW
    })
}
