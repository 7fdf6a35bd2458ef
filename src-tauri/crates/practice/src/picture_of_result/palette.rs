//! The colors of a screenshot: light or dark, and its most striking color.

use std::io::Cursor;

use super::canvas::Color;

/// Rows and columns looked at in a screenshot, at most.
const SAMPLES: usize = 96;

/// Largest screenshot decoded, in pixels; larger ones keep the default look.
const MOST_PIXELS: u64 = 64_000_000;

/// What a drawn page takes over from a screenshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Look {
    pub(crate) dark: bool,
    pub(crate) accent: Color,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            dark: false,
            accent: [79, 70, 229],
        }
    }
}

impl Look {
    /// The look of a PNG; `None` when it cannot be read.
    pub(crate) fn of_png(file: &[u8]) -> Option<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = (reader.info().width, reader.info().height);
        if u64::from(width) * u64::from(height) > MOST_PIXELS || reader.info().interlaced {
            return None;
        }
        let channels = reader.output_color_type().0.samples();
        let step_x = (width as usize / SAMPLES).max(1);
        let step_y = (height as usize / SAMPLES).max(1);
        let mut colors = Vec::new();
        let mut row = 0;
        while let Some(line) = reader.next_row().ok()? {
            if row % step_y == 0 {
                for pixel in line.data().chunks_exact(channels).step_by(step_x) {
                    colors.push(match pixel {
                        [red, green, blue, ..] => [*red, *green, *blue],
                        [gray, ..] => [*gray; 3],
                        [] => continue,
                    });
                }
            }
            row += 1;
        }
        Some(Self::of_colors(&colors))
    }

    fn of_colors(colors: &[Color]) -> Self {
        let light: u64 = colors.iter().map(|color| u64::from(luminance(*color))).sum();
        let dark = !colors.is_empty() && light / (colors.len() as u64) < 96;
        // Colors are counted by hue in twelfths, weighted by how strong they are.
        let mut hues = [(0_u64, [0_u64; 3]); 12];
        for color in colors {
            let strength = u64::from(saturation(*color));
            if strength < 70 {
                continue;
            }
            let (weight, sum) = &mut hues[hue(*color)];
            *weight += strength;
            for (total, channel) in sum.iter_mut().zip(color) {
                *total += u64::from(*channel) * strength;
            }
        }
        let accent = hues
            .iter()
            .max_by_key(|(weight, _)| *weight)
            .filter(|(weight, _)| *weight > 0)
            .map_or(Self::default().accent, |(weight, sum)| {
                readable(sum.map(|total| (total / weight) as u8))
            });
        Self { dark, accent }
    }

    pub(crate) fn back(self) -> Color {
        if self.dark { [13, 17, 23] } else { [244, 246, 250] }
    }

    pub(crate) fn paper(self) -> Color {
        if self.dark { [23, 29, 38] } else { [255, 255, 255] }
    }

    pub(crate) fn line(self) -> Color {
        if self.dark { [48, 56, 68] } else { [222, 227, 235] }
    }

    pub(crate) fn ink(self) -> Color {
        if self.dark { [236, 240, 246] } else { [20, 26, 38] }
    }

    pub(crate) fn soft(self) -> Color {
        if self.dark { [150, 160, 175] } else { [96, 106, 122] }
    }
}

fn luminance([red, green, blue]: Color) -> u32 {
    (u32::from(red) * 54 + u32::from(green) * 183 + u32::from(blue) * 19) / 256
}

fn saturation(color: Color) -> u8 {
    let most = color.into_iter().max().unwrap_or(0);
    let least = color.into_iter().min().unwrap_or(0);
    most - least
}

/// Twelfth of the color circle.
fn hue(color: Color) -> usize {
    let [red, green, blue] = color.map(f32::from);
    let span = f32::from(saturation(color)).max(1.0);
    let degrees = if red >= green && red >= blue {
        60.0 * ((green - blue) / span)
    } else if green >= blue {
        60.0 * ((blue - red) / span) + 120.0
    } else {
        60.0 * ((red - green) / span) + 240.0
    };
    (degrees.rem_euclid(360.0) / 30.0) as usize % 12
}

/// Darkens until white letters can be read on it.
fn readable(mut color: Color) -> Color {
    while luminance(color) > 120 {
        color = color.map(|channel| (u16::from(channel) * 15 / 16) as u8);
    }
    color
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_hue_wins_and_white_stays_readable_on_it() {
        let mut colors = vec![[255, 255, 255]; 50];
        colors.extend([[20, 120, 60]; 3]);
        colors.extend([[200, 30, 40]; 10]);
        assert_eq!(
            Look::of_colors(&colors),
            Look {
                dark: false,
                accent: [200, 30, 40]
            }
        );
        assert_eq!(
            Look::of_colors(&[[10, 10, 12]; 9]),
            Look {
                dark: true,
                ..Look::default()
            },
            "gray pictures keep the default accent"
        );
        let yellow = Look::of_colors(&[[255, 220, 0]; 9]).accent;
        assert!(luminance(yellow) <= 120, "{yellow:?}");
    }
}
