import { expect, test } from "vitest";
import { shortcutName } from "../text/keyboard";
import { type Pressed, shortcutOf } from "./shortcut";

const press = (key: string, code: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

test("what is pressed becomes a shortcut that the core reads", () => {
  const cases: [pressed: Pressed, elsewhere: string | null, onApple: string | null][] = [
    // Shift makes a sign of a digit: its place counts.
    [press("@", "Digit2", { ctrlKey: true, shiftKey: true }), "CmdOrCtrl+Shift+2", "Ctrl+Shift+2"],
    [press("@", "Digit2", { metaKey: true, shiftKey: true }), "Super+Shift+2", "CmdOrCtrl+Shift+2"],
    // A letter is the one on the key, wherever the key is.
    [press("A", "KeyQ", { ctrlKey: true, altKey: true, shiftKey: true }), "CmdOrCtrl+Alt+Shift+A", "Ctrl+Alt+Shift+A"],
    [press("PrintScreen", "PrintScreen"), "PrintScreen", "PrintScreen"],
    [press("F12", "F12", { shiftKey: true }), "Shift+F12", "Shift+F12"],
    // Typing would need these.
    [press("a", "KeyA"), null, null],
    [press("A", "KeyA", { shiftKey: true }), null, null],
    // Nothing but what is held, yet.
    [press("Control", "ControlLeft", { ctrlKey: true }), null, null],
    [press("F13", "F13"), null, null],
    [press("Enter", "Enter", { ctrlKey: true }), null, null],
  ];
  expect(cases.map(([pressed]) => [pressed, shortcutOf(pressed, false), shortcutOf(pressed, true)])).toEqual(cases);
});

test("a shortcut is shown as it stands on the keyboard", () => {
  const cases = [
    ["CmdOrCtrl+Shift+2", "Ctrl Shift 2", "⇧⌘2"],
    ["Ctrl+Alt+A", "Ctrl Alt A", "⌃⌥A"],
    ["Super+F5", "Super F5", "⌘F5"],
    ["PrintScreen", "Print Screen", "Print Screen"],
  ] as const;
  expect(cases.map(([shortcut]) => [shortcut, shortcutName(shortcut, false), shortcutName(shortcut, true)])).toEqual(cases);
});
