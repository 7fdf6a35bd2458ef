//! The shell: the only Rust that names `tauri`. It forwards and shows; it decides nothing.
//! Deciding is in `core`, words are in `ui/src/text/native.json`.

mod capture;
mod clipboard;
mod close;
mod commands;
mod drag;
mod environment;
mod notify;
mod pictures;
mod practice;
mod shortcut;
mod size;
mod state;
mod tray;
mod window;
mod words;

use tauri::{Manager, RunEvent};

/// Runs the app until it quits.
#[expect(clippy::exit, reason = "the macro that embeds the app's configuration contains one")]
pub fn run() -> std::process::ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .init();
    let environment = match environment::Environment::read() {
        Ok(environment) => environment,
        Err(refused) => return refused.exit(),
    };
    let single = tauri_plugin_single_instance::Builder::new()
        .dbus_id(&environment.instance)
        .callback(|app, arguments, _folder| capture::started(app, arguments, None));
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_global_shortcut::Builder::new().build());
    let built = builder
        .plugin(single.build())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("shot", pictures::serve)
        .invoke_handler(commands::handler())
        .on_window_event(window::event)
        .setup(move |app| {
            app.manage(state::Shell::new(environment));
            let handle = app.handle().clone();
            tauri::async_runtime::block_on(state::start(&handle));
            tray::start(&handle);
            capture::started(&handle, std::env::args(), shortcut::news(&handle));
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                // Closing the last window is not quitting: only `exit` carries a code.
                RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
                RunEvent::Exit => tauri::async_runtime::block_on(state::stop(app)),
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => window::open(app, None),
                _ => {}
            });
            std::process::ExitCode::SUCCESS
        }
        Err(_) => std::process::ExitCode::FAILURE,
    }
}
