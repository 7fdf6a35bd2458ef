// All other words of the page, by the screen they stand on.

import type { AlarmBy, Fit } from "../backend/bindings";
import { apple, keys } from "./keyboard";
import { count, several, size } from "./time";

export { keys };

/** A title within a sentence: whatever direction it asks for stays in it. */
function quoted(title: string): string {
  // Not by `slice`, which would cut an emoji in two.
  const letters = [...title];
  return `“\u2068${letters.length > 80 ? `${letters.slice(0, 79).join("").trimEnd()}…` : title}\u2069”`;
}

/** The same with Shift. */
const shiftKeys = (key: string): string => (apple ? `⇧⌘${key}` : `Ctrl Shift ${key}`);

/** What pictures weigh together. */
interface Weight {
  /** Width and height of a single one. */
  edges: readonly [number, number] | null;
  pixels: number;
  bytes: number;
}

/** What will go, and what it was when it was taken in. */
export interface Load {
  count: number;
  now: Weight;
  before: Weight;
  /** Whether detail was lost beyond what is smaller. */
  squeezed: boolean;
}

const extent = ({ edges, pixels }: Weight): string =>
  edges === null ? `${(pixels / 1_000_000).toFixed(1)} megapixels` : `${edges[0].toString()} × ${edges[1].toString()}`;

const fitNotes: Record<Fit, string> = {
  sharp: "Sent in full size, up to what Cursor takes.",
  balanced: "Large ones are made smaller where that saves: to 1568 pixels, or half their size if that is more. Text stays readable.",
  small: "Large ones are made smaller where that saves: to 1024 pixels, and never more than 500 KB. Small text may be hard to read.",
};

/** The caption of a picture that an agent left; its file may already be called that, or be one from before. */
function afterName(name: string): string {
  if (/^before(?![a-z])/i.test(name)) return name;
  const rest = name.replace(/^after(?![a-z])[-_ ]*/i, "");
  return rest === "" || rest.startsWith(".") ? "After" : `After · ${rest}`;
}

/** What is done to several rows at once, as it is said afterwards. */
const deeds = { stop: "asked to stop", archive: "archived", delete: "deleted" } as const;

/** What can be done to several rows at once. */
export type Deed = keyof typeof deeds;

