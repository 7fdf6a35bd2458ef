// What steps did in detail, made up from how they are told.

import type { Block, CallDetail, CallPart, Clip, DiffLine, DiffSign, StepCall, StepDetail, StepState } from "../bindings";
import { testResults } from "./made";

const clip = (text: string): Clip => ({ text, cut: null });
const line = (sign: DiffSign, text: string): DiffLine => ({ sign, text });

const code = 'import { Field } from "./field";\n\nexport function SignIn() {\n  return <Field label="Email" />;\n}\n';

/** The block whose calls hold this one, and its place among them. */
function holding(blocks: readonly Block[], run: string, call: string): [StepDetail, StepState, number] | null {
  const [first = "", place = "0"] = call.split("/");
  for (const { kind, run: of } of blocks) {
    if (of === run && kind.kind === "steps" && kind.calls?.first === first) return [kind.step.detail, kind.step.state, Number(place)];
  }
  return null;
}

const files = ["src/sign-in/sign-in.tsx", "src/sign-in/sign-in.css", "src/sign-in/field.tsx", "src/tokens.css", "src/app.tsx", "package.json"];

export function callsOf(blocks: readonly Block[], run: string, first: string, count: number): StepCall[] {
  const found = holding(blocks, run, first);
  if (found === null) return [];
  const [detail, state] = found;
  return Array.from({ length: count }, (_, place) => {
    const path = files[place % files.length] ?? "";
    const one: StepDetail = detail.does === "reads" ? { does: "reads", count: 1, name: path.split("/").at(-1) ?? null } : detail;
    return { id: place === 0 ? first : `${first}/${place.toString()}`, step: { detail: one, state }, object: detail.does === "reads" ? path : null };
  });
}

function partsOf(detail: StepDetail, place: number): CallPart[] {
  switch (detail.does) {
    case "reads":
      return [{ part: "content", path: files[place % files.length] ?? null, language: "tsx", clip: clip(code) }];
    case "edits":
      return [
        {
          part: "diff",
          path: `src/sign-in/${detail.name ?? "file"}`,
          lines: [
            line("place", "@@ -14,9 +14,8 @@ .sign-in"),
            line("same", ".sign-in button {"),
            line("removed", "  margin-inline-start: 48px;"),
            line("removed", "  width: 220px;"),
            line("added", "  width: 100%;"),
            line("added", "  margin-inline: 0;"),
            line("same", "}"),
          ],
          cut: false,
        },
        { part: "fields", of: "result", fields: [{ name: "linesAdded", clip: clip("12") }, { name: "linesRemoved", clip: clip("3") }] },
      ];
    case "tests":
    case "runs":
      return [
        { part: "command", clip: clip(detail.command), folder: "/workspace" },
        { part: "output", clip: { text: testResults.text, cut: { shown: testResults.shown, bytes: testResults.bytes } }, error: false },
        { part: "output", clip: clip("npm warn config ignoring workspace config\n"), error: true },
        { part: "exitCode", code: 1 },
        { part: "fields", of: "arguments", fields: [{ name: "isBackground", clip: clip("false") }] },
      ];
    default:
      return [{ part: "fields", of: "arguments", fields: [{ name: "actions", clip: clip('[{"type":"screenshot","path":"/tmp/after.png"}]') }] }];
  }
}

export function detailOf(blocks: readonly Block[], run: string, call: string): CallDetail | null {
  const found = holding(blocks, run, call);
  if (found === null) return null;
  const [detail, state, place] = found;
  return { tool: detail.does, state, took: state === "running" ? null : 1_800, parts: partsOf(detail, place), withheld: false };
}
