// Films in the whole page: played here where their kind can be, else by the system's player.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Scene } from "./backend/memory/made";
import { sceneOf } from "./backend/memory/scenes";
import { filmType, isFilm, playsHere } from "./features/transcript/films";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

const made: string[] = [];
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  made.length = 0;
});

/** An agent that left a film; `can` is what the window plays. */
function scene(can: CanPlayTypeResult): Scene {
  vi.spyOn(HTMLMediaElement.prototype, "canPlayType").mockReturnValue(can);
  URL.createObjectURL = (blob) => {
    const address = `blob:${(blob as Blob).type}`;
    if (address.startsWith("blob:video")) made.push(address);
    return address;
  };
  URL.revokeObjectURL = (address) => { if (address.startsWith("blob:video")) made.push(`gone ${address}`); };
  const one = sceneOf("follow-done");
  const agent = one.agents.find(({ id }) => id === "bc-sign-in");
  agent?.artifacts.push({ path: "tour.webm", bytes: 2_000_000, picture: null, here: true, coming: false, run: "bc-sign-in-run-1" });
  return one;
}

const watch = async (): Promise<void> => {
  await fireEvent.click(await screen.findByRole("button", { name: `${names.watch} tour.webm` }, patient));
};

test("a film that can be played is, from a blob that goes with the dialog", async () => {
  await shown(scene("probably"));
  await watch();
  const film = await screen.findByLabelText<HTMLVideoElement>(names.film);
  expect([film.getAttribute("src"), film.controls, film.autoplay]).toEqual(["blob:video/webm", true, false]);
  await fireEvent.click(screen.getByRole("button", { name: names.close }));
  await vi.waitFor(() => { expect(made).toEqual(["blob:video/webm", "gone blob:video/webm"]); });
});

test("one that cannot is not even fetched, and the system's player is one click away", async () => {
  const { backend } = await shown(scene(""));
  const asked: string[] = [];
  backend.artifactVideo = () => {
    asked.push("bytes");
    return Promise.resolve(null);
  };
  backend.playArtifact = (...all: unknown[]) => {
    asked.push(`play ${all.join(" ")}`);
    return Promise.reject(new Refusal({ code: "playerMissing" }));
  };
  await watch();
  expect(await screen.findByText(page.follow.film.notHere)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: names.playOutside }));
  expect(await screen.findByText(failureWords({ code: "playerMissing" }).text)).toBeTruthy();
  expect(asked).toEqual(["play bc-sign-in bc-sign-in-run-1 tour.webm"]);
});

test("while a large one comes for the system's player it says so, and is asked for once", async () => {
  const { backend } = await shown(scene(""));
  let come = (): void => undefined;
  const asked: string[] = [];
  backend.playArtifact = (...all: unknown[]) => {
    asked.push(all.join(" "));
    return new Promise<void>((resolve) => { come = () => { resolve(); }; });
  };
  await watch();
  const play = await screen.findByRole("button", { name: names.playOutside });
  await fireEvent.click(play);
  expect(await screen.findByText(page.follow.fetching)).toBeTruthy();
  await fireEvent.click(play);
  come();
  expect(await screen.findByText(page.follow.film.notHere)).toBeTruthy();
  expect(asked).toEqual(["bc-sign-in bc-sign-in-run-1 tour.webm"]);
});

test("what is no film is neither played nor opened elsewhere", async () => {
  const { backend } = await shown(scene("maybe"));
  backend.artifactVideo = () => Promise.resolve(null);
  await watch();
  expect(await screen.findByText(page.follow.film.notFilm)).toBeTruthy();
  expect(screen.queryByRole("button", { name: names.playOutside })).toBeNull();
});

test("a film that breaks while it is played can be opened elsewhere", async () => {
  await shown(scene("probably"));
  await watch();
  await fireEvent.error(await screen.findByLabelText(names.film));
  expect(await screen.findByText(page.follow.film.notHere)).toBeTruthy();
  expect(screen.getByRole("button", { name: names.playOutside })).toBeTruthy();
});

test("films are told by their names, before they are fetched", () => {
  expect(["a.MP4", "b.webm", "c.mkv", "d.txt", "mp4"].map((path) => [isFilm({ path }), filmType(path) !== null])).toEqual([
    [true, true],
    [true, true],
    [true, false],
    [false, false],
    [false, false],
  ]);
  expect([playsHere("a.mkv", () => "probably"), playsHere("a.webm", () => ""), playsHere("a.webm", () => "maybe")]).toEqual([false, false, true]);
});
