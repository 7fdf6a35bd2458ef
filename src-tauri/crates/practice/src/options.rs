//! What a practice cloud can be told before it starts.

use std::path::PathBuf;

use crate::fault::Fault;

/// How a practice cloud behaves. `Options::default()` is a paid user account at real speed.
#[derive(Clone)]
pub struct Options {
    /// Port of the API on `127.0.0.1`; 0 picks a free one. Artifacts always get a free port of their own.
    pub port: u16,
    /// The accepted API key; `None` mints a random `crsr_…` key.
    pub key: Option<String>,
    /// 1.0 is real time, 10.0 ten times as fast, 0.0 removes every delay of stories and runs.
    /// Heartbeats, retention, link life and rate-limit windows are not scaled.
    pub speed: f64,
    /// Faults to start with; the number means what [`Fault`] says for each.
    pub faults: Vec<(Fault, u32)>,
    /// File that keeps agents, runs and artifacts over a restart; `None` keeps them in memory only.
    pub data: Option<PathBuf>,
    /// Point pull requests and agent pages to small pages of this server instead of the real sites.
    pub local_pages: bool,
    /// Repositories the account can reach, as `https://host/owner/name`.
    pub repositories: Vec<String>,
    /// What kind of key this is.
    pub account: AccountKind,
    /// Who the key belongs to.
    pub user: User,
    /// False: every endpoint answers `403 plan_required`.
    pub plan_ok: bool,
    /// True: every agents endpoint answers the 400 of Privacy Mode (Legacy).
    pub privacy_legacy: bool,
    /// Whether money stops the account from starting work.
    pub usage_block: UsageBlock,
    /// Reject unknown body keys and nulls with 400; false only records them as violations.
    pub strict: bool,
    /// Requests and violations kept in memory, each; older ones are dropped but still counted.
    pub kept_requests: usize,
    /// What the agents of `[told] N` do and say, `N` counted from zero; past the end there is nothing to say.
    pub told: Vec<Vec<Told>>,
    /// Timings and sizes.
    pub knobs: Knobs,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            key: None,
            speed: 1.0,
            faults: Vec::new(),
            data: None,
            local_pages: false,
            repositories: [
                "https://github.com/acme/web",
                "https://github.com/acme/app",
                "https://github.com/acme/design-system",
                "https://github.com/acme/marketing-site",
                "https://github.com/your-name/your-repo",
            ]
            .map(str::to_owned)
            .to_vec(),
            account: AccountKind::User,
            user: User::default(),
            plan_ok: true,
            privacy_legacy: false,
            usage_block: UsageBlock::None,
            strict: true,
            kept_requests: 20_000,
            told: Vec::new(),
            knobs: Knobs::default(),
        }
    }
}

/// Hand-written so that the key cannot be printed by accident.
impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("speed", &self.speed)
            .field("faults", &self.faults)
            .field("data", &self.data)
            .field("local_pages", &self.local_pages)
            .field("repositories", &self.repositories)
            .field("account", &self.account)
            .field("user", &self.user)
            .field("plan_ok", &self.plan_ok)
            .field("privacy_legacy", &self.privacy_legacy)
            .field("usage_block", &self.usage_block)
            .field("strict", &self.strict)
            .field("kept_requests", &self.kept_requests)
            .field("told", &self.told.len())
            .field("knobs", &self.knobs)
            .finish_non_exhaustive()
    }
}

/// One thing that an agent of `[told] N` does; nothing is checked, so that it can be anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Words of the reply, in pieces.
    Words(String),
    /// A file is read.
    Read {
        /// Its path.
        path: String,
        /// What is in it.
        content: String,
    },
    /// A file is changed.
    Edit {
        /// Its path.
        path: String,
        /// How, as a unified diff.
        diff: String,
    },
    /// A command is run and succeeds.
    Command {
        /// The line.
        command: String,
        /// What it writes.
        output: String,
    },
    /// A file is left as an artifact.
    Artifact {
        /// Its path, which begins with `artifacts/`.
        path: String,
        /// What is in it.
        text: String,
    },
    /// The work is pushed to a branch.
    Branch(String),
}

