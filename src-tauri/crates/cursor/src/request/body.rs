//! The bytes of a request: short texts in memory, pictures encoded while they are sent.
//!
//! A body is a list of segments of known length, so its exact length is known without reading a file,
//! it can be streamed any number of times, and it is the same every time.

use std::io;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::InvalidRequest;
use super::parts::Prompt;
use crate::Picture;

/// Bytes of a file read at once: a multiple of three, so that every block but the last encodes without
/// padding, and small enough that a body costs tens of kilobytes however large its pictures are.
const BLOCK_BYTES: usize = 48 * 1024;

/// Which fields go with a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureStyle {
    /// `mimeType` beside `data`.
    V1,
    /// No `mimeType`.
    V0,
}

#[derive(Clone)]
enum Segment {
    /// Sent as they are.
    Text(Bytes),
    /// Sent as base64.
    Memory(Bytes),
    /// Read and sent as base64.
    File { path: Arc<Path>, bytes: u64 },
}

impl Segment {
    fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Memory(content) => encoded_len(content.len() as u64),
            Self::File { bytes, .. } => encoded_len(*bytes),
        }
    }
}

/// A request body of known length that can be read any number of times. Cloning is cheap.
#[derive(Clone)]
pub struct RequestBody {
    segments: Arc<[Segment]>,
    len: u64,
}

