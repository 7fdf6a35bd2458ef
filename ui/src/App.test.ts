import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { MemoryBackend } from "./backend/memory";
import { sceneNames } from "./backend/memory/scenes";
import { patient, shown as shownWhole } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

async function shown(scene: string): Promise<MemoryBackend> {
  return (await shownWhole(scene)).backend;
}

test("closing without a tray asks, and the answer is kept and followed", async () => {
  const backend = await shown("list");
  const closed = vi.spyOn(backend, "closeWindow");
  backend.askClose();
  await fireEvent.click(await screen.findByRole("button", { name: names.keepWorking }, patient));
  await vi.waitFor(() => { expect(closed).toHaveBeenCalledOnce(); }, patient);
  expect(backend.asked.at(-1)).toMatchObject({ change: "settings_change", settings: { onClose: "keepWorking" } });
  expect(document.querySelector("dialog")).toBeNull();
});

test("Ctrl Q quits once what was typed is saved", async () => {
  const backend = await shown("compose");
  const quit = vi.spyOn(backend, "quit");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  await fireEvent.input(area, { target: { value: "Make it blue" } });
  await fireEvent.keyDown(area, { key: "q", ctrlKey: true });
  await vi.waitFor(() => { expect(quit).toHaveBeenCalledOnce(); }, patient);
  expect(backend.asked.at(-1)).toMatchObject({ change: "draft_text", text: "Make it blue" });
});

test("Ctrl Q quits over a dialog and before there is an account, but not with Shift, Alt, or the Mac’s key", async () => {
  const first = await shownWhole("list");
  const over = vi.spyOn(first.backend, "quit");
  first.session.dialog = { shows: "settings" };
  const dialog = await screen.findByRole("dialog", { name: names.settings }, patient);
  for (const held of [{ ctrlKey: true, shiftKey: true }, { ctrlKey: true, altKey: true }, { metaKey: true }, {}]) {
    await fireEvent.keyDown(dialog, { key: "q", ...held });
  }
  await fireEvent.keyDown(dialog, { key: "n", ctrlKey: true });
  expect(over).not.toHaveBeenCalled();
  await fireEvent.keyDown(dialog, { key: "q", ctrlKey: true });
  await vi.waitFor(() => { expect(over).toHaveBeenCalledOnce(); }, patient);
  cleanup();
  const backend = await shown("welcome");
  const before = vi.spyOn(backend, "quit");
  await fireEvent.keyDown(document.body, { key: "q", ctrlKey: true });
  await vi.waitFor(() => { expect(before).toHaveBeenCalledOnce(); }, patient);
});

test.each(sceneNames)("the scene %s is drawn, and every control has a name", async (scene) => {
  await shown(scene);
  await vi.waitFor(() => { expect(document.querySelector("h1")).not.toBeNull(); }, patient);
  const nameless = [...document.querySelectorAll("button, input, textarea, [role=option], [role=button], [role=switch]")].filter(
    (element) =>
      (element.getAttribute("aria-label") ?? element.textContent).trim() === "" && element.closest("label") === null,
  );
  expect(nameless.map((element) => `${element.tagName} ${element.className}`)).toEqual([]);
});

test("words that were just typed are saved before the draft is sent", async () => {
  const backend = await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  await fireEvent.input(area, { target: { value: "Make it blue" } });
  await fireEvent.click(screen.getByRole("button", { name: names.send }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(2); }, patient);
  expect(backend.asked).toEqual([
    { change: "draft_text", draft: "draft-open", text: "Make it blue" },
    { change: "draft_send", draft: "draft-open" },
  ]);
});

test("words that could not be saved are not sent, and the reason is shown", async () => {
  const backend = await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  const change = backend.change.bind(backend);
  let full = true;
  backend.change = (asked) =>
    full && asked.change === "draft_text" ? Promise.reject(new Refusal({ code: "diskFull" })) : change(asked);
  await fireEvent.input(area, { target: { value: "Newer words" } });
  await fireEvent.click(screen.getByRole("button", { name: names.send }));
  await screen.findByText(/Your disk is full/);
  expect(backend.asked).toEqual([]);
  full = false;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([{ change: "draft_text", draft: "draft-open", text: "Newer words" }]);
});

