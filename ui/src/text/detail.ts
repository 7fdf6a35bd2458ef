// The developer's detail of a step, in words. Names and values are the tool's own.

import type { CallPart, ClipCut, FieldsOf } from "../backend/bindings";
import { duration, size } from "./time";

export const detail = {
  fetching: "Getting the details",
  none: "No details of this step are on this computer.",
  soon: "No details yet. They come as the step goes on.",
  withheld: "Part of this is left out because it is too large.",
  more: (count: number) => `And ${count.toString()} more, not listed here.`,
  cut: ({ shown, bytes }: ClipCut) => `Cut after the first ${size(shown)} of ${size(bytes)}.`,
  linesCut: "Cut here. The whole change is in the branch.",
  folder: (folder: string) => `in ${folder}`,
  took: (milliseconds: number) => `took ${duration(milliseconds)}`,
} as const;

const fieldsOf: Record<FieldsOf, string> = { arguments: "Arguments", result: "Result" };

/** What stands above a part. */
export function partName(part: CallPart): string {
  switch (part.part) {
    case "command":
      return "Command";
    case "output":
      return part.error ? "Errors and warnings" : "Output";
    case "exitCode":
      return `Exit code ${part.code.toString()}`;
    case "content":
      return part.path ?? "Content";
    case "diff":
      return part.path ?? "Change";
    case "failed":
      return "What went wrong";
    case "fields":
      return fieldsOf[part.of];
  }
}
