//! Readers of encoded pictures for the tests, written apart from the ones under test.

use sendoff_shots::{Picture, take_in};

/// A file that `fixtures/make.py` made.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every fixture, by name.
pub(crate) fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(format!("{}/tests/fixtures", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".py"))
        .map(|name| (name.clone(), fixture(&name)))
        .collect();
    all.sort();
    all
}

/// Takes a picture in and checks what holds for every picture: its hash, its dimensions, that it decodes, that no
/// secret is left, and that taking it in again changes nothing.
pub(crate) fn accept(bytes: &[u8]) -> Picture {
    let picture = take_in(bytes).unwrap();
    assert_eq!(picture.hash, sendoff_shots::Hash::of(&picture.bytes));
    let (width, height, _) = rgba(&picture.bytes);
    assert_eq!((width, height), (picture.width, picture.height));
    let secret = b"SECRET";
    assert!(
        !picture.bytes.windows(secret.len()).any(|window| window == secret),
        "private text came through"
    );
    let again = take_in(&picture.bytes).unwrap();
    assert!(
        again.bytes == picture.bytes,
        "a clean picture comes through byte for byte"
    );
    assert_eq!(again.findings, [], "nothing is left to find in a clean picture");
    picture
}

/// Dimensions and pixels, by the general reader of the `image` crate.
pub(crate) fn rgba(bytes: &[u8]) -> (u32, u32, Vec<[u8; 4]>) {
    let picture = image::load_from_memory(bytes).unwrap().into_rgba8();
    (
        picture.width(),
        picture.height(),
        picture.pixels().map(|pixel| pixel.0).collect(),
    )
}

/// As [`rgba`], but of deeper samples the upper eight bits, as a decoder gives them that cuts and does not round.
pub(crate) fn upper_bits(bytes: &[u8]) -> (u32, u32, Vec<[u8; 4]>) {
    let picture = image::load_from_memory(bytes).unwrap().into_rgba16();
    (
        picture.width(),
        picture.height(),
        picture
            .pixels()
            .map(|pixel| pixel.0.map(|sample| (sample >> 8) as u8))
            .collect(),
    )
}

/// Whether some bytes occur anywhere in others.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Chunks of a PNG up to the end of the file.
pub(crate) fn png_chunks(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut chunks = Vec::new();
    let mut rest = &bytes[8..];
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        chunks.push((
            String::from_utf8(rest[4..8].to_vec()).unwrap(),
            rest[8..8 + length].to_vec(),
        ));
        rest = &rest[12 + length..];
    }
    chunks
}

/// Kinds of the chunks of a PNG, consecutive IDATs counted once.
pub(crate) fn png_kinds(bytes: &[u8]) -> Vec<String> {
    let mut kinds: Vec<String> = png_chunks(bytes).into_iter().map(|(kind, _)| kind).collect();
    kinds.dedup();
    kinds
}

/// A chunk with its check sum.
pub(crate) fn png_chunk(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut chunk = (payload.len() as u32).to_be_bytes().to_vec();
    chunk.extend_from_slice(kind);
    chunk.extend_from_slice(payload);
    chunk.extend_from_slice(&crc32fast::hash(&chunk[4..]).to_be_bytes());
    chunk
}

/// The file with a chunk right behind IHDR.
pub(crate) fn with_chunk(png: &[u8], kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&png[..33], &png_chunk(kind, payload), &png[33..]].concat()
}

/// Segment markers of a JPEG, with the first bytes of each payload; entropy-coded data is skipped.
pub(crate) fn jpeg_segments(bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut segments = Vec::new();
    let mut at = 2;
    while bytes[at + 1] != 0xd9 {
        let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        segments.push((bytes[at + 1], bytes[at + 4..at + 2 + length].to_vec()));
        at += 2 + length;
        if segments.last().unwrap().0 == 0xda {
            while bytes[at] != 0xff || matches!(bytes[at + 1], 0 | 0xd0..=0xd7) {
                at += 1;
            }
        }
    }
    assert_eq!(at + 2, bytes.len(), "nothing may follow the end of the picture");
    segments
}

/// Kinds of the chunks of a WebP.
pub(crate) fn webp_kinds(bytes: &[u8]) -> Vec<String> {
    assert_eq!(
        u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize + 8,
        bytes.len(),
        "nothing may follow"
    );
    let mut kinds = Vec::new();
    let mut rest = &bytes[12..];
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8(rest[..4].to_vec()).unwrap());
        rest = &rest[8 + length + length % 2..];
    }
    kinds
}

/// Encodes samples as PNG with the encoder of the `png` crate.
pub(crate) fn encode_png(
    width: u32,
    height: u32,
    color: png::ColorType,
    depth: png::BitDepth,
    samples: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(
            (0..1u32 << depth as u8)
                .flat_map(|index| [index as u8, 255 - index as u8, 7])
                .collect::<Vec<_>>(),
        );
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    bytes
}

/// The samples of a PNG as they are stored, with its color type and depth.
pub(crate) fn raw_png(bytes: &[u8]) -> (png::ColorType, png::BitDepth, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    samples.truncate(info.buffer_size());
    (info.color_type, info.bit_depth, samples)
}

/// A number that looks random and is the same in every run.
pub(crate) fn noise(seed: u32) -> u8 {
    let mut value = seed.wrapping_mul(0x9e37_79b1) ^ 0x85eb_ca77;
    value ^= value >> 15;
    value = value.wrapping_mul(0x2c1b_3c6d);
    (value >> 12) as u8
}
