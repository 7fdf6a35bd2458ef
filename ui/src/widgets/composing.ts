// Keys that belong to an input method, which turns them into letters.

/** Whether a key only goes on with, or ends, what is being composed. WebKit says so of the last Enter by its code alone. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;
