//! A picture as people paste them: a window with text-like lines, in PNG.

/// Draws a screenshot of this size and encodes it. The same `seed` gives the same bytes.
pub fn screenshot_png(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let (columns, rows) = (width as usize, height as usize);
    let mut pixels = vec![0_u8; columns * rows * 3];
    for row in 0..rows {
        for column in 0..columns {
            let at = (row * columns + column) * 3;
            pixels[at..at + 3].copy_from_slice(&pixel(column, row, columns, rows, seed));
        }
    }
    encoded(width, height, &pixels)
}

/// A picture of one color.
pub fn plain_png(width: u32, height: u32, color: [u8; 3]) -> Vec<u8> {
    encoded(width, height, &color.repeat((width * height) as usize))
}

fn encoded(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().expect("the header of a picture");
    writer
        .write_image_data(pixels)
        .expect("as many pixels as the header says");
    writer.finish().expect("the end of a picture");
    bytes
}

/// A title bar, a side bar, lines of words, and one button in a color of its own.
fn pixel(column: usize, row: usize, columns: usize, rows: usize, seed: u32) -> [u8; 3] {
    let title = rows / 18;
    let side = columns / 5;
    if row < title {
        return [52, 58, (64 + seed % 64) as u8];
    }
    let button = columns * 3 / 5..columns * 4 / 5;
    if button.contains(&column) && (rows * 3 / 4..rows * 5 / 6).contains(&row) {
        return [61, 78, 216];
    }
    let word = hash((column / 14) as u32, (row / 28) as u32, seed);
    let in_line = row % 28 > 8 && row % 28 < 20;
    // Every glyph is a few dark strokes; margins and gaps between words stay empty.
    let ink = in_line && !word.is_multiple_of(5) && hash((column / 2) as u32, (row / 2) as u32, word).is_multiple_of(3);
    match (ink, column < side) {
        (true, true) => [96, 100, 110],
        (true, false) => [40, 42, 48],
        (false, true) => [240, 240, 236],
        (false, false) => [253, 252, 250],
    }
}

fn hash(first: u32, second: u32, seed: u32) -> u32 {
    let mixed = first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca6b) ^ seed.wrapping_mul(0xc2b2_ae35);
    (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d) >> 8
}
