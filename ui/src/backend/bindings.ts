// Generated from src-tauri/crates/core/src/model by `cargo xtask bindings`. Do not edit.

export type AccountId = string;

export type DraftId = string;

export type ShotId = string;

export type LaunchId = string;

export type AgentId = string;

export type RunId = string;

export type FollowUpId = string;

export type BlockId = string;

export type Account = { 
/**
 * Identifier minted here.
 */
id: AccountId, 
/**
 * Real or practice.
 */
kind: AccountKind, 
/**
 * The person's or key's name as `/v1/me` gave it; empty for practice.
 */
name: string, 
/**
 * Electronic mail address, for user keys only.
 */
email: string | null, 
/**
 * Where the key lies.
 */
key: KeyPlace, 
/**
 * The last four characters of the key.
 */
lastFour: string | null, 
/**
 * Whether the older API (v0) is used.
 */
olderApi: boolean, 
/**
 * Whether the service said that it does not tell this account what runs used.
 */
usageUnavailable: boolean, 
/**
 * What stands in the way of this account, if anything.
 */
problem: Failure | null, };

export type AccountKind = "cursor" | "practice";

export type KeyPlace = "keychain" | "memory" | "missing" | "notNeeded";

export type Failure = { "code": "keyMalformed" } | { "code": "keyRefused" } | { "code": "keyNeeded" } | { "code": "keyGone" } | { "code": "planRequired" } | { "code": "privacyMode" } | { "code": "spendingLimit" } | { "code": "includedUsageGone" } | { "code": "roleForbidden" } | { "code": "featureUnavailable" } | { "code": "noAccount" } | { "code": "keychainAbsent" } | { "code": "keychainLocked" } | { "code": "keychainDenied" } | { "code": "keychainSilent" } | { "code": "keychainTrouble" } | { "code": "repositoryMalformed", 
/**
 * What was entered, shortened.
 */
text: string, } | { "code": "repositoryMissing" } | { "code": "repositoryAccess", 
/**
 * The repository's address, where known.
 */
repository: string | null, 
/**
 * The branch, where known.
 */
branch: string | null, 
/**
 * The page that mends it, as the API gave it (https only).
 */
helpUrl: string | null, } | { "code": "branchMalformed", 
/**
 * What was entered, shortened.
 */
branch: string, } | { "code": "modelUnavailable", 
/**
 * The model's identifier.
 */
model: string | null, } | { "code": "promptEmpty" } | { "code": "promptTooLong", 
/**
 * Its length in characters.
 */
characters: number, 
/**
 * The most that is taken.
 */
limit: number, } | { "code": "picturesTooMany", 
/**
 * The most that one prompt takes.
 */
limit: number, } | { "code": "pictureEmpty" } | { "code": "pictureTooLarge", 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * The most that is read, in bytes.
 */
limit: number, } | { "code": "pictureTooManyPixels", 
/**
 * Width in pixels.
 */
width: number, 
/**
 * Height in pixels.
 */
height: number, } | { "code": "pictureUnsupported", 
/**
 * What it is instead.
 */
kind: PictureKind, } | { "code": "pictureDamaged" } | { "code": "marksTooMany" } | { "code": "marksTooMuchText", 
/**
 * How many characters all words on it have.
 */
characters: number, 
/**
 * The most they may have.
 */
limit: number, } | { "code": "marksUnreadable" } | { "code": "cropEmpty" } | { "code": "fileUnreadable" } | { "code": "clipboardEmpty" } | { "code": "clipboardGone" } | { "code": "captureUnavailable" } | { "code": "captureForbidden" } | { "code": "captureFailed" } | { "code": "shortcutTaken", 
/**
 * The keys, as in the settings.
 */
shortcut: string, } | { "code": "shortcutUnusable" } | { "code": "shortcutUnsupported" } | { "code": "noticeFailed" } | { "code": "offline" } | { "code": "connectionUntrusted" } | { "code": "rateLimited", 
/**
 * Seconds until it may be asked again, where given.
 */
retryAfter: number | null, } | { "code": "serviceTrouble", 
/**
 * The HTTP status, where there was one.
 */
status: number | null, } | { "code": "answerNotUnderstood" } | { "code": "refused", 
/**
 * The HTTP status.
 */
status: number, 
/**
 * The service's own words, shortened: hostile text, shown as a quotation.
 */
message: string, } | { "code": "uncertain" } | { "code": "identifierTaken" } | { "code": "agentGone" } | { "code": "agentArchived" } | { "code": "agentBusy" } | { "code": "runFailed", 
/**
 * The reason as the API gave it, shortened: hostile text, shown as a quotation.
 */
message: string | null, } | { "code": "runExpired" } | { "code": "tooManyRuns" } | { "code": "stopFailed" } | { "code": "stopLate" } | { "code": "artifactTooLarge", 
/**
 * The most that is fetched, in bytes.
 */
limit: number, } | { "code": "diskFull" } | { "code": "dataReadOnly" } | { "code": "dataDamaged" } | { "code": "dataNewer", 
/**
 * The version found.
 */
found: number, 
/**
 * The newest version known here.
 */
known: number, } | { "code": "dataInUse" } | { "code": "dataTrouble" } | { "code": "practiceTrouble" } | { "code": "linkRefused" } | { "code": "browserMissing" } | { "code": "saveFailed" } | { "code": "dragFailed" } | { "code": "playerMissing" } | { "code": "notFound" } | { "code": "tooLate" } | { "code": "changedMeanwhile" };

export type PictureKind = "heic" | "svg" | "tiff" | "avif" | "pdf" | "video" | "text" | "unknown";

export type Point = { 
/**
 * Pixels from the left edge.
 */
x: number, 
/**
 * Pixels from the top edge.
 */
y: number, };

export type Rect = { 
/**
 * Pixels from the left edge to one corner.
 */
x: number, 
/**
 * Pixels from the top edge to that corner.
 */
y: number, 
/**
 * Pixels to the right from there to the corner across.
 */
width: number, 
/**
 * Pixels down from there to the corner across.
 */
height: number, };

