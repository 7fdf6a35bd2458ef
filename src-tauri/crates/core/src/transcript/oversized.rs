//! What is kept of an event that is too large: which call it tells of and how far that is, or how the run ended, and
//! that the rest was left out.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

/// Names and identifiers are shorter, in bytes.
const SHORT: usize = 1024;

/// The short fields of an event's data, and that what its call was given and gave was left out. The data may be cut off
/// anywhere: what comes before is read.
pub fn reduced(data: &str) -> String {
    let mut fields = Fields::default();
    let mut reader = serde_json::Deserializer::from_str(data);
    // Data that is cut off ends with an error; what came before it is here.
    let _cut = reader.deserialize_map(&mut fields);
    let mut kept = fields.0;
    if kept.contains_key("callId") {
        kept.insert("truncated".to_owned(), json!({ "args": true, "result": true }));
    }
    Value::Object(kept).to_string()
}

/// The fields read so far.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl<'de> Visitor<'de> for &mut Fields {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if let Short(Some(value)) = map.next_value()? {
                self.0.insert(key, value);
            }
        }
        Ok(())
    }
}

/// A value, if it is short.
struct Short(Option<Value>);

impl<'de> Deserialize<'de> for Short {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShortVisitor).map(Short)
    }
}

struct ShortVisitor;

impl<'de> Visitor<'de> for ShortVisitor {
    type Value = Option<Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok((value.len() <= SHORT).then(|| value.into()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_fields_stay_wherever_the_data_ends() {
        let long = "x".repeat(SHORT + 1);
        let left_out = json!({ "args": true, "result": true });
        let call = json!({ "callId": "c", "name": "shell", "status": "completed", "truncated": left_out });
        let table = [
            (
                format!(
                    r#"{{"callId":"c","name":"shell","args":{{"command":"{long}"}},"result":["{long}"],"status":"completed"}}"#
                ),
                call.clone(),
                "a whole one, however its fields are ordered",
            ),
            (
                format!(r#"{{"callId":"c","name":"shell","status":"completed","args":{{"command":"{long}"#),
                call,
                "one that is cut off",
            ),
            (
                format!(r#"{{"runId":"r","status":"FINISHED","text":"{long}","durationMs":12}}"#),
                json!({ "runId": "r", "status": "FINISHED", "durationMs": 12 }),
                "an end",
            ),
            (format!(r#"{{"text":"{long}"}}"#), json!({}), "words"),
            (long, json!({}), "what is no object"),
        ];
        for (data, expected, what) in table {
            assert_eq!(reduced(&data), expected.to_string(), "{what}");
        }
    }
}
