// Accessible names of the controls. Desktop tests find controls by them: change one only together with
// `tests/desktop/README.md`.

import type { Mark } from "../backend/bindings";

export const names = {
  // Trouble at the start
  tryAgain: "Try again",
  startAnew: "Start anew, keep the old file",
  quit: "Quit",

  // Welcome and accounts
  key: "Cursor key",
  connect: "Connect",
  getKey: "Get a key",
  practice: "Start practicing",
  keepInMemory: "Keep the key until I quit",
  accounts: "Accounts",
  addAccount: "Connect a Cursor account",
  replaceKey: "Replace the key",
  enterKey: "Enter the key",
  switchTo: "Switch to",
  removeAccount: "Remove",
  olderApi: "Reach Cursor the older way",

  // The list
  sidebar: "Sidebar",
  list: "Agents and drafts",
  create: "New",
  search: "Search",
  clearSearch: "Clear the search",
  hits: "In conversations",
  filter: "Filter and sort",
  clearFilter: "Clear",
  selected: "Selected",
  endSelection: "Select nothing",
  pin: "Pin to the top",
  unpin: "Unpin",
  settings: "Settings",

  // The quick switcher
  switcher: "Go to",
  switcherList: "What was found",

  // Finding in a conversation
  find: "Find in this conversation",
  findWords: "Words to find",
  findBefore: "The place before",
  findNext: "The next place",

  // Usage
  usage: "Usage",
  usageDays: "Days shown",
  setLimits: "Set limits and alarms",
  dayLimit: "Limit for a day",
  weekLimit: "Limit for a week",
  alarmTime: "Minutes",
  alarmTokens: "Tokens",
  alarmMoney: "Money",
  alarmStops: "Stop the run too",

  // Composing
  compose: "New agent",
  words: "What should change?",
  pictures: "Pictures",
  addPictures: "Add pictures",
  pictureMenu: "More ways to add a picture",
  pasteAsPicture: "Paste as picture",
  pickPictures: "Choose files",
  captureScreen: "Capture the screen",
  removePicture: "Remove picture",
  viewPicture: "View picture",
  repository: "Repository",
  findRepository: "Find a repository",
  refreshRepositories: "Refresh the list",
  labelRepository: "Name and color",
  nickname: "Your name for it",
  branch: "Branch",
  findBranch: "Type a branch",
  model: "Model",
  findModel: "Find a model",
  planFirst: "Plan first",
  openPullRequestOption: "Open a pull request",
  send: "Send",
  deleteDraft: "Delete draft",
  secrets: "What looks like a key",
  removeSecret: "Remove",
  secretIsFine: "It is fine",
  putAwayReminder: "Don’t remind me here",

  // The desk
  desk: "Mark the picture",
  picture: "Picture",
  tools: "Tools",
  color: "Color",
  width: "Width",
  redo: "Redo",
  crop: "Crop",
  wholePicture: "Whole picture",
  zoom: "Zoom",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomFit: "Fit in the window",
  zoomActual: "Actual pixels",
  textOnPicture: "Text on the picture",
  done: "Done",
  forgetOriginal: "Forget original",
  understood: "OK",
  takeBack: "Take it back",
  keepMarking: "Keep marking",
  markAndAnswer: "Mark and answer",

  // On its way
  undo: "Undo",
  sendNow: "Send now",
  sendAgain: "Send again",
  doNotSend: "Don’t send",

  // Following
  transcript: "Conversation",
  status: "Status",
  stop: "Stop",
  openPullRequest: "Open pull request",
  openInCursor: "Open in Cursor",
  more: "More",
  archive: "Archive",
  unarchive: "Bring back",
  remove: "Delete",
  copyLink: "Copy link",
  useAgain: "Use the words again",
  refresh: "Look again",
  answer: "Answer",
  queue: "Queue",
  goAhead: "Go ahead",
  changeIt: "Change it",
  jumpToLatest: "Jump to latest",
  waitingAnswers: "Waiting to be sent",
  sendEarlier: "Send earlier",
  sendLater: "Send later",
  edit: "Edit",
  save: "Save",
  sendWaiting: "Send it now",
  sendAllWaiting: "Send them, one after the other",
  cancel: "Cancel",
  copyCode: "Copy",
  copyReply: "Copy this reply",
  gallery: "Pictures from the agent",
  compare: "Compare with yours",
  files: "Files from the agent",
  viewFile: "View",
  watch: "Watch",
  film: "Film from the agent",
  playOutside: "Open in your player",
  fileText: "Text of the file",
  copyFile: "Copy what is shown",
  results: "Branches and pull requests",
  exportHtml: "Save as a web page",
  exportMarkdown: "Save as Markdown",
  exportLatest: "Save the latest run as a web page",
  copyBranch: "Copy the name of branch",
  copyPullRequest: "Copy the link of",

  // Everywhere
  close: "Close",
  keepWorking: "Keep working in the background",
  previous: "Previous picture",
  next: "Next picture",
  theme: "Theme",
  hold: "Hold before sending",
  notifications: "Notify me",
  captureShortcut: "Keys for Capture to agent",
  fit: "Pictures",
  captureShortcutOff: "Turn the keys off",
} as const;

/** Name of a row in the list. */
export const rowName = (title: string, section: string, status: string, place: string): string =>
  [title, section, status, place].filter(Boolean).join(". ");

/** Name of a picture, by its place counted from 1. */
export const pictureName = (place: number, count: number): string =>
  `Picture ${place.toString()} of ${count.toString()}`;

/** Names of the tools of the desk. */
export const toolName = {
  select: "Select",
  crop: "Crop",
  arrow: "Arrow",
  box: "Box",
  ellipse: "Ellipse",
  line: "Line",
  pen: "Pen",
  highlighter: "Highlighter",
  text: "Text",
  pin: "Numbered pin",
  redact: "Redact",
} as const;

export const colorName = { red: "Red", yellow: "Yellow", green: "Green", blue: "Blue", black: "Black", white: "White" } as const;

export const widthName = { thin: "Thin", medium: "Medium", thick: "Thick" } as const;

const markNames: Record<Mark["kind"], string> = {
  arrow: "Arrow",
  box: "Box",
  ellipse: "Ellipse",
  line: "Line",
  freehand: "Pen stroke",
  highlighter: "Highlight",
  text: "Text",
  pin: "Pin",
  redact: "Redaction",
};

/** Name of a mark; `words` are what is said of a pin. */
export function markName(mark: Mark, words: string): string {
  const name = markNames[mark.kind];
  if (mark.kind === "text") return `${name}: ${mark.text}`;
  if (mark.kind !== "pin") return name;
  return words.trim() === "" ? `${name} ${mark.number.toString()}` : `${name} ${mark.number.toString()}: ${words}`;
}
