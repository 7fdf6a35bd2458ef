//! A picture of the screen from the X server: the screen under the pointer, and the windows on it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::randr::ConnectionExt as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, ImageOrder, Screen};
use x11rb::rust_connection::RustConnection;

use super::pixels::{Layout, rgba};
use super::settling::{PAUSE, settled};
use super::windows::Windows;
use crate::area::{screen_under, windows_on};
use crate::{Area, Picture, Still};

/// A window of ours that is still there after this does not go.
const UNMAPPING: Duration = Duration::from_secs(1);

/// Why the X server gave no picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// There is no X server.
    #[error("no connection: {0}")]
    Connect(#[from] x11rb::errors::ConnectError),
    /// It refused or went away.
    #[error("refused: {0}")]
    Reply(#[from] ReplyError),
    /// Its pixels are laid out in no known way.
    #[error("pixels of an unknown layout")]
    Pixels,
}

impl From<x11rb::errors::ConnectionError> for Error {
    fn from(error: x11rb::errors::ConnectionError) -> Self {
        Self::Reply(error.into())
    }
}

/// Takes the screen that the pointer is on. With `hidden` it waits until our own windows are off the screen.
pub(super) fn still(hidden: bool) -> Result<Still, Error> {
    let (connection, number) = RustConnection::connect(None)?;
    let screen = &connection.setup().roots[number];
    let windows = Windows::of(&connection, screen.root)?;
    let place = place(&connection, screen)?;
    let picture = if hidden {
        let late = Instant::now() + UNMAPPING;
        while windows.ours()? && Instant::now() < late {
            sleep(PAUSE / 5);
        }
        settled(|| take(&connection, screen, place), || sleep(PAUSE))?
    } else {
        take(&connection, screen, place)?
    };
    Ok(Still {
        picture,
        windows: windows_on(place, &windows.stacked()?),
    })
}

/// The screen under the pointer, in pixels of the desktop.
fn place(connection: &RustConnection, screen: &Screen) -> Result<Area, Error> {
    let desktop = Area {
        x: 0,
        y: 0,
        width: screen.width_in_pixels.into(),
        height: screen.height_in_pixels.into(),
    };
    let pointer = connection.query_pointer(screen.root)?.reply()?;
    // A server without RandR 1.5 has one screen as far as anybody can tell.
    let monitors = match connection.randr_get_monitors(screen.root, true)?.reply() {
        Ok(told) => told.monitors,
        Err(_) => Vec::new(),
    };
    let screens: Vec<Area> = monitors
        .iter()
        .map(|monitor| Area {
            x: monitor.x.into(),
            y: monitor.y.into(),
            width: monitor.width.into(),
            height: monitor.height.into(),
        })
        .collect();
    let pointer = (pointer.root_x.into(), pointer.root_y.into());
    Ok(screen_under(pointer, &screens, desktop))
}

fn take(connection: &RustConnection, screen: &Screen, place: Area) -> Result<Picture, Error> {
    let setup = connection.setup();
    let (Ok(x), Ok(y), Ok(width), Ok(height)) = (
        i16::try_from(place.x),
        i16::try_from(place.y),
        u16::try_from(place.width),
        u16::try_from(place.height),
    ) else {
        return Err(Error::Pixels);
    };
    let image = connection
        .get_image(ImageFormat::Z_PIXMAP, screen.root, x, y, width, height, u32::MAX)?
        .reply()?;
    let format = setup.pixmap_formats.iter().find(|format| format.depth == image.depth);
    let visual = screen
        .allowed_depths
        .iter()
        .flat_map(|depth| &depth.visuals)
        .find(|visual| visual.visual_id == screen.root_visual);
    let (Some(format), Some(visual)) = (format, visual) else {
        return Err(Error::Pixels);
    };
    let layout = Layout {
        bits: format.bits_per_pixel,
        pad: format.scanline_pad,
        high_first: setup.image_byte_order == ImageOrder::MSB_FIRST,
        masks: [visual.red_mask, visual.green_mask, visual.blue_mask],
    };
    let rgba = rgba(&image.data, width.into(), height.into(), layout).ok_or(Error::Pixels)?;
    Ok(Picture::Pixels {
        width: width.into(),
        height: height.into(),
        rgba,
    })
}
