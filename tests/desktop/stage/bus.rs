//! A session bus with nobody on it but those whom the stage puts there.

use std::fs;
use std::path::Path;

use super::process::Process;

/// No service folders: what is not on the stage does not exist, and asking for it fails at once
/// instead of waiting for an activation that cannot succeed.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Starts the bus and gives its address.
pub(crate) fn start(home: &Path, logs: &Path) -> (Process, String) {
    let file = home.join("bus.conf");
    fs::write(&file, CONFIGURATION).expect("the configuration of the bus can be written");
    let file = format!("--config-file={}", file.display());
    let mut bus = Process::start_speaking("dbus-daemon", &[&file, "--nofork", "--print-address=1"], &[], logs);
    let address = bus.first_line();
    (bus, address)
}

/// A connection of our own, with a name that others look for.
pub(crate) async fn named(address: &str, name: &'static str) -> zbus::connection::Builder<'static> {
    zbus::connection::Builder::address(address)
        .expect("the bus printed an address")
        .name(name)
        .expect("a well-known name")
}
