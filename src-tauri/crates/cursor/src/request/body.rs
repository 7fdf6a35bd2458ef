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
    pub(crate) fn build(
        prompt: &Prompt,
        style: PictureStyle,
        rest: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
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
    #[expect(
        clippy::len_without_is_empty,
        reason = "a request body always has its braces"
    )]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// SHA-256 of the bytes that will be sent, in lower-case hex. Reads every file once.
    pub async fn sha256(&self) -> io::Result<String> {
        let digest = self
            .stream()
            .try_fold(Sha256::new(), |mut digest, chunk| async move {
                digest.update(&chunk);
                Ok(digest)
            })
            .await?;
        Ok(digest
            .finalize()
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                for nibble in [byte >> 4, byte & 15] {
                    hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
                }
                hex
            }))
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
