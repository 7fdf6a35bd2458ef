// Where the keyboard goes when what it was in is gone.

/**
 * Gives the keyboard back to an element, or to the page where that one is gone too. Left nowhere, WebKit takes the next Tab
 * from where the dialog was, and finds nothing.
 */
export function land(before: Element | null): void {
  if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
  if (document.activeElement === null || document.activeElement === document.body) {
    document.querySelector<HTMLElement>("[data-landing]")?.focus({ preventScroll: true });
  }
}
