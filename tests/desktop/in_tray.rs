//! The app in the tray while twenty agents work and say nothing: what it costs to wait.

use std::fs;
use std::time::Duration;

use practice_cloud::{Knobs, Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{App, LONG, SOON, Setting, Stage, Start, until};

use crate::figures::Figures;

const STREAMS: usize = 20;
/// What closing the window stirs up is over by then.
const SETTLED: Duration = Duration::from_mins(1);
/// Heartbeats come every 15 s: three of every stream are in one span.
const SPAN: Duration = Duration::from_secs(45);
const SPANS: usize = 3;
/// DESIGN: percent of a core.
const BUSY: f64 = 0.1;
/// In a second.
const WAKEUPS: f64 = 3.0;

/// What all threads of the app have used so far.
struct Used {
    /// Nanoseconds on a core.
    core: u64,
    /// Times that a thread went to wait: each is followed by a wakeup.
    waits: u64,
}

/// Measures the busy part of a core, the wakeups and the memory.
pub(crate) async fn measure() {
    let cloud = Practice::start(Options {
        knobs: Knobs {
            event_delay_ms: 1,
            ..person::listing_freely()
        },
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("measure_tray", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    for number in 0..STREAMS {
        page.control("What should change?").await;
        person::send(&page, &format!("[unending] Polish icon {number}")).await;
        page.control("Stop").await;
        page.click("New").await;
    }
    stage.tray.expect(&format!("{STREAMS} agents working"), LONG).await;
    drop(page);
    stage.close_window("Sendoff");
    until("no window and no web process", SOON, || async {
        (stage.windows("Sendoff") == 0 && app.web_processes() == 0).then_some(())
    })
    .await;
    tokio::time::sleep(SETTLED).await;
    let followed = streams(&cloud);
    println!("{followed} of {STREAMS} runs are followed");

    let (mut busy, mut wakeups) = (Vec::new(), Vec::new());
    for _ in 0..SPANS {
        let before = used(&app);
        tokio::time::sleep(SPAN).await;
        let after = used(&app);
        busy.push(100.0 * (after.core - before.core) as f64 / SPAN.as_nanos() as f64);
        wakeups.push((after.waits - before.waits) as f64 / SPAN.as_secs_f64());
    }
    println!("busy, percent of a core: {busy:.3?}");
    let (busy, wakeups_at) = (Figures::of(busy), Figures::of(wakeups.clone()));
    println!("limit {BUSY} %: {}", held(busy.at(0.5) <= BUSY));
    println!("wakeups in a second: {wakeups:.2?}");
    println!("limit {WAKEUPS}: {}", held(wakeups_at.at(0.5) <= WAKEUPS));
    println!(
        "web processes: {}, limit 0: {}",
        app.web_processes(),
        held(app.web_processes() == 0)
    );
    println!("all processes: {:.1} MB (PSS)", app.memory());
    assert_eq!(streams(&cloud), followed, "no stream was opened anew meanwhile");
    app.quit(&stage).await;
}

/// How many runs' streams were opened.
fn streams(cloud: &Practice) -> usize {
    let requests = cloud.requests();
    requests
        .iter()
        .filter(|request| request.path.ends_with("/stream"))
        .count()
}

/// Sums over all threads of the app and the processes it started (proc(5), `schedstat` and `status`).
fn used(app: &App) -> Used {
    let mut used = Used { core: 0, waits: 0 };
    for process in app.processes() {
        let threads = fs::read_dir(format!("/proc/{process}/task"))
            .into_iter()
            .flatten()
            .flatten();
        for thread in threads.map(|thread| thread.path()) {
            let core = fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
            used.core += core
                .split(' ')
                .next()
                .and_then(|time| time.parse::<u64>().ok())
                .unwrap_or_default();
            let status = fs::read_to_string(thread.join("status")).unwrap_or_default();
            let waits = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            used.waits += waits
                .and_then(|number| number.trim().parse::<u64>().ok())
                .unwrap_or_default();
        }
    }
    used
}

fn held(holds: bool) -> &'static str {
    if holds { "holds" } else { "does not hold" }
}
