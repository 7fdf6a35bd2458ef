//! Lenient reading: `null` counts as absent, numbers may come as text, a value may have another shape.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `null` reads as the default, as if the field were absent.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A whole number at or above zero; a fraction is cut, anything else is absent.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number
            .as_u64()
            .or_else(|| number.as_f64().filter(|value| *value >= 0.0).map(|value| value as u64)),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// Text, or a number written as text; anything else is absent.
pub(crate) fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Cuts a text to at most `limit` bytes, at a character boundary.
pub(crate) fn bounded(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