test("the keys that send do not end the hold as well", async () => {
  const backend = await shown("compose");
  await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "Enter", ctrlKey: true });
  await screen.findByRole("button", { name: names.sendNow });
  expect(backend.asked).toEqual([{ change: "draft_send", draft: "draft-open" }]);
});

test("Escape takes back what is held", async () => {
  const backend = await shown("holding");
  await screen.findByRole("button", { name: names.undo });
  await fireEvent.keyDown(document.body, { key: "Escape" });
  await screen.findByLabelText(names.words);
  expect(backend.asked).toEqual([{ change: "launch_undo", launch: "launch-open" }]);
});

test("words are saved when the field is left", async () => {
  const backend = await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  await fireEvent.input(area, { target: { value: "Half a sent" } });
  await fireEvent.blur(area);
  expect(backend.asked).toEqual([{ change: "draft_text", draft: "draft-open", text: "Half a sent" }]);
});

test("Go ahead sends the words of the table without planning again", async () => {
  const backend = await shown("plan");
  await fireEvent.click(await screen.findByRole("button", { name: names.goAhead }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([
    { change: "follow_up_send", agent: "bc-plan", source: { from: "words", text: "Go ahead with the plan." }, planFirst: false },
  ]);
});

test("an answer to choose from is sent as it stands", async () => {
  const backend = await shown("ask");
  await fireEvent.click(await screen.findByRole("button", { name: "Use the new size" }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([
    { change: "follow_up_send", agent: "bc-profile", source: { from: "words", text: "Use the new size" }, planFirst: false },
  ]);
});

test("words of a button leave what is being written alone", async () => {
  const backend = await shown("plan");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.answer);
  await fireEvent.input(area, { target: { value: "Half a sent" } });
  await fireEvent.click(await screen.findByRole("button", { name: names.goAhead }));
  await vi.waitFor(() => { expect(backend.asked.map(({ change }) => change)).toContain("follow_up_send"); }, patient);
  expect(area.value).toBe("Half a sent");
});

test("the answer is saved and sent as it was saved", async () => {
  const backend = await shown("plan");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.answer);
  await fireEvent.input(area, { target: { value: "Leave the footer out" } });
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(2); }, patient);
  expect(backend.asked).toEqual([
    { change: "answer_text", agent: "bc-plan", text: "Leave the footer out" },
    { change: "follow_up_send", agent: "bc-plan", source: { from: "answer" }, planFirst: expect.any(Boolean) as boolean },
  ]);
  await vi.waitFor(() => { expect(area.value).toBe(""); }, patient);
});

