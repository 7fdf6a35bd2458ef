//! Cleaned bytes to pixels, row by row where the format allows it, always within explicit limits.

use std::io::Cursor;

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, jpeg::JpegDecoder, webp::WebPDecoder};
use image::{ImageDecoder, ImageError};

use crate::format::SourceFormat;
use crate::picture::LIMITS;
use crate::raster::Raster;
use crate::reduce::Reducer;
use crate::refusal::Refusal;

/// Most bytes that a decoder may allocate: the largest picture as RGBA, and room for its own tables.
const MOST_ALLOCATED: u64 = 300_000_000;

/// Decodes everything, as a proof that it can be decoded, and gives the thumbnail that came with it.
pub(crate) fn reduce(
    format: SourceFormat,
    bytes: &[u8],
    size: (u32, u32),
    longest_edge: Option<u32>,
) -> Result<Option<Raster>, Refusal> {
    if format != SourceFormat::Png {
        let raster = decode(format, bytes, size)?;
        return Ok(longest_edge.and_then(|edge| reduce_raster(&raster, edge)));
    }
    let mut reducer = None;
    png_rows(bytes, size, |channels, row| {
        if let Some(edge) = longest_edge {
            reducer
                .get_or_insert_with(|| Reducer::new(size.0, size.1, channels, edge))
                .row(row);
        }
    })?;
    Ok(reducer.and_then(Reducer::finish))
}

/// The thumbnail of pixels that are already there.
pub(crate) fn reduce_raster(raster: &Raster, longest_edge: u32) -> Option<Raster> {
    let mut reducer = Reducer::new(raster.width, raster.height, raster.channels, longest_edge);
    raster.rows().for_each(|row| reducer.row(row));
    reducer.finish()
}

/// All pixels, eight bits a channel.
pub(crate) fn decode(format: SourceFormat, bytes: &[u8], size: (u32, u32)) -> Result<Raster, Refusal> {
    let input = Cursor::new(bytes);
    match format {
        SourceFormat::Png | SourceFormat::Pixels => {
            let mut channels = 1;
            let mut samples = Vec::new();
            png_rows(bytes, size, |row_channels, row| {
                if samples.is_empty() {
                    channels = row_channels;
                    samples.reserve_exact(row.len() * size.1 as usize);
                }
                samples.extend_from_slice(row);
            })?;
            Ok(Raster {
                width: size.0,
                height: size.1,
                channels,
                samples,
            })
        }
        SourceFormat::Jpeg => read(JpegDecoder::new(input), format, size),
        SourceFormat::Webp => read(WebPDecoder::new(input), format, size),
        SourceFormat::Gif => read(GifDecoder::new(input), format, size),
        SourceFormat::Bmp => read(BmpDecoder::new(input), format, size),
    }
}

fn read<D: ImageDecoder>(
    decoder: Result<D, ImageError>,
    format: SourceFormat,
    size: (u32, u32),
) -> Result<Raster, Refusal> {
    let refuse = |error: ImageError| match error {
        ImageError::Unsupported(_) => Refusal::UnsupportedVariant { format },
        ImageError::Limits(_) => Refusal::TooManyPixels {
            width: size.0,
            height: size.1,
            limit: LIMITS.pixels,
        },
        _ => Refusal::Damaged { format },
    };
    let mut decoder = decoder.map_err(refuse)?;
    let mut limits = image::Limits::no_limits();
    limits.max_image_width = Some(LIMITS.edge);
    limits.max_image_height = Some(LIMITS.edge);
    limits.max_alloc = Some(MOST_ALLOCATED);
    decoder.set_limits(limits).map_err(refuse)?;
    let channels = match decoder.color_type() {
        image::ColorType::L8 => 1,
        image::ColorType::La8 => 2,
        image::ColorType::Rgb8 => 3,
        image::ColorType::Rgba8 => 4,
        _ => return Err(Refusal::UnsupportedVariant { format }),
    };
    // The decoder must read the same header that was held against the limits.
    if decoder.dimensions() != size {
        return Err(Refusal::Damaged { format });
    }
    let mut samples = vec![0; size.0 as usize * size.1 as usize * channels];
    decoder.read_image(&mut samples).map_err(refuse)?;
    Ok(Raster {
        width: size.0,
        height: size.1,
        channels,
        samples,
    })
}

/// Gives every row of a PNG, top to bottom, with its number of channels; palettes and deep samples come as eight bits.
fn png_rows(bytes: &[u8], size: (u32, u32), mut row: impl FnMut(usize, &[u8])) -> Result<(), Refusal> {
    let damaged = |_| Refusal::Damaged {
        format: SourceFormat::Png,
    };
    let limits = png::Limits {
        bytes: MOST_ALLOCATED as usize,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    // The walker has proved the check sums of all that is left.
    decoder.ignore_checksums(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let channels = reader.output_color_type().0.samples();
    if reader.info().size() != size {
        return Err(Refusal::Damaged {
            format: SourceFormat::Png,
        });
    }
    if reader.info().interlaced {
        let mut samples = vec![0; size.0 as usize * size.1 as usize * channels];
        reader.next_frame(&mut samples).map_err(damaged)?;
        samples
            .chunks_exact(size.0 as usize * channels)
            .for_each(|samples| row(channels, samples));
        return Ok(());
    }
    let mut rows = 0;
    while let Some(decoded) = reader.next_row().map_err(damaged)? {
        row(channels, decoded.data());
        rows += 1;
    }
    if rows == size.1 {
        Ok(())
    } else {
        Err(Refusal::Damaged {
            format: SourceFormat::Png,
        })
    }
}
