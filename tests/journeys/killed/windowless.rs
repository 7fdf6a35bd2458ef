//! The core without a window, in a process of its own: this test binary again, told by its environment what to do.
//! It says on its standard output what it begins and what it sees, one line of JSON each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use practice_cloud::Practice;
use sendoff_core::engine::{Engine, Options, PracticeCloud, PracticeEndpoint, steady_clock, system_clock};
use sendoff_core::model::{
    AgentId, AgentState, BlockKind, Change, Decision, Draft, DraftId, LaunchId, LaunchState, Settings, Shot,
    ShotTarget, Update, View,
};
use sendoff_core::secrets::Keychain;
use serde::{Deserialize, Serialize};

const FOLDER: &str = "SENDOFF_WINDOWLESS";
const TASK: &str = "SENDOFF_WINDOWLESS_TASK";
const ADDRESS: &str = "SENDOFF_WINDOWLESS_ADDRESS";
const KEY: &str = "SENDOFF_WINDOWLESS_KEY";
/// Set where the account uses the older API.
const OLDER_API: &str = "SENDOFF_WINDOWLESS_OLDER_API";

/// The edge of the pictures, in pixels.
pub(crate) const EDGE: u32 = 160;

/// Where a process is between its start and the end of the agent it sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Nothing was said yet.
    Starting,
    /// The data folder is opened, or made.
    Opening,
    /// The account is made active.
    Connecting,
    /// A draft is made.
    Drafting,
    /// A picture is pasted into it.
    Pasting,
    /// Words are saved.
    Writing,
    /// Repository and branch are chosen.
    Choosing,
    /// *Send* was pressed and has not answered.
    Sending,
    /// The launch is on disk and held.
    Holding,
    /// The launch is told to go now, and its answer has not come.
    Posting,
    /// The agent is known and followed.
    Following,
}

impl Phase {
    /// In the order they happen; `Holding` and `Posting` exclude each other.
    pub(crate) const ALL: [Self; 11] = [
        Self::Starting,
        Self::Opening,
        Self::Connecting,
        Self::Drafting,
        Self::Pasting,
        Self::Writing,
        Self::Choosing,
        Self::Sending,
        Self::Holding,
        Self::Posting,
        Self::Following,
    ];
}

/// What a process says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    /// A phase begins; what the ones before did is on disk, the draft as it now is with it.
    Begins(Phase, Option<Draft>),
    /// What its owner sees.
    Sees(Seen),
}

/// What there is, as far as a person would miss it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) launches: Vec<LaunchState>,
    pub(crate) agents: Vec<SeenAgent>,
    /// Pictures named somewhere whose bytes are gone or others.
    pub(crate) damaged: Vec<String>,
}

/// An agent, as far as a person would miss it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenAgent {
    pub(crate) id: AgentId,
    pub(crate) launch: Option<LaunchId>,
    pub(crate) done: bool,
    pub(crate) repository: Option<String>,
    pub(crate) branch: Option<String>,
    /// The picture in the list.
    pub(crate) face: Option<String>,
    /// Words and pictures of each prompt in its transcript.
    pub(crate) prompts: Vec<(String, Vec<String>)>,
}

/// What a process is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Paste, write, send: the draft of this round. With `held` the launch waits out its hold.
    Send { round: u32, held: bool },
    /// Go on with what is there, and say what is seen.
    GoOn,
}

/// The words of a round's prompt.
pub(crate) fn words(round: u32) -> String {
    format!("Round {round}: center the button.\nIt sits too far right.")
}

/// The pixels of a round's picture: noise, so that its bytes are many.
pub(crate) fn pixels(round: u32) -> Vec<u8> {
    let mut state = u64::from(round) + 1;
    let noise = (0..EDGE * EDGE).flat_map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let [red, green, blue, ..] = (state >> 32).to_le_bytes();
        [red, green, blue, 255]
    });
    noise.collect()
}

/// This test again, in a process of its own.
pub(crate) fn again(test: &str, folder: &Path, practice: &Practice, older_api: bool, task: Task) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let task = match task {
        Task::Send { round, held: true } => format!("hold {round}"),
        Task::Send { round, held: false } => format!("send {round}"),
        Task::GoOn => "go on".to_owned(),
    };
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(TASK, task)
        .env(ADDRESS, practice.base_url())
        .env(KEY, practice.key())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if older_api {
        command.env(OLDER_API, "1");
    }
    command
}

fn older_api() -> bool {
    std::env::var_os(OLDER_API).is_some()
}

/// Does what the environment says, in the process that is to be killed; comes back at once in any other.
pub(crate) fn be_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    // The input ends with whoever was to do the killing.
    std::thread::spawn(|| {
        drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        std::process::abort();
    });
    let task = std::env::var(TASK).unwrap();
    let task = match task.split_once(' ').unwrap() {
        ("go", _) => Task::GoOn,
        (word, round) => Task::Send {
            round: round.parse().unwrap(),
            held: word == "hold",
        },
    };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        // The test runner's own words stand on this line.
        println!();
        say(&Said::Begins(Phase::Opening, None));
        let (engine, _signals) = Engine::open(options(folder)).await.unwrap();
        match task {
            Task::Send { round, held } => send(&engine, round, held).await,
            Task::GoOn => go_on(&engine).await,
        }
        std::future::pending::<()>().await;
    });
}

fn say(said: &Said) {
    println!("{}", serde_json::to_string(said).unwrap());
}