test("a refused answer goes again with what is its own", async () => {
  const backend = await shown("follow-refused");
  await fireEvent.click(await screen.findByRole("button", { name: names.sendAgain }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([{ change: "follow_up_again", agent: "bc-sign-in", followUp: "f1", text: "And the password reset." }]);
});

test("what waits because Cursor asked for patience cannot be hurried", async () => {
  await shown("waiting-rate-limit");
  await screen.findByRole("button", { name: names.undo });
  expect(screen.queryByRole("button", { name: names.sendNow })).toBeNull();
});

test("a locked keychain offers to keep the key in memory, and the field is emptied", async () => {
  await shown("keychain");
  const field = await screen.findByLabelText<HTMLInputElement>(names.key);
  await fireEvent.input(field, { target: { value: " crsr_secret_9f3a " } });
  await fireEvent.click(screen.getByRole("button", { name: names.connect }));
  await fireEvent.click(await screen.findByRole("button", { name: names.keepInMemory }, patient));
  await screen.findByLabelText(names.words, {}, patient);
  expect(document.body.textContent).not.toContain("crsr_secret");
  expect([...document.querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value).join()).not.toContain("crsr_secret");
  expect(field.value).toBe("");
});

/** The buttons there are, by their words. */
const buttons = (): string[] => screen.getAllByRole("button").map(({ textContent }) => textContent.trim());

test.each([
  ["start-read-only", /may not write to its folder/, [names.tryAgain, names.quit]],
  ["start-damaged", /is damaged/, [names.startAnew, names.quit]],
  ["start-newer", /saved by a newer Sendoff/, [names.quit]],
  ["start-in-use", /already running/, [names.tryAgain, names.quit]],
])("in the scene %s the window says why nothing can be shown, with one way on", async (scene, sentence, offered) => {
  const backend = await shown(scene);
  expect((await screen.findByRole("alert")).textContent).toMatch(sentence);
  expect(buttons()).toEqual(offered);
  let quit = 0;
  backend.quit = () => {
    quit += 1;
    return Promise.resolve();
  };
  await fireEvent.click(screen.getByRole("button", { name: names.quit }));
  expect(quit).toBe(1);
});

test("the page begins as soon as the data could be opened", async () => {
  await shown("start-read-only");
  await fireEvent.click(await screen.findByRole("button", { name: names.tryAgain }));
  await screen.findByRole("button", { name: names.create }, patient);
  expect(screen.queryByRole("button", { name: names.quit })).toBeNull();
});

test("starting anew puts the damaged file aside, and only then", async () => {
  const backend = await shown("start-damaged");
  const asked: boolean[] = [];
  const openData = backend.openData.bind(backend);
  backend.openData = (aside) => {
    asked.push(aside);
    return openData(aside);
  };
  await fireEvent.click(await screen.findByRole("button", { name: names.startAnew }));
  await screen.findByRole("button", { name: names.create }, patient);
  expect(asked).toEqual([true]);
});

test("what stands in the way the next time is said instead", async () => {
  const backend = await shown("start-read-only");
  backend.openData = () => Promise.reject(new Refusal({ code: "diskFull" }));
  backend.changes = () => Promise.reject(new Refusal({ code: "diskFull" }));
  await fireEvent.click(await screen.findByRole("button", { name: names.tryAgain }));
  await screen.findByText(/Your disk is full/);
});

test("a key that was kept until quitting is asked for, in the dialog of its account", async () => {
  await shown("key-needed");
  await screen.findByText("The key was kept until you quit. Enter it again to go on.");
  await fireEvent.click(screen.getByRole("button", { name: names.enterKey }));
  await screen.findByRole("heading", { name: "Replace the key of Studio" });
  screen.getByLabelText(names.key);
  screen.getByRole("button", { name: names.connect });
});

test("a keychain that is locked at the start is only tried again: the key is in it", async () => {
  const backend = await shown("keychain-locked");
  await screen.findByText(/Your keychain is locked/);
  expect(screen.queryByRole("button", { name: names.keepInMemory })).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: names.tryAgain }));
  await vi.waitFor(() => { expect(screen.queryByText(/Your keychain is locked/)).toBeNull(); }, patient);
  expect(backend.asked).toEqual([{ change: "account_retry", account: "studio" }]);
});

/** Opens the settings from the keyboard. */
async function settings(): Promise<HTMLElement> {
  await fireEvent.keyDown(document.body, { key: ",", ctrlKey: true });
  return screen.findByRole("dialog", { name: names.settings }, patient);
}

test("the button of an account's problem in the settings acts on that account, not on the active one", async () => {
  const backend = await shown("other-refused");
  await settings();
  await fireEvent.click(screen.getByRole("button", { name: "Use another key" }));
  await screen.findByRole("heading", { name: "Replace the key of Other" });
  const connected: (string | null)[] = [];
  backend.connect = (_key, account) => {
    connected.push(account);
    return Promise.resolve("studio-2");
  };
  await fireEvent.input(screen.getByLabelText(names.key), { target: { value: "crsr_9f3a" } });
  await fireEvent.click(screen.getByRole("button", { name: names.connect }));
  await screen.findByText(/This key is someone else’s/);
  expect(connected).toEqual(["other"]);
});

test("what the settings were refused is said inside them", async () => {
  const backend = await shown("settings");
  const dialog = await settings();
  backend.change = () => Promise.reject(new Refusal({ code: "diskFull" }));
  await fireEvent.click(within(dialog).getByRole("switch", { name: names.notifications }));
  await within(dialog).findByText(/Your disk is full/);
});

test("practice can use the older API too", async () => {
  const backend = await shown("settings");
  const dialog = await settings();
  const switches = within(dialog).getAllByRole("switch", { name: names.olderApi });
  expect(switches).toHaveLength(2);
  await fireEvent.click(switches.at(-1) ?? dialog);
  expect(backend.asked).toEqual([{ change: "account_older_api", account: "practice", olderApi: true }]);
});

