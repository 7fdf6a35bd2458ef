// An agent that is not heard of, in the whole page.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { patient, shown } from "./shown";
import { names } from "./text/names";

afterEach(cleanup);

test("a quiet agent is said to be quiet in its row and its bar, with what it did last", async () => {
  await shown("follow-quiet");
  const bar = await screen.findByLabelText(names.status, {}, patient);
  expect(bar.textContent).toMatch(/quiet for 3 min: no sign of life, still running on Cursor\s*·\s*Running the tests$/);
  const row = screen.getByRole("option", { name: /Sign-in button/ });
  expect([row.textContent.includes("Quiet for 3 min"), row.querySelector(".pulse")]).toEqual([true, null]);
  expect(screen.queryByText(/Have a look at it in Cursor/), "quiet is nothing to act on yet").toBeNull();
});

test("row, bar and switcher count the same silence to the same moment", async () => {
  const { session } = await shown("follow-quiet");
  await screen.findByLabelText(names.status, {}, patient);
  session.clock.stop();
  const since = session.item?.agent?.silence?.since ?? 0;
  const said = async (after: number): Promise<(string | undefined)[]> => {
    session.clock.tick(since + after);
    await tick();
    const places = [screen.getByLabelText(names.status), screen.getByRole("option", { name: /Sign-in button/ })];
    return places.map(({ textContent }) => /uiet for ([^:·A-Z]+ min)/.exec(textContent)?.[1]);
  };
  expect([await said(230_000), await said(239_999), await said(240_000)]).toEqual([["3 min", "3 min"], ["3 min", "3 min"], ["4 min", "4 min"]]);
  session.dialog = { shows: "switcher" };
  const line = await screen.findByRole("option", { name: /Sign-in button.*Quiet for/ }, patient);
  await vi.waitFor(() => { expect(line.textContent).toContain("Quiet for 4 min"); });
});

test("an agent that may be stuck says what to do next, with one button", async () => {
  const { backend } = await shown("follow-stuck");
  const words = await screen.findByText(/no sign of life for a long time, though Cursor says it is still running\. Have a look at it in Cursor\.$/, {}, patient);
  const notice = words.closest<HTMLElement>("[role=status], [role=alert], .notice") ?? document.body;
  const open = vi.spyOn(backend, "openLink");
  await fireEvent.click(within(notice).getByRole("button", { name: names.openInCursor }));
  expect([within(notice).getAllByRole("button").length, open.mock.calls]).toEqual([1, [["https://cursor.com/agents/bc-sign-in"]]]);
});