export type Color = { 
/**
 * 0 to 255.
 */
red: number, 
/**
 * 0 to 255.
 */
green: number, 
/**
 * 0 to 255.
 */
blue: number, };

export type Mark = { "kind": "arrow", 
/**
 * Where the shaft begins.
 */
from: Point, 
/**
 * Where the head points.
 */
to: Point, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the shaft.
 */
width: number, } | { "kind": "line", 
/**
 * One end.
 */
from: Point, 
/**
 * The other end.
 */
to: Point, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the stroke.
 */
width: number, } | { "kind": "box", 
/**
 * The middle of the stroke.
 */
area: Rect, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the stroke.
 */
width: number, } | { "kind": "ellipse", 
/**
 * The rectangle that the middle of the stroke touches on all four sides.
 */
area: Rect, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the stroke.
 */
width: number, } | { "kind": "freehand", 
/**
 * Where the pen went.
 */
points: Array<Point>, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the stroke.
 */
width: number, } | { "kind": "highlighter", 
/**
 * Where the pen went.
 */
points: Array<Point>, 
/**
 * Its color.
 */
color: Color, 
/**
 * Width of the stroke.
 */
width: number, } | { "kind": "text", 
/**
 * Upper left corner of the first line.
 */
at: Point, 
/**
 * What is written; `\n` begins a line.
 */
text: string, 
/**
 * Size of the font.
 */
size: number, 
/**
 * Its color; emoji have their own.
 */
color: Color, } | { "kind": "pin", 
/**
 * Its middle.
 */
at: Point, 
/**
 * Its number, from 1.
 */
number: number, 
/**
 * Width of the disc.
 */
size: number, 
/**
 * Color of the disc; the number is white or black, whichever shows better.
 */
color: Color, } | { "kind": "redact", 
/**
 * What it covers: every pixel that this touches.
 */
area: Rect, 
/**
 * The one color that is left.
 */
color: Color, };

export type Markup = { 
/**
 * What is kept of the picture; everything where there is none. A pixel is kept when its middle is inside.
 */
crop: Rect | null, 
/**
 * From the lowest to the highest.
 */
marks: Array<Mark>, };

export type PathStep = { "kind": "move", 
/**
 * Where.
 */
to: Point, } | { "kind": "line", 
/**
 * Its end.
 */
to: Point, } | { "kind": "cubic", 
/**
 * Handle of its start.
 */
first: Point, 
/**
 * Handle of its end.
 */
second: Point, 
/**
 * Its end.
 */
to: Point, } | { "kind": "close" };

export type TextShape = { 
/**
 * The letters, `(0, 0)` being the upper left corner of the first line.
 */
outline: Array<PathStep>, 
/**
 * The emoji.
 */
emoji: Array<Emoji>, 
/**
 * Width of the longest line.
 */
width: number, 
/**
 * Height of all lines.
 */
height: number, };

export type Emoji = { 
/**
 * Its name: the picture is served as `shot://localhost/emoji/<name>`.
 */
name: string, 
/**
 * Where it is drawn.
 */
area: Rect, };

export type Draft = { 
/**
 * Identifier minted here.
 */
id: DraftId, 
/**
 * The account it will be sent with.
 */
account: AccountId, 
/**
 * The words.
 */
text: string, 
/**
 * The pictures, in the order they are sent.
 */
shots: Array<Shot>, 
/**
 * Address of the repository; none means not chosen yet.
 */
repository: string | null, 
/**
 * The branch to start from; empty means the repository's default.
 */
branch: string, 
/**
 * The model; none means the account's default.
 */
model: ModelChoice | null, 
/**
 * Whether the agent plans first and waits for a go-ahead.
 */
planFirst: boolean, 
/**
 * Whether a pull request is opened at the end.
 */
openPullRequest: boolean, 
/**
 * When it was made.
 */
createdAt: number, 
/**
 * When it was last changed.
 */
updatedAt: number, 
/**
 * Why the last attempt to send it failed.
 */
problem: Failure | null, };

export type Shot = { 
/**
 * Which one it is, within its draft or answer.
 */
id: ShotId, 
/**
 * SHA-256 of the stored bytes, in lower-case hex.
 */
hash: string, 
/**
 * `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
 */
mime: string, 
/**
 * Width in pixels.
 */
width: number, 
/**
 * Height in pixels.
 */
height: number, 
/**
 * Size in bytes, as it will be sent.
 */
bytes: number, 
/**
 * What was done to it when it was taken in.
 */
notes: Array<ShotNote>, 
/**
 * What was taken in, where something else is sent: marks are drawn on this.
 */
original: Original | null, 
/**
 * What the user drew.
 */
markup: Markup, 
/**
 * Whether the marks are not drawn in yet. It is not sent like this.
 */
drawing: boolean, };

export type Original = { 
/**
 * SHA-256 of the stored bytes, in lower-case hex.
 */
hash: string, 
/**
 * Its type, as [`Shot::mime`].
 */
mime: string, 
/**
 * Width in pixels.
 */
width: number, 
/**
 * Height in pixels.
 */
height: number, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * What was done to it when it was taken in.
 */
notes: Array<ShotNote>, };

export type Marked = { 
/**
 * Which picture.
 */
shot: ShotId, 
/**
 * What is drawn on it.
 */
markup: Markup, };

export type ShotNote = { "note": "metadataRemoved" } | { "note": "firstFrameOnly" } | { "note": "colorConverted" } | { "note": "colorsGuessed" } | { "note": "fitted", 
/**
 * Bytes before.
 */
fromBytes: number, 
/**
 * Bytes after.
 */
toBytes: number, 
/**
 * Whether detail was lost.
 */
lossy: boolean, 
/**
 * Whether pixels were reduced.
 */
scaled: boolean, } | { "note": "converted" };

