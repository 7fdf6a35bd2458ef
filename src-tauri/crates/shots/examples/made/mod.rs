//! Pictures that look like a user interface, and marks to draw on them; made alike in every run.

use sendoff_shots::{Color, Mark, Markup, Point, Rect};

pub(crate) const INK: Color = Color {
    red: 229,
    green: 57,
    blue: 53,
};

/// Of every kind in turn, each over about half of the picture: more than anybody draws.
pub(crate) fn marks(count: u32, width: f64, height: f64) -> Markup {
    let point = |index: u32, step: u32| Point {
        x: f64::from(mix(index, step) % 1000) / 1000.0 * width,
        y: f64::from(mix(index, step + 1000) % 1000) / 1000.0 * height,
    };
    let marks = (0..count).map(|index| {
        let (from, to) = (point(index, 0), point(index, 1));
        let area = Rect {
            x: from.x / 2.0,
            y: from.y / 2.0,
            width: width / 2.0,
            height: height / 2.0,
        };
        let (color, stroke) = (INK, 12.0);
        let pen = |step: u32| Point {
            x: area.x + area.width * f64::from(step) / 400.0,
            y: area.y + area.height * (0.5 + 0.4 * (f64::from(step) / 20.0).sin()),
        };
        match index % 7 {
            0 => Mark::Arrow {
                from,
                to,
                color,
                width: stroke,
            },
            1 => Mark::Box {
                area,
                color,
                width: stroke,
            },
            2 => Mark::Ellipse {
                area,
                color,
                width: stroke,
            },
            3 => Mark::Line {
                from,
                to,
                color,
                width: stroke,
            },
            4 => Mark::Freehand {
                points: (0..=400).map(pen).collect(),
                color,
                width: stroke,
            },
            5 => Mark::Highlighter {
                points: vec![from, to],
                color,
                width: 60.0,
            },
            _ => Mark::Redact { area, color },
        }
    });
    Markup {
        crop: None,
        marks: marks.collect(),
    }
}

/// Opaque RGBA: a side bar, a gradient header, lines of something like text with soft edges, cards with borders and a
/// patch of noise like a photo.
pub(crate) fn interface(width: u32, height: u32) -> Vec<u8> {
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let [red, green, blue] = color(x, y, width, height);
            rgba.extend_from_slice(&[red, green, blue, 255]);
        }
    }
    rgba
}

fn color(x: u32, y: u32, width: u32, height: u32) -> [u8; 3] {
    let header = height / 20;
    if y < header {
        let shade = (y * 40 / header) as u8;
        return [30 + shade, 34 + shade, 60 + shade];
    }
    if x > width * 5 / 6 && y > height * 5 / 6 {
        let noise = mix(x / 2, y / 2);
        return [
            (noise & 0x7f) as u8,
            80 + (noise >> 8 & 0x3f) as u8,
            90 + (noise >> 16 & 0x3f) as u8,
        ];
    }
    let background: [u8; 3] = if x < width / 5 {
        [244, 245, 248]
    } else {
        [255, 255, 255]
    };
    let border = (x % (width / 4) < 2) || (y % (height / 6) < 2);
    if border {
        return [214, 217, 224];
    }
    // Glyphs of 16 by 32 pixels out of 200 shapes, a third of the lines empty, words of random lengths.
    let (column, line) = (x / 16, y / 32);
    let letter = mix(column, line);
    let shape = mix(letter % 200, 7);
    let empty = line % 3 == 2 || letter.is_multiple_of(6) || column % 80 > 40 + mix(line, 3) % 38;
    let (inner_x, inner_y) = (x % 16, y % 32);
    if empty || !(6..26).contains(&inner_y) || !(2..14).contains(&inner_x) {
        return background;
    }
    let stroke = (shape >> ((inner_x / 3 + inner_y / 5 * 4) % 31)) & 1;
    let soft = mix(shape ^ (inner_x + inner_y * 16), 11) % 48;
    let ink: [u8; 3] = if line % 9 == 1 { [36, 92, 200] } else { [32, 34, 40] };
    let weight = if stroke == 1 {
        255 - soft * u32::from(inner_x.is_multiple_of(3)) * 4
    } else {
        0
    };
    std::array::from_fn(|channel| {
        ((u32::from(ink[channel]) * weight + u32::from(background[channel]) * (255 - weight)) / 255) as u8
    })
}

pub(crate) fn mix(first: u32, second: u32) -> u32 {
    let mut value = first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca77) ^ 0x27d4_eb2f;
    value ^= value >> 15;
    value = value.wrapping_mul(0x2c1b_3c6d);
    value ^ (value >> 13)
}
