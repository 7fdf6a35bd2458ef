// Keys as people know them.

/** Whether the keyboard is one of Apple's. */
export const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** "Ctrl N", or "⌘N" where the keyboard has that key. */
export const keys = (key: string): string => (apple ? `⌘${key}` : `Ctrl ${key}`);

/** What a held key is called elsewhere, and its sign on a Mac. */
const held: Record<string, readonly [elsewhere: string, onApple: string]> = {
  CmdOrCtrl: ["Ctrl", "⌘"],
  Ctrl: ["Ctrl", "⌃"],
  Alt: ["Alt", "⌥"],
  Shift: ["Shift", "⇧"],
  Super: ["Super", "⌘"],
  PrintScreen: ["Print Screen", "Print Screen"],
};

/** A shortcut of the settings as it stands on the keyboard: "Ctrl Shift 2", or "⇧⌘2". */
export function shortcutName(shortcut: string, onApple = apple): string {
  const parts = shortcut.split("+");
  if (!onApple) return parts.map((part) => held[part]?.[0] ?? part).join(" ");
  // The order in which a Mac shows them, Command last.
  const order = ["⌃", "⌥", "⇧", "⌘"];
  const place = (sign: string): number => (order.includes(sign) ? order.indexOf(sign) : order.length);
  return parts.map((part) => held[part]?.[1] ?? part).sort((one, other) => place(one) - place(other)).join("");
}
