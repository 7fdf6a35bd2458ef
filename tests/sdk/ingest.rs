//! `cargo xtask bench following`: a run of 100,000 pieces as it is followed here, parsed, put together and kept on disk,
//! beside the official client, which parses it. Both in turn, from a practice cloud of their own.
//! `PRACTICE_BIN` names that program, `NODE` the one that runs the official client.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measuring program prints, and stops at the first surprise"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sendoff_core::engine::{Engine, Options, PracticeCloud, steady_clock, system_clock};
use sendoff_core::model::{
    AgentId, AgentState, BlockKind, Change, DraftId, Failure, LaunchId, LaunchState, Update, View,
};
use sendoff_core::secrets::Keychain;
use sendoff_core::world::World;

const ROUNDS: usize = 3;
const PIECES: u64 = 100_000;
/// DESIGN: milliseconds on a processor, and how many times less than the official client's.
const LIMIT: f64 = 250.0;
const RATIO: f64 = 10.0;
const KEY: &str = "crsr_ingestingestingestingestingestingestingestingestingestingest00000";

/// What a run took, in milliseconds: by the clock, and on a processor.
struct Took {
    clock: f64,
    busy: f64,
}

/// A practice cloud in a process of its own, whose work is not counted.
struct Cloud {
    process: Child,
    address: String,
    /// Of who uses it.
    keychain: Keychain,
}

