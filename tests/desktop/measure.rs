//! `cargo xtask bench start`, `paste`, `desk`, `transcript`, `tray`, `silence` and `scale`: the release build in a real window.
//! `SENDOFF_APP` names it.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks on its terminal and stops at the first surprise"
)]

#[cfg(target_os = "linux")]
mod drag_on_desk;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod in_tray;
#[cfg(target_os = "linux")]
mod long_silence;
#[cfg(target_os = "linux")]
mod long_transcript;
#[cfg(target_os = "linux")]
mod many_agents;
#[cfg(target_os = "linux")]
mod paste_to_thumbnail;
#[cfg(target_os = "linux")]
mod start_to_composer;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("start") => start_to_composer::measure().await,
        Some("paste") => paste_to_thumbnail::measure().await,
        Some("desk") => drag_on_desk::measure().await,
        Some("transcript") => long_transcript::measure().await,
        Some("tray") => in_tray::measure().await,
        Some("silence") => long_silence::measure().await,
        Some("scale") => many_agents::measure().await,
        _ => {
            eprintln!("Say what is measured: start, paste, desk, transcript, tray, silence or scale.");
            std::process::exit(2);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("The window is measured on Linux, where the tests bring a desktop of their own.");
    std::process::exit(1);
}
