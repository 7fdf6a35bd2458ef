// Pictures of the in-memory backend: small drawings of screens, as files that a browser can show.

import { inkOn, labelPlace, outlineOf, pathOf, pinLabel } from "../../state/marks/outline";
import type { Color, Fit, Mark, Markup, Shot } from "../bindings";
import { shapeOf } from "./shapes";

const wrap = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 800" width="1280" height="800" font-family="Helvetica,Arial,sans-serif">${body}</svg>`;

const box = (x: number, y: number, width: number, height: number, fill: string, radius = 10, more = ""): string =>
  `<rect x="${x.toString()}" y="${y.toString()}" width="${width.toString()}" height="${height.toString()}" rx="${radius.toString()}" fill="${fill}" ${more}/>`;

const text = (x: number, y: number, words: string, fill: string, size = 26, more = ""): string =>
  `<text x="${x.toString()}" y="${y.toString()}" fill="${fill}" font-size="${size.toString()}" ${more}>${words}</text>`;

const signIn = (buttonX: number, link: string): string =>
  wrap(
    box(0, 0, 1280, 800, "#eef1f7", 0) +
      box(390, 90, 500, 620, "#fff", 24) +
      text(450, 180, "Sign in", "#29304a", 40, 'font-weight="700"') +
      text(450, 245, "Email", "#5b647d", 22) +
      box(450, 262, 380, 66, "#f6f7fb", 10, 'stroke="#d3d9e6" stroke-width="2"') +
      text(472, 304, "ana@example.com", "#29304a", 24) +
      text(450, 372, "Password", "#5b647d", 22) +
      box(450, 389, 380, 66, "#f6f7fb", 10, 'stroke="#d3d9e6" stroke-width="2"') +
      text(472, 431, "••••••••••", "#29304a", 24) +
      box(buttonX, 505, 380, 72, "#3d4ed8", 12) +
      text(buttonX + 145, 551, "Sign in", "#fff", 26, 'font-weight="600"') +
      text(450, 642, "Forgot your password?", link, 24),
  );

const dashboard = (ink: string, bars: string): string =>
  wrap(
    box(0, 0, 1280, 800, "#171a24", 0) +
      box(40, 40, 220, 720, "#222736", 14) +
      ["Overview", "Orders", "Visitors", "Reports"]
        .map((words, index) => text(70, 110 + index * 56, words, index === 0 ? "#fff" : "#8d95ad", 24))
        .join("") +
      box(296, 40, 944, 150, "#222736", 14) +
      text(330, 100, "Visitors this week", "#8d95ad", 24) +
      text(330, 154, "18,204", "#fff", 44, 'font-weight="700"') +
      box(296, 222, 456, 538, "#222736", 14) +
      `<path d="M336 640l70-110 64 52 88-170 80 84 70-60" stroke="${ink}" stroke-width="9" fill="none" stroke-linejoin="round"/>` +
      box(784, 222, 456, 538, "#222736", 14) +
      [180, 300, 240, 380, 320]
        .map((height, index) => box(830 + index * 78, 700 - height, 46, height, bars, 8))
        .join(""),
  );

const profile = (size: number): string =>
  wrap(
    box(0, 0, 1280, 800, "#f7f3ec", 0) +
      `<circle cx="280" cy="280" r="${size.toString()}" fill="#e2b28a"/><circle cx="280" cy="${(280 - size / 5).toString()}" r="${(size / 2.6).toString()}" fill="#fbe6d2"/>` +
      text(480, 250, "Maria Lopes", "#5a4a3a", 52, 'font-weight="700"') +
      text(480, 310, "Ceramics, Lisbon", "#8c7a66", 32) +
      box(140, 500, 1000, 210, "#fff", 24, 'stroke="#e5dccd" stroke-width="2"') +
      text(190, 580, "248 pieces", "#5a4a3a", 34) +
      text(520, 580, "1,920 followers", "#5a4a3a", 34) +
      text(930, 580, "4.9 ★", "#b4762d", 34) +
      box(190, 620, 900, 14, "#efe7da", 7),
  );

const pricing = wrap(
  box(0, 0, 1280, 800, "#ffffff", 0) +
    text(440, 130, "Simple pricing", "#20242f", 56, 'font-weight="700"') +
    [0, 1, 2]
      .map(
        (index) =>
          box(110 + index * 360, 210, 330, 480, index === 1 ? "#ecfdf4" : "#f6f7f9", 20) +
          text(150 + index * 360, 290, ["Solo", "Team", "Studio"][index] ?? "", "#20242f", 36, 'font-weight="600"') +
          text(150 + index * 360, 370, ["$9", "$29", "$79"][index] ?? "", "#20242f", 56, 'font-weight="700"') +
          box(150 + index * 360, 590, 250, 60, index === 1 ? "#1d8a5b" : "#20242f", 12),
      )
      .join(""),
);

