// The shell, by its commands. The only file that imports the shell's packages.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { type Backend, failureOf, Refusal, type Stop, type Wanted } from "./backend";
import type { AccountId, CallDetail, Changes, CodeRun, Earlier, Failure, FileText, Found, KeyShape, Model, Outlook, OutsidePicture, Spending, StepCall, Taken, TextShape } from "./bindings";

async function ask<Answer>(command: string, payload?: Record<string, unknown>): Promise<Answer> {
  try {
    return await invoke<Answer>(command, payload);
  } catch (thrown) {
    throw new Refusal(failureOf(thrown));
  }
}

/** A subscription that may be ended before it has begun. */
function subscribe(begin: Promise<Stop>): Stop {
  let ended = false;
  let stop: Stop | null = null;
  begin.then(
    (begun) => {
      if (ended) begun();
      else stop = begun;
    },
    // Without the shell's permission for events the page still works, it only hears nothing of drags.
    () => undefined,
  );
  return () => {
    ended = true;
    stop?.();
  };
}

/** Pictures are asked for in steps of 100 device pixels, so that few sizes are made and kept. */
function rounded(width: number): number {
  return Math.max(100, Math.ceil(width / 100) * 100);
}

const origin = navigator.userAgent.includes("Windows") ? "http://shot.localhost" : "shot://localhost";

/** The begun subscription to what the shell wants opened: nothing is asked for before it is heard. */
let heard: Promise<unknown> = Promise.resolve();

export const backend: Backend = {
  changes: (since, view) => ask<Changes>("changes", { since, view }),
  change: (change) => ask<string | null>("change", { change }),
  connect: (key, account, memory) => ask<AccountId>("account_connect", { key, account, memory }),
  paste: (target, picture) => ask<Taken>("shot_paste", { target, picture }),
  pick: (target) => ask<Taken>("shot_pick", { target }),
  capture: (draft) => ask<undefined>("screen_capture", { draft }),
  changeShortcut: (shortcut) => ask<undefined>("shortcut_change", { shortcut }),
  shortcutTrouble: () => ask<Failure | null>("shortcut_trouble"),
  noticeTrouble: () => ask<Failure | null>("notice_trouble"),
  models: () => ask<Model[]>("models"),
  spending: (range) => ask<Spending>("spending", { range }),
  outlook: (target) => ask<Outlook>("outlook", { target }),
  keyShapes: (text) => ask<KeyShape[]>("key_shapes", { text }),
  search: (words) => ask<Found>("search", { words }),
  stepCalls: (agent, run, first, count) => ask<StepCall[]>("step_calls", { agent, run, first, count }),
  stepDetail: (agent, run, call) => ask<CallDetail | null>("step_detail", { agent, run, call }),
  codeColors: (language, code) => ask<CodeRun[]>("code_colors", { language, code }),
  outsidePicture: (agent, url) => ask<OutsidePicture>("outside_picture", { agent, url }),
  exportConversation: (agent, run, format) => ask<boolean>("conversation_export", { agent, run, format }),
  saveArtifact: (agent, run, path) => ask<boolean>("artifact_save", { agent, run, path }),
  dragArtifact: (event, agent, run, path) => {
    const named = `https://file.invalid/${crypto.randomUUID()}`;
    // On Linux the drag of the page goes on, and the shell puts the file in the place of this address.
    if (navigator.userAgent.includes("Linux") && event.dataTransfer !== null) {
      event.dataTransfer.clearData();
      event.dataTransfer.setData("text/uri-list", named);
      event.dataTransfer.effectAllowed = "copy";
    } else {
      event.preventDefault();
    }
    return ask<undefined>("artifact_drag", { agent, run, path, named });
  },
  earlier: (agent, before, to) => ask<Earlier>("transcript_earlier", { agent, before, to }),
  artifactText: (agent, run, path) => ask<FileText | null>("artifact_text", { agent, run, path }),
  artifactVideo: async (agent, run, path) => {
    const bytes = await ask<ArrayBuffer>("artifact_video", { agent, run, path });
    return bytes.byteLength === 0 ? null : bytes;
  },
  playArtifact: (agent, run, path) => ask<undefined>("artifact_play", { agent, run, path }),
  openLink: (url) => ask<undefined>("link_open", { url }),
  opening: async () => {
    await heard.catch(() => undefined);
    return await ask<Wanted | null>("window_opening");
  },
  ready: () => ask<undefined>("window_ready"),
  openData: (aside) => ask<undefined>("data_open", { aside }),
  closeWindow: () => ask<undefined>("window_close"),
  quit: () => ask<undefined>("app_quit"),
  pictureUrl: (hash, width) =>
    width === undefined ? `${origin}/${hash}` : `${origin}/${hash}?w=${rounded(width).toString()}`,
  shapeText: (text, bold) => ask<TextShape>("text_shape", { text, bold }),
  emojiUrl: (name) => `${origin}/emoji/${name}`,
  onDrag: (listener) =>
    subscribe(
      getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type !== "over") listener(payload.type);
      }),
    ),
  onTaken: (listener) => subscribe(listen<Taken>("shots-taken", ({ payload }) => { listener(payload); })),
  onOpen: (listener) => {
    const begun = listen<Wanted>("open", ({ payload }) => { listener(payload); });
    heard = begun;
    return subscribe(begun);
  },
  onCloseAsked: (listener) => subscribe(listen("close-asked", () => { listener(); })),
};
