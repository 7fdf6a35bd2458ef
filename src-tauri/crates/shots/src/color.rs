//! What the numbers of a picture mean, and how they are brought to sRGB.

use std::sync::Arc;

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, Layout,
    MatrixCoefficients, TransferCharacteristics, Transform8BitExecutor, TransformOptions, curve_from_gamma,
};

use crate::raster::Raster;

/// What the numbers of a picture mean, as its file says.
pub(crate) enum ColorSource {
    /// sRGB, said or by default.
    Srgb,
    /// An ICC profile.
    Profile(Vec<u8>),
    /// Built from numbers in the file: gamma and chromaticities, or coding-independent code points.
    Described(Box<ColorProfile>),
    /// A cICP chunk that names a high dynamic range: kept in the file as it is.
    HighDynamicRange([u8; 4]),
    /// Four inks, with or without a profile.
    Cmyk,
    /// Something is there that cannot be read.
    Unreadable,
}

/// What is to be done about the colors of a picture.
pub(crate) enum ColorPlan {
    /// Nothing: they are sRGB.
    Keep,
    /// Nothing, although the file says something that cannot be read.
    Unreadable,
    /// The decoder itself turns CMYK into RGB.
    ByDecoder,
    /// Every pixel goes through a transform to sRGB.
    Transform(Box<ColorProfile>),
}

impl ColorSource {
    /// From coding-independent code points (ITU-T H.273): primaries, transfer, matrix, full range.
    pub(crate) fn from_code_points(points: [u8; 4]) -> Self {
        const PQ: u8 = 16;
        const HLG: u8 = 18;
        let [primaries, transfer, _, _] = points;
        if matches!(transfer, PQ | HLG) {
            return Self::HighDynamicRange(points);
        }
        let (Ok(color_primaries), Ok(transfer_characteristics)) = (
            CicpColorPrimaries::try_from(primaries),
            TransferCharacteristics::try_from(transfer),
        ) else {
            return Self::Unreadable;
        };
        let mut profile = ColorProfile::new_srgb();
        profile.update_rgb_colorimetry_from_cicp(CicpProfile {
            color_primaries,
            transfer_characteristics,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        Self::Described(Box::new(profile))
    }

    /// From a gAMA value (an encoding exponent) and cHRM values (white, red, green, blue).
    pub(crate) fn from_gamma_and_chromaticities(gamma: Option<f32>, chromaticities: Option<[[f32; 2]; 4]>) -> Self {
        const SRGB_GAMMA: f32 = 0.45455;
        let gamma = gamma.filter(|gamma| (gamma - SRGB_GAMMA).abs() > 0.001);
        if gamma.is_none() && chromaticities.is_none() {
            return Self::Srgb;
        }
        let mut profile = ColorProfile::new_srgb();
        if let Some(points) = chromaticities {
            if points
                .iter()
                .any(|[x, y]| !(0.0..=1.0).contains(x) || !(0.001..=1.0).contains(y))
            {
                return Self::Unreadable;
            }
            let [white, red, green, blue] = points.map(|[x, y]| Chromaticity::new(x, y));
            profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
        }
        if let Some(gamma) = gamma {
            if !(0.05..=20.0).contains(&gamma) {
                return Self::Unreadable;
            }
            let curve = curve_from_gamma(1.0 / gamma);
            profile.red_trc = Some(curve.clone());
            profile.green_trc = Some(curve.clone());
            profile.blue_trc = Some(curve);
        }
        profile.cicp = None;
        Self::Described(Box::new(profile))
    }

    /// Decides what to do; a profile that says sRGB in other words needs nothing.
    pub(crate) fn plan(self) -> ColorPlan {
        let profile = match self {
            Self::Srgb | Self::HighDynamicRange(_) => return ColorPlan::Keep,
            // Inks are mixed by the decoder's formula; its profile is not consulted.
            Self::Cmyk => return ColorPlan::ByDecoder,
            Self::Unreadable => return ColorPlan::Unreadable,
            Self::Described(profile) => *profile,
            Self::Profile(bytes) => match ColorProfile::new_from_slice(&bytes) {
                Ok(profile) => profile,
                Err(_) => return ColorPlan::Unreadable,
            },
        };
        match is_srgb(&profile) {
            Some(true) => ColorPlan::Keep,
            Some(false) => ColorPlan::Transform(Box::new(profile)),
            None => ColorPlan::Unreadable,
        }
    }
}

/// Whether no color moves by more than one step of 255; `None` when the profile cannot be used on a screen picture.
fn is_srgb(profile: &ColorProfile) -> Option<bool> {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    let mut colors: Vec<u8> = (0..=255).flat_map(|gray| [gray; 3]).collect();
    if profile.color_space == DataColorSpace::Rgb {
        for red in STEPS {
            for green in STEPS {
                colors.extend(STEPS.iter().flat_map(|&blue| [red, green, blue]));
            }
        }
    }
    let mut raster = Raster {
        width: (colors.len() / 3) as u32,
        height: 1,
        channels: 3,
        samples: colors.clone(),
    };
    to_srgb(profile, &mut raster)?;
    Some(
        raster
            .samples
            .iter()
            .zip(&colors)
            .all(|(after, before)| after.abs_diff(*before) <= 1),
    )
}

/// Brings an RGB or RGBA raster to sRGB in place; `None` when the profile has no way there.
pub(crate) fn to_srgb(profile: &ColorProfile, raster: &mut Raster) -> Option<()> {
    let layout = if raster.channels == 4 {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let row_samples = raster.width as usize * raster.channels;
    if profile.color_space == DataColorSpace::Gray {
        return gray_to_srgb(profile, &srgb, raster);
    }
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let transform: Arc<Transform8BitExecutor> = profile.create_transform_8bit(layout, &srgb, layout, options).ok()?;
    let mut before = vec![0; row_samples];
    for row in raster.samples.chunks_exact_mut(row_samples) {
        before.copy_from_slice(row);
        transform.transform(&before, row).ok()?;
    }
    Some(())
}

/// Whether a profile describes one channel.
pub(crate) fn is_gray(profile: &ColorProfile) -> bool {
    profile.color_space == DataColorSpace::Gray
}

/// A gray profile is one curve: 256 values say all of it.
fn gray_to_srgb(profile: &ColorProfile, srgb: &ColorProfile, raster: &mut Raster) -> Option<()> {
    let transform = profile
        .create_transform_8bit(Layout::Gray, srgb, Layout::Rgb, TransformOptions::default())
        .ok()?;
    let grays: Vec<u8> = (0..=255).collect();
    let mut colors = vec![0; 256 * 3];
    transform.transform(&grays, &mut colors).ok()?;
    for pixel in raster.samples.chunks_exact_mut(raster.channels) {
        let gray = usize::from(pixel[0]) * 3;
        pixel[..3].copy_from_slice(&colors[gray..gray + 3]);
    }
    Some(())
}
