import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Failure } from "./backend/bindings";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";

afterEach(cleanup);

const notSaved: Failure[] = [{ code: "diskFull" }, { code: "dataReadOnly" }, { code: "dataTrouble" }];

const composers = [
  ["compose", names.words],
  ["follow-done", names.answer],
] as const;

test.each(composers.flatMap(([scene, field]) => notSaved.map((failure) => [scene, failure.code, field, failure] as const)))(
  "in the scene %s, the button of a picture that could not be kept (%s) sends nothing",
  async (scene, _code, field, failure) => {
    const { backend, session } = await shown(scene);
    const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
    await fireEvent.input(area, { target: { value: "Half a sentence" } });
    await fireEvent.blur(area);
    await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
    backend.paste = () => Promise.reject(new Refusal(failure));
    await session.paste();
    const said = (await screen.findByText(failureWords(failure).text)).closest(".notice");
    const button = said?.querySelector("button");
    expect(button?.textContent.trim(), "there is nothing it could repeat").toBe("OK");
    await fireEvent.click(button as HTMLElement);
    await vi.waitFor(() => { expect(session.refused).toEqual([]); }, patient);
    expect(backend.asked.map(({ change }) => change), "a button about a picture must never send the words").toEqual([
      scene === "compose" ? "draft_text" : "answer_text",
    ]);
  },
);
