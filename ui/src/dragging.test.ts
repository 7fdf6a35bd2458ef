// Files that the pointer carries out of the window.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

/** Begins to drag the first picture of the gallery; gives what is dragged. */
async function drag(): Promise<Element> {
  const gallery = (await screen.findAllByRole("list", { name: names.gallery }, patient))[0];
  const picture = gallery?.querySelector("li[data-file] img") ?? document.body;
  await fireEvent(picture, new Event("dragstart", { bubbles: true, cancelable: true }));
  return picture;
}

test("the shell is told of the file that is dragged, at once", async () => {
  const { backend, session } = await shown("follow-done");
  const asked: unknown[][] = [];
  backend.dragArtifact = ({ type }, ...which: unknown[]) => {
    asked.push([type, ...which]);
    return Promise.resolve();
  };
  const picture = await drag();
  const path = picture.closest("li")?.dataset["file"];
  expect([asked, session.said]).toEqual([[["dragstart", "bc-sign-in", "bc-sign-in-run-1", path]], ""]);
});

test("a file that was let go before it was here is told of when it is", async () => {
  const { backend, session } = await shown("follow-done");
  let here: () => void = () => undefined;
  backend.dragArtifact = () => new Promise((resolve) => { here = resolve; });
  await fireEvent(await drag(), new Event("dragend", { bubbles: true }));
  here();
  await vi.waitFor(() => { expect(session.said).toBe(page.follow.dragAgain); });
});

test("what is the page's own is nothing to take while it is dragged over it", async () => {
  const { session, backend } = await shown("follow-done");
  backend.dragArtifact = () => Promise.resolve();
  const picture = await drag();
  await fireEvent(picture, new Event("dragover", { bubbles: true, cancelable: true }));
  expect(session.taking.dragging).toBe(false);
  await fireEvent(picture, new Event("dragend", { bubbles: true }));
  await fireEvent(picture, new Event("dragover", { bubbles: true, cancelable: true }));
  expect(session.taking.dragging, "files from elsewhere are").toBe(true);
});

test("a drag that the shell makes itself ends without a word, and files from elsewhere are welcome at once", async () => {
  const { session } = await shown("follow-done");
  const picture = await drag();
  await fireEvent(picture, new Event("dragover", { bubbles: true, cancelable: true }));
  expect(session.taking.dragging).toBe(true);
});

test("a file that cannot be carried can be saved", async () => {
  const { backend } = await shown("follow-done");
  backend.dragArtifact = () => Promise.reject(new Refusal({ code: "dragFailed" }));
  const saved: unknown[] = [];
  backend.saveArtifact = (...each: unknown[]) => {
    saved.push(each[0]);
    return Promise.resolve(true);
  };
  await drag();
  const words = failureWords({ code: "dragFailed" });
  const said = (await screen.findByText(words.text, {}, patient)).closest<HTMLElement>(".notice");
  await fireEvent.click(within(said ?? document.body).getByRole("button", { name: words.label }));
  expect(saved).toEqual(["bc-sign-in"]);
});
