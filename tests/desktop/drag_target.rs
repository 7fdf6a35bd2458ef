//! A small window of another program that takes files which are let go over it, as a file manager does: the file named
//! as its argument tells `over` once they are over it, and then their addresses, a line each.
#![cfg_attr(
    target_os = "linux",
    expect(clippy::expect_used, reason = "a program of the tests stops at the first surprise")
)]

#[cfg(target_os = "linux")]
fn main() {
    use std::fs;

    use gtk::DestDefaults;
    use gtk::gdk::DragAction;
    use gtk::prelude::*;

    gtk::init().expect("a screen to open on");
    let told = std::env::args_os().nth(1).expect("a file to tell in");
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("A folder of another program");
    window.set_default_size(160, 80);
    window.set_keep_above(true);
    window.add(&gtk::Label::new(Some("Drop here")));
    // Files are asked for when they were let go, not before.
    window.drag_dest_set(DestDefaults::ALL, &[], DragAction::COPY);
    window.drag_dest_add_uri_targets();
    let over = told.clone();
    window.connect_drag_motion(move |_, _, _, _, _| {
        fs::write(&over, "over\n").expect("a file can be written");
        false
    });
    window.connect_drag_data_received(move |_, _, _, _, selection, _, _| {
        let files: Vec<String> = selection.uris().iter().map(ToString::to_string).collect();
        fs::write(&told, format!("dropped\n{}\n", files.join("\n"))).expect("a file can be written");
    });
    window.show_all();
    gtk::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}