/// The kind of API key (API v1, me).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A person's key: `/v1/me` names the person.
    User,
    /// A service account's key: `/v1/me` answers only the key's name and age.
    Service,
}

/// The person `/v1/me` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Numeric id of the user.
    pub id: u64,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Name of the API key.
    pub key_name: String,
}

impl Default for User {
    fn default() -> Self {
        Self {
            id: 405_041_965,
            email: "robin@practice.example".to_owned(),
            first_name: "Robin".to_owned(),
            last_name: "Practice".to_owned(),
            key_name: "practice".to_owned(),
        }
    }
}

/// What stops an account from starting billable work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageBlock {
    /// Nothing.
    None,
    /// The spend cap is near: `400 usage_limit_exceeded`.
    Spend,
    /// Included usage is gone: `429 rate_limit_exceeded` with its own text.
    Included,
}

/// How a follow-up's stream says that it is not ready yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmupStyle {
    /// HTTP 409 `stream_unavailable`.
    Http409,
    /// HTTP 200 with `status`, `status`, `error`, `done` in the stream.
    InBand,
}

/// Timings in milliseconds (scaled by the speed unless said otherwise) and sizes.
#[derive(Debug, Clone)]
pub struct Knobs {
    /// How long a create takes to answer after the agent exists.
    pub create_delay_ms: u64,
    /// CREATING to RUNNING.
    pub boot_ms: u64,
    /// How long the stream of a follow-up is unavailable.
    pub followup_stream_warmup_ms: u64,
    /// How that unavailability is told.
    pub warmup_style: WarmupStyle,
    /// Pause between two text deltas.
    pub event_delay_ms: u64,
    /// First heartbeat after connecting. Not scaled.
    pub heartbeat_first_ms: u64,
    /// Later heartbeats. Not scaled.
    pub heartbeat_every_ms: u64,
    /// From the answer of a cancel to CANCELLED.
    pub cancel_lag_ms: u64,
    /// From the end of a run to its usage.
    pub usage_delay_ms: u64,
    /// Whether usage tells costs.
    pub report_cost: bool,
    /// Whether usage tells of a run under way. What the real cloud does then is not known.
    pub usage_under_way: bool,
    /// How long a finished run can be streamed, in seconds. Not scaled.
    pub retention_s: u64,
    /// Life of an artifact link, in seconds. Not scaled.
    pub artifact_ttl_s: u64,
    /// How long answers delayed by a fault take. Not scaled, else speed 0 would undo the fault.
    pub slow_answer_ms: u64,
    /// How long the progress of stories is gathered before the data file is written anew; what is asked for is
    /// written at once. Not scaled.
    pub save_after_ms: u64,
    /// Allowed repository lists per key and minute; 0 is no limit. API: 1.
    pub repositories_per_minute: u32,
    /// Allowed repository lists per key and hour; 0 is no limit. API: 30.
    pub repositories_per_hour: u32,
    /// Text deltas of the `[huge]` story.
    pub huge_deltas: u32,
    /// Send the `interaction_update` twin of every simplified event.
    pub mirror_interaction_updates: bool,
    /// Whether a deleted agent's id stays taken.
    pub deleted_ids_stay_taken: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            create_delay_ms: 0,
            boot_ms: 200,
            followup_stream_warmup_ms: 2000,
            // Both are seen live; the official client (1.0.32) gives the run up at the other one.
            warmup_style: WarmupStyle::InBand,
            event_delay_ms: 30,
            heartbeat_first_ms: 30_000,
            heartbeat_every_ms: 15_000,
            cancel_lag_ms: 100,
            usage_delay_ms: 0,
            report_cost: true,
            usage_under_way: false,
            retention_s: 86_400,
            artifact_ttl_s: 900,
            slow_answer_ms: 20_000,
            save_after_ms: 2000,
            repositories_per_minute: 1,
            repositories_per_hour: 30,
            huge_deltas: 100_000,
            mirror_interaction_updates: true,
            deleted_ids_stay_taken: true,
        }
    }
}