export type ShotTarget = { "into": "draft", "id": DraftId } | { "into": "answer", "id": AgentId };

export type Taken = { "took": "text", 
/**
 * The words.
 */
text: string, } | { "took": "pictures", 
/**
 * How many were taken in.
 */
count: number, 
/**
 * Why others were not.
 */
refused: Array<Failure>, } | { "took": "nothing" };

export type ModelChoice = { 
/**
 * The model's identifier.
 */
id: string, 
/**
 * The variant's parameters.
 */
parameters: Array<ModelParameter>, 
/**
 * The variant's name as the API shows it, kept for display.
 */
name: string, };

export type ModelParameter = { 
/**
 * Identifier, such as `effort`.
 */
id: string, 
/**
 * Value, such as `high` or `true`.
 */
value: string, };

export type Launch = { 
/**
 * Identifier minted here.
 */
id: LaunchId, 
/**
 * The account it is sent with.
 */
account: AccountId, 
/**
 * The draft it came from, and goes back to when it is taken back or refused.
 */
draft: DraftId, 
/**
 * The words.
 */
text: string, 
/**
 * The pictures.
 */
shots: Array<Shot>, 
/**
 * Address of the repository.
 */
repository: string | null, 
/**
 * The branch; empty means the default.
 */
branch: string, 
/**
 * The model; none means the account's default.
 */
model: ModelChoice | null, 
/**
 * Whether the agent plans first.
 */
planFirst: boolean, 
/**
 * Whether a pull request is opened.
 */
openPullRequest: boolean, 
/**
 * When *Send* was pressed.
 */
createdAt: number, 
/**
 * Where it stands.
 */
state: LaunchState, };

export type LaunchState = { "state": "holding", 
/**
 * When it goes.
 */
until: number, } | { "state": "waiting", 
/**
 * What for.
 */
waiting: Waiting, 
/**
 * When it is tried again by itself, where known.
 */
until: number | null, } | { "state": "sending", 
/**
 * 1 for the first time.
 */
attempt: number, 
/**
 * Since when.
 */
since: number, } | { "state": "uncertain", 
/**
 * Since when.
 */
since: number, } | { "state": "confirmed", 
/**
 * The agent.
 */
agent: AgentId, } | { "state": "needsDecision", 
/**
 * What about.
 */
decision: Decision, } | { "state": "rejected", 
/**
 * Why.
 */
failure: Failure, };

export type Waiting = "network" | "rateLimit" | "service" | "account";

export type Decision = { "about": "waitedLong", 
/**
 * Since when it waited.
 */
since: number, } | { "about": "differentUser" } | { "about": "cannotTell", 
/**
 * Agents that could be it.
 */
candidates: Array<AgentId>, };

export type Repository = { 
/**
 * Its address in one spelling, `https://host/owner/name`.
 */
url: string, 
/**
 * The user's own name for it; empty means none, and `owner/name` is shown.
 */
nickname: string, 
/**
 * Color of its dot, an index into the page's palette of twelve.
 */
color: number, 
/**
 * How often it was sent to from here.
 */
uses: number, 
/**
 * When it was last sent to from here.
 */
lastUsed: number | null, 
/**
 * Branches seen with it, latest first, at most 50.
 */
branches: Array<string>, 
/**
 * Where it is known from.
 */
origin: RepositoryOrigin, 
/**
 * Whether the user put away the reminder of what pictures show.
 */
reminded: boolean, };

export type RepositoryOrigin = "listed" | "seen" | "typed";

export type Repositories = { 
/**
 * Most used first.
 */
items: Array<Repository>, 
/**
 * When the account's list was last fetched.
 */
listedAt: number | null, 
/**
 * Whether it is being fetched now.
 */
loading: boolean, 
/**
 * From when on it may be fetched again (1 a minute, 30 an hour).
 */
refreshAfter: number | null, 
/**
 * Why the last fetch failed.
 */
problem: Failure | null, };

export type Model = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name as shown by the service.
 */
name: string, 
/**
 * One sentence about it, where given.
 */
description: string | null, 
/**
 * Its valid variants; at least one.
 */
variants: Array<ModelVariant>, };

export type ModelVariant = { 
/**
 * Name as shown by the service.
 */
name: string, 
/**
 * All its parameters.
 */
parameters: Array<ModelParameter>, 
/**
 * Whether it is the model's default.
 */
default: boolean, };

export type Settings = { 
/**
 * Light, dark, or as the system says.
 */
theme: Theme, 
/**
 * Seconds that *Send* is held, 0–10.
 */
holdSeconds: number, 
/**
 * Whether the system is told of done, failed and needs you.
 */
notifications: boolean, 
/**
 * What closing the window does, once the user has chosen where no tray is.
 */
onClose: OnClose, 
/**
 * Whether new drafts ask for a pull request.
 */
openPullRequest: boolean, 
/**
 * Whether new drafts plan first.
 */
planFirst: boolean, 
/**
 * The keys that take a picture of the screen whatever program is in front, like `CmdOrCtrl+Shift+2`; none is off.
 */
captureShortcut: string | null, 
/**
 * How light pictures are made before they are sent.
 */
fit: Fit, 
/**
 * How the list is shown.
 */
list: ListSettings, 
/**
 * Limits and alarms on what is spent.
 */
spending: SpendingRules, };

export type Theme = "system" | "light" | "dark";

export type OnClose = "ask" | "keepWorking" | "quit";

export type Fit = "sharp" | "balanced" | "small";

export type ListSettings = { 
/**
 * In which order rows stand within their group.
 */
sort: ListSort, 
/**
 * What makes a group.
 */
groupBy: ListGrouping, 
/**
 * Which rows are shown.
 */
filter: ListFilter, };

export type ListFilter = { 
/**
 * Where they stand.
 */
standing: Standing | null, 
/**
 * Address of their repository; it may be one that nothing is known of any more.
 */
repository: string | null, 
/**
 * Where they were started.
 */
origin: Origin | null, 
/**
 * How long ago they last changed.
 */
within: Within | null, };