impl Cloud {
    fn start() -> Self {
        let program = std::env::var("PRACTICE_BIN").expect("PRACTICE_BIN names the practice cloud");
        let mut process = Command::new(program)
            .args(["--key", KEY, "--speed", "0", "--no-repository-limit"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the practice cloud starts");
        let mut address = String::new();
        let output = process.stdout.as_mut().expect("its output");
        BufReader::new(output).read_line(&mut address).expect("its address");
        Self {
            process,
            address: address.trim().to_owned(),
            keychain: Keychain::memory(),
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // Either it ends now, or it has ended.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[tokio::main]
async fn main() {
    let (mut here, mut opened, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (followed, again) = followed_here().await;
        here.push(followed);
        opened.push(again);
        there.extend(followed_there());
    }
    let ours = median(&here);
    tell("followed and kept here", &ours);
    tell("opened again, to its last words", &median(&opened));
    if there.is_empty() {
        println!("the official client cannot be had here");
        return;
    }
    let theirs = median(&there);
    tell("the official client, parsed only", &theirs);
    let ratio = theirs.busy / ours.busy;
    let held = |holds: bool| if holds { "holds" } else { "does not hold" };
    println!(
        "limit {LIMIT} ms: {}; {ratio:.1} times less than the official client, limit {RATIO}: {}",
        held(ours.busy <= LIMIT),
        held(ratio >= RATIO)
    );
    println!(
        "plot\t100,000 pieces followed\tSendoff (with disk)\t{:.0}\tms",
        ours.busy
    );
    println!("plot\t100,000 pieces followed\tofficial client\t{:.0}\tms", theirs.busy);
}

fn tell(name: &str, took: &Took) {
    println!(
        "{name:<34} {:>8.0} ms on a processor, {:>8.0} ms by the clock",
        took.busy, took.clock
    );
}

fn median(all: &[Took]) -> Took {
    let of = |value: fn(&Took) -> f64| {
        let mut values: Vec<f64> = all.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Took {
        clock: of(|took| took.clock),
        busy: of(|took| took.busy),
    }
}

/// How long this process was on a processor so far, in milliseconds (proc(5), `stat`, in hundredths of a second).
fn on_processor() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").expect("Linux tells");
    let fields = told.rsplit(')').next().expect("fields behind the name");
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

async fn until<T>(engine: &Engine, wanted: impl Fn(&World) -> Option<T>) -> T {
    let mut changed = engine.watch();
    loop {
        changed.mark_unchanged();
        if let Some(found) = engine.read(&wanted) {
            return found;
        }
        changed.changed().await.expect("the engine runs");
    }
}

/// A run that is followed, and opened after a restart.
async fn followed_here() -> (Took, Took) {
    let cloud = Cloud::start();
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(folder.path(), &cloud).await;
    engine.account_connect(KEY, None, false).await.expect("it connects");
    let before = on_processor();
    let begun = Instant::now();
    let agent = launched(&engine).await;
    until(&engine, |world| {
        (world.agent(&agent)?.agent.state == AgentState::Done).then_some(())
    })
    .await;
    // Stopping puts all that was followed on disk.
    engine.stop().await;
    let took = Took {
        clock: begun.elapsed().as_secs_f64() * 1000.0,
        busy: on_processor() - before,
    };
    drop(engine);
    // The first start asks the service how the run ended; the second has all of it.
    opened(folder.path(), &cloud, agent.clone()).await;
    (took, opened(folder.path(), &cloud, agent).await)
}

/// From the question of the page until the end of the transcript is in its answer, after a restart.
async fn opened(folder: &Path, cloud: &Cloud, agent: AgentId) -> Took {
    let engine = open(folder, cloud).await;
    // What a start does by itself is over by then.
    let mut busy = on_processor();
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = on_processor();
        if now - busy < 20.0 {
            break;
        }
        busy = now;
    }
    let before = on_processor();
    let begun = Instant::now();
    let mut since = 0;
    loop {
        let changes = engine.changes(since, View::Agent { id: agent.clone() }).await;
        let ended = |update: &Update| matches!(update, Update::Block { block } if matches!(block.kind, BlockKind::Ended { .. }));
        if changes.updates.iter().any(ended) {
            break;
        }
        since = changes.revision;
    }
    let took = Took {
        clock: begun.elapsed().as_secs_f64() * 1000.0,
        busy: on_processor() - before,
    };
    engine.stop().await;
    took
}

async fn open(folder: &Path, cloud: &Cloud) -> Engine {
    loop {
        let options = Options {
            data_folder: folder.to_owned(),
            api_url: cloud.address.clone(),
            keychain: cloud.keychain.clone(),
            practice: PracticeCloud {
                start: Arc::new(|| Box::pin(async { None })),
                forget: Arc::new(|| Box::pin(async { Ok(()) })),
            },
            requests_per_minute: 10_000,
            stop_patience: Duration::from_mins(1),
            usage_patience: Duration::from_mins(1),
            clock: system_clock,
            steady: steady_clock,
        };
        match Engine::open(options).await {
            Ok((engine, _signals)) => return engine,
            // The tasks of the one before may need a moment to let go of the folder.
            Err(failure) => assert_eq!(failure, Failure::DataInUse, "the data opens"),
        }
        tokio::task::yield_now().await;
    }
}

async fn launched(engine: &Engine) -> AgentId {
    let change = async |change| engine.change(change).await.expect("a change");
    let draft = DraftId(change(Change::DraftCreate).await.expect("a draft"));
    let text = "[huge] Write all of it".to_owned();
    let of = || draft.clone();
    change(Change::DraftText { draft: of(), text }).await;
    let repository = Some("acme/web".to_owned());
    change(Change::DraftRepository {
        draft: of(),
        repository,
    })
    .await;
    let launch = LaunchId(change(Change::DraftSend { draft }).await.expect("a launch"));
    change(Change::LaunchNow { launch: launch.clone() }).await;
    until(engine, |world| match &world.launch(&launch)?.state {
        LaunchState::Confirmed { agent } => Some(agent.clone()),
        _ => None,
    })
    .await
}

/// None where there is no official client.
fn followed_there() -> Option<Took> {
    let node = std::env::var("NODE").ok()?;
    let cloud = Cloud::start();
    let output = Command::new(node)
        .arg("ingest.mjs")
        .current_dir("tests/sdk")
        .env("CURSOR_BACKEND_URL", &cloud.address)
        .env("CURSOR_API_KEY", KEY)
        .stderr(Stdio::inherit())
        .output()
        .expect("node starts");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("its figures");
    assert_eq!(told["pieces"].as_u64(), Some(PIECES), "it saw every piece");
    Some(Took {
        clock: told["took"].as_f64().expect("a time"),
        busy: told["busy"].as_f64().expect("a time"),
    })
}
