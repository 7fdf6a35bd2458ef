//! Rules of prompts and their pictures.

use serde_json::{Map, Value};

use super::{Check, Pictures, Prompt};
use crate::picture::{Decoded, MAX_PICTURE_BYTES, Picture};

const MIME_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

impl Check {
    pub(super) fn prompt(&mut self, body: &Map<String, Value>, pictures: &Pictures, version_0: bool) -> Prompt {
        if !body.contains_key("prompt") {
            self.schema("prompt", "Required");
        }
        let Some(prompt) = self.object("prompt", body.get("prompt"), &["text", "images"]) else {
            return Prompt::default();
        };
        let text = self
            .string("prompt", prompt, "text", true, 1..=usize::MAX)
            .unwrap_or_default();
        let mut records = Vec::new();
        for (index, image) in self.list("prompt.images", prompt.get("images"), 5).iter().enumerate() {
            let path = format!("prompt.images[{index}]");
            if let Some(record) = self.picture(&path, image, pictures.get(&index), version_0) {
                records.push(record);
            }
        }
        Prompt {
            text,
            pictures: records,
        }
    }

    fn picture(
        &mut self,
        path: &str,
        image: &Value,
        decoded: Option<&Result<Decoded, &'static str>>,
        version_0: bool,
    ) -> Option<Picture> {
        let keys: &[&str] = if version_0 {
            &["data", "dimension"]
        } else {
            &["data", "mimeType", "url", "dimension"]
        };
        let map = self.object(path, Some(image), keys)?;
        let claimed = self.dimension(path, map);
        let mime = if version_0 {
            None
        } else {
            self.string(path, map, "mimeType", false, 1..=100)
        };
        if !version_0 && map.contains_key("url") {
            let url = self.string(path, map, "url", true, 1..=2048);
            self.web_address(&format!("{path}.url"), url.as_ref());
            if map.contains_key("data") || mime.is_some() {
                self.schema(path, "Provide either data with mimeType, or url without mimeType");
            }
            return None;
        }
        let Some(decoded) = decoded else {
            self.schema(&format!("{path}.data"), "Required");
            return None;
        };
        if !version_0 {
            if mime.is_none() {
                self.schema(&format!("{path}.mimeType"), "Required with data");
            }
            self.one_of(&format!("{path}.mimeType"), mime.as_ref(), &MIME_TYPES);
        }
        let record = match decoded {
            Ok(decoded) => decoded.record.clone(),
            Err(reason) => {
                self.add("picture-data", format!("{path}.data {reason}"));
                return None;
            }
        };
        if record.size_bytes > MAX_PICTURE_BYTES {
            self.add(
                "picture-size",
                format!("{path}: Image exceeds the maximum size of 15MB"),
            );
        }
        match (&record.sniffed_mime_type, &mime) {
            (None, _) => self.add("picture-type", format!("{path}: Unsupported or corrupt image")),
            (Some(is), Some(claims)) if is != claims => self.add(
                "picture-type",
                format!("{path}: mimeType says {claims}, the bytes are {is}"),
            ),
            _ => {}
        }
        if let (Some(claimed), Some(real)) = (claimed, record.pixels)
            && claimed != real
        {
            self.add(
                "picture-dimension",
                format!(
                    "{path}.dimension says {}x{}, the picture is {}x{}",
                    claimed.0, claimed.1, real.0, real.1
                ),
            );
        }
        Some(record)
    }

    fn dimension(&mut self, path: &str, map: &Map<String, Value>) -> Option<(u32, u32)> {
        let path = format!("{path}.dimension");
        let dimension = self.object(&path, map.get("dimension"), &["width", "height"])?;
        let mut side = |key: &str| {
            let number = dimension
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|number| u32::try_from(number).ok())
                .filter(|number| *number > 0);
            if number.is_none() {
                self.schema(&format!("{path}.{key}"), "Expected positive integer");
            }
            number
        };
        Some((side("width")?, side("height")?))
    }
}
