//! An agent that is not heard of any more, by the real clock: when the tray says that it is quiet, and that it is stuck.

use std::time::{Duration, Instant};

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Setting, Stage, Start};

/// After how many seconds without a sign of life each is said, and by when at the latest: its record is asked first.
const SAID: [(&str, f64, f64); 2] = [("quiet", 90.0, 105.0), ("may be stuck", 600.0, 730.0)];
/// How often the tray is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Measures when each is said of the silent agent, and that nothing better is said of it afterwards, nor anything of one
/// whose heartbeats come.
pub(crate) async fn measure() {
    let cloud = Practice::start(Options {
        speed: 20.0,
        knobs: person::listing_freely(),
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("measure_silence", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    for prompt in ["[unending] Polish the logo", "[silent] Polish the icons"] {
        page.control("What should change?").await;
        person::send(&page, prompt).await;
        page.sees("Reading 2 files", LONG).await;
        page.click("New").await;
    }
    let begun = Instant::now();
    for (said, from, to) in SAID {
        let words = format!("Polish the icons: {said}");
        loop {
            let labels = stage.tray.labels().await;
            let after = begun.elapsed().as_secs_f64();
            assert!(
                !labels.iter().any(|label| label.starts_with("Polish the logo:")),
                "something is said of the other: {labels:?}"
            );
            let is_said = labels.contains(&words);
            if is_said || after > to {
                // The last sign came a moment before its page said so.
                let holds = is_said && after >= from - 10.0;
                let holds = if holds { "holds" } else { "does not hold" };
                println!("{said}: after {after:.1} s, not before {from} s and not after {to} s: {holds}");
                break;
            }
            if said == "may be stuck" {
                assert!(
                    labels.contains(&"Polish the icons: quiet".to_owned()),
                    "it became better: {labels:?}"
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }
    app.quit(&stage).await;
}
