//! Every way in which a simulated world goes wrong, by name, and how often each was met.

macro_rules! faults {
    ($($name:ident: $words:literal,)*) => {
        /// A point at which something goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Fault { $(#[doc = $words] $name,)* }

        /// All of them with their names.
        pub(crate) const ALL: &[(Fault, &str)] = &[$((Fault::$name, $words),)*];
    };
}

faults! {
    PostNoName: "post: the name does not resolve",
    PostConnectRefused: "post: connection refused",
    PostConnectTimeout: "post: connection times out",
    PostTls: "post: TLS fails",
    PostOffline: "post: the network is off",
    PostCutBefore: "post: cut before the first byte arrives",
    PostCutInside: "post: cut inside the body",
    PostCutLastByte: "post: cut before the last byte",
    PostSilenceUndone: "post: silence, nothing done",
    PostSilenceDone: "post: silence, done",
    PostResetAfter: "post: reset after it was done",
    PostStatusOnly: "post: only the status line, done",
    PostTruncated: "post: JSON cut short, done",
    PostWrongJson: "post: JSON of another kind, done",
    PostHtml: "post: a page instead of JSON, nothing done",
    PostOtherId: "post: success that names another identifier",
    PostLate: "post: times out and is acted on later",
    Post504Late: "post: 504 and acted on later",
    Post500Before: "post: 500, nothing done",
    Post500After: "post: 500, done",
    Post502Before: "post: 502, nothing done",
    Post502After: "post: 502, done",
    Post503: "post: 503 with Retry-After",
    Post408: "post: 408",
    Post307: "post: redirect",
    Post429: "post: 429 with seconds",
    Post429Bare: "post: 429 without Retry-After",
    Post429Absurd: "post: 429 with an absurd Retry-After",
    Post429Leaked: "post: 429 resource_exhausted",
    PostIncludedUsage: "post: 429 included usage gone",
    PostSpendingLimit: "post: 400 usage limit",
    Post401: "post: 401",
    Post403: "post: 403 plan required",
    Post413: "post: 413",
    Post400: "post: 400 validation",
    PostBranch: "post: branch not verified",
    PostForeign: "post: the identifier is somebody else's",
    PostBusy: "post: 409 busy",
    PostBlocks: "post: blocks for a minute",
    PostNetworkLost: "post: the network goes while waiting for the answer",
    PostNotBuilt: "post: the request cannot be put together",
    ReadLag: "the service shows a new agent late",
    ConversationLag: "the service shows a new conversation late",
    Twin: "another agent with the same words",
    LookUnreachable: "look: no answer",
    LookOffline: "look: the network is off",
    Look500: "look: 500",
    Look429: "look: 429",
    Look401: "look: 401",
    Look403: "look: 403",
    LookRoute: "look: 404 for the route",
    DiskFull: "disk: full, nothing stored",
    DiskLies: "disk: reports failure, but stored",
    KillBeforeCommit: "kill before a commit",
    KillAfterCommit: "kill after a commit",
    KillBeforeDraft: "kill before the draft is given back",
    KillAfterDraft: "kill after the draft is given back",
    Kill: "kill at any moment",
    Restore: "database restored from an older backup",
    SecondProcess: "a second process on the same database",
    ClockForward: "clock a year ahead",
    ClockBack: "clock a year back",
    ClockUnknown: "the service's clock is not known",
    Suspend: "suspend for eight hours",
    NetworkOff: "the network goes",
    KeyOther: "the key of another user",
    KeyGone: "no key",
    Undo: "taken back at any moment",
    UndoInCommit: "taken back during a commit",
    EditInCommit: "edited during a commit",
    SendNow: "sent now",
    DoubleClick: "Send clicked twice",
    DecidedUnasked: "a decision that was not asked for",
    Moved: "another is put before it",
    OtherRun: "somebody else sends to the same agent",
}

/// How often each was met.
#[derive(Debug, Clone)]
pub(crate) struct Tally(Vec<u64>);

impl Default for Tally {
    fn default() -> Self {
        Self(vec![0; ALL.len()])
    }
}

impl Tally {
    /// Counts one.
    pub(crate) fn met(&mut self, fault: Fault) {
        self.0[fault as usize] += 1;
    }

    /// Adds another count.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, count) in self.0.iter_mut().zip(&other.0) {
            *sum += count;
        }
    }

    /// The names with their counts.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ALL.iter().map(|(_, name)| *name).zip(self.0.iter().copied())
    }
}
