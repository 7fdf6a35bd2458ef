//! A small canvas: soft-edged rounded rectangles, shadows, and an encoder.

pub(crate) type Color = [u8; 3];

pub(crate) struct Canvas {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Rows of RGB.
    pixels: Vec<u8>,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32, color: Color) -> Self {
        Self {
            width,
            height,
            pixels: color.repeat(width as usize * height as usize),
        }
    }

    /// Mixes a color into a pixel; `cover` is 0 to 1. Pixels outside are left alone.
    pub(crate) fn mix(&mut self, x: i64, y: i64, color: Color, cover: f32) {
        if x < 0 || y < 0 || x >= i64::from(self.width) || y >= i64::from(self.height) {
            return;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            for (old, new) in pixel.iter_mut().zip(color) {
                let mixed = f32::from(*old) + (f32::from(new) - f32::from(*old)) * cover;
                *old = mixed.round() as u8;
            }
        }
    }

    /// `(left, top, width, height)` with rounded corners.
    pub(crate) fn rectangle(&mut self, frame: (f32, f32, f32, f32), radius: f32, color: Color, opacity: f32) {
        self.shape(frame, radius, 1.0, color, opacity);
    }

    /// A blurred rectangle to put under another one.
    pub(crate) fn shadow(&mut self, frame: (f32, f32, f32, f32), radius: f32, blur: f32) {
        self.shape(frame, radius, blur, [15, 23, 42], 0.16);
    }

    /// A one-pixel border inside the frame, then the fill.
    pub(crate) fn box_with_border(&mut self, frame: (f32, f32, f32, f32), radius: f32, fill: Color, border: Color) {
        self.rectangle(frame, radius, border, 1.0);
        let (left, top, width, height) = frame;
        self.rectangle(
            (left + 1.0, top + 1.0, width - 2.0, height - 2.0),
            radius - 1.0,
            fill,
            1.0,
        );
    }

    /// Fills by the signed distance to the rounded frame; `soft` is the width of the edge.
    fn shape(
        &mut self,
        (left, top, width, height): (f32, f32, f32, f32),
        radius: f32,
        soft: f32,
        color: Color,
        opacity: f32,
    ) {
        let (half_width, half_height) = (width / 2.0, height / 2.0);
        let (middle_x, middle_y) = (left + half_width, top + half_height);
        for y in (top - soft) as i64..=(top + height + soft) as i64 {
            for x in (left - soft) as i64..=(left + width + soft) as i64 {
                let across = (x as f32 + 0.5 - middle_x).abs() - half_width + radius;
                let down = (y as f32 + 0.5 - middle_y).abs() - half_height + radius;
                let outside = across.max(0.0).hypot(down.max(0.0));
                let distance = outside + across.max(down).min(0.0) - radius;
                let cover = (0.5 - distance / soft).clamp(0.0, 1.0);
                if cover > 0.0 {
                    self.mix(x, y, color, cover * opacity);
                }
            }
        }
    }

    /// The canvas as a PNG file.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&self.pixels));
        if let Err(error) = written {
            // Writing to memory with the right length cannot fail; an empty artifact would show it.
            tracing::error!(%error, "the picture of the result was not encoded");
            bytes.clear();
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharp_rectangles_are_filled_whole_and_round_ones_lose_their_corners() {
        let mut canvas = Canvas::new(8, 8, [0, 0, 0]);
        canvas.rectangle((2.0, 2.0, 4.0, 4.0), 0.0, [200, 100, 50], 1.0);
        let at = |canvas: &Canvas, x: usize, y: usize| {
            let start = (y * 8 + x) * 3;
            canvas.pixels[start..start + 3].to_vec()
        };
        assert_eq!(at(&canvas, 2, 2), [200, 100, 50], "the corner belongs to it");
        assert_eq!(at(&canvas, 3, 3), [200, 100, 50]);
        assert_eq!(at(&canvas, 1, 3), [0, 0, 0]);
        let mut round = Canvas::new(8, 8, [0, 0, 0]);
        round.rectangle((0.0, 0.0, 8.0, 8.0), 4.0, [200, 100, 50], 1.0);
        assert_eq!(at(&round, 0, 0), [0, 0, 0]);
        assert_eq!(at(&round, 4, 4), [200, 100, 50]);
    }
}
