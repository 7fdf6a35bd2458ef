// Takes parts out of a field as if the user had deleted them, so that its own undo brings them back.

/** The places are in order and do not meet. The caret is left where the first one was. */
export function cut(area: HTMLTextAreaElement, places: readonly { from: number; to: number }[]): void {
  area.focus();
  for (const { from, to } of [...places].reverse()) {
    area.setSelectionRange(from, to);
    if (!document.execCommand("delete")) area.setRangeText("", from, to, "end");
  }
  const [first] = places;
  if (first !== undefined) area.setSelectionRange(first.from, first.from);
}