export type ListSort = "latest" | "newest" | "name";

export type ListGrouping = "need" | "repository" | "day";

export type Standing = "needsYou" | "working" | "notSent" | "pullRequest" | "done" | "failed" | "stopped";

export type Origin = "here" | "elsewhere";

export type Within = "today" | "week" | "month";

export type SpendingRules = { 
/**
 * Millionths of a dollar a day.
 */
dayLimit: number | null, 
/**
 * Millionths of a dollar a week, which begins on Monday.
 */
weekLimit: number | null, 
/**
 * Seconds a run may work before it is told.
 */
alarmSeconds: number | null, 
/**
 * Tokens a run may use before it is told.
 */
alarmTokens: number | null, 
/**
 * Millionths of a dollar a run may cost before it is told.
 */
alarmMicros: number | null, 
/**
 * Whether a run that is told is stopped too.
 */
alarmStops: boolean, };

export type SpendingRange = "week" | "month" | "quarter";

export type Spending = { 
/**
 * All of it.
 */
total: Spent, 
/**
 * Every day, the oldest first.
 */
days: Array<DaySpent>, 
/**
 * By repository, the dearest first; at most 50.
 */
repositories: Array<PartSpent>, 
/**
 * By model, likewise.
 */
models: Array<PartSpent>, 
/**
 * By agent, likewise.
 */
agents: Array<PartSpent>, 
/**
 * Today and this week, against the user's own limits.
 */
outlook: Limits, };

export type Spent = { 
/**
 * How many runs.
 */
runs: number, 
/**
 * Tokens read by the model.
 */
input: number, 
/**
 * Tokens written by it.
 */
output: number, 
/**
 * Tokens taken from the cache.
 */
cacheRead: number, 
/**
 * Tokens put into the cache.
 */
cacheWrite: number, 
/**
 * Millionths of a dollar.
 */
micros: number, 
/**
 * How many of the runs have no cost, because the service told none.
 */
unpriced: number, };

export type DaySpent = { 
/**
 * The day, like `2026-11-25`.
 */
day: string, 
/**
 * What was used.
 */
spent: Spent, };

export type PartSpent = { 
/**
 * Address of the repository, identifier of the model or the agent; none where it is not known. The model that is
 * empty is the account's default.
 */
of: string | null, 
/**
 * The title of the agent, while it is here; hostile text.
 */
title: string | null, 
/**
 * What was used.
 */
spent: Spent, };

export type Outlook = { 
/**
 * What a run like it usually costs; none before there were three.
 */
estimate: Estimate | null, 
/**
 * Today and this week, against the user's own limits.
 */
limits: Limits, };

export type Estimate = { 
/**
 * Millionths of a dollar.
 */
micros: number, 
/**
 * Of so many runs.
 */
runs: number, 
/**
 * Whether they were runs of the same model.
 */
sameModel: boolean, };

export type Limits = { 
/**
 * The one of today, when it was reached.
 */
day: LimitReached | null, 
/**
 * The one of this week, when it was reached.
 */
week: LimitReached | null, };

export type LimitReached = { 
/**
 * What was spent, in millionths of a dollar.
 */
spent: number, 
/**
 * The limit, likewise.
 */
limit: number, };

export type RunAlarm = { 
/**
 * The run.
 */
run: RunId, 
/**
 * What it went past.
 */
by: AlarmBy, 
/**
 * What was done about it.
 */
stop: AlarmStop, };

export type AlarmStop = "nothing" | "asked" | "owed";

export type AlarmBy = "time" | "tokens" | "money";

export type Row = { 
/**
 * Key of the row: stays the same while a launch becomes an agent, so that nothing jumps.
 */
key: string, 
/**
 * What it opens.
 */
target: RowTarget, 
/**
 * Which group it stands in.
 */
group: Group, 
/**
 * Its title: the agent's name or the first line of the words; may be empty. Hostile text.
 */
title: string, 
/**
 * Hash of the picture that is its face.
 */
face: string | null, 
/**
 * Address of the repository.
 */
repository: string | null, 
/**
 * Where it stands.
 */
state: RowState, 
/**
 * That what works is not heard of; none while it is.
 */
silence: Silence | null, 
/**
 * Whether its stream is away just now: what it does was true when it was last heard.
 */
reconnecting: boolean, 
/**
 * The time its age is counted from, and by which it is sorted.
 */
at: number, 
/**
 * When it was made.
 */
createdAt: number, 
/**
 * Whether it was started on this computer.
 */
startedHere: boolean, 
/**
 * Whether the user pinned it.
 */
pinned: boolean, 
/**
 * Whether it changed since it was last looked at.
 */
unread: boolean, 
/**
 * Whether it is archived.
 */
archived: boolean, };

export type RowTarget = { "open": "draft", "id": DraftId } | { "open": "launch", "id": LaunchId } | { "open": "agent", "id": AgentId };

export type Group = "needsYou" | "working" | "notSent" | "done";

export type RowState = { "is": "draft", 
/**
 * How many pictures it has.
 */
pictures: number, 
/**
 * Why sending it failed.
 */
problem: Failure | null, } | { "is": "launch", 
/**
 * Where it stands.
 */
launch: LaunchState, } | { "is": "starting" } | { "is": "working", 
/**
 * What it does now, where known.
 */
step: Step | null, } | { "is": "asks", 
/**
 * The question: hostile text.
 */
question: string, } | { "is": "plan" } | { "is": "followUpUncertain" } | { "is": "followUpHeld" } | { "is": "done", 
/**
 * Whether there is a pull request.
 */
pullRequest: boolean, } | { "is": "stopped" } | { "is": "failed", 
/**
 * Why.
 */
failure: Failure, } | { "is": "unknown" };

