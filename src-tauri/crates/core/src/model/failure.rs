//! Everything that can go wrong, as a closed list the page branches on. The words are in `ui/src/text/`.

use serde::{Deserialize, Serialize};

/// One failure, with the fields its sentence needs and none of the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Failure {
    // The key and the account.
    /// What was pasted cannot be a key: empty, far too long, or with control characters inside.
    KeyMalformed,
    /// The service does not know the key (401).
    KeyRefused,
    /// The key was kept until the app quit, as the user chose.
    KeyNeeded,
    /// The key is not in the keychain any more.
    KeyGone,
    /// The account's plan has no cloud agents (403 `plan_required`).
    PlanRequired,
    /// The account runs in the legacy privacy mode, which forbids agents.
    PrivacyMode,
    /// The spending limit leaves no room (400 `usage_limit_exceeded`).
    SpendingLimit,
    /// The included usage is used up (429 with the usage text).
    IncludedUsageGone,
    /// The account's role may not do this (403 `role_forbidden`).
    RoleForbidden,
    /// This account does not have the asked-for feature (403 `feature_unavailable`).
    FeatureUnavailable,
    /// No account is connected.
    NoAccount,

    // The keychain of the system.
    /// There is no keychain service.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain refused.
    KeychainDenied,
    /// The keychain did not answer within five seconds.
    KeychainSilent,
    /// The keychain failed in another way.
    KeychainTrouble,

    // Repository, branch, model.
    /// The text is not the address of a repository.
    RepositoryMalformed {
        /// What was entered, shortened.
        text: String,
    },
    /// No repository is chosen.
    RepositoryMissing,
    /// Cursor cannot reach the repository, or the branch does not exist; the API says the same for both.
    RepositoryAccess {
        /// The repository's address, where known.
        repository: Option<String>,
        /// The branch, where known.
        branch: Option<String>,
        /// The page that mends it, as the API gave it (https only).
        help_url: Option<String>,
    },
    /// A branch name with spaces or other forbidden characters.
    BranchMalformed {
        /// What was entered, shortened.
        branch: String,
    },
    /// The model cannot be used (any more) or not with these options.
    ModelUnavailable {
        /// The model's identifier.
        model: Option<String>,
    },

    // Words and pictures.
    /// There is nothing to say: the prompt is empty.
    PromptEmpty,
    /// The prompt is too long.
    PromptTooLong {
        /// Its length in characters.
        characters: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// A sixth picture.
    PicturesTooMany {
        /// The most that one prompt takes.
        limit: u32,
    },
    /// A file of no bytes.
    PictureEmpty,
    /// The file is larger than is read at all.
    PictureTooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// More pixels than are decoded.
    PictureTooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Not a kind of picture that agents take.
    PictureUnsupported {
        /// What it is instead.
        kind: PictureKind,
    },
    /// The picture is broken.
    PictureDamaged,
    /// More is drawn on one picture than may be.
    MarksTooMany,
    /// More is written on one picture than may be.
    MarksTooMuchText {
        /// How many characters all words on it have.
        characters: u64,
        /// The most they may have.
        limit: u64,
    },
    /// A mark has a number that cannot be drawn.
    MarksUnreadable,
    /// The crop leaves nothing of the picture.
    CropEmpty,
    /// A file could not be read.
    FileUnreadable,
    /// The clipboard holds nothing that can be used here.
    ClipboardEmpty,
    /// The program that owns the clipboard stopped answering, or went away.
    ClipboardGone,

    // The screen.
    /// Nobody on this desktop gives pictures of the screen.
    CaptureUnavailable,
    /// The system's settings keep the screen from this app.
    CaptureForbidden,
    /// The screen gave no picture, for another reason.
    CaptureFailed,
    /// Another program has the shortcut.
    ShortcutTaken {
        /// The keys, as in the settings.
        shortcut: String,
    },
    /// This keyboard has no such keys, or they are none that a shortcut is made of.
    ShortcutUnusable,
    /// The system gives no shortcuts to programs, as on Wayland.
    ShortcutUnsupported,
    /// The desktop did not take a notification.
    NoticeFailed,

    // The network and the service.
    /// There is no way to the service: no network, no name, refused.
    Offline,
    /// The service's address answered, but nobody could prove to be the service.
    ConnectionUntrusted,
    /// The service asks for patience.
    RateLimited {
        /// Seconds until it may be asked again, where given.
        retry_after: Option<u64>,
    },
    /// The service failed (5xx or a gateway's page).
    ServiceTrouble {
        /// The HTTP status, where there was one.
        status: Option<u16>,
    },
    /// The answer could not be understood.
    AnswerNotUnderstood,
    /// The service refused the request for a reason that has no code here.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The service's own words, shortened: hostile text, shown as a quotation.
        message: String,
    },
    /// Sending took place, and nobody can say yet whether it arrived.
    Uncertain,
    /// Twice in a row somebody else's agent had the minted identifier.
    IdentifierTaken,

    // Agents and runs.
    /// The agent is gone (deleted, or of another account).
    AgentGone,
    /// The agent is archived.
    AgentArchived,
    /// The agent is busy with another run.
    AgentBusy,
    /// The run failed.
    RunFailed {
        /// The reason as the API gave it, shortened: hostile text, shown as a quotation.
        message: Option<String>,
    },
    /// The run took too long and was ended by the service.
    RunExpired,
    /// Too many runs at once for this account.
    TooManyRuns,
    /// Stopping did not work: the run goes on.
    StopFailed,
    /// The service took the wish to stop, and the run still goes on.
    StopLate,
    /// A file that an agent left is too large to be fetched from here.
    ArtifactTooLarge {
        /// The most that is fetched, in bytes.
        limit: u64,
    },

    // This computer.
    /// The disk is full.
    DiskFull,
    /// The data folder cannot be written to.
    DataReadOnly,
    /// The database is damaged.
    DataDamaged,
    /// The database was written by a newer version of this app.
    DataNewer {
        /// The version found.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// Another copy of this app has the data folder.
    DataInUse,
    /// The data folder failed in another way.
    DataTrouble,
    /// The practice cloud could not be started.
    PracticeTrouble,
    /// The link leads to a place that is not opened from here.
    LinkRefused,
    /// No program of this computer opened the address.
    BrowserMissing,
    /// The file could not be saved.
    SaveFailed,
    /// The file could not be carried out of the window.
    DragFailed,
    /// No program of this computer showed the film.
    PlayerMissing,
    /// What was asked for is not there any more.
    NotFound,
    /// It is too late for this: the first byte has left.
    TooLate,
    /// It changed each time it was about to be sent; nothing was sent.
    ChangedMeanwhile,
}

/// What a file is, when it is not a picture that agents take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PictureKind {
    /// HEIC or HEIF, as phones make it.
    Heic,
    /// A vector drawing.
    Svg,
    /// TIFF.
    Tiff,
    /// AVIF.
    Avif,
    /// A PDF document.
    Pdf,
    /// A film.
    Video,
    /// Text.
    Text,
    /// None of these.
    Unknown,
}
