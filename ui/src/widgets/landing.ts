// Where the keyboard goes when what it was in is gone.

/** Whether the keyboard is nowhere, or on the page as a whole. */
function isLost(): boolean {
  const at = document.activeElement;
  return at === null || at === document.body || !at.isConnected || at.matches("[data-landing]");
}

/**
 * Gives a keyboard that is lost back to an element, or to the page where that one is gone too; true in the second case. Left
 * nowhere, WebKit takes the next Tab from where the dialog was, and finds nothing.
 */
export function land(before: Element | null): boolean {
  if (isLost() && before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
  if (!isLost()) return false;
  document.querySelector<HTMLElement>("[data-landing]")?.focus({ preventScroll: true });
  return true;
}

/**
 * Opens a dialog over everything else, unless it is open; gives what gives the keyboard back. Taken away instead of closed, a
 * dialog leaves it nowhere.
 */
export function openModal(element: HTMLDialogElement | undefined): (() => void) | undefined {
  if (element?.open !== false) return undefined;
  const before = document.activeElement;
  element.showModal();
  return () => { land(before); };
}
