//! Every fault the practice cloud can be asked for, by name and with a number.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use thiserror::Error;

use crate::cloud::lock;

/// What the number given with a fault means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// How many requests, runs or streams are hit; one when no number is given.
    Times,
    /// A standing condition, until cleared when no number is given.
    Standing,
    /// An amount (events, reads); the fault stays.
    Amount(u32),
}

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $meaning:expr;)+) => {
        /// A way in which the practice cloud misbehaves on purpose.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $($(#[doc = $doc])+ $variant,)+ }

        impl Fault {
            /// All faults, in the order of their declaration.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant,)+];

            /// The kebab-case name used on the command line and over HTTP.
            pub fn name(self) -> &'static str {
                match self { $(Fault::$variant => $name,)+ }
            }

            fn meaning(self) -> Meaning {
                match self { $(Fault::$variant => $meaning,)+ }
            }
        }
    };
}

use Meaning::{Amount, Standing, Times};

faults! {
    /// Connection reset, nothing created.
    CreateResetBeforeCommit = "create-reset-before-commit", Times;
    /// Connection reset, the agent exists.
    CreateResetAfterCommit = "create-reset-after-commit", Times;
    /// The agent exists at once, the answer takes `slow_answer_ms`.
    CreateDelayed = "create-delayed", Times;
    /// `409 agent_id_conflict` though nobody has that id and nothing is created.
    CreateConflict = "create-conflict", Times;
    /// Created but answered 504; the repeat gets its 409 and the agent is unreadable for two more reads.
    CreateConflictOnRetry = "create-conflict-on-retry", Times;
    /// `400 validation_error` "Failed to verify existence of branch …".
    CreateBranchFlake = "create-branch-flake", Times;
    /// 429 in the leaked RPC shape with `retryAfter` inside.
    CreateRateLimitShape5 = "create-rate-limit-shape5", Times;
    /// Standard 429 with `Retry-After` and `X-RateLimit-*`.
    CreateRateLimit = "create-rate-limit", Times;
    /// 429 as the documentation shows it: `error` is the title, `message` the text.
    CreateRateLimitDocumented = "create-rate-limit-documented", Times;
    /// 429 in the flat shape, without any time to wait.
    CreateRateLimitFlat = "create-rate-limit-flat", Times;
    /// 429 whose `Retry-After` is a date, half a minute from now.
    CreateRateLimitDated = "create-rate-limit-dated", Times;
    /// 403 as an HTML page of the server in front.
    Create403Html = "create-403-html", Times;
    /// 500 `internal_error`, nothing created.
    Create500BeforeCommit = "create-500-before-commit", Times;
    /// 500 `internal_error`, the agent exists.
    Create500AfterCommit = "create-500-after-commit", Times;
    /// 502 as an HTML page, nothing created.
    Create502BeforeCommit = "create-502-before-commit", Times;
    /// 502 as an HTML page, the agent exists.
    Create502AfterCommit = "create-502-after-commit", Times;
    /// 503 as an HTML page, nothing created.
    Create503BeforeCommit = "create-503-before-commit", Times;
    /// 503 as an HTML page, the agent exists.
    Create503AfterCommit = "create-503-after-commit", Times;
    /// 504 as an HTML page, nothing created.
    Create504BeforeCommit = "create-504-before-commit", Times;
    /// 504 as an HTML page, the agent exists.
    Create504AfterCommit = "create-504-after-commit", Times;
    /// 201 whose JSON ends in the middle; the agent exists.
    CreateTruncatedJson = "create-truncated-json", Times;
    /// 201, but the agent got another id than the one asked for.
    CreateOtherId = "create-other-id", Times;
    /// Flat 401 on create only.
    Create401 = "create-401", Times;
    /// `403 plan_required` on create only.
    CreatePlanRequired = "create-plan-required", Times;
    /// 400 of Privacy Mode (Legacy) on create only.
    CreatePrivacyMode = "create-privacy-mode", Times;
    /// `400 usage_limit_exceeded`.
    CreateUsageLimit = "create-usage-limit", Times;
    /// 429 with the text of used-up included usage.
    CreateIncludedUsage = "create-included-usage", Times;
    /// 413 from the server in front.
    Create413 = "create-413", Times;
    /// Connection reset, no run created.
    FollowupResetBeforeCommit = "followup-reset-before-commit", Times;
    /// Connection reset, the run exists.
    FollowupResetAfterCommit = "followup-reset-after-commit", Times;
    /// The run exists at once, the answer takes `slow_answer_ms`.
    FollowupDelayed = "followup-delayed", Times;
    /// `409 agent_busy` though no run is active.
    FollowupBusy = "followup-busy", Times;
    /// 429 in the leaked RPC shape.
    FollowupRateLimitShape5 = "followup-rate-limit-shape5", Times;
    /// Standard 429 with `Retry-After`.
    FollowupRateLimit = "followup-rate-limit", Times;
    /// 500, no run created.
    Followup500BeforeCommit = "followup-500-before-commit", Times;
    /// 500, the run exists.
    Followup500AfterCommit = "followup-500-after-commit", Times;
    /// 502 as an HTML page, no run created.
    Followup502BeforeCommit = "followup-502-before-commit", Times;
    /// 502 as an HTML page, the run exists.
    Followup502AfterCommit = "followup-502-after-commit", Times;
    /// 503 as an HTML page, no run created.
    Followup503BeforeCommit = "followup-503-before-commit", Times;
    /// 503 as an HTML page, the run exists.
    Followup503AfterCommit = "followup-503-after-commit", Times;
    /// 504 as an HTML page, no run created.
    Followup504BeforeCommit = "followup-504-before-commit", Times;
    /// 504 as an HTML page, the run exists.
    Followup504AfterCommit = "followup-504-after-commit", Times;
    /// 201 whose JSON ends in the middle; the run exists.
    FollowupTruncatedJson = "followup-truncated-json", Times;
    /// Flat 401 on follow-ups only.
    Followup401 = "followup-401", Times;
    /// `400 usage_limit_exceeded`.
    FollowupUsageLimit = "followup-usage-limit", Times;
    /// 429 with the text of used-up included usage.
    FollowupIncludedUsage = "followup-included-usage", Times;
    /// 413 from the server in front.
    Followup413 = "followup-413", Times;
    /// Cancel answers 500 and the run goes on.
    RunCancel500 = "run-cancel-500", Times;
    /// The next runs end in ERROR without any text.
    RunErrorWithoutText = "run-error-without-text", Times;
    /// The next runs end in EXPIRED.
    RunExpired = "run-expired", Times;
    /// The next runs never end by themselves (heartbeats go on; cancel works).
    RunNeverEnding = "run-never-ending", Times;
    /// Runs stand still once they did so many things, and one that is cancelled does not end, until this is cleared.
    RunsHeld = "runs-held", Amount(20);
    /// A new run is missing from the list of runs for that many reads of the list.
    RunListLag = "run-list-lag", Amount(2);
    /// A new agent answers 404 for that many reads after its create.
    AgentGetLag = "agent-get-lag", Amount(2);
    /// A new agent is missing from the list of agents for that many reads of the list.
    AgentListLag = "agent-list-lag", Amount(2);
    /// The list of agents is as it was when it was asked for, and takes `slow_answer_ms`.
    AgentListSlow = "agent-list-slow", Times;
    /// The stream answers 409 `stream_unavailable`.
    StreamWarmup409 = "stream-warmup-409", Times;
    /// The stream answers 200 and says `stream_unavailable` inside.
    StreamUnavailableInBand = "stream-unavailable-in-band", Times;
    /// The stream ends cleanly before `result` and `done`.
    StreamEofBeforeDone = "stream-eof-before-done", Times;
    /// Every connection is reset after that many events (frames with an id); resuming gets further.
    StreamDropAfterEvents = "stream-drop-after-events", Amount(5);
    /// A resumed stream repeats the event it was resumed after.
    StreamDuplicateOnResume = "stream-duplicate-on-resume", Standing;
    /// The stream ends in the middle of a frame.
    StreamHalfFrame = "stream-half-frame", Times;
    /// `410 stream_expired`.
    Stream410 = "stream-410", Times;
    /// Events with names nobody knows are mixed in.
    StreamUnknownEvent = "stream-unknown-event", Standing;
    /// A `status` frame with a status nobody knows is mixed in.
    StreamUnknownStatus = "stream-unknown-status", Standing;
    /// Tool results are dropped and flagged `truncated`.
    StreamTruncatedResult = "stream-truncated-result", Standing;
    /// Every frame arrives in chunks of three bytes, which splits characters.
    StreamSplitCharacters = "stream-split-characters", Standing;
    /// After that many events the connection stays open but nothing more arrives, no heartbeat either.
    StreamStall = "stream-stall", Amount(5);
    /// The stream answers 429 and says with `Retry-After` to come again in so many seconds.
    StreamRateLimit = "stream-rate-limit", Amount(2);
    /// The stream answers 503 until cleared.
    StreamRefused = "stream-refused", Standing;
    /// Agents have no name while their first run is active.
    NameMissing = "name-missing", Standing;
    /// The end of a list is `"nextCursor": null`.
    NullCursor = "null-cursor", Standing;
    /// Answers carry fields nobody knows.
    ExtraFields = "extra-fields", Standing;
    /// Agents at rest say ACTIVE, as before IDLE existed.
    OldActive = "old-active", Standing;
    /// Usage answers `403 feature_unavailable`.
    Usage403 = "usage-403", Standing;
    /// Usage has no cost.
    CostMissing = "cost-missing", Standing;
    /// Artifact links are expired when they are handed out.
    ArtifactLinkExpired = "artifact-link-expired", Times;
    /// Artifacts are listed and announced with so many bytes; no more come than there are.
    ArtifactLength = "artifact-length", Amount(2_000_000_001);
    /// The list of repositories answers 429.
    Repositories429 = "repositories-429", Times;
    /// The list of repositories takes `slow_answer_ms`.
    RepositoriesSlow = "repositories-slow", Times;
    /// Every API answer is a 502 HTML page.
    HtmlAnswers = "html-answers", Standing;
    /// Every request answers the flat 401, as if the key had been revoked.
    UnauthorizedFromNow = "unauthorized-from-now", Standing;
    /// A request answers the flat 401, but only after a while: newer answers overtake it.
    UnauthorizedLate = "unauthorized-late", Times;
    /// Every request answers `403 plan_required`.
    PlanRequired = "plan-required", Standing;
    /// Every agents request answers the 400 of Privacy Mode (Legacy).
    PrivacyMode = "privacy-mode", Standing;
}

