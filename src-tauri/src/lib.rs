//! The shell: the only Rust that names `tauri`. It forwards and shows; it decides nothing.

/// Runs the app until it quits.
pub fn run() -> std::process::ExitCode {
    let built = tauri::Builder::default().build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|_, _| {});
            std::process::ExitCode::SUCCESS
        }
        Err(_) => std::process::ExitCode::FAILURE,
    }
}
