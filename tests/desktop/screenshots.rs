//! `cargo xtask screenshots DIR`: the real app over the practice cloud, a picture of every screen and state, in light
//! and dark, at one and two pixels per point.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks on its terminal and stops at the first surprise"
)]

#[cfg(target_os = "linux")]
mod tour;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    let Some(folder) = std::env::args().nth(1).map(std::path::PathBuf::from) else {
        eprintln!("Say where the pictures go: cargo xtask screenshots DIR");
        std::process::exit(2);
    };
    for (name, dark, scale) in [
        ("light", false, 1),
        ("dark", true, 1),
        ("light@2x", false, 2),
        ("dark@2x", true, 2),
    ] {
        let into = folder.join(name);
        std::fs::create_dir_all(&into).expect("a folder for the pictures can be made");
        let count = tour::tour(&into, dark, scale).await;
        println!("{count} pictures in {}", into.display());
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("The pictures are taken on Linux, where the tests bring a desktop of their own.");
    std::process::exit(1);
}