export type Agent = { 
/**
 * The API's identifier.
 */
id: AgentId, 
/**
 * The account it belongs to.
 */
account: AccountId, 
/**
 * The launch that made it, when it was sent from here.
 */
launch: LaunchId | null, 
/**
 * Its name; hostile text, may be empty.
 */
title: string, 
/**
 * Address of the repository.
 */
repository: string | null, 
/**
 * The branch it started from.
 */
branch: string | null, 
/**
 * Where it stands.
 */
state: AgentState, 
/**
 * The last event or heartbeat seen; none before the first.
 */
lastSign: number | null, 
/**
 * That its run goes on without being heard of; none while it is.
 */
silence: Silence | null, 
/**
 * Whether its stream is broken and being mended (shown after two seconds).
 */
reconnecting: boolean, 
/**
 * Whether it is followed by asking now and then instead of a stream (older API, or streams refused).
 */
polled: boolean, 
/**
 * Its runs, oldest first.
 */
runs: Array<Run>, 
/**
 * Branches it pushed.
 */
branches: Array<string>, 
/**
 * Pull requests it opened.
 */
pullRequests: Array<PullRequest>, 
/**
 * Its page on the web, if it may be opened.
 */
webUrl: string | null, 
/**
 * Files it left.
 */
artifacts: Array<Artifact>, 
/**
 * Tokens and money, when the account gives them.
 */
usage: Usage | null, 
/**
 * The same of each run that is told of, oldest first.
 */
runUsage: Array<RunUsed>, 
/**
 * That a run went past an alarm of the user's; the last one that did.
 */
alarm: RunAlarm | null, 
/**
 * What waits to be sent to it, in order.
 */
queue: Array<FollowUp>, 
/**
 * What of it is held back until the user lets it go, who stopped the run that it waited for.
 */
heldBack: Array<FollowUpId>, 
/**
 * The answer being written: kept like a draft.
 */
answer: Answer, 
/**
 * The answer of the queue that is being changed: its words are kept like a draft until they take the place of the old.
 */
edited: Edited | null, 
/**
 * The model that its next answer names: the one it was started with, or was chosen since. None names none, which
 * leaves it the one it has; the service never tells which that is (API §6.2).
 */
model: ModelChoice | null, 
/**
 * Whether it is archived.
 */
archived: boolean, 
/**
 * Whether steps and cost can be had at all (not with the older API).
 */
olderApi: boolean, 
/**
 * What went wrong with the last thing asked of it.
 */
problem: Failure | null, 
/**
 * When it was made.
 */
createdAt: number, };

export type AgentState = { "is": "starting" } | { "is": "working", 
/**
 * Since when.
 */
since: number, 
/**
 * What it does now, where known.
 */
step: Step | null, } | { "is": "stopping" } | { "is": "asks", 
/**
 * The question: hostile text.
 */
question: string, 
/**
 * Answers to choose from: hostile text.
 */
options: Array<string>, } | { "is": "plan" } | { "is": "done" } | { "is": "stopped" } | { "is": "failed", 
/**
 * Why.
 */
failure: Failure, } | { "is": "unknown" };

export type Silence = { 
/**
 * Since when: the last sign of life, or with `beats` the last news.
 */
since: number, 
/**
 * Whether heartbeats come: it is connected, and nothing new happens.
 */
beats: boolean, 
/**
 * Whether it has lasted for so long that somebody should look.
 */
stuck: boolean, };

export type Answer = { 
/**
 * The words.
 */
text: string, 
/**
 * The pictures.
 */
shots: Array<Shot>, };

export type Edited = { 
/**
 * Which, also if it went meanwhile.
 */
followUp: FollowUpId, 
/**
 * All of them.
 */
text: string, };

export type Run = { 
/**
 * The API's identifier.
 */
id: RunId, 
/**
 * How far it is.
 */
state: RunState, 
/**
 * When it was made.
 */
createdAt: number, 
/**
 * How long it took in milliseconds, once over.
 */
duration: number | null, };

export type RunState = "creating" | "running" | "finished" | "error" | "cancelled" | "expired";

export type PullRequest = { 
/**
 * Its address; opened only by the shell's allow-list.
 */
url: string, 
/**
 * The branch it asks to merge, where known.
 */
branch: string | null, };

export type Artifact = { 
/**
 * Its path; hostile text.
 */
path: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Once it is here and a picture: how to show it.
 */
picture: Shot | null, 
/**
 * Whether its bytes are here.
 */
here: boolean, 
/**
 * Whether they are being fetched now.
 */
coming: boolean, 
/**
 * The run that left it, where that is known.
 */
run: RunId | null, };

export type FileText = { 
/**
 * The text: hostile, but without what hides, reorders or drives a terminal.
 */
text: string, 
/**
 * How many bytes of the file it is.
 */
shown: number, 
/**
 * How many the file has.
 */
bytes: number, };

export type Usage = { 
/**
 * All tokens.
 */
tokens: number, 
/**
 * What was charged, in millionths of a dollar, when the service says.
 */
micros: number | null, };

export type RunUsed = { 
/**
 * The run.
 */
run: RunId, 
/**
 * Its tokens and money.
 */
usage: Usage, };

export type FollowUp = { 
/**
 * Identifier minted here.
 */
id: FollowUpId, 
/**
 * The words.
 */
text: string, 
/**
 * The pictures.
 */
shots: Array<Shot>, 
/**
 * Whether the agent plans first.
 */
planFirst: boolean, 
/**
 * The model it names.
 */
model: ModelChoice | null, 
/**
 * Where it stands.
 */
state: FollowUpState, };

export type FollowUpState = { "state": "queued" } | { "state": "waiting", 
/**
 * What for.
 */
waiting: Waiting, } | { "state": "sending" } | { "state": "uncertain" } | { "state": "confirmed", 
/**
 * The run.
 */
run: RunId, } | { "state": "needsDecision" } | { "state": "rejected", 
/**
 * Why.
 */
failure: Failure, };

