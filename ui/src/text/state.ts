// Where things stand, in words: rows, agents, launches, follow-ups.

import type { Agent, Decision, FollowUpState, LaunchState, Row, ShotNote, Silence, Waiting } from "../backend/bindings";
import { failureShort } from "./failure";
import { stepLine } from "./step";
import { ago, duration, several, size } from "./time";

/** The color a line of words has. */
export type Tone = "plain" | "live" | "amber" | "red" | "green";

export interface Status {
  text: string;
  tone: Tone;
}

const status = (text: string, tone: Tone = "plain"): Status => ({ text, tone });

const waitingShort: Record<Waiting, string> = {
  network: "Waiting for a connection",
  rateLimit: "Waiting for Cursor’s go",
  service: "Waiting for Cursor",
  account: "Waiting for a working account",
};

const waitingWhole: Record<Waiting, string> = {
  network: "There’s no connection right now. It sends itself as soon as there is.",
  rateLimit: "Cursor asks for a little patience. It sends itself in a moment.",
  service: "Cursor is having trouble. It sends itself when that is over.",
  account: "The account needs you first. It sends itself once the account works.",
};

const decisionShort: Record<Decision["about"], string> = {
  waitedLong: "Still want to send this?",
  differentUser: "Send it with the new key?",
  cannotTell: "Not sure it arrived",
};

function launchShort(launch: LaunchState): Status {
  switch (launch.state) {
    case "holding":
      return status("Sending in a moment", "live");
    case "waiting":
      return status(waitingShort[launch.waiting]);
    case "sending":
      return status("Starting the agent", "live");
    case "uncertain":
      return status("Finding out whether it arrived", "live");
    case "confirmed":
      return status("Started", "live");
    case "needsDecision":
      return status(decisionShort[launch.decision.about], "amber");
    case "rejected":
      return status(`Not sent: ${failureShort(launch.failure)}`, "red");
  }
}

/** A run that is not heard of, in a few words. */
function silenceShort({ since, beats, stuck }: Silence, now: number): Status {
  const time = duration(now - since);
  if (stuck) return status(`May be stuck: ${beats ? "nothing new" : "no sign of life"} for ${time}`, "amber");
  return status(beats ? `Nothing new for ${time}` : `Quiet for ${time}`);
}

/** The same with what is known of it: its record was asked for. */
function silenceWhole({ since, beats, stuck }: Silence, now: number): Status {
  const time = duration(now - since);
  if (stuck) return status(`may be stuck: ${beats ? "nothing new" : "no sign of life"} for ${time}, still running on Cursor`, "amber");
  return status(beats ? `nothing new for ${time}, but connected and running on Cursor` : `quiet for ${time}: no sign of life, still running on Cursor`);
}

/** What to do about a run that may be stuck. For how long stands in the status: what is read aloud when it changes has no time in it. */
export function stuckWords({ beats }: Silence, inCursor: boolean): string {
  const what = beats
    ? "The agent is connected, but it has done nothing new for a long time."
    : "The agent has given no sign of life for a long time, though Cursor says it is still running.";
  return inCursor ? `${what} Have a look at it in Cursor.` : `${what} You can stop it and send your words again.`;
}

/** The status line of a row. */
export function rowStatus(row: Row, now: number): Status {
  const { state } = row;
  if (row.silence !== null) return silenceShort(row.silence, now);
  switch (state.is) {
    case "draft": {
      if (state.problem !== null) return status(`Not sent: ${failureShort(state.problem)}`, "red");
      return status(state.pictures === 0 ? "Draft" : `Draft, ${several(state.pictures, "picture", "pictures")}`);
    }
    case "launch":
      return launchShort(state.launch);
    case "starting":
      return row.reconnecting ? status("Reconnecting") : status("Getting ready", "live");
    case "working":
      if (row.reconnecting) return status("Reconnecting");
      return status(state.step === null ? "Working" : stepLine(state.step), "live");
    case "asks":
      return status(`Asks: ${state.question}`, "amber");
    case "plan":
      return status("Has a plan for you", "amber");
    case "followUpUncertain":
      return status("Not sure your answer arrived", "amber");
    case "followUpHeld":
      return status("Your answer waits for you", "amber");
    case "done":
      return state.pullRequest ? status("Pull request ready", "green") : status("Done");
    case "stopped":
      return status("Stopped");
    case "failed":
      return status(`Failed: ${failureShort(state.failure)}`, "red");
    case "unknown":
      return status("Not looked at yet");
  }
}

/** Title of a row or page without one. */
export const untitled = "Untitled";

