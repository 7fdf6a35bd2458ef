//! What changed in a file, in whichever way the tool tells it.

use serde_json::Value;

use super::Laid;
use crate::model::{DiffLine, DiffSign};

/// Lines around a replacement that are shown with it.
const AROUND: usize = 3;

/// The change, as the result tells it or else as it was asked for; what it was read from is taken out.
pub(super) fn of(given: &mut Laid, back: &mut Laid) -> Option<Vec<DiffLine>> {
    let told = back.text(&["diffString", "diff", "unifiedDiff", "patch"]);
    if let Some(told) = told.filter(|told| !told.trim().is_empty()) {
        // The same is not shown twice.
        for name in [
            "patch",
            "input",
            "diff",
            "old_string",
            "new_string",
            "old_str",
            "new_str",
        ] {
            given.fields.remove(name);
        }
        return Some(unified(&told));
    }
    if let Some(patch) = given.text(&["patch", "diff"]) {
        return Some(unified(&patch));
    }
    for name in ["input", ""] {
        let is_patch = |text: &str| text.contains("*** Begin Patch") || text.starts_with("--- ");
        if given.fields.get(name).and_then(Value::as_str).is_some_and(is_patch) {
            return given.text(&[name]).map(|patch| unified(&patch));
        }
    }
    if let Some(edits) = given.fields.get("edits").and_then(Value::as_array) {
        let each: Option<Vec<_>> = edits.iter().map(replacement).collect();
        if let Some(each) = each.filter(|each| !each.is_empty()) {
            given.fields.remove("edits");
            return Some(joined(each));
        }
    }
    let (old, new) = (given.text(&OLD), given.text(&NEW));
    if old.is_some() || new.is_some() {
        return Some(replaced(&old.unwrap_or_default(), &new.unwrap_or_default()));
    }
    let written = given.text(&["file_text", "fileText", "contents", "content", "code_edit"])?;
    Some(signed(DiffSign::Added, written.lines()).collect())
}

const OLD: [&str; 4] = ["old_string", "old_str", "oldString", "old_text"];
const NEW: [&str; 4] = ["new_string", "new_str", "newString", "new_text"];

fn replacement(edit: &Value) -> Option<Vec<DiffLine>> {
    let text = |names: [&str; 4]| names.iter().find_map(|name| edit.get(name)?.as_str());
    Some(replaced(text(OLD)?, text(NEW)?))
}

fn joined(each: Vec<Vec<DiffLine>>) -> Vec<DiffLine> {
    let mut lines = Vec::new();
    for (index, change) in each.into_iter().enumerate() {
        if index > 0 {
            lines.extend(signed(DiffSign::Place, ["…"].into_iter()));
        }
        lines.extend(change);
    }
    lines
}

fn signed<'a>(sign: DiffSign, lines: impl Iterator<Item = &'a str>) -> impl Iterator<Item = DiffLine> {
    lines.map(move |text| DiffLine {
        sign,
        text: text.to_owned(),
    })
}

/// The lines that are the same at both ends stand around those that are not.
fn replaced(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same_at_start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let longest = old.len().min(new.len()) - same_at_start;
    let same_at_end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(longest)
        .take_while(|(a, b)| a == b)
        .count();
    let before = &old[same_at_start.saturating_sub(AROUND)..same_at_start];
    let after = &old[old.len() - same_at_end..];
    signed(DiffSign::Same, before.iter().copied())
        .chain(signed(
            DiffSign::Removed,
            old[same_at_start..old.len() - same_at_end].iter().copied(),
        ))
        .chain(signed(
            DiffSign::Added,
            new[same_at_start..new.len() - same_at_end].iter().copied(),
        ))
        .chain(signed(DiffSign::Same, after.iter().take(AROUND).copied()))
        .collect()
}

/// A unified diff, or a patch in the form of `apply_patch`.
fn unified(text: &str) -> Vec<DiffLine> {
    let mut lines = Vec::new();
    let all: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while let Some(&line) = all.get(at) {
        at += 1;
        if is_head(&all, at - 1) {
            at += 1;
            continue;
        }
        let (sign, text) = match line.as_bytes() {
            _ if line.starts_with("diff --git ") || line.starts_with("index ") => continue,
            _ if matches!(line, "*** Begin Patch" | "*** End Patch") => continue,
            _ if line.starts_with("*** ") || line.starts_with("@@") || line.starts_with("\\ ") => {
                (DiffSign::Place, line)
            }
            [b'+', ..] => (DiffSign::Added, &line[1..]),
            [b'-', ..] => (DiffSign::Removed, &line[1..]),
            [b' ', ..] => (DiffSign::Same, &line[1..]),
            _ => (DiffSign::Same, line),
        };
        lines.push(DiffLine {
            sign,
            text: text.to_owned(),
        });
    }
    lines
}

/// Whether the names of files stand here; a line that was taken out may look like one.
fn is_head(lines: &[&str], at: usize) -> bool {
    let starts = |at: usize, with: &str| lines.get(at).is_some_and(|line| line.starts_with(with));
    let begins = at == 0 || starts(at - 1, "index ") || starts(at - 1, "diff --git ") || starts(at + 2, "@@");
    starts(at, "--- ") && starts(at + 1, "+++ ") && begins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[DiffLine]) -> Vec<String> {
        let sign = |sign| match sign {
            DiffSign::Added => '+',
            DiffSign::Removed => '-',
            DiffSign::Same => ' ',
            DiffSign::Place => '@',
        };
        lines
            .iter()
            .map(|line| format!("{}{}", sign(line.sign), line.text))
            .collect()
    }

    #[test]
    fn a_replacement_shows_what_is_different_and_a_little_around_it() {
        let table: [(&str, &str, &[&str]); 6] = [
            ("a\nb\nc", "a\nx\nc", &[" a", "-b", "+x", " c"]),
            ("", "a\nb", &["+a", "+b"]),
            ("a", "", &["-a"]),
            ("a\na", "a", &[" a", "-a"]),
            ("1\n2\n3\n4\nx", "1\n2\n3\n4\ny", &[" 2", " 3", " 4", "-x", "+y"]),
            ("same", "same", &[" same"]),
        ];
        for (old, new, expected) in table {
            assert_eq!(shown(&replaced(old, new)), expected, "{old:?} to {new:?}");
        }
    }

    #[test]
    fn diffs_and_patches_are_read_by_their_signs() {
        let diff = "diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file";
        assert_eq!(
            shown(&unified(diff)),
            ["@@@ -1,2 +1,2 @@", " a", "-b", "+c", "@\\ No newline at end of file"]
        );
        assert_eq!(
            shown(&unified("@@\n--- a comment of SQL\n+++ x")),
            ["@@@", "--- a comment of SQL", "+++ x"],
            "a head has two names"
        );
        let patch = "*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y\n*** End Patch";
        assert_eq!(shown(&unified(patch)), ["@*** Update File: a.py", "@@@", "-x", "+y"]);
    }
}