export type Node = { "node": "paragraph", 
/**
 * Its content.
 */
content: Array<Inline>, } | { "node": "heading", 
/**
 * 1 to 6.
 */
level: number, 
/**
 * Its content.
 */
content: Array<Inline>, } | { "node": "code", 
/**
 * Its language as written; hostile text, may be empty.
 */
language: string, 
/**
 * The code.
 */
text: string, } | { "node": "list", 
/**
 * First number of an ordered list.
 */
start: number | null, 
/**
 * Its items.
 */
items: Array<Item>, } | { "node": "quote", 
/**
 * Its content.
 */
content: Array<Node>, } | { "node": "table", 
/**
 * The heading row.
 */
head: Array<Array<Inline>>, 
/**
 * The other rows.
 */
rows: Array<Array<Array<Inline>>>, } | { "node": "rule" };

export type Item = { 
/**
 * Whether it is ticked, for task lists.
 */
ticked: boolean | null, 
/**
 * Its content.
 */
content: Array<Node>, };

export type Inline = { "inline": "text", 
/**
 * The text.
 */
text: string, } | { "inline": "code", 
/**
 * The code.
 */
text: string, } | { "inline": "emphasis", 
/**
 * Its content.
 */
content: Array<Inline>, } | { "inline": "strong", 
/**
 * Its content.
 */
content: Array<Inline>, } | { "inline": "struck", 
/**
 * Its content.
 */
content: Array<Inline>, } | { "inline": "link", 
/**
 * The address.
 */
url: string, 
/**
 * Its content.
 */
content: Array<Inline>, } | { "inline": "image", 
/**
 * The description.
 */
alt: string, 
/**
 * Where it may be fetched from when somebody asks for it; none where it may not.
 */
source: ImageSource | null, } | { "inline": "break" };

export type ImageSource = { 
/**
 * The address.
 */
url: string, 
/**
 * Its host, to be shown.
 */
host: string, };

export type CodeRun = [CodeKind, number];

export type CodeKind = "plain" | "keyword" | "text" | "comment" | "number" | "type" | "function" | "property" | "added" | "removed";

export type Block = { 
/**
 * Identifier, unique within its agent.
 */
id: BlockId, 
/**
 * Place in the transcript: blocks are shown by ascending order.
 */
order: number, 
/**
 * The run it belongs to; none while a prompt's run is not known yet.
 */
run: RunId | null, 
/**
 * When it began.
 */
at: number, 
/**
 * What it is.
 */
kind: BlockKind, };

export type BlockKind = { "kind": "prompt", 
/**
 * The words.
 */
text: string, 
/**
 * The pictures, when sent from here.
 */
shots: Array<Shot>, } | { "kind": "words", 
/**
 * The markdown.
 */
nodes: Array<Node>, } | { "kind": "steps", 
/**
 * The step in words, with the count of calls folded into it.
 */
step: Step, 
/**
 * When the last of them ended; none while under way.
 */
endedAt: number | null, 
/**
 * The calls it stands for; none where there is nothing to ask for.
 */
calls: StepCalls | null, } | { "kind": "ended", 
/**
 * How.
 */
ending: Ending, 
/**
 * How long it took in milliseconds, where known.
 */
duration: number | null, } | { "kind": "gap" };

export type Ending = { "ending": "finished" } | { "ending": "asked" } | { "ending": "cancelled" } | { "ending": "failed", 
/**
 * Why.
 */
failure: Failure, };

export type Step = { 
/**
 * What it does.
 */
detail: StepDetail, 
/**
 * How far it is.
 */
state: StepState, };

export type StepState = "running" | "done" | "failed" | "interrupted";

export type StepDetail = { "does": "thinks" } | { "does": "reads", 
/**
 * How many different files.
 */
count: number, 
/**
 * The last of them, its name only.
 */
name: string | null, } | { "does": "searches", 
/**
 * How often.
 */
count: number, } | { "does": "edits", 
/**
 * The file's name.
 */
name: string | null, 
/**
 * Lines added, where known.
 */
added: number | null, 
/**
 * Lines removed, where known.
 */
removed: number | null, } | { "does": "deletes", 
/**
 * The file's name.
 */
name: string | null, } | { "does": "tests", 
/**
 * The command.
 */
command: string, } | { "does": "runs", 
/**
 * The command.
 */
command: string, } | { "does": "browses" } | { "does": "captures" } | { "does": "usesComputer" } | { "does": "plans" } | { "does": "madePlan" } | { "does": "asks", 
/**
 * The question.
 */
question: string, } | { "does": "delegates" } | { "does": "waits" } | { "does": "other", 
/**
 * The tool's name as the API gave it.
 */
name: string, 
/**
 * How often.
 */
count: number, };

export type StepCalls = { 
/**
 * The API's identifier of the first.
 */
first: string, 
/**
 * How many they are, the first among them.
 */
count: number, };

export type StepCall = { 
/**
 * The API's identifier of the call, unique within its run.
 */
id: string, 
/**
 * What it does.
 */
step: Step, 
/**
 * What it works on: a path, a pattern, an address; at most 300 characters of hostile text.
 */
object: string | null, };

export type CallDetail = { 
/**
 * The name of the tool as the API gave it, at most 300 characters.
 */
tool: string, 
/**
 * How far it is.
 */
state: StepState, 
/**
 * How long it took in milliseconds, once it is over.
 */
took: number | null, 
/**
 * What is known of it, in the order to be read.
 */
parts: Array<CallPart>, 
/**
 * Whether the service left its arguments or its result out, for their size.
 */
withheld: boolean, };

