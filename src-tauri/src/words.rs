//! The words of notices, tray and dialogs: one table, `ui/src/text/native.json`, read here and by the page.

use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../ui/src/text/native.json")).unwrap_or_default());

/// The words under a key; the key itself where the table has none, which a test of the page forbids.
pub(crate) fn word(key: &str) -> &str {
    TABLE.get(key).map_or(key, String::as_str)
}

/// All words, for who fills in many.
pub(crate) fn table() -> impl Iterator<Item = (String, String)> {
    TABLE.iter().map(|(key, word)| (key.clone(), word.clone()))
}

/// The words under a key with `{name}` replaced.
pub(crate) fn word_with(key: &str, name: &str, value: &str) -> String {
    word(key).replace(&format!("{{{name}}}"), value)
}
