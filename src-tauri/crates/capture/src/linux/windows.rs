//! The windows on an X screen, as the window manager tells of them (Extended Window Manager Hints).

use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, MapState, Window};
use x11rb::rust_connection::RustConnection;

use crate::Area;

/// The most windows that are asked about.
const MOST: u32 = 400;

x11rb::atom_manager! {
    /// The names that are asked for.
    Names: NamesCookie {
        _GTK_FRAME_EXTENTS,
        _NET_CLIENT_LIST_STACKING,
        _NET_FRAME_EXTENTS,
        _NET_WM_PID,
        _NET_WM_STATE,
        _NET_WM_STATE_HIDDEN,
        _NET_WM_WINDOW_TYPE,
        _NET_WM_WINDOW_TYPE_DESKTOP,
    }
}

/// The windows of one screen.
pub(super) struct Windows<'a> {
    connection: &'a RustConnection,
    root: Window,
    names: Names,
}

impl<'a> Windows<'a> {
    pub(super) fn of(connection: &'a RustConnection, root: Window) -> Result<Self, ReplyError> {
        Ok(Self {
            connection,
            root,
            names: Names::new(connection)?.reply()?,
        })
    }

    /// Whether a window of this process is on the screen.
    pub(super) fn ours(&self) -> Result<bool, ReplyError> {
        let ours = self.clients()?.into_iter().filter(|window| {
            self.numbers(*window, self.names._NET_WM_PID, AtomEnum::CARDINAL)
                .is_ok_and(|told| told.first() == Some(&std::process::id()))
        });
        Ok(ours.into_iter().any(|window| self.is_seen(window).unwrap_or(false)))
    }

    /// The visible windows with their frames, in pixels of the desktop, from the lowest to the topmost. One that goes
    /// while it is asked about is left out.
    pub(super) fn stacked(&self) -> Result<Vec<Area>, ReplyError> {
        let clients = self.clients()?;
        Ok(clients
            .into_iter()
            .filter_map(|window| self.area(window).ok()?)
            .collect())
    }

    fn clients(&self) -> Result<Vec<Window>, ReplyError> {
        self.numbers(self.root, self.names._NET_CLIENT_LIST_STACKING, AtomEnum::WINDOW)
    }

    fn is_seen(&self, window: Window) -> Result<bool, ReplyError> {
        let attributes = self.connection.get_window_attributes(window)?.reply()?;
        Ok(attributes.map_state == MapState::VIEWABLE)
    }

    fn area(&self, window: Window) -> Result<Option<Area>, ReplyError> {
        let names = &self.names;
        let states = self.numbers(window, names._NET_WM_STATE, AtomEnum::ATOM)?;
        let kinds = self.numbers(window, names._NET_WM_WINDOW_TYPE, AtomEnum::ATOM)?;
        // The desktop lies below everything; pointing at it means the whole screen.
        if states.contains(&names._NET_WM_STATE_HIDDEN)
            || kinds.contains(&names._NET_WM_WINDOW_TYPE_DESKTOP)
            || !self.is_seen(window)?
        {
            return Ok(None);
        }
        let inner = self.connection.get_geometry(window)?.reply()?;
        let corner = self
            .connection
            .translate_coordinates(window, self.root, 0, 0)?
            .reply()?;
        let inner = Area {
            x: corner.dst_x.into(),
            y: corner.dst_y.into(),
            width: inner.width.into(),
            height: inner.height.into(),
        };
        let frame = self.extents(window, names._NET_FRAME_EXTENTS)?;
        // A window that draws its own frame draws its shadow too, inside what the server takes for the window.
        let shadow = self.extents(window, names._GTK_FRAME_EXTENTS)?.map(|edge| -edge);
        Ok(Some(inner.grown(frame).grown(shadow)))
    }

    /// Four widths: left, right, top, bottom. What is no width is none.
    fn extents(&self, window: Window, name: Atom) -> Result<[i32; 4], ReplyError> {
        let told = self.numbers(window, name, AtomEnum::CARDINAL)?;
        let width = |at: usize| told.get(at).map_or(0, |width| (*width).min(1000).cast_signed());
        Ok([width(0), width(1), width(2), width(3)])
    }

    fn numbers(&self, window: Window, name: Atom, kind: AtomEnum) -> Result<Vec<u32>, ReplyError> {
        let reply = self
            .connection
            .get_property(false, window, name, kind, 0, MOST)?
            .reply()?;
        Ok(reply.value32().map(Iterator::collect).unwrap_or_default())
    }
}
