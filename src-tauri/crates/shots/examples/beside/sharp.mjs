// sharp beside us: answers one line of JSON a request with the milliseconds that one step took.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The package lies in the target folder, this file does not.
const sharp = createRequire(`${process.argv[2]}/`)("sharp");
sharp.cache(false);

const files = new Map();
const raws = new Map();
const raw = (name) => sharp(raws.get(name).data, { raw: raws.get(name).info });
const png = (picture) => picture.png({ compressionLevel: 1, adaptiveFiltering: true }).toBuffer();

// sharp draws nothing itself: the nearest is a drawing in SVG that is laid over the picture.
const drawing = ({ width, height }, marks) => {
  const shapes = marks.map(([kind, x, y, right, bottom, stroke, color]) => {
    const pen = `fill="none" stroke="${color}" stroke-width="${stroke}"`;
    if (kind === "line") return `<line x1="${x}" y1="${y}" x2="${right}" y2="${bottom}" stroke-linecap="round" ${pen}/>`;
    if (kind === "ellipse") {
      return `<ellipse cx="${(x + right) / 2}" cy="${(y + bottom) / 2}" rx="${(right - x) / 2}" ry="${(bottom - y) / 2}" ${pen}/>`;
    }
    const area = `x="${x}" y="${y}" width="${right - x}" height="${bottom - y}"`;
    return `<rect ${area} ${kind === "box" ? pen : `fill="${color}"`}/>`;
  });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join("")}</svg>`);
};

const steps = {
  decode: ({ name }) => sharp(files.get(name)).raw().toBuffer(),
  // A box filter first, then Catmull-Rom: libvips does so by itself.
  thumbnail: ({ name, edge }) => png(sharp(files.get(name)).resize(edge, edge, { fit: "inside", kernel: "cubic" })),
  encode: ({ name }) => png(raw(name)),
  flatten: ({ name, marks }) =>
    raw(name).composite([{ input: drawing(raws.get(name).info, marks) }]).raw().toBuffer(),
};

console.log(JSON.stringify({ version: sharp.versions.sharp }));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.step === "load") {
    const { width, height } = request;
    files.set(request.name, readFileSync(request.png));
    raws.set(request.name, { data: readFileSync(request.rgb), info: { width, height, channels: 3 } });
    console.log(JSON.stringify({ ms: 0, busy: 0, bytes: 0 }));
    continue;
  }
  const start = performance.now();
  const before = process.cpuUsage();
  const made = await steps[request.step](request);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms, busy: (user + system) / 1000, bytes: ["decode", "flatten"].includes(request.step) ? 0 : made.length }));
}
