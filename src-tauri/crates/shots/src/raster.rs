//! Decoded pixels, eight bits a channel.

use image::DynamicImage;
use image::metadata::Orientation;

use crate::picture::Size;

/// Rows of eight-bit samples without padding: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA channels; alpha is straight.
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
}

impl Raster {
    pub(crate) fn size(&self) -> Size {
        Size {
            width: self.width,
            height: self.height,
        }
    }

    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.samples.chunks_exact(self.width as usize * self.channels)
    }

    pub(crate) fn has_alpha(&self) -> bool {
        matches!(self.channels, 2 | 4)
    }

    pub(crate) fn is_gray(&self) -> bool {
        self.channels <= 2
    }

    /// Whether no pixel is transparent.
    pub(crate) fn is_opaque(&self) -> bool {
        !self.has_alpha()
            || self
                .samples
                .chunks_exact(self.channels)
                .all(|pixel| pixel[self.channels - 1] == 255)
    }

    /// Whether there is an alpha channel and every pixel is fully transparent.
    pub(crate) fn alpha_is_empty(&self) -> bool {
        self.has_alpha()
            && self
                .samples
                .chunks_exact(self.channels)
                .all(|pixel| pixel[self.channels - 1] == 0)
    }

    /// Makes every pixel opaque, where there is an alpha channel.
    pub(crate) fn fill_alpha(&mut self) {
        if self.has_alpha() {
            let alpha = self.channels - 1;
            self.samples
                .chunks_exact_mut(self.channels)
                .for_each(|pixel| pixel[alpha] = 255);
        }
    }

    /// Only the pixels from `left` and `top` up to but without `right` and `bottom`, which must be inside; moved
    /// together where they are, without a second buffer.
    pub(crate) fn cropped(mut self, left: usize, top: usize, right: usize, bottom: usize) -> Self {
        let row = self.width as usize * self.channels;
        let kept = (right - left) * self.channels;
        for y in top..bottom {
            let start = y * row + left * self.channels;
            self.samples.copy_within(start..start + kept, (y - top) * kept);
        }
        self.samples.truncate((bottom - top) * kept);
        self.width = (right - left) as u32;
        self.height = (bottom - top) as u32;
        self
    }

    /// Without alpha: transparent pixels are laid over white.
    pub(crate) fn over_white(self) -> Self {
        if !self.has_alpha() {
            return self;
        }
        let color = self.channels - 1;
        let mut samples = Vec::with_capacity(self.width as usize * self.height as usize * color);
        for pixel in self.samples.chunks_exact(self.channels) {
            let alpha = u32::from(pixel[color]);
            samples.extend(
                pixel[..color]
                    .iter()
                    .map(|&sample| ((u32::from(sample) * alpha + 255 * (255 - alpha) + 127) / 255) as u8),
            );
        }
        Self {
            width: self.width,
            height: self.height,
            channels: color,
            samples,
        }
    }

    /// Gray becomes RGB, gray with alpha becomes RGBA.
    pub(crate) fn expand_gray(self) -> Self {
        let samples = match self.channels {
            1 => self.samples.iter().flat_map(|&gray| [gray; 3]).collect(),
            2 => self
                .samples
                .chunks_exact(2)
                .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
                .collect(),
            _ => return self,
        };
        Self {
            width: self.width,
            height: self.height,
            channels: self.channels + 2,
            samples,
        }
    }

    /// Turned as an EXIF orientation says.
    pub(crate) fn oriented(self, orientation: Orientation) -> Option<Self> {
        let mut picture = self.into_dynamic()?;
        picture.apply_orientation(orientation);
        Some(Self::from_dynamic(picture))
    }

    fn into_dynamic(self) -> Option<DynamicImage> {
        let Self {
            width,
            height,
            channels,
            samples,
        } = self;
        match channels {
            1 => image::ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLuma8),
            2 => image::ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLumaA8),
            3 => image::ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgb8),
            _ => image::ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgba8),
        }
    }

    fn from_dynamic(picture: DynamicImage) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let channels = usize::from(picture.color().channel_count());
        Self {
            width,
            height,
            channels,
            samples: picture.into_bytes(),
        }
    }
}
