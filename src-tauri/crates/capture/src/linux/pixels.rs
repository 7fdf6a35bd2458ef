//! Pixels of an X server in the four bytes that everybody else takes.

/// How an X server lays out a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Bits that one pixel takes: 8, 16, 24 or 32.
    pub(super) bits: u8,
    /// Each row begins at a multiple of this many bits.
    pub(super) pad: u8,
    /// Whether the first byte of a pixel is the highest.
    pub(super) high_first: bool,
    /// The bits of red, green and blue.
    pub(super) masks: [u32; 3],
}

/// Red, green, blue and 255 of each pixel; none where the bytes are fewer than said, or laid out in no known way.
pub(super) fn rgba(bytes: &[u8], width: usize, height: usize, layout: Layout) -> Option<Vec<u8>> {
    if !matches!(layout.bits, 16 | 24 | 32) || !matches!(layout.pad, 8 | 16 | 32) {
        return None;
    }
    let (size, pad) = (usize::from(layout.bits) / 8, usize::from(layout.pad) / 8);
    let row = width.checked_mul(size)?.checked_next_multiple_of(pad)?;
    if width == 0 || height == 0 || bytes.len() < row.checked_mul(height)? {
        return None;
    }
    let channels = layout.masks.map(Channel::of);
    let mut rgba = Vec::with_capacity(width * height * 4);
    for pixels in bytes.chunks_exact(row).take(height) {
        for pixel in pixels.chunks_exact(size).take(width) {
            let value = pixel.iter().enumerate().fold(0_u32, |value, (place, byte)| {
                let place = if layout.high_first { size - 1 - place } else { place };
                value | u32::from(*byte) << (8 * place)
            });
            let [red, green, blue] = channels.map(|channel| channel.read(value));
            rgba.extend_from_slice(&[red, green, blue, u8::MAX]);
        }
    }
    Some(rgba)
}

/// Where a color stands in a pixel.
#[derive(Clone, Copy)]
struct Channel {
    shift: u32,
    most: u32,
}

impl Channel {
    fn of(mask: u32) -> Self {
        let shift = mask.trailing_zeros() % 32;
        Self {
            shift,
            most: mask >> shift,
        }
    }

    fn read(self, value: u32) -> u8 {
        let level = (value >> self.shift) & self.most;
        match self.most {
            0 => 0,
            255 => level as u8,
            most => (u64::from(level) * 255 / u64::from(most)) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Layout = Layout {
        bits: 32,
        pad: 32,
        high_first: false,
        masks: [0xff_0000, 0xff00, 0xff],
    };

    #[test]
    fn every_layout_gives_the_same_bytes() {
        for (layout, bytes, expected, why) in [
            (
                USUAL,
                vec![3, 2, 1, 0],
                vec![1, 2, 3, 255],
                "what nearly every server does",
            ),
            (
                Layout {
                    high_first: true,
                    ..USUAL
                },
                vec![0, 1, 2, 3],
                vec![1, 2, 3, 255],
                "the highest byte first",
            ),
            (
                Layout {
                    masks: [0xff, 0xff00, 0xff_0000],
                    ..USUAL
                },
                vec![1, 2, 3, 99],
                vec![1, 2, 3, 255],
                "red in the lowest byte, and what stands in the fourth means nothing",
            ),
            (
                Layout { bits: 24, ..USUAL },
                vec![3, 2, 1, 77],
                vec![1, 2, 3, 255],
                "three bytes, and a row that is filled up",
            ),
            (
                Layout {
                    bits: 16,
                    masks: [0xf800, 0x07e0, 0x001f],
                    ..USUAL
                },
                vec![0x00, 0xf8, 77, 77],
                vec![255, 0, 0, 255],
                "5, 6 and 5 bits: full red is full red",
            ),
            (
                Layout {
                    bits: 32,
                    masks: [0x3ff0_0000, 0x000f_fc00, 0x0000_03ff],
                    ..USUAL
                },
                vec![0xff, 0x03, 0xf0, 0x3f],
                vec![255, 0, 255, 255],
                "ten bits for each color",
            ),
        ] {
            assert_eq!(rgba(&bytes, 1, 1, layout), Some(expected), "{why}");
        }
    }

    #[test]
    fn rows_begin_where_the_server_begins_them() {
        let layout = Layout { bits: 24, ..USUAL };
        let bytes = [3, 2, 1, 0, 6, 5, 4, 0];
        assert_eq!(
            rgba(&bytes, 1, 2, layout),
            Some(vec![1, 2, 3, 255, 4, 5, 6, 255]),
            "the fourth byte of a row belongs to nobody"
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (bytes, width, height, layout, why) in [
            (vec![0; 7], 1, 2, USUAL, "fewer bytes than said"),
            (vec![0; 8], 0, 2, USUAL, "no pixels"),
            (vec![0; 8], 1, 1, Layout { bits: 8, ..USUAL }, "a palette"),
            (vec![0; 8], 1, 1, Layout { pad: 0, ..USUAL }, "no such padding"),
            (vec![0; 8], usize::MAX, 1, USUAL, "more than can be counted"),
        ] {
            assert_eq!(rgba(&bytes, width, height, layout), None, "{why}");
        }
    }
}