/** The words under the title of an agent. */
export function agentStatus(agent: Agent, now: number): Status {
  const { state, silence } = agent;
  if (silence !== null && (state.is === "starting" || state.is === "working")) {
    const { text, tone } = silenceWhole(silence, now);
    return status(agent.reconnecting ? `${text}, reconnecting` : text, tone);
  }
  switch (state.is) {
    case "starting":
      return status("getting its computer ready, usually under a minute");
    case "working": {
      const working = `working for ${duration(now - state.since)}`;
      if (agent.reconnecting) return status(`${working}, reconnecting`);
      if (agent.polled) return status(agent.lastSign === null ? working : `${working}, last looked at ${ago(agent.lastSign, now)}`);
      // One of the run before is no sign of this one.
      const heard = agent.lastSign !== null && agent.lastSign >= state.since;
      return status(!heard || agent.lastSign === null ? working : `${working}, last sign of life ${ago(agent.lastSign, now)}`);
    }
    case "stopping":
      return status("stopping");
    case "asks":
      return status("asks you something", "amber");
    case "plan":
      return status("made a plan and waits for you", "amber");
    case "done":
      return agent.pullRequests.length > 0 ? status("done, pull request ready", "green") : status("done");
    case "stopped":
      return status("stopped");
    case "failed":
      return status(`failed: ${failureShort(state.failure)}`, "red");
    case "unknown":
      return status("not looked at yet");
  }
}

/** What an agent does now, where that is known: beside its status. */
export function nowLine({ state }: Agent): string {
  return state.is === "working" && state.step !== null ? stepLine(state.step) : "";
}

/** What a launch does, in a heading and a sentence. */
export function launchWords(state: LaunchState, now: number): { title: string; text: string; status: string } {
  switch (state.state) {
    case "holding": {
      const left = Math.max(0, Math.ceil((state.until - now) / 1_000));
      return {
        title: left === 0 ? "Sending" : `Sending in ${left.toString()} s`,
        text: "Nothing has left yet. You can still take it back.",
        status: "about to be sent",
      };
    }
    case "waiting":
      return {
        title: waitingShort[state.waiting],
        text:
          state.until !== null && state.until > now
            ? `${waitingWhole[state.waiting]} Next try in ${duration(state.until - now).replace(" ", "\u{a0}")}.`
            : waitingWhole[state.waiting],
        status: "waiting, nothing has left yet",
      };
    case "sending":
      return {
        title: "Starting the agent",
        text: "This can take a minute. You can go on with something else.",
        status: `being sent for ${duration(now - state.since)}`,
      };
    case "uncertain":
      return {
        title: "We can’t tell yet whether it arrived",
        text: "The answer got lost on the way. Sendoff is looking for the agent, and it will never be started twice.",
        status: "finding out whether it arrived",
      };
    case "confirmed":
      return { title: "Started", text: "Opening the agent.", status: "started" };
    case "needsDecision":
      return { ...decisionWords(state.decision, now), status: "waits for you" };
    case "rejected":
      return { title: "It wasn’t sent", text: "", status: "not sent" };
  }
}

function decisionWords(decision: Decision, now: number): { title: string; text: string } {
  switch (decision.about) {
    case "waitedLong":
      return {
        title: "Still want to send this?",
        text: `It has waited for ${duration(now - decision.since)}. Nothing has left yet.`,
      };
    case "differentUser":
      return {
        title: "The key belongs to someone else now",
        text: "This was written with another person’s key. Send it with the new one?",
      };
    case "cannotTell":
      return decision.candidates.length === 0
        ? {
            title: "We can’t tell whether it arrived",
            text: "No agent that matches was found. If you send it again, there may be two.",
          }
        : {
            title: "Is it one of these?",
            text: "These agents match what you sent. Pick the one that is yours, or send it again.",
          };
  }
}

/** When an answer that is queued is sent: now, after the run under way, after those before it, or when it is let go. */
export type Turn = "now" | "next" | "later" | "held";

const turns: Record<Turn, string> = {
  now: "Next in line",
  next: "Sent when this run ends",
  later: "Sent after the one above",
  held: "Waits for you",
};

/** Where a queued answer stands. */
export function followUpStatus(state: FollowUpState, turn: Turn): Status {
  switch (state.state) {
    case "queued":
      return status(turns[turn]);
    case "waiting":
      return status(waitingShort[state.waiting]);
    case "sending":
      return status("Sending", "live");
    case "uncertain":
      return status("Finding out whether it arrived", "live");
    case "confirmed":
      return status("Sent", "green");
    case "needsDecision":
      return status("We can’t tell whether this arrived. If you send it again, the agent may get it twice.", "amber");
    case "rejected":
      return status(`Not sent: ${failureShort(state.failure)}`, "red");
  }
}

/** What was done to a picture; the brief form leaves the amounts out. */
export function shotNote(note: ShotNote, brief = false): string {
  switch (note.note) {
    case "metadataRemoved":
      return "Hidden details removed";
    case "firstFrameOnly":
      return "First frame only";
    case "colorConverted":
      return "Colors made standard";
    case "colorsGuessed":
      return brief ? "Colors may differ" : "Colors may look a little different: the file’s color profile could not be used";
    case "converted":
      return "Saved in another format";
    case "fitted": {
      const how = note.scaled ? (note.lossy ? "Made smaller, some detail lost" : "Made smaller") : note.lossy ? "Squeezed, some detail lost" : "Packed tighter";
      return brief ? how : `${how}, ${size(note.fromBytes)} to ${size(note.toBytes)}`;
    }
  }
}
