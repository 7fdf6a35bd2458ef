// What is pressed while a shortcut is chosen, as the settings keep it: `CmdOrCtrl+Shift+2`.

/** The part of a key press that counts. */
export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

/** The key by its letter, by its place for digits, which Shift turns into signs, or by its name. */
function keyOf({ key, code }: Pressed): string | null {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  if (/^F([1-9]|1[0-2])$/.test(key)) return key;
  return key === "PrintScreen" ? key : null;
}

/** The shortcut; null while no key is pressed that makes one, or where typing would need it. */
export function shortcutOf(pressed: Pressed, apple: boolean): string | null {
  const key = keyOf(pressed);
  if (key === null) return null;
  const { ctrlKey, altKey, shiftKey, metaKey } = pressed;
  const primary = apple ? metaKey : ctrlKey;
  const other = apple ? ctrlKey : metaKey;
  if (key.length === 1 && !ctrlKey && !altKey && !metaKey) return null;
  return [
    ...(primary ? ["CmdOrCtrl"] : []),
    ...(other ? [apple ? "Ctrl" : "Super"] : []),
    ...(altKey ? ["Alt"] : []),
    ...(shiftKey ? ["Shift"] : []),
    key,
  ].join("+");
}