test("the other account is one click away", async () => {
  const backend = await shown("list");
  await fireEvent.click(await screen.findByRole("button", { name: `${names.switchTo} Practice` }));
  await screen.findByRole("button", { name: `${names.switchTo} Studio` }, patient);
  expect(backend.asked[0]).toEqual({ change: "account_activate", account: "practice" });
});

test("words of people and agents take their own direction", async () => {
  await shown("answering");
  await vi.waitFor(() => { expect(document.querySelector(".reply")).not.toBeNull(); }, patient);
  const places = ["textarea", "h1", "article p", ".reply", "[role=option] b", "input[role=searchbox]"];
  expect(places.map((place) => [place, document.querySelector(place)?.getAttribute("dir")])).toEqual(places.map((place) => [place, "auto"]));
});

test("settings say that the last notification was not shown", async () => {
  const backend = await shown("list");
  backend.noticeTrouble = () => Promise.resolve({ code: "noticeFailed" });
  const notices = within(await settings()).getByRole("switch", { name: names.notifications });
  await vi.waitFor(() => {
    const id = notices.getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(id)?.textContent).toBe(failureWords({ code: "noticeFailed" }).text);
  }, patient);
});

test("the keys of Capture are chosen by pressing them, and turned off", async () => {
  const backend = await shown("settings");
  const dialog = await settings();
  const button = within(dialog).getByRole("button", { name: names.captureShortcut });
  const chosen = (): unknown[] =>
    backend.asked.flatMap((change) => (change.change === "settings_change" ? [change.settings.captureShortcut] : []));
  const press = (key: string, code: string, held = {}): Promise<boolean> => fireEvent.keyDown(button, { key, code, ...held });
  const together = { ctrlKey: true, altKey: true };

  expect(button.textContent).toBe("Ctrl Shift 2");
  // Until it was pressed it is a button as any other.
  await press("c", "KeyC", together);
  await fireEvent.click(button);
  expect([button.textContent, chosen()]).toEqual([page.settings.pressKeys, []]);
  await press("Escape", "Escape");
  expect([button.textContent, dialog.isConnected]).toEqual(["Ctrl Shift 2", true]);

  await fireEvent.click(button);
  await press("Control", "ControlLeft", { ctrlKey: true });
  expect(button.textContent).toBe(page.settings.pressKeys);
  await press("c", "KeyC", together);
  await vi.waitFor(() => { expect(button.textContent).toBe("Ctrl Alt C"); }, patient);
  expect(chosen()).toEqual(["CmdOrCtrl+Alt+C"]);

  await fireEvent.click(button);
  await press("PrintScreen", "PrintScreen");
  await within(dialog).findByText("Another program uses Print Screen. Choose another in Settings.");
  expect(button.textContent).toBe("Ctrl Alt C");

  await fireEvent.click(within(dialog).getByRole("button", { name: names.captureShortcutOff }));
  await vi.waitFor(() => { expect(button.textContent).toBe(page.settings.noKeys); }, patient);
  expect(chosen()).toEqual(["CmdOrCtrl+Alt+C", null]);
  expect(document.activeElement).toBe(button);
});

test("how light pictures become is one choice, and the composer says what will go", async () => {
  const backend = await shown("compose");
  const line = (): string => document.querySelector(".hint span")?.textContent.trim() ?? "";
  const before = line();
  const dialog = await settings();
  const choices = within(within(dialog).getByRole("radiogroup", { name: names.fit }));
  expect(choices.getByLabelText<HTMLInputElement>(page.settings.fitSharp).checked, "nothing is touched unless asked for").toBe(true);
  within(dialog).getByText(page.settings.fitNote("sharp"));
  await fireEvent.click(choices.getByLabelText(page.settings.fitSmall));
  await within(dialog).findByText(page.settings.fitNote("small"));
  await vi.waitFor(() => { expect(line()).not.toBe(before); }, patient);
  const small = line();
  await fireEvent.click(choices.getByLabelText(page.settings.fitSharp));
  await vi.waitFor(() => { expect(line()).toBe(before); }, patient);
  expect(backend.asked.map((change) => (change.change === "settings_change" ? change.settings.fit : change.change))).toEqual(["small", "sharp"]);
  expect([before, small]).toEqual([
    "2 pictures, 2.0 megapixels, 640 KB",
    "2 pictures, 1.3 megapixels, 410 KB, was 2.0 megapixels, 640 KB",
  ]);
});