export type CallPart = { "part": "command", 
/**
 * The command.
 */
clip: Clip, 
/**
 * The folder it ran in.
 */
folder: string | null, } | { "part": "output", 
/**
 * The text.
 */
clip: Clip, 
/**
 * Whether to its standard error.
 */
error: boolean, } | { "part": "exitCode", 
/**
 * The code.
 */
code: number, } | { "part": "content", 
/**
 * Its path.
 */
path: string | null, 
/**
 * The ending of its name, for coloring; may be empty.
 */
language: string, 
/**
 * The text.
 */
clip: Clip, } | { "part": "diff", 
/**
 * Its path.
 */
path: string | null, 
/**
 * The lines, at most 4,000.
 */
lines: Array<DiffLine>, 
/**
 * Whether there were more.
 */
cut: boolean, } | { "part": "failed", 
/**
 * The message.
 */
clip: Clip, } | { "part": "fields", 
/**
 * Where they are from.
 */
of: FieldsOf, 
/**
 * Name and value.
 */
fields: Array<CallField>, };

export type FieldsOf = "arguments" | "result";

export type CallField = { 
/**
 * Its name; empty for a value that has none.
 */
name: string, 
/**
 * Its value: text as it is, anything else as JSON.
 */
clip: Clip, };

export type Clip = { 
/**
 * What is shown.
 */
text: string, 
/**
 * How many bytes are shown and how many there are, where this is only the beginning.
 */
cut: ClipCut | null, };

export type ClipCut = { 
/**
 * Bytes shown.
 */
shown: number, 
/**
 * Bytes there are.
 */
bytes: number, };

export type DiffLine = { 
/**
 * What became of it.
 */
sign: DiffSign, 
/**
 * The line without its sign.
 */
text: string, };

export type DiffSign = "added" | "removed" | "same" | "place";

export type View = { "view": "home" } | { "view": "draft", 
/**
 * Which.
 */
id: DraftId, } | { "view": "launch", 
/**
 * Which.
 */
id: LaunchId, } | { "view": "agent", 
/**
 * Which.
 */
id: AgentId, };

export type Changes = { 
/**
 * To be passed as `since` next time.
 */
revision: number, 
/**
 * Whether these are the whole of the view: what the page had before is to be forgotten.
 */
whole: boolean, 
/**
 * The changes, in no particular order; each replaces what the page had.
 */
updates: Array<Update>, };

export type Update = { "update": "accounts", 
/**
 * The accounts.
 */
accounts: Array<Account>, 
/**
 * The active one.
 */
active: AccountId | null, 
/**
 * The key of the row that was open in it last; told anew only with the others.
 */
left: string | null, } | { "update": "settings", 
/**
 * All of them.
 */
settings: Settings, } | { "update": "repositories", 
/**
 * The index.
 */
repositories: Repositories, } | { "update": "online", 
/**
 * False from the first request that did not get through, until one does.
 */
online: boolean, } | { "update": "row", 
/**
 * The row.
 */
row: Row, } | { "update": "rowGone", 
/**
 * Its key.
 */
key: string, } | { "update": "draft", 
/**
 * The draft.
 */
draft: Draft, } | { "update": "launch", 
/**
 * The launch.
 */
launch: Launch, } | { "update": "agent", 
/**
 * The agent.
 */
agent: Agent, } | { "update": "block", 
/**
 * The block.
 */
block: Block, } | { "update": "from", 
/**
 * The order of its first block.
 */
order: number, } | { "update": "blockGone", 
/**
 * Its identifier.
 */
id: BlockId, } | { "update": "gone" };

