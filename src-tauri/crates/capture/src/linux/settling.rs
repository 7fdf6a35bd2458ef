//! When a screen shows what was below a window that went: as soon as it stands still.

use std::time::Duration;

/// The time between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(50);
/// After so many looks the last one counts: something else on the screen moves all the time.
const LOOKS: usize = 12;

/// Looks until two looks in a row see the same, and gives the last. A program below needs a moment to draw what it had
/// not to draw before, and a compositor fades a window out; neither says when that is over.
pub(super) fn settled<Seen: PartialEq, Error>(
    mut look: impl FnMut() -> Result<Seen, Error>,
    mut pause: impl FnMut(),
) -> Result<Seen, Error> {
    pause();
    let mut seen = look()?;
    for _ in 1..LOOKS {
        pause();
        let now = look()?;
        if now == seen {
            break;
        }
        seen = now;
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_until_nothing_changes() {
        for (shown, expected, why) in [
            (vec![7], (7, 2), "a screen at rest is looked at twice"),
            (vec![1, 2, 3], (3, 4), "a window that fades is waited for"),
            ((0..100).collect(), (11, 12), "a film is not waited for"),
        ] {
            let (mut looks, mut pauses) = (0, 0);
            let seen = settled(
                || {
                    let at = looks.min(shown.len() - 1);
                    looks += 1;
                    Ok::<_, ()>(shown[at])
                },
                || pauses += 1,
            );
            assert_eq!((seen, looks), (Ok(expected.0), expected.1), "{why}");
            assert_eq!(pauses, looks, "a pause goes before each look");
        }
        assert_eq!(settled(|| Err::<u8, _>("gone"), || ()), Err("gone"), "an error ends it");
    }
}
