// The pictures that an agent left: one after the other, and beside the user's own. Pure.

import type { Artifact, Shot } from "../../backend/bindings";
import { page } from "../../text/page";
import type { ComparePicture } from "../../widgets/Compare.svelte";
import { likeliest } from "./pairing";

/** A file that is a picture. */
export type PictureArtifact = Artifact & { picture: Shot };

/** Tells files apart: two runs may leave one of the same name. */
export const artifactKey = ({ run, path }: Artifact): string => `${run ?? ""}:${path}`;

/** The key of the user's own picture. */
export const yours = "yours";

/** What turns the direction of letters around or is not seen, as in "photo" + U+202E + "gpj.exe". */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The last part of a path, as it is to be read: with nothing in it that shows an ending that it does not have. */
export const nameOf = (path: string): string => (path.split("/").at(-1) ?? path).replace(unseen, "\u{fffd}");

const isPicture = (artifact: Artifact): artifact is PictureArtifact => artifact.picture !== null;

/** A picture to look at, and the file it is; none for the user's own. */
export interface GalleryPicture {
  key: string;
  source: string;
  caption: string;
  artifact: PictureArtifact | null;
}

/** The user's first picture, where there is one, and all that were left. */
export function galleryPictures(artifacts: readonly Artifact[], first: Shot | null, source: (hash: string) => string): GalleryPicture[] {
  const own = first === null ? [] : [{ key: yours, source: source(first.hash), caption: page.follow.before, artifact: null }];
  const left = artifacts.filter(isPicture).map((artifact) => ({
    key: artifactKey(artifact),
    source: source(artifact.picture.hash),
    caption: page.follow.after(nameOf(artifact.path)),
    artifact,
  }));
  return [...own, ...left];
}

/** Pictures beside each other, and which two first. */
export interface Compared {
  left: ComparePicture[];
  right: ComparePicture[];
  pair: [number, number];
}

/** Lays all that were left beside all that were sent, first the two of `those` and the sent ones that are likeliest a pair. */
export function comparedPictures(
  those: readonly Artifact[],
  all: readonly Artifact[],
  sent: readonly Shot[],
  source: (hash: string) => string,
): Compared | null {
  const here = those.filter(isPicture);
  const [mine, theirs] = likeliest(sent, here.map(({ picture }) => picture));
  const first = here[theirs];
  if (first === undefined) return null;
  const right = all.filter(isPicture).map((artifact) => ({
    key: artifactKey(artifact),
    source: source(artifact.picture.hash),
    caption: page.follow.after(nameOf(artifact.path)),
    width: artifact.picture.width,
    height: artifact.picture.height,
  }));
  const left = sent.map((shot, index) => ({
    key: index.toString(),
    source: source(shot.hash),
    caption: sent.length > 1 ? page.compare.yours(index + 1) : page.follow.before,
    width: shot.width,
    height: shot.height,
  }));
  return { left, right, pair: [mine, Math.max(0, right.findIndex(({ key }) => key === artifactKey(first)))] };
}
