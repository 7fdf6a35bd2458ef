//! The middle of a picture as a small square of pixels, for places that take pixels only.

use crate::clean;
use crate::decode;
use crate::format::SourceFormat;
use crate::refusal::Refusal;
use crate::take_in::{check_bytes, guarded};

/// A square of straight RGBA pixels, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Icon {
    /// Width and height in pixels.
    pub edge: u32,
    /// Four bytes a pixel.
    pub rgba: Vec<u8>,
}

// The pixels are left out on purpose, as for `Picture`.
impl std::fmt::Debug for Icon {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Icon")
            .field("edge", &self.edge)
            .field("rgba", &self.rgba.len())
            .finish()
    }
}

/// The largest square in the middle of a picture that was taken in before, `edge` pixels wide (1 to 256); smaller where
/// the picture is, never enlarged.
///
/// # Errors
/// As for [`thumbnail`](crate::thumbnail).
pub fn icon(bytes: &[u8], edge: u32) -> Result<Icon, Refusal> {
    let format = check_bytes(bytes)?;
    guarded(format, || {
        let cleaned = clean::clean(format, bytes)?;
        draw(
            format,
            &cleaned.bytes,
            (cleaned.width, cleaned.height),
            edge.clamp(1, 256),
        )
    })
}

fn draw(format: SourceFormat, bytes: &[u8], (width, height): (u32, u32), edge: u32) -> Result<Icon, Refusal> {
    // As long as makes the shorter edge the wanted one.
    let longest = u64::from(width.max(height)) * u64::from(edge) / u64::from(width.min(height).max(1));
    let longest = u32::try_from(longest).unwrap_or(u32::MAX).clamp(1, 4096);
    let raster = decode::reduce(format, bytes, (width, height), Some(longest))?;
    let raster = raster.ok_or(Refusal::Damaged { format })?.expand_gray();
    let edge = raster.width.min(raster.height);
    let (left, top) = ((raster.width - edge) / 2, (raster.height - edge) / 2);
    let square = raster.cropped(
        left as usize,
        top as usize,
        (left + edge) as usize,
        (top + edge) as usize,
    );
    let rgba = match square.channels {
        4 => square.samples,
        _ => square
            .samples
            .chunks_exact(square.channels)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255])
            .collect(),
    };
    Ok(Icon { edge, rgba })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::take_in_pixels;

    /// Three fields side by side: red, then green in the middle, then blue.
    fn three(width: u32, height: u32) -> Vec<u8> {
        let rgba = (0..width * height)
            .flat_map(|at| match (at % width) * 3 / width {
                0 => [255, 0, 0, 255],
                1 => [0, 255, 0, 255],
                _ => [0, 0, 255, 255],
            })
            .collect();
        take_in_pixels(width, height, rgba).unwrap().bytes
    }

    #[test]
    fn an_icon_is_the_middle_and_never_larger_than_the_picture() {
        let green = |edge: u32| Icon {
            edge,
            rgba: [0, 255, 0, 255].repeat((edge * edge) as usize),
        };
        let wide = three(300, 100);
        assert_eq!(icon(&wide, 20).unwrap(), green(20), "the middle third is the square");
        assert_eq!(icon(&wide, 256).unwrap(), green(100), "not enlarged");
        assert_eq!(icon(&wide, 0).unwrap(), green(1), "at least one pixel");
        assert!(icon(b"no picture", 20).is_err());
    }
}