const drawings = {
  signIn: signIn(530, "#c4cbdb"),
  signInAfter: signIn(450, "#4257a8"),
  dashboard: dashboard("#7b8cff", "#e9a23b"),
  dashboardAfter: dashboard("#59d3a2", "#ffd479"),
  profile: profile(160),
  profileAfter: profile(120),
  pricing,
} as const;

/** The name of a drawing. */
export type Drawing = keyof typeof drawings;

const addresses = new Map<string, string>();
/** Pictures with marks drawn in, by their hash. */
const marked = new Map<string, { on: string; markup: Markup }>();
let made = 0;

const fill = ({ red, green, blue }: Color): string => `rgb(${[red, green, blue].join(" ")})`;

function drawn(mark: Mark): string {
  const path = `<path d="${pathOf(outlineOf(mark))}" fill="${fill(mark.color)}"${mark.kind === "highlighter" ? ' fill-opacity="0.4"' : ""}/>`;
  const words = (of: string, x: number, y: number, scale: number, ink: Color): string =>
    `<path d="${pathOf(shapeOf(of, true).outline)}" fill="${fill(ink)}" transform="translate(${x.toString()} ${y.toString()}) scale(${scale.toString()})"/>`;
  if (mark.kind === "text") return words(mark.text, mark.at.x, mark.at.y, mark.size, mark.color);
  if (mark.kind !== "pin") return path;
  const label = pinLabel(mark.number);
  const { x, y, scale } = labelPlace(mark, shapeOf(label, true));
  return path + words(label, x, y, scale, inkOn(mark.color));
}

/** What a browser shows of a picture, as text. */
function source(hash: string): string {
  const over = marked.get(hash);
  if (over === undefined) return drawings[(hash in drawings ? hash : "pricing") as Drawing];
  const { x, y, width, height } = over.markup.crop ?? { x: 0, y: 0, width: 1280, height: 800 };
  const body = source(over.on) + over.markup.marks.map(drawn).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[x, y, width, height].join(" ")}" width="${width.toString()}" height="${height.toString()}">${body}</svg>`;
}

/** The address of a drawing, for `<img>`. */
export function pictureAddress(hash: string): string {
  const known = addresses.get(hash);
  if (known !== undefined) return known;
  const address = URL.createObjectURL(new Blob([source(hash)], { type: "image/svg+xml" }));
  addresses.set(hash, address);
  return address;
}

/** A drawing as a picture of a draft. */
export function shot(drawing: Drawing, bytes: number, notes: Shot["notes"] = []): Shot {
  made += 1;
  return {
    id: `shot-${made.toString()}`,
    hash: drawing,
    mime: "image/png",
    width: 1280,
    height: 800,
    bytes,
    notes,
    original: null,
    markup: { crop: null, marks: [] },
    drawing: false,
  };
}

/** The longest edge that pictures may have. */
const edgeOf = (fit: Fit, longest: number): number =>
  fit === "sharp" ? longest : fit === "small" ? 1_024 : Math.max(1_568, Math.ceil(longest / 2));

/** A picture with its marks drawn in and as light as was chosen, as it is sent. */
export function flattened(shot: Shot, fit: Fit): Shot {
  const { markup } = shot;
  const { hash: on, mime, width: fullWidth, height: fullHeight, bytes: fullBytes, notes } = shot.original ?? shot;
  const original = { hash: on, mime, width: fullWidth, height: fullHeight, bytes: fullBytes, notes };
  const kept = markup.crop ?? original;
  const longest = Math.max(kept.width, kept.height);
  const scale = Math.min(1, edgeOf(fit, longest) / longest);
  if (scale === 1 && markup.crop === null && markup.marks.length === 0) return { ...shot, ...original, original: null, drawing: false };
  made += 1;
  const hash = `drawn-${made.toString()}`;
  marked.set(hash, { on, markup });
  const whole = Math.round((fullBytes * kept.width * kept.height) / (fullWidth * fullHeight)) + markup.marks.length * 900;
  const bytes = Math.round(whole * scale * scale);
  return {
    ...shot,
    hash,
    width: Math.round(kept.width * scale),
    height: Math.round(kept.height * scale),
    bytes,
    notes: scale === 1 ? notes : [...notes, { note: "fitted", fromBytes: whole, toBytes: bytes, lossy: false, scaled: true }],
    original,
    drawing: false,
  };
}

/** All drawings, in the order they are pasted. */
export const drawingNames = Object.keys(drawings) as Drawing[];
