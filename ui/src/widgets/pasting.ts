// Pasting beside a composer: in menus, lists and fields that take no pictures, where a picture would vanish.

const isField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

const isTaken = (event: Event): boolean => event.defaultPrevented || document.querySelector("dialog[open]") !== null;

/** Whether a key pastes, and nothing that has the focus takes it. */
export const pastesBeside = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "v" && !isField(event.target) && !isTaken(event);

/** Whether something without words is pasted into a field that takes words alone. */
export const isWordless = (event: ClipboardEvent): boolean =>
  isField(event.target) && !isTaken(event) && (event.clipboardData?.getData("text/plain") ?? "") === "";