export type Change = { "change": "account_practice" } | { "change": "account_activate", 
/**
 * Which.
 */
account: AccountId, } | { "change": "account_remove", 
/**
 * Which.
 */
account: AccountId, } | { "change": "account_older_api", 
/**
 * Which.
 */
account: AccountId, 
/**
 * Whether.
 */
olderApi: boolean, } | { "change": "account_retry", 
/**
 * Which.
 */
account: AccountId, } | { "change": "draft_create" } | { "change": "draft_text", 
/**
 * Which.
 */
draft: DraftId, 
/**
 * All of them.
 */
text: string, } | { "change": "draft_repository", 
/**
 * Which.
 */
draft: DraftId, 
/**
 * The address.
 */
repository: string | null, } | { "change": "draft_branch", 
/**
 * Which.
 */
draft: DraftId, 
/**
 * The branch.
 */
branch: string, } | { "change": "draft_model", 
/**
 * Which.
 */
draft: DraftId, 
/**
 * The model; none means the account's default.
 */
model: ModelChoice | null, } | { "change": "draft_options", 
/**
 * Which.
 */
draft: DraftId, 
/**
 * Whether the agent plans first.
 */
planFirst: boolean, 
/**
 * Whether a pull request is opened.
 */
openPullRequest: boolean, } | { "change": "draft_shot_move", 
/**
 * Which draft.
 */
draft: DraftId, 
/**
 * From this place, counted from 0.
 */
from: number, 
/**
 * To this place.
 */
to: number, } | { "change": "draft_shot_remove", 
/**
 * Which draft.
 */
draft: DraftId, 
/**
 * Its place, counted from 0.
 */
index: number, } | { "change": "shot_mark", 
/**
 * Whose pictures.
 */
target: ShotTarget, 
/**
 * The pictures that change.
 */
marked: Array<Marked>, 
/**
 * All the words, when they change.
 */
text: string | null, } | { "change": "shot_forget", 
/**
 * Whose picture.
 */
target: ShotTarget, 
/**
 * Which.
 */
shot: ShotId, } | { "change": "shot_restore", 
/**
 * Whose picture.
 */
target: ShotTarget, 
/**
 * Which.
 */
shot: ShotId, 
/**
 * The place it had, counted from 0.
 */
index: number, } | { "change": "shot_from_artifact", 
/**
 * Which agent.
 */
agent: AgentId, 
/**
 * The artifact's picture.
 */
hash: string, } | { "change": "draft_delete", 
/**
 * Which.
 */
draft: DraftId, } | { "change": "draft_send", 
/**
 * Which.
 */
draft: DraftId, } | { "change": "launch_undo", 
/**
 * Which.
 */
launch: LaunchId, } | { "change": "launch_now", 
/**
 * Which.
 */
launch: LaunchId, } | { "change": "launch_decide", 
/**
 * Which.
 */
launch: LaunchId, 
/**
 * What was asked, so that an answer to an older question is refused.
 */
decision: Decision, 
/**
 * Whether it is sent (again).
 */
send: boolean, 
/**
 * The agent it is, when the user pointed at one.
 */
agent: AgentId | null, } | { "change": "answer_text", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * All of them.
 */
text: string, } | { "change": "answer_edited", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * The words, and of which.
 */
edited: Edited | null, } | { "change": "answer_shot_move", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * From this place, counted from 0.
 */
from: number, 
/**
 * To this place.
 */
to: number, } | { "change": "answer_shot_remove", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * Its place, counted from 0.
 */
index: number, } | { "change": "answer_model", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * The model; none leaves it the one it has.
 */
model: ModelChoice | null, } | { "change": "follow_up_send", 
/**
 * To which agent.
 */
agent: AgentId, 
/**
 * What is sent.
 */
source: FollowUpSource, 
/**
 * Whether the agent plans first. False after a plan means: go ahead.
 */
planFirst: boolean, } | { "change": "follow_up_again", 
/**
 * Of which agent.
 */
agent: AgentId, 
/**
 * Which; it leaves as the new one comes.
 */
followUp: FollowUpId, 
/**
 * The words, its own or others.
 */
text: string, } | { "change": "follow_up_edit", 
/**
 * Of which agent.
 */
agent: AgentId, 
/**
 * Which.
 */
followUp: FollowUpId, 
/**
 * The new words.
 */
text: string, } | { "change": "follow_up_remove", 
/**
 * Of which agent.
 */
agent: AgentId, 
/**
 * Which.
 */
followUp: FollowUpId, } | { "change": "follow_up_move", 
/**
 * Of which agent.
 */
agent: AgentId, 
/**
 * Which.
 */
followUp: FollowUpId, 
/**
 * Whether it goes earlier, or else later.
 */
earlier: boolean, } | { "change": "follow_up_decide", 
/**
 * Of which agent.
 */
agent: AgentId, 
/**
 * Which.
 */
followUp: FollowUpId, 
/**
 * Whether it is sent again.
 */
send: boolean, } | { "change": "agent_stop", 
/**
 * Which agent.
 */
agent: AgentId, } | { "change": "queue_release", 
/**
 * Which agent.
 */
agent: AgentId, } | { "change": "agent_archive", 
/**
 * Which.
 */
agent: AgentId, 
/**
 * True to archive, false to bring back.
 */
archived: boolean, } | { "change": "agent_delete", 
/**
 * Which.
 */
agent: AgentId, } | { "change": "agent_refresh", 
/**
 * Which.
 */
agent: AgentId, } | { "change": "repositories_refresh" } | { "change": "repository_label", 
/**
 * Its address.
 */
url: string, 
/**
 * The user's own name; empty for none.
 */
nickname: string, 
/**
 * Color, an index into the palette of twelve.
 */
color: number, } | { "change": "repository_reminded", 
/**
 * Its address.
 */
url: string, } | { "change": "settings_change", 
/**
 * All of them.
 */
settings: Settings, } | { "change": "row_pin", 
/**
 * Which.
 */
target: RowTarget, 
/**
 * Whether it is kept there.
 */
pinned: boolean, } | { "change": "list_refresh" };

export type FollowUpSource = { "from": "answer" } | { "from": "words", 
/**
 * All of them.
 */
text: string, };

export type KeyShape = { 
/**
 * Where it begins, in UTF-16 units from the start of the words: the page's strings count so.
 */
from: number, 
/**
 * Where it ends, after its last unit.
 */
to: number, 
/**
 * Whose key it looks like.
 */
kind: KeyKind, };

export type KeyKind = "cursor" | "gitHub" | "gitLab" | "amazon" | "google" | "azure" | "openAi" | "anthropic" | "modelService" | "huggingFace" | "slack" | "discord" | "telegram" | "stripe" | "square" | "shopify" | "npm" | "pyPi" | "rubyGems" | "docker" | "digitalOcean" | "databricks" | "supabase" | "planetScale" | "sendGrid" | "linear" | "notion" | "figma" | "airtable" | "atlassian" | "postman" | "sentry" | "grafana" | "newRelic" | "hashiCorp" | "doppler" | "privateKey" | "signedToken" | "authorization" | "databasePassword" | "addressPassword";

export type Earlier = { 
/**
 * The blocks, in order.
 */
blocks: Array<Block>, 
/**
 * The order that the transcript is given from now; 0 once there is nothing before.
 */
from: number, };

export type Found = { 
/**
 * What was found, the best first; at most 50.
 */
hits: Array<Hit>, 
/**
 * Whether not all could be looked at: time was up, or a newer search came.
 */
cut: boolean, };

export type Hit = { 
/**
 * The agent.
 */
agent: AgentId, 
/**
 * Its title; hostile text, may be empty.
 */
title: string, 
/**
 * The run, where it is known.
 */
run: RunId | null, 
/**
 * Where in the agent's page.
 */
place: HitPlace, 
/**
 * When it was said.
 */
at: number, 
/**
 * One line around it; hostile text.
 */
snippet: Array<SnippetPiece>, };

export type HitPlace = { "place": "block", 
/**
 * Which.
 */
id: BlockId, } | { "place": "file", 
/**
 * The file's path.
 */
path: string, };

export type SnippetPiece = { 
/**
 * Its text.
 */
text: string, 
/**
 * Whether these are the words that were looked for.
 */
found: boolean, };

export type ExportFormat = "markdown" | "html";

export type OutsidePicture = { 
/**
 * What it is drawn by, at most 1,600 pixels wide.
 */
hash: string, 
/**
 * Width in pixels.
 */
width: number, 
/**
 * Height in pixels.
 */
height: number, };