fn options(data_folder: PathBuf) -> Options {
    let endpoint = PracticeEndpoint {
        url: std::env::var(ADDRESS).unwrap(),
        key: std::env::var(KEY).unwrap(),
    };
    Options {
        data_folder,
        api_url: endpoint.url.clone(),
        keychain: Keychain::memory(),
        practice: PracticeCloud {
            start: Arc::new(move || {
                let endpoint = endpoint.clone();
                Box::pin(async move { Some(endpoint) })
            }),
            forget: Arc::new(|| Box::pin(async { Ok(()) })),
        },
        requests_per_minute: 10_000,
        stop_patience: Duration::from_mins(1),
        usage_patience: Duration::from_mins(1),
        clock: system_clock,
        steady: steady_clock,
    }
}

/// The main job, a phase at a time. Each change answers once it is on disk.
async fn send(engine: &Engine, round: u32, held: bool) {
    let change = async |change| engine.change(change).await.unwrap();
    let begins = |phase, id: Option<&DraftId>| {
        let draft = id.and_then(|id| engine.read(|world| world.draft(id).cloned()));
        say(&Said::Begins(phase, draft));
    };
    begins(Phase::Connecting, None);
    change(Change::AccountPractice).await;
    change(Change::AccountOlderApi {
        account: "practice".into(),
        older_api: older_api(),
    })
    .await;
    let settings = Settings {
        hold_seconds: 1,
        ..Settings::default()
    };
    change(Change::SettingsChange { settings }).await;
    begins(Phase::Drafting, None);
    let draft = DraftId(change(Change::DraftCreate).await.unwrap());
    begins(Phase::Pasting, Some(&draft));
    let target = ShotTarget::Draft(draft.clone());
    engine.take_pixels(&target, EDGE, EDGE, pixels(round)).await.unwrap();
    begins(Phase::Writing, Some(&draft));
    change(Change::DraftText {
        draft: draft.clone(),
        text: words(round),
    })
    .await;
    begins(Phase::Choosing, Some(&draft));
    change(Change::DraftRepository {
        draft: draft.clone(),
        repository: Some("acme/web".to_owned()),
    })
    .await;
    change(Change::DraftBranch {
        draft: draft.clone(),
        branch: "main".to_owned(),
    })
    .await;
    begins(Phase::Sending, Some(&draft));
    let launch = LaunchId(change(Change::DraftSend { draft }).await.unwrap());
    if held {
        begins(Phase::Holding, None);
    } else {
        begins(Phase::Posting, None);
        change(Change::LaunchNow { launch: launch.clone() }).await;
    }
    let mut changed = engine.watch();
    let confirmed = |world: &sendoff_core::world::World| {
        matches!(
            world.launch(&launch).map(|launch| &launch.state),
            Some(LaunchState::Confirmed { .. })
        )
    };
    while !engine.read(confirmed) {
        changed.changed().await.unwrap();
    }
    begins(Phase::Following, None);
}

/// Says what there is whenever it is another, and sends again what is asked about.
async fn go_on(engine: &Engine) {
    let mut changed = engine.watch();
    let mut last = None;
    loop {
        changed.mark_unchanged();
        for (launch, decision) in asked(engine) {
            let decide = Change::LaunchDecide {
                launch,
                decision,
                send: true,
                agent: None,
            };
            // It may just have been found.
            drop(engine.change(decide).await);
        }
        let seen = look(engine).await;
        if last.as_ref() != Some(&seen) {
            say(&Said::Sees(seen.clone()));
            last = Some(seen);
        }
        changed.changed().await.unwrap();
    }
}

/// The launches that ask whether they arrived; only the older API leaves that open.
fn asked(engine: &Engine) -> Vec<(LaunchId, Decision)> {
    engine.read(|world| {
        let launches = world.launches().filter(|_| older_api());
        launches
            .filter_map(|launch| match &launch.state {
                LaunchState::NeedsDecision { decision } => Some((launch.id.clone(), decision.clone())),
                _ => None,
            })
            .collect()
    })
}

async fn look(engine: &Engine) -> Seen {
    let mut seen = engine.read(|world| Seen {
        drafts: world.drafts().cloned().collect(),
        launches: world.launches().map(|launch| launch.state.clone()).collect(),
        agents: world
            .agents()
            .map(|record| SeenAgent {
                id: record.agent.id.clone(),
                launch: record.agent.launch.clone(),
                done: record.agent.state == AgentState::Done,
                repository: record.agent.repository.clone(),
                branch: record.agent.branch.clone(),
                face: record.face.clone(),
                prompts: Vec::new(),
            })
            .collect(),
        damaged: Vec::new(),
    });
    seen.drafts.sort_by(|a, b| a.id.cmp(&b.id));
    seen.agents.sort_by(|a, b| a.id.cmp(&b.id));
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut name = |shots: &[Shot]| named.extend(shots.iter().map(|shot| shot.hash.clone()));
    for draft in &seen.drafts {
        name(&draft.shots);
    }
    for agent in seen.agents.iter().filter(|agent| !agent.done && older_api()) {
        // One on screen is asked for more often.
        drop(engine.changes(0, View::Agent { id: agent.id.clone() }).await);
    }
    for agent in seen.agents.iter_mut().filter(|agent| agent.done) {
        let changes = engine.changes(0, View::Agent { id: agent.id.clone() }).await;
        for update in changes.updates {
            if let Update::Block { block } = update
                && let BlockKind::Prompt { text, shots } = block.kind
            {
                name(&shots);
                agent
                    .prompts
                    .push((text, shots.into_iter().map(|shot| shot.hash).collect()));
            }
        }
    }
    for hash in named {
        let bytes = engine.picture(&hash, None).await;
        if !bytes.is_ok_and(|picture| sendoff_shots::Hash::of(&picture.bytes).as_str() == hash) {
            seen.damaged.push(hash);
        }
    }
    seen
}
