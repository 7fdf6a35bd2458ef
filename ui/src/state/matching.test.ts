// Words are marked where the core finds them.

import { expect, test } from "vitest";
import { placesOf } from "./matching";

const marked = (text: string, question: string): string[] => placesOf(text, question).map(({ from, to }) => text.slice(from, to));

test.each([
  ["The LOGIN form", "login", ["LOGIN"]],
  ["The login form, formatted", "form", ["form", "formatted"]],
  ["The login form, formatted", "form ", ["form"]],
  ["The login form, formatted", "form log", ["login", "form"]],
  ["Größe, cafe\u0301", "grosse café", ["Größe", "cafe\u0301"]],
  ["src/login.css", "login.css", ["login", "css"]],
  ["请修复登录页面", "登录", ["登录"]],
  ["login", "l", []],
  ["login", "\"*-(", []],
  ["a login", "a l", ["a"]],
])("%s, looked for as %s", (text, question, expected) => {
  expect(marked(text, question)).toEqual(expected);
});
