//! Pixels of a picture, and how much two pictures differ.

use sendoff_tests::stage::Stage;

/// Most that a channel may differ by in a pixel that is alike.
const ALIKE: u8 = 8;

/// Straight RGBA, row by row.
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) samples: Vec<u8>,
}

impl Pixels {
    pub(crate) fn of_png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().expect("a PNG");
        let mut samples = vec![0; reader.output_buffer_size().expect("a size that can be held")];
        let frame = reader.next_frame(&mut samples).expect("its pixels");
        assert_eq!(frame.color_type, png::ColorType::Rgba, "colors, not grays");
        samples.truncate(frame.buffer_size());
        Self {
            width: frame.width as usize,
            samples,
        }
    }

    pub(crate) fn cut(&self, (left, top): (usize, usize), (width, height): (u32, u32)) -> Self {
        let (width, height) = (width as usize, height as usize);
        let rows = (top..top + height).map(|row| {
            let start = (row * self.width + left) * 4;
            &self.samples[start..start + width * 4]
        });
        Self {
            width,
            samples: rows.flatten().copied().collect(),
        }
    }

    /// Saves them beside the logs.
    pub(crate) fn keep(&self, stage: &Stage, name: &str) {
        let file = std::fs::File::create(stage.logs().join(name)).expect("a picture can be kept");
        let mut encoder = png::Encoder::new(file, self.width as u32, (self.samples.len() / 4 / self.width) as u32);
        encoder.set_color(png::ColorType::Rgba);
        let mut writer = encoder.write_header().expect("the header of a picture");
        writer
            .write_image_data(&self.samples)
            .expect("as many pixels as the header says");
    }

    /// Share of the pixels in which no channel differs by more than [`ALIKE`].
    pub(crate) fn alike(&self, other: &Self) -> f64 {
        let pixels = self.samples.chunks_exact(4).zip(other.samples.chunks_exact(4));
        let alike = pixels.filter(|(one, other)| one.iter().zip(*other).all(|(a, b)| a.abs_diff(*b) <= ALIKE));
        alike.count() as f64 / (self.samples.len() / 4) as f64
    }

    pub(crate) fn height(&self) -> usize {
        self.samples.len() / 4 / self.width
    }

    /// Red, green, blue and alpha of a pixel.
    pub(crate) fn pixel(&self, across: usize, down: usize) -> [u8; 4] {
        let at = (down * self.width + across) * 4;
        [
            self.samples[at],
            self.samples[at + 1],
            self.samples[at + 2],
            self.samples[at + 3],
        ]
    }

    /// The brightness of a pixel; that of the nearest one for a place outside.
    fn at(&self, across: usize, down: usize) -> f64 {
        let at = (down.min(self.height() - 1) * self.width + across.min(self.width - 1)) * 4;
        self.samples[at..at + 3].iter().map(|sample| f64::from(*sample)).sum()
    }

    /// How far, in pixels, this is moved against `other`: the least squares of one step along the slopes of brightness
    /// (Lucas and Kanade, 1981). Across a line it is exact; along one only its ends tell.
    pub(crate) fn displaced(&self, other: &Self) -> f64 {
        let (mut xx, mut xy, mut yy, mut xt, mut yt) = (1.0, 0.0, 1.0, 0.0, 0.0);
        for down in 0..self.height() {
            for across in 0..self.width {
                let moved = self.at(across, down) - other.at(across, down);
                if moved == 0.0 {
                    continue;
                }
                let slope = |next: f64, last: f64| (next - last) / 2.0;
                let x = slope(other.at(across + 1, down), other.at(across.saturating_sub(1), down));
                let y = slope(other.at(across, down + 1), other.at(across, down.saturating_sub(1)));
                (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
                (xt, yt) = (xt + x * moved, yt + y * moved);
            }
        }
        let determinant = xx * yy - xy * xy;
        let (x, y) = ((xt * yy - yt * xy) / determinant, (yt * xx - xt * xy) / determinant);
        x.hypot(y)
    }
}
