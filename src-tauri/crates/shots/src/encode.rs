//! Pixels to bytes.

use std::io::Write;

use image::codecs::{jpeg::JpegEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, ImageEncoder};
use png::{BitDepth, ColorType, DeflateCompression, Filter};

use crate::clean;
use crate::raster::Raster;

/// How hard the PNG encoder tries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For a preview or a thumbnail: within 60 ms at 4K and a third more bytes than libpng at level 1.
    Display,
    /// For a picture that is sent: within 150 ms at 4K and no more bytes than libpng at level 1.
    Quick,
    /// For a picture that must become small: seconds.
    Small,
}

/// A lossless PNG; alpha is left out when every pixel is opaque. `None` only if the encoder refuses.
pub(crate) fn png(raster: &Raster, effort: Effort) -> Option<Vec<u8>> {
    let drop_alpha = raster.has_alpha() && raster.is_opaque();
    let channels = raster.channels - usize::from(drop_alpha);
    let color = match channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    let (compression, filter) = match effort {
        Effort::Display => (DeflateCompression::Level(1), Filter::Adaptive),
        Effort::Quick => (DeflateCompression::Level(2), Filter::Adaptive),
        Effort::Small => (DeflateCompression::Level(6), Filter::Adaptive),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_deflate_compression(compression);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header().ok()?;
    if drop_alpha {
        let mut stream = writer.stream_writer_with_size(1 << 16).ok()?;
        let mut opaque = Vec::with_capacity(raster.width as usize * channels);
        for row in raster.rows() {
            opaque.clear();
            if channels == 3 {
                opaque.extend(
                    row.as_chunks::<4>()
                        .0
                        .iter()
                        .flat_map(|&[red, green, blue, _]| [red, green, blue]),
                );
            } else {
                opaque.extend(row.as_chunks::<2>().0.iter().map(|&[gray, _]| gray));
            }
            stream.write_all(&opaque).ok()?;
        }
        stream.finish().ok()?;
    } else {
        writer.write_image_data(&raster.samples).ok()?;
    }
    writer.finish().ok()?;
    Some(bytes)
}

/// A JPEG of `quality` (1 to 100), as clean as one that was taken in. The raster must have no alpha.
pub(crate) fn jpeg(opaque: &Raster, quality: u8) -> Option<Vec<u8>> {
    let color = match opaque.channels {
        1 => ExtendedColorType::L8,
        3 => ExtendedColorType::Rgb8,
        _ => return None,
    };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(&opaque.samples, opaque.width, opaque.height, color)
        .ok()?;
    clean::jpeg::clean(&bytes).ok().map(|cleaned| cleaned.bytes)
}

/// A lossless WebP; `None` when an edge is longer than the format allows (16,383).
pub(crate) fn lossless_webp(raster: &Raster) -> Option<Vec<u8>> {
    if raster.width.max(raster.height) > 16_383 {
        return None;
    }
    let color = match raster.channels {
        1 => ExtendedColorType::L8,
        2 => ExtendedColorType::La8,
        3 => ExtendedColorType::Rgb8,
        _ => ExtendedColorType::Rgba8,
    };
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes)
        .encode(&raster.samples, raster.width, raster.height, color)
        .ok()?;
    Some(bytes)
}

/// A PNG with a palette; `None` when there are more than 256 colors, which is told early.
pub(crate) fn indexed_png(raster: &Raster) -> Option<Vec<u8>> {
    Indexed::new(raster)?.png(raster)
}

/// At most 256 colors: a palette makes a quarter of the raw size, and mostly of the file too.
struct Indexed {
    colors: Vec<[u8; 4]>,
    indices: Vec<u8>,
}

impl Indexed {
    fn new(raster: &Raster) -> Option<Self> {
        let mut known = std::collections::HashMap::new();
        let mut colors = Vec::new();
        let mut indices = Vec::new();
        let mut last = None;
        for pixel in raster.samples.chunks_exact(raster.channels) {
            let color = match *pixel {
                [gray] => [gray, gray, gray, 255],
                [gray, alpha] => [gray, gray, gray, alpha],
                [red, green, blue] => [red, green, blue, 255],
                [red, green, blue, alpha] => [red, green, blue, alpha],
                _ => return None,
            };
            let index = match last {
                Some((known, index)) if known == color => index,
                _ => match known.entry(color) {
                    std::collections::hash_map::Entry::Occupied(entry) => *entry.get(),
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        let index = u8::try_from(colors.len()).ok()?;
                        colors.push(color);
                        *entry.insert(index)
                    }
                },
            };
            last = Some((color, index));
            indices.push(index);
        }
        Some(Self { colors, indices })
    }

    fn png(&self, raster: &Raster) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(
            self.colors
                .iter()
                .flat_map(|color| &color[..3])
                .copied()
                .collect::<Vec<_>>(),
        );
        if self.colors.iter().any(|color| color[3] != 255) {
            encoder.set_trns(self.colors.iter().map(|color| color[3]).collect::<Vec<_>>());
        }
        encoder.set_deflate_compression(DeflateCompression::Level(6));
        // Neighboring indices say nothing about each other.
        encoder.set_filter(Filter::NoFilter);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.indices).ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }
}