impl RequestBody {
    /// `{"prompt":{…},<fields of rest>}`. The prompt is written by hand so that a picture's data need
    /// never be a string in memory; everything else is serialised as usual.
    pub(crate) fn build(prompt: &Prompt, style: PictureStyle, rest: &impl Serialize) -> Result<Self, InvalidRequest> {
        let mut segments = Vec::new();
        let mut text = Vec::from(&br#"{"prompt":{"text":"#[..]);
        write_json(&mut text, &prompt.text)?;
        for (place, picture) in prompt.images.iter().enumerate() {
            text.extend_from_slice(if place == 0 { br#","images":["# } else { b"," });
            text.push(b'{');
            let mime = match picture {
                Picture::Url { url, .. } => {
                    text.extend_from_slice(br#""url":"#);
                    write_json(&mut text, url)?;
                    None
                }
                Picture::File { mime, .. } | Picture::Memory { mime, .. } => {
                    text.extend_from_slice(br#""data":""#);
                    segments.push(Segment::Text(std::mem::take(&mut text).into()));
                    segments.push(match picture {
                        Picture::File { path, bytes, .. } => Segment::File {
                            path: path.as_path().into(),
                            bytes: *bytes,
                        },
                        Picture::Memory { content, .. } => Segment::Memory(content.clone()),
                        Picture::Url { .. } => return Err(InvalidRequest::Unwritable),
                    });
                    text.push(b'"');
                    Some(mime)
                }
            };
            if let (Some(mime), PictureStyle::V1) = (mime, style) {
                text.extend_from_slice(br#","mimeType":"#);
                write_json(&mut text, mime)?;
            }
            if let Some(dimension) = picture.dimension() {
                text.extend_from_slice(br#","dimension":"#);
                write_json(&mut text, &dimension)?;
            }
            text.push(b'}');
        }
        if !prompt.images.is_empty() {
            text.push(b']');
        }
        text.push(b'}');
        let mut fields = Vec::new();
        write_json(&mut fields, rest)?;
        match fields.as_slice() {
            [b'{', b'}'] => text.push(b'}'),
            [b'{', fields @ ..] => {
                text.push(b',');
                text.extend_from_slice(fields);
            }
            _ => return Err(InvalidRequest::Unwritable),
        }
        segments.push(Segment::Text(text.into()));
        let len = segments.iter().map(Segment::len).sum();
        Ok(Self {
            segments: segments.into(),
            len,
        })
    }

    /// The exact number of bytes that will be sent.
    #[expect(clippy::len_without_is_empty, reason = "a request body always has its braces")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// SHA-256 of the bytes that will be sent, in lower-case hex. Reads every file once.
    ///
    /// # Errors
    ///
    /// A picture’s file cannot be read, or it has another size than said.
    pub async fn sha256(&self) -> io::Result<String> {
        let digest = self
            .stream()
            .try_fold(Sha256::new(), |mut digest, chunk| async move {
                digest.update(&chunk);
                Ok(digest)
            })
            .await?;
        Ok(format!("{:x}", digest.finalize()))
    }

    /// The bytes, from the start. Ends in an error when a file is gone or has another size than said.
    pub fn stream(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + Unpin + use<> {
        let segments = Arc::clone(&self.segments);
        stream::iter(0..segments.len())
            .flat_map(move |place| match &segments[place] {
                Segment::Text(text) => stream::iter([Ok(text.clone())]).boxed(),
                Segment::Memory(content) => encode_memory(content.clone()).boxed(),
                Segment::File { path, bytes } => encode_file(Arc::clone(path), *bytes).boxed(),
            })
            .boxed()
    }

    /// Checks that every file is there with the size it was said to have, so that a picture that went
    /// missing is found before the first byte is sent.
    pub(crate) async fn check_files(&self) -> io::Result<()> {
        for segment in self.segments.iter() {
            if let Segment::File { path, bytes } = segment {
                let found = tokio::fs::metadata(path).await?;
                if !found.is_file() || found.len() != *bytes {
                    return Err(size_changed());
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for RequestBody {
    /// The length only: the content is the user's.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RequestBody")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

fn write_json(into: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), InvalidRequest> {
    serde_json::to_writer(into, value).map_err(|_| InvalidRequest::Unwritable)
}

fn encoded_len(bytes: u64) -> u64 {
    bytes.div_ceil(3) * 4
}

fn encode(block: &[u8]) -> Bytes {
    STANDARD.encode(block).into()
}

fn encode_memory(content: Bytes) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold(content, |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let block = rest.split_to(rest.len().min(BLOCK_BYTES));
        Some((Ok(encode(&block)), rest))
    })
}

/// A file being read: not yet opened, open with bytes to go, or over.
enum Reading {
    Closed(Arc<Path>, u64),
    Open(File, u64),
}

fn encode_file(path: Arc<Path>, bytes: u64) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(Reading::Closed(path, bytes), |reading| async move {
        let (mut file, left) = match reading {
            Reading::Closed(path, bytes) => (File::open(path).await?, bytes),
            Reading::Open(file, left) => (file, left),
        };
        if left == 0 {
            // A byte more than said would have to be cut off, and half a picture is no picture.
            return if file.read(&mut [0; 1]).await? == 0 {
                Ok(None)
            } else {
                Err(size_changed())
            };
        }
        let mut block = vec![0; (BLOCK_BYTES as u64).min(left) as usize];
        file.read_exact(&mut block).await?;
        let left = left - block.len() as u64;
        Ok(Some((encode(&block), Reading::Open(file, left))))
    })
}

fn size_changed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a picture changed after the request was made",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Dimension, PictureType};

    const BRANCH: &str = "main";

    fn picture(content: &'static [u8], dimension: Option<Dimension>) -> Picture {
        Picture::Memory {
            content: Bytes::from_static(content),
            mime: PictureType::Png,
            dimension,
        }
    }

    async fn text(body: &RequestBody) -> String {
        let chunks: Vec<Bytes> = body.stream().try_collect().await.unwrap();
        let text = String::from_utf8(chunks.concat()).unwrap();
        assert_eq!(
            text.len() as u64,
            body.len(),
            "the length is known before a byte is read"
        );
        text
    }

    fn build(prompt: &Prompt, style: PictureStyle, rest: &serde_json::Value) -> RequestBody {
        RequestBody::build(prompt, style, rest).unwrap()
    }

    #[tokio::test]
    async fn bodies_are_exactly_these_bytes() {
        let dimension = Some(Dimension {
            width: 1024,
            height: 768,
        });
        let address = Picture::Url {
            url: "https://example.com/a.webp".to_owned(),
            dimension: None,
        };
        let prompt = |images: Vec<Picture>| Prompt {
            text: "a \"b\"\n".to_owned(),
            images,
        };
        let table = [
            (
                PictureStyle::V1,
                vec![],
                json!({}),
                r#"{"prompt":{"text":"a \"b\"\n"}}"#,
            ),
            (
                PictureStyle::V1,
                vec![picture(b"1234", dimension), address],
                json!({"repos": [{"url": "u"}]}),
                r#"{"prompt":{"text":"a \"b\"\n","images":[{"data":"MTIzNA==","mimeType":"image/png","dimension":{"width":1024,"height":768}},{"url":"https://example.com/a.webp"}]},"repos":[{"url":"u"}]}"#,
            ),
            (
                PictureStyle::V0,
                vec![picture(b"123", dimension), picture(b"12", None)],
                json!({"source": {"ref": BRANCH}}),
                r#"{"prompt":{"text":"a \"b\"\n","images":[{"data":"MTIz","dimension":{"width":1024,"height":768}},{"data":"MTI="}]},"source":{"ref":"main"}}"#,
            ),
        ];
        for (style, images, rest, expected) in table {
            assert_eq!(text(&build(&prompt(images), style, &rest)).await, expected);
        }
    }

    #[tokio::test]
    async fn a_file_and_the_same_bytes_in_memory_make_one_body_again_and_again() {
        let path = std::env::temp_dir().join(format!("cursor-cloud-agents-body-{}", std::process::id()));
        // Sizes around the block that is read at once, and one that needs padding.
        for size in [1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 2] {
            let content: Vec<u8> = (0..size).map(|place| (place % 251) as u8).collect();
            std::fs::write(&path, &content).unwrap();
            let body = |image| {
                build(
                    &Prompt {
                        text: "x".to_owned(),
                        images: vec![image],
                    },
                    PictureStyle::V1,
                    &json!({}),
                )
            };
            let file = body(Picture::File {
                path: path.clone(),
                bytes: size as u64,
                mime: PictureType::Png,
                dimension: None,
            });
            let memory = body(Picture::Memory {
                content: content.into(),
                mime: PictureType::Png,
                dimension: None,
            });
            let expected = text(&memory).await;
            assert_eq!(text(&file).await, expected, "{size} bytes");
            assert_eq!(text(&file).await, expected, "a second reading gives the same");
            let digest = Sha256::digest(expected.as_bytes());
            assert_eq!(
                file.sha256().await.unwrap(),
                format!("{digest:x}"),
                "the digest is that of the bytes"
            );
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_changed_ends_the_body_in_an_error() {
        use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
        let path = std::env::temp_dir().join(format!("cursor-cloud-agents-changed-{}", std::process::id()));
        std::fs::write(&path, b"12345").unwrap();
        let kind = async |bytes: u64| {
            let image = Picture::File {
                path: path.clone(),
                bytes,
                mime: PictureType::Png,
                dimension: None,
            };
            let body = build(
                &Prompt {
                    text: "x".to_owned(),
                    images: vec![image],
                },
                PictureStyle::V1,
                &json!({}),
            );
            (
                body.check_files().await.map_err(|error| error.kind()),
                body.sha256().await.map(drop).map_err(|error| error.kind()),
            )
        };
        assert_eq!(kind(5).await, (Ok(()), Ok(())));
        assert_eq!(kind(4).await, (Err(InvalidData), Err(InvalidData)), "it grew");
        assert_eq!(kind(6).await, (Err(InvalidData), Err(UnexpectedEof)), "it shrank");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(kind(5).await, (Err(NotFound), Err(NotFound)), "it is gone");
    }
}