/// No fault has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no fault is named `{name}`")]
pub struct UnknownFault {
    /// The name as given.
    pub name: String,
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|fault| fault.name() == name)
            .ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

impl Fault {
    /// The number used when none is given: once, until cleared, or the fault's usual amount.
    pub fn default_number(self) -> u32 {
        match self.meaning() {
            Times => 1,
            Standing => u32::MAX,
            Amount(amount) => amount,
        }
    }
}

/// How often each fault changed an answer or a stream. Its lock is the innermost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Struck(Arc<Mutex<BTreeMap<Fault, u32>>>);

impl Struck {
    pub(crate) fn note(&self, fault: Fault) {
        *lock(&self.0).entry(fault).or_default() += 1;
    }

    pub(crate) fn times(&self, fault: Fault) -> u32 {
        lock(&self.0).get(&fault).copied().unwrap_or_default()
    }
}

/// The faults that are set, with what is left of their numbers.
#[derive(Debug, Default)]
pub(crate) struct FaultSet {
    numbers: BTreeMap<Fault, u32>,
}

impl FaultSet {
    /// Sets a fault's number; 0 removes it.
    pub(crate) fn set(&mut self, fault: Fault, number: u32) {
        if number == 0 {
            self.numbers.remove(&fault);
        } else {
            self.numbers.insert(fault, number);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.numbers.clear();
    }

    /// True if the fault strikes now; uses up one of its times.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let Some(number) = self.numbers.get_mut(&fault) else {
            return false;
        };
        if *number != u32::MAX {
            *number -= 1;
        }
        if *number == 0 {
            self.numbers.remove(&fault);
        }
        true
    }

    /// The number of a fault that measures an amount, which is not used up.
    pub(crate) fn amount(&self, fault: Fault) -> Option<u32> {
        self.numbers.get(&fault).copied()
    }

    /// Whether the fault is set, without using it up.
    pub(crate) fn stands(&self, fault: Fault) -> bool {
        self.numbers.contains_key(&fault)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (Fault, u32)> + '_ {
        self.numbers.iter().map(|(fault, number)| (*fault, *number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_unique_and_parse_back() {
        let mut seen = std::collections::BTreeSet::new();
        for fault in Fault::ALL {
            let name = fault.name();
            assert!(seen.insert(name), "{name} is used twice");
            assert!(
                name.chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
            );
            assert_eq!(name.parse(), Ok(*fault));
        }
        assert_eq!(
            "no-such".parse::<Fault>(),
            Err(UnknownFault {
                name: "no-such".to_owned()
            })
        );
    }

    #[test]
    fn numbers_are_used_up_and_standing_faults_are_not() {
        let mut set = FaultSet::default();
        set.set(Fault::CreateResetAfterCommit, 2);
        set.set(Fault::NullCursor, u32::MAX);
        let strikes: Vec<bool> = (0..3).map(|_| set.strikes(Fault::CreateResetAfterCommit)).collect();
        assert_eq!(strikes, [true, true, false]);
        assert!(set.strikes(Fault::NullCursor) && set.strikes(Fault::NullCursor));
        set.set(Fault::NullCursor, 0);
        assert!(!set.stands(Fault::NullCursor), "0 removes a fault");
    }
}
