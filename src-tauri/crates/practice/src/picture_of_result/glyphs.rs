//! Letters from a small atlas: printable ASCII of Inter (SIL Open Font License 1.1) in three faces.

use std::sync::OnceLock;

use super::canvas::{Canvas, Color};

/// A row of the atlas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Text,
    Strong,
    Title,
}

struct Row {
    top: usize,
    size: usize,
    advances: [u8; 95],
}

#[rustfmt::skip]
const ROWS: [Row; 3] = [
    Row { top: 0, size: 15, advances: [4, 4, 7, 10, 10, 15, 10, 4, 5, 5, 8, 10, 4, 7, 4, 5, 9, 6, 9, 9, 10, 9, 9, 8, 9, 9, 4, 5, 10, 10, 10, 8, 14, 10, 10, 11, 11, 9, 9, 11, 11, 4, 9, 10, 8, 14, 11, 11, 10, 11, 10, 10, 10, 11, 10, 15, 10, 10, 9, 5, 5, 5, 7, 7, 5, 8, 9, 9, 9, 9, 6, 9, 9, 4, 4, 8, 4, 13, 9, 9, 9, 9, 6, 8, 5, 9, 8, 12, 8, 8, 8, 6, 5, 6, 10] },
    Row { top: 23, size: 15, advances: [4, 5, 8, 10, 10, 15, 10, 5, 6, 6, 8, 10, 5, 7, 5, 6, 10, 6, 9, 10, 10, 9, 10, 9, 10, 10, 5, 5, 10, 10, 10, 8, 15, 11, 10, 11, 11, 9, 9, 11, 11, 4, 9, 11, 8, 14, 11, 12, 10, 12, 10, 10, 10, 11, 11, 15, 11, 11, 10, 6, 6, 6, 7, 7, 5, 9, 9, 9, 9, 9, 6, 9, 9, 4, 4, 9, 4, 14, 9, 9, 9, 9, 6, 8, 5, 9, 9, 13, 9, 9, 8, 7, 5, 7, 10] },
    Row { top: 46, size: 28, advances: [7, 9, 15, 18, 18, 28, 19, 9, 10, 10, 15, 19, 9, 13, 9, 11, 18, 12, 17, 18, 19, 17, 18, 16, 18, 18, 9, 9, 19, 19, 19, 15, 28, 20, 18, 21, 20, 17, 16, 21, 21, 8, 16, 20, 16, 26, 21, 22, 18, 22, 18, 18, 18, 21, 20, 29, 20, 20, 18, 10, 11, 10, 13, 13, 10, 16, 17, 16, 17, 17, 11, 18, 17, 7, 7, 16, 7, 25, 17, 17, 17, 17, 11, 15, 10, 17, 16, 24, 16, 16, 16, 13, 10, 13, 19] },
];

/// Empty pixels left and right of each letter in the atlas.
const MARGIN: usize = 2;

struct Atlas {
    width: usize,
    cover: Vec<u8>,
}

fn atlas() -> &'static Atlas {
    static ATLAS: OnceLock<Atlas> = OnceLock::new();
    ATLAS.get_or_init(|| {
        read(include_bytes!("glyphs.png")).unwrap_or(Atlas {
            width: 0,
            cover: Vec::new(),
        })
    })
}

fn read(file: &[u8]) -> Option<Atlas> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().ok()?;
    let mut cover = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut cover).ok()?;
    Some(Atlas {
        width: frame.width as usize,
        cover,
    })
}

fn row(face: Face) -> &'static Row {
    match face {
        Face::Text => &ROWS[0],
        Face::Strong => &ROWS[1],
        Face::Title => &ROWS[2],
    }
}

/// Width of a text in pixels.
pub(crate) fn width(face: Face, text: &str) -> f32 {
    let row = row(face);
    text.bytes()
        .filter_map(|byte| row.advances.get(usize::from(byte).wrapping_sub(32)))
        .map(|advance| f32::from(*advance))
        .sum()
}

/// Draws ASCII text with its baseline at `y`; other characters are left out.
pub(crate) fn write(canvas: &mut Canvas, face: Face, (x, y): (f32, f32), text: &str, color: Color) {
    let row = row(face);
    let atlas = atlas();
    let mut pen = x as i64;
    for byte in text.bytes() {
        let index = usize::from(byte).wrapping_sub(32);
        let Some(advance) = row.advances.get(index).map(|advance| usize::from(*advance)) else {
            continue;
        };
        let left: usize = row.advances[..index]
            .iter()
            .map(|advance| usize::from(*advance) + 2 * MARGIN)
            .sum();
        for down in 0..row.size + 8 {
            for across in 0..advance + 2 * MARGIN {
                let at = (row.top + down) * atlas.width + left + across;
                let cover = atlas.cover.get(at).copied().unwrap_or(0);
                if cover > 0 {
                    canvas.mix(
                        pen + across as i64 - MARGIN as i64,
                        y as i64 + down as i64 - row.size as i64 - 1,
                        color,
                        f32::from(cover) / 255.0,
                    );
                }
            }
        }
        pen += advance as i64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_atlas_is_as_wide_as_its_rows_say() {
        let widest: usize = ROWS
            .iter()
            .map(|row| {
                row.advances
                    .iter()
                    .map(|advance| usize::from(*advance) + 2 * MARGIN)
                    .sum()
            })
            .max()
            .unwrap();
        assert_eq!(atlas().width, widest);
        assert_eq!(atlas().cover.len(), widest * 82, "three rows, 82 pixels");
    }
}