export const page = {
  welcome: {
    title: "Show it. Say it. Send it off.",
    text: "Paste a screenshot, say what should change, and a Cursor cloud agent does the work and opens a pull request.",
    connectTitle: "Connect your Cursor account",
    connectText: "Make a key on Cursor’s dashboard and paste it here. It is kept in your system’s keychain and nowhere else.",
    practiceTitle: "Practice without a key",
    practiceText: "A small cloud inside this app plays the agents. Everything works, nothing is billed, nothing leaves this computer.",
    practiceNote: "You can connect an account at any time.",
    keyHint: "crsr_…",
    checking: "Checking the key",
  },
  accounts: {
    practice: "Practice",
    practiceNote: "Plays on this computer",
    switchTo: "Accounts on this computer",
    unnamed: "Cursor account",
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText: "Its key is deleted from this computer, with its drafts and what was kept of its agents. The agents themselves stay on Cursor.",
    removePractice: "Its practice agents and drafts are deleted from this computer.",
    replaceTitle: (name: string) => `Replace the key of ${name}`,
    replaceText: "Paste the new key. The old one is deleted from this computer.",
    addTitle: "Connect a Cursor account",
    someoneElse: "This key is someone else’s, so it was added as an account of its own.",
    someoneElseSeen: "OK",
    keychain: "Key in your keychain",
    memory: "Key kept until you quit",
    missing: "No key",
    ending: (four: string) => `ends in ${four}`,
    olderNote: "For when Cursor keeps refusing what you send with this account: turn it on and send again. It shows no steps and no cost, and can’t plan first.",
  },
  list: {
    searchHint: "Search",
    emptyTitle: "Nothing here yet",
    emptyText: "What you send off shows up here, and stays.",
    nothingFound: (query: string) => `Nothing matches “${query}”.`,
    searchFailed: "Conversations can’t be searched right now.",
    moreHits: (count: number) => `${count.toString()} more in this conversation`,
    searchCut: "Not every conversation could be searched in time.",
    showArchived: (count: number) => `Show ${count.toString()} archived`,
    hideArchived: "Hide archived",
    nothingFits: "Nothing here fits what you chose to see.",
    searchKeys: shiftKeys("F"),
    pinKeys: shiftKeys("P"),
    any: "Any",
    standing: "State",
    origin: "Started",
    within: "Changed",
    sort: "Sort by",
    groupBy: "Group by",
  },
  many: {
    selected: (count: number) => `${count.toString()} selected`,
    under: (done: number, of: number) => `${done.toString()} of ${of.toString()} done`,
    did: (deed: Deed, count: number) => `${count.toString()} ${deeds[deed]}`,
    undone: (deed: Deed, title: string, why: string) => `“${title}” wasn’t ${deeds[deed]}: ${why}.`,
    /** A single one is named. */
    deleteTitle: (agents: number, drafts: number, title: string) => {
      if (agents + drafts === 1 && title !== "") return `Delete ${quoted(title)}?`;
      if (agents + drafts === 1) return agents === 1 ? "Delete this agent?" : "Delete this draft?";
      const all = [...(agents > 0 ? [several(agents, "agent", "agents")] : []), ...(drafts > 0 ? [several(drafts, "draft", "drafts")] : [])];
      return `Delete ${all.join(" and ")}?`;
    },
    deleteText: "Agents are deleted on Cursor too, and drafts with their words and pictures. All of it is gone for good.",
  },
  switcher: {
    hint: "Agent, draft, repository or command",
    nothing: "Nothing by that name.",
    repository: "New agent here",
    command: "Command",
    switchTo: (account: string) => `Switch to ${account}`,
    lookLight: "Use the light look",
    lookDark: "Use the dark look",
    lookSystem: "Look as the system",
    stopOpen: "Stop this agent",
    lookAgain: "Look for news from Cursor",
    settings: "Open settings",
  },
  compose: {
    title: "What should change?",
    wordsHint: "Say it in your own words. The agent sees your pictures in this order.",
    wordsHintAlone: "Describe what should change, in your own words.",
    addEmpty: "Paste a screenshot, or drop it here",
    addEmptyNote: "Or click to choose files. Up to 5 pictures.",
    addMore: "Paste, drop or choose",
    dropHere: "Drop to add",
    full: "the most an agent takes",
    chooseRepository: "Choose a repository",
    defaultBranch: "Default branch",
    defaultModel: "Default model",
    planFirstTip: "The agent makes a plan and waits for your go-ahead",
    planFirstOlder: "The older way to reach Cursor can’t plan first. To do that, turn that way off in Settings, under Accounts.",
    pullRequestTip: "The agent opens a pull request when it is done",
    nothingYet: "Nothing to send yet",
    wordsOnly: "Words only",
    load: ({ count, now, before, squeezed }: Load) =>
      [
        several(count, "picture", "pictures"),
        extent(now),
        size(now.bytes),
        ...(extent(before) !== extent(now) ? [`was ${extent(before)}`, size(before.bytes)] : []),
        ...(extent(before) === extent(now) && size(before.bytes) !== size(now.bytes) ? [`was ${size(before.bytes)}`] : []),
        ...(squeezed ? ["some detail lost"] : []),
      ].join(", "),
    reorderHint: "Alt and an arrow key move it, Delete removes it, Enter opens it for marking.",
    moved: (place: number, count: number) => `Picture moved to place ${place.toString()} of ${count.toString()}`,
    removed: "Picture removed",
    unsaved: "Not saved yet",
    picturesReminder: "Pictures go to the agent as they are. Redact hides a part of them for good.",
    deleteTitle: "Delete this draft?",
    deleteText: "Its words and pictures are gone for good.",
    noRepositories: "No repositories yet. Paste the address of one, like github.com/owner/name.",
    noRepositoryFound: "No repository matches. Paste its whole address to add it.",
    addRepository: (url: string) => `Use ${url}`,
    listAge: (age: string) => `List from ${age}`,
    listNever: "List not fetched yet",
    listFailed: "the last try failed",
    listLoading: "Fetching the list. This can take a minute.",
    refreshWait: (time: string) => `Again in ${time}`,
    noBranches: "Type the branch to start from.",
    useBranch: (branch: string) => `Use ${branch}`,
    modelsLoading: "Fetching the models",
    modelsFailed: "The list of models can’t be had right now. Your default is used.",
    noModelFound: "No model matches.",
    colorName: (place: number) => `Color ${place.toString()}`,
    shortcut: () => keys("Enter"),
  },
  compare: {
    yours: (place: number) => `Yours, picture ${place.toString()}`,
    way: "How they are compared",
    beside: "Side by side",
    slide: "Slider",
    difference: "Difference",
    edge: "Where yours ends",
    left: "Your picture",
    right: "The agent’s picture",
    unequal: "The two have different proportions. They are laid on each other from the top.",
  },
  desk: {
    place: (place: number, count: number) => `${place.toString()} of ${count.toString()}`,
    about: (character: string) => `What about ${character}?`,
    keeps: (width: number, height: number) => `Keeps ${width.toString()} × ${height.toString()} pixels. Enter crops, Escape leaves it.`,
    keys: "Enter draws with the tool. Tab walks the marks, arrow keys move one, Alt and arrow keys make it larger or smaller.",
    redoKeys: () => shiftKeys("Z"),
    answerHint: "Say what to do about it",
    draftHint: (repository: string | null) => (repository === null ? "Say what should change" : `Say what should change in ${repository}`),
    cancelTitle: "Take back what you marked?",
    cancelText: "Everything since you opened this picture is undone, in your words too.",
    forgetPinned: "Pins on this picture would lose their numbers. Delete them, forget the original, and place them again.",
    forgetTitle: "Forget the original?",
    forgetText: "Only the picture with its marks stays. What the marks cover is gone from this computer for good, and they can’t be moved anymore.",
  },
  find: {
    place: (at: number, of: number) => (at === 0 ? several(of, "place", "places") : `${count(at)} of ${count(of)}`),
    looking: "Looking…",
    nothing: "Not found",
  },
  follow: {
    you: "You",
    before: "Yours, before",
    after: afterName,
    coming: "On its way",
    finished: "Done",
    finishedIn: (time: string) => `Done in ${time}`,
    asked: "Over to you",
    askedAfter: (time: string) => `Over to you after ${time}`,
    cancelled: "Stopped by you",
    failed: "Stopped early",
    sameModel: "Same model",
    modelTip: "The model of the next answers. Cursor doesn’t tell which one an agent uses, so this is what was chosen here.",
    modelsFailed: "The list of models can’t be had right now. The agent keeps its model.",
    answerMoved: (place: number, count: number) => `Answer moved to place ${place.toString()} of ${count.toString()}`,
    notHere: "What was said isn’t on this computer yet. It comes as soon as there’s a connection.",
    gap: "Part of this conversation can’t be shown anymore.",
    olderApi: "The older way to reach Cursor shows no steps and no cost.",
    pullRequest: (number: string | null) => (number === null ? "Pull request" : `Pull request ${number}`),
    tokens: (count: string) => `${count} tokens`,
    inAll: (sum: string) => `in all ${sum}`,
    starting: "Getting its computer ready",
    working: "Working",
    now: "now",
    intoRun: (into: string, at: string) => `${into} into the run · ${at}`,
    answerKeys: shiftKeys("A"),
    answerHint: "Answer, or paste a picture.",
    answerHintBusy: "Answer, or paste a picture. It is sent when this run ends.",
    answerHintPlan: "Say what the plan should do differently.",
    goAhead: "Go ahead with the plan.",
    planTitle: "The plan is ready",
    planText: "Nothing has been changed yet. Say go ahead, or what should be different.",
    asksTitle: "A question for you",
    archivedNote: "This agent is archived. Bring it back to go on with it.",
    deleteTitle: (title: string) => (title === "" ? "Delete this agent?" : `Delete ${quoted(title)}?`),
    deleteText: "The agent and its conversation are deleted on Cursor for good. Branches and pull requests stay.",
    deletePractice: "The agent and its conversation are deleted for good.",
    copied: "Copied",
    linkCopied: "Link copied",
    saved: "Saved",
    queueHeld: "After Stop, what waits isn’t sent by itself.",
    dragAgain: "The file is here now. Drag it once more.",
    fetching: "Getting the file",
    notText: "This file isn’t text. Save it to open it in another app.",
    fileEnd: (bytes: number) => `The whole file, ${size(bytes)}.`,
    fileCut: (shown: number, bytes: number) => `The first ${size(shown)} of ${size(bytes)}. Save the file to see the rest.`,
    gone: "This isn’t here anymore",
    goneText: "It was deleted, or it belongs to another account.",
    planAgain: "Plan first",
    task: (done: boolean) => (done ? "Done" : "To do"),
    film: {
      notFilm: "This file isn’t a film. Save it to open it in another app.",
      notHere: "This window can’t play this kind of film. Your own player may.",
    },
    outside: {
      picture: "Picture",
      show: (host: string) => `Show from ${host}`,
      coming: "Getting it",
    },
    picture: (alt: string) => (alt === "" ? "Picture from elsewhere, not loaded" : `Picture, not loaded: ${alt}`),
  },
  launch: {
    itIsThis: "This one",
    backToDraft: "Edit and send again",
  },
  usage: {
    days: { week: "7 days", month: "30 days", quarter: "90 days" },
    runs: (runs: number) => several(runs, "run", "runs"),
    tokens: (tokens: string) => `${tokens} tokens`,
    tokensBy: (input: string, output: string, cached: string, kept: string) =>
      `Tokens are the pieces of words that a model works with. ${input} were read, ${output} written, ${kept} kept for later, and ${cached} taken from what was kept.`,
    unpriced: (runs: number) => `Cursor told no cost for ${several(runs, "run", "runs")}.`,
    atLeast: (amount: string) => `at least ${amount}`,
    notKnown: "not known yet",
    followed: "Only agents that Sendoff followed or that you opened here are counted. You see what you pay on Cursor’s dashboard.",
    byDay: "By day",
    day: "Day",
    money: "Cost",
    used: "Used",
    byRepository: "By repository",
    byModel: "By model",
    byAgent: "By agent",
    noRepository: "Repository not known",
    noModel: "Model not known",
    defaultModel: "Your default model",
    goneAgent: "An agent that isn’t here anymore",
    untitled: "Untitled",
    emptyTitle: "Nothing used in these days",
    emptyText: "When a run ends, what it used shows up here: by day, repository, model and agent. It stays on this computer.",
    practice: "Practice makes these amounts up. Nothing is billed.",
    unavailable: "Cursor doesn’t tell what runs of this account use. Look on its dashboard instead; alarms by time work all the same.",
    unavailableShort: "Cursor doesn’t tell the cost for this account.",
    olderApi: "The older way to reach Cursor doesn’t tell what runs use. Turn that way off in Settings, under Accounts, and the cost of new agents shows here.",
    failed: "What was used is kept on this computer and couldn’t be read just now.",
    estimate: (amount: string, runs: number) => `Usually about ${amount} here (${several(runs, "run", "runs")})`,
    estimateLess: (runs: number) => `Usually less than $0.01 here (${several(runs, "run", "runs")})`,
    estimateFree: (runs: number) => `Usually covered by your plan here (${several(runs, "run", "runs")})`,
    estimateTip: (runs: number, sameModel: boolean) =>
      `An estimate: the cost in the middle of your last ${count(runs)} runs in this repository${sameModel ? " with this model" : ", whatever the model"}.`,
    dayReached: (spent: string, limit: string) => `You have spent ${spent} today, and your own limit is ${limit}. You can still send.`,
    weekReached: (spent: string, limit: string) => `You have spent ${spent} this week, and your own limit is ${limit}. You can still send.`,
    alarm: (by: AlarmBy) =>
      ({
        time: "This run took longer than you allowed.",
        tokens: "This run used more tokens than you allowed.",
        money: "This run cost more than you allowed.",
      })[by],
    alarmDid: {
      asked: "It was asked to stop.",
      owed: "It could not be stopped yet. That is tried again every minute.",
      nothing: "It goes on until you stop it.",
    },
  },
  settings: {
    title: "Settings",
    spending: "Spending",
    limits: "Your own limits",
    limitsNote: "In dollars, for each account. You are told once; sending stays possible.",
    alarms: "Tell me when one run uses more than",
    alarmsNote: "Leave a field empty to turn it off. Tokens are the pieces of words that a model reads and writes. Tokens and cost are looked at once a minute.",
    alarmStopsNote: "Otherwise it goes on until you stop it.",
    off: "Off",
    look: "Look",
    themeSystem: "As the system",
    themeLight: "Light",
    themeDark: "Dark",
    sending: "Sending",
    holdNote: "Time to change your mind after sending a new agent off.",
    holdSeconds: (seconds: number) => (seconds === 0 ? "Off" : `${seconds.toString()} s`),
    defaults: "New drafts",
    noticesNote: "When an agent is done, failed, or needs you.",
    accounts: "Accounts",
    about: "Sendoff collects nothing about you. It talks to Cursor and to nobody else, unless you ask for a picture from elsewhere.",
    onClose: "When the window closes",
    shortcuts: "Keys",
    searchKeys: "Search the list",
    switcherKeys: "Go to an agent, draft, repository or command",
    findKeys: "Find in the conversation",
    pinKeys: "Pin what is open, or let it go",
    answerKeys: "Go to the field you write in",
    onCloseNote: "Counts only where there is no tray. Where there is one, Sendoff keeps working in it.",
    closeAsk: "Ask me",
    closeKeep: "Keep working",
    closeQuit: "Quit",
    captureNote: "Takes a picture of the screen, whatever program is in front.",
    fitSharp: "Sharp",
    fitBalanced: "Balanced",
    fitSmall: "Small",
    fitNote: (fit: Fit) => fitNotes[fit],
    pressKeys: "Press the keys",
    noKeys: "Off",
  },
  closing: {
    title: "Close the window?",
    text: "Sendoff can go on without it: agents are followed, and you are told when they are done. Start Sendoff again to reopen the window. Your choice is remembered; you can change it in Settings.",
  },
  windowTitle: (title: string) => (title === "" ? "Sendoff" : `${title} – Sendoff`),
  offline: "No connection to Cursor. Everything is kept here, and sends itself when you’re back.",
} as const;
