//! Shrinks a picture row by row while it is being decoded, so that a thumbnail never needs the whole picture in memory
//! (touching fresh memory costs ten times the copy).

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use crate::raster::Raster;
use crate::resize::{divide_alpha, resized};

/// Sums whole blocks of pixels as rows come in, and resamples the small rest at the end.
/// Colors are weighted by alpha, so that hidden colors of transparent pixels do not show at edges.
pub(crate) struct Reducer {
    width: usize,
    height: usize,
    channels: usize,
    target: (u32, u32),
    block: (usize, usize),
    sums: Vec<u16>,
    summed_rows: usize,
    premultiplied: Vec<u8>,
    reduced: Vec<u8>,
}

impl Reducer {
    /// Prepares to shrink to at most `longest_edge`; a picture that is small enough keeps its size.
    pub(crate) fn new(width: u32, height: u32, channels: usize, longest_edge: u32) -> Self {
        let longest = width.max(height);
        let scale = |edge: u32| {
            let scaled =
                (u64::from(edge) * u64::from(longest_edge) + u64::from(longest) / 2) / u64::from(longest.max(1));
            (scaled as u32).max(1)
        };
        let target = if longest <= longest_edge {
            (width, height)
        } else {
            (scale(width), scale(height))
        };
        // A sum of 256 rows of 255 still fits into 16 bits.
        let block = (
            ((width / target.0) as usize).max(1),
            ((height / target.1) as usize).clamp(1, 256),
        );
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            channels,
            target,
            block,
            sums: vec![0; width * channels],
            summed_rows: 0,
            premultiplied: Vec::new(),
            reduced: Vec::with_capacity(width.div_ceil(block.0) * height.div_ceil(block.1) * channels),
        }
    }

    /// Takes the next row, top to bottom.
    pub(crate) fn row(&mut self, row: &[u8]) {
        let row = match self.channels {
            2 if row.chunks_exact(2).any(|pixel| pixel[1] != 255) => premultiply::<2>(&mut self.premultiplied, row),
            4 if row.chunks_exact(4).any(|pixel| pixel[3] != 255) => premultiply::<4>(&mut self.premultiplied, row),
            _ => row,
        };
        if self.block == (1, 1) {
            self.reduced.extend_from_slice(row);
            return;
        }
        for (sum, &sample) in self.sums.iter_mut().zip(row) {
            *sum += u16::from(sample);
        }
        self.summed_rows += 1;
        if self.summed_rows == self.block.1 {
            self.close_block_row();
        }
    }

    fn close_block_row(&mut self) {
        match self.channels {
            1 => self.average::<1>(),
            2 => self.average::<2>(),
            3 => self.average::<3>(),
            _ => self.average::<4>(),
        }
        self.sums.fill(0);
        self.summed_rows = 0;
    }

    fn average<const CHANNELS: usize>(&mut self) {
        for block in self.sums.chunks(self.block.0 * CHANNELS) {
            let mut total = [0u32; CHANNELS];
            for pixel in block.as_chunks::<CHANNELS>().0 {
                for (total, &sum) in total.iter_mut().zip(pixel) {
                    *total += u32::from(sum);
                }
            }
            let weight = 1.0 / (self.summed_rows * (block.len() / CHANNELS)) as f32;
            self.reduced
                .extend(total.map(|total| (total as f32 * weight + 0.5) as u8));
        }
    }

    /// The small picture; `None` when fewer rows came than were announced.
    pub(crate) fn finish(mut self) -> Option<Raster> {
        if self.summed_rows > 0 {
            self.close_block_row();
        }
        let (columns, rows) = (self.width.div_ceil(self.block.0), self.height.div_ceil(self.block.1));
        if self.reduced.len() != columns * rows * self.channels {
            return None;
        }
        let size = (columns as u32, rows as u32);
        let mut samples = self.reduced;
        if size != self.target || !self.width.is_multiple_of(self.block.0) || !self.height.is_multiple_of(self.block.1)
        {
            // The last column and row may stand for less than a whole block: the crop says so.
            let covered = (
                self.width as f64 / self.block.0 as f64,
                self.height as f64 / self.block.1 as f64,
            );
            let options = ResizeOptions::new()
                .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom))
                .crop(0.0, 0.0, covered.0, covered.1)
                .use_alpha(false);
            samples = resized(&samples, self.channels, size, self.target, &options)?;
        }
        divide_alpha(&mut samples, self.channels, self.target)?;
        Some(Raster {
            width: self.target.0,
            height: self.target.1,
            channels: self.channels,
            samples,
        })
    }
}

fn premultiply<'buffer, const CHANNELS: usize>(buffer: &'buffer mut Vec<u8>, row: &[u8]) -> &'buffer [u8] {
    buffer.clear();
    buffer.extend(row.as_chunks::<CHANNELS>().0.iter().flat_map(|pixel| {
        let alpha = u32::from(pixel[CHANNELS - 1]);
        let mut weighted = pixel.map(|sample| ((u32::from(sample) * alpha + 127) / 255) as u8);
        weighted[CHANNELS - 1] = pixel[CHANNELS - 1];
        weighted
    }));
    buffer
}
