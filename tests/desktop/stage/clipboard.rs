//! The clipboard, owned by a real other program.

use std::fs;

use super::Stage;
use super::process::tool;
use super::wait::{SOON, until};

/// Offers bytes of one type. The owner, `xclip`, lives until somebody else owns the clipboard or
/// the screen ends.
pub(crate) async fn offer(stage: &Stage, media_type: &str, bytes: &[u8]) {
    let file = stage.home().join("copied");
    fs::write(&file, bytes).expect("what is copied can be written to a file");
    let path = file.to_string_lossy().into_owned();
    let environment = stage.environment();
    let taken = tool_detached(
        "xclip",
        &["-selection", "clipboard", "-target", media_type, "-in", &path],
        environment,
    );
    assert!(taken, "xclip takes what is copied");
    until("the clipboard offers what was copied", SOON, || async {
        tool(
            "xclip",
            &["-selection", "clipboard", "-target", "TARGETS", "-out"],
            environment,
        )
        .filter(|targets| targets.lines().any(|target| target == media_type))
    })
    .await;
}

/// `xclip` goes on in the background with its streams open, so its output must not be waited for.
fn tool_detached(program: &str, arguments: &[&str], environment: &[(String, String)]) -> bool {
    use std::process::{Command, Stdio};
    Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
