//! Resizing samples of one to four channels. Each kind of pixel is named in the calls: the ones that ask at run time bring
//! the tables of all kinds there are, half a megabyte of program.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8, U8x2, U8x3, U8x4};
use fast_image_resize::{MulDiv, PixelTrait, ResizeOptions, Resizer};

/// The samples in another size; none where they are not as many as the size says.
pub(crate) fn resized(
    samples: &[u8],
    channels: usize,
    size: (u32, u32),
    target: (u32, u32),
    options: &ResizeOptions,
) -> Option<Vec<u8>> {
    match channels {
        1 => resize::<U8>(samples, size, target, options),
        2 => resize::<U8x2>(samples, size, target, options),
        3 => resize::<U8x3>(samples, size, target, options),
        _ => resize::<U8x4>(samples, size, target, options),
    }
}

fn resize<P: PixelTrait + InnerPixel>(
    samples: &[u8],
    size: (u32, u32),
    target: (u32, u32),
    options: &ResizeOptions,
) -> Option<Vec<u8>> {
    let source = TypedImageRef::<P>::from_buffer(size.0, size.1, samples).ok()?;
    let mut resized = vec![0; target.0 as usize * target.1 as usize * P::size()];
    let mut view = TypedImage::<P>::from_buffer(target.0, target.1, &mut resized).ok()?;
    Resizer::new().resize_typed(&source, &mut view, options).ok()?;
    Some(resized)
}

/// Takes the alpha out of samples that were multiplied with it; those without one stay. None where they are not as many
/// as the size says.
pub(crate) fn divide_alpha(samples: &mut [u8], channels: usize, size: (u32, u32)) -> Option<()> {
    match channels {
        2 => divide::<U8x2>(samples, size),
        4 => divide::<U8x4>(samples, size),
        _ => Some(()),
    }
}

fn divide<P: PixelTrait + InnerPixel>(samples: &mut [u8], size: (u32, u32)) -> Option<()> {
    let mut view = TypedImage::<P>::from_buffer(size.0, size.1, samples).ok()?;
    MulDiv::new().divide_alpha_inplace_typed(&mut view).ok()
}
