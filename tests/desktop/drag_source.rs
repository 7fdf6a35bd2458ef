//! A small window of another program whose one label can be dragged: it carries the files named as arguments, as a
//! file manager's icons do. The file named first tells how the drag stands: `taken` while what is under the pointer takes
//! it, `refused` while not, and how it ended: `dropped` or `failed`.
#![cfg_attr(
    target_os = "linux",
    expect(clippy::expect_used, reason = "a program of the tests stops at the first surprise")
)]

#[cfg(target_os = "linux")]
fn main() {
    use std::cell::Cell;
    use std::rc::Rc;

    use gtk::gdk::{DragAction, ModifierType};
    use gtk::glib;
    use gtk::prelude::*;

    gtk::init().expect("a screen to open on");
    let mut arguments = std::env::args_os().skip(1);
    let told = arguments.next().expect("a file to tell in");
    let tell = move |word: &str| std::fs::write(&told, word).expect("a file can be written");
    let files: Vec<String> = arguments
        .map(|path| glib::filename_to_uri(path, None).expect("an absolute path").to_string())
        .collect();
    let label = gtk::EventBox::new();
    label.add(&gtk::Label::new(Some("Drag me")));
    label.drag_source_set(ModifierType::BUTTON1_MASK, &[], DragAction::COPY);
    label.drag_source_add_uri_targets();
    label.connect_drag_data_get(move |_, _, selection, _, _| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        assert!(selection.set_uris(&files), "a drag takes addresses of files");
    });
    let failed = Rc::new(Cell::new(false));
    let (begun, ended) = (failed.clone(), failed.clone());
    let during = tell.clone();
    label.connect_drag_begin(move |_, drag| {
        begun.set(false);
        let tell = during.clone();
        drag.connect_action_changed(move |_, action| tell(if action.is_empty() { "refused" } else { "taken" }));
    });
    label.connect_drag_failed(move |_, _, _| {
        failed.set(true);
        glib::Propagation::Proceed
    });
    label.connect_drag_end(move |_, _| tell(if ended.get() { "failed" } else { "dropped" }));
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("Files of another program");
    window.set_default_size(160, 80);
    window.set_keep_above(true);
    window.add(&label);
    window.show_all();
    gtk::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}
