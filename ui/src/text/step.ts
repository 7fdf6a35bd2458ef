// The steps of an agent in words.

import type { Step, StepDetail } from "../backend/bindings";
import { several } from "./time";

/** A step as it is shown: words, a name set as code, and lines added and removed. */
export interface StepWords {
  text: string;
  code?: string;
  added?: number;
  removed?: number;
  /** How it ended, where that was not as it should. */
  ended?: string;
}

/** The first of two when under way, the second when over. */
function wording(detail: StepDetail, running: boolean): StepWords {
  const either = (now: string, then: string): string => (running ? now : then);
  switch (detail.does) {
    case "thinks":
      return { text: either("Thinking", "Thought it over") };
    case "reads":
      if (detail.count === 1 && detail.name !== null) return { text: either("Reading", "Read"), code: detail.name };
      return { text: `${either("Reading", "Read")} ${several(detail.count, "file", "files")}` };
    case "searches":
      if (detail.count === 1) return { text: either("Looking around", "Looked around") };
      return { text: `${either("Looking around", "Looked around")}, ${detail.count.toString()} times` };
    case "edits": {
      const words: StepWords = { text: either("Editing", "Edited") };
      if (detail.name === null) words.text += " a file";
      else words.code = detail.name;
      if (detail.added !== null) words.added = detail.added;
      if (detail.removed !== null) words.removed = detail.removed;
      return words;
    }
    case "deletes":
      if (detail.name === null) return { text: either("Deleting a file", "Deleted a file") };
      return { text: either("Deleting", "Deleted"), code: detail.name };
    case "tests":
      return { text: either("Running the tests", "Ran the tests") };
    case "runs":
      return { text: either("Running", "Ran"), code: detail.command };
    case "browses":
      return { text: either("Looking something up on the web", "Looked something up on the web") };
    case "captures":
      return { text: either("Taking a screenshot to check", "Took a screenshot to check") };
    case "usesComputer":
      return { text: either("Trying it out on screen", "Tried it out on screen") };
    case "plans":
      return { text: either("Sorting out what’s left to do", "Sorted out what’s left to do") };
    case "madePlan":
      return { text: either("Making a plan", "Made a plan") };
    case "asks":
      return { text: either("Asking you something", "Asked you something") };
    case "delegates":
      return { text: either("Handing part of it to another agent", "Handed part of it to another agent") };
    case "waits":
      return { text: either("Waiting for something it started", "Waited for something it started") };
    case "other":
      if (detail.count === 1) return { text: either("Using", "Used"), code: detail.name };
      return { text: `${either("Using a tool", "Used a tool")} ${detail.count.toString()} times:`, code: detail.name };
  }
}

/** A step as it is shown in the conversation. */
export function stepWords(step: Step): StepWords {
  // A command that failed did run; a file whose edit failed was not edited.
  const ran = step.state === "failed" && (step.detail.does === "runs" || step.detail.does === "tests");
  const words = wording(step.detail, step.state !== "done" && !ran);
  if (step.state === "interrupted") words.ended = "· cut short";
  if (step.state === "failed") words.ended = "· failed";
  return words;
}

/** A step in one plain line, for rows and the status. */
export function stepLine(step: Step): string {
  const { text, code } = wording(step.detail, true);
  return code === undefined ? text : `${text} ${code}`;
}
