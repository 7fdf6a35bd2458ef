//! Files that agents left, as text in the page. Whatever a file is called, it is only ever shown as text.

use std::fs::File;
use std::io::Read;

use super::Engine;
use crate::markdown;
use crate::model::{AgentId, Failure, FileText, RunId};
use crate::transcript::without_escapes;

/// So much of a file is shown, in bytes.
const SHOWN: usize = 256 << 10;

impl Engine {
    /// The beginning of a file an agent left, at most 256 KiB of it; none where it is not text. It is fetched first if
    /// it is not here yet.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn artifact_text(
        &self,
        id: &AgentId,
        run: Option<&RunId>,
        path: &str,
    ) -> Result<Option<FileText>, Failure> {
        let artifact = self.artifact(id, run, path).await?;
        let read = move || {
            let file = File::open(artifact.file)?;
            let length = file.metadata()?.len();
            let mut start = Vec::new();
            file.take(SHOWN as u64).read_to_end(&mut start)?;
            std::io::Result::Ok(text_of(&start, length))
        };
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(text)) => Ok(text),
            failed => {
                tracing::warn!(?failed, "a file on disk could not be read");
                Err(Failure::DataDamaged)
            }
        }
    }
}

/// What is shown of a file of `length` bytes that starts with these; none where they are not UTF-8, or hold a zero byte,
/// as no text does.
fn text_of(start: &[u8], length: u64) -> Option<FileText> {
    let longer = length > start.len() as u64;
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The cut went through a character.
        Err(error) if longer && error.error_len().is_none() => {
            std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then(|| FileText {
        // The log of a terminal is full of colors.
        text: markdown::sanitize(&without_escapes(text)).into_owned(),
        shown: text.len() as u64,
        bytes: length,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(bytes: &[u8]) -> Option<String> {
        text_of(bytes, bytes.len() as u64).map(|found| found.text)
    }

    #[test]
    fn hostile_bytes_are_seen_for_what_they_are_or_not_shown() {
        let table: [(&[u8], Option<&str>); 8] = [
            (b"ok\r\nnext\n", Some("ok\nnext\n")),
            (b"", Some("")),
            (
                b"<html><script>steal()</script>",
                Some("<html><script>steal()</script>"),
            ),
            (b"\x1b[2J\x1b[32mgone\x1b[0m\x07\x1b", Some("gone\u{2407}\u{241b}")),
            ("a\u{202e}txt.exe \u{200b}b".as_bytes(), Some("a\u{fffd}txt.exe b")),
            (b"\x89PNG\r\n\x1a\n", None),
            (b"half a character \xe2\x82", None),
            (b"MZ\0\0", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(shown(bytes).as_deref(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_cut_through_a_character_costs_that_character_only() {
        let expected = FileText {
            text: "ab".to_owned(),
            shown: 2,
            bytes: 9,
        };
        assert_eq!(
            text_of(b"ab\xe2\x82", 9),
            Some(expected),
            "and what is shown is counted"
        );
        assert_eq!(text_of(b"a\xffb", 9), None, "what is wrong in its middle is no text");
    }

    proptest! {
        #[test]
        fn whatever_is_shown_is_safe_and_no_longer_than_said(bytes: Vec<u8>, more in 0_u64..9) {
            if let Some(found) = text_of(&bytes, bytes.len() as u64 + more) {
                prop_assert_eq!(markdown::sanitize(&found.text).into_owned(), found.text.clone());
                prop_assert!(found.shown <= found.bytes);
            }
        }
    }
}
